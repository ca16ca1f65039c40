"""Every way in which a person changes an experiment, as functions from one frozen document to the next.

A change of anything but a running hyperparameter starts the runs anew, so logs of live changes are dropped
here and in `carried`, and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.data.edits import Edits
from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.descent import Change
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.experiment.build import (
    data_of,
    hyperparameters_of,
    objective_of,
    parameters_of,
    recipe_of,
    row_of,
    samples_of,
    start_of,
    text_of,
    variables_of,
)
from gdstudio.experiment.carried import afresh, fitting, kept_runs, suited, without_idle_steps
from gdstudio.experiment.checking import MAXIMUM_RUNS
from gdstudio.experiment.document import Experiment, Problem, Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdstudio.engine.recipe import Addition
    from gdstudio.engine.stopping import Stopping

def goes_on(before: Experiment, after: Experiment) -> bool:
    """Return whether the cursor may stay where it is.

    It may where no run of `after` begins anew, since it differs in live changes or in what is shown at most, and where
    samples were changed by hand: the runs are others then, and are seen to change at the iteration that is shown.
    """
    return _computed(before) == _computed(after)


def _computed(experiment: Experiment) -> Experiment:
    """Return what decides where the runs go, live changes and samples changed by hand left out."""
    problem = experiment.problem
    if problem.data is not None:
        problem = replace(problem, data=replace(problem.data, edits=Edits()))
    runs = tuple(replace(run, changes=(), visible=True, slot=0) for run in experiment.runs)
    return replace(experiment, problem=problem, runs=runs, shown=(0, 1), scale=None)


def choose_problem(experiment: Experiment, key: str) -> Experiment:
    """Return the experiment with the listed problem `key`, at its own start and rates."""
    row = PROBLEMS[key]
    problem = Problem(key=key)
    return replace(
        experiment,
        problem=problem,
        start=row.start,
        runs=without_idle_steps(suited(experiment.runs, samples_of(problem)), problem),
        stopping=fitting(experiment.stopping, len(row.start)),
        shown=(0, 1),
        scale=None,
    )


def set_formula(experiment: Experiment, text: str) -> Experiment:
    """Return the experiment with the user's own formula; variables that stay keep their start.

    Raises
    ------
    StudioError
        Where `text` is no formula to descend on.
    """
    problem = Problem(text=text)
    names = variables_of(problem)
    row = row_of(experiment.problem)
    runs = kept_runs(experiment) if data_of(experiment.problem) is None else suited(experiment.runs, None)
    before = dict(zip(variables_of(experiment.problem), experiment.start, strict=True))
    start = tuple(before.get(name, usual) for name, usual in zip(names, start_of(problem), strict=True))
    return replace(
        experiment,
        problem=problem,
        start=start,
        runs=without_idle_steps(runs, problem),
        stopping=fitting(experiment.stopping, len(names)),
        shown=experiment.shown if max(experiment.shown) < len(names) else (0, 1),
        scale=experiment.scale if row is None else None,
    )


def text_with_numbers(problem: Problem) -> str:
    """Return the text of a problem with its own parameters written as numbers: a formula that means the same."""
    text = text_of(problem)
    goal = objective_of(problem)
    for name, value in zip(goal.program.parameters, goal.parameter_values.tolist(), strict=True):
        number = f"{value:.17g}" if value >= 0 else f"({value:.17g})"
        text = re.sub(rf"(?<![A-Za-z0-9_.]){name}(?![A-Za-z0-9_])", number, text)
    return text


def set_problem_parameter(experiment: Experiment, name: str, value: float) -> Experiment:
    """Return the experiment with one of its problem's own numbers set."""
    parameters = {**experiment.problem.parameters, name: value}
    return replace(
        experiment, problem=replace(experiment.problem, parameters=parameters), runs=afresh(experiment.runs)
    )


def set_start(experiment: Experiment, start: Sequence[float]) -> Experiment:
    """Return the experiment with another start, one number for each variable."""
    return replace(experiment, start=tuple(float(value) for value in start), runs=afresh(experiment.runs))


def reset_start(experiment: Experiment) -> Experiment:
    """Return the experiment at its row's start, or at 1 in every variable of a formula."""
    return set_start(experiment, start_of(experiment.problem))


def add_run(experiment: Experiment, optimizer: str) -> Experiment:
    """Return the experiment with one more run, in the first colour that is free; unchanged where it is full."""
    if len(experiment.runs) >= MAXIMUM_RUNS:
        return experiment
    return replace(
        experiment,
        runs=(*afresh(experiment.runs), Run(optimizer=optimizer, slot=_free_slot(experiment.runs))),
    )


def duplicate_run(experiment: Experiment, index: int) -> Experiment:
    """Return the experiment with a copy of a run behind it; unchanged where it is full."""
    if len(experiment.runs) >= MAXIMUM_RUNS:
        return experiment
    runs = list(afresh(experiment.runs))
    runs.insert(index + 1, replace(runs[index], slot=_free_slot(experiment.runs)))
    return replace(experiment, runs=tuple(runs))


def change_optimizer(
    experiment: Experiment, index: int, optimizer: str, convention: str | None = None, equations: str | None = None
) -> Experiment:
    """Return the experiment with another optimizer in a run; what is around it stays where the new one can have it.

    Parameters
    ----------
    optimizer, convention, equations
        As of `document.Run`.

    Raises
    ------
    StudioError
        Where there is no such optimizer or convention, or its equations cannot be read.
    """
    run = experiment.runs[index]
    alone = Run(optimizer=optimizer, convention=convention, equations=equations)
    own = {parameter.key for parameter in parameters_of(alone)}
    around = {
        name: value for name, value in run.hyperparameters.items()
        if name not in own and any(name in _numbers_of(addition) for addition in recipe_of(run).additions)
    }
    changed = replace(
        run, optimizer=optimizer, convention=convention, equations=equations, hyperparameters=around, changes=()
    )
    if not _fits(changed):
        changed = replace(changed, additions=(), hyperparameters={})
    return _with_run(experiment, index, changed)


