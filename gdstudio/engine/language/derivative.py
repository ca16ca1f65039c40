"""Reverse differentiation of the graph, onto the same graph.

The derivative of one output by all inputs costs a small multiple of the output itself. What chooses between
two operands (where, min, max) is differentiated one branch at a time and the derivatives are chosen between,
so that a branch that is not taken cannot spoil the result with zero times infinity.

At a kink the derivative is a subgradient: abs has slope 0 at 0, min and max have the second operand's slope
where both are equal (so max(x, 0) has slope 0 at 0), sign and floor have slope 0 everywhere.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.terms import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.language.graph import Graph

_CHOICES = {"where": "", "min": "less", "max": "greater"}


def gradient(graph: Graph, output: int, inputs: Sequence[int]) -> list[int]:
    """Return the nodes of the derivatives of `output` by each of `inputs`.

    Parameters
    ----------
    graph : Graph
        Gets the new nodes.
    output : int
        What is differentiated.
    inputs : sequence of int
        Input nodes.

    Returns
    -------
    list of int
        One node per input; the constant 0 where `output` does not depend on it.

    Raises
    ------
    StudioError
        When the graph would exceed its bound.
    """
    by_input = _Reverse(graph, inputs).derivatives(output)
    zero = graph.constant(0.0)
    return [by_input.get(node, zero) for node in inputs]


def hessian(graph: Graph, gradient_nodes: Sequence[int], inputs: Sequence[int]) -> list[list[int]]:
    """Return the nodes of the second derivatives; the matrix is symmetric node by node.

    Parameters
    ----------
    graph : Graph
        Gets the new nodes.
    gradient_nodes : sequence of int
        What `gradient` returned for the same inputs.
    inputs : sequence of int
        Input nodes.
    """
    size = len(inputs)
    rows = [[0] * size for _ in range(size)]
    for i, slope in enumerate(gradient_nodes):
        for j, node in enumerate(gradient(graph, slope, inputs[i:]), start=i):
            rows[i][j] = rows[j][i] = node
    return rows


class _Reverse:
    """Reverse passes by the same inputs, each choice differentiated once."""

    def __init__(self, graph: Graph, inputs: Sequence[int]) -> None:
        self._graph = graph
        self._inputs = frozenset(inputs)
        self._active: set[int] = set()
        self._by_choice: dict[int, dict[int, int]] = {}

    def derivatives(self, output: int) -> dict[int, int]:
        """Return the derivative of `output` by each input it depends on."""
        for node in self._carriers(output):
            if node in self._inputs or not self._active.isdisjoint(self._source(node)[1]):
                self._active.add(node)
                if self._graph.operation(node) in _CHOICES:
                    self._by_choice[node] = self._differentiate_choice(node)
        return self._pass(output)

    def _source(self, node: int) -> tuple[str, tuple[int, ...]]:
        """Return the operation whose rules differentiate `node`, and the operands they give derivatives for.

        That is what the node was before it was expanded, if that has rules; where leaves its condition out.
        """
        graph = self._graph
        source = graph.expansion(node)
        if source is not None and OPERATIONS[source[0]].derivative:
            return source
        operation, operands = graph.operation(node), graph.operands(node)
        return operation, operands[1:] if operation == "where" else operands

    def _carriers(self, output: int) -> list[int]:
        """Return the nodes through which a derivative of `output` may flow, ascending."""
        pending = [output]
        seen = {output}
        while pending:
            for operand in self._source(pending.pop())[1]:
                if operand not in seen:
                    seen.add(operand)
                    pending.append(operand)
        return sorted(seen)

    def _differentiate_choice(self, node: int) -> dict[int, int]:
        """Differentiate both branches and choose between their derivatives as `node` chooses."""
        graph = self._graph
        operation, (first, second) = self._source(node)
        of_first, of_second = self._pass(first), self._pass(second)
        inputs = sorted({*of_first, *of_second})
        if not inputs:
            return {}
        comparison = _CHOICES[operation]
        condition = graph.apply(comparison, first, second) if comparison else graph.operands(node)[0]
        zero = graph.constant(0.0)
        return {
            name: graph.apply("where", condition, of_first.get(name, zero), of_second.get(name, zero))
            for name in inputs
        }

    def _pass(self, output: int) -> dict[int, int]:
        """Carry the derivative of `output` by itself, one, down to the inputs."""
        if output not in self._active:
            return {}
        graph = self._graph
        arrived: dict[int, list[tuple[int, Term]]] = {output: [(output, Term(graph, graph.constant(1.0)))]}
        pending = [-output]
        found: dict[int, int] = {}
        while pending:
            node = -heapq.heappop(pending)
            parts = sorted(arrived.pop(node), key=lambda part: part[0])
            total = parts[0][1]
            for _, part in parts[1:]:
                total = total + part
            if node in self._inputs:
                found[node] = total.node
                continue
            for operand, part in self._parts(node, total):
                if operand not in self._active or graph.is_constant(part.node, 0.0):
                    continue
                if operand not in arrived:
                    arrived[operand] = []
                    heapq.heappush(pending, -operand)
                arrived[operand].append((node, part))
        return found

    def _parts(self, node: int, total: Term) -> list[tuple[int, Term]]:
        """Return what each operand gets of the derivative `total` that arrived at `node`."""
        graph = self._graph
        if node in self._by_choice:
            return [(name, total * Term(graph, slope)) for name, slope in self._by_choice[node].items()]
        operation, operands = self._source(node)
        rules = OPERATIONS[operation].derivative
        result = Term(graph, node)
        terms = [Term(graph, operand) for operand in operands]
        return [
            (operand, rule(total, result, *terms))
            for operand, rule in zip(operands, rules, strict=bool(rules))
            if operand in self._active
        ]
