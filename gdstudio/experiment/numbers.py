"""What callers hand over, who may hand over anything: numbers, text, true or false, or a sentence why not."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from typing import Any

# The largest whole number worth showing digit by digit.
_SHOWN_WHOLE = 10**15
# Longer digits than these are read as a float, as reading them exactly takes quadratic time.
_EXACT_DIGITS = 30


def real(name: str, value: object) -> float:
    """Return `value` as a float, which may be infinite or not a number.

    Parameters
    ----------
    name : str
        What it is, for the message.
    value : object
        A Python or NumPy number; truth values and text are none.

    Raises
    ------
    StudioError
        Where it is no number.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} must be a number, not {value}."),
            name=shown(name), value=shown(repr(value) if isinstance(value, str) else value),
        )
    try:
        return float(value)
    except OverflowError:
        return -math.inf if value < 0 else math.inf


def number_or_truth(name: str, value: object) -> float:
    """Return a number, or 1 or 0 of True and False, which only switches may be.

    Raises
    ------
    StudioError
        Where it is neither.
    """
    return float(value) if isinstance(value, bool | np.bool_) else real(name, value)


def number(name: str, value: object) -> float:
    """Return `value` as a finite float.

    Raises
    ------
    StudioError
        As `real`, and where it is not finite.
    """
    result = real(name, value)
    if not math.isfinite(result):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} must be a finite number, not {value}."), name=shown(name), value=result
        )
    return result


def whole(name: str, value: object) -> int:
    """Return `value` as an int; ``1e3`` is whole, 1.5 is not.

    Raises
    ------
    StudioError
        As `number`, and where it is not whole.
    """
    as_float = number(name, value)
    if as_float != math.floor(as_float):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} must be a whole number, not {value}."),
            name=shown(name), value=shown(value),
        )
    given: Any = value
    try:
        # exact where it is an integer; floats fall through
        return operator.index(given)
    except TypeError:
        return int(as_float)


def whole_between(name: str, value: object, least: int, most: int) -> int:
    """Return `value` as an int from `least` to `most`.

    Raises
    ------
    StudioError
        As `whole`, and outside the range.
    """
    result = whole(name, value)
    if not least <= result <= most:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} must lie between {least} and {most}, not {value}."),
            name=shown(name), least=least, most=most,
            value=result if abs(result) <= _SHOWN_WHOLE else f"{float(result):.3g}",
        )
    return result


def written_number(name: str, text: str) -> int | float:
    """Return the number that `text` writes; whether it is finite and fits is checked where it is used.

    Parameters
    ----------
    name : str
        What it is, for the message.
    text : str
        Digits, as in Python but without underscores.

    Raises
    ------
    StudioError
        Where it is no number.
    """
    plain = text.strip(" ")
    if plain.isascii() and plain.isprintable() and "_" not in plain:
        try:
            return int(plain) if len(plain) <= _EXACT_DIGITS else float(plain)
        except ValueError:
            pass
        try:
            return float(plain)
        except ValueError:
            pass
    raise StudioError(
        QT_TRANSLATE_NOOP("Errors", "{name} must be a number, not {value}."), name=shown(name), value=shown(text)
    )


def text_or_none(name: str, value: object) -> str | None:
    """Return `value` where it is text or None; `name` says in the message what it is.

    Raises
    ------
    StudioError
        Where it is anything else.
    """
    if value is None or isinstance(value, str):
        return value
    raise StudioError(QT_TRANSLATE_NOOP("Errors", "{name} must be text, not {value}."), name=name, value=shown(value))


def truth(name: str, value: object) -> bool:
    """Return `value` where it is True or False, NumPy's included; `name` says in the message what it is.

    Raises
    ------
    StudioError
        Where it is anything else.
    """
    if not isinstance(value, bool | np.bool_):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} must be True or False, not {value}."), name=name, value=shown(value)
        )
    return bool(value)
