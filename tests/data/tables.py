"""Tables for tests: made by hand, and drawn at random."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gdstudio.data.datasets import table_of_dataset
from gdstudio.data.table import Table

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


def table(**columns: list[float] | list[str]) -> Table:
    """Return a table of columns by name; one of text becomes the places of its labels in their order."""
    labels = {name: tuple(sorted({*column})) for name, column in columns.items() if isinstance(column[0], str)}
    values = [
        [labels[name].index(value) for value in column] if name in labels else column
        for name, column in columns.items()
    ]
    return Table(tuple(columns), tuple(columns), np.array(values, dtype=np.float64), labels)


def tables(least: int = 2, most: int = 30) -> st.SearchStrategy[Table]:
    """Return tables of columns a, b, y, of `least` to `most` rows."""
    shapes = st.integers(least, most).map(lambda rows: (3, rows))
    return arrays.arrays(np.float64, shapes, elements=NUMBERS).map(lambda v: Table(tuple("aby"), tuple("ABY"), v))


def columns_of(key: str) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return the columns of a listed data set by name, made with its default numbers."""
    made = table_of_dataset(key)
    return dict(zip(made.names, made.values, strict=True))
