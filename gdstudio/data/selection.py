"""Which column of a table is to be predicted, and from which: asked for by name, or decided by one rule.

The rule: the target is the last column, the features are all others that hold numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.tokens import near_matches
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.data.table import Table

MAXIMUM_CLASSES = 1_000
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts that columns play.

    Parameters
    ----------
    target : str
        Name of the column that is predicted.
    features : tuple of str
        Names of the columns that it is predicted from, in the order of the parameters.
    classes : tuple of str
        What a classifier tells apart, as it is written; empty where the target is a number.
    levels : tuple of float
        The number that stands for each class in the column, ascending.
    """

    target: str
    features: tuple[str, ...]
    classes: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()


def select(
    table: Table, target: str | None = None, features: Sequence[str] | None = None, task: str | None = None
) -> Selection:
    """Return target and features, as asked for or by the rule.

    Parameters
    ----------
    table : Table
        Where the columns are.
    target, features : str, sequence of str, optional
        Names or titles of columns.
    task : {"regression", "binary", "classes"}, optional
        What a model makes of the target. None for a typed loss, which may do with it, and with labels, what it likes,
        and need not have features.

    Raises
    ------
    StudioError
        Where there is no column of a name, one is named twice, the target is among the features, a feature holds
        labels, none is left, or the target does not suit the task.
    """
    goal = table.names[-1] if target is None else column_named(target, table.names, table.titles)
    if features is None:
        chosen = tuple(name for name in table.names if name != goal and name not in table.classes)
    else:
        known = set(table.names)
        chosen = tuple(
            name if name in known else column_named(name, table.names, table.titles) for name in features)
        _check_features(table, goal, chosen)
    if task is None:
        return Selection(goal, chosen)
    if not chosen:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "There is no column of numbers besides {target}, so nothing that a model can predict it from."
            ),
            target=goal,
        )
    if task != "regression":
        return Selection(goal, chosen, *_classes(table, goal, task))
    if goal in table.classes:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{name} holds labels ({labels}); a regression needs a target of numbers."
            ),
            name=goal, labels=_listed(table.classes[goal]),
        )
    return Selection(goal, chosen)


def column_named(name: str, names: Sequence[str], titles: Sequence[str]) -> str:
    """Return the identifier of the column that is called `name` in formulas or in its source.

    Parameters
    ----------
    name : str
        What a person wrote.
    names, titles : sequence of str
        What formulas and the source call each column.

    Raises
    ------
    StudioError
        Where there is none, with near matches.
    """
    if name in names:
        return name
    if name in titles:
        return names[titles.index(name)]
    raise StudioError(
        QT_TRANSLATE_NOOP("Errors", "The data have no column called {name}; try {known}."),
        name=shown(name), known=near_matches(name, names) or _listed(names),
    )


def _check_features(table: Table, target: str, features: tuple[str, ...]) -> None:
    seen: set[str] = set()
    for name in features:
        if name == target:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{name} is the target and cannot be a feature too; leave it out or choose another target."
                ),
                name=name,
            )
        if name in seen:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "The feature {name} is named twice."), name=name)
        seen.add(name)
        if name in table.classes:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "{name} holds labels ({labels}) and cannot be a feature; choose from {known}."
                ),
                name=name, labels=_listed(table.classes[name]),
                known=_listed(each for each in table.names if each not in table.classes and each != target),
            )


def _classes(table: Table, target: str, task: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the classes of a target and the numbers that stand for them."""
    found = np.unique(table.column(target))
    if target in table.classes:
        labels = table.classes[target]
        levels: tuple[float, ...] = tuple(float(code) for code in range(len(labels)))
    else:
        levels = tuple(float(value) + 0.0 for value in found[:MAXIMUM_CLASSES])
        labels = tuple(repr(level).removesuffix(".0") for level in levels)
    if len(found) < 2:
        only = labels[levels.index(float(found[0]))] if len(found) else ""
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "All samples have {name} = {label}; a classifier needs samples of at least two classes."
            ),
            name=target, label=shown(only),
        )
    count = max(len(found), len(labels))
    if count > MAXIMUM_CLASSES:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{name} has {count} different values; a classifier takes at most {bound}. Try another target."
            ),
            name=target, count=count, bound=MAXIMUM_CLASSES,
        )
    if task == "binary" and count != 2:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{name} has {count} classes ({labels}); this model takes two. Try softmax or another target."
            ),
            name=target, count=count, labels=_listed(labels),
        )
    return labels, levels


def _listed(names: Iterable[str]) -> str:
    """Return names as a message lists them: of many, the first dozen."""
    every = [shown(name) for name in names]
    return ", ".join(every[:_LISTED]) + (", ..." if len(every) > _LISTED else "")
