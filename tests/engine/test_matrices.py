"""What is done to whole matrices of parameters: Newton-Schulz, norms of blocks, and Muon on any number of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gdstudio.engine.blocks import Block, Blocks
from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.language.program import program
from gdstudio.engine.many_starts import ManyStarts
from gdstudio.engine.matrices import block_inputs, newton_schulz, of_blocks
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import OPTIMIZERS, RUNNABLE
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.engine.sampling import Batching
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import UpdateRule
from tests.engine.agreement import assert_close, assert_same_bits
from tests.engine.matrix_parity import softmax_goal

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MUON = (3.4445, -4.7750, 2.0315, 5.0)
# Its sum is 1, and its slope there 0: singular values go to 1 itself.
_EXACT = (1.875, -1.25, 0.375, 30.0)
_NETWORK = Blocks((Block("V", (6, 5)), Block("a", (5,)), Block("W", (5, 2)), Block("c", (2,)), Block("s")))
_SHAPES = st.tuples(st.integers(1, 8), st.integers(1, 8))
_CONVENTIONS = ["pytorch", "keras"]


def _whole(number: int, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return a matrix of norm 1 whose singular values are not near zero."""
    random = np.random.default_rng(number)
    left, _, right = np.linalg.svd(random.standard_normal(shape), full_matrices=False)
    values = 0.3 + random.random(min(shape))
    matrix = (left * values) @ right
    return np.asarray(matrix / np.linalg.norm(matrix))


def _rule(recipe: Recipe) -> UpdateRule:
    rule = composition(recipe).rule
    assert isinstance(rule, UpdateRule)
    return rule


@given(number=st.integers(0, 1000), shape=_SHAPES)
def test_newton_schulz_keeps_singular_vectors_and_brings_singular_values_to_one(
    number: int, shape: tuple[int, int]
) -> None:
    matrix = _whole(number, shape)
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    assert_close(newton_schulz(matrix, *_EXACT), left @ right, 1e-9)
    # Muon's own coefficients are content with what is near.
    near = np.linalg.svd(newton_schulz(matrix, *_MUON), compute_uv=False)
    assert np.all((near > 0.6) & (near < 1.3))


@given(
    matrix=arrays.arrays(np.float64, _SHAPES, elements=st.floats(-1.0, 1.0, allow_subnormal=False)),
    steps=st.integers(0, 6),
)
def test_newton_schulz_of_the_transpose_is_the_transpose(matrix: NDArray[np.float64], steps: int) -> None:
    scaled = matrix / max(float(np.linalg.norm(matrix)), 1e-3)
    numbers = (*_MUON[:3], float(steps))
    assert_close(newton_schulz(scaled.T, *numbers), newton_schulz(scaled, *numbers).T, 1e-10)


@pytest.mark.parametrize(("steps", "like"), [(-3.0, 0.0), (np.nan, 0.0), (1e9, 99.0), (np.inf, 99.0), (2.7, 2.0)])
def test_newton_schulz_makes_a_number_of_steps_that_ends(steps: float, like: float) -> None:
    matrix = _whole(1, (3, 2))
    assert_same_bits(newton_schulz(matrix, *_EXACT[:3], steps), newton_schulz(matrix, *_EXACT[:3], like))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_are_treated_one_by_one(dtype: type[np.float32] | type[np.float64]) -> None:
    vector = np.random.default_rng(2).standard_normal(_NETWORK.size).astype(dtype)
    norms = _NETWORK.views(of_blocks("block_norm", vector, (), _NETWORK))
    turned = of_blocks("newton_schulz", vector, (1.5, -0.5, 0.0, 2.0), _NETWORK)
    assert turned.dtype == dtype
    for block in _NETWORK.blocks:
        part = _NETWORK.views(vector)[block.name]
        assert norms[block.name].ravel().tolist() == pytest.approx([np.linalg.norm(part)] * block.size, rel=1e-6)
        wanted = newton_schulz(part, 1.5, -0.5, 0.0, 2.0) if block.is_matrix else np.zeros(block.shape)
        assert_same_bits(_NETWORK.views(turned)[block.name], wanted)


def test_equations_can_read_the_shapes_of_blocks() -> None:
    inputs = block_inputs(_NETWORK, np.dtype(np.float64))
    shapes = [(1.0, 6.0, 5.0)] * 30 + [(0.0, 1.0, 1.0)] * 5 + [(1.0, 5.0, 2.0)] * 10 + [(0.0, 1.0, 1.0)] * 3
    assert list(zip(*(array.tolist() for array in inputs.values()), strict=True)) == shapes
    assert list(inputs) == ["in_matrix", "block_rows", "block_columns"]


@pytest.mark.parametrize("convention", _CONVENTIONS)
def test_muon_works_on_each_matrix_of_a_network_as_if_it_were_alone(convention: str) -> None:
    rule = _rule(Recipe("muon", convention))
    numbers = {row.key: row.default for row in composition(Recipe("muon", convention)).parameters}
    random = np.random.default_rng(4)
    start, gradients = random.standard_normal(_NETWORK.size), random.standard_normal((7, _NETWORK.size))
    whole = FusedUpdate(rule, numbers, start.copy(), blocks=_NETWORK)
    alone = {
        block.name: FusedUpdate(
            rule, numbers, np.ascontiguousarray(_NETWORK.views(start)[block.name]).ravel(), blocks=Blocks((block,))
        )
        for block in _NETWORK.blocks
    }
    for gradient in gradients:
        whole.step(gradient)
        for name, update in alone.items():
            update.step(_NETWORK.views(gradient)[name].ravel())
    for name, update in alone.items():
        assert_same_bits(_NETWORK.views(whole.theta)[name].ravel(), update.theta.astype(np.float64))


