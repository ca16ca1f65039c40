"""The update of a long vector: against NumPy, against a descent, and at lengths that fill no register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.recipe import Addition, Recipe, composition
from tests.engine.agreement import UNSTOPPED, assert_same_bits, rule_is_exact

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHOLE = {
    "nesterov_lookahead", "adafactor", "lamb", "sophia", "prodigy", "schedule_free_sgd", "schedule_free_adamw",
    "barzilai_borwein",
}
_ELEMENTWISE = [name for name in EQUATIONS if name not in _WHOLE]


def _fused(optimizer: str, theta: NDArray[Any], machine: bool = True) -> FusedUpdate:
    made = composition(Recipe(optimizer))
    return FusedUpdate(made.rule, {row.key: row.default for row in made.parameters}, theta, machine)


@pytest.mark.parametrize("length", [1, 15, 16, 101])
@pytest.mark.parametrize("optimizer", _ELEMENTWISE)
def test_machine_code_is_numpy(optimizer: str, length: int) -> None:
    random = np.random.default_rng(length)
    kinds: list[tuple[Any, float]] = [(np.float32, 1e-5), (np.float64, 1e-13)]
    for kind, relative in kinds:
        theta = random.normal(size=length).astype(kind)
        other = theta.copy()
        one, numpy = _fused(optimizer, theta), _fused(optimizer, other, machine=False)
        for _ in range(30):
            gradient = (random.normal(size=length) * 10.0 ** random.integers(-3, 3)).astype(kind)
            gradient[0] = 0.0
            one.step(gradient)
            numpy.step(gradient)
        if rule_is_exact(composition(Recipe(optimizer)).rule):
            assert_same_bits(theta.astype(np.float64), other.astype(np.float64))
        np.testing.assert_allclose(theta, other, rtol=relative, atol=relative)
        assert one.steps == numpy.steps == 30


@pytest.mark.parametrize("optimizer", [name for name in _ELEMENTWISE if name not in ("asgd", "ftrl")])
def test_it_is_the_step_of_a_descent(optimizer: str) -> None:
    goal = objective("(1 - x)^2 + 100*(y - x^2)^2 + z^2")
    descent = Descent(goal, optimizer, (-1.2, 1.0, 0.5), stopping=UNSTOPPED)
    theta = descent.theta
    fused = _fused(optimizer, theta)
    for _ in range(20):
        fused.step(goal.loss_and_gradient(theta)[1])
        descent.advance(1)
        assert_same_bits(theta, descent.theta)


def test_float32_follows_float64() -> None:
    random = np.random.default_rng(3)
    single = random.normal(size=1000).astype(np.float32)
    double = single.astype(np.float64)
    one, other = _fused("adam", single), _fused("adam", double)
    for _ in range(100):
        gradient = random.normal(size=1000).astype(np.float32)
        one.step(gradient)
        other.step(gradient.astype(np.float64))
    np.testing.assert_allclose(single, double, rtol=1e-5, atol=1e-6)


def test_numbers_change_between_steps() -> None:
    theta = np.ones(5)
    fused = _fused("gd", theta)
    fused.hyperparameters[0] = 0.25
    fused.step(np.ones(5))
    assert theta.tolist() == [0.75] * 5


@pytest.mark.parametrize("optimizer", sorted(_WHOLE))
def test_what_looks_at_more_than_one_parameter_is_the_step_of_a_descent_too(optimizer: str) -> None:
    goal = objective("(1 - x)^2 + 100*(y - x^2)^2 + z^2")

    def elsewhere(operation: str, point: NDArray[Any]) -> NDArray[Any]:
        return goal.loss_and_gradient(point)[1] if operation == "gradient" else goal.hessian_diagonal(point)

    descent = Descent(goal, optimizer, (-1.2, 1.0, 0.5), {"learning_rate": 1e-4}, UNSTOPPED, machine=False)
    theta = descent.theta
    fused = FusedUpdate(descent.rule, descent.hyperparameters, theta)
    for _ in range(20):
        fused.step(goal.loss_and_gradient(theta)[1], elsewhere)
        descent.advance(1)
        assert_same_bits(theta, descent.theta)


@pytest.mark.parametrize("recipe", [Recipe("bfgs"), Recipe("gd", additions=(Addition("noise"),))])
def test_what_looks_at_more_than_derivatives_is_refused(recipe: Recipe) -> None:
    made = composition(recipe)
    with pytest.raises(StudioError, match="looks at the loss, its penalty, or at random numbers"):
        FusedUpdate(made.rule, {row.key: row.default for row in made.parameters}, np.ones(3))


@pytest.mark.parametrize("machine", [True, False])
def test_a_state_put_back_leads_to_the_same_bits(machine: bool) -> None:
    random = np.random.default_rng(5)
    gradients = random.normal(size=(20, 33)).astype(np.float32)
    whole, other = (_fused("nadam", np.ones(33, dtype=np.float32), machine) for _ in range(2))
    for gradient in gradients[:8]:
        whole.step(gradient)
    other.put_state(whole.take_state())
    for gradient in gradients[8:]:
        whole.step(gradient)
        other.step(gradient)
    assert other.steps == whole.steps == 20
    assert other.theta.tobytes() == whole.theta.tobytes()
