"""How steep a loss is where a descent begins, and where it is lowest: what suits a loss that nobody has tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.descent import Descent
from gdstudio.engine.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

    Floats = NDArray[np.float64]

_ROUNDS = 24
# Of the length of a step of differences to that of the point, or to 1.
_REACH = 1e-4
_ITERATIONS = 100
# The method keeps a matrix of so many rows and columns.
_MOST_PARAMETERS = 64


def largest_curvature(objective: Objective, theta: Sequence[float] | Floats) -> float | None:
    """Return the largest size of an eigenvalue of the Hessian at a point, within some percent.

    Power iteration with differences of gradients: no second derivatives, so that it is cheap for many parameters. The
    edges of a penalty on sizes are left out.

    Parameters
    ----------
    objective : Objective
        Of n parameters.
    theta : sequence of float, shape (n,)
        The point.

    Returns
    -------
    float or None
        None where the gradient is not finite around the point.
    """
    point = np.array(theta, dtype=np.float64)
    reach = _REACH * max(1.0, float(np.max(np.abs(point))))
    # Any direction that no symmetry of a model singles out.
    direction = 1.0 + np.cos(np.arange(1.0, len(point) + 1.0))
    size = 0.0
    with np.errstate(all="ignore"):
        for _ in range(_ROUNDS):
            direction = direction / np.linalg.norm(direction)
            ahead, behind = (_smooth_slopes(objective, point + sign * reach * direction) for sign in (1.0, -1.0))
            turned = (ahead - behind) / (2.0 * reach)
            size = float(np.linalg.norm(turned))
            if not np.isfinite(size):
                return None
            if size == 0.0:
                return 0.0
            direction = turned
    return size


def _smooth_slopes(objective: Objective, theta: Floats) -> Floats:
    return objective.smooth_gradient(theta, objective.loss_and_gradient(theta)[1])


def lowest_nearby(objective: Objective, start: Sequence[float], left: float) -> Floats:
    """Return where a quick search from `start` has done nearly all of its descent; shape (n,).

    What a view is laid around: a place to look at, no result. `left` is the share of the whole descent that may be
    left: where a loss falls for ever, ever more slowly, little would lead far out. The start itself where there are too
    many parameters.
    """
    begin = np.array(start, dtype=np.float64)
    if objective.dimension > _MOST_PARAMETERS:
        return begin
    descent = Descent(objective, "bfgs", begin, stopping=Stopping(iterations=_ITERATIONS, tolerance=1e-8),
                      machine=False)
    descent.advance(_ITERATIONS)
    theta, loss = descent.trajectory.theta, descent.trajectory.loss
    if not np.isfinite(loss[0]):
        return begin
    enough = np.nanmin(loss) + left * (loss[0] - np.nanmin(loss))
    place: Floats = theta[int(np.argmax(loss <= enough))]
    return place.copy() if np.all(np.isfinite(place)) else begin
