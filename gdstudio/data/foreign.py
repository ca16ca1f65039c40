"""Makes a table of data that a Python program has at hand, whatever keeps them.

A data frame is known by what it can do (name its columns and give one), so that no library of data frames is imported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.identifiers import identifier_names
from gdstudio.data.selection import column_named
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

_NUMBERS, _TEXTS, _OBJECTS = "buif", "UST", "O"
_FEWEST_ROWS = 2


class _NoValuesError(StudioError):
    """A column has neither numbers nor text, so that nobody can have meant it to be used."""


def column_names(data: object) -> tuple[str, ...]:
    """Return what formulas call the columns of `data`, whatever these hold; raises as `table_from`."""
    return identifier_names(title for title, _ in _keys_of(data))


def table_from(data: object, used: Sequence[str] | None = None, needed: Sequence[str] = ()) -> Table:
    """Return a table of columns of `data`, which are copied.

    Parameters
    ----------
    data : mapping of names to arrays, structured array, or data frame
        A data frame has ``columns`` (or ``column_names``) and gives a column by ``data[name]``, as those of pandas,
        Polars and Arrow do. A column of text becomes the places of its labels in their order.
    used : sequence of str, optional
        At least one name or title of a column: only these are in the table, and all others may hold anything. Where
        not given, all that have a number or are text are in it; one of dates is left out.
    needed : sequence of str
        Names or titles of columns that are not left out.

    Raises
    ------
    StudioError
        Where it is none of these; where columns have one name, or there is none of a name; where those in the table
        have lengths that differ, fewer than two rows, or hold something else than numbers or text; where a value in
        them is missing or not finite.
    """
    keys = _keys_of(data)
    titles = tuple(title for title, _ in keys)
    names = identifier_names(titles)
    sure = {column_named(name, names, titles) for name in (*needed, *(used or ()))}
    arrays: dict[str, NDArray[Any]] = {}
    left_out: list[StudioError] = []
    for name, (title, key) in zip(names, keys, strict=True):
        if used is not None and name not in sure:
            continue
        try:
            arrays[name] = _array(title, _column(data, title, key))
        except _NoValuesError as error:
            if name in sure:
                raise
            left_out.append(error)
    if not arrays:
        raise left_out[0]
    return _table(dict(zip(names, titles, strict=True)), arrays)


def _table(titles: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> Table:
    """Return the table of columns of numbers and of text, of which each name has a title."""
    first = next(iter(arrays))
    rows = len(arrays[first])
    for name, array in arrays.items():
        if len(array) != rows:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "The column {name} has {count:# value|# values}, but {first} has {rows}."
                ),
                name=shown(titles[name]), count=Count(len(array)), first=shown(titles[first]), rows=rows,
            )
    if rows < _FEWEST_ROWS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The data have {rows:# row|# rows}; at least {bound} are needed."),
            rows=Count(rows), bound=_FEWEST_ROWS,
        )
    values = np.empty((len(arrays), rows))
    classes = {}
    for place, (name, array) in enumerate(arrays.items()):
        if array.dtype.kind in _NUMBERS:
            values[place] = _finite(titles[name], array)
        else:
            classes[name], values[place] = _coded(titles[name], array)
    return Table(tuple(arrays), tuple(titles[name] for name in arrays), values, classes)


def _keys_of(data: Any) -> list[tuple[str, Any]]:
    """Return the title of each column and what the data know it by, no two titles alike."""
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
    titles = [str(key) for key in keys]
    seen: set[str] = set()
    for title in titles:
        if title in seen:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "Two columns are called {name}."), name=shown(title))
        seen.add(title)
    return list(zip(titles, keys, strict=True))


def _column(data: Any, title: str, key: object) -> Any:
    try:
        return data[key]
    except Exception as error:  # whatever a stranger's object does when it cannot
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The data do not give their column {name}; a frame that is not worked out yet must be collected first.",
            ),
            name=shown(title),
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
    if array.dtype.kind not in _NUMBERS + _TEXTS + _OBJECTS:
        raise _NoValuesError(
            QT_TRANSLATE_NOOP("Errors", "The column {name} holds values of type {kind}; it must hold numbers or text."),
            name=shown(name), kind=array.dtype,
        )
    if isinstance(column, np.ma.MaskedArray) and np.ma.getmaskarray(column).any():
        raise _unfit(name, int(np.ma.getmaskarray(column).argmax()), "--")
    if array.dtype.kind == _OBJECTS:
        return _unwrapped(name, array)
    return np.strings.decode(array, "utf-8", "replace") if array.dtype.kind == "S" else array


def _unwrapped(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of Python's objects as one of text where all are text, else of numbers."""
    texts = np.fromiter((isinstance(value, str) for value in array), dtype=bool, count=len(array))
    if texts.all() and len(texts):
        return array.astype(str)
    # A text or a date that is missing is no reason to ask for what nobody uses, but a number among them may be.
    refusal = StudioError if any(map(_is_number, array)) else _NoValuesError
    if texts.any():
        row = int(texts.argmin())
        raise refusal(
            QT_TRANSLATE_NOOP("Errors", "The column {name} holds text, but {value} in row {row} (counted from 0)."),
            name=shown(name), value=shown(array[row]), row=row,
        )
    numbers = np.empty(len(array))
    for row, value in enumerate(array):
        try:
            numbers[row] = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise _unfit(name, row, value, refusal) from error
    return numbers


def _is_number(value: Any) -> bool:
    """Return whether one of Python's objects is a number, however large, and not the NaN of what is missing."""
    try:
        return not isinstance(value, str) and math.isfinite(value)
    except OverflowError:
        return True
    except (TypeError, ValueError):
        return False


def _unfit(name: str, row: int, value: object, refusal: type[StudioError] = StudioError) -> StudioError:
    return refusal(
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
