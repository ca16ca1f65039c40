"""Makes a table of data that a Python program has at hand, whatever keeps them.

A data frame is known by what it can do (name its columns and give one), so that no library of data frames is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.identifiers import identifier_names
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

_NUMBERS, _TEXTS = "buif", "UST"
_FEWEST_ROWS = 2


def table_from(data: object) -> Table:
    """Return a table of the columns of `data`, which are copied.

    Parameters
    ----------
    data : mapping of names to arrays, structured array, or data frame
        A data frame has ``columns`` (or ``column_names``) and gives a column by ``data[name]``, as those of pandas,
        Polars and Arrow do. A column of text becomes the places of its labels in their order.

    Raises
    ------
    StudioError
        Where it is none of these; where columns have one name, lengths that differ, fewer than two rows, or hold
        something else than numbers or text; where a value is missing or not finite.
    """
    columns = _columns_of(data)
    names = [name for name, _ in columns]
    arrays = [_array(name, column) for name, column in columns]
    rows = len(arrays[0])
    for name, array in zip(names, arrays, strict=True):
        if len(array) != rows:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "The column {name} has {count:# value|# values}, but {first} has {rows}."
                ),
                name=shown(name), count=Count(len(array)), first=shown(names[0]), rows=rows,
            )
    if rows < _FEWEST_ROWS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The data have {rows:# row|# rows}; at least {bound} are needed."),
            rows=Count(rows), bound=_FEWEST_ROWS,
        )
    identifiers = identifier_names(names)
    values = np.empty((len(names), rows))
    classes = {}
    for place, (name, array) in enumerate(zip(names, arrays, strict=True)):
        if array.dtype.kind in _NUMBERS:
            values[place] = _finite(name, array)
        else:
            classes[identifiers[place]], values[place] = _coded(name, array)
    return Table(tuple(identifiers), tuple(names), values, classes)


def _columns_of(data: Any) -> list[tuple[str, Any]]:
    """Return the name of each column and whatever holds it, no two names alike."""
    if isinstance(data, Mapping):
        keys = list(data)
    elif isinstance(data, np.ndarray) and data.dtype.names:
        keys = list(data.dtype.names)
    else:
        listed = getattr(data, "column_names", None)
        listed = getattr(data, "columns", None) if listed is None else listed
        if listed is None or callable(listed) or not hasattr(data, "__getitem__"):
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "Data must be a mapping of names to arrays, a structured array or a data frame, not {kind}; an "
                    'array without names can be given as dict(x=data[:, 0], y=data[:, 1]).',
                ),
                kind=type(data).__name__,
            )
        keys = list(listed)
    if not keys:
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "The data have no columns."))
    names = [str(key) for key in keys]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "Two columns are called {name}."), name=shown(name))
    return [(name, _column(data, key)) for name, key in zip(names, keys, strict=True)]


def _column(data: Any, key: object) -> Any:
    try:
        return data[key]
    except Exception as error:  # whatever a stranger's object does when it cannot
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The data do not give their column {name}; a frame that is not worked out yet must be collected first.",
            ),
            name=shown(str(key)),
        ) from error


def _array(name: str, column: Any) -> NDArray[Any]:
    """Return a column as an array of numbers or text, one-dimensional."""
    try:
        array = np.asarray(column)
    except (TypeError, ValueError):
        array = np.empty(())
    if array.ndim != 1:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The column {name} is no row of single values; it must be one-dimensional."),
            name=shown(name),
        )
    if isinstance(column, np.ma.MaskedArray) and np.ma.getmaskarray(column).any():
        raise _unfit(name, int(np.ma.getmaskarray(column).argmax()), "--")
    if array.dtype.kind == "O":
        return _unwrapped(name, array)
    if array.dtype.kind not in _NUMBERS + _TEXTS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The column {name} holds values of type {kind}; it must hold numbers or text."),
            name=shown(name), kind=array.dtype,
        )
    return np.strings.decode(array, "utf-8", "replace") if array.dtype.kind == "S" else array


def _unwrapped(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of Python's objects as one of text where all are text, else of numbers."""
    texts = np.fromiter((isinstance(value, str) for value in array), dtype=bool, count=len(array))
    if texts.all() and len(texts):
        return array.astype(str)
    if texts.any():
        row = int(texts.argmin())
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The column {name} holds text, but {value} in row {row} (counted from 0)."),
            name=shown(name), value=shown(array[row]), row=row,
        )
    numbers = np.empty(len(array))
    for row, value in enumerate(array):
        try:
            numbers[row] = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise _unfit(name, row, value) from error
    return numbers


def _unfit(name: str, row: int, value: object) -> StudioError:
    return StudioError(
        QT_TRANSLATE_NOOP(
            "Errors",
            "The column {name} has {value} in row {row} (counted from 0); it must hold finite numbers, so what is "
            "missing must be filled or dropped first.",
        ),
        name=shown(name), value=shown(value), row=row,
    )


def _finite(name: str, array: NDArray[Any]) -> NDArray[np.float64]:
    numbers = array.astype(np.float64)
    fine = np.isfinite(numbers)
    if not fine.all():
        row = int(fine.argmin())
        raise _unfit(name, row, float(numbers[row]))
    return numbers


def _coded(name: str, array: NDArray[Any]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the labels of a column of text in order, and the place of each row's label among them."""
    labels, codes = np.unique(array, return_inverse=True)
    return tuple(str(label) for label in labels), codes.astype(np.float64)
