"""The worker says when the window can look at an experiment for the first time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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


def test_an_experiment_that_cannot_be_built_is_told_too(runner: Runner, qtbot: QtBot) -> None:
    unreadable = replace(greeting(), problem=Problem(text="x^2 +"))
    with qtbot.waitSignal(runner.begun):
        runner.compute(unreadable, 500)
    assert runner.collect()["snapshot"].error is not None
