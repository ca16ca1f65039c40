"""What a descent on data is given: the chosen columns, standardised if asked for, and which rows it may learn from.

A row's place in the split hangs on the seed and the row's own number alone, so that a sample that is added or erased by
hand leaves the others where they are, and every run of a race learns from the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.data.progress import go_on
from gdstudio.engine.errors import StudioError
from gdstudio.engine.sampling import SPLIT_STREAM, generator
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.data.selection import Selection
    from gdstudio.data.table import Table

_FEWEST_TRAINING = 2


class Scaling(NamedTuple):
    """What was taken off each feature and what it was divided by, in the order of the features."""

    mean: NDArray[np.float64]
    std: NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """Columns ready for a model, and the division of their rows.

    Parameters
    ----------
    features : tuple of str
        The columns that the target is predicted from.
    target : str
        The column that is predicted. A classifier's holds the places of `classes`, 0 and up.
    names : tuple of str
        Of all columns: the features, the target, the others.
    values : ndarray, shape (len(names), rows)
        C-contiguous, read-only; the features standardised where `scaling` says so.
    train, held_out : ndarray of int64
        Numbers of the rows to learn from and of those that are set aside, ascending; each row is in one of them.
    classes : tuple of str
        What a classifier tells apart; empty where the target is a number.
    levels : tuple of float
        What stands for each class in the source.
    scaling : Scaling or None
        How the features were standardised, from the training rows.
    """

    features: tuple[str, ...]
    target: str
    names: tuple[str, ...]
    values: NDArray[np.float64]
    train: NDArray[np.int64]
    held_out: NDArray[np.int64]
    classes: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    scaling: Scaling | None = None

    def columns(self, rows: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Return each column's numbers in `rows`, shape (len(rows),); of all rows in order, without a copy.

        Parameters
        ----------
        rows : ndarray of int64
            Such as `train` or `held_out`: numbers of rows, ascending, no two alike.
        """
        chosen = self.values if len(rows) == self.values.shape[1] else self.values[:, rows]
        return dict(zip(self.names, chosen, strict=True))


def samples(
    table: Table, selection: Selection, standardize: bool = False, held_out: float = 0.0, seed: int = 0,
    numbers: NDArray[np.int64] | None = None,
) -> Samples:
    """Return the columns of a selection, divided into rows to learn from and rows held out.

    Parameters
    ----------
    table : Table
        The data.
    selection : Selection
        Of the table's columns.
    standardize : bool
        Whether each feature is brought to mean 0 and standard deviation 1 over the training rows.
    held_out : float
        Fraction of the rows to set aside, in [0, 1): at least one where it is not 0, and at least two are left.
    seed : int
        Of the split, from 0.
    numbers : ndarray of int64, shape (rows,), optional
        What decides a row's place in the split where it is not its place in the table, as after samples were erased
        (`gdstudio.data.edits.Edits.numbers`).

    Raises
    ------
    StudioError
        Where there are too few rows, a feature that is to be standardised is constant in the training rows, or these
        are all of one class.
    """
    go_on()
    train, aside = _split(table.rows, held_out, seed, numbers)
    chosen = {selection.target, *selection.features}
    others = tuple(name for name in table.names if name not in chosen)
    names = (*selection.features, selection.target, *others)
    go_on()
    relabelled = bool(selection.levels) and selection.levels != tuple(range(len(selection.levels)))
    if names == table.names and not standardize and not relabelled:
        values = table.values
    else:
        places = {name: place for place, name in enumerate(table.names)}
        values = table.values[[places[name] for name in names]]
    place = len(selection.features)
    if relabelled:
        values[place] = np.searchsorted(selection.levels, values[place])
    if selection.classes:
        _check_classes(selection, values[place], train)
    scaling = _standardize(values[:place], selection.features, train) if standardize else None
    values.flags.writeable = False
    return Samples(
        selection.features, selection.target, names, values, train, aside, selection.classes, selection.levels, scaling
    )


def _split(
    rows: int, fraction: float, seed: int, numbers: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows to learn from and those held out: the ones that drew the smallest numbers."""
    if not 0.0 <= fraction < 1.0:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The held-out fraction must lie in [0, 1), not {value}."), value=f"{fraction:g}"
        )
    fewest = _FEWEST_TRAINING + (fraction > 0.0)
    if rows < fewest:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There {rows:is # sample|are # samples}; at least {bound} are needed."),
            rows=Count(rows), bound=fewest,
        )
    every = np.arange(rows)
    if fraction == 0.0:
        return every, every[:0]
    every = every if numbers is None else numbers
    draws = generator(seed, SPLIT_STREAM, 0).random(int(every.max()) + 1)[every]
    count = min(max(round(fraction * rows), 1), rows - _FEWEST_TRAINING)
    aside = np.zeros(rows, dtype=bool)
    aside[np.argsort(draws, kind="stable")[:count]] = True
    return np.flatnonzero(~aside), np.flatnonzero(aside)


def _check_classes(selection: Selection, codes: NDArray[np.float64], train: NDArray[np.int64]) -> None:
    if codes[train].min() == codes[train].max():
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "All samples to learn from have {name} = {label}; hold out fewer samples, or take another "
                "seed of the split.",
            ),
            name=selection.target, label=selection.classes[int(codes[train[0]])],
        )


def _standardize(features: NDArray[np.float64], names: tuple[str, ...], train: NDArray[np.int64]) -> Scaling:
    """Bring each row of `features` to mean 0 and standard deviation 1 over the samples `train`, in place."""
    means, stds = np.empty(len(names)), np.empty(len(names))
    for place, (name, values) in enumerate(zip(names, features, strict=True)):
        go_on()
        known = values if len(train) == len(values) else values[train]
        if known.min() == known.max():
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "The feature {name} is {value} in every sample to learn from, so it cannot be standardised; "
                    "leave it out of the features.",
                ),
                name=name, value=f"{known[0]:g}",
            )
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            means[place], stds[place] = known.mean(), known.std()
            values -= means[place]
            values /= stds[place]
        if not np.isfinite(values).all():
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "The feature {name} reaches too far to be standardised: its numbers leave the range of "
                    "floating-point numbers.",
                ),
                name=name,
            )
    return Scaling(means, stds)
