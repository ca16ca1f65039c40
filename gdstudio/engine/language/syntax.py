"""What the parser finds in a text, and how it becomes nodes of a graph.

A formula is kept in postfix order (operands before what uses them), so that nothing that comes after the
parser has to recurse, however long a chain of additions is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.engine.language.operations import CONSTANTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.engine.language.graph import Graph


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the syntax.

    Attributes
    ----------
    operation : str
        "number", "name", or a key of the table of operations.
    count : int
        How many of the preceding results it takes as operands; min and max may take more than two.
    column : int
        Where it stands in the text: an operator at its sign, a call at its name.
    name : str
        Of a name.
    value : float
        Of a number.
    """

    operation: str
    count: int
    column: int
    name: str = ""
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Syntax:
    """A text that could be read, as steps in postfix order; the last step is the whole."""

    text: str
    steps: tuple[Step, ...]

    def names(self) -> tuple[str, ...]:
        """Return the names of variables in order of first appearance."""
        found = (step.name for step in self.steps if step.operation == "name" and step.name not in CONSTANTS)
        return tuple(dict.fromkeys(found))


def build(syntax: Syntax, graph: Graph, node_of: Callable[[str, int], int]) -> tuple[int, list[int]]:
    """Add a syntax to a graph.

    Parameters
    ----------
    syntax : Syntax
        What was read.
    graph : Graph
        Where to.
    node_of : callable
        Gives the node of a variable from its name and its column.

    Returns
    -------
    int, list of int
        The node of the whole, and the node of each step.
    """
    stack: list[int] = []
    nodes: list[int] = []
    for step in syntax.steps:
        if step.operation == "number":
            node = graph.constant(step.value)
        elif step.operation == "name":
            constant = CONSTANTS.get(step.name)
            node = node_of(step.name, step.column) if constant is None else graph.constant(constant)
        else:
            operands = stack[len(stack) - step.count :]
            del stack[len(stack) - step.count :]
            node = _apply(graph, step, operands)
        stack.append(node)
        nodes.append(node)
    return stack[-1], nodes


def _apply(graph: Graph, step: Step, operands: list[int]) -> int:
    """Apply a step to its operands: min and max fold over many, a power of the constant e is exp."""
    if step.operation in ("min", "max"):
        node = operands[0]
        for operand in operands[1:]:
            node = graph.apply(step.operation, node, operand)
        return node
    if step.operation == "power" and graph.is_constant(operands[0], CONSTANTS["e"]):
        return graph.apply("exp", operands[1])
    return graph.apply(step.operation, *operands)
