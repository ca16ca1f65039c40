"""The vertical scale of curves: linear or logarithmic, and what the data allow of it.

A loss that reaches zero has no logarithm, and one that is negative has none anywhere. Zeros are then shown
at the lower edge; where values are negative, the scale is linear near zero and logarithmic beyond (symmetric
logarithm) if they span many magnitudes, and linear if they do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gdstudio.scene.ticks import Tick, linear_ticks, log_ticks, number_text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_DEEPEST = 1e-18
_WIDE = 1e3
_RUNAWAY = 100.0
# What is smaller is shown as zero: numbers near the smallest there are have no tenth part.
_LEAST = 1e-300
_FARTHEST = 1e300


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Maps values to heights; `low` and `high` are the values at the lower and upper edge."""

    kind: Literal["linear", "log", "symlog"]
    low: float
    high: float
    unit: float = 1.0

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        """Heights of values; what a logarithm has no height for lies at the lower edge."""
        numbers = np.asarray(values, dtype=np.float64)
        if self.kind == "log":
            with np.errstate(invalid="ignore"):
                return np.asarray(np.log10(np.maximum(numbers, self.low)))
        if self.kind == "symlog":
            return np.asarray(np.arcsinh(numbers / self.unit))
        return numbers

    @property
    def edges(self) -> tuple[float, float]:
        """Heights of the lower and the upper edge, never equal."""
        low, high = (float(height) for height in self.forward([self.low, self.high]))
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def ticks(self, count: int) -> list[Tick]:
        """At most `count` ticks, in order."""
        if self.kind == "log":
            return log_ticks(self.low, self.high, count)
        if self.kind == "linear":
            return linear_ticks(self.low, self.high, count)
        values = np.sinh(np.linspace(*self.edges, max(count, 2))) * self.unit
        rounded = [_rounded(float(value)) for value in values]
        inside = sorted({value for value in rounded if self.low <= value <= self.high})
        return [Tick(value, number_text(value, 2)) for value in inside][:count]


def _rounded(value: float) -> float:
    if abs(value) < _LEAST or not math.isfinite(value):
        return 0.0
    power = 10.0 ** math.floor(math.log10(abs(value)))
    return float(round(value / power) * power)


def scale_for(values: list[NDArray[np.float64]], wish: Literal["linear", "log"]) -> ValueScale:
    """Choose the scale that shows these curves, as near to the wish as the data allow.

    A curve that runs away is cut off well above where the curves began, so that the others stay readable; where
    there are no others, nothing is cut off.
    """
    finite = [np.clip(part[np.isfinite(part)], -_FARTHEST, _FARTHEST) for part in values]
    finite = [np.where(np.abs(part) < _LEAST, 0.0, part) for part in finite if part.size]
    if not finite:
        return ValueScale(wish, 1e-3, 1.0) if wish == "log" else ValueScale("linear", 0.0, 1.0)
    low, high = min(float(part.min()) for part in finite), max(float(part.max()) for part in finite)
    began = max(abs(float(part[0])) for part in finite)
    rest = not all(abs(float(part[-1])) > _RUNAWAY * began for part in finite)
    if wish == "log" and low >= 0 < high:
        return _log_scale(np.concatenate(finite), min(high, _RUNAWAY * began) if began > 0 and rest else high, began)
    if began > 0 and rest:
        high, low = min(high, 3 * began), max(low, -1e6 * began)
    span = high - low
    if wish == "log" and low < 0:
        everything = np.abs(np.concatenate(finite))
        unit = max(float(np.quantile(everything, 0.2)), 1e-9 * max(abs(low), abs(high)))
        if max(abs(low), abs(high)) > _WIDE * unit:
            return ValueScale("symlog", low, high, unit)
    margin = 0.05 * span if span > 0 else max(0.5 * abs(high), 0.5)
    return ValueScale("linear", low - margin, high + margin)


def _log_scale(values: NDArray[np.float64], top: float, began: float) -> ValueScale:
    positive = values[(values > 0) & (values >= (min(top, began) if began > 0 else top) * _DEEPEST)]
    low = min(float(positive.min()), top)
    if not np.all(values > 0):
        low /= 10
    # the lower edge moves in quarter decades, so that it rests while a start is dragged
    return ValueScale("log", 10.0 ** (math.floor(4 * math.log10(low) - 0.2) / 4), top * 1.3)
