"""What a finished run reached, from what the document and the run know of it; imported only where it is asked for."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.analysis import ending, verdicts
from gdstudio.analysis.curvature import curvature
from gdstudio.engine.additions import ADDITIONS
from gdstudio.experiment.build import objective_of, recipe_of, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.analysis.verdicts import Verdict
    from gdstudio.engine.objective import Objective
    from gdstudio.engine.problems import Minimum
    from gdstudio.experiment.document import Problem, Run
    from gdstudio.experiment.run import Result

# At a minimum that other numbers of the problem have not moved, the gradient is at most this.
_UNMOVED = 1e-6


def verdict_of(result: Result) -> Verdict:
    """Return what a run reached and why that is thought."""
    experiment = result.experiment
    row = row_of(experiment.problem)
    goal = objective_of(experiment.problem)
    return verdicts.verdict(
        ending.Run(
            objective=goal,
            trajectory=result.trajectory,
            optimizer=_optimizer_of_theory(experiment.runs[result.index], result.hyperparameters),
            hyperparameters=_in_the_last_step(result),
            outcome=result.outcome,
            minima=() if row is None else _minima(experiment.problem, row.minima, goal),
            domain=None if row is None else row.domain,
            tolerance=experiment.stopping.tolerance,
            decay=_decay(experiment.runs[result.index], result.hyperparameters),
        )
    )


def _optimizer_of_theory(run: Run, numbers: Mapping[str, float]) -> str:
    """Return the key by which theory knows how a run steps; no key where it steps otherwise than its optimizer."""
    known = all(_keeps_theory(addition.key, run.optimizer, numbers) for addition in recipe_of(run).additions)
    return run.optimizer if run.equations is None and known else ""


def _keeps_theory(addition: str, optimizer: str, numbers: Mapping[str, float]) -> bool:
    """Whether an optimizer with that around it steps as theory has it, but for the rate and what decay adds.

    Gradient descent takes the same step whether decay is in the gradient or apart from it; and a proximal step after it
    is nowhere longer than what it is made of (P. L. Combettes and V. R. Wajs: Signal recovery by proximal
    forward-backward splitting, Multiscale Modeling & Simulation 4 (2005) 1168-1200, theorem 3.4).
    """
    if addition == "weight_decay":
        return optimizer == "gd" or numbers.get("decoupled") == 0.0
    if addition == "proximal":
        return optimizer == "gd"
    return ADDITIONS[addition].kind in ("schedule", "warmup")


def _decay(run: Run, numbers: Mapping[str, float]) -> float:
    """Return the weight decay around a run."""
    around = any(addition.key == "weight_decay" for addition in recipe_of(run).additions)
    return numbers["weight_decay"] if around else 0.0


def _in_the_last_step(result: Result) -> dict[str, float]:
    """Return the hyperparameters with the learning rate that a schedule made."""
    rate = float(result.trajectory.learning_rate[-1])
    numbers = dict(result.hyperparameters)
    if "learning_rate" in numbers and math.isfinite(rate):
        numbers["learning_rate"] = rate
    return numbers


def _minima(problem: Problem, known: tuple[Minimum, ...], goal: Objective) -> tuple[Minimum, ...]:
    """Return the known minima that are there for the problem's own numbers too, with their losses."""
    if not problem.parameters:
        return known
    kept = []
    for minimum in known:
        place = np.array(minimum.theta)
        loss, gradient = goal.loss_and_gradient(place)
        values = curvature(goal, place, machine=False).eigenvalues
        if np.max(np.abs(gradient)) <= _UNMOVED and (values is None or values[0] >= -_UNMOVED):
            kept.append(replace(minimum, loss=loss))
    return tuple(kept)
