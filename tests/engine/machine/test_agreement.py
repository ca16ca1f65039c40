"""Machine code against the interpreter, on every problem of the table; for every optimizer see test_whole_table."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.kernels import Rows, StateLayout, descend_kernel
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import update_rule
from tests.data.tables import columns_of
from tests.engine.agreement import RELATIVE_PER_STEP, assert_close, assert_same_bits, is_exact, pair, rule_is_exact

# The ways in which equations use an objective: its gradient here, there, its curvature; and whole vectors, and powers.
_WAYS = ("adam", "nesterov_lookahead", "sophia", "prodigy", "asgd")
_STEPS = 50
# What a power function that rounds in its own way may make of as many steps.
_RELATIVE_IN_ALL = 1e-9


def _objective(problem: str) -> Objective:
    row = PROBLEMS[problem]
    numbers = {parameter.key: parameter.default for parameter in row.parameters}
    return objective(row.text, numbers, columns_of(row.dataset) if row.dataset else None)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("optimizer", _WAYS)
def test_machine_code_is_the_interpreter(optimizer: str, problem: str) -> None:
    row = PROBLEMS[problem]
    goal = _objective(problem)
    settings = {"learning_rate": row.learning_rates[optimizer]} if optimizer in row.learning_rates else {}
    compiled, interpreted = pair(goal, optimizer, row.start, settings)
    exact = rule_is_exact(compiled.rule)
    if exact and is_exact(goal.program.formula.graph, goal.program.outputs):
        assert compiled.advance(_STEPS) == interpreted.advance(_STEPS)
        assert compiled.outcome == interpreted.outcome
        assert_same_bits(compiled.take_state().values, interpreted.take_state().values)
        for name in compiled.trajectory.column_names:
            assert_same_bits(
                np.asarray(compiled.trajectory.column(name), dtype=np.float64),
                np.asarray(interpreted.trajectory.column(name), dtype=np.float64),
            )
        return
    layout = StateLayout(goal.dimension, compiled.rule)
    for _ in range(_STEPS):
        # Chaos would let the last bits grow from step to step: both begin each step in the same state.
        interpreted.put_state(compiled.take_state())
        before = compiled.take_state().values
        assert compiled.advance(1) == interpreted.advance(1)
        one, other = compiled.take_state().values, interpreted.take_state().values
        # An update that uses the gradient in the state alone agrees to the bit even here.
        if exact and compiled.rule.evaluations_per_step(goal.dimension) == 1:
            assert_same_bits(one[layout.theta], other[layout.theta])
        # A loss and its gradient may cancel: their rounding errors are those of the largest terms.
        scale = max(1.0, float(np.abs(before[layout.loss])), float(np.abs(other[layout.gradient]).max()))
        assert_close(one, other, RELATIVE_PER_STEP, scale)


@pytest.mark.parametrize("batch", [1, 5, 32])
@pytest.mark.parametrize("optimizer", _WAYS)
def test_machine_code_is_the_interpreter_with_batches_of_data(optimizer: str, batch: int) -> None:
    goal = objective("(w*x + b - y)^2 + decay*w^2", {"decay": 0.01}, columns_of("noisy_line"))
    compiled, interpreted = pair(goal, optimizer, (0.0, 0.0), seed=3, batch=batch)
    assert compiled.advance(_STEPS) == interpreted.advance(_STEPS) == _STEPS
    if not rule_is_exact(compiled.rule):
        assert_close(compiled.take_state().values, interpreted.take_state().values, _RELATIVE_IN_ALL)
        return
    assert_same_bits(compiled.take_state().values, interpreted.take_state().values)
    assert_same_bits(
        np.asarray(compiled.trajectory.column("batch_loss")), np.asarray(interpreted.trajectory.column("batch_loss"))
    )


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "momentum_ema", "nesterov", "rmsprop", "adam"])
@pytest.mark.parametrize("scale", ["1e-320", "1e-250", "1e-163", "1e-136", "1e-135", "1e150", "1e155", "1e300"])
def test_norms_beyond_the_range_of_squares_have_the_same_bits(scale: str, optimizer: str) -> None:
    goal = objective(f"{scale}*(x + 2*y - z + 9)")
    compiled, interpreted = pair(goal, optimizer, (0.0, 0.0, 0.0), {"learning_rate": 1e-300})
    assert compiled.advance(5) == interpreted.advance(5) == 5
    assert_same_bits(compiled.trajectory.gradient_norm, interpreted.trajectory.gradient_norm)
    assert_same_bits(compiled.trajectory.theta, interpreted.trajectory.theta)
    expected = float(np.sqrt(6.0)) * float(scale)
    assert np.allclose(compiled.trajectory.gradient_norm, expected, rtol=1e-14, atol=1e-322)


@pytest.mark.parametrize("machine", [True, False])
def test_an_equation_asks_for_a_norm_beyond_the_range_of_squares(machine: bool) -> None:
    rule = update_rule("theta = theta - learning_rate * g / norm(g)", ("learning_rate",))
    for scale in (1e-250, 1.0, 1e250):
        goal = objective(f"{scale!r}*(3*x + 4*y + 9)")
        start, (loss, gradient) = np.zeros(2), goal.loss_and_gradient(np.zeros(2))
        limits = Stopping(tolerance=0.0).limits(start, loss)
        kernel = descend_kernel(goal.program, rule, False, machine)
        state = StateLayout(2, rule).initial(start, loss, gradient, np.array([0.5]))
        rows = Rows(np.zeros((4, 2)), np.zeros(4), np.zeros(4))
        assert kernel(4, state, np.array([0.5]), goal, limits, rows, None) == (4, 0)
        assert_close(rows.theta[-1], np.array([-1.2, -1.6]), 1e-14)
