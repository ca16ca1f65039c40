"""From what the document says of data to numbers: the samples, the loss of one of them, and the objective.

Everything here is found once for each of the last few documents, since a window asks for it again and again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gdstudio.data.progress import go_on, listener
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.names import shown, unknown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import data_of
from gdstudio.experiment.data_file import refuse_changed
from gdstudio.experiment.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.data.reading import RawTable
    from gdstudio.data.samples import Samples
    from gdstudio.data.table import Table
    from gdstudio.engine.models.penalties import Penalty
    from gdstudio.engine.models.row import ModelRow
    from gdstudio.engine.models.softmax import SoftmaxSpec
    from gdstudio.engine.models.spec import ModelSpec
    from gdstudio.engine.objective import Objective
    from gdstudio.engine.parameters import Parameter
    from gdstudio.experiment.document import Data, Problem, Source

# Documents that are kept: a person goes back and forth between a few.
KEPT = 6
_FILES_KEPT = 2


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column that a model does not predict from because it holds text, which nobody asked for by name.

    Parameters
    ----------
    column : str
        What the source calls it.
    text : str
        The first of its cells that is text.
    line : int or None
        Of the file where that stands, from 1; None where the data are no file.
    """

    column: str
    text: str
    line: int | None


@dataclass(frozen=True, eq=False)
class SampledLoss:
    """A loss over data.

    Attributes
    ----------
    samples : Samples
        The data, divided into those that are descended on and those held out.
    model : ModelSpec or SoftmaxSpec
        The loss of one sample, what it predicts, and where a descent begins.
    task : str or None
        "regression", "binary" or "classes"; None for a typed loss, of which that is not known.
    titles : mapping of str to str
        How the source calls each column.
    left_out : tuple of LeftOut
        Columns of text; none where features are named.
    """

    samples: Samples
    model: ModelSpec | SoftmaxSpec
    task: str | None
    titles: Mapping[str, str]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """How each column that is read is called here, by its title in the data."""
        read = {*self.model.columns.values(), self.samples.target}
        return {self.titles[name]: name for name in self.samples.names if name in read}

    @property
    def start(self) -> tuple[float, ...]:
        """Where a descent begins unless said otherwise, one number for each component."""
        return tuple(self.model.start.values())

    @cached_property
    def objective(self) -> Objective:
        """The mean over the training samples."""
        return self.over(self.samples.train)

    @cached_property
    def held_out(self) -> Objective | None:
        """The mean over the samples held out, or None where there are none."""
        return self.over(self.samples.held_out) if len(self.samples.held_out) else None

    def over(self, rows: NDArray[np.int64]) -> Objective:
        """Return the mean over some of the samples, by their numbers."""
        go_on()
        return self.model.objective(self.samples.columns(rows))


def sampled(problem: Problem) -> SampledLoss:
    """Return the loss over data that `problem` describes; it must have data, see `data_of`.

    Raises
    ------
    StudioError
        For whatever does not fit: the file, its cells, the target, features, the loss, the penalty.
    """
    return _sampled(problem)


def is_loaded(problem: Problem) -> bool:
    """Whether what stands behind a problem is there, so that asking for it takes no time."""
    return data_of(problem) is None or _sampled.knows(problem)


def raw_table(source: Source) -> RawTable:
    """Return the file of `source` as it was read, all columns of it; who listens to this thread hears how far it is.

    Raises
    ------
    StudioError
        Where it cannot be read; `Cancelled` where it is not wanted any more.
    """
    return _raw(replace(source, digest=None))


def _read(source: Source) -> RawTable:
    from gdstudio.data.reading import read_file

    assert source.file is not None
    refuse_changed(source)
    raw = read_file(source.file, source.format, listener(), mend=source.mend)
    # what was cut off or written to while it was read is neither the old file nor the new one
    refuse_changed(source)
    return raw


def table_of(data: Data, used: Sequence[str] | None = None, *, labelled: bool = False) -> Table:
    """Return the columns of `data`, edits included.

    Parameters
    ----------
    data : Data
        The source and what was changed in it.
    used : sequence of str, optional
        The columns that are read from a file, where only these need be without faults; those of the selection where
        not given.
    labelled : bool
        Whether the target is to be classes rather than a number.
    """
    from gdstudio.data.edits import apply

    source = data.source
    if source.table is not None:
        table = source.table
    elif source.key is not None:
        from gdstudio.data.datasets import table_of_dataset

        table = table_of_dataset(source.key, source.numbers)
    else:
        table = _columns_of_file(data, used, labelled=labelled)
    return apply(table, data.edits)


def _columns_of_file(data: Data, used: Sequence[str] | None, *, labelled: bool) -> Table:
    from gdstudio.data.reading import table_of as chosen_columns

    raw = raw_table(data.source)
    target = raw.named(data.target or raw.names[-1])
    if used is None:
        numeric = [name for name, kind in zip(raw.names, raw.kinds, strict=True) if kind == "number"]
        features = [raw.named(name) for name in data.features] if data.features is not None else numeric
        used = [*features, target]
    among = {*used, target}
    wanted = [name for name in raw.names if name in among]
    is_text = raw.kinds[raw.names.index(target)] == "text"
    return chosen_columns(raw, wanted, [target] if labelled or is_text else [], mend=data.source.mend)


def _make_sampled(problem: Problem) -> SampledLoss:
    data = data_of(problem)
    assert data is not None
    return _of_model(problem, data) if problem.model is not None else _of_text(problem, data)


