"""Each operation of the table that has machine code, against NumPy, over ordinary and special values."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.kernels import evaluate_kernel
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.machine.emitter import LOWERED
from gdstudio.engine.objective import Objective, objective
from tests.engine.agreement import EXACT_OPERATIONS, assert_same_bits

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_INFIX = {
    "add": "a+b", "subtract": "a-b", "multiply": "a*b", "divide": "a/b", "negate": "-a", "power": "a^b",
    "less": "where(a<b, 1, 2)", "less_equal": "where(a<=b, 1, 2)", "greater": "where(a>b, 1, 2)",
    "greater_equal": "where(a>=b, 1, 2)", "equal": "where(a==b, 1, 2)", "not_equal": "where(a!=b, 1, 2)",
    "where": "where(a<0, b, c)",
}
# Written apart from the table of the project: what each operation has to be.
_NUMPY: dict[str, Callable[..., Any]] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "negate": np.negative,
    "power": np.power,
    "less": lambda a, b: np.where(a < b, 1.0, 2.0), "less_equal": lambda a, b: np.where(a <= b, 1.0, 2.0),
    "greater": lambda a, b: np.where(a > b, 1.0, 2.0), "greater_equal": lambda a, b: np.where(a >= b, 1.0, 2.0),
    "equal": lambda a, b: np.where(a == b, 1.0, 2.0), "not_equal": lambda a, b: np.where(a != b, 1.0, 2.0),
    "where": lambda a, b, c: np.where(a < 0.0, b, c),
    "min": np.minimum, "max": np.maximum, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin,
    "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh,
    "exp": np.exp, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p, "expm1": np.expm1,
    "sqrt": np.sqrt, "cbrt": np.cbrt, "abs": np.abs, "sign": np.sign, "floor": np.floor, "hypot": np.hypot,
    "erf": lambda a: np.array([math.erf(value) for value in a]),
}
_WITHOUT_CODE_OF_THEIR_OWN = {
    "gradient", "hessian_diagonal", "sum", "norm", "dot", "mean", "block_norm", "newton_schulz",
}
_TINY = 5e-324
_SPECIAL = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, -3.0, math.pi, math.inf, -math.inf, math.nan, _TINY, -_TINY, 1e-310,
    2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 1e16, -1e16, 1e300, 709.8, -745.2,
    1.0 + 2.0**-52, 1.0 - 2.0**-53,
]


def _kernel(operation: str) -> tuple[Objective, Callable[[Objective, Floats], Floats]]:
    names = ", ".join("abc"[:OPERATIONS[operation].arity])
    goal = objective(_INFIX.get(operation, f"{operation}({names})"))
    return goal, evaluate_kernel(goal.program, True)


def _points(operation: str, generator: np.random.Generator) -> Floats:
    """Return all pairs or triples of special values, then ordinary ones, then any bit pattern at all."""
    variables = 3 if operation == "where" else 2 if operation in _INFIX and operation != "negate" else None
    count = variables or OPERATIONS[operation].arity
    special = np.array(list(product(_SPECIAL, repeat=count)))
    ordinary = generator.normal(scale=3.0, size=(2_000, count))
    wild = generator.integers(0, 2**64, size=(2_000, count), dtype=np.uint64).view(np.float64)
    return np.concatenate([special, ordinary, wild])


def _assert_agrees(operation: str, found: Floats, wanted: Floats) -> None:
    # The sign of a zero is left free where the graph leaves it free, and NumPy itself for min and max.
    found, wanted = found + 0.0, wanted + 0.0
    if operation in EXACT_OPERATIONS:
        assert_same_bits(found, wanted)
        return
    finite = np.isfinite(wanted)
    assert_same_bits(found[~finite], wanted[~finite])
    # Subnormal results have fewer bits than the tolerance asks for.
    bound = np.maximum(1e-12 * np.abs(wanted[finite]), 4.0 * _TINY)
    assert np.all(np.abs(found[finite] - wanted[finite]) <= bound)


def test_every_operation_has_machine_code_or_is_made_of_others() -> None:
    expanded = {row.key for row in OPERATIONS.values() if row.expansion is not None}
    assert set(OPERATIONS) == LOWERED | (expanded - LOWERED) | _WITHOUT_CODE_OF_THEIR_OWN
    assert not LOWERED & _WITHOUT_CODE_OF_THEIR_OWN
    assert set(_NUMPY) == LOWERED


@pytest.mark.parametrize("operation", sorted(LOWERED))
def test_an_operation_is_numpy_s(operation: str) -> None:
    goal, kernel = _kernel(operation)
    points = _points(operation, np.random.default_rng(7))
    with np.errstate(all="ignore"):
        _assert_agrees(operation, kernel(goal, points), np.asarray(_NUMPY[operation](*points.T), dtype=np.float64))


@pytest.mark.parametrize("operation", ["sigmoid", "softplus", "relu"])
def test_an_expansion_is_its_formula(operation: str) -> None:
    goal, kernel = _kernel(operation)
    values = np.concatenate([np.linspace(-800.0, 800.0, 1_001), np.linspace(-5.0, 5.0, 101), [np.inf, -np.inf]])
    with np.errstate(all="ignore"):
        wanted = {
            "sigmoid": np.where(values < 0.0, np.exp(np.minimum(values, 0.0)), 1.0) / (1.0 + np.exp(-np.abs(values))),
            "softplus": np.logaddexp(0.0, values),
            "relu": np.maximum(values, 0.0),
        }[operation]
    found = kernel(goal, values[:, None])
    # The tail of the sigmoid below exp(-709.8) is zero: its exponential is infinite.
    kept = values > -700.0
    assert np.allclose(found[kept], wanted[kept], rtol=1e-12, atol=0.0)
    assert np.all(found[~kept] <= 1e-300)


@pytest.mark.parametrize("exponent", [-64, -7, -2, -1, 0, 1, 2, 3, 5, 17, 64])
def test_an_integer_power_is_the_interpreter_s_to_the_bit(exponent: int) -> None:
    goal = objective(f"a^({exponent}) + 0*a")
    values = np.concatenate([np.random.default_rng(exponent + 64).normal(scale=2.0, size=1_000), _SPECIAL])[:, None]
    assert_same_bits(evaluate_kernel(goal.program, True)(goal, values), goal.losses(values))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=3, max_size=3))
def test_a_mixture_of_exact_operations_is_the_interpreter_s_to_the_bit(point: list[float]) -> None:
    goal = objective("where(a*b < c, sqrt(abs(a - b))/c, max(a, b)^3) - min(floor(b), sign(c)*a)/(1 + a^2)")
    thetas = np.array([point])
    assert_same_bits(evaluate_kernel(goal.program, True)(goal, thetas) + 0.0, goal.losses(thetas) + 0.0)
