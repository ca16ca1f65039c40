"""Finds text behind a closing quote, which the csv module takes without a word for a part of the cell."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Text behind a closing quote.

    Parameters
    ----------
    text : str
        Up to the next delimiter.
    field : int
        The field that it stands in, from 1.
    line : int
        The line of the row, from 0.
    """

    text: str
    field: int
    line: int


class Quotes:
    """Looks at rows whose cells may be quoted.

    Its own strictness the csv module has too, but that refuses spaces between a quote and the delimiter as well.

    Parameters
    ----------
    delimiter : str
        What stands between cells.
    """

    def __init__(self, delimiter: str) -> None:
        mark = re.escape(delimiter)
        # No part gives back what it has taken: the time is that of the row's length, whatever is in it.
        quoted = rf'"[^"]*+(?:""[^"]*+)*+"[^\S{mark}]*+'
        field = rf' *+(?:{quoted}|[^"{mark}][^{mark}]*+|)'
        self._delimiter = delimiter
        self._ended = re.compile(field + mark)
        self._row = re.compile(f"(?:{field}{mark})*+{field}")

    def misplaced(self, row: str) -> Misplaced | None:
        """Return the first such text of a row whose quotes are all closed, or None.

        Parameters
        ----------
        row : str
            One or, where a cell has line ends, several lines.
        """
        fine = self._row.match(row)
        if fine is None or fine.end() == len(row):
            return None
        end, field, begin = fine.end(), 1, 0
        while ended := self._ended.match(row, begin):
            field, begin = field + 1, ended.end()
        return Misplaced(row[end:].partition(self._delimiter)[0].strip(), field, row.count("\n", 0, end))
