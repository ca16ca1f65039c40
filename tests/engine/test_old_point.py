"""Decay that shrinks the parameters before a step: derivatives are those at the parameters before it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.old_point import seen_from, takes_derivatives
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.engine.stopping import Stopping
from tests.engine.agreement import assert_close, assert_same_bits

_GOAL = objective("(1-x)^2 + 100*(y-x^2)^2")
_START = (-0.7, 0.4)
_UNSTOPPED = Stopping(iterations=60, tolerance=0.0)
_DECAY = {"weight_decay": 0.7, "decoupled": 1.0}


def _path(recipe: Recipe, numbers: dict[str, float], machine: bool = True) -> np.ndarray:
    descent = Descent(_GOAL, recipe.reaching(numbers), _START, numbers, _UNSTOPPED, 3, machine=machine)
    descent.advance(60)
    return descent.trajectory.theta


@pytest.mark.parametrize("machine", [True, False])
def test_look_ahead_starts_from_the_parameters_before_decay(machine: bool) -> None:
    rate, momentum = 1e-4, 0.9
    ours = _path(Recipe("nesterov_lookahead"), {"learning_rate": rate, **_DECAY}, machine)
    theta, velocity = np.array(_START), np.zeros(2)
    for row in ours[1:]:
        slope = _GOAL.loss_and_gradient(theta + momentum * velocity)[1]
        velocity = momentum * velocity - rate * slope
        theta = theta * (1.0 - rate * 0.7) + velocity
        assert_close(row, theta, 1e-12)


@pytest.mark.parametrize("machine", [True, False])
def test_curvature_is_that_at_the_parameters_before_decay(machine: bool) -> None:
    numbers = {"learning_rate": 0.05, "update_interval": 1.0, **_DECAY}
    ours = _path(Recipe("sophia"), numbers, machine)
    theta, mean, curved = np.array(_START), np.zeros(2), np.zeros(2)
    for step, row in enumerate(ours[1:], start=1):
        mean = 0.965 * mean + 0.035 * _GOAL.loss_and_gradient(theta)[1]
        u = mean / (1.0 - 0.965**step) / np.maximum(0.01 * curved, 1e-8)
        curved = 0.99 * curved + 0.01 * _GOAL.hessian_diagonal(theta)
        theta = theta * (1.0 - 0.05 * 0.7) - 0.05 * np.clip(u, -1.0, 1.0)
        assert_close(row, theta, 1e-11)


_MOMENTUM = "name: Own\nlearning_rate: 0.0001\nbeta: 0.9\n{more}v = beta*v + {slope}\ntheta = theta - learning_rate*v"
_AROUND = st.sets(st.sampled_from(["noise", "clip_value", "clip_norm", "warmup", "lookahead"]))


@settings(max_examples=30, deadline=None)
@given(
    around=_AROUND, decoupled=st.sampled_from([0.0, 1.0]),
    written=st.sampled_from([
        ("", "gradient(theta)"), ("here = theta\n", "gradient(here)"), ("w = 2theta\nw = w/2\n", "gradient(w)"),
        ("far = theta + 1\nback = far - far + theta\n", "gradient( back )"),
    ]),
)
def test_the_gradient_that_lines_take_themselves_is_g(
    around: set[str], decoupled: float, written: tuple[str, str]
) -> None:
    additions = tuple(Addition(key) for key in (*around, "weight_decay"))
    numbers = {"weight_decay": 0.7, "decoupled": decoupled}
    paths = [
        _path(Recipe("Own", equations=_MOMENTUM.format(more=more, slope=slope), additions=additions), numbers)
        for more, slope in (("", "g"), written)
    ]
    assert_same_bits(paths[0], paths[1])


def test_second_names_are_made_only_where_a_point_needs_them() -> None:
    assert seen_from("old", "v = 0.9*v + g\ntheta = theta - v") == "v = 0.9*v + g\ntheta = theta - v"
    assert seen_from("old", "h = hessian_diagonal(theta)\ntheta = theta - g/h") == (
        "h = hessian_diagonal(old)\ntheta = theta - g/h"
    )
    lines = ["a = 2theta", "old_a = a - v", "v = gradient(0.1old_a)", "theta = theta - v*a", "w = gradient(theta)"]
    assert seen_from("old", "\n".join([*lines, "theta = theta - w"])).split("\n") == [
        "old_a_ = 2old", "a = 2theta", "old_old_a = old_a_ - v", "old_a = a - v", "v = gradient(0.1old_old_a)",
        "old = old - v*old_a_", "theta = theta - v*a", "w = gradient(old)", "theta = theta - w",
    ]
    # A name that no longer comes from theta is the same seen from both.
    assert seen_from("old", "a = theta\na = g\nv = gradient(a)\ntheta = theta - v") == (
        "a = theta\na = g\nv = gradient(a)\ntheta = theta - v"
    )


def test_only_derivatives_of_the_optimizer_s_own_bring_another_line() -> None:
    assert takes_derivatives("x = 1\ntheta = theta - gradient(theta + gradients)")
    assert not takes_derivatives("theta = theta - g*gradients")
    for key, needed in (("gd", False), ("sophia", True), ("nesterov_lookahead", True)):
        text = composition(Recipe(key).reaching(["weight_decay"])).equations
        assert ("weight_decay_old = theta" in text) == needed
