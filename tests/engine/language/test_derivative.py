"""Gradients and Hessians against closed forms and central differences."""

import math

import numpy as np
import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.derivative import gradient, hessian
from gdstudio.engine.language.formula import Formula, formula
from gdstudio.engine.language.graph import MAXIMUM_GRAPH_NODES
from gdstudio.engine.language.interpreter import Interpreter
from gdstudio.engine.language.operations import FUNCTIONS


class Differentiated:
    """A formula with its gradient and Hessian, evaluated at points of shape (n,)."""

    def __init__(self, text: str) -> None:
        self.formula: Formula = formula(text)
        graph = self.formula.graph
        inputs = [graph.input(name) for name in self.formula.inputs]
        self.slopes = gradient(graph, self.formula.loss, inputs)
        self.curvature = hessian(graph, self.slopes, inputs)
        self.size = len(inputs)
        flat = [node for row in self.curvature for node in row]
        self._run = Interpreter(graph, [self.formula.loss, *self.slopes, *flat]).run

    def __call__(self, point: object) -> tuple[float, np.ndarray, np.ndarray]:
        values = dict(zip(self.formula.inputs, np.asarray(point, dtype=np.float64), strict=True))
        loss, *rest = map(float, self._run(values))
        numbers = np.array(rest)
        return loss, numbers[: self.size], numbers[self.size :].reshape(self.size, self.size)


