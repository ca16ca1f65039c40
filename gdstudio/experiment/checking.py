"""Checks a whole experiment that came from outside, so that nothing wrong in it surfaces later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, unknown
from gdstudio.engine.own_optimizer import MAXIMUM_NAME
from gdstudio.engine.stopping import MAXIMUM_ITERATIONS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import descent_of, objective_of, own_columns, parameters_of
from gdstudio.experiment.document import Run
from gdstudio.experiment.memory import check_memory
from gdstudio.experiment.numbers import whole_between

if TYPE_CHECKING:
    from gdstudio.experiment.document import Experiment

MAXIMUM_RUNS = 50


def check(experiment: Experiment) -> None:
    """Do nothing if every run of `experiment` can be made and shown.

    Raises
    ------
    StudioError
        For the first thing that does not fit, as the engine says it.
    """
    if len(experiment.runs) > MAXIMUM_RUNS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "An experiment has at most {most} runs, not {count}."),
            most=MAXIMUM_RUNS, count=len(experiment.runs),
        )
    dimension = objective_of(experiment.problem).dimension
    check_memory(experiment.stopping.iterations, dimension, [own_columns(run) for run in experiment.runs])
    _check_shown(experiment.shown, dimension)
    # A descent without iterations checks all that a long one checks, and takes no memory.
    # Where there is no run, any one checks the start.
    runs = experiment.runs or (Run(),)
    unmoved = replace(experiment, runs=runs, stopping=replace(experiment.stopping, iterations=0))
    for index, run in enumerate(runs):
        whole_between("accumulate", run.accumulate, 1, MAXIMUM_ITERATIONS)
        descent_of(unmoved, index, machine=False)
        _check_run(run)


def _check_shown(pair: tuple[int, int], dimension: int) -> None:
    if pair[0] == pair[1] or not all(0 <= index < max(dimension, 2) for index in pair):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The variables shown must be two different ones of {dimension}, counted from 0, not {pair}."
            ),
            dimension=dimension, pair=f"{pair[0]} and {pair[1]}",
        )


def _check_run(run: Run) -> None:
    if run.slot < 0:
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "A run's slot must be 0 or above, not {slot}."), slot=run.slot)
    if run.equations is not None and not (0 < len(run.optimizer) <= MAXIMUM_NAME and run.optimizer.isprintable()):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "A name has 1 to {bound} characters that can be seen."), bound=MAXIMUM_NAME
        )
    before = 0
    parameters = {parameter.key: parameter for parameter in parameters_of(run)}
    for change in run.changes:
        if change.iteration < before:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Live changes must stand in the order of their iterations, from 0 on.")
            )
        before = change.iteration
        if change.name not in parameters:
            raise unknown(
                QT_TRANSLATE_NOOP("Errors", "{optimizer} has no hyperparameter called {name}; try {known}."),
                shown(change.name), parameters, optimizer=shown(run.optimizer),
            )
        parameters[change.name].check(change.value)
