"""What a drag of the start or of a slider asks of the engine at each movement of the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.stopping import Stopping
from tests.bench.measure import Figure, at_most, given, interleaved

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_RUNS = ("gd", "momentum", "nesterov", "rmsprop", "adam")
_RATES = {"gd": 1e-3, "momentum": 1e-4, "nesterov": 1e-4, "rmsprop": 1e-3, "adam": 1e-2}
_STOPPING = Stopping(iterations=10_000, tolerance=0.0)
_SHORT = Stopping(iterations=1, tolerance=0.0)


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    goal = objective("(1-x)^2 + 100*(y-x^2)^2")

    def recompute(stopping: Stopping) -> None:
        for optimizer in _RUNS:
            descent = Descent(goal, optimizer, (-1.2, 1.0), {"learning_rate": _RATES[optimizer]}, stopping)
            assert descent.advance(stopping.iterations) == stopping.iterations

    whole, fixed = interleaved(51, lambda: recompute(_STOPPING), lambda: recompute(_SHORT))
    return [
        at_most("five runs of 10,000 iterations recomputed (engine only)", whole * 1e3, 16, "ms"),
        given("five runs of one iteration: what does not depend on the number", fixed * 1e3, "ms"),
    ]
