"""What the text in a cell means: a number, nothing, something that is not finite, or text."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Flaw = Literal["missing", "text", "not_finite"]

# In any case of letters.
MISSING = frozenset({"", "na", "n/a", "#n/a", "<na>", "nan", "+nan", "-nan", "null", "none", "-", "?"})
_INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"})
# A decimal mark at the end, as in ``1.``, is read too.
_NUMBERS = {
    mark: re.compile(rf"[+-]?(?:[0-9]+(?:{re.escape(mark)}[0-9]*)?|{re.escape(mark)}[0-9]+)(?:[eE][+-]?[0-9]+)?")
    for mark in ".,"
}


def meaning(text: str, decimal: str) -> float | Flaw:
    """Return the finite number that `text` is, correctly rounded, or what it is instead.

    Parameters
    ----------
    text : str
        A cell without spaces around it.
    decimal : str
        The decimal mark, ``"."`` or ``","``.
    """
    if _NUMBERS[decimal].fullmatch(text):
        number = float(text.replace(",", "."))
        return number if math.isfinite(number) else "not_finite"
    small = text.lower()
    if small in MISSING:
        return "missing"
    return "not_finite" if small in _INFINITE else "text"


def numbers_in(cells: Sequence[str], decimal: str) -> NDArray[np.float64] | None:
    """Return the numbers in cells without spaces around them, or None where one of them is no finite number."""
    whole = "\n".join(cells)
    # Python's own numbers may have underscores, and digits of other scripts.
    if "_" in whole or not whole.isascii():
        return None
    if decimal == ",":
        if "." in whole:
            return None
        count, cells = len(cells), whole.replace(",", ".").split("\n")
        if len(cells) != count:  # a quoted cell has lines of its own
            return None
    try:
        numbers = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None
