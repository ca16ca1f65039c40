"""The experiment that greets a newcomer: four optimizers of four characters in one curved valley."""

from __future__ import annotations

from gdstudio.engine.stopping import Stopping
from gdstudio.experiment.build import start_of
from gdstudio.experiment.document import Experiment, Problem, Run

# Rates with which all four are still under way, well apart from one another, when the limit is reached: momentum
# overshoots and zigzags, Adam turns smoothly into the valley, RMSProp hugs its floor, plain descent crawls.
_RATES = (("adam", 0.02), ("momentum", 0.0005), ("rmsprop", 0.006), ("gd", 0.0009))
# At the default speed of 60 iterations a second this plays for some 13 seconds.
_ITERATIONS = 800


def greeting() -> Experiment:
    """Return the experiment that is on screen at the first start."""
    problem = Problem(key="rosenbrock")
    return Experiment(
        problem=problem,
        start=start_of(problem),
        runs=tuple(
            Run(optimizer=optimizer, hyperparameters={"learning_rate": rate}, slot=slot)
            for slot, (optimizer, rate) in enumerate(_RATES)
        ),
        stopping=Stopping(iterations=_ITERATIONS),
    )
