"""Sharing, folding, identities and expansions of the graph."""

import math

import numpy as np
import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language import graph as graph_module
from gdstudio.engine.language.graph import Graph
from gdstudio.engine.language.interpreter import evaluate


@pytest.fixture
def graph() -> Graph:
    return Graph()


def test_equal_nodes_are_one(graph: Graph) -> None:
    x, y = graph.input("x"), graph.input("y")
    assert graph.input("x") == x
    assert graph.apply("sin", x) == graph.apply("sin", x)
    assert graph.apply("add", x, y) == graph.apply("add", y, x)
    assert graph.apply("subtract", x, y) != graph.apply("subtract", y, x)
    assert graph.operands(graph.apply("add", x, y)) == (x, y)
    assert graph.constant(0.0) != graph.constant(-0.0)
    assert graph.constant(math.nan) == graph.constant(-math.nan)


def test_operands_have_smaller_numbers(graph: Graph) -> None:
    x = graph.input("x")
    graph.apply("sigmoid", graph.apply("power", x, graph.constant(13.0)))
    assert all(operand < node for node in range(len(graph)) for operand in graph.operands(node))


def test_constants_are_folded_as_numpy_does(graph: Graph) -> None:
    one, zero, nine = graph.constant(1.0), graph.constant(0.0), graph.constant(9.0)
    assert graph.value(graph.apply("divide", one, zero)) == math.inf
    assert math.isnan(graph.value(graph.apply("log", graph.constant(-1.0))))
    tower = graph.apply("power", nine, graph.apply("power", nine, nine))
    assert graph.value(tower) == math.inf
    assert graph.value(graph.apply("where", graph.apply("less", zero, one), nine, one)) == 9.0
    assert graph.value(graph.apply("erf", one)) == math.erf(1.0)


def test_identities(graph: Graph) -> None:
    x, y = graph.input("x"), graph.input("y")
    zero, one, two = graph.constant(0.0), graph.constant(1.0), graph.constant(2.0)
    minus_x, minus_y = graph.apply("negate", x), graph.apply("negate", y)
    assert graph.apply("add", x, zero) == x == graph.apply("add", zero, x)
    assert graph.apply("multiply", one, x) == x == graph.apply("divide", x, one)
    assert graph.apply("subtract", x, zero) == x == graph.apply("negate", minus_x)
    assert graph.apply("add", x, x) == graph.apply("multiply", two, x)
    assert graph.apply("add", x, minus_y) == graph.apply("subtract", x, y)
    assert graph.apply("subtract", x, minus_y) == graph.apply("add", x, y)
    assert graph.apply("multiply", minus_x, minus_y) == graph.apply("multiply", x, y)
    assert graph.apply("divide", minus_x, minus_y) == graph.apply("divide", x, y)
    assert graph.apply("abs", minus_x) == graph.apply("abs", x)
    assert graph.apply("where", graph.apply("less", x, y), x, x) == x
    assert graph.apply("min", x, x) == x == graph.apply("max", x, x)


def test_zero_times_anything_stays_for_it_may_be_infinite(graph: Graph) -> None:
    product = graph.apply("multiply", graph.constant(0.0), graph.input("x"))
    assert math.isnan(evaluate(graph, [product], {"x": math.inf})[0])


@pytest.mark.parametrize("exponent", [*range(-64, 65), 65, -65, 0.5, 1e300])
def test_integer_powers_are_expanded_and_right(graph: Graph, exponent: float) -> None:
    node = graph.apply("power", graph.input("x"), graph.constant(exponent))
    used = {graph.operation(n) for n in graph.reachable([node])}
    is_expanded = float(exponent).is_integer() and abs(exponent) <= 64
    assert ("power" in used) is not is_expanded
    x = np.array([-1.01, 1.03, 0.97, 2.0])
    with np.errstate(all="ignore"):
        expected = np.power(x, exponent)
    np.testing.assert_allclose(evaluate(graph, [node], {"x": x})[0] + 0 * x, expected, rtol=2e-14)


def test_expansions_are_remembered(graph: Graph) -> None:
    x = graph.input("x")
    assert graph.expansion(graph.apply("power", x, graph.constant(3.0))) == (
        "power",
        (x, graph.constant(3.0)),
    )
    assert graph.expansion(graph.apply("sigmoid", x)) == ("sigmoid", (x,))
    assert graph.expansion(graph.apply("multiply", x, graph.input("y"))) is None


@pytest.mark.parametrize("x", [-800.0, -40.0, -1.0, 0.0, 1.0, 40.0, 800.0])
def test_expanded_functions_are_stable(graph: Graph, x: float) -> None:
    nodes = [graph.apply(name, graph.input("x")) for name in ("sigmoid", "softplus", "relu")]
    sigmoid, softplus, relu = evaluate(graph, nodes, {"x": x})
    assert sigmoid == pytest.approx(math.exp(min(x, 0)) / (1 + math.exp(-abs(x))), rel=1e-15, abs=1e-300)
    assert softplus == pytest.approx(np.logaddexp(0.0, x), rel=1e-15, abs=1e-300)
    assert relu == max(x, 0.0)


def test_wrong_use_is_refused(graph: Graph) -> None:
    x = graph.input("x")
    with pytest.raises(ValueError, match="takes 2 nodes"):
        graph.apply("add", x)
    with pytest.raises(ValueError, match="nodes of this graph"):
        graph.apply("sin", 99)
    with pytest.raises(KeyError):
        graph.apply("no such operation", x)


def test_bound_is_an_error_that_names_it(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_module, "MAXIMUM_GRAPH_NODES", 3)
    for name in "abc":
        graph.input(name)
    with pytest.raises(StudioError, match="more than 3 operations"):
        graph.input("d")
    assert graph.input("a") == 0


def test_reachable_is_ascending_and_complete(graph: Graph) -> None:
    x, y = graph.input("x"), graph.input("y")
    left = graph.apply("sin", x)
    right = graph.apply("cos", y)
    both = graph.apply("add", right, left)
    assert graph.reachable([left]) == [x, left]
    assert graph.reachable([both, x]) == [x, y, left, right, both]
