"""The graph of operations that every formula and every optimizer becomes.

Gradient, interpreter, machine code, typeset form and exported scripts are all read off this one graph.
Equal sub-expressions are stored once, so that work is shared without anybody looking for it, and operands
have smaller numbers than what uses them, so that counting upwards is an order of evaluation.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.identities import identity
from gdstudio.engine.language.operations import COMMUTATIVE, OPERATIONS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Iterable

MAXIMUM_GRAPH_NODES = 50_000


class Graph:
    """Append-only graph in which a node is an int and equal nodes are one.

    Raises
    ------
    StudioError
        From any method that adds a node, when there would be more than `MAXIMUM_GRAPH_NODES`.
    """

    def __init__(self) -> None:
        self._operations: list[str] = []
        self._operands: list[tuple[int, ...]] = []
        self._values: dict[int, float] = {}
        self._names: dict[int, str] = {}
        self._interned: dict[tuple[object, ...], int] = {}
        self._expansions: dict[int, tuple[str, tuple[int, ...]]] = {}
        self._guards: dict[int, int] = {}

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self._operations)

    def constant(self, value: float) -> int:
        """Return the node of a number; it may be infinite or not a number, as NumPy folds it."""
        value = float(value)
        bits = struct.pack("<d", value if value == value else float("nan"))
        node = self._interned.get(("constant", bits))
        if node is None:
            node = self._append(("constant", bits), "constant", ())
            self._values[node] = value
        return node

    def input(self, name: str) -> int:
        """Return the node of a named value that is known only when the graph is evaluated."""
        node = self._interned.get(("input", name))
        if node is None:
            node = self._append(("input", name), "input", ())
            self._names[node] = name
        return node

    def apply(self, operation: str, *operands: int) -> int:
        """Return the node of an operation on nodes.

        Operations that have an expansion are expanded, operations on constants alone are folded, and
        identities that hold for every float64 value (save the sign of a zero) are used: see `identities`.
        Multiplication by zero stays, because zero times infinity is not zero.

        Parameters
        ----------
        operation : str
            A key of `OPERATIONS`.
        *operands : int
            As many nodes of this graph as the operation takes.

        Raises
        ------
        ValueError
            For a wrong number of operands or a node that is not in the graph: a mistake of the caller.
        """
        row = OPERATIONS[operation]
        if len(operands) != row.arity or not all(0 <= node < len(self) for node in operands):
            raise ValueError(f"{operation} takes {row.arity} nodes of this graph, got {operands}")
        if row.expansion is not None:
            expanded = row.expansion(self, operands)
            if expanded is not None:
                self._remember_expansion(expanded, operation, operands)
                return expanded
        if row.elementwise and all(node in self._values for node in operands):
            return self._fold(operation, operands)
        simpler = identity(self, operation, operands)
        if simpler is not None:
            return simpler
        key = (operation, *(sorted(operands) if operation in COMMUTATIVE else operands))
        node = self._interned.get(key)
        return self._append(key, operation, operands) if node is None else node

    def guard(self, operation: str, value: int, *operands: int) -> int:
        """Return an operation that differs from the node `value` only at a point that needs such care.

        A guard keeps a derivative from becoming not a number; `guarded` tells typesetting to write `value`.
        """
        before = len(self)
        node = self.apply(operation, *operands)
        if node >= before:
            self._guards[node] = value
        return node

    def operation(self, node: int) -> str:
        """Return "constant", "input" or the key of an operation."""
        return self._operations[node]

    def operands(self, node: int) -> tuple[int, ...]:
        """Return the nodes an operation works on, all smaller than `node`."""
        return self._operands[node]

    def value(self, node: int) -> float:
        """Return the number of a constant."""
        return self._values[node]

    def name(self, node: int) -> str:
        """Return the name of an input."""
        return self._names[node]

    def is_constant(self, node: int, value: float | None = None) -> bool:
        """Tell whether a node is a constant, or that constant."""
        found = self._values.get(node)
        return found is not None and (value is None or found == value)

    def expansion(self, node: int) -> tuple[str, tuple[int, ...]] | None:
        """Return the operation and operands that were expanded into `node`, if any (an integer power...)."""
        return self._expansions.get(node)

    def guarded(self, node: int) -> int | None:
        """Return the node that a guard stands for, or None where `node` is no guard."""
        return self._guards.get(node)

    def reachable(self, outputs: Iterable[int]) -> list[int]:
        """Return the nodes that `outputs` depend on, themselves included, ascending."""
        pending = list(outputs)
        seen = set(pending)
        while pending:
            for operand in self._operands[pending.pop()]:
                if operand not in seen:
                    seen.add(operand)
                    pending.append(operand)
        return sorted(seen)

    def _remember_expansion(self, node: int, operation: str, operands: tuple[int, ...]) -> None:
        """Keep what `node` was before it was expanded, where that is still an order of evaluation."""
        if self._operands[node] and max(operands) < node:
            self._expansions.setdefault(node, (operation, operands))

    def _fold(self, operation: str, operands: tuple[int, ...]) -> int:
        """Return the constant that an operation on constants is, by the interpreter's own function."""
        with np.errstate(all="ignore"):
            numbers = (np.float64(self._values[node]) for node in operands)
            return self.constant(float(OPERATIONS[operation].function(*numbers)))

    def _append(self, key: tuple[object, ...], operation: str, operands: tuple[int, ...]) -> int:
        """Add a node that is not there yet."""
        node = len(self._operations)
        if node >= MAXIMUM_GRAPH_NODES:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors",
                    "The formula with its derivatives needs more than {bound} operations; shorten it.",
                ),
                bound=MAXIMUM_GRAPH_NODES,
            )
        self._operations.append(operation)
        self._operands.append(operands)
        self._interned[key] = node
        return node
