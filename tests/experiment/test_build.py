"""From the document to descents: defaults, errors, and logs of changes that replay to the same bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.descent import Change, Descent
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.recipe import Addition
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment.build import (
    advance_with_changes,
    descent_of,
    hyperparameters_of,
    objective_of,
    optimizer_name,
    parameters_of,
    recipe_of,
    row_of,
    samples_of,
    start_of,
    text_of,
    variables_of,
)
from gdstudio.experiment.document import Experiment, Problem, Run

ROSENBROCK = Experiment(
    problem=Problem(key="rosenbrock"), start=(-1.2, 1.0), runs=(Run(),), stopping=Stopping(iterations=60)
)
CHANGES = (
    Change(7, "learning_rate", 0.1), Change(7, "beta1", 0.5), Change(20, "learning_rate", 0.01),
    Change(59, "beta2", 0.9),
)


def finished(experiment: Experiment, pieces: list[int] | None = None) -> Descent:
    descent = descent_of(experiment, 0)
    for piece in pieces or []:
        advance_with_changes(descent, experiment.runs[0], piece)
    advance_with_changes(descent, experiment.runs[0], 10**9)
    return descent


@pytest.mark.parametrize("key", PROBLEMS)
def test_every_listed_problem_starts_where_its_row_says(key: str) -> None:
    problem = Problem(key=key)
    assert row_of(problem) is PROBLEMS[key]
    assert text_of(problem) == PROBLEMS[key].text
    assert start_of(problem) == PROBLEMS[key].start
    assert len(variables_of(problem)) == len(PROBLEMS[key].start)
    assert (samples_of(problem) is None) == (PROBLEMS[key].dataset is None)


def test_a_formula_starts_at_one_in_every_variable() -> None:
    problem = Problem(text="(a-2)^2 + b*c")
    assert variables_of(problem) == ("a", "b", "c")
    assert start_of(problem) == (1.0, 1.0, 1.0)
    assert row_of(problem) is None
    assert samples_of(problem) is None


def test_explicit_values_win_over_the_suggested_rate_and_that_over_the_default() -> None:
    row = PROBLEMS["rosenbrock"]
    suggested = hyperparameters_of(Problem(key="rosenbrock"), Run(optimizer="adam"))
    assert suggested["learning_rate"] == row.learning_rates["adam"]
    assert list(suggested) == [parameter.key for parameter in OPTIMIZERS["adam"].hyperparameters]
    explicit = Run(optimizer="adam", hyperparameters={"learning_rate": 0.7, "beta1": 0.0})
    resolved = hyperparameters_of(Problem(key="rosenbrock"), explicit)
    assert (resolved["learning_rate"], resolved["beta1"], resolved["beta2"]) == (0.7, 0.0, 0.999)
    formula = hyperparameters_of(Problem(text="x^2"), Run(optimizer="rmsprop"))
    assert formula["learning_rate"] == 0.01


def test_a_problems_own_parameters_change_its_loss() -> None:
    steep = objective_of(Problem(key="bowl", parameters={"condition": 1.0}))
    usual = objective_of(Problem(key="bowl"))
    assert steep.program is usual.program
    assert steep.loss_and_gradient((1.0, 1.0))[0] != usual.loss_and_gradient((1.0, 1.0))[0]


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (Problem(key="rosenbrok"), "There is no problem called rosenbrok; try rosenbrock"),
        (Problem(key="bowl", parameters={"conditio": 2.0}), "no parameter called conditio; try condition"),
        (Problem(key="bowl", parameters={"condition": 0.5}), r"condition must lie in \[1, 1e\+06\], not 0.5"),
        (Problem(text="x^2", parameters={"k": 1.0}), "no parameters of its own, so none called k"),
    ],
)
def test_what_does_not_fit_a_problem_is_said(problem: Problem, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        objective_of(problem)


def test_a_formula_that_cannot_be_read_has_its_column() -> None:
    with pytest.raises(FormulaError) as caught:
        objective_of(Problem(text="x^2 + *y"))
    assert caught.value.column == 6


def test_a_recipe_has_what_the_numbers_ask_for() -> None:
    run = Run(optimizer="gd", additions=(Addition("step"),), hyperparameters={"weight_decay": 0.1, "clip_norm": 2.0})
    recipe = recipe_of(run)
    assert {addition.key for addition in recipe.additions} == {"step", "weight_decay", "clip_norm"}
    names = [parameter.key for parameter in parameters_of(run)]
    assert names[0] == "learning_rate"
    assert list(hyperparameters_of(Problem(key="bowl"), run)) == names
    # An optimizer that decays weights itself needs no addition.
    assert recipe_of(Run(optimizer="adamw", hyperparameters={"weight_decay": 0.1})).additions == ()


def test_a_convention_has_its_own_defaults_and_arithmetic() -> None:
    problem = Problem(text="x^2")
    defaults = {name: hyperparameters_of(problem, Run(convention=name)) for name in ("pytorch", "keras")}
    assert (defaults["pytorch"]["epsilon"], defaults["keras"]["epsilon"]) == (1e-8, 1e-7)
    runs = (Run(convention="pytorch"), Run(convention="keras", hyperparameters={"epsilon": 1e-8}), Run())
    ends = []
    for index in range(3):
        descent = descent_of(replace(ROSENBROCK, runs=runs), index)
        descent.advance(60)
        ends.append(descent.theta.tolist())
    assert ends[0] == ends[2] != ends[1]


def test_the_peak_of_a_cycle_is_the_rate_unless_said() -> None:
    run = Run(optimizer="gd", additions=(Addition("one_cycle"),))
    values = hyperparameters_of(Problem(key="bowl"), run)
    assert values["schedule_peak"] == values["learning_rate"] == PROBLEMS["bowl"].learning_rates["gd"]
    explicit = hyperparameters_of(Problem(key="bowl"), replace(run, hyperparameters={"schedule_peak": 0.7}))
    assert explicit["schedule_peak"] == 0.7


def test_a_users_own_optimizer_takes_no_rate_of_the_problem() -> None:
    own = Run(optimizer="adam", equations="learning_rate: 0.125\ntheta = theta - learning_rate * g")
    assert hyperparameters_of(Problem(key="rosenbrock"), own) == {"learning_rate": 0.125}
    assert optimizer_name(own) == "adam"
    assert optimizer_name(Run(optimizer="gd")) == "Gradient descent"


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (Run(convention="kears"), "There is no convention called kears; try keras"),
        (Run(additions=(Addition("cosin"),)), "Nothing called cosin can be put around an optimizer; try cosine"),
        (Run(hyperparameters={"decoupled": 1.0}), "adam has no hyperparameter called decoupled"),
        (Run(optimizer="adm"), "There is no optimizer called adm; try adam"),
        (Run(hyperparameters={"momentum": 0.5}), "adam has no hyperparameter called momentum"),
        (Run(hyperparameters={"beta1": 1.0}), r"beta1 must lie in \[0, 1\), not 1"),
        (Run(batch=4), "no data"),
    ],
)
def test_what_does_not_fit_a_run_is_said(run: Run, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        descent_of(replace(ROSENBROCK, runs=(run,)), 0)


def test_a_change_of_sign_needs_one_variable() -> None:
    two = replace(ROSENBROCK, stopping=Stopping(stop_at_sign_change=True))
    with pytest.raises(StudioError, match="needs one variable, but there are 2: x, y"):
        descent_of(two, 0)


def test_a_run_without_changes_is_what_the_engine_makes_of_it() -> None:
    descent = descent_of(ROSENBROCK, 0)
    descent.advance(10**6)
    assert finished(ROSENBROCK).trajectory.theta.tobytes() == descent.trajectory.theta.tobytes()


def test_logged_changes_are_applied_where_they_are_due() -> None:
    changed = replace(ROSENBROCK, runs=(Run(changes=CHANGES),))
    descent = finished(changed)
    assert descent.changes == CHANGES
    plain = finished(ROSENBROCK).trajectory
    trajectory = descent.trajectory
    assert trajectory.theta[:8].tobytes() == plain.theta[:8].tobytes()
    assert not np.array_equal(trajectory.theta[8], plain.theta[8])
    suggested = PROBLEMS["rosenbrock"].learning_rates["adam"]
    assert trajectory.learning_rate[[1, 7, 8, 20, 21, 60]].tolist() == [suggested, suggested, 0.1, 0.1, 0.01, 0.01]


@given(st.lists(st.integers(0, 25), max_size=8))
def test_however_a_run_is_divided_it_is_the_same_to_the_bit(pieces: list[int]) -> None:
    changed = replace(ROSENBROCK, runs=(Run(changes=CHANGES),))
    at_once, divided = finished(changed), finished(changed, pieces)
    assert divided.trajectory.theta.tobytes() == at_once.trajectory.theta.tobytes()
    assert divided.trajectory.learning_rate.tobytes() == at_once.trajectory.learning_rate.tobytes()
    assert divided.changes == at_once.changes
    assert divided.outcome == at_once.outcome


def test_changes_after_the_end_of_a_run_do_nothing() -> None:
    late = replace(ROSENBROCK, runs=(Run(changes=(Change(60, "learning_rate", 1.0),)),))
    descent = finished(late)
    assert descent.iterations == 60
    assert descent.changes == ()


def test_exactly_one_of_key_and_formula_makes_a_problem() -> None:
    with pytest.raises(StudioError, match="not none"):
        Problem()
    with pytest.raises(StudioError, match="not key and text"):
        Problem(key="bowl", text="x")
