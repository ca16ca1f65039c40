"""What a text file says before its table begins: comments, and the line by which spreadsheets name the delimiter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DELIMITER = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_COMMENT = "#"
# A cell that spreadsheets leave where there is nothing.
_NO_COMMENT = "#n/a"


def is_delimiter(mark: str) -> bool:
    """Return whether something can stand between cells: one character that is in no number and no quote."""
    possible = len(mark) == 1 and (mark.isprintable() or mark == "\t")
    return possible and not mark.isalnum() and mark not in '"+-.'


def delimiter_named(line: str) -> str | None:
    """Return the delimiter that a first line such as ``sep=;`` names, or None where it is another line."""
    found = _DELIMITER.fullmatch(line)
    return found[1] if found is not None and is_delimiter(found[1]) else None


def length_of_preamble(lines: Sequence[str], *, first: bool = True) -> int:
    """Return how many lines there are before the table: blank ones, comments, and one that names the delimiter.

    Parameters
    ----------
    lines : sequence of str
        Without their ends.
    first : bool
        Whether they begin the file: only its first line can name the delimiter.
    """
    for place, line in enumerate(lines):
        if not (_is_skipped(line.strip()) or (first and place == 0 and delimiter_named(line) is not None)):
            return place
    return len(lines)


def _is_skipped(line: str) -> bool:
    return not line or (line.startswith(_COMMENT) and not line.lower().startswith(_NO_COMMENT))


def without_preamble(pieces: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield lists of lines, each with the number of its first line, but for those before the table."""
    for number, lines in pieces:
        count = length_of_preamble(lines, first=number == 1)
        if count < len(lines):
            yield number + count, lines[count:] if count else lines
            break
    yield from pieces
