"""The proximal step of the lasso, in every execution, and the parameters that it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.analysis.many_starts import descend_many
from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import FormulaError
from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.language.program import program
from gdstudio.engine.objective import Objective, objective, objective_program
from gdstudio.engine.recipe import Addition, Recipe, composition
from tests.engine.agreement import UNSTOPPED, assert_close, assert_same_bits

_MACHINE = pytest.mark.parametrize("machine", [True, False])
_AROUND_GD = Recipe("gd", additions=(Addition("proximal"),))


def _with_intercept() -> Objective:
    """Return squares of two weights and of an intercept, which no proximal step draws to zero."""
    program_of_loss = objective_program("(w-2)^2 + (v-0.1)^2 + (b-3)^2", unpenalized=("b",))
    return Objective(program_of_loss, np.empty(0))


@_MACHINE
def test_it_is_that_of_a_loop_and_comes_before_lookahead(machine: bool) -> None:
    goal, start = objective("(1-x)^2 + 100*(y-x^2)^2"), np.array([-0.4, 0.3])
    recipe = Recipe("momentum", additions=(Addition("lookahead"), Addition("proximal")))
    numbers = {"learning_rate": 3e-4, "proximal": 80.0, "lookahead_k": 6.0, "lookahead_alpha": 0.3}
    run = Descent(goal, recipe, start, numbers, UNSTOPPED, machine=machine)
    run.advance(60)
    fast = slow = start
    velocity, found = np.zeros(2), [fast]
    for step in range(1, 61):
        velocity = 0.9 * velocity + goal.loss_and_gradient(fast)[1]
        moved = fast - 3e-4 * velocity
        fast = np.sign(moved) * np.maximum(np.abs(moved) - 3e-4 * 80.0, 0.0)
        if step % 6 == 0:
            fast = slow = slow + 0.3 * (fast - slow)
        found.append(fast)
    assert_close(run.trajectory.theta, np.array(found), 1e-11)
    assert np.any(np.array(found) == 0.0)


@_MACHINE
def test_it_ends_where_the_penalty_balances_the_slope(machine: bool) -> None:
    run = Descent(_with_intercept(), "gd", (5.0, 5.0, 5.0), {"learning_rate": 0.1, "proximal": 0.5}, UNSTOPPED,
                  machine=machine)
    run.advance(500)
    assert_close(run.theta, np.array([1.75, 0.0, 3.0]), 1e-13)
    assert run.theta[1] == 0.0 and not np.signbit(run.theta[1])


@_MACHINE
def test_it_follows_a_schedule(machine: bool) -> None:
    recipe = Recipe("gd", additions=(Addition("proximal"), Addition("exponential")))
    numbers = {"learning_rate": 0.1, "schedule_factor": 0.5, "proximal": 1.0}
    run = Descent(objective("0*x"), recipe, (1.0,), numbers, UNSTOPPED, machine=machine)
    run.advance(3)
    assert_close(run.trajectory.theta[:, 0], np.array([1.0, 0.9, 0.85, 0.825]), 1e-15)


@_MACHINE
def test_it_is_the_same_from_many_starts(machine: bool) -> None:
    numbers = {"learning_rate": 0.1, "proximal": 0.5}
    starts = np.linspace(-4.0, 4.0, 27).reshape(9, 3)
    ends = descend_many(_with_intercept(), _AROUND_GD, starts, numbers, 40, machine=machine)
    for start, end in zip(starts, ends.theta, strict=True):
        run = Descent(_with_intercept(), _AROUND_GD, start, numbers, UNSTOPPED, machine=machine)
        run.advance(40)
        assert_same_bits(run.theta, end)


@_MACHINE
def test_it_draws_all_of_a_long_vector(machine: bool) -> None:
    made = composition(Recipe("momentum", additions=(Addition("proximal"),)))
    numbers = {parameter.key: parameter.default for parameter in made.parameters}
    before = np.linspace(-2.0, 2.0, 37)
    theta = before.copy()
    update = FusedUpdate(made.rule, numbers | {"learning_rate": 0.1, "proximal": 5.0}, theta, machine)
    update.step(np.zeros(37))
    assert_close(theta, np.sign(before) * np.maximum(np.abs(before) - 0.5, 0.0), 1e-15)


def test_what_may_be_drawn_to_zero_is_given_and_not_assigned() -> None:
    assert program("theta = theta - learning_rate * penalized * g", ("learning_rate",)).state == ()
    with pytest.raises(FormulaError, match="penalized is given, not assigned; choose another name"):
        program("penalized = 1\ntheta = theta - g", ())
