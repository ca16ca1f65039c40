"""Instructions on a vector of numbers at once: lanes of one register, or of two side by side.

As in `emitter`, no fast-math flag is ever set, so each lane rounds exactly where a single number would.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

from gdstudio.engine.machine.emitter import Emitter, constant

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDEST_FLOAT = 3.4028235677973366e38


class VectorEmitter(Emitter):
    """Emits instructions on vectors of `width` numbers.

    Parameters
    ----------
    width : int
        Lanes of a vector.
    scalar : str
        The type of one lane: ``double`` or ``float``.
    host : Emitter, optional
        Whose lines and names are used: for vectors among single numbers.
    """

    def __init__(self, width: int, scalar: str = "double", host: Emitter | None = None) -> None:
        super().__init__()
        self._host = host
        if host is not None:
            self.lines, self.declarations = host.lines, host.declarations
        self.width = width
        self.scalar = scalar
        self.kind = f"<{width} x {scalar}>"
        self.integers = f"<{width} x i{64 if scalar == 'double' else 32}>"
        self._suffix = f"v{width}f{64 if scalar == 'double' else 32}"
        self._labels = 0

    def name(self) -> str:
        """Return a fresh local name, which no scalar emitter of the same function has."""
        if self._host is not None:
            return self._host.name()
        self._count += 1
        return f"%w{self._count}"

    def fresh_label(self, purpose: str) -> str:
        """Return the name of a basic block that no other has."""
        self._labels += 1
        return f"{purpose}{self._labels}"

    def number(self, value: float) -> str:
        """`value` in every lane, rounded to their type."""
        if self.scalar == "float" and math.isfinite(value):
            value = math.copysign(math.inf, value) if abs(value) >= _WIDEST_FLOAT else (
                struct.unpack("<f", struct.pack("<f", value))[0]
            )
        return f"splat ({self.scalar} {constant(value)})"

    def load_lanes(self, address: str) -> str:
        """Load a vector from `address`, which need not be aligned to it."""
        return self.assign(f"load {self.kind}, ptr {address}, align 4")

    def store_lanes(self, value: str, address: str) -> None:
        """Store a vector at `address`, which need not be aligned to it."""
        self.line(f"store {self.kind} {value}, ptr {address}, align 4")

    def binary(self, instruction: str, left: str, right: str) -> str:
        """Return a floating-point instruction of two operands."""
        return self.assign(f"{instruction} {self.kind} {left}, {right}")

    def compare(self, predicate: str, left: str, right: str) -> str:
        """Return a floating-point comparison, an i1 for each lane."""
        return self.assign(f"fcmp {predicate} {self.kind} {left}, {right}")

    def select(self, condition: str, chosen: str, otherwise: str) -> str:
        """`chosen` in the lanes where the condition holds, else `otherwise`."""
        return self.assign(
            f"select <{self.width} x i1> {condition}, {self.kind} {chosen}, {self.kind} {otherwise}"
        )

    def both(self, instruction: str, left: str, right: str) -> str:
        """Return ``and``, ``or`` or ``xor`` of two conditions."""
        return self.assign(f"{instruction} <{self.width} x i1> {left}, {right}")

    def any(self, condition: str) -> str:
        """Whether a condition holds in any lane, one i1."""
        function = f"llvm.vector.reduce.or.v{self.width}i1"
        self.declarations.add(f"declare i1 @{function}(<{self.width} x i1>)")
        return self.assign(f"call i1 @{function}(<{self.width} x i1> {condition})")

    def all(self, condition: str) -> str:
        """Whether a condition holds in every lane, one i1."""
        function = f"llvm.vector.reduce.and.v{self.width}i1"
        self.declarations.add(f"declare i1 @{function}(<{self.width} x i1>)")
        return self.assign(f"call i1 @{function}(<{self.width} x i1> {condition})")

    def negation(self, condition: str) -> str:
        """Return where a condition does not hold."""
        return self.both("xor", condition, "splat (i1 true)")

    def negated(self, value: str) -> str:
        """Return `value` with its sign turned."""
        return self.assign(f"fneg {self.kind} {value}")

    def fused(self, left: str, right: str, addend: str) -> str:
        """Return ``left*right + addend``, rounded once."""
        return self._intrinsic("fma", left, right, addend)

    def bits(self, value: str) -> str:
        """Return the bits of each lane as an integer."""
        return self.assign(f"bitcast {self.kind} {value} to {self.integers}")

    def double(self, bits: str) -> str:
        """Return the numbers with the given bits."""
        return self.assign(f"bitcast {self.integers} {bits} to {self.kind}")

    def integer(self, instruction: str, left: str, right: str | int) -> str:
        """Return an instruction on bits; a number stands for itself in every lane."""
        right = self.whole(right) if isinstance(right, int) else right
        return self.assign(f"{instruction} {self.integers} {left}, {right}")

    def whole(self, value: int) -> str:
        """`value` in every lane, as an integer as wide as they are."""
        return f"splat (i{64 if self.scalar == 'double' else 32} {value})"

    def spread(self, single: str) -> str:
        """Return the vector that has the number `single` in every lane."""
        first = self.assign(f"insertelement {self.kind} poison, {self.scalar} {single}, i64 0")
        zeros = f"<{self.width} x i32> zeroinitializer"
        return self.assign(f"shufflevector {self.kind} {first}, {self.kind} poison, {zeros}")

    def _intrinsic(self, name: str, *arguments: str) -> str:
        function = f"llvm.{name}.{self._suffix}"
        types = ", ".join(self.kind for _ in arguments)
        self.declarations.add(f"declare {self.kind} @{function}({types}) nounwind willreturn memory(none)")
        return self._call(function, arguments)

    def _call(self, function: str, arguments: Iterable[str]) -> str:
        listed = ", ".join(f"{self.kind} {argument}" for argument in arguments)
        return self.assign(f"call {self.kind} @{function}({listed})")
