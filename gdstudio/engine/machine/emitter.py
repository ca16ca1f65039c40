"""Turns nodes of a graph into LLVM IR, one line an operation.

No fast-math flag is ever set: without contraction and reassociation the machine code rounds exactly where
the interpreter does.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

from gdstudio.engine.language.norms import GROW, LEAST_SUM, SHRINK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gdstudio.engine.language.graph import Graph

_BINARY = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv"}
# Ordered comparisons: false when an operand is not a number, as in NumPy; "not equal" is true then.
_COMPARISON = {
    "less": "olt", "less_equal": "ole", "greater": "ogt", "greater_equal": "oge",
    "equal": "oeq", "not_equal": "une",
}
_INTRINSIC = {
    "sqrt": "sqrt", "abs": "fabs", "floor": "floor", "sin": "sin", "cos": "cos", "exp": "exp",
    "log": "log", "log2": "log2", "log10": "log10", "power": "pow",
}
_LIBM = {
    name: name
    for name in (
        "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "log1p", "expm1", "cbrt", "erf", "hypot",
    )
}


def constant(value: float) -> str:
    """`value` as an exact LLVM literal of type double."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


class Emitter:
    """Collects the lines of one function body and the declarations that they need."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.declarations: set[str] = set()
        self._count = 0

    def name(self) -> str:
        """Return a fresh local name."""
        self._count += 1
        return f"%v{self._count}"

    def line(self, text: str) -> None:
        """Append an instruction without a result."""
        self.lines.append(f"  {text}")

    def label(self, name: str) -> None:
        """Begin the basic block `name`."""
        self.lines.append(f"{name}:")

    def assign(self, expression: str) -> str:
        """Append an instruction and return the name of its result."""
        result = self.name()
        self.lines.append(f"  {result} = {expression}")
        return result

    def load(self, pointer: str, index: int | str = 0, kind: str = "double") -> str:
        """Load element `index` of the array at `pointer`."""
        return self.assign(f"load {kind}, ptr {self.element(pointer, index, kind)}")

    def store(self, value: str, pointer: str, index: int | str = 0, kind: str = "double") -> None:
        """Store `value` as element `index` of the array at `pointer`."""
        self.line(f"store {kind} {value}, ptr {self.element(pointer, index, kind)}")

    def element(self, pointer: str, index: int | str, kind: str = "double") -> str:
        """Return the address of element `index` of the array at `pointer`."""
        if index == 0:
            return pointer
        return self.assign(f"getelementptr inbounds {kind}, ptr {pointer}, i64 {index}")

    def binary(self, instruction: str, left: str, right: str) -> str:
        """Return a floating-point instruction of two operands."""
        return self.assign(f"{instruction} double {left}, {right}")

    def compare(self, predicate: str, left: str, right: str) -> str:
        """Return a floating-point comparison, an i1."""
        return self.assign(f"fcmp {predicate} double {left}, {right}")

    def select(self, condition: str, chosen: str, otherwise: str) -> str:
        """`chosen` where the i1 `condition` holds, else `otherwise`."""
        return self.assign(f"select i1 {condition}, double {chosen}, double {otherwise}")

    def call(self, function: str, *arguments: str) -> str:
        """Call a function of doubles that has no side effect, declaring it."""
        types = ", ".join("double" for _ in arguments)
        self.declarations.add(f"declare double @{function}({types}) nounwind willreturn memory(none)")
        listed = ", ".join(f"double {argument}" for argument in arguments)
        return self.assign(f"call double @{function}({listed})")

    def sum(self, values: Iterable[str]) -> str:
        """Return the sum of `values` from first to last, the interpreter's order."""
        first, *rest = values
        for value in rest:
            first = self.binary("fadd", first, value)
        return first

    def square_root(self, value: str) -> str:
        """Return the square root."""
        return self.call("llvm.sqrt.f64", value)

    def norm(self, values: Sequence[str]) -> str:
        """Return the Euclidean norm, by scaled squares where the plain ones leave the range; see `language.norms`."""
        usual, scaled, done = (f"{kind}{self.name()[1:]}" for kind in ("usual_", "scaled_", "done_"))
        total = self.sum_of_squares(values)
        enough = self.compare("oge", total, constant(LEAST_SUM))
        representable = self.assign(f"and i1 {enough}, {self.compare('olt', total, constant(math.inf))}")
        self.line(f"br i1 {representable}, label %{usual}, label %{scaled}, !prof !0")
        self.label(usual)
        plain = self.square_root(total)
        self.line(f"br label %{done}")
        self.label(scaled)
        factor = self.select(enough, constant(SHRINK), constant(GROW))
        shifted = self.sum_of_squares([self.binary("fmul", value, factor) for value in values])
        rescued = self.binary("fdiv", self.square_root(shifted), factor)
        self.line(f"br label %{done}")
        self.label(done)
        return self.assign(f"phi double [ {plain}, %{usual} ], [ {rescued}, %{scaled} ]")

    def sum_of_squares(self, values: Sequence[str]) -> str:
        """Return the sum of squares from first to last."""
        return self.sum([self.binary("fmul", value, value) for value in values])

    def operation(self, key: str, operands: Sequence[str]) -> str:
        """Emit the element-wise operation `key`; comparisons give an i1, all else a double."""
        if key in _BINARY:
            return self.binary(_BINARY[key], *operands)
        if key in _COMPARISON:
            return self.compare(_COMPARISON[key], *operands)
        if key in _INTRINSIC:
            return self.call(f"llvm.{_INTRINSIC[key]}.f64", *operands)
        if key in _LIBM:
            return self.call(_LIBM[key], *operands)
        return _SPECIAL[key](self, *operands)


