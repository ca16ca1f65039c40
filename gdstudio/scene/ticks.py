"""Axis ticks: round numbers, as many as fit without touching, written alike along one axis.

Free of Qt: the width of a label comes from a function, so the laws (within range, in order, never
overlapping) can be tested by themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MINUS = "\u2212"
# Below it, steps of a range are no normal numbers any more.
_NARROWEST = 1e-290
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what stands there."""

    value: float
    label: str


def number_text(value: float, digits: int = 4, short: bool = False) -> str:
    """Write `value` for people: `digits` significant digits, a real minus sign, exponents where needed.

    Parameters
    ----------
    value : float
        Any number; what is not finite has its own sign.
    digits : int
        Significant digits.
    short : bool
        Whether zeros at the end of decimals, before an exponent too, are left out.
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    size = abs(value)
    if size == 0:
        return "0"
    if 10.0 ** -4 <= size < 10.0 ** (digits + 2):
        exponent = math.floor(math.log10(size))
        text = f"{value:.{min(max(digits - 1 - exponent, 0), 8)}f}"
        if short and "." in text:
            text = text.rstrip("0").rstrip(".")
    else:
        mantissa, _, power = f"{value:.{max(digits - 2, 1)}e}".partition("e")
        if short:
            mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}e{int(power)}"
    return text.replace("-", MINUS)


def fixed_text(value: float, decimals: int) -> str:
    """`value` with as many decimals, a real minus sign and no negative zero."""
    text = f"{value:.{decimals}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def linear_ticks(low: float, high: float, count: int) -> list[Tick]:
    """At most `count` round numbers in [low, high], evenly spaced; none where the range is all but empty."""
    span = high - low
    if not (_NARROWEST < span < math.inf and count > 0):
        return []
    rough = span / count
    exponent = math.floor(math.log10(rough))
    for power in (exponent, exponent + 1, exponent + 2):
        for step in _STEPS:
            size = step * 10.0 ** power
            first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
            if last - first + 1 <= count:
                return _labelled(first, last, size, low, high)
    return []


def power_of(low: float, high: float) -> int:
    """Return the power of ten that labels from `low` to `high` had better leave out, 0 where they are short with it."""
    largest = max(abs(low), abs(high))
    if not math.isfinite(largest) or 1e-3 <= largest < 1e5 or largest < 1e-300:
        return 0
    return math.floor(math.log10(largest))


def _labelled(first: int, last: int, size: float, low: float, high: float) -> list[Tick]:
    values = [min(max(index * size, low), high) for index in range(first, last + 1)]
    largest = max((abs(value) for value in values), default=0.0)
    decimals = max(0, -math.floor(math.log10(size) + 1e-9))
    if size / 10.0 ** -decimals % 1 > 1e-6:
        decimals += 1
    if largest >= 1e5 or decimals > 5:
        digits = max(0, math.floor(math.log10(max(largest, size))) - math.floor(math.log10(size)) + 1)
        return [Tick(value, exponent_text(value, min(digits, 15))) for value in values]
    return [Tick(value, fixed_text(value, decimals)) for value in values]


def exponent_text(value: float, digits: int) -> str:
    """`value` as mantissa and power of ten: ``"1.5e6"``, trailing zeros left out."""
    if value == 0:
        return "0"
    mantissa, _, power = f"{value:.{digits}e}".partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}".replace("-", MINUS)


def log_ticks(low: float, high: float, count: int) -> list[Tick]:
    """At most `count` powers of ten in [low, high] (positive), in order, steps of whole decades.

    Where the range holds fewer than two powers of ten, round numbers stand instead.
    """
    if not (0 < low < high < math.inf) or count <= 0:
        return []
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first < 1:
        return [tick for tick in linear_ticks(low, high, count) if tick.value > 0]
    stride = max(1, math.ceil((last - first + 1) / count))
    start = math.ceil(first / stride) * stride
    powers = range(start, last + 1, stride)
    return [Tick(min(max(10.0 ** power, low), high), f"1e{power}".replace("-", MINUS)) for power in powers]


def fitted(
    ticks: Callable[[int], Sequence[Tick]], place: Callable[[float], float], size: Callable[[str], float],
    most: int, gap: float,
) -> list[Tick]:
    """Return the most ticks whose labels, centred on their places, stay `gap` pixels apart.

    Parameters
    ----------
    ticks : callable
        At most so many ticks, in order.
    place : callable
        Pixel of a value.
    size : callable
        Extent of a label along the axis, in pixels.
    most : int
        How many at most.
    gap : float
        Pixels between two labels.
    """
    for count in range(most, 0, -1):
        found = list(ticks(count))
        places = sorted((place(tick.value), size(tick.label) / 2) for tick in found)
        if all(after - half - (before + other) >= gap for (before, other), (after, half) in pairwise(places)):
            return found
    return []
