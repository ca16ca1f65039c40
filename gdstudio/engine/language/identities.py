"""Rewrites that keep the graph small without changing what it computes.

Each holds for every float64 operand, infinities and not-a-number included; only the sign of a zero result
may differ. They apply alike to typed formulas and to derivatives, so no two evaluators can disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.engine.language.graph import Graph


def identity(graph: Graph, operation: str, operands: tuple[int, ...]) -> int | None:
    """Return a node equal to the operation on `operands` but simpler, or None where there is none."""
    rewrite = _REWRITES.get(operation)
    return None if rewrite is None else rewrite(graph, *operands)


def _negated(graph: Graph, node: int) -> int | None:
    """Return what `node` is the negative of, if that is how it was made."""
    return graph.operands(node)[0] if graph.operation(node) == "negate" else None


def _add(graph: Graph, left: int, right: int) -> int | None:
    if graph.is_constant(left, 0.0):
        return right
    if graph.is_constant(right, 0.0):
        return left
    if left == right:
        return graph.apply("multiply", graph.constant(2.0), left)
    if (inner := _negated(graph, right)) is not None:
        return graph.apply("subtract", left, inner)
    if (inner := _negated(graph, left)) is not None:
        return graph.apply("subtract", right, inner)
    return None


def _subtract(graph: Graph, left: int, right: int) -> int | None:
    if graph.is_constant(right, 0.0):
        return left
    if graph.is_constant(left, 0.0):
        return graph.apply("negate", right)
    if (inner := _negated(graph, right)) is not None:
        return graph.apply("add", left, inner)
    return None


def _multiply(graph: Graph, left: int, right: int) -> int | None:
    for factor, other in ((left, right), (right, left)):
        if graph.is_constant(factor, 1.0):
            return other
        if graph.is_constant(factor, -1.0):
            return graph.apply("negate", other)
        if (inner := _negated(graph, other)) is not None:
            if graph.is_constant(factor):
                return graph.apply("multiply", graph.constant(-graph.value(factor)), inner)
            return graph.apply("negate", graph.apply("multiply", factor, inner))
    return None


def _divide(graph: Graph, left: int, right: int) -> int | None:
    if graph.is_constant(right, 1.0):
        return left
    if graph.is_constant(right, -1.0):
        return graph.apply("negate", left)
    if (inner := _negated(graph, left)) is not None:
        return graph.apply("negate", graph.apply("divide", inner, right))
    if (inner := _negated(graph, right)) is not None:
        return graph.apply("negate", graph.apply("divide", left, inner))
    return None


def _negate(graph: Graph, operand: int) -> int | None:
    operation = graph.operation(operand)
    if operation == "negate":
        return graph.operands(operand)[0]
    if operation == "subtract":
        left, right = graph.operands(operand)
        return graph.apply("subtract", right, left)
    if operation == "multiply":
        for factor, other in (graph.operands(operand), graph.operands(operand)[::-1]):
            if graph.is_constant(factor):
                return graph.apply("multiply", graph.constant(-graph.value(factor)), other)
    if operation == "divide":
        above, below = graph.operands(operand)
        if graph.is_constant(above):
            return graph.apply("divide", graph.constant(-graph.value(above)), below)
        if graph.is_constant(below):
            return graph.apply("divide", above, graph.constant(-graph.value(below)))
    return None


def _abs(graph: Graph, operand: int) -> int | None:
    inner = _negated(graph, operand)
    return None if inner is None else graph.apply("abs", inner)


def _where(graph: Graph, condition: int, chosen: int, otherwise: int) -> int | None:
    if graph.is_constant(condition):
        return otherwise if graph.is_constant(condition, 0.0) else chosen
    return chosen if chosen == otherwise else None


def _extreme(graph: Graph, left: int, right: int) -> int | None:
    del graph
    return left if left == right else None


_REWRITES: dict[str, Callable[..., int | None]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negate": _negate,
    "abs": _abs,
    "where": _where,
    "min": _extreme,
    "max": _extreme,
}
