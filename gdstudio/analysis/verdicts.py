"""What a run reached, and why that is thought: one verdict in words, with the numbers of the test that fired.

The outcome of a run says why it stopped; the verdict says where. A verdict is a reading of the trajectory and of
the curvature at its end, in a fixed order: the first test that fires wins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from gdstudio.analysis.curvature import curvature, largest_stable_rate, stability_limit
from gdstudio.analysis.motion import first_of_growth, goes_round, grows, runs_away, zigzag
from gdstudio.analysis.promised import Promise, promised
from gdstudio.analysis.reasons import REASONS
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective
    from gdstudio.engine.problems import Minimum
    from gdstudio.engine.trajectory import Trajectory

    Floats = NDArray[np.float64]

# The gradient vanishes where its norm is at most this, or this share of the first one, or the run's own tolerance.
_FLAT, _FLAT_SHARE = 1e-6, 1e-8
# Curvature vanishes below this, or below this share of the largest at the start. On the slope of a plateau it is a
# few times the gradient and no more, so that it vanishes with it; at a stationary point it is much larger.
_STRAIGHT, _WITH_SLOPE = 1e-6, 10.0
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


@dataclass(frozen=True)
class Run:
    """What a verdict is about.

    Parameters
    ----------
    objective : Objective
        What was minimised.
    trajectory : Trajectory
        All of its iterates so far, at least one.
    optimizer : str
        Key of the table.
    hyperparameters : mapping of str to float
        As they were in the last step.
    outcome : str or None
        Why it stopped, a key of `stopping.OUTCOMES`.
    minima : sequence of Minimum
        The known ones, for the numbers that the problem was run with.
    domain : sequence of (float, float)
        Where the problem is looked at; without it lengths are measured by the minimum's own size.
    tolerance : float
        The gradient norm that the run was to reach.
    """

    objective: Objective
    trajectory: Trajectory
    optimizer: str
    hyperparameters: Mapping[str, float]
    outcome: str | None = None
    minima: Sequence[Minimum] = ()
    domain: Sequence[tuple[float, float]] | None = None
    tolerance: float = 0.0


_Found: TypeAlias = "tuple[str, dict[str, object]] | None"


@dataclass(frozen=True)
class _End:
    """How the loss lies at the last iterate, along all parameters but those `held` at zero by edges of a penalty."""

    norm: float
    flat: bool
    eigenvalues: Floats | None
    bound: float
    held: int = 0
    promise: Promise | None = None
    behind: Floats | None = None

    @property
    def recedes(self) -> bool:
        """Whether the stationary point that slope and curvature promise is not there."""
        return self.promise is not None and self.promise.recedes

    @property
    def turns(self) -> bool:
        """Whether the curvature has another sign behind the stationary point: there the loss is no extremum."""
        curves = self.curves
        if self.behind is None or curves not in ((False, True), (True, False)):
            return False
        return bool(self.behind[0] < -self.bound if curves[1] else self.behind[-1] > self.bound)

    @property
    def curves(self) -> tuple[bool, bool] | None:
        """Whether it curves down, and up, in some direction; None where the gradient or the Hessian says nothing."""
        if not self.flat or self.eigenvalues is None or not len(self.eigenvalues):
            return None
        if self.recedes:
            return False, False
        return bool(self.eigenvalues[0] < -self.bound), bool(self.eigenvalues[-1] > self.bound)

    @property
    def numbers(self) -> dict[str, object]:
        assert self.eigenvalues is not None
        return {
            "norm": self.norm, "bound": self.bound, "smallest": float(self.eigenvalues[0]),
            "largest": float(self.eigenvalues[-1]),
        }


def _end(run: Run) -> _End:
    norms, theta = run.trajectory.gradient_norm, run.trajectory.theta
    flat = bool(norms[-1] <= max(_FLAT, run.tolerance, _FLAT_SHARE * norms[0]))
    at_start = _eigenvalues(run.objective, theta[0])
    bound = _STRAIGHT * max(1.0, 0.0 if at_start is None else float(np.max(np.abs(at_start))))
    bound = max(bound, _WITH_SLOPE * min(float(norms[-1]), _FLAT)) if flat else bound
    # A loss that is not finite may have a derivative that looks as if it were.
    sound = math.isfinite(float(run.trajectory.loss[-1]))
    held = _held(run.objective, theta[-1]) if flat else np.zeros(len(theta[-1]), dtype=np.bool_)
    values = _eigenvalues(run.objective, theta[-1], ~held) if sound else None
    end = _End(float(norms[-1]), flat, values, bound, int(np.sum(held)))
    # Newton's steps, which know no edges, would leave them.
    if end.held or end.curves in (None, (False, False)):
        return end
    promise = promised(run.objective, theta[-1], bound)
    behind = None if promise is None or promise.recedes else _eigenvalues(run.objective, promise.behind)
    return replace(end, promise=promise, behind=behind)


def _held(objective: Objective, theta: Floats) -> NDArray[np.bool_]:
    """Return which parameters a penalty on sizes holds at zero: no slope there is as steep as the penalty."""
    if objective.program.lasso is None:
        return np.zeros(len(theta), dtype=np.bool_)
    least = objective.least_gradient(theta, objective.loss_and_gradient(theta)[1])
    return np.asarray((theta == 0.0) & (least == 0.0) & (objective.lasso > 0.0), dtype=np.bool_)


def _eigenvalues(objective: Objective, theta: Floats, free: NDArray[np.bool_] | None = None) -> Floats | None:
    """Return the eigenvalues at a point: interpreted, for at a handful of points machine code would not pay.

    Where `free` says so, those over some of the parameters only. None where the Hessian is not finite, or its graph
    grows beyond all bounds: there is a verdict all the same.
    """
    try:
        found = curvature(objective, theta, machine=False)
    except StudioError:
        return None
    if found.eigenvalues is None or free is None or np.all(free):
        return found.eigenvalues
    return np.asarray(np.linalg.eigvalsh(found.hessian[np.ix_(free, free)]), dtype=np.float64)


def verdict(run: Run) -> Verdict:
    """Return the first verdict whose test fires, in the order of `VERDICTS`."""
    run = replace(run, trajectory=run.trajectory.with_last_known())
    # Lengths on a path of very large numbers may be infinite: then no test of motion fires.
    with np.errstate(all="ignore"):
        end = _end(run)
        whole = _eigenvalues(run.objective, run.trajectory.theta[-1]) if end.held else end.eigenvalues
        values = None if whole is None else tuple(whole.tolist())
        for key, test in _TESTS.items():
            found = test(run, end)
            if found is not None:
                return Verdict(key, *found, values)
        return Verdict("descending", *_on_the_way(run), values)


def firing(run: Run) -> list[str]:
    """Return all the verdicts whose tests fire, first the one that wins; none of them is "descending"."""
    with np.errstate(all="ignore"):
        end = _end(run)
        return [key for key, test in _TESTS.items() if test(run, end) is not None]


def _diverging(run: Run, end: _End) -> _Found:
    losses, theta = run.trajectory.loss, run.trajectory.theta
    if run.outcome != "diverged" and not grows(losses):
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
        stable = largest_stable_rate(run.optimizer, run.hyperparameters, steepest)
        if stable is not None and stable <= run.hyperparameters["learning_rate"]:
            rate = run.hyperparameters["learning_rate"]
            return "rises_unstable", numbers | {"eigenvalue": steepest, "stable_rate": stable, "rate": rate}
    if not np.any(losses[row:] > losses[row]):
        return "undefined", {"iteration": first + len(losses) - 1, "loss": loss, "norm": end.norm}
    return "rises", numbers


def _largest(run: Run, theta: Floats) -> float:
    values = _eigenvalues(run.objective, theta) if np.all(np.isfinite(theta)) else None
    return 0.0 if values is None else float(values[-1])


def _oscillating(run: Run, end: _End) -> _Found:
    theta = run.trajectory.theta
    found = zigzag(theta)
    if found is None or end.flat:
        return None
    numbers: dict[str, object] = {"steps": found.steps, "cosine": found.cosine, "width": found.width}
    limit = stability_limit(run.optimizer, run.hyperparameters)
    largest = max(_largest(run, place) for place in (theta[-1], theta[-2], (theta[-1] + theta[-2]) / 2.0))
    if limit is None or largest < _REACHED * limit / run.hyperparameters["learning_rate"]:
        return "alternates", numbers
    threshold = limit / run.hyperparameters["learning_rate"]
    return "alternates_at_limit", numbers | {"eigenvalue": largest, "limit": limit, "threshold": threshold}


def _minimum(run: Run, end: _End) -> _Found:
    known = _known_minimum(run, _NEAR if end.flat else _AT)
    if known is not None:
        return "known_minimum", known | {"norm": end.norm}
    if end.held and end.curves == (False, True):
        return "held", end.numbers | {"held": end.held, "count": len(run.trajectory.theta[-1])}
    if end.held == len(run.trajectory.theta[-1]):
        return "all_held", {"norm": end.norm}
    return _of_curvature("curved_up", end) if end.curves == (False, True) and not end.turns else None


def _saddle(_: Run, end: _End) -> _Found:
    if end.turns:
        assert end.behind is not None
        test, numbers = _of_curvature("turns", end)
        behind = {"smallest_behind": float(end.behind[0]), "largest_behind": float(end.behind[-1])}
        return test, numbers | behind
    return ("both_ways", end.numbers) if end.curves == (True, True) else None


def _maximum(_: Run, end: _End) -> _Found:
    return _of_curvature("curved_down", end) if end.curves == (True, False) and not end.turns else None


def _plateau(_: Run, end: _End) -> _Found:
    if end.recedes:
        assert end.promise is not None
        return "recedes", end.numbers | {"length": end.promise.length, "share": end.promise.share}
    return _of_curvature("straight", end) if end.curves == (False, False) else None


def _of_curvature(test: str, end: _End) -> tuple[str, dict[str, object]]:
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


def _cycling(run: Run, _: _End) -> _Found:
    found = goes_round(run.trajectory.theta, run.trajectory.loss)
    if found is None:
        return None
    return "wanders" if run.trajectory.is_batched else "returns", {
        "steps": found.steps, "path": found.path, "extent": found.extent, "lowest": found.lowest,
        "highest": found.highest,
    }


def _on_the_way(run: Run) -> tuple[str, dict[str, object]]:
    losses, norms = run.trajectory.loss, run.trajectory.gradient_norm
    if len(losses) == 1:
        return "no_step_made", {"loss": float(losses[-1]), "norm": float(norms[-1])}
    half = (len(losses) - 1) // 2
    return "on_the_way", {
        "loss": float(losses[-1]), "norm": float(norms[-1]), "loss_before": float(losses[half]),
        "norm_before": float(norms[half]),
    }


_TESTS: dict[str, Callable[[Run, _End], _Found]] = {
    "diverging": _diverging, "oscillating": _oscillating, "minimum": _minimum, "saddle": _saddle,
    "maximum": _maximum, "plateau": _plateau, "cycling": _cycling,
}
#: In the order in which they win over one another.
VERDICTS = (*_TESTS, "descending")
