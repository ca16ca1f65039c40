"""Softmax regression: loss, derivatives and probabilities, and what it is no formula for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import evaluate_kernel, value_and_gradient_kernel
from gdstudio.engine.many_starts import ManyStarts
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.penalties import PENALTIES, read_penalty
from gdstudio.engine.models.softmax import SoftmaxObjective, SoftmaxSpec
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.update_rule import UpdateRule

_FEATURES = ("x", "z")
_CLASSES = ("red", "green", "blue")


def _spec(penalty: str | None = None) -> SoftmaxSpec:
    spec = MODELS["softmax"].build(
        _FEATURES, "kind", _CLASSES, penalty=None if penalty is None else read_penalty(penalty)
    )
    assert isinstance(spec, SoftmaxSpec)
    return spec


def _columns(samples: int = 40, seed: int = 3) -> dict[str, np.ndarray]:
    random = np.random.Generator(np.random.Philox(seed))
    columns = {name: random.standard_normal(samples) for name in _FEATURES}
    return {**columns, "kind": random.integers(0, 3, samples).astype(float)}


def _goal(penalty: str | None = None, samples: int = 40) -> SoftmaxObjective:
    return _spec(penalty).objective(_columns(samples))


def test_the_parameters_are_named_blocks() -> None:
    spec = _spec()
    assert [(block.name, block.shape) for block in spec.program.blocks.blocks] == [("W", (2, 3)), ("b", (3,))]
    assert spec.variables == ("W_0_0", "W_0_1", "W_0_2", "W_1_0", "W_1_1", "W_1_2", "b_0", "b_1", "b_2")
    assert set(spec.start.values()) == {0.0}
    assert spec.columns == {"x": "x", "z": "z", "kind": "kind"}
    np.testing.assert_array_equal(_goal("elastic_net:0.5,0.25").lasso, [0.125] * 6 + [0.0] * 3)
    np.testing.assert_array_equal(_goal("ridge:0.5").lasso, 0.0)
    assert spec.program is _spec().program


def test_at_zero_all_classes_are_alike() -> None:
    goal = _goal()
    assert goal.loss_and_gradient(np.zeros(9))[0] == pytest.approx(np.log(3.0), rel=1e-15)
    np.testing.assert_allclose(_spec().predict(np.zeros(9), _columns()), 1.0 / 3.0)


@pytest.mark.parametrize("penalty", [None, *(f"{key}:0.3" for key in PENALTIES)])
def test_the_derivatives_are_differences_of_the_loss(penalty: str | None) -> None:
    goal = _goal(penalty)
    theta = np.linspace(-0.8, 1.1, 9)
    width = 1e-5
    steps = theta + width * np.vstack([np.eye(9), -np.eye(9)])
    losses = goal.losses(steps)
    loss, gradient = goal.loss_and_gradient(theta)
    np.testing.assert_allclose(gradient, (losses[:9] - losses[9:]) / (2.0 * width), rtol=1e-8, atol=1e-9)
    second = (losses[:9] + losses[9:] - 2.0 * loss) / width**2
    np.testing.assert_allclose(goal.hessian_diagonal(theta), second, rtol=1e-4, atol=1e-5)
    ahead, behind = (np.stack([goal.loss_and_gradient(step)[1] for step in half]) for half in np.split(steps, 2))
    hessian = goal.hessian(theta)
    np.testing.assert_allclose(hessian, (ahead - behind) / (2.0 * width), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(hessian, hessian.T)
    np.testing.assert_allclose(np.diag(hessian), goal.hessian_diagonal(theta), rtol=1e-12)
    rows = np.array([3, 3, 17])
    some = _spec(penalty).objective({name: column[rows] for name, column in _columns().items()})
    np.testing.assert_allclose(goal.loss_and_gradient(theta, rows)[1], some.loss_and_gradient(theta)[1], rtol=1e-14)
    np.testing.assert_allclose(goal.hessian_diagonal(theta, rows), some.hessian_diagonal(theta), rtol=1e-14)


@settings(max_examples=50, deadline=None)
@given(
    scale=st.floats(1e-3, 1e3), shift=st.floats(-1e3, 1e3), seed=st.integers(0, 99),
)
def test_probabilities_are_probabilities_and_a_common_shift_changes_nothing(
    scale: float, shift: float, seed: int
) -> None:
    theta = scale * np.random.Generator(np.random.Philox(seed)).standard_normal(9)
    each = _spec().predict(theta, _columns())
    np.testing.assert_allclose(each.sum(axis=1), 1.0, rtol=1e-12)
    assert np.all((each >= 0.0) & (each <= 1.0))
    goal = _goal()
    loss, gradient = goal.loss_and_gradient(theta)
    moved = goal.loss_and_gradient(theta + np.r_[np.zeros(6), np.full(3, shift)])
    assert np.isfinite(loss) and loss >= 0.0
    np.testing.assert_allclose(moved[0], loss, rtol=1e-9, atol=1e-9)
    assert gradient[6:].sum() == pytest.approx(0.0, abs=1e-12)


def test_what_is_surely_right_or_wrong_costs_a_finite_number() -> None:
    goal = _spec().objective({"x": np.ones(2), "z": np.zeros(2), "kind": np.array([0.0, 1.0])})
    theta = np.zeros(9)
    theta[0] = 2_000.0
    loss, gradient = goal.loss_and_gradient(theta)
    assert loss == 1_000.0
    assert np.all(np.isfinite(gradient))
    assert goal.losses(theta) == 1_000.0


def test_with_two_classes_it_is_logistic_regression() -> None:
    columns = _columns() | {"kind": (np.arange(40) % 2).astype(float)}
    two = MODELS["softmax"].build(_FEATURES, "kind", ("no", "yes"))
    one = MODELS["logistic"].build(_FEATURES, "kind", ("no", "yes"))
    b, w_x, w_z = 0.3, -0.8, 1.7
    theta = np.array([0.0, w_x, 0.0, w_z, 0.0, b])
    both, yes = two.predict(theta, columns), one.predict((b, w_x, w_z), columns)
    assert both is not None and yes is not None
    np.testing.assert_allclose(both[:, 1], yes, rtol=1e-13)
    losses = two.objective(columns).losses(theta), one.objective(columns).losses((b, w_x, w_z))
    assert losses[0] == pytest.approx(losses[1], rel=1e-13)


def test_many_samples_are_the_sum_of_their_blocks() -> None:
    goal = _goal(samples=50_000)
    theta = np.linspace(-1.0, 1.0, 9)
    loss, gradient = goal.loss_and_gradient(theta)
    parts = [goal.loss_and_gradient(theta, rows) for rows in np.split(np.arange(50_000), 5)]
    assert loss == pytest.approx(np.mean([part[0] for part in parts]), rel=1e-13)
    np.testing.assert_allclose(gradient, np.mean([part[1] for part in parts], axis=0), rtol=1e-11, atol=1e-15)
    points = np.linspace(-1.0, 1.0, 27).reshape(3, 1, 9)
    assert goal.losses(points).shape == (3, 1)
    assert goal.losses(points)[2, 0] == pytest.approx(goal.loss_and_gradient(points[2, 0])[0], rel=1e-13)


def test_predictions_have_the_shape_of_the_columns() -> None:
    grid = np.meshgrid(np.linspace(-1.0, 1.0, 4), np.linspace(-1.0, 1.0, 5))
    assert _spec().predict(np.zeros(9), {"x": grid[0], "z": grid[1]}).shape == (5, 4, 3)


@pytest.mark.parametrize("machine", [True, False])
def test_what_needs_no_formula_works_without_one(machine: bool) -> None:
    goal = _goal("ridge:0.1")
    points = np.linspace(-1.0, 1.0, 18).reshape(2, 9)
    np.testing.assert_array_equal(evaluate_kernel(goal.program, machine)(goal, points), goal.losses(points))
    loss, gradient = value_and_gradient_kernel(goal.program, machine)(goal)(points[0])
    assert loss == goal.loss_and_gradient(points[0])[0]
    np.testing.assert_array_equal(gradient, goal.loss_and_gradient(points[0])[1])
    run = Descent(goal, "lbfgs", np.zeros(9), {}, machine=machine)
    run.advance(1_000)
    assert run.outcome == "converged"


def test_what_needs_a_formula_says_so() -> None:
    rule = composition(Recipe("gd")).rule
    assert isinstance(rule, UpdateRule)
    with pytest.raises(StudioError, match="softmax is no formula, which is what this needs: take another model"):
        ManyStarts(_goal(), rule, (0.1,), np.zeros((4, 9)), 10)


def test_methods_of_the_hessian_descend() -> None:
    goal = _goal("ridge:0.1")
    run = Descent(goal, "trust_newton", np.linspace(-2.0, 3.0, 9))
    run.advance(100)
    assert run.outcome == "converged" and run.iterations < 20
    # The intercepts can be shifted together, penalty or none: there the loss is flat, and the pure step has no end.
    pure = Descent(goal, "newton", np.zeros(9))
    pure.advance(10)
    assert (pure.outcome, pure.iterations) == ("singular", 0)


def test_a_common_shift_of_the_logits_is_a_flat_direction() -> None:
    theta = np.linspace(-2.0, 3.0, 9)
    hessian = _goal().hessian(theta)
    np.testing.assert_allclose(hessian @ np.r_[np.zeros(6), np.ones(3)], 0.0, atol=1e-16)
    values = np.linalg.eigvalsh(hessian)
    np.testing.assert_allclose(values[:3], 0.0, atol=1e-15)
    assert values[3] > 1e-3


def test_more_samples_than_are_added_at_once() -> None:
    goal, theta = _goal(samples=20_000), np.linspace(-1.0, 1.0, 9)
    np.testing.assert_allclose(np.diag(goal.hessian(theta)), goal.hessian_diagonal(theta), rtol=1e-11)


def test_too_many_parameters_for_a_hessian_are_refused_by_name() -> None:
    features = tuple(f"x{index}" for index in range(100))
    spec = MODELS["softmax"].build(features, "kind", tuple("abcdefghijk"))
    goal = spec.objective({**dict.fromkeys(features, np.zeros(2)), "kind": np.array([0.0, 1.0])})
    with pytest.raises(StudioError, match=r"^newton needs the matrix of all second derivatives, which is for at most "
                                          r"1000 parameters, but there are 1111: choose another optimizer\.$"):
        Descent(goal, "newton", np.zeros(goal.dimension))


def test_a_number_of_the_penalty_changes_in_place() -> None:
    goal = _goal("ridge:0.1")
    theta = np.ones(9)
    stronger = replace(goal, parameter_values=np.array([0.6]))
    assert stronger.losses(theta) == pytest.approx(goal.losses(theta) + 0.5 * 6.0)
