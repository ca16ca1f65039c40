"""The worker says when the window can look at an experiment for the first time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.experiment.document import Problem
from gdstudio.experiment.greeting import greeting
from gdstudio.runner.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def runner(qapp: object) -> Iterator[Runner]:
    runner = Runner()
    runner.start()
    yield runner
    assert runner.close()


def test_the_first_look_at_each_experiment_is_told(runner: Runner, qtbot: QtBot) -> None:
    for number, start in enumerate(((-1.2, 1.0), (0.3, 0.4)), start=1):
        with qtbot.waitSignal(runner.begun):
            assert runner.compute(replace(greeting(), start=start), 500) == number
        snapshot = runner.collect()["snapshot"]
        assert snapshot.generation == number
        assert snapshot.runs[0].theta[0].tolist() == list(start)


@pytest.mark.parametrize("misfits", [(0,), (2,), (0, 1, 2, 3)])
def test_a_run_that_does_not_fit_keeps_no_other_from_running(
    runner: Runner, qtbot: QtBot, misfits: tuple[int, ...]
) -> None:
    runs = tuple(
        replace(run, optimizer="muon", hyperparameters={}) if index in misfits else run
        for index, run in enumerate(greeting().runs)
    )
    with qtbot.waitSignal(runner.begun):
        runner.compute(replace(greeting(), runs=runs), 500)
    snapshot = runner.collect()["snapshot"]
    assert snapshot.error is None
    assert "matrices" in str(snapshot.refusal)
    for index, run in enumerate(snapshot.runs):
        assert (run.refusal is not None) == (index in misfits)
        assert (len(run.theta) > 0) == (index not in misfits)
        assert run.theta.shape[1] == 2
        assert run.iterations == max(len(run.theta) - 1, 0)
    assert snapshot.complete == all(run.ended or run.iterations >= 500 for run in snapshot.runs)


def test_the_others_are_not_begun_anew_when_one_fits_no_more(runner: Runner, qtbot: QtBot) -> None:
    first = greeting()
    misfit = replace(first.runs[0], optimizer="muon", hyperparameters={})
    views = []
    for experiment in (first, replace(first, runs=(misfit, *first.runs[1:])), first):
        with qtbot.waitSignal(runner.begun):
            runner.compute(experiment, 500)
        views.append(runner.collect()["snapshot"].runs)
    assert views[1][0].refusal is not None
    assert views[2][0].refusal is None
    # rows are shared where a run goes on
    assert all(np.shares_memory(views[1][index].theta, views[2][index].theta) for index in (1, 2, 3))


def test_an_experiment_that_cannot_be_built_is_told_too(runner: Runner, qtbot: QtBot) -> None:
    unreadable = replace(greeting(), problem=Problem(text="x^2 +"))
    with qtbot.waitSignal(runner.begun):
        runner.compute(unreadable, 500)
    assert runner.collect()["snapshot"].error is not None
