"""How a person changes a loss over data: its source, model, columns, samples and batches; see `editing`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.data.edits import Edits
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import data_of, start_of, text_of, variables_of
from gdstudio.experiment.carried import fitting, kept_runs, suited, with_fitting_batches, without_idle_steps
from gdstudio.experiment.document import Data, Problem, Source
from gdstudio.experiment.editing import text_with_numbers
from gdstudio.experiment.offers import columns_of
from gdstudio.experiment.sampled import model_row, sampled, table_of
from gdstudio.experiment.suited import shown_over_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gdstudio.engine.sampling import Order
    from gdstudio.experiment.document import Experiment

# What is fitted to data of a task unless a person says otherwise.
USUAL_MODEL = {"regression": "linear", "binary": "logistic", "classes": "softmax"}


def choose_data(
    experiment: Experiment, source: Source, target: str | None = None, features: Sequence[str] | None = None,
    standardize: bool = False,
) -> Experiment:
    """Return the experiment with other data, and a model that suits their target.

    Parameters
    ----------
    source : Source
        Where the data come from.
    target, features, standardize
        As of `document.Data`.

    Raises
    ------
    StudioError
        Where the data cannot be read, or nothing can be fitted to them.
    """
    chosen = None if features is None else tuple(features)
    data = Data(source=source, target=target, features=chosen, standardize=standardize)
    return _with_problem(experiment, Problem(model=USUAL_MODEL[_task_of(data)], data=data), anew=True)


def _task_of(data: Data) -> str:
    """Return what the target looks like: a number, or one of some classes; of a data set it is said."""
    if data.source.key is not None:
        from gdstudio.data.datasets import DATASETS

        row = DATASETS[data.source.key]
        if data.target in (None, row.target):
            return row.task
    table = table_of(data)
    called = {**dict(zip(table.titles, table.names, strict=True)), **dict(zip(table.names, table.names, strict=True))}
    labels = table.classes.get(table.names[-1] if data.target is None else called.get(data.target, ""))
    if labels is None:
        return "regression"
    return "binary" if len(labels) == 2 else "classes"


def choose_model(experiment: Experiment, key: str | None) -> Experiment:
    """Return the experiment with another model of its data; None takes the present loss as text, to be edited."""
    problem = experiment.problem
    data = _data(problem)
    if key is None:
        changed = Problem(text=_text_alone(problem), penalty=problem.penalty, data=data)
    else:
        changed = Problem(model=key, data=data, penalty=_listed(problem.penalty))
    return _with_problem(experiment, changed)


def _text_alone(problem: Problem) -> str:
    """Return the loss of one sample as text, its numbers written out, without the penalty that is added to it."""
    if problem.model is None:
        return text_of(problem)
    own = (parameter.key for parameter in model_row(problem).options_for(problem.loss))
    alone = replace(problem, penalty=None, parameters=_only(problem.parameters, own))
    if text_of(alone):
        return text_with_numbers(alone)
    samples = sampled(problem).samples
    return f"(w*{samples.features[0]} + b - {samples.target})^2"


def _listed(penalty: str | None) -> str | None:
    """Return a penalty that suits every model: one of the table."""
    from gdstudio.engine.models.penalties import PENALTIES

    return penalty if penalty is not None and penalty.partition(":")[0] in PENALTIES else None


def choose_loss(experiment: Experiment, key: str) -> Experiment:
    """Return the experiment with another loss of its model."""
    problem = replace(experiment.problem, loss=key)
    kept = {parameter.key for parameter in model_row(problem).options_for(key)}
    return _with_problem(experiment, replace(problem, parameters=_only(problem.parameters, kept)))


def _only(numbers: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    known = set(names)
    return {name: value for name, value in numbers.items() if name in known}


def set_loss_text(experiment: Experiment, text: str) -> Experiment:
    """Return the experiment with a typed loss of one sample; parameters that stay keep their start.

    Raises
    ------
    StudioError
        Where the text is no loss over these data.
    """
    problem = experiment.problem
    return _with_problem(experiment, Problem(text=text, penalty=problem.penalty, data=_data(problem)))


def set_penalty(experiment: Experiment, penalty: str | None) -> Experiment:
    """Return the experiment with another penalty, listed or typed; None takes it away."""
    problem = experiment.problem
    own = () if problem.model is None else model_row(problem).options_for(problem.loss)
    kept = _only(problem.parameters, (parameter.key for parameter in own))
    if problem.key is not None:
        problem = Problem(text=text_of(problem), data=_data(problem))
    return _with_problem(experiment, replace(problem, penalty=penalty, parameters=kept))


def set_number_over_data(experiment: Experiment, name: str, value: float) -> Experiment:
    """Return the experiment with a number of its model, loss or penalty set."""
    problem = experiment.problem
    return _with_problem(experiment, replace(problem, parameters={**problem.parameters, name: value}))


def set_target(experiment: Experiment, target: str) -> Experiment:
    """Return the experiment with another column to predict; a model of the other kind where this one cannot."""
    problem = experiment.problem
    data = _data(problem)
    features = data.features
    if features is not None:
        # The old target takes the place of the new one, if it holds numbers.
        old = sampled(problem).samples.target
        labels = {column.name for column in columns_of(data) if column.labels}
        features = tuple(old if name == target else name for name in features)
        features = tuple(name for name in features if name not in labels) or None
    data = replace(data, target=target, features=features)
    if problem.model is None:
        typed = replace(problem, data=data) if problem.key is None else Problem(text=text_of(problem), data=data)
        return _with_problem(experiment, typed)
    task = _task_of(data)
    usual = Problem(model=USUAL_MODEL[task], data=data)
    if (task == "regression") != (model_row(problem).task == "regression"):
        return _with_problem(experiment, usual)
    try:
        return _with_problem(experiment, replace(problem, data=data))
    except StudioError:
        return _with_problem(experiment, usual)


def set_features(experiment: Experiment, features: Sequence[str]) -> Experiment:
    """Return the experiment with other columns to predict from, in the order of the parameters.

    Raises
    ------
    StudioError
        Where there is none, or one cannot be a feature.
    """
    if not features:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{target} must be predicted from at least one feature; choose another first."),
            target=sampled(experiment.problem).samples.target,
        )
    return _with_data(experiment, replace(_data(experiment.problem), features=tuple(features)))


def set_feature(experiment: Experiment, name: str, used: bool) -> Experiment:
    """Return the experiment with one column more or less to predict from, in the order of the data."""
    features = {*sampled(experiment.problem).samples.features, name} - (set() if used else {name})
    names = (column.name for column in columns_of(_data(experiment.problem)))
    return set_features(experiment, [each for each in names if each in features])


def set_standardize(experiment: Experiment, standardize: bool) -> Experiment:
    """Return the experiment with its features standardised or as they are."""
    return _with_data(experiment, replace(_data(experiment.problem), standardize=standardize))


def set_held_out(experiment: Experiment, share: float, seed: int | None = None) -> Experiment:
    """Return the experiment with another share of samples held out, or others of them."""
    data = _data(experiment.problem)
    data = replace(data, held_out=share, split_seed=data.split_seed if seed is None else seed)
    return _with_data(experiment, data)


def set_number_of_source(experiment: Experiment, name: str, value: float) -> Experiment:
    """Return the experiment with a number of the generator of its data set; edits by hand are gone."""
    data = _data(experiment.problem)
    source = replace(data.source, numbers={**data.source.numbers, name: value})
    return _with_data(experiment, replace(data, source=source, edits=Edits()))


def move_sample(experiment: Experiment, row: int, values: Mapping[str, float]) -> Experiment:
    """Return the experiment with a sample moved; `row` numbers the samples that are shown.

    Parameters
    ----------
    values : mapping of str to float
        By the name of the column, as the source has it: not standardised.
    """
    data = _data(experiment.problem)
    return _with_data(experiment, replace(data, edits=data.edits.moved(_number(data, row), values)))


def add_sample(experiment: Experiment, values: Mapping[str, float]) -> Experiment:
    """Return the experiment with one more sample; columns that are not named have their mean."""
    data = _data(experiment.problem)
    return _with_data(experiment, replace(data, edits=data.edits.with_row(values)))


def erase_samples(experiment: Experiment, rows: Iterable[int]) -> Experiment:
    """Return the experiment without some samples, numbered as they are shown."""
    data = _data(experiment.problem)
    return _with_data(experiment, replace(data, edits=data.edits.without(_number(data, row) for row in rows)))


def _number(data: Data, row: int) -> int:
    """Return the number of a sample among those of the source and the added ones."""
    if not data.edits.erased:
        return row
    rows = table_of(data).rows - len(data.edits.added) + len(data.edits.erased)
    return int(data.edits.numbers(rows)[row])


def set_batching(
    experiment: Experiment, index: int, *, order: Order | None = None, drop_last: bool | None = None,
    accumulate: int | None = None,
) -> Experiment:
    """Return the experiment with another way for a run to draw its batches; None leaves a part as it is."""
    run = experiment.runs[index]
    changed = replace(
        run,
        order=run.order if order is None else order,
        drop_last=run.drop_last if drop_last is None else drop_last,
        accumulate=run.accumulate if accumulate is None else accumulate,
        changes=(),
    )
    return replace(experiment, runs=(*experiment.runs[:index], changed, *experiment.runs[index + 1:]))


def _data(problem: Problem) -> Data:
    data = data_of(problem)
    if data is None:
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "This problem has no data."))
    return data


def _with_data(experiment: Experiment, data: Data) -> Experiment:
    """Return the experiment with its data changed; a listed problem becomes its text over data of its own."""
    problem = experiment.problem
    if problem.key is not None:
        kept = replace(experiment, runs=kept_runs(experiment))
        return _with_problem(kept, Problem(text=text_of(problem), data=data))
    return _with_problem(experiment, replace(problem, data=data))


def _with_problem(experiment: Experiment, problem: Problem, *, anew: bool = False) -> Experiment:
    """Return the experiment with another loss over data; parameters that stay keep their start, unless `anew`."""
    names, before = variables_of(problem), variables_of(experiment.problem)
    start = start_of(problem)
    if not anew:
        known = dict(zip(before, experiment.start, strict=True))
        start = tuple(known.get(name, usual) for name, usual in zip(names, start, strict=True))
    samples = len(sampled(problem).samples.train)
    runs = with_fitting_batches(experiment.runs, samples) if names == before else suited(experiment.runs, samples)
    return replace(
        experiment,
        problem=problem,
        start=start,
        runs=without_idle_steps(runs, problem),
        stopping=fitting(experiment.stopping, len(names)),
        shown=experiment.shown if names == before else shown_over_data(problem),
        scale=experiment.scale if names == before else None,
    )