def _negate(emitter: Emitter, operand: str) -> str:
    return emitter.assign(f"fneg double {operand}")


def _where(emitter: Emitter, condition: str, chosen: str, otherwise: str) -> str:
    return emitter.select(condition, chosen, otherwise)


def _extreme(predicate: str) -> Callable[[Emitter, str, str], str]:
    """Minimum or maximum that hands on what is not a number, as NumPy's do."""

    def emit(emitter: Emitter, left: str, right: str) -> str:
        better = emitter.compare(predicate, left, right)
        undefined = emitter.compare("uno", left, left)
        return emitter.select(emitter.assign(f"or i1 {better}, {undefined}"), left, right)

    return emit


def _sign(emitter: Emitter, operand: str) -> str:
    """By branches, weighted so that they stay branches.

    The processor guesses a sign and goes on, where comparisons would make each step wait for the one before.
    """
    zero, block = constant(0.0), emitter.name()[1:]
    likely = '!prof !{!"branch_weights", i32 1000, i32 1}'
    emitter.line(f"br label %{block}.given")
    emitter.label(f"{block}.given")
    positive = emitter.compare("ogt", operand, zero)
    emitter.line(f"br i1 {positive}, label %{block}.done, label %{block}.other, {likely}")
    emitter.label(f"{block}.other")
    negative = emitter.compare("olt", operand, zero)
    emitter.line(f"br i1 {negative}, label %{block}.less, label %{block}.same, {likely}")
    for purpose in ("less", "same"):
        emitter.label(f"{block}.{purpose}")
        emitter.line(f"br label %{block}.done")
    emitter.label(f"{block}.done")
    return emitter.assign(
        f"phi double [ {constant(1.0)}, %{block}.given ], [ {constant(-1.0)}, %{block}.less ], "
        f"[ {operand}, %{block}.same ]"
    )


_SPECIAL: dict[str, Callable[..., str]] = {
    "negate": _negate,
    "where": _where,
    "min": _extreme("ole"),
    "max": _extreme("oge"),
    "sign": _sign,
}

LOWERED = frozenset({*_BINARY, *_COMPARISON, *_INTRINSIC, *_LIBM, *_SPECIAL})


def emit_nodes(
    emitter: Emitter, graph: Graph, outputs: Sequence[int], inputs: dict[str, str]
) -> list[str]:
    """Emit everything that `outputs` need and return their values; `inputs` maps names to values."""
    values: dict[int, str] = {}
    for node in graph.reachable(outputs):
        operation = graph.operation(node)
        if operation == "constant":
            values[node] = constant(graph.value(node))
        elif operation == "input":
            values[node] = inputs[graph.name(node)]
        else:
            operands = [values[below] for below in graph.operands(node)]
            if operation == "where":
                operands[0] = condition(emitter, graph, graph.operands(node)[0], operands[0])
            values[node] = emitter.operation(operation, operands)
    return [values[node] for node in outputs]


def condition(emitter: Emitter, graph: Graph, node: int, value: str) -> str:
    """Return the value of `node` as an i1: comparisons are one already, a folded one is a number."""
    if graph.operation(node) in _COMPARISON:
        return value
    return emitter.compare("une", value, constant(0.0))
