"""A table as a file has it: what could be read as numbers, and every cell that could not, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.names import unknown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.data.reading.cells import Flaw
    from gdstudio.data.reading.columns import OddCells
    from gdstudio.data.table_format import TableFormat

_FIRST_PROBLEMS = 5


class Note:
    """A sentence on what was done to data, kept as a template, as in `StudioError`.

    Parameters
    ----------
    template : str
        English sentence with ``{name}`` fields, marked for translation in the context ``Data``.
    **details : object
        What the fields stand for.
    """

    def __init__(self, template: str, **details: object) -> None:
        self.template = template
        self.details = details

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.template.format(**self.details)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that is no finite number.

    Parameters
    ----------
    row : int
        From 0.
    line : int
        Of the file, from 1.
    column : str
        Its title.
    text : str
        What stands there.
    why : {"missing", "text", "not_finite"}
        What it is instead.
    """

    row: int
    line: int
    column: str
    text: str
    why: Flaw


@dataclass(frozen=True, slots=True)
class CellProblems:
    """The first few cells of a column that are no finite numbers, and how many there are of each kind."""

    first: tuple[CellProblem, ...]
    missing: int
    text: int
    not_finite: int

    @property
    def count(self) -> int:
        """Number of all such cells."""
        return self.missing + self.text + self.not_finite


_NO_PROBLEMS = CellProblems((), 0, 0, 0)


@dataclass(frozen=True, eq=False)
class RawTable:
    """What was read from a file.

    Parameters
    ----------
    file : str
        What messages call the file.
    format : TableFormat
        As it was read; nothing is left open.
    titles : tuple of str
        What the file calls the columns.
    names : tuple of str
        What formulas call them.
    values : ndarray, shape (columns, rows)
        NaN where there is no finite number.
    lines : ndarray of int64, shape (rows,)
        The line, from 1, that each row begins in.
    odd : tuple of OddCells
        For each column the cells that are no finite numbers.
    head : tuple of tuple of str
        The cells of the first rows as they stand.
    digest : str
        SHA-256, in hexadecimal, of the bytes that were read: of the file, where all of it was.
    notes : tuple of Note
        What was done to rows of another length than the first.
    """

    file: str
    format: TableFormat
    titles: tuple[str, ...]
    names: tuple[str, ...]
    values: NDArray[np.float64]
    lines: NDArray[np.int64]
    odd: tuple[OddCells, ...]
    head: tuple[tuple[str, ...], ...]
    digest: str
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        """Make the numbers read-only: they are handed out as they are."""
        self.values.flags.writeable = False

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """For each column ``"number"``, or ``"text"`` where fewer than half of its filled cells are numbers."""
        return tuple(map(self.kind, self.names))

    def kind(self, name: str) -> str:
        """Return the kind of one column."""
        problems = self.problems(name)
        return "text" if 2 * problems.text > self.rows - problems.missing else "number"

    def named(self, name: str) -> str:
        """Return the name in formulas of the column that is called `name` there or in the file.

        Raises
        ------
        StudioError
            Where there is none.
        """
        if name in self._places:
            return name
        if name.strip() in self.titles:
            return self.names[self.titles.index(name.strip())]
        template = QT_TRANSLATE_NOOP("Errors", "{file} has no column {name}; try {known}.")
        raise unknown(template, name, self.names, file=self.file)

    def place(self, name: str) -> int:
        """Return the place of a column, from 0."""
        return self._places[name]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column, shape (rows,), read-only; NaN where there is no finite number."""
        column: NDArray[np.float64] = self.values[self.place(name)]
        return column

    def codes(self, name: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Return the labels in a column, and for each row the place of its own, shape (rows,).

        Numbers come first, in their order, then text, in the order of its letters. NaN where the cell is missing.
        """
        place = self.place(name)
        values, odd = self.values[place], self.odd[place]
        is_number = np.isfinite(values)
        numbers, of_numbers = np.unique(values[is_number], return_inverse=True)
        texts = sorted(text for text, flaw in zip(odd.texts, odd.flaws, strict=True) if flaw != "missing")
        codes = np.full(len(values), np.nan)
        codes[is_number] = of_numbers
        at = {text: float(len(numbers) + index) for index, text in enumerate(texts)}
        codes[odd.rows] = np.array([at.get(text, np.nan) for text in odd.texts])[odd.codes]
        return (*(_label(number) for number in numbers.tolist()), *texts), codes

    def labels(self, name: str) -> list[str]:
        """Return the cells of a column as labels, empty where missing."""
        labels, codes = self.codes(name)
        return [labels[int(code)] if code == code else "" for code in codes.tolist()]

    def problems(self, name: str) -> CellProblems:
        """Return what in a column is no finite number."""
        place = self.place(name)
        odd = self.odd[place]
        if not odd.flaws:
            return _NO_PROBLEMS
        first = tuple(
            CellProblem(row, int(self.lines[row]), self.titles[place], odd.texts[code], odd.flaws[code])
            for row, code in zip(odd.rows[:_FIRST_PROBLEMS].tolist(), odd.codes[:_FIRST_PROBLEMS].tolist(), strict=True)
        )
        missing, text, not_finite = (int(odd.are(flaw).sum()) for flaw in ("missing", "text", "not_finite"))
        return CellProblems(first, missing, text, not_finite)

    def preview(self, rows: int) -> list[list[str]]:
        """Return the cells of up to `rows` first rows as they stand in the file."""
        return [list(cells) for cells in self.head[:rows]]


def _label(number: float) -> str:
    """Return the shortest text of a number, whole ones without a decimal point."""
    return repr(number + 0.0).removesuffix(".0")
