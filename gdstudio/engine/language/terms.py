"""Nodes that can be written with Python's operators, for the rules of differentiation.

A derivative is ours to arrange, unlike a typed formula, whose order of rounding belongs to whoever typed
it. So constant factors are gathered here: the derivative of ``5*x^2`` is stored as ``10*x``, not as
``5*(2*x)``, which is shorter to compute and what a textbook prints.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.engine.language.graph import Graph


@dataclass(frozen=True, slots=True)
class Term:
    """A node together with its graph."""

    graph: Graph
    node: int

    def apply(self, operation: str, *others: Term | float) -> Term:
        """Return an operation with this term as first operand."""
        nodes = (self._node(term) for term in others)
        return Term(self.graph, self.graph.apply(operation, self.node, *nodes))

    def constant(self, value: float) -> Term:
        """Return a number as a term of the same graph."""
        return Term(self.graph, self.graph.constant(value))

    def only_where(self, condition: Term) -> Term:
        """Return this term where the condition holds, zero elsewhere."""
        zero = self.graph.constant(0.0)
        return Term(self.graph, self.graph.guard("where", self.node, condition.node, self.node, zero))

    def or_one(self) -> Term:
        """Return this term, which is never negative, with one in place of zero."""
        step = self.apply("greater", 0.0).apply("where", 0.0, 1.0)
        return Term(self.graph, self.graph.guard("add", self.node, self.node, step.node))

    def __add__(self, other: Term | float) -> Term:
        """Add, gathering equal terms: ``2*u + 3*u`` is ``5*u``."""
        second = self._term(other)
        factor, rest = _coefficient(self.graph, self.node)
        second_factor, second_rest = _coefficient(self.graph, second.node)
        if rest is not None and rest == second_rest and math.isfinite(factor + second_factor):
            return self.constant(factor + second_factor) * Term(self.graph, rest)
        return self.apply("add", second)

    def __sub__(self, other: Term | float) -> Term:
        """Subtract."""
        return self.apply("subtract", other)

    def __rsub__(self, other: float) -> Term:
        """Subtract from a number."""
        return self.constant(other).apply("subtract", self)

    def __mul__(self, other: Term | float) -> Term:
        """Multiply, gathering the constant factors of both sides in front."""
        second = self._term(other)
        factor, rest = _coefficient(self.graph, self.node)
        second_factor, second_rest = _coefficient(self.graph, second.node)
        product = factor * second_factor
        if product == 0.0 or not math.isfinite(product) or abs(factor) == abs(second_factor) == 1.0:
            return self.apply("multiply", second)
        if rest is None or second_rest is None:
            remaining = second_rest if rest is None else rest
            front = self.constant(product)
            return front if remaining is None else _scaled(front, Term(self.graph, remaining))
        remaining = self.graph.apply("multiply", rest, second_rest)
        return _scaled(self.constant(product), Term(self.graph, remaining))

    def __rmul__(self, other: float) -> Term:
        """Multiply by a number."""
        return self.constant(other) * self

    def __truediv__(self, other: Term | float) -> Term:
        """Divide; a constant factor below the line moves above it where that is exact."""
        below = self._term(other)
        factor, rest = _coefficient(self.graph, below.node)
        is_power_of_two = math.isfinite(factor) and abs(math.frexp(factor)[0]) == 0.5
        if rest is None or factor == 1.0 or not is_power_of_two:
            return self.apply("divide", below)
        return (self * (1.0 / factor)).apply("divide", Term(self.graph, rest))

    def __neg__(self) -> Term:
        """Negate."""
        return self.apply("negate")

    def __pow__(self, other: Term | float) -> Term:
        """Raise to a power; constant integer exponents are expanded by the graph."""
        return self.apply("power", other)

    def _term(self, other: Term | float) -> Term:
        return other if isinstance(other, Term) else self.constant(other)

    def _node(self, other: Term | float) -> int:
        return other.node if isinstance(other, Term) else self.graph.constant(other)


def _coefficient(graph: Graph, node: int) -> tuple[float, int | None]:
    """Split a node into its constant factor and the rest; the rest of a constant is None."""
    operation = graph.operation(node)
    if operation == "constant":
        return graph.value(node), None
    if operation == "negate":
        return -1.0, graph.operands(node)[0]
    if operation == "multiply":
        left, right = graph.operands(node)
        if graph.is_constant(left):
            return graph.value(left), right
        if graph.is_constant(right):
            return graph.value(right), left
    if operation == "divide":
        above, below = graph.operands(node)
        if graph.is_constant(above) and graph.value(above) not in (0.0, 1.0):
            return graph.value(above), graph.apply("divide", graph.constant(1.0), below)
    return 1.0, node


def _scaled(front: Term, rest: Term) -> Term:
    """Multiply by a constant; one over something is scaled by changing the one."""
    if rest.graph.operation(rest.node) == "divide":
        above, below = rest.graph.operands(rest.node)
        if rest.graph.is_constant(above, 1.0):
            return front.apply("divide", Term(rest.graph, below))
    return front.apply("multiply", rest)
