"""The loss, its gradient and its Hessian at single points: machine code against the interpreter and closed forms."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.curvatures import hessian_function, second_derivatives
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.kernels import value_and_gradient_kernel
from gdstudio.engine.objective import objective
from tests.engine.agreement import assert_close, assert_same_bits, is_exact
from tests.engine.goals import goal_of

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("problem", PROBLEMS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_machine_code_is_the_interpreter(problem: str, data: st.DataObject) -> None:
    goal = goal_of(problem)
    theta = np.array([data.draw(st.floats(*domain)) for domain in PROBLEMS[problem].domain])
    loss, gradient = value_and_gradient_kernel(goal.program, True)(goal)(theta)
    expected_loss, expected = goal.loss_and_gradient(theta)
    second, expected_second = hessian_function(goal, True)(theta), hessian_function(goal, False)(theta)
    assert np.array_equal(second, second.T, equal_nan=True)
    if is_exact(goal.program.formula.graph, goal.program.outputs):
        assert_same_bits(np.array([loss, *gradient]), np.array([expected_loss, *expected]))
    else:
        scale = max(1.0, abs(expected_loss), float(np.abs(expected).max()))
        assert_close(np.array([loss, *gradient]), np.array([expected_loss, *expected]), 1e-12, scale)
    both = second_derivatives(goal.program)
    if is_exact(both.formula.graph, both.outputs):
        assert_same_bits(second, expected_second)
    else:
        assert_close(second, expected_second, 1e-9, max(1.0, float(np.abs(expected_second).max())))


@pytest.mark.parametrize("machine", [True, False])
def test_the_hessian_of_rosenbrock_is_the_closed_form(machine: bool) -> None:
    x, y = -1.2, 1.5
    found = hessian_function(objective("(1-x)^2 + 100*(y-x^2)^2"), machine)(np.array([x, y]))
    assert found == pytest.approx(np.array([[2 - 400 * y + 1200 * x * x, -400 * x], [-400 * x, 200.0]]), rel=1e-14)


@pytest.mark.parametrize("machine", [True, False])
def test_the_hessian_of_a_mean_over_data(machine: bool) -> None:
    xs = np.array([1.0, 2.0, 4.0])
    goal = objective("(w*x + b - y)^2 + decay*w^4", {"decay": 0.5}, {"x": xs, "y": np.array([0.0, 1.0, 5.0])})
    found = hessian_function(goal, machine)(np.array([2.0, -1.0]))
    expected = [[2 * np.mean(xs**2) + 6 * 2.0**2, 2 * np.mean(xs)], [2 * np.mean(xs), 2.0]]
    assert found == pytest.approx(np.array(expected), rel=1e-14)


def test_the_graph_of_the_loss_does_not_grow() -> None:
    goal = objective("x^3*y + sin(x)/3")
    before = len(goal.program.formula.graph)
    hessian_function(goal, False)
    assert len(goal.program.formula.graph) == before


def test_a_function_outlives_what_it_was_made_of() -> None:
    def made() -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        goal = objective("a*x^2 + y + 0.125", {"a": 3.0})
        return value_and_gradient_kernel(goal.program, True)(goal)

    at = made()
    value_and_gradient_kernel.cache_clear()
    gc.collect()
    assert at(np.array([2.0, 1.0]))[0] == 13.125


def test_results_are_copies() -> None:
    goal = objective("x^2")
    at = value_and_gradient_kernel(goal.program, True)(goal)
    first = at(np.array([3.0]))[1]
    at(np.array([5.0]))
    assert first.tolist() == [6.0]
