"""Laws of what is shown of each variable: where the runs go is in sight, and it rests while a person moves things."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gdstudio.controllers.content import home_ranges
from gdstudio.controllers.frames import Frame, looks_new, ranges_with_runs, reached
from gdstudio.experiment import editing, editing_data
from gdstudio.experiment.document import Experiment, Problem, Run, Source
from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.run import run_experiment

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOME = ((-1.0, 1.0), (-2.0, 2.0), (5.0, 6.0))
LISTED = editing.choose_problem(greeting(), "line_fit")
TYPED = Experiment(problem=Problem(text="x^2 + 3*y^2"), start=(1.0, 1.0), runs=(Run(optimizer="gd"),))
NUMBERS = st.floats(-1e3, 1e3)


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 40), st.just(3)), elements=st.floats(width=64)))
def test_ranges_never_shrink_and_stay_finite(path: NDArray[np.float64]) -> None:
    found = reached(HOME, HOME, [path], (0, 2))
    assert found[1] == HOME[1]
    for (low, high), (least, most) in zip(found, HOME, strict=True):
        farthest = 6.0 * (most - least)
        assert most + farthest > high >= most
        assert least - farthest < low <= least


@given(NUMBERS, NUMBERS)
def test_where_a_run_rests_is_in_sight_unless_it_is_far(x: float, y: float) -> None:
    path = np.array([[0.0, 0.0, 5.5], *[[x, y, 5.5]] * 500])
    (left, right), (low, high), _ = reached(HOME, HOME, [path], (0, 1))
    if abs(x) <= 9.0 and abs(y) <= 18.0:
        assert left <= x <= right
        assert low <= y <= high
    else:
        assert ((left, right), (low, high)) == HOME[:2]


def test_a_rare_step_far_out_and_one_without_a_number_change_nothing() -> None:
    path = np.linspace((1.0, 1.0, 5.0), (0.0, 0.0, 5.5), 100)
    path[30], path[31, 0], path[32, 1] = 8.0, np.nan, 1e300
    assert reached(HOME, HOME, [path], (0, 1)) == HOME
    assert reached(HOME, HOME, [path[:0]], (0, 1)) == HOME


def test_the_way_of_a_long_run_counts_as_much_as_its_end() -> None:
    path = np.zeros((100_000, 3))
    path[:60, 0] = 3.0
    (_, right), _, _ = reached(HOME, HOME, [path], (0, 1))
    assert right > 3.0


def test_of_one_variable_there_is_one_range() -> None:
    assert reached(HOME[:1], HOME[:1], [np.full((9, 1), 2.0)], (0, 1))[0][1] > 2.0


def test_a_rows_domain_stays_wherever_runs_go() -> None:
    path = np.linspace((0.0, 0.0), (9.0, 9.0), 100)
    assert ranges_with_runs(LISTED, [path]) == home_ranges(LISTED.problem, LISTED.start)
    assert ranges_with_runs(TYPED, [path]) != home_ranges(TYPED.problem, TYPED.start)


def test_the_frame_of_a_row_rests_while_its_samples_are_edited() -> None:
    frame = Frame()
    first = frame.of(LISTED, None, complete=False)
    moved = editing_data.move_sample(LISTED, 3, {"y": -7.0})
    erased = editing_data.erase_samples(moved, [5])
    far = [np.full((50, 2), 6.0)]
    for each in (moved, erased, LISTED, moved):
        assert not frame.waits(each)
        assert frame.of(each, far, complete=True) == first == home_ranges(each.problem, each.start)
        assert not looks_new(LISTED, each)
    assert looks_new(moved, editing_data.choose_model(moved, "linear"))
    assert looks_new(moved, replace(moved, shown=(1, 0)))


def test_where_runs_go_is_found_once_and_again_when_asked() -> None:
    frame, far = Frame(), [np.full((50, 2), 6.0)]
    assert frame.waits(TYPED)
    home = frame.of(TYPED, None, complete=False)
    assert home == home_ranges(TYPED.problem, TYPED.start)
    assert not frame.waits(TYPED)
    some = frame.of(TYPED, [np.full((50, 2), 4.0)], complete=False)
    wide = frame.of(TYPED, far, complete=True)
    assert wide[0][1] > 6.0 > some[0][1] > 4.0
    # a slider is moved, and the start
    for later in (
        replace(TYPED, runs=(replace(TYPED.runs[0], hyperparameters={"learning_rate": 0.3}),)),
        replace(TYPED, start=(0.0, 2.0)),
    ):
        assert frame.of(later, None, complete=False) == wide
        assert frame.of(later, [np.full((50, 2), 9.0)], complete=True) == wide
    # another method goes elsewhere
    other = replace(TYPED, runs=(Run(optimizer="adam"),))
    assert frame.of(other, [np.full((50, 2), 9.0)], complete=True)[0][1] > 9.0
    frame.forget()
    assert frame.of(TYPED, [np.zeros((50, 2))], complete=True) == home


def test_a_formula_that_is_typed_on_loses_what_runs_of_the_one_before_needed() -> None:
    frame = Frame()
    home = frame.of(TYPED, [np.zeros((50, 2))], complete=True)
    assert frame.of(TYPED, [np.full((50, 2), 9.0)], complete=True) == home
    other = replace(TYPED, problem=Problem(text="x^2 + 30*y^2"))
    wide = frame.of(other, [np.full((50, 2), 9.0)], complete=True)
    assert wide[0][1] > 9.0
    assert frame.of(TYPED, None, complete=False) == wide
    assert frame.of(TYPED, [np.zeros((50, 2))], complete=True) == home


@pytest.mark.parametrize("batch", [1, 16])
def test_small_batches_of_noise_stay_in_sight(batch: int) -> None:
    experiment = editing_data.choose_data(greeting(), Source(key="noisy_line"))
    experiment = replace(experiment, runs=(Run(optimizer="gd", batch=batch, hyperparameters={"learning_rate": 0.2}),))
    experiment = replace(experiment, stopping=replace(experiment.stopping, iterations=400, tolerance=0.0))
    theta = run_experiment(experiment).trajectory.theta
    low, high = np.array(ranges_with_runs(experiment, [theta])).T
    assert np.mean(np.all((theta >= low) & (theta <= high), axis=1)) > 0.95
