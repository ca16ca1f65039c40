"""A table of numbers with named columns: what every source of data becomes, and what losses are averaged over."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - types are looked up when a table is read from an experiment
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# What `numpy.typing` would say at runtime too, where importing that takes longer than all else here.
Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of finite numbers, read-only.

    Parameters
    ----------
    names : tuple of str
        An identifier for each column, no two alike: how formulas call it.
    titles : tuple of str
        How the source calls it.
    values : ndarray, shape (columns, rows)
        C-contiguous.
    classes : mapping of str to tuple of str
        For columns that stood as text: the labels, of which the column holds the place, 0 and up.

    Raises
    ------
    StudioError
        Where the parts do not fit together, or a number is not finite.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    values: Floats
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the parts, and make the numbers read-only: a table is shared by whoever shows or descends on it."""
        count = len(self.names)
        if not (count == len(set(self.names)) == len(self.titles) == len(self.values) and self.values.ndim == 2):
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "A table needs a name of its own and a title for each of its columns of numbers."
                )
            )
        if not np.all(np.isfinite(self.values)):
            row, column = np.argwhere(~np.isfinite(self.values.T))[0]
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Row {row} of {column} holds {value}; data must be finite numbers."),
                row=int(row) + 1, column=self.titles[column], value=str(self.values[column, row]),
            )
        self.values.flags.writeable = False

    def __eq__(self, other: object) -> bool:
        """Whether `other` holds the same numbers under the same names."""
        if self is other or not isinstance(other, Table):
            return self is other
        said = (self.names, self.titles, self.classes) == (other.names, other.titles, other.classes)
        return said and np.array_equal(self.values, other.values)

    __hash__ = None  # type: ignore[assignment]

    @property
    def rows(self) -> int:
        """Number of samples."""
        return len(self.values[0])

    def column(self, name: str) -> Floats:
        """Return the numbers of one column, shape (rows,)."""
        values: Floats = self.values[self.names.index(name)]
        return values
