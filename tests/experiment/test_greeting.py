"""The first thing that anyone sees."""

from __future__ import annotations

from itertools import pairwise

from gdstudio.experiment.checking import check
from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.run import run_experiment

SPEED = 60.0


def test_it_plays_for_several_seconds_and_every_run_gets_somewhere_else() -> None:
    experiment = greeting()
    check(experiment)
    results = [run_experiment(experiment, index) for index in range(len(experiment.runs))]
    assert [result.experiment.runs[index].slot for index, result in enumerate(results)] == [0, 1, 2, 3]
    for result in results:
        assert 8.0 <= result.iterations / SPEED <= 20.0
        assert result.outcome == "iteration_limit"
        assert result.loss < 0.1 * result.trajectory.loss[0]
    ends = sorted(float(result.theta[0]) for result in results)
    assert min(after - before for before, after in pairwise(ends)) > 0.05


def test_it_is_made_anew_and_always_the_same() -> None:
    assert greeting() == greeting()
