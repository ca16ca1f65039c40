"""From runs to what is drawn: thinning keeps first and last, ranges hold the start, landscapes are the loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.controllers.content import (
    LANDSCAPE_POINTS,
    MOST_ROWS,
    curve_of,
    home_ranges,
    landscape_of,
    last_known,
    path_of,
    run_label,
    thinning,
)
from gdstudio.controllers.data_series import series_of
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment.build import objective_of, start_of, variables_of
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.run import run_experiment
from gdstudio.scene.legend import run_rows
from gdstudio.scene.ticks import number_text


@given(st.sampled_from(sorted(PROBLEMS)), st.data())
def test_a_start_anywhere_is_shown_with_room_around_it(key: str, data: st.DataObject) -> None:
    problem = Problem(key=key)
    start = [data.draw(st.floats(-1e200, 1e200)) for _ in variables_of(problem)]
    for value, (low, high), (least, most) in zip(
        start, home_ranges(problem, start), PROBLEMS[key].domain, strict=True
    ):
        assert low <= least < most <= high
        assert (low, high) == (least, most) if least <= value <= most else low < value < high


def test_the_variables_that_are_not_shown_are_told() -> None:
    problem = Problem(text="a^2 + b^2 + c^2 + d^2")
    landscape = landscape_of(problem, (1.0, 2.0, 3.0, 4.0), (2, 0), ((-1.0, 1.0), (-1.0, 1.0)), None, 5)
    assert (landscape.names, landscape.held) == (("c", "a"), (("b", 2.0), ("d", 4.0)))
    flat = landscape_of(Problem(key="matyas"), (1.0, 2.0), (0, 1), ((-1.0, 1.0), (-1.0, 1.0)), None, 5)
    assert flat.held == ()


@given(st.integers(1, 3_000_000))
def test_thinning_keeps_the_first_and_the_last_row(rows: int) -> None:
    column = np.arange(rows, dtype=np.float64)
    thinned = thinning(rows)
    kept = thinned.of(column)
    assert (kept[0], kept[-1]) == (0, rows - 1)
    assert len(kept) <= MOST_ROWS + 1
    assert np.all(np.diff(kept) <= thinned.stride)
    assert thinned.stride & (thinned.stride - 1) == 0


def test_a_short_run_is_not_copied() -> None:
    column = np.zeros(MOST_ROWS)
    assert thinning(MOST_ROWS).of(column) is column


@pytest.mark.parametrize("key", PROBLEMS)
def test_what_is_shown_at_first_holds_start_and_minima(key: str) -> None:
    problem = Problem(key=key)
    ranges = home_ranges(problem, start_of(problem))
    assert len(ranges) == len(variables_of(problem))
    for value, (low, high) in zip(start_of(problem), ranges, strict=True):
        assert low <= value <= high
    for minimum in PROBLEMS[key].minima:
        assert all(low <= value <= high for value, (low, high) in zip(minimum.theta, ranges, strict=True))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2))
def test_a_formulas_view_holds_its_start(start: list[float]) -> None:
    ranges = home_ranges(Problem(text="x^2 + y^2"), start)
    for value, (low, high) in zip(start, ranges, strict=True):
        assert low < value < high


def test_a_landscape_is_the_loss() -> None:
    landscape = landscape_of(Problem(text="x^2 + 10*y"), (0.0, 0.0), (0, 1), ((-1.0, 1.0), (2.0, 3.0)), "linear")
    assert landscape.names == ("x", "y")
    assert landscape.z.shape == (LANDSCAPE_POINTS, LANDSCAPE_POINTS)
    x, y = np.meshgrid(landscape.xs, landscape.ys)
    assert np.allclose(landscape.z, x**2 + 10 * y)
    assert landscape.extent == (-1.0, 1.0, 2.0, 3.0)


def test_the_others_are_held() -> None:
    landscape = landscape_of(
        Problem(text="x + 100*y + 10000*z"), (7.0, 8.0, 9.0), (2, 0), ((0.0, 1.0), (0.0, 1.0)), "linear"
    )
    assert landscape.names == ("z", "x")
    assert landscape.z[0, 0] == 800.0
    assert landscape.z[0, -1] == 10800.0
    assert landscape.z[-1, 0] == 801.0


def test_a_curve_has_its_slope() -> None:
    curve = curve_of(Problem(key="parabola"), (-2.0, 2.0))
    assert np.allclose(curve.z, 5 * curve.xs**2)
    assert np.allclose(curve.slope, 10 * curve.xs)
    assert curve.minima.tolist() == [0.0]


def test_a_path_is_drawn_in_the_variables_shown() -> None:
    problem = Problem(key="three_variables")
    experiment = Experiment(
        problem=problem, start=(1.0, 1.0, 1.0), runs=(Run(optimizer="gd", slot=3, visible=False),), shown=(2, 0),
        stopping=Stopping(iterations=20),
    )
    trajectory = run_experiment(experiment).trajectory
    path = path_of(experiment, 0, trajectory.theta, trajectory.loss, objective_of(problem))
    assert np.array_equal(path.points, trajectory.theta[:, [2, 0]])
    assert np.array_equal(path.losses, trajectory.loss)
    assert (path.slot, path.visible, path.slopes) == (3, False, None)


def test_runs_on_data_are_told_apart_by_their_batches() -> None:
    problem = Problem(key="line_fit")
    runs = (Run(optimizer="gd"), Run(optimizer="gd", batch=1), Run(optimizer="gd", batch=8))
    experiment = Experiment(problem=problem, start=start_of(problem), runs=runs)
    labels = [run_label(run, experiment) for run in runs]
    assert len(set(labels)) == 3
    assert "8" in labels[2]


def test_of_very_many_samples_the_last_known_loss_is_told_and_none_in_between() -> None:
    source = Source(key="noisy_line", numbers={"samples": 4000})
    problem = Problem(model="linear", data=Data(source=source))
    run = Run(optimizer="gd", batch=64, hyperparameters={"learning_rate": 0.05})
    experiment = Experiment(problem=problem, start=start_of(problem), runs=(run,), stopping=Stopping(iterations=130))
    trajectory = run_experiment(experiment).trajectory
    assert np.isnan(trajectory.loss[30])
    path = path_of(experiment, 0, trajectory.theta, trajectory.loss, objective_of(problem))
    goal = objective_of(problem)
    for cursor in (0, 30, 62, 63, 100):
        assert path.loss(cursor) == pytest.approx(goal.loss_and_gradient(trajectory.theta[cursor])[0], rel=1e-12)
        assert path.known_since(cursor) is None
    assert [row.value for row in run_rows([path], 30)] == [number_text(path.loss(30))]
    costly = replace(path, evaluate=None)
    assert costly.loss(30) == costly.loss(62) == trajectory.loss[0]
    assert (costly.known_since(0), costly.known_since(62), costly.known_since(63)) == (None, 0, None)
    assert costly.loss(63) == costly.loss(100) == trajectory.loss[63] < trajectory.loss[0]
    assert [row.value for row in run_rows([costly], 100)] == [f"{number_text(trajectory.loss[63])} at 63"]


def test_the_curve_of_very_many_samples_goes_through_what_the_run_knows_and_through_losses_in_between() -> None:
    problem = Problem(model="linear", data=Data(source=Source(key="noisy_line", numbers={"samples": 4000})))
    run = Run(optimizer="gd", batch=64, hyperparameters={"learning_rate": 0.05})
    experiment = Experiment(problem=problem, start=start_of(problem), runs=(run,), stopping=Stopping(iterations=130))
    trajectory = run_experiment(experiment).trajectory
    goal = objective_of(problem)
    path = path_of(experiment, 0, trajectory.theta, trajectory.loss, goal)
    strong, faint = series_of(experiment, 0, path, trajectory)
    assert (strong.style, faint.style) == ("strong", "faint")
    assert strong.iterations is not None
    assert {0, 63, 126, 130} <= {*strong.iterations.astype(int).tolist()}
    assert len(strong.iterations) > 100
    exact = [goal.loss_and_gradient(trajectory.theta[int(row)])[0] for row in strong.iterations]
    np.testing.assert_allclose(strong.values, exact, rtol=1e-12)


def test_the_last_known_loss_of_each_iterate() -> None:
    assert last_known(np.array([2.0, np.nan, 1.0, np.nan])).tolist() == [0, 0, 2, 2]
