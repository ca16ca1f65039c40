"""What a person has done to a table by hand: samples moved, added and erased, kept apart from the data themselves.

Edits are values: each change makes new ones, so that undo is to go back to those before. Rows are numbered as in the
table with the added ones behind it, and an erased row keeps its number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes to a table.

    Parameters
    ----------
    changed : tuple of (int, str, float)
        Row, column and what stands there now. Brought into order: by row and column, of several numbers for a cell the
        last, none in an erased row.
    added : tuple of dict of str to float
        Rows behind the table's own: the numbers by column. Never changed in place.
    erased : tuple of int
        Numbers of the rows that are gone. Brought into order: ascending, none twice.
    """

    changed: tuple[tuple[int, str, float], ...] = ()
    added: tuple[dict[str, float], ...] = ()
    erased: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Bring what was changed and erased into the one order in which equal edits are equal."""
        gone = {*self.erased}
        cells = {(row, name): value for row, name, value in self.changed if row not in gone}
        object.__setattr__(self, "changed", tuple((*cell, cells[cell]) for cell in sorted(cells)))
        object.__setattr__(self, "erased", tuple(sorted(gone)))

    def moved(self, row: int, values: Mapping[str, float]) -> Edits:
        """Return the edits with other numbers in the columns `values` of a row."""
        cells = ((row, name, float(value)) for name, value in values.items())
        return replace(self, changed=(*self.changed, *cells))

    def with_row(self, values: Mapping[str, float]) -> Edits:
        """Return the edits with one more row, its numbers by column."""
        return replace(self, added=(*self.added, {name: float(value) for name, value in values.items()}))

    def without(self, rows: Iterable[int]) -> Edits:
        """Return the edits with some rows erased."""
        return replace(self, erased=(*self.erased, *(int(row) for row in rows)))

    def numbers(self, rows: int) -> NDArray[np.int64]:
        """Return the number of each row that is left, ascending, where the table itself has `rows` of them.

        Place i of the edited table shows row ``numbers(rows)[i]``.
        """
        left = np.ones(rows + len(self.added), dtype=bool)
        left[list(self.erased)] = False
        return np.flatnonzero(left)


def apply(table: Table, edits: Edits) -> Table:
    """Return the table as it is after the edits; the table itself where there are none.

    A table may hold some columns of its source only: what was changed in others is left out, and an added row has the
    mean of a column that it says nothing of.

    Raises
    ------
    StudioError
        Where they do not fit the table: an unknown row, a number that is not finite or stands for no label; or where
        fewer than two rows are left.
    """
    if edits == Edits():
        return table
    _check(table, edits)
    values = np.concatenate([table.values, _added(table, edits)], axis=1)
    places = {name: place for place, name in enumerate(table.names)}
    for row, name, value in edits.changed:
        if name in places:
            values[places[name], row] = value
    left = np.ascontiguousarray(values[:, edits.numbers(table.rows)]) if edits.erased else values
    if left.shape[1] < 2:
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "At least two samples must be left."))
    return Table(table.names, table.titles, left, table.classes)


def _check(table: Table, edits: Edits) -> None:
    rows = table.rows + len(edits.added)
    for row in (*edits.erased, *(cell[0] for cell in edits.changed)):
        if not 0 <= row < rows:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "There is no sample {row} to edit; they are numbered from 0 to {last}."),
                row=row, last=rows - 1,
            )
    cells = [
        *edits.changed,
        *((number, name, value) for number, row in enumerate(edits.added, table.rows) for name, value in row.items()),
    ]
    for row, name, value in cells:
        _check_value(table, row, name, value)


def _added(table: Table, edits: Edits) -> NDArray[np.float64]:
    """Return the numbers of the added rows, shape (columns, added rows)."""
    added = np.empty((len(table.names), len(edits.added)))
    if edits.added:
        for place, name in enumerate(table.names):
            mean = float(table.values[place].mean())
            usual = float(round(mean)) if name in table.classes else mean
            added[place] = [row.get(name, usual) for row in edits.added]
    return added


def _check_value(table: Table, row: int, name: str, value: float) -> None:
    if not np.isfinite(value):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "Sample {row} cannot have {name} = {value}; it must be a finite number."),
            row=row, name=name, value=value,
        )
    if name in table.classes and value not in range(len(table.classes[name])):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "Sample {row} cannot have {name} = {value}; its labels are numbered from 0 to {last}."
            ),
            row=row, name=name, value=f"{value:g}", last=len(table.classes[name]) - 1,
        )
