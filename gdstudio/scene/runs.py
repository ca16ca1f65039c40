"""A descent as the views see it: where it went, what the loss was there, how it looks.

Views never get millions of rows: a long run comes thinned to every `stride`-th iterate and the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rows:
    """Which iterations the rows of a run stand for.

    Parameters
    ----------
    count : int
        Number of rows.
    stride : int
        Iterations from one row to the next, the last excepted.
    last : int
        Iteration of the last row.
    numbers : ndarray, (count,), or None
        Iteration of each row, increasing, where they are not evenly spaced.
    """

    count: int
    stride: int
    last: int
    numbers: NDArray[np.float64] | None = field(default=None, compare=False)

    def at(self, cursor: int) -> int:
        """Return the row that a cursor stands on: a run that ended earlier stays at its last iterate."""
        if self.numbers is not None:
            return max(int(np.searchsorted(self.numbers, cursor, side="right")) - 1, 0)
        return self.count - 1 if cursor >= self.last else max(cursor, 0) // self.stride

    def iteration(self, row: int) -> float:
        """Return the iteration of one row."""
        if self.numbers is not None:
            return float(self.numbers[row])
        return float(self.last if row == self.count - 1 else row * self.stride)

    @property
    def iterations(self) -> NDArray[np.float64]:
        """The iteration of each row, (count,)."""
        if self.numbers is not None:
            return self.numbers
        numbers = np.arange(self.count, dtype=np.float64) * self.stride
        if self.count:
            numbers[-1] = self.last
        return numbers


@dataclass(frozen=True, eq=False)
class RunPath:
    """One run in the variables shown; compared by identity, so that drawings know what has not changed.

    Parameters
    ----------
    label : str
        Name that people read.
    slot : int
        Which colour and marker, from 0.
    points : ndarray, (n, 2), or (n, 1) for a problem of one variable
        The iterates, row 0 the start.
    losses : ndarray, (n,)
        The loss at each, or the last one known.
    visible : bool
        Whether the run is drawn; its legend row stays.
    slopes : ndarray, (n,), or None
        The derivative at each iterate, for a problem of one variable.
    stride : int
        Iterations from one row to the next.
    last : int or None
        Iteration of the last row, where the stride does not tell.
    bracket : ndarray, (n, 2), or None
        Low and high end of the bracket at each iterate, for a search that has one; NaN where it has none yet.
    sign : str
        What stands before its loss where that is written.
    ahead : ndarray, as `points`, or None
        Where the step after each iterate takes its gradient, for a method that looks ahead.
    told : ndarray of int, (n,), or None
        The iteration whose loss each row has, where the run does not know that of every iterate.
    evaluate : callable or None
        Takes an iteration, gives its loss: where the run does not know it and it is worked out at once.
    """

    label: str
    slot: int
    points: NDArray[np.float64]
    losses: NDArray[np.float64]
    visible: bool = True
    slopes: NDArray[np.float64] | None = None
    stride: int = 1
    last: int | None = None
    bracket: NDArray[np.float64] | None = None
    ahead: NDArray[np.float64] | None = None
    sign: str = "f = "
    told: NDArray[np.int64] | None = None
    evaluate: Callable[[int], float] | None = None

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.losses)

    @property
    def rows(self) -> Rows:
        """Which iterations the rows stand for."""
        return _rows(len(self.losses), self.stride, self.last)

    def at(self, cursor: int) -> int:
        """Return the row that a cursor stands on: a run that ended earlier stays at its last iterate."""
        return self.rows.at(cursor)

    def loss(self, cursor: int) -> float:
        """Return the loss where the cursor stands, or the last one known where that takes too long."""
        row = self.at(cursor)
        iteration = int(self.rows.iteration(row))
        if self.evaluate is not None and self.told is not None and self.told[row] != iteration:
            return self.evaluate(iteration)
        return float(self.losses[row])

    def known_since(self, cursor: int) -> int | None:
        """Return the earlier iteration whose loss `loss` gives; None where it is that of the cursor."""
        row = self.at(cursor)
        exact = self.told is None or self.evaluate is not None or self.told[row] == int(self.rows.iteration(row))
        return None if self.told is None or exact else int(self.told[row])


@dataclass(frozen=True, eq=False)
class Series:
    """A quantity over the iterations of one run.

    Parameters
    ----------
    label : str
        Name that people read.
    slot : int
        Which colour and marker, from 0.
    values : ndarray, (n,)
        Row 0 belongs to the start; NaN where the value is not known: the curve goes on to the next that is.
    visible : bool
        Whether it is drawn.
    stride, last
        As for `RunPath`.
    style : {"strong", "faint", "dashed"}
        How it is drawn: what a run is about, what only accompanies it, what was held out.
    iterations : ndarray, (n,), or None
        Iteration of each row, increasing, where they are not evenly spaced.
    epoch : float or None
        Iterations of one epoch, where there are epochs.
    """

    label: str
    slot: int
    values: NDArray[np.float64]
    visible: bool = True
    stride: int = 1
    last: int | None = None
    style: Literal["strong", "faint", "dashed"] = "strong"
    iterations: NDArray[np.float64] | None = None
    epoch: float | None = None

    @property
    def rows(self) -> Rows:
        """Which iterations the rows stand for."""
        if self.iterations is not None:
            return Rows(len(self.values), 1, int(self.iterations[-1]) if len(self.values) else 0, self.iterations)
        return _rows(len(self.values), self.stride, self.last)

    def at(self, cursor: int) -> int:
        """Return the row that a cursor stands on: a run that ended earlier stays at its last value."""
        return self.rows.at(cursor)


def _rows(count: int, stride: int, last: int | None) -> Rows:
    return Rows(count, stride, (count - 1) * stride if last is None else last)


def loss_series(run: RunPath) -> Series:
    """Return a run's loss as a series."""
    return Series(run.label, run.slot, run.losses, run.visible, run.stride, run.last)
