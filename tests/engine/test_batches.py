"""Losses over data: the mean over all samples or a batch, its gradient, and descents on either."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.sampling import Batching, Sampler
from gdstudio.engine.stopping import Stopping
from tests.data.tables import columns_of
from tests.engine.agreement import assert_close

_X, _Y = columns_of("noisy_line")["x"], columns_of("noisy_line")["y"]
_SAMPLES = len(_X)
_STOPPING = Stopping(iterations=300, tolerance=0.0)


def _line() -> Objective:
    return objective("(w*x + b - y)^2", columns={"x": _X, "y": _Y})


@pytest.mark.parametrize("machine", [True, False])
@pytest.mark.parametrize("batch", [1, 10, 32, 63])
def test_a_descent_with_batches_is_a_loop_over_them(machine: bool, batch: int) -> None:
    rate, seed = 0.03, 11
    descent = Descent(_line(), "gd", (0.0, 0.0), {"learning_rate": rate}, _STOPPING, seed, batch, machine)
    descent.advance(150)
    indices, offsets, _ = Sampler(_SAMPLES, Batching(batch), seed).batches(0, 150)
    w = b = 0.0
    thetas, batch_losses, losses, norms = [], [], [], []
    for begin, end in itertools.pairwise(offsets):
        chosen = indices[begin:end]
        rest = w * _X[chosen] + b - _Y[chosen]
        batch_losses.append(np.mean(rest**2))
        w -= rate * float(np.mean(2 * rest * _X[chosen]))
        b -= rate * float(np.mean(2 * rest))
        thetas.append((w, b))
        whole = w * _X + b - _Y
        losses.append(np.mean(whole**2))
        norms.append(np.hypot(np.mean(2 * whole * _X), np.mean(2 * whole)))
    path = descent.trajectory
    assert_close(path.theta[1:], np.array(thetas), 1e-12)
    assert_close(np.array(path.column("batch_loss")[1:], dtype=np.float64), np.array(batch_losses), 1e-12)
    assert_close(path.loss[1:], np.array(losses), 1e-12)
    assert_close(path.gradient_norm[1:], np.array(norms), 1e-12)
    assert descent.iterations_per_epoch == -(-_SAMPLES // batch)
    # The gradient of all data at each iterate is only recorded: it is no part of the method.
    assert descent.evaluations == 1 + descent.iterations


@pytest.mark.parametrize("batch", [None, _SAMPLES])
def test_a_full_batch_follows_the_gradient_of_the_mean(batch: int | None) -> None:
    rate = 0.1
    descent = Descent(_line(), "gd", (0.0, 0.0), {"learning_rate": rate}, _STOPPING, batch=batch)
    descent.advance(60)
    theta = np.zeros(2)
    design = np.stack([_X, np.ones_like(_X)], axis=1)
    for row in descent.trajectory.theta[1:]:
        theta = theta - rate * 2.0 * design.T @ (design @ theta - _Y) / _SAMPLES
        assert_close(row, theta, 1e-12)
    assert descent.iterations_per_epoch == 1
    assert descent.evaluations == 61
    batch_loss = descent.trajectory.column("batch_loss")
    assert np.isnan(batch_loss[0])
    assert batch_loss[1:].tolist() == descent.trajectory.loss[:-1].tolist()
    descent.advance(240)
    least_squares = np.asarray(np.linalg.solve(design.T @ design, design.T @ _Y), dtype=np.float64)
    assert_close(descent.theta, least_squares, 1e-9)


def test_seeds_make_different_descents_and_the_same_seed_the_same() -> None:
    paths = []
    for seed in (1, 1, 2):
        descent = Descent(_line(), "adam", (0.0, 0.0), {"learning_rate": 0.05}, _STOPPING, seed, 8)
        descent.advance(100)
        paths.append(descent.trajectory.theta)
    assert np.array_equal(paths[0], paths[1])
    assert not np.array_equal(paths[0], paths[2])


def test_a_long_run_with_batches_is_divided_without_a_seam() -> None:
    # More samples than are prepared at once.
    stopping = Stopping(iterations=9_000, tolerance=0.0)
    whole, parts = (Descent(_line(), "gd", (0.0, 0.0), {"learning_rate": 0.01}, stopping, 4, 60) for _ in range(2))
    assert whole.advance(9_000) == 9_000
    while parts.advance(1_234):
        pass
    assert np.array_equal(whole.trajectory.theta, parts.trajectory.theta)


@settings(max_examples=60, deadline=None)
@given(
    theta=st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0)), decay=st.floats(0.0, 1.0),
    rows=st.none() | st.lists(st.integers(0, _SAMPLES - 1), min_size=1, max_size=20, unique=True),
    text=st.sampled_from([
        "(w*x + b - y)^2 + decay*w^2", "abs(w*x + b - y) + decay*b^2", "softplus(-y*(w*x + b)) + decay*(w^2 + b^2)",
        "log(1 + (w*x + b - y)^2)*(1 + decay)", "(tanh(w*x) + b - y)^2 + decay",
    ]),
)
def test_the_gradient_over_data_is_the_slope_of_the_loss(
    theta: tuple[float, float], decay: float, rows: list[int] | None, text: str
) -> None:
    goal = objective(text, {"decay": decay}, {"x": _X, "y": _Y})
    chosen = None if rows is None else np.array(rows, dtype=np.int64)
    point = np.array(theta)
    loss, gradient = goal.loss_and_gradient(point, chosen)
    step = 1e-6
    for index in range(2):
        ahead, behind = (
            goal.loss_and_gradient(point + sign * step * np.eye(2)[index], chosen)[0] for sign in (1.0, -1.0)
        )
        slope = (ahead - behind) / (2.0 * step)
        kink = 4.0 * float(np.abs(_X).max() + 1.0) / (_SAMPLES if rows is None else len(rows))
        # An absolute value has a kink at each sample: a sample that lies within the step may count either way.
        bound = 1e-7 * max(1.0, abs(slope)) + (kink if text.startswith("abs") and _near_a_kink(point, step) else 0.0)
        assert abs(slope - gradient[index]) <= bound
    if rows is None:
        assert abs(float(goal.losses(point)) - loss) <= 1e-13 * max(1.0, abs(loss))


def _near_a_kink(point: np.ndarray[tuple[int], np.dtype[np.float64]], step: float) -> bool:
    w, b = point
    return bool(np.any(np.abs(w * _X + b - _Y) <= 4.0 * step))


def test_roles_of_names_follow_from_what_is_given() -> None:
    text, columns = "(w*x + b - y)^2 + decay*w^2", {"x": _X, "y": _Y, "z": _X}
    goal = objective(text, {"decay": 0.5, "unused": 1.0}, columns)
    assert goal.variables == ("w", "b")
    assert (goal.dimension, goal.samples) == (2, _SAMPLES)
    changed = objective(text, {"decay": 2.0, "unused": 0.0}, columns)
    at = np.array([1.0, 0.0])
    assert changed.loss_and_gradient(at)[0] - goal.loss_and_gradient(at)[0] == pytest.approx(1.5)
    assert changed.program is goal.program


def test_losses_keep_the_shape_of_the_points() -> None:
    thetas = np.random.default_rng(0).normal(size=(3, 4, 2))
    for goal in (_line(), objective("x^2 + 3*y"), objective("0*x + y")):
        found = goal.losses(thetas)
        assert found.shape == (3, 4)
        wanted = [[goal.loss_and_gradient(theta)[0] for theta in row] for row in thetas]
        assert_close(found, np.array(wanted), 1e-13)
