"""Gives every column a name that formulas can use: people's titles have spaces, accents and units."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from gdstudio.engine.language.operations import CONSTANTS, FUNCTIONS, VECTOR_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of longer titles the beginning; a formula is at most 1,000 characters long.
_LONGEST = 40
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAKEN = frozenset({*FUNCTIONS, *VECTOR_FUNCTIONS, *CONSTANTS})
# Letters that Unicode does not take apart into a plain one and its mark.
_SPELLED = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H",
})  # fmt: skip
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)")


def identifier_names(titles: Iterable[str]) -> tuple[str, ...]:
    """Return a name for each title: ``blood pressure`` is ``blood_pressure``, no title at all ``column_3``.

    A title that can be a name stays as it is. Accents are left out and Greek letters spelled. A title that has a
    meaning in formulas (``e``, ``exp``, ``t``) gets ``_column`` behind it, and one whose name another column has a
    number from 2 on.

    Parameters
    ----------
    titles : iterable of str
        How people call the columns.

    Returns
    -------
    tuple of str
        Of ASCII letters, digits and underscores, beginning with a letter; no two alike.
    """
    candidates = [_candidate(title, place) for place, title in enumerate(titles, start=1)]
    # Who has the name already keeps it, whichever column comes first.
    own = {candidate for title, candidate in candidates if title == candidate}
    given: set[str] = set()
    names = []
    counts: dict[str, int] = {}
    for title, candidate in candidates:
        name = candidate
        while name in given or (name in own and title != name):
            counts[candidate] = counts.get(candidate, 1) + 1
            name = f"{candidate}_{counts[candidate]}"
        given.add(name)
        names.append(name)
    return tuple(names)


def is_identifier(name: str) -> bool:
    """Whether formulas can call a column `name`: ASCII letters, digits and underscores without another meaning."""
    return _IDENTIFIER.fullmatch(name) is not None and name not in _TAKEN


def _candidate(title: str, place: int) -> tuple[str, str]:
    """Return a title without what surrounds it, and the name that it would have if it were alone."""
    title = title.strip()
    if _IDENTIFIER.fullmatch(title) and len(title) <= _LONGEST:
        return title, f"{title}_column" if title in _TAKEN else title
    plain = "".join(map(_spelled, unicodedata.normalize("NFKD", title[: 4 * _LONGEST].translate(_SPELLED))))
    name = re.sub(r"[^A-Za-z0-9]+", "_", plain)[:_LONGEST].strip("_")
    if not name:
        return title, f"column_{place}"
    if name[0].isdigit() or name in _TAKEN:
        return title, f"column_{name}" if name[0].isdigit() else f"{name}_column"
    return title, name


def _spelled(character: str) -> str:
    """Return a character in ASCII: nothing for an accent, the name of a Greek letter, a space for all else."""
    if character.isascii():
        return character
    if unicodedata.combining(character):
        return ""
    greek = _GREEK.match(unicodedata.name(character, ""))
    if greek is None:
        return " "
    return greek[2].lower() if greek[1] == "SMALL" else greek[2].capitalize()
