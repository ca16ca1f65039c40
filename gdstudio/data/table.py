"""A table of numbers with named columns: what every source of data becomes, and what losses are averaged over."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - types are looked up when a table is read from an experiment
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, unknown
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
        Where the parts do not fit together, a name is no identifier, a number is not finite or stands for no label.
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
        self._check_names()
        self._check_labels()
        self.values.flags.writeable = False

    def _check_names(self) -> None:
        from gdstudio.data.identifiers import is_identifier  # with all operations, and most experiments have no table

        for place, name in enumerate(self.names, start=1):
            if not is_identifier(name):
                raise StudioError(
                    QT_TRANSLATE_NOOP(
                        "Errors", "Column {place} of a table cannot be called {name}: a name has letters, digits and "
                        "underscores, begins with a letter, and means nothing else in formulas."
                    ),
                    place=place, name=shown(name),
                )

    def _check_labels(self) -> None:
        for name, labels in self.classes.items():
            if name not in self.names:
                raise unknown(
                    QT_TRANSLATE_NOOP("Errors", "A table has labels for {name}, but no such column; try {known}."),
                    name, self.names,
                )
            codes = self.column(name)
            odd = (codes < 0.0) | (codes >= len(labels)) | (codes != np.floor(codes))
            if odd.any():
                row, title = int(np.argmax(odd)), self.titles[self.names.index(name)]
                raise StudioError(
                    QT_TRANSLATE_NOOP(
                        "Errors", "Row {row} of {column} holds {value}, which stands for none of its {count} labels; "
                        "they are numbered from 0."
                    ),
                    row=row + 1, column=shown(title), value=f"{codes[row]:g}", count=len(labels),
                )

    def __eq__(self, other: object) -> bool:
        """Whether `other` holds the same numbers under the same names."""
        if self is other or not isinstance(other, Table):
            return self is other
        said = (self.names, self.titles, self.classes) == (other.names, other.titles, other.classes)
        return said and np.array_equal(self.values, other.values)

    @property
    def rows(self) -> int:
        """Number of samples."""
        return len(self.values[0])

    def column(self, name: str) -> Floats:
        """Return the numbers of one column, shape (rows,)."""
        values: Floats = self.values[self.names.index(name)]
        return values
