"""The Euclidean norm, right wherever it can be represented: squares alone overflow from 1e154 and vanish below 1e-162.

The interpreter's norm and the numbers that machine code scales by stand together, since both must give the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Sums of squares from here to infinity are exact enough as they are: what a square lost by underflow does not count.
LEAST_SUM = 2.0**-900
# Powers of two round nothing. They bring the squares of all that lies outside into the middle of the range.
SHRINK, GROW = 2.0**-600, 2.0**600


def norm(vector: Any) -> Any:
    """Return the Euclidean norm over the last axis, kept as length 1 where there are others.

    Squares are added from first to last, as the machine code adds them.

    Parameters
    ----------
    vector : array_like
        Numbers of shape (..., n), n at least 1, or a single number.

    Returns
    -------
    float64 or ndarray of shape (..., 1)
        Infinite only where a component is, or where no float64 is large enough.
    """
    components = np.asarray(vector, dtype=np.float64)
    with np.errstate(all="ignore"):
        total = _sum_of_squares(components)
        if np.all((total >= LEAST_SUM) & (total < np.inf)):
            return np.sqrt(total)
        factor = np.where(total >= LEAST_SUM, np.where(total < np.inf, 1.0, SHRINK), GROW)
        return (np.sqrt(_sum_of_squares(components * factor)) / factor)[()]


def _sum_of_squares(components: Any) -> Any:
    squares = components * components
    if squares.ndim == 0:
        return squares[()]
    total = np.add.accumulate(squares, axis=-1)[..., -1:]
    return total if squares.ndim > 1 else total[0]
