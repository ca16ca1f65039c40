"""Curvature against closed forms and finite differences; stable rates against runs just below and above them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.analysis.curvature import curvature, largest_stable_rate, stability_limit
from gdstudio.engine.descent import Descent
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.stopping import Stopping
from tests.engine.goals import goal_of


def _defaults(optimizer: str, **changed: float) -> dict[str, float]:
    return {row.key: row.default for row in OPTIMIZERS[optimizer].hyperparameters} | changed


@pytest.mark.parametrize("machine", [True, False])
def test_eigenvalues_and_eigenvectors_of_a_turned_bowl(machine: bool) -> None:
    found = curvature(goal_of("bowl"), (0.3, -2.0), machine)
    assert found.eigenvalues == pytest.approx([0.1, 1.0], rel=1e-13)
    flat = np.array([np.cos(np.pi / 6), np.sin(np.pi / 6)])
    assert found.eigenvectors is not None
    assert found.eigenvectors[:, 0] == pytest.approx(flat)
    # The sign is that of the largest component, not of the solver.
    assert found.eigenvectors[:, 1] == pytest.approx([-flat[1], flat[0]])
    assert found.largest == pytest.approx(1.0)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_hessian_is_the_slope_of_the_gradient(problem: str) -> None:
    goal = goal_of(problem)
    # Away from kinks, where differences say nothing.
    theta = np.array([low + 0.37 * (high - low) for low, high in PROBLEMS[problem].domain])
    found = curvature(goal, theta).hessian
    step = 1e-5 * max(1.0, float(np.abs(theta).max()))
    for index in range(goal.dimension):
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += step
        behind[index] -= step
        column = (goal.loss_and_gradient(ahead)[1] - goal.loss_and_gradient(behind)[1]) / (2.0 * step)
        assert found[:, index] == pytest.approx(column, rel=1e-4, abs=1e-5 * max(1.0, float(np.abs(found).max())))


@pytest.mark.parametrize("problem", [key for key, row in PROBLEMS.items() if row.minima and key != "ackley"])
def test_no_known_minimum_in_the_interior_curves_down(problem: str) -> None:
    row = PROBLEMS[problem]
    for minimum in row.minima:
        if all(low < value < high for value, (low, high) in zip(minimum.theta, row.domain, strict=True)):
            values = curvature(goal_of(problem), minimum.theta).eigenvalues
            assert values is not None and values[0] >= -1e-6 * max(1.0, values[-1])


def test_where_the_loss_is_not_finite_there_are_no_eigenvalues() -> None:
    found = curvature(objective("log(x) + y^2"), (0.0, 1.0))
    assert found.eigenvalues is None and found.eigenvectors is None
    assert math.isnan(found.largest)


def test_twenty_variables() -> None:
    found = curvature(objective(" + ".join(f"{i}*x{i}^2" for i in range(1, 21))), [1.0] * 20)
    assert found.eigenvalues == pytest.approx([2.0 * i for i in range(1, 21)])


_RATES = [
    ("gd", {}), ("momentum", {"momentum": 0.0}), ("momentum", {"momentum": 0.9}), ("momentum", {"momentum": 0.37}),
    ("momentum_ema", {"beta": 0.9}), ("momentum_ema", {"beta": 0.4}), ("nesterov", {"momentum": 0.9}),
    ("nesterov", {"momentum": 0.2}), ("nesterov_lookahead", {"momentum": 0.8}),
    ("momentum", {"momentum": 0.6, "dampening": 0.5}), ("momentum", {"momentum": 0.7, "nesterov": 1.0}),
    ("momentum", {"momentum": 0.7, "nesterov": 1.0, "dampening": 0.4}),
]


@pytest.mark.parametrize(("optimizer", "numbers"), _RATES)
@settings(max_examples=8, deadline=None)
@given(eigenvalue=st.floats(0.01, 1000.0))
def test_a_method_converges_just_below_its_largest_stable_rate_and_not_just_above(
    optimizer: str, numbers: dict[str, float], eigenvalue: float
) -> None:
    settings_ = _defaults(optimizer, **numbers)
    rate = largest_stable_rate(optimizer, settings_, eigenvalue)
    assert rate is not None
    # The flatter direction is stable wherever the steep one is.
    goal = objective("a*x^2/2 + a*y^2/20", {"a": eigenvalue})
    ends = []
    for share in (0.99, 1.01):
        descent = Descent(
            goal, optimizer, (1.0, 1.0), settings_ | {"learning_rate": share * rate},
            Stopping(iterations=3000, tolerance=0.0),
        )
        descent.advance(3000)
        ends.append(abs(descent.trajectory.theta[-1, 0]))
    assert ends[0] < 1e-3
    assert ends[1] > 1e3


def test_closed_forms() -> None:
    assert stability_limit("gd", {}) == 2.0
    assert stability_limit("momentum", {"momentum": 0.9}) == pytest.approx(3.8)
    assert stability_limit("momentum_ema", {"beta": 0.9}) == pytest.approx(38.0)
    assert stability_limit("nesterov", {"momentum": 0.9}) == pytest.approx(3.8 / 2.8)
    assert largest_stable_rate("gd", {}, 10.0) == pytest.approx(0.2)


def test_where_theory_gives_nothing_there_is_nothing() -> None:
    assert stability_limit("adam", {}) is None
    assert largest_stable_rate("adam", {}, 1.0) is None
    assert largest_stable_rate("gd", {}, 0.0) is None
    assert largest_stable_rate("gd", {}, -3.0) is None
    assert largest_stable_rate("gd", {}, math.nan) is None
