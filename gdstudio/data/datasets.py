"""The table of data sets: columns of numbers that losses over data are averaged over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

_LINE_SAMPLES = 64
_LINE_SLOPE, _LINE_INTERCEPT, _LINE_NOISE = 1.5, 0.5, 0.4
_LINE_SEED = 20


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A data set that the program knows by name.

    Parameters
    ----------
    key : str
        Name in the table of problems and in files.
    name : str
        Name that people read, marked for translation in the context ``Problems``.
    columns : tuple of str
        Names of the columns, in order.
    reference : str
        Where the data come from.
    make : callable
        Returns the columns, each of shape (samples,), the same bits at every call.
    """

    key: str
    name: str
    columns: tuple[str, ...]
    reference: str
    make: Callable[[], Mapping[str, NDArray[np.float64]]]


def _noisy_line() -> dict[str, NDArray[np.float64]]:
    """Return ``y = 1.5 x + 0.5`` with normal noise at 64 evenly spaced x in [-2, 2]."""
    x = np.linspace(-2.0, 2.0, _LINE_SAMPLES)
    noise = np.random.Generator(np.random.Philox(_LINE_SEED)).standard_normal(_LINE_SAMPLES)
    return {"x": x, "y": _LINE_SLOPE * x + _LINE_INTERCEPT + _LINE_NOISE * noise}


_ROWS = (
    DatasetRow(
        key="noisy_line",
        name=QT_TRANSLATE_NOOP("Problems", "Noisy line"),
        columns=("x", "y"),
        reference="Made for this program: y = 1.5 x + 0.5 plus normal noise of standard deviation 0.4, "
        "64 samples in [-2, 2]",
        make=_noisy_line,
    ),
)

DATASETS: dict[str, DatasetRow] = {row.key: row for row in _ROWS}


@cache
def columns_of(key: str) -> Mapping[str, NDArray[np.float64]]:
    """Return the columns of the data set `key`, read-only, made once."""
    columns = DATASETS[key].make()
    for values in columns.values():
        values.flags.writeable = False
    return columns
