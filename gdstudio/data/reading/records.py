"""Rows of cells from lines: clean numbers by NumPy's reader in C, all else exactly as the csv module cuts it."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.reading.quotes import Quotes
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

_QUOTED_OR_SPACE = re.compile(r'("(?:[^"]|"")*")|\s+')


def cells_of(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of lines that are no part of a longer text; blank lines have none."""
    return csv.reader((_prepared(line, delimiter) for line in lines), delimiter=delimiter, skipinitialspace=True)


def clean_numbers(lines: list[str], delimiter: str, decimal: str) -> NDArray[np.float64] | None:
    """Return lines of finite numbers alone, correctly rounded.

    Parameters
    ----------
    lines : list of str
        Blank ones are left out.
    delimiter, decimal : str
        As in `TableFormat`; a space stands for any white space.

    Returns
    -------
    ndarray, shape (rows, columns), or None
        None where something else is in them, or they differ in width; `Records` reads those.
    """
    if decimal == ",":
        whole = "\n".join(lines)
        if delimiter == "," or "." in whole:
            return None
        lines = whole.replace(",", ".").split("\n")
    if not any(line and not line.isspace() for line in lines):
        return None
    try:
        numbers = np.loadtxt(lines, delimiter=None if delimiter == " " else delimiter, comments=None, ndmin=2)
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


class Records:
    """The rows of a text file.

    Parameters
    ----------
    pieces : iterator of (int, list of str)
        Lines as `Source.pieces` yields them.
    file : str
        What messages call the file.
    delimiter : str
        What stands between cells; a space stands for any white space.
    """

    def __init__(self, pieces: Iterator[tuple[int, list[str]]], file: str, delimiter: str) -> None:
        self._lines = _Lines(pieces, delimiter)
        self._file = file
        self._delimiter = delimiter
        self._quotes = Quotes(delimiter)

    def more(self) -> bool:
        """Return whether there are lines left, with some of them at hand."""
        return bool(self._lines.at_hand()) or self._lines.refill()

    def at_hand(self) -> tuple[int, list[str]]:
        """Return the lines left of the present piece, and the number of the first of them."""
        return self._lines.number, self._lines.at_hand()

    def skip(self) -> None:
        """Go on behind the lines at hand."""
        self._lines.place = len(self._lines.lines)

    def exactly(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that begin in the lines at hand: the number of a row's first line, and its cells.

        Cells come without quotes and without spaces around them. Blank lines are left out.

        Raises
        ------
        StudioError
            For a quote that is never closed, and for text behind one that is.
        """
        lines = self._lines
        reader = csv.reader(lines, delimiter=self._delimiter, skipinitialspace=True)
        while True:
            lines.inside = False
            number = lines.number
            try:
                record = next(reader, None)
            except csv.Error as error:
                template = QT_TRANSLATE_NOOP(
                    "Errors",
                    "{file}: the row that begins in line {line} has a field of more than {most} characters; close the "
                    "quote that it opens, or remove it.",
                ) if lines.is_quoted else QT_TRANSLATE_NOOP(
                    "Errors", "{file}: line {line} has a field of more than {most} characters; a table has short ones."
                )
                raise StudioError(template, file=self._file, line=number, most=csv.field_size_limit()) from error
            if record is None:
                return
            if lines.ended:
                template = QT_TRANSLATE_NOOP(
                    "Errors",
                    "{file}: the row that begins in line {line} opens a quote that is never closed; close it, or "
                    "remove it.",
                )
                raise StudioError(template, file=self._file, line=number)
            if lines.is_quoted:
                self._check_quotes(number)
            if record and not lines.is_blank:
                yield number, [cell.strip() for cell in record]

    def _check_quotes(self, number: int) -> None:
        """Refuse text between a closing quote and the delimiter, which the csv module takes for a part of the cell."""
        found = self._quotes.misplaced("\n".join(self._lines.row))
        if found is not None:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "{file}: line {line} has {text} behind the closing quote of field {field}; quote the whole field, "
                    "or leave the quotes out.",
                ),
                file=self._file, line=number + found.line, text=shown(found.text), field=found.field,
            )


class _Lines:
    """Hands lines to the csv module: those of a piece, and of the next ones while a quote is open."""

    def __init__(self, pieces: Iterator[tuple[int, list[str]]], delimiter: str) -> None:
        self._pieces = pieces
        self._delimiter = delimiter
        self._first = 1
        self.lines: list[str] = []
        self.place = 0
        # Whether the next line continues a row, the last one was blank, and a row was cut off by the end of the file.
        self.inside = False
        self.is_blank = False
        self.ended = False
        # The lines of a row with quotes.
        self.is_quoted = False
        self.row: list[str] = []

    @property
    def number(self) -> int:
        """Number of the next line, from 1."""
        return self._first + self.place

    def at_hand(self) -> list[str]:
        """Return the lines left of the present piece."""
        return self.lines[self.place :] if self.place else self.lines

    def refill(self) -> bool:
        """Go on to the next piece; return whether there is one."""
        self._first, self.lines = next(self._pieces, (self.number, []))
        self.place = 0
        return bool(self.lines)

    def __iter__(self) -> _Lines:
        """Return itself."""
        return self

    def __next__(self) -> str:
        """Return the next line with its end, which quoted text keeps."""
        if self.place == len(self.lines) and not (self.inside and self.refill()):
            self.ended = self.inside
            raise StopIteration
        line = self.lines[self.place]
        self.place += 1
        if self.inside:
            self.row.append(line)
            return line + "\n"
        self.inside = True
        self.is_blank = not line or line.isspace()
        line = _prepared(line, self._delimiter)
        self.is_quoted = '"' in line
        if self.is_quoted:
            self.row = [line]
        return line + "\n"


def _prepared(line: str, delimiter: str) -> str:
    """Return a line in which one space stands for all white space between cells, where spaces delimit them."""
    if delimiter != " ":
        return line
    if '"' not in line:
        return " ".join(line.split())
    if line.count('"') % 2:  # what is quoted goes on in the next line
        return line.lstrip()
    return _QUOTED_OR_SPACE.sub(lambda found: found[1] or " ", line).strip()
