"""Where slope and curvature promise a stationary point, and whether one is there.

Newton's step leads to where slope and curvature promise a stationary point. Near one, the next such step is shorter:
it all but vanishes where the curvature there does not, and is (m - 2)/(m - 1) times as long for a loss like x^m. On a
tail that falls off like exp(-x), or slower, slope and curvature fade alike, and the promised point moves away as fast
as one follows. Else all these steps together lead to the stationary point, and twice as far lies the place opposite:
if the curvature there has the other sign, the point is an inflection, as that of x^3, and no extremum.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.analysis.curvature import curvature
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

    Floats = NDArray[np.float64]

# From this share of the first step on, the second has not become shorter: that of x^10 is 0.89.
_AS_LONG = 0.9
# A step that is so small a share of the parameters says where the stationary point is to all digits of the loss.
_THERE = math.sqrt(sys.float_info.epsilon)


class Promise(NamedTuple):
    """A stationary point as Newton's steps see it.

    Attributes
    ----------
    length : float
        How far away the first step leads.
    share : float
        How many times as long the next one is.
    behind : ndarray, shape (n,)
        The place that lies opposite, as far behind the stationary point.
    """

    length: float
    share: float
    behind: Floats

    @property
    def recedes(self) -> bool:
        """Whether the point moves away as fast as one follows, so that there is none."""
        return self.share >= _AS_LONG


def promised(objective: Objective, theta: Floats, bound: float) -> Promise | None:
    """Return the stationary point that is promised at `theta`; None where `theta` is it, or nothing can be said.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    theta : ndarray, shape (n,)
        Where slope and curvature are small.
    bound : float
        Eigenvalues up to this size promise nothing.
    """
    first, size = _newton_step(objective, theta, bound, 0.0)
    length = float(np.linalg.norm(first))
    if not _THERE * (1.0 + float(np.linalg.norm(theta))) < length < math.inf:
        return None
    second, _ = _newton_step(objective, theta + first, 0.0, bound / size)
    share = float(np.linalg.norm(second)) / length
    if not share < math.inf:
        return None
    return Promise(length, share, theta + 2.0 * first / (1.0 - share) if share < _AS_LONG else theta)


def _newton_step(objective: Objective, theta: Floats, bound: float, least_share: float) -> tuple[Floats, float]:
    """Return the step along directions with enough curvature, and the largest curvature; not a number where it fails.

    Enough is more than `bound`, and more than `least_share` of the largest.
    """
    try:
        found = curvature(objective, theta, machine=False)
    except StudioError:
        return np.full(len(theta), math.nan), math.nan
    if found.eigenvalues is None or found.eigenvectors is None:
        return np.full(len(theta), math.nan), math.nan
    largest = float(np.max(np.abs(found.eigenvalues)))
    curved = np.abs(found.eigenvalues) > max(bound, least_share * largest)
    slopes = found.eigenvectors.T @ objective.loss_and_gradient(theta)[1]
    steps = np.where(curved, -slopes / np.where(curved, found.eigenvalues, 1.0), 0.0)
    return found.eigenvectors @ steps, largest