@pytest.mark.parametrize(("shape", "factor"), [((8, 2), 1.0), ((2, 8), 2.0), ((4, 4), 1.0)])
def test_the_shape_factor_is_that_of_pytorch_whose_weights_are_the_transpose(
    shape: tuple[int, int], factor: float
) -> None:
    recipe = Recipe("muon", "pytorch")
    numbers = {row.key: row.default for row in composition(recipe).parameters}
    numbers |= {"learning_rate": 1.0, "weight_decay": 0.0, "muon_a": 1.0, "muon_b": 0.0, "muon_c": 0.0}
    gradient = _whole(3, shape).ravel()
    update = FusedUpdate(_rule(recipe), numbers, np.zeros(gradient.size), blocks=Blocks((Block("W", shape),)))
    update.step(gradient)
    assert_close(update.theta.astype(np.float64), -factor * gradient, 1e-14)


@pytest.mark.parametrize("batch", [None, 16, Batching(8, accumulate=2)], ids=str)
@pytest.mark.parametrize("convention", _CONVENTIONS)
def test_muon_goes_down_softmax_regression_with_all_that_stands_around_it(
    convention: str, batch: int | Batching | None
) -> None:
    goal = softmax_goal()
    numbers = {"learning_rate": 0.02, "weight_decay": 0.0, "adam_weight_decay": 0.0}
    around = ("cosine", "warmup", "noise", "clip_norm", "sam", "lookahead")
    for keys, more in (((), {}), (around, {"noise": 1e-3, "clip_norm": 1.0})):
        recipe = Recipe("muon", convention, additions=tuple(Addition(key) for key in keys))
        whole, parted = (
            Descent(
                goal, recipe, np.zeros(goal.dimension), {**numbers, **more}, Stopping(iterations=60, tolerance=0.0), 5,
                batch,
            )
            for _ in range(2)
        )
        whole.advance(60)
        for count in (1, 7, 20, 32):
            parted.advance(count)
        assert_same_bits(whole.trajectory.theta, parted.trajectory.theta)
        assert whole.trajectory.loss[-1] < whole.trajectory.loss[0] - 0.02


def test_what_has_no_matrix_refuses_with_the_reason() -> None:
    assert set(OPTIMIZERS) - set(RUNNABLE) == {"muon"} == {key for key, row in OPTIMIZERS.items() if row.refusal}
    assert all(composition(Recipe(key)).rule.needs_matrix == (key == "muon") for key in OPTIMIZERS)
    wanted = "muon works on matrices only, and here each parameter is a number by itself: take the model softmax"
    for goal in (objective("x^2 + y^2"), objective("(w*x - y)^2", columns={"x": [1.0, 2.0], "y": [2.0, 3.0]})):
        with pytest.raises(StudioError, match=wanted):
            Descent(goal, "muon", (1.0,) * goal.dimension)
    goal = objective("x^2")
    own = Recipe("mine", equations="theta = theta - learning_rate * in_matrix * g")
    with pytest.raises(StudioError, match="mine works on matrices only"):
        Descent(goal, own, (1.0,))
    rule = composition(Recipe("muon")).rule
    numbers = [row.default for row in composition(Recipe("muon")).parameters]
    with pytest.raises(StudioError, match="Many starts at once take each parameter by itself"):
        ManyStarts(goal, rule, numbers, [[1.0]], 5)


def test_a_person_s_own_equations_may_work_on_matrices() -> None:
    goal = softmax_goal()
    text = "X = newton_schulz(g / (block_norm(g) + 1e-9), 1.5, -0.5, 0, 9)\ntheta = theta - learning_rate * X"
    descent = Descent(goal, Recipe("mine", equations=text), np.zeros(goal.dimension), {"learning_rate": 0.01})
    descent.advance(1)
    moved = goal.blocks.views(descent.theta)
    assert moved["b"].tolist() == [0.0] * 3
    # what goes to one class is taken from the others: the slopes have one singular value less than there are classes
    assert_close(np.linalg.svd(moved["W"], compute_uv=False), np.array([0.01, 0.01, 0.0]), 1e-6)


@pytest.mark.parametrize(("line", "match"), [
    ("theta = newton_schulz(learning_rate, 1, 0, 0, 5)", "One number for each parameter is needed here"),
    ("theta = newton_schulz(g, 1, 0, 0, g)", "After the first argument come numbers, the same for all parameters"),
    ("theta = block_norm(learning_rate)", "One number for each parameter is needed here"),
    ("block_rows = 1\ntheta = theta - g", "block_rows is given, not assigned; choose another name"),
    ("newton_schulz = 1\ntheta = theta - g", "newton_schulz is a function and cannot be assigned"),
])
def test_equations_of_matrices_are_checked(line: str, match: str) -> None:
    with pytest.raises(FormulaError, match=match):
        program(line, ("learning_rate",))
