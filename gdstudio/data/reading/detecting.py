"""Finds how a text file holds a table by looking at its beginning: people rarely know, and should not have to."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from gdstudio.data.reading.cells import meaning
from gdstudio.data.reading.encodings import BYTE_ORDER_MARK, decoder_of, detect_encoding
from gdstudio.data.reading.preamble import delimiter_named, is_delimiter, length_of_preamble
from gdstudio.data.reading.records import cells_of
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.data.table_format import TableFormat

HEAD_BYTES = 1 << 18
# What a person may choose from by its name, in this order where nothing else speaks for one of them: what is rare in
# text first.
DELIMITERS = {
    QT_TRANSLATE_NOOP("Data", "tab"): "\t", QT_TRANSLATE_NOOP("Data", "semicolon"): ";",
    QT_TRANSLATE_NOOP("Data", "bar"): "|", QT_TRANSLATE_NOOP("Data", "comma"): ",",
    QT_TRANSLATE_NOOP("Data", "space"): " ",
}
DECIMALS = {QT_TRANSLATE_NOOP("Data", "point"): ".", QT_TRANSLATE_NOOP("Data", "comma"): ","}
_RECORDS = 200


@dataclass(frozen=True, slots=True)
class _Reading:
    """The first records as they are cut by one delimiter, and how well that goes with one decimal mark."""

    delimiter: str
    decimal: str
    records: list[list[str]]
    width: int
    score: float

    @property
    def cuts(self) -> bool:
        """Whether the first record has several cells; a title alone may have spaces."""
        return bool(self.records) and len(self.records[0]) > 1 and (self.delimiter != " " or self.width > 1)


def detect(head: bytes, given: TableFormat) -> TableFormat:
    """Return `given` with all that it leaves open filled in.

    Parameters
    ----------
    head : bytes
        The beginning of the file: all of it, or the first `HEAD_BYTES`.
    given : TableFormat
        What is known already.

    Raises
    ------
    StudioError
        Where what is given cannot be. Whatever is in the file, it is refused only when it is read.
    """
    _check(given)
    encoding = detect_encoding(head) if given.encoding is None else given.encoding
    lines = _lines(head, encoding)
    marks = tuple(DECIMALS.values()) if given.decimal is None else (given.decimal,)
    named = delimiter_named(lines[0]) if lines and given.delimiter is None else given.delimiter
    lines = _of_table(lines)
    delimiters = tuple(DELIMITERS.values()) if named is None else (named,)
    readings = [_reading(lines, delimiter, mark) for delimiter in delimiters for mark in marks]
    cutting = [each for each in readings if each.cuts]
    if not cutting and named is None:
        # One column alone: a delimiter that no number has.
        cutting = [each for each in readings if each.delimiter == (";" if each.decimal == "," else ",")]
    best = max(cutting or readings, key=lambda each: (each.score, each.decimal == "."))
    header = _has_header(best.records, best.decimal) if given.header is None else given.header
    return replace(given, encoding=encoding, delimiter=best.delimiter, decimal=best.decimal, header=header)


def _check(given: TableFormat) -> None:
    mark = given.delimiter
    if mark is not None and not is_delimiter(mark):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The delimiter must be a comma, semicolon, tab, bar, space, or another character that is in no number "
                "and no quote, not {given}.",
            ),
            given=shown(mark),
        )
    if given.decimal not in (None, *DECIMALS.values()):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The decimal mark must be a point or a comma, not {given}."),
            given=shown(given.decimal),
        )


def _lines(head: bytes, encoding: str) -> list[str]:
    """Return the whole lines of the beginning."""
    try:
        text = decoder_of(encoding, "replace").decode(head).removeprefix(BYTE_ORDER_MARK)
    except UnicodeError:  # refused when the file is read
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(head) >= HEAD_BYTES and len(lines) > 1:
        del lines[-1]
    return lines


def _of_table(lines: list[str]) -> list[str]:
    """Return the first lines of the table that are not blank."""
    rest = islice(lines, length_of_preamble(lines), None)
    return list(islice((line for line in rest if line and not line.isspace()), _RECORDS))


def _reading(lines: list[str], delimiter: str, decimal: str) -> _Reading:
    """Return the records, and as score the share that is as wide as most, more where numbers are in them."""
    try:
        records = [[cell.strip() for cell in cells] for cells in cells_of(lines, delimiter)]
    except csv.Error:
        records = []
    if not records:
        return _Reading(delimiter, decimal, [], 0, -1.0)
    width, alike = Counter(map(len, records)).most_common(1)[0]
    below = [cell for record in (records[1:] or records) if len(record) == width for cell in record]
    kinds = [kind for kind in (_kind(cell, delimiter, decimal) for cell in below) if kind != "missing"]
    numbers = kinds.count("number") / max(1, len(kinds))
    return _Reading(delimiter, decimal, records, width, alike / len(records) * (0.5 + numbers))


def _kind(cell: str, delimiter: str, decimal: str) -> str:
    """Return what a cell is if these are the marks; ``1,`` and ``12,345`` between commas speak for no decimal comma."""
    if decimal == "," and "," in cell:
        whole, _, rest = cell.partition(",")
        if not rest or (delimiter == "," and len(rest) == 3 and 0 < len(whole.lstrip("+-")) <= 3):
            return "text"
    kind = meaning(cell, decimal)
    return "number" if isinstance(kind, float) else kind


def _has_header(records: Sequence[Sequence[str]], decimal: str) -> bool:
    """Return whether the first record names the columns: it has text where numbers are below."""
    if not records:
        return False
    first, *below = records
    titles = [meaning(cell, decimal) == "text" for cell in first]
    if not below:
        return not any(isinstance(meaning(cell, decimal), float) for cell in first)
    columns = list(zip(*(record for record in below if len(record) == len(first)), strict=True))
    kinds = [[meaning(cell, decimal) for cell in column] for column in columns]
    numeric = [2 * sum(isinstance(kind, float) for kind in each) > len(each) - each.count("missing") for each in kinds]
    if any(numeric):
        return any(title for title, number in zip(titles, numeric, strict=True) if number)
    return len(set(first)) == len(first) and "" not in first
