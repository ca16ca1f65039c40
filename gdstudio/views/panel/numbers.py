"""How numbers are written in fields and read back from what people type."""

from __future__ import annotations

import math

NARROW = "\N{NO-BREAK SPACE}"

# Characters that a field of a card has room for.
_FITTING = 7


def read_number(text: str) -> float:
    """Read a number as people write it: ``1e-3``, ``0,5``, ``2 000``, with an ASCII or a real minus.

    Raises
    ------
    ValueError
        Where `text` is no number.
    """
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    if "_" in plain:
        raise ValueError(text)
    return float(plain)


def compact(value: float) -> str:
    """Write `value` with four significant digits, ``0.0200`` and ``1e-8`` rather than ``0.02`` and ``1e-08``.

    What would not fit into a field is written with an exponent: ``7.76e-4`` rather than ``0.000776``.
    """
    if not math.isfinite(value):
        return f"{value:g}"
    if value == int(value) and 1 < abs(value) < 1e6:
        return f"{value:.0f}"
    text = f"{value:.4g}"
    if "e" in text:
        return _short_exponent(text)
    decimals = len(text.partition(".")[2])
    wanted = 4 if abs(value) < 0.1 else 3 if abs(value) < 10 else 0
    text = f"{value:.{wanted}f}" if decimals < wanted else text
    return text if len(text) <= _FITTING else _short_exponent(f"{value:.{1 if value < 0 else 2}e}")


def brief(value: float) -> str:
    """Write `value` as `compact` does, ``0.90`` rather than ``0.900``."""
    text = compact(value)
    spare = len(text) == 5 and text.endswith("0") and "." in text and "e" not in text
    return text[:-1] if spare else text


def coordinate(value: float) -> str:
    """Write a coordinate with four decimals where that shows it, else with five significant digits."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.4f}"
    return _short_exponent(f"{value:.5g}")


def short_coordinate(value: float) -> str:
    """Write a coordinate with three decimals, for where there is little room."""
    text = coordinate(value)
    return text if "e" in text else f"{value:.3f}"


def exact(value: float) -> str:
    """Write `value` so that reading it back gives the same bits."""
    return f"{value:.0f}" if abs(value) < 1e15 and value == int(value) else _short_exponent(repr(value))


def whole(value: float) -> str:
    """Write a whole number with its thousands set apart."""
    return f"{int(value):,}".replace(",", NARROW)


def _short_exponent(text: str) -> str:
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text


def round_to_digits(value: float, digits: int = 3) -> float:
    """Round to `digits` significant digits, so that a slider gives numbers that people would type."""
    return float(f"{value:.{digits}g}")
