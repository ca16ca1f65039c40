"""Machine code where it is large, made often, or run by several threads at once."""

from __future__ import annotations

import gc
import itertools
import threading

import numpy as np
import pytest

from gdstudio.engine import kernels
from gdstudio.engine.descent import Descent
from gdstudio.engine.kernels import descend_kernel, evaluate_kernel, machine_available
from gdstudio.engine.machine.descend import MachineDescend
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import UpdateRule
from tests.engine.agreement import assert_close, assert_same_bits, pair, rule_is_exact

_MANY = tuple(f"x{index}" for index in range(20))


def _rosenbrock_of(names: tuple[str, ...]) -> str:
    return " + ".join(
        f"(1-{one})^2 + 100*({other}-{one}^2)^2" for one, other in itertools.pairwise(names)
    )


@pytest.mark.parametrize("optimizer", EQUATIONS)
def test_twenty_variables(optimizer: str) -> None:
    goal = objective(_rosenbrock_of(_MANY))
    assert goal.variables == _MANY
    compiled, interpreted = pair(goal, optimizer, np.linspace(-0.5, 0.5, 20).tolist(), {"learning_rate": 1e-5})
    assert compiled.advance(20) == interpreted.advance(20) == 20
    if rule_is_exact(compiled.rule):
        assert_same_bits(compiled.take_state().values, interpreted.take_state().values)
    else:
        assert_close(compiled.take_state().values, interpreted.take_state().values, 1e-10)


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["x*y"] * 150 + ["x/y"] * 90),
        "+".join(f"({number}-x)^2*y" for number in range(80)),
        "x" + "*y/x" * 240,
        "sin(" * 30 + "x+y" + ")" * 30,
        "where(x<y," * 20 + "x" + ",y)" * 20,
        "+".join(["(x^2+y^2)^0.5"] + [f"exp(-x*{number}/y)" for number in range(1, 60)]),
    ],
    ids=["terms", "squares", "chain", "nested", "branches", "transcendental"],
)
def test_long_formulas(text: str) -> None:
    goal = objective(text)
    compiled, interpreted = pair(goal, "adam", (0.7, 1.1))
    for _ in range(3):
        interpreted.put_state(compiled.take_state())
        assert compiled.advance(1) == interpreted.advance(1) == 1
        scale = float(np.max(np.abs(interpreted.take_state().values)))
        assert_close(compiled.take_state().values, interpreted.take_state().values, scale=max(1.0, scale))


def test_a_hundred_formulas_one_after_another() -> None:
    rule = composition(Recipe("adam")).rule
    for number in range(100):
        goal = objective(f"(x - {number})^2 + {number + 1}*abs(y)")
        stopping = Stopping(iterations=2, tolerance=0.0)
        descent = Descent(goal, "adam", (1.5, 2.0), {"learning_rate": 0.5}, stopping)
        descent.advance(2)
        assert descent.trajectory.loss[0] == (1.5 - number) ** 2 + 2.0 * (number + 1)
        # Kernels that nobody holds are freed, engines with them, in any order.
        if number % 10 == 0:
            kernels.descend_kernel.cache_clear()
            gc.collect()
    assert descend_kernel(goal.program, rule, False, True) is not descend_kernel(goal.program, rule, False, False)


def test_a_kernel_outlives_the_caches() -> None:
    goal = objective("x^2 + 3*y^2")
    descent = Descent(goal, "gd", (1.0, 1.0), {"learning_rate": 0.1}, Stopping(iterations=50, tolerance=0.0))
    kernels.descend_kernel.cache_clear()
    gc.collect()
    for number in range(5):
        evaluate_kernel(objective(f"x + {number}").program, True)
    assert descent.advance(50) == 50
    assert_close(descent.theta, np.array([0.8**50, 0.4**50]), 1e-13)


def test_kernels_run_in_several_threads_at_once() -> None:
    stopping = Stopping(iterations=200_000, tolerance=0.0)
    goal = objective("(1-x)^2 + 100*(y-x^2)^2")
    runs = [Descent(goal, "adam", (-1.2, 1.0), {"learning_rate": 0.01}, stopping) for _ in range(4)]
    threads = [threading.Thread(target=run.advance, args=(200_000,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for run in runs:
        assert run.outcome == "iteration_limit"
        assert_same_bits(run.trajectory.theta, runs[0].trajectory.theta)


def test_compiling_in_one_thread_does_not_disturb_running_in_another() -> None:
    found: list[MachineDescend] = []
    rule = composition(Recipe("nesterov")).rule
    assert isinstance(rule, UpdateRule)

    def compile_many() -> None:
        found.extend(
            MachineDescend(objective(f"x^4 - {number}*x*y + y^2").program, rule, False)
            for number in range(8)
        )

    thread = threading.Thread(target=compile_many)
    thread.start()
    descents = 0
    stopping = Stopping(iterations=200_000, tolerance=0.0)
    while thread.is_alive() or not descents:
        descent = Descent(objective("(x - 1)^2"), "gd", (0.0,), {"learning_rate": 1e-5}, stopping)
        descent.advance(200_000)
        assert_close(1.0 - descent.theta, np.array([(1.0 - 2e-5) ** 200_000]), 1e-9)
        descents += 1
    thread.join()
    assert len(found) == 8


def test_machine_code_can_be_made_here() -> None:
    assert machine_available()


@pytest.mark.parametrize("batched", [True, False])
def test_evaluation_over_data_is_the_mean(batched: bool) -> None:
    data = {"u": np.arange(5.0), "v": np.ones(5)} if batched else None
    text = "(a*u + b - v)^2" if batched else "a^2 + b"
    goal = objective(text, columns=data)
    thetas = np.random.default_rng(1).normal(size=(50, 2))
    found = evaluate_kernel(goal.program, True)(goal, thetas)
    assert_close(found, goal.losses(thetas), 1e-14)
    assert_close(evaluate_kernel(goal.program, False)(goal, thetas), goal.losses(thetas), 1e-14)
