"""What there is to choose from for a problem: columns of its source, models that suit its target, its optimizers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from gdstudio.experiment.build import data_of, objective_of
from gdstudio.experiment.recent import Recent
from gdstudio.experiment.sampled import KEPT, raw_table, sampled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from gdstudio.data.table import Table
    from gdstudio.experiment.document import Data, Problem, Source
    from gdstudio.experiment.sampled import SampledLoss

# A column of numbers may stand for classes where it has at most so many values, all of them whole.
_MOST_CLASSES = 20
_FIRST_ROWS = 4096
_SUITING = {"regression": ("regression",), "binary": ("binary", "classes"), "classes": ("classes",)}


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of a source: its name in formulas, what the source calls it, and whether it holds labels, no numbers."""

    name: str
    title: str
    labels: bool


def columns_of(data: Data) -> tuple[SourceColumn, ...]:
    """Return all columns of a source, also those that no loss reads; raises as `sampled`."""
    return _columns_of(replace(data.source, digest=None))


def are_known(problem: Problem) -> bool:
    """Whether all that is to be chosen from for a loss over data is known, so that asking for it takes no time."""
    data = data_of(problem)
    if data is None:
        return True
    return _columns_of.knows(replace(data.source, digest=None)) and sampled(problem) in _models


def _read_columns(source: Source) -> tuple[SourceColumn, ...]:
    if source.file is not None:
        raw = raw_table(source)
        return _columns(raw.names, raw.titles, (kind == "text" for kind in raw.kinds))
    table: Table
    if source.table is not None:
        table = source.table
    else:
        from gdstudio.data.datasets import table_of_dataset

        table = table_of_dataset(str(source.key), source.numbers)
    return _columns(table.names, table.titles, (name in table.classes for name in table.names))


def _columns(names: Iterable[str], titles: Iterable[str], labels: Iterable[bool]) -> tuple[SourceColumn, ...]:
    return tuple(SourceColumn(*each) for each in zip(names, titles, labels, strict=True))


def suitable_models(problem: Problem) -> tuple[str, ...]:
    """Return the keys of the models that can be fitted to the target of a loss over data; raises as `sampled`."""
    from gdstudio.engine.models import MODELS

    loss = sampled(problem)
    if loss not in _models:
        data = data_of(problem)
        assert data is not None
        tasks = _tasks(loss, data)
        _models[loss] = tuple(key for key, row in MODELS.items() if row.task in tasks)
    return _models[loss]


def has_matrix(problem: Problem) -> bool:
    """Whether matrices are among the parameters, as some optimizers need; raises as `objective_of`."""
    return objective_of(problem).blocks.has_matrix


def _tasks(loss: SampledLoss, data: Data) -> set[str]:
    """Return what may be made of the target: of the own one of a data set what it is made for."""
    samples = loss.samples
    if data.source.key is not None:
        from gdstudio.data.datasets import DATASETS

        row = DATASETS[data.source.key]
        if samples.target == row.target:
            return set(_SUITING[row.task])
    values = samples.values[samples.names.index(samples.target)]
    count = _classes_in(values)
    labelled = any(column.labels for column in columns_of(data) if column.name == samples.target)
    classes = {"classes"} | ({"binary"} if count == 2 else set()) if labelled or count >= 2 else set()
    return classes if labelled else classes | {"regression"}


def _classes_in(values: NDArray[np.float64]) -> int:
    """Return how many classes numbers may stand for, 0 where they are too many or not whole."""
    for part in (values[:_FIRST_ROWS], values):
        found = np.unique(part)
        if len(found) > _MOST_CLASSES or np.any(found != np.floor(found)):
            return 0
    return len(found)


_columns_of: Recent[Source, tuple[SourceColumn, ...]] = Recent(_read_columns, KEPT)
_models: WeakKeyDictionary[SampledLoss, tuple[str, ...]] = WeakKeyDictionary()
