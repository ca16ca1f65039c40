"""Equations beyond the six of the table: look-ahead gradients, norms, branches, scalar state, running powers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.kernels import Rows, StateLayout, descend_kernel
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.update_rule import UpdateRule, update_rule
from tests.engine.agreement import UNSTOPPED, assert_close, assert_same_bits, rule_is_exact

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BEALE = "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2"
_RULES = {
    "look-ahead": "v = mu*v - eta*gradient(theta + mu*v)\ntheta = theta + v",
    "twice ahead": "h = theta - eta*g\nk = gradient(h - eta*mu*gradient(h))\ntheta = theta - eta*k",
    "normalised": "theta = theta - eta*g/(norm(g) + 0.001)",
    "clipped": "s = min(1, mu/max(norm(g), 0.001))\ntheta = theta - eta*s*g",
    "warm-up": "rate = where(t < 5, eta*t/5, eta)\ntheta = theta - rate*g",
    "every third": "w = where(t - 3*floor(t/3) == 0, 0, mu*w + g)\ntheta = theta - eta*w",
    "scalar state": "q = mu*q + (1-mu)*dot(g, g)\ntheta = theta - eta*g/(sqrt(q) + 0.001)",
    "vector and scalar state": (
        "last = mean(abs(g))\nv = mu*v + g/(1 + best)\nbest = max(best, last)\ntheta = theta - eta*v"
    ),
    "scalar for all": "a = mu*a + (1-mu)*mean(g)\ntheta = theta - eta*(g + a)",
    "all alike": "theta = theta - theta + mean(theta - eta*g)",
    "running powers": "m = mu*m + (1-mu)*g\ntheta = theta - eta*m/(1 - mu^t)*(1 - 0.5^t)",
    "loss": "d = loss - l\nl = loss\ntheta = theta - eta*g/(1 + abs(d) + mu*loss)",
    "step count": "theta = theta - eta*g/sqrt(t)",
    "previous iterate": "d = theta - p\np = theta\ntheta = theta - eta*g + 0.1*mu*where(t > 1, d, 0)",
}


# Their exponents are numbers that people set, and no power function rounds alike everywhere.
_WITH_POWERS = ("asgd", "nadam", "nadamw", "adafactor", "ftrl")


def _rule(name: str) -> UpdateRule:
    return update_rule(_RULES[name], ("eta", "mu"))


def _drive(
    goal: Objective, rule: UpdateRule, start: list[float], hyperparameters: list[float], count: int, *, machine: bool
) -> tuple[Floats, Floats]:
    """Return the iterates from the first step on, fewer where the run diverges, and the last state."""
    layout = StateLayout(goal.dimension, rule)
    theta = np.array(start)
    state = layout.initial(theta, *goal.loss_and_gradient(theta), np.array(hyperparameters))
    rows = Rows(np.empty((count, goal.dimension)), np.empty(count), np.empty(count))
    limits = UNSTOPPED.limits(theta, 1e300)
    kernel = descend_kernel(goal.program, rule, False, machine)
    made, cause = kernel(count, state, np.array(hyperparameters), goal, limits, rows, None)
    assert made == count or cause
    return rows.theta[:made], state


@pytest.mark.parametrize("name", _RULES)
@pytest.mark.parametrize(
    ("text", "start"), [(_BEALE, [0.6, 0.4]), ("5*x^2", [1.3]), ("2*a^2 + 6*b^2 + 7*c^3", [1.0, 1.0, 1.0])]
)
def test_machine_code_is_the_interpreter_to_the_bit(name: str, text: str, start: list[float]) -> None:
    goal, rule = objective(text), _rule(name)
    one, other = (_drive(goal, rule, start, [3e-3, 0.7], 60, machine=machine) for machine in (True, False))
    assert_same_bits(one[0], other[0])
    assert_same_bits(one[1], other[1])
    assert len(one[0]) == 60
    assert np.any(one[0][-1] != start)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(_RULES)), start=st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=2),
    rate=st.floats(0.0, 1e-2), mu=st.floats(0.0, 0.99),
)
def test_machine_code_is_the_interpreter_from_anywhere(name: str, start: list[float], rate: float, mu: float) -> None:
    goal, rule = objective("(1-x)^2 + 100*(y-x^2)^2"), _rule(name)
    one, other = (_drive(goal, rule, start, [rate, mu], 20, machine=machine) for machine in (True, False))
    assert_same_bits(one[0], other[0])
    assert_same_bits(one[1], other[1])


def _slope(theta: Floats) -> Floats:
    return objective(_BEALE).loss_and_gradient(theta)[1]


@pytest.mark.parametrize("machine", [True, False])
def test_the_gradient_elsewhere_is_that_of_the_objective(machine: bool) -> None:
    eta, mu = 3e-3, 0.7
    found, _ = _drive(objective(_BEALE), _rule("look-ahead"), [0.6, 0.4], [eta, mu], 40, machine=machine)
    theta, velocity = np.array([0.6, 0.4]), np.zeros(2)
    for row in found:
        velocity = mu * velocity - eta * _slope(theta + mu * velocity)
        theta = theta + velocity
        assert_close(row, theta, 1e-12)


@pytest.mark.parametrize("machine", [True, False])
def test_norm_dot_and_mean_are_taken_over_the_parameters(machine: bool) -> None:
    eta, mu = 3e-3, 0.7
    found, _ = _drive(objective(_BEALE), _rule("scalar state"), [0.6, 0.4], [eta, mu], 40, machine=machine)
    theta, square = np.array([0.6, 0.4]), 0.0
    for row in found:
        g = _slope(theta)
        square = mu * square + (1 - mu) * float(g @ g)
        theta = theta - eta * g / (np.sqrt(square) + 0.001)
        assert_close(row, theta, 1e-12)
    alike, _ = _drive(objective(_BEALE), _rule("all alike"), [0.6, 0.4], [eta, mu], 1, machine=machine)
    start = np.array([0.6, 0.4])
    assert_close(alike[0], np.full(2, np.mean(start - eta * _slope(start))), 1e-14)


@pytest.mark.parametrize("machine", [True, False])
def test_equations_branch_on_the_step(machine: bool) -> None:
    found, _ = _drive(objective("0*x + 2*y"), _rule("warm-up"), [0.0, 0.0], [1.0, 0.5], 7, machine=machine)
    steps = -np.diff(np.concatenate([[0.0], found[:, 1]])) / 2.0
    assert_close(steps, np.array([0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 1.0]), 1e-15)


def test_the_layout_of_the_state_follows_from_the_equations() -> None:
    rule = _rule("vector and scalar state")
    assert (rule.vector_state, rule.scalar_state, rule.powers) == (("v",), ("best",), ())
    assert rule.state_size(5) == 6
    powers = _rule("running powers")
    assert len(powers.powers) == 2
    assert powers.state_size(3) == 5
    assert not _rule("step count").powers


def test_gradients_are_counted_as_they_are_computed() -> None:
    counts = {name: _rule(name).gradients_per_step for name in _RULES}
    assert counts.pop("look-ahead") == 2
    assert counts.pop("twice ahead") == 3
    assert set(counts.values()) == {1}
    counted = {key: composition(Recipe(key)).rule.evaluations_per_step(7) for key in EQUATIONS}
    ahead = {key for key, count in counted.items() if count == 2}
    assert ahead == {"nesterov_lookahead", "schedule_free_sgd", "schedule_free_adamw"}
    assert counted["sophia"] == 1 + 7
    assert all(counted[key] == 1 for key in set(EQUATIONS) - ahead - {"sophia"})
    descent = Descent(objective(_BEALE), "adam", (0.6, 0.4), stopping=UNSTOPPED)
    assert descent.evaluations == 1
    descent.advance(25)
    assert descent.evaluations == 26


@pytest.mark.parametrize("machine", [True, False])
@pytest.mark.parametrize("interval", [1.0, 10.0])
def test_the_diagonal_of_a_hessian_counts_as_many_as_there_are_parameters(interval: float, machine: bool) -> None:
    squares = objective(" + ".join(f"{k}*x{k}^2" for k in range(1, 8)))
    descent = Descent(
        squares, "sophia", [1.0] * 7, {"update_interval": interval}, stopping=UNSTOPPED, machine=machine
    )
    descent.advance(12)
    # a gradient and seven second derivatives at each step, used or not
    np.testing.assert_array_equal(descent.trajectory.evaluations, 1 + 8 * np.arange(13))
    state = descent.take_state()
    assert descent.evaluations == 97
    descent.advance(5)
    descent.put_state(state)
    assert descent.evaluations == descent.trajectory.evaluations[-1] == 97


def test_a_hessian_counts_alike_in_equations_and_in_newtons_method() -> None:
    bowl = objective("x^2 + 2*y^2 + 3*z^2 + x^4 + y^4 + z^4")
    own = Recipe("mine", equations="theta = theta - learning_rate * g / (hessian_diagonal(theta) + 1)")
    counts = []
    for optimizer in (own, Recipe("newton")):
        descent = Descent(bowl, optimizer, [1.0, 1.0, 1.0], {"learning_rate": 0.5}, stopping=UNSTOPPED)
        descent.advance(4)
        counts.append(descent.trajectory.evaluations.tolist())
    assert counts[0] == counts[1] == [1, 5, 9, 13, 17]


def test_every_different_point_is_counted_once() -> None:
    rule = update_rule(
        "a = hessian_diagonal(theta)\nb = hessian_diagonal(theta - eta*g)\n"
        "theta = theta - eta*gradient(theta - eta*g)/(1 + a^2 + b^2 + hessian_diagonal(theta))", ("eta",)
    )
    assert [rule.evaluations_per_step(size) for size in (1, 5)] == [2 + 2, 2 + 10]


@pytest.mark.parametrize("key", [key for key in EQUATIONS if key not in _WITH_POWERS])
def test_the_rules_of_the_table_are_exact(key: str) -> None:
    rules = [composition(Recipe(key, convention)).rule for convention in EQUATIONS[key].conventions]
    assert all(rule_is_exact(rule) for rule in rules)


@pytest.mark.parametrize("machine", [True, False])
def test_a_change_of_beta_keeps_the_weights_that_were_applied(machine: bool) -> None:
    beta2, epsilon, rate = 0.999, 1e-8, 0.01
    descent = Descent(objective("5*x^2"), "adam", (3.0,), {"learning_rate": rate}, UNSTOPPED, machine=machine)
    descent.advance(10)
    descent.change("beta1", 0.5)
    descent.advance(10)
    x, mean, square, product1, product2 = 3.0, 0.0, 0.0, 1.0, 1.0
    wanted = [x]
    for step in range(20):
        beta1 = 0.9 if step < 10 else 0.5
        g = 10.0 * x
        mean, square = beta1 * mean + (1 - beta1) * g, beta2 * square + (1 - beta2) * g * g
        product1, product2 = product1 * beta1, product2 * beta2
        x -= rate * (mean / (1 - product1)) / (np.sqrt(square / (1 - product2)) + epsilon)
        wanted.append(x)
    assert_close(descent.trajectory.theta[:, 0], np.array(wanted), 1e-12)


@pytest.mark.parametrize("machine", [True, False])
def test_a_running_power_never_lingers_among_subnormal_numbers(machine: bool) -> None:
    rule = _rule("running powers")
    _, state = _drive(objective("x^2"), rule, [1.0], [1e-3, 0.5], 1_050, machine=machine)
    assert state[-2:].tolist() == [0.0, 0.0]
    _, state = _drive(objective("x^2"), rule, [1.0], [1e-3, 0.5], 1_022, machine=machine)
    assert state[-2:].tolist() == [0.5**1022, 0.5**1022]
