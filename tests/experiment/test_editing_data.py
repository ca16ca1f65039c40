"""Changes of a loss over data, one document from another: what they change, what stays, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.data.edits import Edits
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.recipe import Addition
from gdstudio.engine.sampling import ORDERS, Order
from gdstudio.experiment import editing, editing_data
from gdstudio.experiment.build import batching_of, hyperparameters_of, variables_of
from gdstudio.experiment.checking import check
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.file import from_json, to_json
from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.sampled import sampled
from gdstudio.experiment.suited import listed_as, shown_over_data
from tests.data.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

LISTED = replace(
    editing.choose_problem(greeting(), "line_fit"), runs=(Run(optimizer="gd", batch=16), Run(optimizer="adam", slot=1))
)


def on(key: str) -> Experiment:
    return editing_data.choose_data(greeting(), Source(key=key))


def points(experiment: Experiment) -> list[list[float]]:
    return sampled(experiment.problem).samples.values.T.tolist()


def test_a_sample_of_a_listed_problem_moves_and_the_problem_is_its_text_then() -> None:
    moved = editing_data.move_sample(LISTED, 3, {"x": 0.5, "y": -7.0})
    assert moved.problem == Problem(text="(w*x + b - y)^2", data=moved.problem.data)
    assert (moved.start, variables_of(moved.problem)) == (LISTED.start, ("w", "b"))
    before, after = points(LISTED), points(moved)
    assert after[3] == [0.5, -7.0]
    assert after[:3] + after[4:] == before[:3] + before[4:]


def test_rates_stay_when_a_listed_problem_becomes_its_text() -> None:
    moved = editing_data.move_sample(LISTED, 3, {"y": -7.0})
    rates = [
        [hyperparameters_of(each.problem, run)["learning_rate"] for run in each.runs] for each in (LISTED, moved)
    ]
    assert rates[0] == rates[1]
    assert [run.batch for run in moved.runs] == [16, None]


@given(y=st.floats(-1e3, 1e3))
def test_no_rate_changes_while_a_sample_is_dragged(y: float) -> None:
    experiment = replace(on("noisy_line"), runs=(Run(optimizer="gd"),))
    moved = editing_data.move_sample(experiment, 0, {"y": y})
    assert hyperparameters_of(moved.problem, moved.runs[0]) == hyperparameters_of(
        experiment.problem, experiment.runs[0]
    )


def test_rows_are_those_that_are_shown() -> None:
    erased = editing_data.erase_samples(on("noisy_line"), [0, 2])
    before = points(on("noisy_line"))
    assert points(erased) == [before[1], *before[3:]]
    moved = editing_data.move_sample(erased, 1, {"y": 9.0})
    assert points(moved)[1] == [before[3][0], 9.0]
    again = editing_data.erase_samples(moved, [0])
    assert points(again)[0] == [before[3][0], 9.0]


def test_an_added_sample_has_the_mean_of_what_is_not_said() -> None:
    experiment = on("correlated")
    added = editing_data.add_sample(experiment, {"x1": 2.0, "y": 3.0})
    samples = sampled(added.problem).samples
    mean = np.mean(sampled(experiment.problem).samples.values[samples.names.index("x2")])
    assert points(added)[-1] == [2.0, pytest.approx(mean), 3.0]


def test_the_last_two_samples_cannot_be_erased() -> None:
    with pytest.raises(StudioError, match="two samples"):
        editing_data.erase_samples(on("noisy_line"), range(63))


def test_another_choice_of_numbers_makes_the_samples_anew() -> None:
    moved = editing_data.move_sample(on("noisy_line"), 0, {"y": 9.0})
    fewer = editing_data.set_number_of_source(moved, "samples", 20)
    assert len(points(fewer)) == 20
    assert fewer.problem.data is not None
    assert fewer.problem.data.edits == Edits()


def test_batches_that_no_longer_fit_take_all() -> None:
    experiment = replace(on("noisy_line"), runs=(Run(optimizer="gd", batch=50), Run(optimizer="gd", batch=10)))
    assert [run.batch for run in editing_data.set_held_out(experiment, 0.5).runs] == [None, 10]


def test_the_split_has_a_seed_of_its_own() -> None:
    held = editing_data.set_held_out(on("noisy_line"), 0.25)
    other = editing_data.set_held_out(held, 0.25, seed=1)
    first, second = (sampled(each.problem).samples.held_out.tolist() for each in (held, other))
    assert len(first) == len(second) == 16
    assert first != second


def test_batches_are_drawn_in_another_way_for_one_run() -> None:
    experiment = editing_data.set_batching(LISTED, 0, order="replacement", drop_last=True, accumulate=3)
    run = experiment.runs[0]
    assert (run.batch, run.order, run.drop_last, run.accumulate) == (16, "replacement", True, 3)
    assert experiment.runs[1] == LISTED.runs[1]
    assert editing_data.set_batching(experiment, 0, accumulate=1).runs[0].order == "replacement"


def _proximal(experiment: Experiment) -> Experiment:
    return editing.put_around(editing_data.set_penalty(experiment, "lasso:0.5"), 0, Addition("proximal"))


@pytest.mark.parametrize(
    "change",
    [
        lambda experiment: editing_data.set_penalty(experiment, "ridge:0.1"),
        lambda experiment: editing_data.set_penalty(experiment, None),
        lambda experiment: editing_data.set_penalty(experiment, "abs(w_x)"),
        lambda experiment: editing.choose_problem(experiment, "bowl"),
        lambda experiment: editing.set_formula(experiment, "x^2"),
        lambda experiment: editing_data.choose_data(experiment, Source(key="moons")),
    ],
)
def test_a_proximal_step_goes_with_the_penalty_that_it_took(change: Callable[[Experiment], Experiment]) -> None:
    changed = change(_proximal(on("noisy_line")))
    assert all(each.key != "proximal" for run in changed.runs for each in run.additions)
    check(changed)


def test_a_proximal_step_stays_while_there_is_a_lasso() -> None:
    step = Addition("proximal")
    dragged = editing_data.set_number_over_data(_proximal(on("noisy_line")), "strength", 0.9)
    netted = editing_data.set_penalty(dragged, "elastic_net:0.5,0.5")
    other = editing_data.choose_model(netted, "polynomial")
    for experiment in (dragged, netted, other):
        assert experiment.runs[0].additions == (step,)
        check(experiment)
        assert from_json(to_json(experiment)) == experiment
    alone = replace(on("noisy_line"), runs=(Run(optimizer="gd", additions=(step,)),))
    with pytest.raises(StudioError, match="this loss has none: let the penalty be lasso:0"):
        check(alone)


def test_the_rate_that_suits_is_that_of_the_loss_without_edges() -> None:
    plain = on("diabetes")
    rates = [
        hyperparameters_of(each.problem, Run(optimizer="gd"))["learning_rate"]
        for each in (plain, editing_data.set_penalty(plain, "lasso:20"))
    ]
    assert rates[0] == rates[1]


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_of_samples_is_kept_in_files(order: Order) -> None:
    experiment = editing_data.set_batching(LISTED, 0, order=order)
    assert from_json(to_json(experiment)) == experiment
    assert batching_of(experiment.runs[0]).order == order


def test_those_weights_are_shown_along_which_the_loss_is_steepest() -> None:
    experiment = on("digits")
    loss = sampled(experiment.problem)
    slopes = loss.objective.sample_gradients(experiment.start, np.arange(len(loss.samples.train)))
    weights, shown = np.mean(slopes**2, axis=0)[:-10], list(experiment.shown)
    assert 2.0 * weights[shown].min() > weights.max()
    assert np.abs(np.mean(slopes, axis=0)[shown]).min() > 0.5
    assert on("noisy_line").shown == (0, 1)


@given(st.permutations([0.0, 0.01, 1.0, 300.0]))
def test_of_several_features_the_largest_are_shown_first_and_never_a_constant_zero(sizes: list[float]) -> None:
    randomness = np.random.default_rng(3)
    columns = {f"x{place}": size * randomness.standard_normal(40) for place, size in enumerate(sizes)}
    numbers = table(**{name: column.tolist() for name, column in columns.items()},
                    y=(randomness.standard_normal(40) + 1.0).tolist())
    problem = Problem(model="linear", data=Data(source=Source(table=numbers)))
    names = variables_of(problem)
    wanted = {f"w_x{sizes.index(size)}" for size in (300.0, 1.0)}
    assert {names[place] for place in shown_over_data(problem)} == wanted


def test_of_features_of_one_size_those_are_shown_along_which_the_loss_falls_most() -> None:
    experiment = editing_data.choose_data(greeting(), Source(key="diabetes"), standardize=True)
    goal = sampled(experiment.problem).objective
    falls = np.abs(goal.loss_and_gradient(experiment.start)[1][1:])
    assert sorted(np.argsort(-falls)[:2] + 1) == list(experiment.shown)


def test_of_a_file_without_the_variables_shown_they_are_found_from_the_data() -> None:
    whole = json.loads(to_json(on("digits")))
    del whole["shown"]
    assert from_json(json.dumps(whole).encode()).shown == on("digits").shown != (0, 1)


@given(st.integers(0, 63), st.floats(-50.0, 50.0), st.booleans())
def test_a_listed_problem_is_known_by_its_row_while_its_samples_are_edited(row: int, y: float, erase: bool) -> None:
    edited = editing_data.move_sample(LISTED, row, {"y": y})
    edited = editing_data.erase_samples(edited, [row]) if erase else editing_data.add_sample(edited, {"y": y})
    assert edited.problem.key is None
    assert listed_as(edited.problem) is listed_as(LISTED.problem) is PROBLEMS["line_fit"]
    for other in (
        editing_data.set_loss_text(edited, "(w*x + b - y)^4"), editing_data.set_penalty(edited, "ridge:0.1"),
        editing_data.choose_model(edited, "linear"), on("noisy_line"),
    ):
        assert listed_as(other.problem) is None


def test_without_data_nothing_can_be_changed_in_them() -> None:
    with pytest.raises(StudioError, match="no data"):
        editing_data.move_sample(greeting(), 0, {"x": 1.0})
