"""Columns of a trajectory: names, rates, growth, and what is kept when it is cut or copied."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.engine.blocks import Blocks
from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.trajectory import Trajectory, memory_needed


def _filled(rows: int, *, batched: bool = False, variables: tuple[str, ...] = ("x", "y")) -> Trajectory:
    trajectory = Trajectory(Blocks.of_numbers(variables), 20, batched=batched)
    trajectory.append(np.arange(len(variables), dtype=float), 0.5, 0.25)
    free, batch_loss = trajectory.free_rows(rows - 1)
    for row in range(rows - 1):
        free.theta[row] = row + 1.0
        free.loss[row], free.gradient_norm[row] = 10.0 + row, 20.0 + row
        if batch_loss is not None:
            batch_loss[row] = 30.0 + row
    trajectory.extend(rows - 1, 0.1)
    return trajectory


def test_the_columns_are_those_of_the_files() -> None:
    trajectory = _filled(3)
    assert trajectory.column_names == (
        "iteration", "loss", "gradient_norm", "learning_rate", "x", "y", "evaluations",
    )
    assert trajectory.column("iteration").tolist() == [0, 1, 2]
    assert trajectory.column("loss").tolist() == [0.5, 10.0, 11.0]
    assert trajectory.column("gradient_norm").tolist() == [0.25, 20.0, 21.0]
    assert trajectory.column("x").tolist() == [0.0, 1.0, 2.0]
    assert trajectory.column("y").tolist() == [1.0, 1.0, 2.0]
    rates = trajectory.column("learning_rate")
    assert np.isnan(rates[0]) and rates[1:].tolist() == [0.1, 0.1]
    with pytest.raises(ValueError):
        trajectory.column("z")


def test_batches_add_a_column_at_the_end() -> None:
    trajectory = _filled(3, batched=True)
    assert trajectory.column_names[-1] == "batch_loss"
    values = trajectory.column("batch_loss")
    assert np.isnan(values[0]) and values[1:].tolist() == [30.0, 31.0]
    assert _filled(3).batch_loss is None


def test_variables_named_as_columns_are_prefixed() -> None:
    names = ("loss", "iteration", "x", "batch_loss")
    plain, batched = _filled(2, variables=names), _filled(2, variables=names, batched=True)
    assert plain.column_names[4:] == ("theta_loss", "theta_iteration", "x", "batch_loss", "evaluations")
    assert batched.column_names[4:] == (
        "theta_loss", "theta_iteration", "x", "theta_batch_loss", "evaluations", "batch_loss",
    )
    assert plain.column("theta_iteration").tolist() == [1.0, 1.0]
    assert plain.column("loss").tolist() == [0.5, 10.0]
    assert plain.column("batch_loss").tolist() == [3.0, 1.0]
    assert batched.column("batch_loss").tolist()[1:] == [30.0]


@pytest.mark.parametrize(
    "names", [("loss", "theta_loss"), ("theta_loss", "loss"), ("theta_theta_loss", "loss", "theta_loss")]
)
def test_names_of_columns_are_never_the_same(names: tuple[str, ...]) -> None:
    trajectory = _filled(2, variables=names)
    columns = trajectory.column_names
    assert len(set(columns)) == len(columns)
    for place in range(len(names)):
        assert trajectory.column(columns[4 + place])[0] == place


def test_a_variable_called_loss_descends() -> None:
    descent = Descent(objective("loss^2 + iteration^2"), "gd", (1.0, 2.0), {"learning_rate": 0.25})
    descent.advance(1)
    assert descent.trajectory.column("theta_loss").tolist() == [1.0, 0.5]
    assert descent.trajectory.column("loss").tolist() == [5.0, 1.25]


def test_the_learning_rate_of_a_row_is_that_of_the_step_that_led_to_it() -> None:
    descent = Descent(objective("x^2"), "gd", (1.0,), {"learning_rate": 0.1}, Stopping(iterations=10, tolerance=0.0))
    descent.advance(2)
    descent.change("learning_rate", 0.2)
    descent.advance(3)
    descent.change("learning_rate", 0.3)
    descent.change("learning_rate", 0.05)
    descent.advance(1)
    rates = descent.trajectory.learning_rate
    assert np.isnan(rates[0])
    assert rates[1:].tolist() == [0.1, 0.1, 0.2, 0.2, 0.2, 0.05]
    theta = descent.trajectory.theta[:, 0]
    assert np.allclose(theta[1:], theta[:-1] * (1.0 - 2.0 * rates[1:]), rtol=1e-15, atol=0.0)


def test_cutting_forgets_rows_and_their_rates() -> None:
    trajectory = _filled(5)
    trajectory.extend(2, 0.7)
    trajectory.truncate(5)
    assert len(trajectory) == 5
    assert trajectory.learning_rate[1:].tolist() == [0.1] * 4
    trajectory.extend(1, 0.9)
    assert trajectory.learning_rate[-1] == 0.9
    trajectory.truncate(50)
    assert len(trajectory) == 6


def test_a_copy_shares_nothing() -> None:
    trajectory = _filled(5, batched=True)
    copy = trajectory.copy(3)
    kept = {name: copy.column(name).copy() for name in copy.column_names}
    trajectory.theta[:] = trajectory.loss[:] = 99.0
    trajectory.truncate(1)
    trajectory.extend(4, 0.5)
    assert (len(copy), copy.capacity) == (3, trajectory.capacity)
    for name, values in kept.items():
        assert np.array_equal(copy.column(name), values, equal_nan=True)
    assert len(trajectory.copy(100)) == 5


def test_a_published_trajectory_stays_as_it_is() -> None:
    trajectory = _filled(5, batched=True)
    published = trajectory.published()
    kept = {name: published.column(name).copy() for name in published.column_names}
    free, _ = trajectory.free_rows(2)
    free.theta[:] = free.loss[:] = free.gradient_norm[:] = 7.0
    trajectory.extend(2, 0.9)
    assert (len(published), len(trajectory)) == (5, 7)
    for name, values in kept.items():
        assert np.array_equal(published.column(name), values, equal_nan=True)
    assert np.shares_memory(published.theta, trajectory.theta)


def test_a_restart_counts_from_the_iteration_given() -> None:
    trajectory = _filled(5)
    trajectory.restart(17)
    assert len(trajectory) == 0
    trajectory.append(np.zeros(2), 1.0, 2.0)
    trajectory.extend(2, 0.3)
    assert trajectory.iteration.tolist() == [17, 18, 19]
    assert np.isnan(trajectory.learning_rate[0])
    assert trajectory.learning_rate[1:].tolist() == [0.3, 0.3]
    assert trajectory.copy(2).iteration.tolist() == [17, 18]


@pytest.mark.parametrize("dimension", [1, 2, 20])
def test_the_memory_said_to_be_needed_is_what_is_reserved(dimension: int) -> None:
    trajectory = Trajectory(Blocks.of_numbers(f"x{index}" for index in range(dimension)), 1_001)
    trajectory.append(np.zeros(dimension), 0.0, 0.0)
    trajectory.extend(1_000, 0.1)
    bytes_of_columns = sum(
        trajectory.column(name).nbytes for name in trajectory.column_names if name not in ("iteration", "learning_rate")
    )
    assert bytes_of_columns <= memory_needed(1_000, dimension) <= bytes_of_columns * 1.5 + 64


def test_evaluations_follow_from_the_gradients_of_a_step() -> None:
    trajectory = Trajectory(Blocks.of_numbers(("x",)), 5, evaluations_per_step=3)
    trajectory.append(np.zeros(1), 1.0, 1.0)
    trajectory.free_rows(2)
    trajectory.extend(2, 0.1)
    assert trajectory.column("evaluations").tolist() == [1, 4, 7]
    trajectory.restart(10)
    trajectory.append(np.zeros(1), 1.0, 1.0)
    assert trajectory.evaluations.tolist() == [31]


def test_a_method_s_own_columns_come_after_the_variables_and_take_the_place_of_those_that_follow() -> None:
    own = ("learning_rate", "evaluations", "radius")
    trajectory = Trajectory(Blocks.of_numbers(("x",)), 5, own=own)
    trajectory.append(np.zeros(1), 1.0, 1.0)
    rows, _ = trajectory.free_rows(2)
    for column, numbers in zip(rows.own, ([0.5, 0.25], [3.0, 8.0], [2.0, 1.0]), strict=True):
        column[:] = numbers
    trajectory.extend(2, 123.0)
    assert trajectory.column_names[4:] == ("x", "radius", "evaluations")
    for kept in (trajectory, trajectory.copy(3), trajectory.published()):
        assert kept.column("learning_rate")[1:].tolist() == [0.5, 0.25] and np.isnan(kept.learning_rate[0])
        assert kept.column("evaluations").tolist() == [1, 3, 8]
        assert kept.column("radius")[1:].tolist() == [2.0, 1.0]
    trajectory.truncate(2)
    assert trajectory.evaluations.tolist() == [1, 3]
    trajectory.restart(7)
    trajectory.append(np.zeros(1), 1.0, 1.0, evaluations=20)
    assert trajectory.evaluations.tolist() == [20]