def _of_model(problem: Problem, data: Data) -> SampledLoss:
    row = model_row(problem)
    table = table_of(data, labelled=row.task != "regression")
    left_out = _left_out(data, table) if data.features is None else ()
    samples = _samples(data, table, row.task)
    penalty = _penalty(problem)
    own = {parameter.key for parameter in row.options_for(problem.loss)}
    numbers = {} if penalty is None else penalty.numbers
    options = {name: value for name, value in problem.parameters.items() if name in own or name not in numbers}
    model = row.build(samples.features, samples.target, samples.classes, problem.loss, options, penalty)
    return SampledLoss(samples, model, row.task, _titles(table), left_out)


def _left_out(data: Data, table: Table) -> tuple[LeftOut, ...]:
    """Return the columns of text besides the target; a file that has no others besides it is refused."""
    if data.source.file is None:
        from gdstudio.data.selection import column_named

        target = column_named(data.target or table.names[-1], table.names, table.titles)
        titles = _titles(table)
        return tuple(
            LeftOut(titles[name], labels[int(table.column(name)[0])], None)
            for name, labels in table.classes.items() if name != target
        )
    from gdstudio.data.reading import first_text, refuse_without_numbers

    raw = raw_table(data.source)
    target = raw.named(data.target or raw.names[-1])
    refuse_without_numbers(raw, target)
    others = zip(raw.names, raw.titles, raw.kinds, strict=True)
    return tuple(
        LeftOut(title, *first_text(raw, name)) for name, title, kind in others if kind == "text" and name != target
    )


def _of_text(problem: Problem, data: Data) -> SampledLoss:
    from gdstudio.data.selection import column_named
    from gdstudio.engine.language.formula import formula
    from gdstudio.engine.models.spec import columns_read, typed_model

    row = PROBLEMS[problem.key] if problem.key is not None else None
    text = problem.text if row is None else row.text
    assert text is not None
    names = formula(text).inputs
    used = None
    if data.source.file is not None:
        raw = raw_table(data.source)
        read = columns_read(text, raw.names)
        features = [raw.named(name) for name in data.features or ()]
        # A column that neither the loss nor a person names need not be without faults.
        used = [name for name in raw.names if name in read or name in features]
        data = _with_target(data, [name for name in used if name not in features])
    table = table_of(data, used)
    if data.features is not None:
        features = [column_named(name, table.names, table.titles) for name in data.features]
        data = _with_target(data, [name for name in table.names if name in names and name not in features])
    target = data.target or table.names[-1]
    if data.features is None:
        chosen = tuple(name for name in table.names if name in names and name not in (target, *table.classes))
        data = replace(data, features=chosen)
    samples = _samples(data, table, None)
    penalty = _penalty(problem)
    model = typed_model(text, samples.names, samples.target, penalty)
    if row is not None:
        model = replace(model, start=dict(zip(model.start, row.start, strict=True)))
    known = {} if penalty is None else penalty.numbers
    for name in problem.parameters:
        if name not in known:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "This problem has no parameters of its own, so none called {name}."),
                name=shown(name),
            ) if not known else unknown(
                QT_TRANSLATE_NOOP("Errors", "This problem has no parameter called {name}; try {known}."), name, known
            )
    return SampledLoss(samples, model, None, _titles(table))


def _with_target(data: Data, columns: Sequence[str]) -> Data:
    """Return the data with the last of the columns that may be the target as that, unless a person named one."""
    return replace(data, target=data.target or (columns[-1] if columns else None))


def _titles(table: Table) -> dict[str, str]:
    return dict(zip(table.names, table.titles, strict=True))


def _penalty(problem: Problem) -> Penalty | None:
    """Return the penalty with the numbers that the problem sets."""
    if problem.penalty is None:
        return None
    from gdstudio.engine.models.penalties import read_penalty

    penalty = read_penalty(problem.penalty)
    if penalty.row is None:
        return penalty
    numbers = {
        parameter.key: parameter.check(problem.parameters.get(parameter.key, penalty.numbers[parameter.key]))
        for parameter in penalty.row.parameters
    }
    return replace(penalty, numbers=numbers)


def parameters_over_data(problem: Problem) -> tuple[tuple[Parameter, float], ...]:
    """Return the numbers of a loss over data that people may set, with what they are now.

    Raises
    ------
    StudioError
        Where there is no such model, loss or penalty.
    """
    penalty = _penalty(problem)
    options = model_row(problem).options_for(problem.loss) if problem.model is not None else ()
    values = problem.parameters
    found = [(parameter, values.get(parameter.key, parameter.default)) for parameter in options]
    if penalty is not None and penalty.row is not None:
        found += [(parameter, penalty.numbers[parameter.key]) for parameter in penalty.row.parameters]
    return tuple(found)


def _samples(data: Data, table: Table, task: str | None) -> Samples:
    from gdstudio.data.samples import samples
    from gdstudio.data.selection import select

    selection = select(table, data.target, data.features, task)
    numbers = data.edits.numbers(table.rows - len(data.edits.added) + len(data.edits.erased))
    return samples(table, selection, data.standardize, data.held_out, data.split_seed, numbers)


def model_row(problem: Problem) -> ModelRow:
    """Return the row of a problem's model.

    Raises
    ------
    StudioError
        Where there is no such model.
    """
    from gdstudio.engine.models import MODELS

    assert problem.model is not None
    if problem.model not in MODELS:
        raise unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no model called {name}; try {known}."), problem.model, MODELS
        )
    return MODELS[problem.model]


_sampled: Recent[Problem, SampledLoss] = Recent(_make_sampled, KEPT)
_raw: Recent[Source, RawTable] = Recent(_read, _FILES_KEPT)
