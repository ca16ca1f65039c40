"""Changing an optimizer and what is around it, in documents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment import editing
from gdstudio.experiment.build import descent_of, hyperparameters_of, parameters_of, recipe_of
from gdstudio.experiment.checking import check
from gdstudio.experiment.document import Experiment, Problem, Run

if TYPE_CHECKING:
    from collections.abc import Callable

_COSINE, _STEP, _CLIP = Addition("cosine"), Addition("step"), Addition("clip_norm")
_OWN = "theta = theta - learning_rate * speed * g"
BOWL = Experiment(
    problem=Problem(key="bowl"), start=(1.0, 2.0), runs=(Run(), Run(optimizer="gd", slot=1)),
    stopping=Stopping(iterations=77),
)


def _keys(run: Run) -> set[str]:
    return {addition.key for addition in recipe_of(run).additions}


def test_an_addition_is_put_around_with_its_numbers_and_taken_away_with_them() -> None:
    clipped = editing.put_around(BOWL, 0, _CLIP, {"clip_norm": 0.5})
    assert clipped.runs[0] == Run(additions=(_CLIP,), hyperparameters={"clip_norm": 0.5})
    assert clipped.runs[1] is BOWL.runs[1]
    check(clipped)
    assert editing.take_away(clipped, 0, "clip_norm") == BOWL
    assert editing.take_away(BOWL, 0, "clip_norm") == BOWL


def test_a_schedule_takes_the_place_of_another_and_lasts_as_long_as_the_run() -> None:
    first = editing.put_around(editing.put_around(BOWL, 0, _CLIP), 0, _COSINE)
    assert first.runs[0].hyperparameters == {"schedule_iterations": 77.0}
    second = editing.put_around(first, 0, _STEP, {"schedule_size": 9.0})
    assert _keys(second.runs[0]) == {"clip_norm", "step"}
    assert second.runs[0].hyperparameters == {"schedule_size": 9.0}
    again = editing.put_around(first, 0, _COSINE, {"schedule_end": 0.1})
    assert again.runs[0].hyperparameters == {"schedule_iterations": 77.0, "schedule_end": 0.1}


def test_a_weight_decay_that_is_set_is_around_the_optimizer() -> None:
    decaying = editing.set_hyperparameter(BOWL, 0, "weight_decay", 0.1)
    assert _keys(decaying.runs[0]) == {"weight_decay"}
    assert editing.take_away(decaying, 0, "weight_decay") == BOWL
    descent = descent_of(decaying, 0)
    assert descent.hyperparameters["weight_decay"] == 0.1


def test_a_change_drops_the_log_of_live_changes() -> None:
    logged = editing.change_hyperparameter(BOWL, 0, "beta1", 0.5, 3)
    for changed in (
        editing.put_around(logged, 0, _CLIP), editing.take_away(logged, 0, "clip_norm"),
        editing.change_optimizer(logged, 0, "gd"),
    ):
        assert changed.runs[0].changes == ()


def test_another_optimizer_keeps_what_is_around_it() -> None:
    around = editing.put_around(editing.set_hyperparameter(BOWL, 0, "beta1", 0.5), 0, _CLIP, {"clip_norm": 2.0})
    changed = editing.change_optimizer(around, 0, "rmsprop", "keras")
    run = changed.runs[0]
    assert (run.optimizer, run.convention, run.hyperparameters) == ("rmsprop", "keras", {"clip_norm": 2.0})
    assert _keys(run) == {"clip_norm"}
    check(changed)
    # A method that searches its own step can have nothing around it.
    searching = editing.change_optimizer(around, 0, "bfgs")
    assert searching.runs[0] == Run(optimizer="bfgs")
    check(searching)


def test_weight_decay_of_its_own_begins_at_its_default() -> None:
    decaying = editing.set_hyperparameter(BOWL, 1, "weight_decay", 0.5)
    changed = editing.change_optimizer(decaying, 1, "adamw")
    assert changed.runs[1].hyperparameters == {}
    assert hyperparameters_of(changed.problem, changed.runs[1])["weight_decay"] == 0.01


def test_a_users_own_optimizer_is_one_like_any_other() -> None:
    own = editing.change_optimizer(BOWL, 0, "Mine", equations=_OWN)
    assert [parameter.key for parameter in parameters_of(own.runs[0])] == ["learning_rate", "speed"]
    check(editing.put_around(own, 0, _COSINE))
    check(editing.duplicate_run(own, 0))
    assert not editing.goes_on(own, editing.change_optimizer(own, 0, "Mine", equations=_OWN + " / 2"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda: editing.change_optimizer(BOWL, 0, "adm"), "no optimizer called adm"),
        (lambda: editing.change_optimizer(BOWL, 0, "lion", "pytorch"), "no convention called pytorch"),
        (lambda: editing.change_optimizer(BOWL, 0, "Mine", equations="theta = g +"), "ends where a number"),
        (
            lambda: editing.put_around(editing.change_optimizer(BOWL, 0, "newton"), 0, _CLIP),
            "searches its own step",
        ),
    ],
)
def test_what_does_not_fit_is_said(changed: Callable[[], object], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        changed()


def test_another_problem_has_its_own_rates() -> None:
    experiment = editing.put_around(
        editing.set_hyperparameter(BOWL, 1, "learning_rate", 0.3), 1, Addition("one_cycle"), {"schedule_peak": 0.9}
    )
    moved = editing.choose_problem(experiment, "rosenbrock")
    assert moved.runs[1].hyperparameters == {"schedule_iterations": 77.0}
    values = hyperparameters_of(moved.problem, moved.runs[1])
    assert values["schedule_peak"] == values["learning_rate"] != 0.3


def test_a_method_without_a_rate_keeps_going_on_a_formula() -> None:
    searching = replace(BOWL, runs=(Run(optimizer="trust_newton"), Run(optimizer="gd", slot=1)))
    typed = editing.set_formula(searching, "x^2 + y^2")
    assert typed.runs[0].hyperparameters == {}
    assert set(typed.runs[1].hyperparameters) == {"learning_rate"}