def by_differences(function: Differentiated, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Differentiate loss and gradient numerically, to fourth order in the step."""
    slopes, rows = [], []
    for unit in np.eye(len(point)):
        step = 1e-3 * unit
        far, near = function(point + 2 * step), function(point + step)
        back, far_back = function(point - step), function(point - 2 * step)
        slopes.append((8 * (near[0] - back[0]) - (far[0] - far_back[0])) / 12e-3)
        rows.append((8 * (near[1] - back[1]) - (far[1] - far_back[1])) / 12e-3)
    return np.array(slopes), np.array(rows)


EVERY_FUNCTION = {
    "sin": ("sin(x)", -2, 2),
    "cos": ("cos(x)", -2, 2),
    "tan": ("tan(x)", -1, 1),
    "asin": ("asin(x)", -0.8, 0.8),
    "acos": ("acos(x)", -0.8, 0.8),
    "atan": ("atan(x)", -3, 3),
    "atan2": ("atan2(x, y)", 0.5, 3),
    "sinh": ("sinh(x)", -2, 2),
    "cosh": ("cosh(x)", -2, 2),
    "tanh": ("tanh(x)", -2, 2),
    "exp": ("exp(x)", -2, 2),
    "log": ("log(x)", 0.5, 4),
    "log2": ("log2(x)", 0.5, 4),
    "log10": ("log10(x)", 0.5, 4),
    "log1p": ("log1p(x)", -0.5, 4),
    "expm1": ("expm1(x)", -2, 2),
    "sqrt": ("sqrt(x)", 0.5, 4),
    "cbrt": ("cbrt(x)", 0.5, 4),
    "abs": ("abs(x)", 0.5, 4),
    "sign": ("sign(x)*x", 0.5, 4),
    "floor": ("floor(x)*x", 0.1, 0.9),
    "min": ("min(x^2, y + 9)", -2, 2),
    "max": ("max(x^2, y + 9)", -2, 2),
    "where": ("where(x > -9, x^2*y, log(x))", -2, 2),
    "sigmoid": ("sigmoid(x)", -4, 4),
    "softplus": ("softplus(x)", 0.5, 4),
    "relu": ("relu(x)*x", 0.5, 4),
    "erf": ("erf(x)", -2, 2),
    "hypot": ("hypot(x, y)", 0.5, 4),
}

CORPUS = [
    ("x^3*y^2 - x*y^5", -2, 2),
    ("x^-3 + y^-1", 0.5, 2),
    ("(x + y)^7/(1 + x^2)", -1, 1),
    ("x^y", 0.5, 2),
    ("x^1.5 + x^-0.5", 0.5, 2),
    ("2^x + e^y", -2, 2),
    ("x/y - y/x/2", 0.5, 2),
    ("-(x - y)*-x", -2, 2),
    ("(1-x)^2 + 100*(y-x^2)^2", -2, 2),
    ("20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)", -2, 2),
    ("-20*exp(-0.2*sqrt(0.5*(x^2+y^2))) - exp(0.5*(cos(2*pi*x)+cos(2*pi*y))) + e + 20", 0.5, 2),
    ("(x^2+y-11)^2 + (x+y^2-7)^2", -4, 4),
    ("sin(x*y)^2*exp(-x^2)/(1 + sigmoid(y))", -2, 2),
    ("log(exp(x) + exp(y))", -2, 2),
    ("where(x*y < 9, sin(x)*y, 1/x)^2", -2, 2),
    ("sqrt(hypot(x, y) + softplus(x*y) + 1)", 0.5, 2),
    ("atan2(x*y, 1 + x^2) - tanh(x)^3", -2, 2),
]


def test_every_function_is_tried() -> None:
    assert set(EVERY_FUNCTION) == set(FUNCTIONS)


@pytest.mark.parametrize(("text", "low", "high"), [*EVERY_FUNCTION.values(), *CORPUS])
def test_gradient_and_hessian_equal_central_differences(text: str, low: float, high: float) -> None:
    function = Differentiated(text)
    random = np.random.default_rng(7)
    for _ in range(10):
        point = random.uniform(low, high, function.size)
        _, slopes, curvature = function(point)
        expected_slopes, expected_curvature = by_differences(function, point)
        np.testing.assert_allclose(slopes, expected_slopes, rtol=2e-7, atol=2e-7)
        np.testing.assert_allclose(curvature, expected_curvature, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("5*x^2", [3], [30]),
        ("2*x^2 + 6*z^2 + 7*m^3", [1, 1, 1], [4, 12, 21]),
        ("x^2", [0], [0]),
        ("x^3", [0], [0]),
        ("x^1.5", [0], [0]),
        ("0^x", [1], [0]),
        ("(-2)^x", [1], [math.nan]),
        ("x^y", [-2, 3], [12, math.nan]),
        ("abs(x)", [0], [0]),
        ("relu(x)", [0], [0]),
        ("max(x, 0)", [0], [0]),
        ("sqrt(x)", [0], [math.inf]),
        ("cbrt(x)", [0], [math.inf]),
        ("cbrt(x)", [-8], [1 / 12]),
        ("hypot(x, y)", [0, 0], [0, 0]),
        ("hypot(x, y)", [3, 4], [0.6, 0.8]),
        ("tanh(x)", [0], [1]),
        ("tanh(x)", [400], [0]),
        ("sigmoid(x)", [-800], [0]),
        ("sigmoid(x)", [800], [0]),
        ("softplus(x)", [0], [0.5]),
        ("softplus(x)", [800], [1]),
        ("softplus(x)", [-800], [0]),
        ("erf(x)", [0], [2 / math.sqrt(math.pi)]),
        ("atan2(y, x)", [0, 1], [1, 0]),
        ("floor(x) + sign(x)", [0.5], [0]),
        ("where(x > 0, log(x), x^2)", [-3], [-6]),
        ("where(x > 0, log(x), x^2)", [0], [0]),
        ("where(x > 0, sqrt(x), 0)", [0], [0]),
        ("max(sqrt(x), 1)", [0], [0]),
        ("min(1/x, 5)*x", [0.1], [5]),
        ("where(x < 1, where(x < 0, log(-x), 3*x), 1/(x - 1))", [0.5], [3]),
        ("x^y", [0, 2], [0, 0]),
        ("x*y", [2, 5], [5, 2]),
        ("x - x", [2], [0]),
        ("3", [], []),
    ],
)
def test_gradient_at_telling_points(text: str, point: list[float], expected: list[float]) -> None:
    _, slopes, _ = Differentiated(text)(point)
    np.testing.assert_allclose(slopes, expected, rtol=1e-15, atol=1e-300)


def test_rosenbrock_hessian_in_closed_form() -> None:
    x, y = -1.2, 1.0
    _, _, curvature = Differentiated("(1-x)^2 + 100*(y-x^2)^2")([x, y])
    np.testing.assert_allclose(
        curvature, [[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200]], rtol=1e-15
    )


def test_hessian_is_symmetric_node_by_node() -> None:
    curvature = Differentiated("exp(x*y)*sin(z) + x^y").curvature
    assert all(curvature[i][j] == curvature[j][i] for i in range(3) for j in range(3))


@pytest.mark.parametrize(
    ("text", "most"),
    [("5*x^2", 4), ("x", 0), ("x + 3", 0), ("x*y", 0), ("(1-x)^2 + 100*(y-x^2)^2", 9), ("x^2 + y^2", 2)],
)
def test_gradient_adds_no_needless_operations(text: str, most: int) -> None:
    read = formula(text)
    graph = read.graph
    before = set(graph.reachable([read.loss]))
    slopes = gradient(graph, read.loss, [graph.input(name) for name in read.inputs])
    added = [node for node in graph.reachable(slopes) if node not in before and graph.operands(node)]
    assert len(added) <= most


def test_gradient_is_linear_in_the_size_of_the_formula() -> None:
    sizes = []
    for count in (20, 40):
        read = formula("*".join(f"(x+{i})" for i in range(1, count)))
        gradient(read.graph, read.loss, [read.graph.input("x")])
        sizes.append(len(read.graph))
    assert sizes[1] < 2.2 * sizes[0]


def test_derivative_by_what_is_not_in_the_formula_is_zero() -> None:
    read = formula("x^2")
    (slope,) = gradient(read.graph, read.loss, [read.graph.input("other")])
    assert read.graph.value(slope) == 0.0


def test_power_of_a_negated_base_that_the_graph_wrote_differently() -> None:
    _, slopes, _ = Differentiated("(-x) + x*x + (-x)^2")([3.0])
    assert slopes[0] == 11.0


def test_bound_of_the_graph_is_named() -> None:
    read = formula("*".join(f"(a{i % 20}+{i})" for i in range(110)))
    inputs = [read.graph.input(name) for name in read.inputs]
    with pytest.raises(StudioError, match=str(MAXIMUM_GRAPH_NODES)):
        for _ in range(3):
            rows = hessian(read.graph, gradient(read.graph, read.loss, inputs), inputs)
            for row in rows:
                for node in row:
                    gradient(read.graph, node, inputs)
