"""Reads a file of columns from its beginning to its end, or the first rows of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

import numpy as np

from gdstudio.data.identifiers import identifier_names
from gdstudio.data.reading.columns import Columns
from gdstudio.data.reading.detecting import HEAD_BYTES, detect
from gdstudio.data.reading.encodings import INSTEAD
from gdstudio.data.reading.preamble import without_preamble
from gdstudio.data.reading.raw_table import Note, RawTable
from gdstudio.data.reading.records import Records, clean_numbers
from gdstudio.data.reading.source import Source, UndecodableError, opened
from gdstudio.data.table_format import TableFormat
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, shown_file
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from gdstudio.data.reading.columns import OddCells

Mend = Literal["refuse", "drop", "fill"]

MAXIMUM_COLUMNS = 16_384
_HEAD_ROWS = 100
_UNKNOWN = TableFormat()


def read_file(
    path: str | os.PathLike[str],
    given: TableFormat = _UNKNOWN,
    progress: Callable[[float], bool] | None = None,
    *,
    mend: Mend = "refuse",
) -> RawTable:
    """Return the table in a text file.

    Lines before it that begin with ``#``, and a first line ``sep=;``, are no part of it, nor is a column at its end in
    which nothing stands, not even a title.

    Parameters
    ----------
    path : str or path
        Of a file.
    given : TableFormat
        What is known of how it is written; the rest is found by looking.
    progress : callable, optional
        Given the share that is read, 0 to 1, every few milliseconds; returns False to cancel.
    mend : {"refuse", "drop", "fill"}
        What happens to a row that is shorter or longer than the first: the file is refused, the row left out, or
        missing cells put at its end (a longer row is left out then too, unless what it has more is empty).

    Raises
    ------
    StudioError
        For what is no file, cannot be read, has no rows or names two columns alike; for NUL bytes, quotes that are
        not closed, text behind closed ones and, unless mended, rows of another length. With the line,
        from 1, where there is one.
    Cancelled
        When `progress` returned False.
    """
    return _read(path, given, progress, mend, None)


def preview(
    path: str | os.PathLike[str], given: TableFormat = _UNKNOWN, rows: int = 50, *, mend: Mend = "refuse"
) -> RawTable:
    """Return the first rows of a file, in a time that does not depend on its size; else as `read_file`."""
    return _read(path, given, None, mend, rows)


def _read(
    path: str | os.PathLike[str],
    given: TableFormat,
    progress: Callable[[float], bool] | None,
    mend: Mend,
    most: int | None,
) -> RawTable:
    with opened(path) as file:
        found = detect(file.read(HEAD_BYTES), given)
        while True:
            file.seek(0)
            try:
                return _Reader(file, shown_file(path), found, mend, progress).read(most)
            except UndecodableError as error:
                encoding = INSTEAD.get(str(found.encoding))
                # What has been UTF-8 beyond ASCII is nothing else, only damaged.
                sure = found.encoding == "utf-8" and not error.only_ascii
                if given.encoding is not None or encoding is None or sure:
                    raise
                found = replace(found, encoding=encoding)


class _Reader:
    """One pass over a file."""

    def __init__(
        self, file: BinaryIO, name: str, found: TableFormat, mend: Mend, progress: Callable[[float], bool] | None
    ) -> None:
        self._name = name
        self._format = found
        self._delimiter, self._decimal = str(found.delimiter), str(found.decimal)
        self._mend = mend
        self._source = Source(file, name, str(found.encoding), progress)
        self._records = Records(without_preamble(self._source.pieces()), name, self._delimiter)
        self._left_out = self._filled = 0

    def read(self, most: int | None) -> RawTable:
        """Return the table, or its first `most` rows."""
        self._first_line, first = self._first_record()
        if len(first) > MAXIMUM_COLUMNS:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{file} has {count} columns; at most {most} are possible."),
                file=self._name, count=len(first), most=MAXIMUM_COLUMNS,
            )
        self._width = len(first)
        columns = Columns(self._width, self._decimal)
        head = [] if self._format.header else [first]
        if head:
            columns.add_cells([self._first_line], head)
        limit = _HEAD_ROWS if most is None else most
        while columns.rows < limit and self._records.more():
            head += self._exactly(columns, limit - columns.rows)
        while most is None and self._records.more():
            self._quickly(columns) or self._exactly(columns, None)
        if not columns.rows:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{file} has a header in line {line}, but no rows below it; it needs two."),
                file=self._name, line=self._first_line,
            )
        titles = first if self._format.header else [""] * self._width
        odd = columns.odd()
        width = _width_in_use(titles, odd, columns.rows)
        titles = titles[:width]
        names = identifier_names(titles)
        titles = [title or name for title, name in zip(titles, names, strict=True)]
        return RawTable(
            file=self._name, format=self._format, titles=tuple(titles), names=names, lines=columns.lines(),
            values=columns.numbers()[:width], odd=odd[:width], head=tuple(tuple(cells[:width]) for cells in head),
            digest=self._source.digest, notes=self._notes(),
        )  # fmt: skip

    def _first_record(self) -> tuple[int, list[str]]:
        """Return the first row and its line; as a header it must name its columns apart."""
        while self._records.more():
            for line, cells in self._records.exactly():
                if self._format.header:
                    self._check_titles(line, cells)
                return line, cells
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} is empty; it needs rows of numbers, below a line with their names."),
            file=self._name,
        )

    def _check_titles(self, line: int, titles: list[str]) -> None:
        seen: dict[str, int] = {}
        for place, title in enumerate(titles, start=1):
            if title and seen.setdefault(title, place) != place:
                raise StudioError(
                    QT_TRANSLATE_NOOP(
                        "Errors",
                        "{file}: line {line} calls two columns {column}, number {first} and {second}; name them apart.",
                    ),
                    file=self._name, line=line, column=shown(title), first=seen[title], second=place,
                )

    def _quickly(self, columns: Columns) -> bool:
        """Add the lines at hand if they are clean numbers; return whether they were."""
        first, lines = self._records.at_hand()
        numbers = clean_numbers(lines, self._delimiter, self._decimal)
        if numbers is None or numbers.shape[1] != self._width:
            return False
        if len(numbers) == len(lines):
            filled = np.arange(first, first + len(lines))
        else:
            filled = np.array([number for number, line in enumerate(lines, first) if line and not line.isspace()])
            if len(filled) != len(numbers):
                return False
        columns.add_numbers(filled.astype(np.int64, copy=False), numbers)
        self._records.skip()
        return True

    def _exactly(self, columns: Columns, most: int | None) -> list[list[str]]:
        """Add up to `most` of the rows at hand whatever is in them, and return their cells."""
        lines, rows = [], []
        for line, cells in islice(self._records.exactly(), most):
            mended = cells if len(cells) == self._width else self._mended(line, cells)
            if mended is not None:
                lines.append(line)
                rows.append(mended)
        if rows:
            columns.add_cells(lines, rows)
        return rows

    def _mended(self, line: int, cells: list[str]) -> list[str] | None:
        """Return a row of the right length made of one of another, None to leave it out."""
        if self._mend == "refuse":
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "{file}: line {line} has {count:# field|# fields}, but line {first} has {width}; every row "
                    "needs as many.",
                ),
                file=self._name, line=line, count=Count(len(cells)), first=self._first_line, width=self._width,
            )
        if self._mend == "drop" or any(cells[self._width :]):
            self._left_out += 1
            return None
        self._filled += 1
        return (cells + [""] * self._width)[: self._width]

    def _notes(self) -> tuple[Note, ...]:
        left_out = QT_TRANSLATE_NOOP("Data", "{rows:# row|# rows} of another length than the first left out.")
        filled = QT_TRANSLATE_NOOP("Data", "{rows:# row|# rows} of another length than the first made as long.")
        counted = ((left_out, self._left_out), (filled, self._filled))
        return tuple(Note(template, rows=Count(rows)) for template, rows in counted if rows)


def _width_in_use(titles: Sequence[str], odd: Sequence[OddCells], rows: int) -> int:
    """Return the number of columns without those at the end that only a delimiter at the end of each line makes."""
    width = len(titles)
    while width > 1 and not titles[width - 1] and odd[width - 1].are_empty(rows):
        width -= 1
    return width
