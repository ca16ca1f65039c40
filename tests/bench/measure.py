"""How the benchmarks measure: both sides in turn, in one run, so that a busy machine spoils neither more."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Parameters
    ----------
    name : str
        What was measured.
    value : str
        The figure with its unit.
    limit : str
        What it should keep to; empty for a figure that is given for comparison.
    kept : bool or None
        Whether it does; None where there is no limit.
    """

    name: str
    value: str
    limit: str = ""
    kept: bool | None = None


def left_out(name: str, reason: str) -> Figure:
    """Return the line of something that cannot be measured here."""
    return Figure(name, "left out", reason)


def at_most(name: str, value: float, limit: float, unit: str) -> Figure:
    """Return the line of a figure that should be at most `limit`."""
    return Figure(name, f"{value:.3g} {unit}", f"at most {limit:g} {unit}", value <= limit)


def at_least(name: str, value: float, limit: float, unit: str) -> Figure:
    """Return the line of a figure that should be at least `limit`."""
    shown = f"{value:.3g}" if value < 100 else f"{value:,.0f}"
    return Figure(name, f"{shown} {unit}", f"at least {limit:,g} {unit}", value >= limit)


def given(name: str, value: float, unit: str) -> Figure:
    """Return the line of a figure that has no limit."""
    return Figure(name, f"{value:.3g} {unit}")


def seconds(function: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def interleaved(repeats: int, *functions: Callable[[], object]) -> list[float]:
    """Return the median time of each function; they are called in turn, each once before to warm up."""
    for function in functions:
        function()
    times: list[list[float]] = [[] for _ in functions]
    gc.collect()
    gc.disable()
    try:
        for _ in range(repeats):
            for function, taken in zip(functions, times, strict=True):
                taken.append(seconds(function))
    finally:
        gc.enable()
    return [statistics.median(taken) for taken in times]
