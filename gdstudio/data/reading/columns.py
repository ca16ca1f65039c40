"""Gathers rows as they are read into columns of numbers, and keeps the few cells that are none as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.reading.cells import meaning, numbers_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.data.reading.cells import Flaw


@dataclass(frozen=True, slots=True, eq=False)
class OddCells:
    """The cells of a column that are no finite numbers.

    Parameters
    ----------
    rows : ndarray of int64, shape (cells,)
        In ascending order, from 0.
    codes : ndarray of int32, shape (cells,)
        Each cell's place in `texts`.
    texts : tuple of str
        What stands there, no two alike.
    flaws : tuple of str
        What each text is instead of a number.
    """

    rows: NDArray[np.int64]
    codes: NDArray[np.int32]
    texts: tuple[str, ...]
    flaws: tuple[Flaw, ...]

    def are(self, flaw: Flaw) -> NDArray[np.bool_]:
        """Return which of the cells have this flaw, shape (cells,)."""
        return np.array([each == flaw for each in self.flaws], dtype=bool)[self.codes]

    def are_empty(self, rows: int) -> bool:
        """Return whether they are all cells of a column with so many rows, and nothing stands in any."""
        return self.texts == ("",) and len(self.rows) == rows


NONE_ODD = OddCells(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32), (), ())
# Cells that are kept as Python's numbers before they are put into arrays.
_PACKED_AT_ONCE = 4096


class Columns:
    """Columns that grow.

    Parameters
    ----------
    width : int
        Number of columns.
    decimal : str
        The decimal mark.
    """

    def __init__(self, width: int, decimal: str) -> None:
        self.rows = 0
        self._width = width
        self._decimal = decimal
        self._lines: list[NDArray[np.int64]] = []
        self._numbers: list[NDArray[np.float64]] = []
        self._odd = [_Odd() for _ in range(width)]

    def add_numbers(self, lines: NDArray[np.int64], numbers: NDArray[np.float64]) -> None:
        """Add rows of finite numbers, shape (rows, width), and the lines that they stand in."""
        self._lines.append(lines)
        self._numbers.append(numbers)
        self.rows += len(numbers)

    def add_cells(self, lines: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        """Add rows of `width` cells without spaces around them, and the lines that they begin in."""
        numbers = np.empty((len(rows), self._width))
        if len(rows) < self._width:
            # a call for each of very many columns would take longer than what it does
            for row, cells in enumerate(rows):
                found = numbers_in(cells, self._decimal)
                if found is None:
                    numbers[row] = [self._mixed(place, (cell,), row)[0] for place, cell in enumerate(cells)]
                else:
                    numbers[row] = found
        else:
            for place, cells in enumerate(zip(*rows, strict=True)):
                found = numbers_in(cells, self._decimal)
                numbers[:, place] = self._mixed(place, cells, 0) if found is None else found
        self.add_numbers(np.array(lines, dtype=np.int64), numbers)

    def _mixed(self, place: int, cells: Sequence[str], first: int) -> list[float]:
        """Return the numbers of a part of a column, NaN where there is none, which is kept apart."""
        odd = self._odd[place]
        numbers = []
        for row, cell in enumerate(cells, start=self.rows + first):
            code = odd.codes_by_text.get(cell)
            if code is None:
                value = meaning(cell, self._decimal)
                if isinstance(value, float):
                    numbers.append(value)
                    continue
                code = odd.codes_by_text[cell] = len(odd.flaws)
                odd.flaws.append(value)
            odd.add(row, code)
            numbers.append(np.nan)
        return numbers

    def numbers(self) -> NDArray[np.float64]:
        """Return all numbers, shape (width, rows), C-contiguous; what was gathered is forgotten."""
        numbers = np.empty((self._width, self.rows))
        begin = 0
        self._numbers.reverse()
        while self._numbers:
            block = self._numbers.pop()
            numbers[:, begin : begin + len(block)] = block.T
            begin += len(block)
        return numbers

    def lines(self) -> NDArray[np.int64]:
        """Return the line, from 1, that each row begins in, shape (rows,)."""
        return np.concatenate([np.empty(0, dtype=np.int64), *self._lines])

    def odd(self) -> tuple[OddCells, ...]:
        """Return the cells of each column that are no finite numbers."""
        return tuple(each.finished() for each in self._odd)


class _Odd:
    """The odd cells of one column so far, in arrays but for the newest: a column may be text from end to end."""

    def __init__(self) -> None:
        self.codes_by_text: dict[str, int] = {}
        self.flaws: list[Flaw] = []
        self._rows: list[int] = []
        self._codes: list[int] = []
        self._packed: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []

    def add(self, row: int, code: int) -> None:
        """Add a cell."""
        self._rows.append(row)
        self._codes.append(code)
        if len(self._rows) == _PACKED_AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        """Put the newest cells into arrays."""
        self._packed.append((np.array(self._rows, dtype=np.int64), np.array(self._codes, dtype=np.int32)))
        self._rows.clear()
        self._codes.clear()

    def finished(self) -> OddCells:
        """Return all cells."""
        if not self.flaws:
            return NONE_ODD
        self._pack()
        rows, codes = zip(*self._packed, strict=True)
        return OddCells(np.concatenate(rows), np.concatenate(codes), tuple(self.codes_by_text), tuple(self.flaws))
