"""Means over samples by machine code, eight at a time, against the interpreter: any number of samples, any batch."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.kernels import evaluate_kernel, value_and_gradient_kernel
from gdstudio.engine.objective import PARTIAL_SUMS, Objective, mean_over_samples, objective, objective_program
from gdstudio.engine.sampling import Batching
from tests.engine.agreement import assert_close, assert_same_bits, is_exact, pair

_RANDOM = np.random.default_rng(8)
_X, _Y = _RANDOM.normal(size=300), _RANDOM.normal(size=300)
_TEXTS = (
    "(w*x + b - y)^2", "abs(w*x + b - y)/(1 + decay) + decay*w^2", "w^2 + b^2/3", "x*w + decay*b",
    "max(w*x, b) + min(x, decay)*w + sign(b)*floor(y*w)", "where(w > 0, (w*x)^2, b*y) + where(x > 0.3, b^2, w*y)",
    "sqrt(1 + (w*x - y)^2)/w + (b*x)/decay", "softplus(-y*(w*x + b)) + decay*w^2", "(w*exp(-b*x) - y)^2",
    "log(1 + (sin(w*x) - y)^2) + cos(b)*x", "tanh(w*x + b)*y + atan2(x, w)", "(w^2 + 1)^(x/4) + erf(b*y)",
)
_NUMBERS = st.floats(-3.0, 3.0).filter(lambda number: abs(number) > 1e-3)


def _goal(text: str, samples: int) -> Objective:
    return objective(text, {"decay": 0.3}, {"x": _X[:samples], "y": _Y[:samples]})


@pytest.mark.parametrize("text", _TEXTS)
@settings(max_examples=30)
@given(samples=st.integers(1, 3 * PARTIAL_SUMS) | st.integers(1, 300), w=_NUMBERS, b=_NUMBERS)
def test_a_mean_over_all_the_data_is_the_interpreters(text: str, samples: int, w: float, b: float) -> None:
    goal = _goal(text, samples)
    theta = np.array([w, b]) if goal.variables == ("w", "b") else np.array([b, w])
    loss, gradient = value_and_gradient_kernel(goal.program, True)(goal)(theta)
    expected = goal.loss_and_gradient(theta)
    ours, theirs = np.array([loss, *gradient]), np.array([expected[0], *expected[1]])
    heights = evaluate_kernel(goal.program, True)(goal, np.stack([theta, 2.0 * theta]))
    assert heights[0] == loss
    if is_exact(goal.program.formula.graph, goal.program.outputs):
        assert_same_bits(ours, theirs)
        assert_same_bits(heights, goal.losses(np.stack([theta, 2.0 * theta])))
    else:
        assert_close(ours, theirs, 1e-12, max(1.0, float(np.abs(theirs).max())))


@pytest.mark.parametrize("text", _TEXTS)
@settings(max_examples=15)
@given(size=st.integers(1, 70), accumulate=st.integers(1, 4), optimizer=st.sampled_from(["gd", "nesterov_lookahead"]))
def test_a_step_with_batches_is_the_interpreters(text: str, size: int, accumulate: int, optimizer: str) -> None:
    goal = _goal(text, 70)
    batching = Batching(size, "replacement", accumulate=accumulate)
    compiled, interpreted = pair(goal, optimizer, (0.7, -0.4), {"learning_rate": 1e-3}, seed=2, batch=batching)
    assert compiled.advance(6) == interpreted.advance(6)
    one, other = (np.column_stack([descent.trajectory.theta, descent.trajectory.loss]) for descent in (
        compiled, interpreted
    ))
    if is_exact(goal.program.formula.graph, goal.program.outputs):
        assert_same_bits(one, other)
        assert_same_bits(compiled.take_state().values, interpreted.take_state().values)
    else:
        assert_close(one, other, 1e-10)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, -0.0])
@pytest.mark.parametrize("samples", [1, 7, 8, 20])
def test_what_is_no_number_stays_in_the_mean(value: float, samples: int) -> None:
    xs = np.zeros(samples)
    xs[-1] = value
    goal = objective("w*x", columns={"x": xs})
    loss, gradient = value_and_gradient_kernel(goal.program, True)(goal)(np.array([1.0]))
    expected_loss, expected = goal.loss_and_gradient([1.0])
    assert_same_bits(np.array([loss, *gradient]), np.array([expected_loss, *expected]))
    # The short block repeats its last sample in the lanes that are left over: none of it may be counted.
    if math.isfinite(value):
        assert loss == 0.0


def test_partial_sums_are_as_they_are_described() -> None:
    values = _RANDOM.normal(size=29) * 10.0 ** _RANDOM.integers(-8, 8, 29)
    parts = [0.0] * PARTIAL_SUMS
    for k, value in enumerate(values.tolist()):
        parts[k % PARTIAL_SUMS] += value
    while len(parts) > 1:
        half = len(parts) // 2
        parts = [low + high for low, high in zip(parts[:half], parts[half:], strict=True)]
    assert float(mean_over_samples(values, 29)) == parts[0] / 29
    table = np.stack([values, 2.0 * values])
    assert mean_over_samples(table, 29).tolist() == [parts[0] / 29, 2.0 * parts[0] / 29]
    assert float(mean_over_samples(2.5, 29)) == 2.5


def test_a_model_of_many_features_is_compiled() -> None:
    features = 100
    weights = " + ".join(f"w_{index}*x_{index}" for index in range(features))
    columns = (*(f"x_{index}" for index in range(features)), "y")
    program = objective_program(f"({weights} - y)^2", columns=columns, bounded=False)
    goal = Objective(program, np.empty(0), _RANDOM.normal(size=(features + 1, 203)))
    theta = _RANDOM.normal(size=features)
    loss, gradient = value_and_gradient_kernel(program, True)(goal)(theta)
    expected_loss, expected = goal.loss_and_gradient(theta)
    assert_same_bits(np.array([loss, *gradient]), np.array([expected_loss, *expected]))
