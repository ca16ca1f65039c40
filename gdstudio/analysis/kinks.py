"""Whether a loss of one or two variables rises on all sides of a point that is a kink.

There slope and curvature say nothing: the loss is straight on both sides, and how steep depends on the side. So the
loss itself is looked at, on two rings of points. The rise of a smooth minimum fades with the square of the distance,
that of a kink with the distance.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

    Floats = NDArray[np.float64]

#: The loss is looked at around points of so many variables at most.
MOST_VARIABLES = 2
# How far away, as shares of the point's size or of 1. The nearer is more than a run's end may lie beside a kink.
_FAR, _NEAR = 1e-4, 1e-6
# So many directions, a multiple of four; then, around the one that rises least, so many more, again and again.
_DIRECTIONS = 64
_BETWEEN, _NARROWED = 33, 6
# A rise that is so small a share of the largest is none: a trough is level along its bottom.
_LEAST_RISE = 1e-7
# On a straight side the loss is as steep near the point as far from it, but for what the point lies beside the kink.
_AS_STEEP = 0.5
_LEAST_SLOPE = 1e-6
_LOSSES_AT_ONCE = 1 << 20


class Kink(NamedTuple):
    """A point from which the loss rises on all sides.

    Attributes
    ----------
    slope : float
        How steeply it rises, in the direction across the kink in which it is steepest, to the side that is less steep.
    reach : float
        Up to which distance it was looked at.
    """

    slope: float
    reach: float


def kink_at(objective: Objective, theta: Floats, loss: float) -> Kink | None:
    """Return the kink at `theta`, shape (n,), with the loss `loss`, if it is one and a minimum; n up to two."""
    if len(theta) > MOST_VARIABLES:
        return None
    size = max(1.0, float(np.max(np.abs(theta))))
    unsaid = 8.0 * sys.float_info.epsilon * abs(loss)

    def rises(directions: Floats, share: float) -> Floats:
        return _losses(objective, theta + share * size * directions) - loss

    with np.errstate(all="ignore"):
        ring = _ring(len(theta))
        # on its way down a run ends here
        if not np.all(rises(ring[::_DIRECTIONS // 4], _FAR) > unsaid):
            return None
        far, near = rises(ring, _FAR), rises(ring, _NEAR)
        if not (np.all(near >= -unsaid) and _lowest(far, ring, rises) > unsaid + _LEAST_RISE * np.max(far)):
            return None
        steep = near / (_NEAR * size)
        straight = (steep >= _AS_STEEP * far / (_FAR * size)) & (steep > _LEAST_SLOPE) & (near > unsaid)
    both = straight & np.roll(straight, len(ring) // 2)
    if not np.any(both):
        return None
    weaker = np.minimum(steep, np.roll(steep, len(ring) // 2))
    return Kink(float(np.max(weaker[both])), _FAR * size)


def _losses(objective: Objective, points: Floats) -> Floats:
    """Return the losses at some points, so many at once that those of all samples have room."""
    samples = 1 if objective.data is None else objective.data.shape[1]
    parts = np.array_split(points, min(len(points), 1 + len(points) * samples // _LOSSES_AT_ONCE))
    return np.concatenate([objective.losses(part) for part in parts])


def _ring(dimension: int) -> Floats:
    """Return unit vectors of which each has its opposite half the ring farther on, those along the axes exact."""
    if dimension == 1:
        return np.array([[1.0], [-1.0]])
    ring = _at(np.arange(_DIRECTIONS) * 2.0 * np.pi / _DIRECTIONS)
    return np.where(np.abs(ring) < sys.float_info.epsilon, 0.0, ring)


def _lowest(far: Floats, ring: Floats, rises: Callable[[Floats, float], Floats]) -> float:
    """Return the least rise far away, looked for between the directions too: a way down, or a level one, is narrow."""
    least = float(np.min(far))
    if ring.shape[1] == 1:
        return least
    width = 2.0 * np.pi / _DIRECTIONS
    centre = int(np.argmin(far)) * width
    for _ in range(_NARROWED):
        angles = centre + np.linspace(-width, width, _BETWEEN)
        found = rises(_at(angles), _FAR)
        if not np.all(np.isfinite(found)):
            return -math.inf
        centre, width = float(angles[np.argmin(found)]), 2.0 * width / (_BETWEEN - 1)
        least = min(least, float(np.min(found)))
    return least


def _at(angles: Floats) -> Floats:
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)
