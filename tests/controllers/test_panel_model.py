"""From the experiment to the panel: numbers nobody set are resolved, nothing is shown that does not apply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdstudio.controllers.panel_model import Typing, first_problem, kind_of, panel_model
from gdstudio.engine.descent import Change
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import RUNNABLE
from gdstudio.experiment.build import descent_of, start_of
from gdstudio.experiment.document import Experiment, Problem, Run
from gdstudio.experiment.greeting import greeting
from gdstudio.views.equation import Equation
from gdstudio.views.panel.model import Mistake

EVERY_RUN = tuple(Run(optimizer=key, slot=slot) for slot, key in enumerate(RUNNABLE))


@pytest.mark.parametrize("key", PROBLEMS)
def test_every_problem_with_every_optimizer(key: str) -> None:
    problem = Problem(key=key)
    model = panel_model(
        Experiment(problem=problem, start=start_of(problem), runs=EVERY_RUN), None, None, frozenset({1})
    )
    assert model.problem.chosen == key
    assert model.problem.kind == kind_of(problem)
    assert [card.expanded for card in model.cards] == [index == 1 for index in range(len(EVERY_RUN))]
    for card, run in zip(model.cards, EVERY_RUN, strict=True):
        rates = {each.key: each.value for each in card.parameters}
        suggested = PROBLEMS[key].learning_rates.get(run.optimizer)
        assert suggested is None or rates["learning_rate"] == suggested
        assert all(each.parameter.check(each.value) == each.value for each in card.parameters)
    assert (model.seed is None) == (PROBLEMS[key].dataset is None)
    assert (model.stopping.stop_at_sign_change is None) == (len(PROBLEMS[key].start) > 1)
    assert (model.problem.data is None) == (PROBLEMS[key].dataset is None) == (model.stopping.epoch is None)
    assert {choice.key for choice in model.functions} == {each for each, row in PROBLEMS.items() if row.dataset is None}


def test_the_panel_shows_numbers_as_live_changes_left_them() -> None:
    run = replace(
        greeting().runs[0], changes=(Change(5, "learning_rate", 0.5), Change(9, "beta1", 0.1), Change(9, "beta1", 0.2))
    )
    model = panel_model(replace(greeting(), runs=(run,)), None, None, frozenset())
    values = {each.key: each.value for each in model.cards[0].parameters}
    assert (values["learning_rate"], values["beta1"], values["beta2"]) == (0.5, 0.2, 0.999)


def test_what_is_typed_stands_there_whatever_the_document_says() -> None:
    mistake = Mistake("Something is missing.", 4)
    model = panel_model(greeting(), Typing("5*x^", mistake), None, frozenset())
    assert (model.problem.kind, model.problem.text, model.problem.mistake) == ("formula", "5*x^", mistake)
    assert model.problem.chosen is None
    assert model.start.names == ("x", "y")


def test_a_formula_with_its_gradient() -> None:
    equation = Equation(b"<svg/>", "2x")
    problem = Problem(text="x^2")
    model = panel_model(Experiment(problem=problem, start=(1.0,), runs=()), None, equation, frozenset())
    assert model.problem.equation is equation
    assert model.problem.variables == ("x",)


def test_a_batch_of_more_samples_than_there_are_makes_no_epochs() -> None:
    problem = Problem(key="line_fit")
    run = Run(optimizer="gd", batch=10_001, drop_last=True)
    experiment = Experiment(problem=problem, start=start_of(problem), runs=(run,))
    assert panel_model(experiment, None, None, frozenset()).stopping.epoch is None
    with pytest.raises(StudioError, match="not 10001"):
        descent_of(experiment, 0)


@pytest.mark.parametrize("data", [False, True])
def test_the_first_problem_of_a_kind(data: bool) -> None:
    assert kind_of(Problem(key=first_problem(data=data))) == ("data" if data else "function")