def _numbers_of(addition: Addition) -> set[str]:
    return {parameter.key for parameter in ADDITIONS[addition.key].part_of(addition.text).parameters}


def _fits(run: Run) -> bool:
    try:
        return {parameter.key for parameter in parameters_of(run)} >= run.hyperparameters.keys()
    except StudioError:
        return False


def put_around(
    experiment: Experiment, index: int, addition: Addition, numbers: Mapping[str, float] | None = None
) -> Experiment:
    """Return the experiment with an addition around the optimizer of a run, in the place of one of its kind.

    Parameters
    ----------
    addition : Addition
        A schedule takes the place of the schedule, anything else that of the same key.
    numbers : mapping of str to float, optional
        Hyperparameters to set with it. A schedule of so many iterations has those of the run where nothing is said.

    Raises
    ------
    StudioError
        Where it cannot be put around that optimizer.
    """
    run = experiment.runs[index]
    kind = ADDITIONS[addition.key].kind
    replaced = [
        other for other in recipe_of(run).additions
        if other.key == addition.key or (kind == ADDITIONS[other.key].kind == "schedule")
    ]
    before = _without(run, replaced)
    wanted = _numbers_of(addition)
    values = {name: value for name, value in run.hyperparameters.items() if name in wanted} | dict(numbers or {})
    if "schedule_iterations" in wanted:
        values.setdefault("schedule_iterations", float(max(experiment.stopping.iterations, 1)))
    changed = replace(
        before, additions=(*before.additions, addition), hyperparameters={**before.hyperparameters, **values}
    )
    parameters_of(changed)
    return _with_run(experiment, index, changed)


def take_away(experiment: Experiment, index: int, key: str) -> Experiment:
    """Return the experiment without the addition `key` around the optimizer of a run, and without its numbers."""
    run = experiment.runs[index]
    gone = [addition for addition in recipe_of(run).additions if addition.key == key]
    return _with_run(experiment, index, _without(run, gone))


def _without(run: Run, gone: Sequence[Addition]) -> Run:
    keys = {addition.key for addition in gone}
    names = set().union(*map(_numbers_of, gone))
    return replace(
        run,
        additions=tuple(addition for addition in run.additions if addition.key not in keys),
        hyperparameters={name: value for name, value in run.hyperparameters.items() if name not in names},
        changes=(),
    )


def remove_run(experiment: Experiment, index: int) -> Experiment:
    """Return the experiment without a run."""
    return replace(experiment, runs=experiment.runs[:index] + experiment.runs[index + 1:])


def reset_run(experiment: Experiment, index: int) -> Experiment:
    """Return the experiment with a run at its suggested values."""
    return _with_run(experiment, index, replace(experiment.runs[index], hyperparameters={}, changes=()))


def toggle_run(experiment: Experiment, index: int) -> Experiment:
    """Return the experiment with a run shown if it was hidden and hidden if it was shown."""
    return _with_run(experiment, index, replace(experiment.runs[index], visible=not experiment.runs[index].visible))


def set_hyperparameter(experiment: Experiment, index: int, name: str, value: float) -> Experiment:
    """Return the experiment with a hyperparameter set from the start of the run on."""
    run = experiment.runs[index]
    changed = replace(run, hyperparameters={**run.hyperparameters, name: value}, changes=())
    return _with_run(experiment, index, changed)


def hyperparameter_now(experiment: Experiment, index: int, name: str) -> float:
    """Return a hyperparameter of a run as its last live change, or its start, has it."""
    run = experiment.runs[index]
    logged = {change.name: change.value for change in run.changes}
    return logged[name] if name in logged else hyperparameters_of(experiment.problem, run)[name]


def change_hyperparameter(experiment: Experiment, index: int, name: str, value: float, iteration: int) -> Experiment:
    """Return the experiment with a live change logged: `value` holds from the step after `iteration` on.

    Later changes are forgotten, as they have not happened; an earlier one of the same iteration is replaced.
    """
    run = experiment.runs[index]
    kept = tuple(
        change for change in run.changes
        if change.iteration < iteration or (change.iteration == iteration and change.name != name)
    )
    changed = replace(run, changes=(*kept, Change(iteration, name, value)))
    return _with_run(experiment, index, changed)


def set_batch(experiment: Experiment, index: int, batch: int | None) -> Experiment:
    """Return the experiment with another batch size of a run; None takes all samples."""
    return _with_run(experiment, index, replace(experiment.runs[index], batch=batch, changes=()))


def set_stopping(experiment: Experiment, stopping: Stopping) -> Experiment:
    """Return the experiment with another rule of stopping."""
    return replace(experiment, stopping=stopping)


def set_seed(experiment: Experiment, seed: int) -> Experiment:
    """Return the experiment with another seed."""
    return replace(experiment, seed=seed, runs=afresh(experiment.runs))


def _with_run(experiment: Experiment, index: int, run: Run) -> Experiment:
    runs = list(experiment.runs)
    runs[index] = run
    return replace(experiment, runs=tuple(runs))


def _free_slot(runs: Sequence[Run]) -> int:
    taken = {run.slot for run in runs}
    return next(slot for slot in range(len(runs) + 1) if slot not in taken)
