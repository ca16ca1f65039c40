"""Evaluation equals NumPy, on scalars and on arrays, and keeps to the memory of what is alive."""

import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import Interpreter, evaluate
from gdstudio.engine.language.norms import norm
from gdstudio.engine.language.operations import FUNCTIONS, OPERATIONS, dot, mean
from gdstudio.engine.language.program import program

DIRECT: dict[str, Callable[..., Any]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "erf": np.vectorize(math.erf),
}


@pytest.mark.parametrize("key", sorted(DIRECT))
def test_function_equals_numpy_on_arrays_and_scalars(key: str) -> None:
    read = formula(f"{key}(x)")
    x = np.array([-2.5, -0.5, -0.0, 0.0, 0.25, 1.0, 7.0, np.inf, np.nan])
    with np.errstate(all="ignore"):
        expected = DIRECT[key](x)
    (found,) = evaluate(read.graph, [read.loss], {"x": x})
    np.testing.assert_array_equal(found, expected)
    for number, wanted in zip(x, expected, strict=True):
        (scalar,) = evaluate(read.graph, [read.loss], {"x": float(number)})
        assert isinstance(scalar, np.float64)
        np.testing.assert_allclose(scalar, wanted, rtol=1e-15)


def test_arrays_broadcast() -> None:
    read = formula("where(x < y, x^2, atan2(y, x)) + hypot(x, y)*min(x, y, 2)")
    x, y = np.linspace(-1, 1, 5)[:, None], np.linspace(-2, 2, 7)
    (found,) = evaluate(read.graph, [read.loss], {"x": x, "y": y})
    expected = np.where(x < y, x * x, np.arctan2(y, x)) + np.hypot(x, y) * np.minimum(np.minimum(x, y), 2)
    np.testing.assert_array_equal(found, expected)
    assert found.shape == (5, 7)
    assert found.dtype == np.float64


def test_values_of_any_number_type_become_float64() -> None:
    read = formula("x/y")
    assert evaluate(read.graph, [read.loss], {"x": 1, "y": 3})[0] == 1 / 3
    assert evaluate(read.graph, [read.loss], {"x": 1, "y": 0})[0] == math.inf
    assert evaluate(read.graph, [read.loss], {"x": np.float32(1), "y": [3, 4]})[0].dtype == np.float64


def test_a_plan_runs_again_and_names_its_inputs() -> None:
    read = formula("x*y + x^3")
    plan = Interpreter(read.graph, [read.loss, read.graph.input("y"), read.loss])
    assert plan.names == ("x", "y")
    assert [plan.run({"x": x, "y": 2.0}) for x in (1.0, 2.0)] == [[3.0, 2.0, 3.0], [12.0, 2.0, 12.0]]
    with pytest.raises(KeyError):
        plan.run({"x": 1.0})


def test_outputs_survive_the_reuse_of_cells() -> None:
    read = formula("sin(cos(sin(cos(x)))) + x")
    graph = read.graph
    nodes = list(range(len(graph)))
    together = evaluate(graph, nodes, {"x": 0.3})
    assert together == [evaluate(graph, [node], {"x": 0.3})[0] for node in nodes]


def test_a_comparison_asked_for_is_a_number() -> None:
    read = formula("where(x < 1, 2, 3)")
    condition = read.graph.operands(read.loss)[0]
    assert evaluate(read.graph, [condition], {"x": 0.0})[0].dtype == np.float64


def test_a_large_grid_needs_only_what_is_alive() -> None:
    read = formula("sin(" * 40 + "x" + ")" * 40)
    grid = np.zeros((256, 256))
    plan = Interpreter(read.graph, [read.loss])
    tracemalloc.start()
    plan.run({"x": grid})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * grid.nbytes


def test_vector_operations_reduce_the_last_axis() -> None:
    points = np.array([[3.0, 4.0], [6.0, 8.0]])
    np.testing.assert_array_equal(norm(points), [[5.0], [10.0]])
    np.testing.assert_array_equal(dot(points, points[0]), [[25.0], [50.0]])
    np.testing.assert_array_equal(mean(points), [[3.5], [7.0]])
    assert norm(points[0]) == 5.0
    assert mean(points[0]) == 3.5
    assert norm(np.float64(-2.0)) == 2.0
    assert mean(np.float64(2.0)) == 2.0


def test_gradient_of_a_program_calls_the_objective() -> None:
    read = program("theta = theta - rate*gradient(theta - g)", ["rate"])
    plan = Interpreter(read.graph, [read.theta], gradient=lambda point: 2 * point)
    values: dict[str, Any] = {"theta": np.array([3.0, 4.0]), "g": np.array([1.0, 1.0]), "rate": 0.5}
    np.testing.assert_array_equal(plan.run(values)[0], [1.0, 1.0])
    with pytest.raises(LookupError, match="objective"):
        Interpreter(read.graph, [read.theta]).run(values)


def test_every_callable_name_has_a_row() -> None:
    assert set(FUNCTIONS) <= set(OPERATIONS)
