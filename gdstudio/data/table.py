"""A table of numbers with named columns: what every source of data becomes, and what losses are averaged over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


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
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    values: NDArray[np.float64]
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the numbers read-only: a table is shared by whoever shows or descends on it."""
        self.values.flags.writeable = False

    @property
    def rows(self) -> int:
        """Number of samples."""
        return self.values.shape[1]

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the numbers of one column, shape (rows,)."""
        return self.values[self.names.index(name)]
