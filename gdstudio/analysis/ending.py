"""How a loss lies where a run ended: its slope, its curvature, and what they promise or leave open."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.analysis.curvature import MOST_EIGENVALUES, curvature
from gdstudio.analysis.kinks import Kink, kink_at
from gdstudio.analysis.promised import Promise, promised
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
# A verdict looks at more eigenvalues than anybody would read, but not at so many that working them out is waited for.
_MOST_LOOKED_AT = 64


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
        Key of the table; none that it has where the run steps otherwise than theory knows of the optimizer.
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
    decay : float
        The weight decay that theory adds to every eigenvalue.
    known : ndarray of bool, (rows,), or None
        At which iterates the trajectory's loss is that of the iterate and not of an earlier one; None where at all.
    """

    objective: Objective
    trajectory: Trajectory
    optimizer: str
    hyperparameters: Mapping[str, float]
    outcome: str | None = None
    minima: Sequence[Minimum] = ()
    domain: Sequence[tuple[float, float]] | None = None
    tolerance: float = 0.0
    decay: float = 0.0
    known: NDArray[np.bool_] | None = None

    def filled(self) -> Run:
        """Return the run with the last known loss and slope in the place of those that are not."""
        loss = self.trajectory.loss
        trajectory = self.trajectory.with_last_known()
        if trajectory is self.trajectory:
            return self
        known = ~np.isnan(loss)
        # what the last one is was worked out, even where it is no number
        known[-1:] = True
        return replace(self, trajectory=trajectory, known=known)


@dataclass(frozen=True)
class End:
    """How the loss lies at the last iterate, along all parameters but those `held` at zero by edges of a penalty."""

    norm: float
    flat: bool
    eigenvalues: Floats | None
    bound: float
    held: int = 0
    promise: Promise | None = None
    behind: Floats | None = None
    kink: Kink | None = None

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
        """What sentences on the curvature name."""
        assert self.eigenvalues is not None
        return {
            "norm": self.norm, "bound": self.bound, "smallest": float(self.eigenvalues[0]),
            "largest": float(self.eigenvalues[-1]),
        }


def end_of(run: Run) -> End:
    """Return how the loss lies where the run ended."""
    norms, theta = run.trajectory.gradient_norm, run.trajectory.theta
    flat = bool(norms[-1] <= max(_FLAT, run.tolerance, _FLAT_SHARE * norms[0]))
    at_start = eigenvalues_at(run.objective, theta[0])
    bound = _STRAIGHT * max(1.0, 0.0 if at_start is None else float(np.max(np.abs(at_start))))
    bound = max(bound, _WITH_SLOPE * min(float(norms[-1]), _FLAT)) if flat else bound
    # A loss that is not finite may have a derivative that looks as if it were.
    sound = math.isfinite(float(run.trajectory.loss[-1]))
    held = _held(run.objective, theta[-1]) if flat else np.zeros(len(theta[-1]), dtype=np.bool_)
    values = eigenvalues_at(run.objective, theta[-1], ~held) if sound else None
    end = End(float(norms[-1]), flat, values, bound, int(np.sum(held)))
    if sound and not end.held and end.curves in (None, (False, False)) and math.isfinite(end.norm):
        return replace(end, kink=kink_at(run.objective, theta[-1], float(run.trajectory.loss[-1])))
    # Newton's steps, which know no edges, would leave them.
    if end.held or end.curves in (None, (False, False)):
        return end
    promise = promised(run.objective, theta[-1], bound)
    behind = None if promise is None or promise.recedes else eigenvalues_at(run.objective, promise.behind)
    return replace(end, promise=promise, behind=behind)


def _held(objective: Objective, theta: Floats) -> NDArray[np.bool_]:
    """Return which parameters a penalty on sizes holds at zero: no slope there is as steep as the penalty."""
    if objective.program.lasso is None:
        return np.zeros(len(theta), dtype=np.bool_)
    least = objective.least_gradient(theta, objective.loss_and_gradient(theta)[1])
    return np.asarray((theta == 0.0) & (least == 0.0) & (objective.lasso > 0.0), dtype=np.bool_)


def eigenvalues_at(objective: Objective, theta: Floats, free: NDArray[np.bool_] | None = None) -> Floats | None:
    """Return the eigenvalues at a point: interpreted, for at a handful of points machine code would not pay.

    Where `free` says so, those over some of the parameters only. None where the Hessian is not finite, or its graph
    grows beyond all bounds: there is a verdict all the same. Nor are there any of more than `_MOST_LOOKED_AT`.
    """
    if len(theta) > _MOST_LOOKED_AT:
        return None
    try:
        found = curvature(objective, theta, machine=False)
    except StudioError:
        return None
    if len(theta) <= MOST_EIGENVALUES and (found.eigenvalues is None or free is None or np.all(free)):
        return found.eigenvalues
    part = found.hessian if free is None else found.hessian[np.ix_(free, free)]
    if not np.all(np.isfinite(part)):
        return None
    values = np.linalg.eigvalsh(part)
    return np.asarray(values, dtype=np.float64) if np.all(np.isfinite(values)) else None
