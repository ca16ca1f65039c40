"""What a run reached, and why that is thought: one verdict in words, with the numbers of the test that fired.

The outcome of a run says why it stopped; the verdict says where. A verdict is a reading of the trajectory and of
the curvature at its end, in a fixed order: the first test that fires wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from gdstudio.analysis.curvature import MOST_EIGENVALUES, largest_stable_rate, stability_limit
from gdstudio.analysis.ending import End, Run, eigenvalues_at, end_of
from gdstudio.analysis.motion import first_of_growth, goes_round, grows, runs_away, zigzag
from gdstudio.analysis.reasons import REASONS
from gdstudio.analysis.standstill import unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# A known minimum is reached within this share of the domain where the gradient vanishes, and within the second one
# whatever the gradient does: a minimum may be a kink.
_NEAR, _AT = 1e-2, 1e-5
# An eigenvalue has reached its limit from this share of it on, for rounding: a zigzag that decays is below.
_REACHED = 1.0 - 1e-3


@dataclass(frozen=True)
class Verdict:
    """What a run reached.

    Attributes
    ----------
    key : str
        One of `VERDICTS`.
    test : str
        The test that fired, a key of `REASONS`.
    details : mapping of str to object
        The numbers that its sentence names.
    eigenvalues : tuple of float or None
        Of the Hessian at the last iterate, ascending; None where it is not finite or has too many.
    """

    key: str
    test: str
    details: Mapping[str, object]
    eigenvalues: tuple[float, ...] | None

    @property
    def reason(self) -> str:
        """Why, in one English sentence with its numbers."""
        return REASONS[self.test].format(**self.details)


_Found: TypeAlias = "tuple[str, dict[str, object]] | None"


def verdict(run: Run) -> Verdict:
    """Return the first verdict whose test fires, in the order of `VERDICTS`."""
    run = run.filled()
    # Lengths on a path of very large numbers may be infinite: then no test of motion fires.
    with np.errstate(all="ignore"):
        end = end_of(run)
        whole = eigenvalues_at(run.objective, run.trajectory.theta[-1]) if end.held else end.eigenvalues
        values = None if whole is None or len(whole) > MOST_EIGENVALUES else tuple(whole.tolist())
        for key, test in _TESTS.items():
            found = test(run, end)
            if found is not None:
                return Verdict(key, *found, values)
        return Verdict("descending", *unfinished(run, end), values)


def firing(run: Run) -> list[str]:
    """Return all the verdicts whose tests fire, first the one that wins; none of them is "descending"."""
    run = run.filled()
    with np.errstate(all="ignore"):
        end = end_of(run)
        return [key for key, test in _TESTS.items() if test(run, end) is not None]


def _diverging(run: Run, end: End) -> _Found:
    losses, theta = run.trajectory.loss, run.trajectory.theta
    if run.outcome != "diverged" and not grows(losses if run.known is None else losses[run.known]):
        return None
    loss, largest = float(losses[-1]), float(np.max(np.abs(theta[-1])))
    first = run.trajectory.first_iteration
    rates = run.trajectory.learning_rate
    if "learning_rate" in run.hyperparameters and not np.all(np.isfinite(rates[1:])):
        row = 1 + int(np.argmin(np.isfinite(rates[1:])))
        return "rate_undefined", {"iteration": first + row, "rate": float(rates[row])}
    if runs_away(losses):
        row = first_of_growth(np.max(np.abs(theta), axis=1))
        return "runs_away", {"iteration": first + row, "loss": loss, "largest": largest}
    row = int(np.nanargmin(losses)) if np.any(np.isfinite(losses)) else 0
    numbers: dict[str, object] = {"iteration": first + row, "from_loss": float(losses[row]), "loss": loss}
    # The next two iterates may be the first to see the wall that threw the run out.
    for place in theta[row:row + 3]:
        steepest = _largest(run, place)
        stable = largest_stable_rate(run.optimizer, run.hyperparameters, steepest + run.decay)
        if stable is not None and stable <= run.hyperparameters["learning_rate"]:
            rate = run.hyperparameters["learning_rate"]
            numbers |= {"eigenvalue": steepest, "stable_rate": stable, "rate": rate}
            return _decayed("rises_unstable", run, numbers)
    if not np.any(losses[row:] > losses[row]):
        return "undefined", {"iteration": first + len(losses) - 1, "loss": loss, "norm": end.norm}
    return "rises", numbers


def _largest(run: Run, theta: Floats) -> float:
    values = eigenvalues_at(run.objective, theta) if np.all(np.isfinite(theta)) else None
    return 0.0 if values is None else float(values[-1])


def _oscillating(run: Run, end: End) -> _Found:
    theta = run.trajectory.theta
    found = zigzag(theta)
    if found is None or end.flat:
        return None
    numbers: dict[str, object] = {"steps": found.steps, "cosine": found.cosine, "width": found.width}
    limit = stability_limit(run.optimizer, run.hyperparameters)
    largest = max(_largest(run, place) for place in (theta[-1], theta[-2], (theta[-1] + theta[-2]) / 2.0))
    if limit is None or largest + run.decay < _REACHED * limit / run.hyperparameters["learning_rate"]:
        return "alternates", numbers
    threshold = limit / run.hyperparameters["learning_rate"]
    return _decayed(
        "alternates_at_limit", run, numbers | {"eigenvalue": largest, "limit": limit, "threshold": threshold}
    )


def _decayed(test: str, run: Run, numbers: dict[str, object]) -> tuple[str, dict[str, object]]:
    """Return a test of the stable rate with its numbers; with weight decay it has words of its own."""
    return (f"{test}_decayed", numbers | {"decay": run.decay}) if run.decay > 0.0 else (test, numbers)


def _minimum(run: Run, end: End) -> _Found:
    known = _known_minimum(run, _NEAR if end.flat else _AT)
    if known is not None:
        return "known_minimum", known | {"norm": end.norm}
    if end.held and end.curves == (False, True):
        return "held", end.numbers | {"held": end.held, "count": len(run.trajectory.theta[-1])}
    if end.held == len(run.trajectory.theta[-1]):
        return "all_held", {"norm": end.norm}
    if end.kink is not None:
        return "kink", {"norm": end.norm, "slope": end.kink.slope, "reach": end.kink.reach}
    if end.flat and end.eigenvalues is None and run.objective.program.is_convex:
        return "convex", {"norm": end.norm}
    return _of_curvature("curved_up", end) if end.curves == (False, True) and not end.turns else None


def _saddle(_: Run, end: End) -> _Found:
    if end.turns:
        assert end.behind is not None
        test, numbers = _of_curvature("turns", end)
        behind = {"smallest_behind": float(end.behind[0]), "largest_behind": float(end.behind[-1])}
        return test, numbers | behind
    return ("both_ways", end.numbers) if end.curves == (True, True) else None


def _maximum(_: Run, end: End) -> _Found:
    return _of_curvature("curved_down", end) if end.curves == (True, False) and not end.turns else None


def _plateau(_: Run, end: End) -> _Found:
    if end.recedes:
        assert end.promise is not None
        return "recedes", end.numbers | {"length": end.promise.length, "share": end.promise.share}
    return _of_curvature("straight", end) if end.curves == (False, False) and end.kink is None else None


def _of_curvature(test: str, end: End) -> tuple[str, dict[str, object]]:
    """Return a test of the curvature at the end with its numbers; that of one variable has words of its own."""
    assert end.eigenvalues is not None
    return (f"{test}_one" if len(end.eigenvalues) == 1 else test), end.numbers


def _known_minimum(run: Run, share: float) -> dict[str, object] | None:
    """Return the numbers of the nearest known minimum, if it is within `share` of the size of things."""
    nearest = None
    for index, minimum in enumerate(run.minima):
        place = np.array(minimum.theta)
        widths = 1.0 + np.abs(place) if run.domain is None else np.array([high - low for low, high in run.domain])
        away = run.trajectory.theta[-1] - place
        relative = float(np.max(np.abs(away) / widths))
        if relative <= share and (nearest is None or relative < nearest[0]):
            nearest = relative, index, float(np.linalg.norm(away))
    if nearest is None:
        return None
    _, index, distance = nearest
    chosen = run.minima[index]
    return {
        "number": index + 1, "known": len(run.minima), "distance": distance, "minimum_loss": chosen.loss,
        "place": "(" + ", ".join(f"{value:.6g}" for value in chosen.theta) + ")",
    }


def _cycling(run: Run, _: End) -> _Found:
    found = goes_round(run.trajectory.theta, run.trajectory.loss, run.known)
    if found is None:
        return None
    return "wanders" if run.trajectory.is_batched else "returns", {
        "steps": found.steps, "path": found.path, "extent": found.extent, "lowest": found.lowest,
        "highest": found.highest,
    }


_TESTS: dict[str, Callable[[Run, End], _Found]] = {
    "diverging": _diverging, "oscillating": _oscillating, "minimum": _minimum, "saddle": _saddle,
    "maximum": _maximum, "plateau": _plateau, "cycling": _cycling,
}
#: In the order in which they win over one another.
VERDICTS = (*_TESTS, "descending")
