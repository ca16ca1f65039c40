"""The data themselves: points, what each run has made of them by an iteration, residuals, the samples of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.scene.decision import Field

    Floats = NDArray[np.float64]
    Rows = NDArray[np.intp]

Extent = tuple[float, float, float, float]

MOST_RESIDUALS = 500
"""With more points than this no residuals are drawn: they would hide the points."""
_MARGIN = 0.06


@dataclass(frozen=True, eq=False)
class Fit:
    """What one run has made of the data.

    Parameters
    ----------
    label : str
        Name of the run that people read.
    slot : int
        Its colour and marker.
    line : ndarray, (n, 2), or None
        The fitted curve; what is not finite breaks it.
    field : Field or None
        What a classifier says of every place.
    """

    label: str
    slot: int
    line: Floats | None = None
    field: Field | None = None


@dataclass(frozen=True, eq=False)
class Moment:
    """What there is to see at one iteration.

    Parameters
    ----------
    fits : tuple of Fit
        The visible runs, the first drawn on top; of the first that has one the field is shown.
    predicted : ndarray, (points,), or None
        What one run predicts for each point: residuals are drawn to it.
    batch : ndarray or None
        Numbers of the rows of the batch that makes the next step; None where it is all of them.
    slot : int
        Colour of the run whose batch it is.
    """

    fits: tuple[Fit, ...] = ()
    predicted: Floats | None = None
    batch: Rows | None = None
    slot: int = 0


def _nothing(cursor: int, extent: Extent) -> Moment:
    del cursor, extent
    return Moment()


@dataclass(frozen=True, eq=False)
class DataSpace:
    """Points, and what the runs have made of them.

    Parameters
    ----------
    names : tuple of str
        What is shown along each axis: a feature and the target, or two features.
    xs, ys : ndarray, (points,)
        Where the points are; drawings know by identity what has not changed.
    held_out : ndarray of bool, (points,), or None
        Which are not trained on: drawn hollow.
    codes : ndarray of int, (points,), or None
        Class of each point from 0, for a classifier.
    classes : tuple of str
        What the classes are called.
    rows : ndarray of int, (points,), or None
        Number of each point's row, increasing; 0, 1, ... where None.
    moment : callable
        Takes an iteration and the extent shown (x from, x to, y from, y to), gives what there is to see; called
        whenever either changes.
    cursor : int
        The iteration shown.
    others : int
        How many features stand at their means in what is drawn of the runs: it is a slice.
    """

    names: tuple[str, str] = ("x", "y")
    xs: Floats = field(default_factory=lambda: np.empty(0))
    ys: Floats = field(default_factory=lambda: np.empty(0))
    held_out: NDArray[np.bool_] | None = None
    codes: Rows | None = None
    classes: tuple[str, ...] = ()
    rows: Rows | None = None
    moment: Callable[[int, Extent], Moment] = _nothing
    cursor: int = 0
    others: int = 0

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.xs)

    def number(self, index: int) -> int:
        """Return the number of a point's row."""
        return index if self.rows is None else int(self.rows[index])

    def indices(self, rows: Rows) -> Rows:
        """Return which points the rows of these numbers are; rows without a point are left out."""
        numbers = np.arange(len(self)) if self.rows is None else self.rows
        places = np.searchsorted(numbers, rows)
        there = places < len(numbers)
        return np.asarray(places[there][numbers[places[there]] == np.asarray(rows)[there]])

    def same_points(self, other: DataSpace) -> bool:
        """Whether the points of another content are these."""
        return (
            self.xs is other.xs and self.ys is other.ys and self.codes is other.codes
            and self.held_out is other.held_out and (self.names, self.classes) == (other.names, other.classes)
        )

    @cached_property
    def extent(self) -> Extent:
        """The rectangle that shows all points, with a margin."""
        return (*spread(self.xs), *spread(self.ys))


def spread(values: Floats, margin: float = _MARGIN) -> tuple[float, float]:
    """Return a range that holds values (n,) with a margin; -1 to 1 where there are none."""
    found = values[np.isfinite(values)]
    if not found.size:
        return -1.0, 1.0
    low, high = float(found.min()), float(found.max())
    room = margin * (high - low) if high > low else max(0.5 * abs(high), 0.5)
    return low - room, high + room
