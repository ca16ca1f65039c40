"""Operations on a vector of numbers at once: lanes of one register, each a start or a parameter of its own.

As in `emitter`, no fast-math flag is ever set, so each lane rounds exactly where a single number would.
"""

from __future__ import annotations

import math
import struct
from functools import cache
from typing import TYPE_CHECKING

import llvmlite.binding as llvm

from gdstudio.engine.language.norms import GROW, LEAST_SUM, SHRINK
from gdstudio.engine.machine.emitter import Emitter, constant
from gdstudio.engine.machine.lane_functions import VECTORISED
from gdstudio.engine.machine.quotient import quotient_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.engine.machine.quotient import Divisor

# The intrinsics for which processors with vectors have an instruction or a few.
_NATIVE = frozenset({"sqrt", "fabs", "floor"})
_WIDEST_FLOAT = 3.4028235677973366e38


@cache
def _features() -> frozenset[str]:
    return frozenset(name for name, has in llvm.get_host_cpu_features().items() if has)


@cache
def register_bytes() -> int:
    """Return how many bytes one vector register of this processor holds."""
    if "avx512f" in _features():
        return 64
    return 32 if "avx" in _features() else 16


@cache
def has_fused_multiply_add() -> bool:
    """Whether ``a*b + c`` is one instruction that rounds once."""
    return not _features().isdisjoint({"fma", "neon", "fullfp16"})


class ScalarEmitter(Emitter):
    """An emitter of single numbers whose names begin with `prefix`, for there are several in one function."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def name(self) -> str:
        """Return a fresh local name."""
        self._count += 1
        return f"%{self._prefix}{self._count}"


class LaneEmitter(Emitter):
    """Emits operations on vectors of `width` numbers.

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
        self.functions: dict[str, str] = {}
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

    def call(self, function: str, *arguments: str) -> str:
        """Call a function of the scalar emitter, by its name there, in every lane."""
        name = function.removeprefix("llvm.").removesuffix(".f64")
        if name in _NATIVE:
            return self._intrinsic(name, *arguments)
        if name in VECTORISED and self.scalar == "double" and has_fused_multiply_add():
            return self._vectorised(name, *arguments)
        return self.each(name, *arguments)

    def operation(self, key: str, operands: Sequence[str]) -> str:
        """Emit the element-wise operation `key`; comparisons give conditions, all else numbers."""
        if key == "negate":
            return self.negated(operands[0])
        if key == "where":
            return self.select(operands[0], operands[1], operands[2])
        if key in ("min", "max"):
            left, right = operands
            better = self.compare("ole" if key == "min" else "oge", left, right)
            return self.select(self.both("or", better, self.compare("uno", left, left)), left, right)
        if key == "sign":
            (operand,) = operands
            zero = self.number(0.0)
            positive = self.select(self.compare("ogt", operand, zero), self.number(1.0), zero)
            signed = self.select(self.compare("olt", operand, zero), self.number(-1.0), positive)
            return self.select(self.compare("uno", operand, operand), operand, signed)
        return super().operation(key, operands)

    def norm(self, values: Sequence[str]) -> str:
        """Return the Euclidean norm of each lane, scaled in those lanes where squares leave the range."""
        total = self.sum_of_squares(values)
        enough = self.compare("oge", total, self.number(LEAST_SUM))
        usual = self.both("and", enough, self.compare("olt", total, self.number(math.inf)))
        scale = self.select(enough, self.number(SHRINK), self.number(GROW))
        factor = self.select(usual, self.number(1.0), scale)
        scaled = self.sum_of_squares([self.binary("fmul", value, factor) for value in values])
        return self.binary("fdiv", self.square_root(scaled), factor)

    def each(self, name: str, *arguments: str) -> str:
        """Call the C library's `name` for each lane; the calls stand in a function of their own."""
        function = f"{name}_of_each_{self._suffix}"
        if function not in self.functions:
            self.functions[function] = self._each_text(function, name, len(arguments))
        return self._call(function, arguments)

    def spread(self, single: str) -> str:
        """Return the vector that has the number `single` in every lane."""
        first = self.assign(f"insertelement {self.kind} poison, {self.scalar} {single}, i64 0")
        zeros = f"<{self.width} x i32> zeroinitializer"
        return self.assign(f"shufflevector {self.kind} {first}, {self.kind} poison, {zeros}")

    def quotient(self, numerator: str, divisor: Divisor) -> str:
        """Divide by what is the same in all lanes, to the last bit as `fdiv` does; see `quotient`."""
        function = f"quotient_{self._suffix}"
        if function not in self.functions:
            body = LaneEmitter(self.width, self.scalar)
            self.functions[function] = quotient_text(body, function)
            self.declarations |= body.declarations
        numbers = ", ".join(f"{self.kind} {value}" for value in (numerator, *divisor.numbers))
        bounds = ", ".join(f"{self.integers} {value}" for value in divisor.bounds)
        return self.assign(f"call {self.kind} @{function}({numbers}, {bounds})")

    def _intrinsic(self, name: str, *arguments: str) -> str:
        function = f"llvm.{name}.{self._suffix}"
        types = ", ".join(self.kind for _ in arguments)
        self.declarations.add(f"declare {self.kind} @{function}({types}) nounwind willreturn memory(none)")
        return self._call(function, arguments)

    def _call(self, function: str, arguments: Iterable[str]) -> str:
        listed = ", ".join(f"{self.kind} {argument}" for argument in arguments)
        return self.assign(f"call {self.kind} @{function}({listed})")

    def _vectorised(self, name: str, *arguments: str) -> str:
        function = f"{name}_{self._suffix}"
        if function not in self.functions:
            body = LaneEmitter(self.width)
            body.line(f"ret {self.kind} {VECTORISED[name](body)}")
            self.functions |= body.functions
            self.declarations |= body.declarations
            given = ", ".join(f"{self.kind} {name}" for name, _ in zip(("%x", "%y"), arguments, strict=False))
            head = f"define internal {self.kind} @{function}({given}) alwaysinline nounwind {{"
            self.functions[function] = "\n".join([head, "entry:", *body.lines, "}"])
        return self._call(function, arguments)

    def _each_text(self, function: str, name: str, arity: int) -> str:
        scalar = Emitter()
        result = "poison"
        for lane in range(self.width):
            single = []
            for index in range(arity):
                value = scalar.assign(f"extractelement {self.kind} %a{index}, i64 {lane}")
                single.append(value if self.scalar == "double" else scalar.assign(f"fpext float {value} to double"))
            value = scalar.call(f"llvm.{name}.f64" if name in _SCALAR_INTRINSICS else name, *single)
            if self.scalar == "float":
                value = scalar.assign(f"fptrunc double {value} to float")
            result = scalar.assign(f"insertelement {self.kind} {result}, {self.scalar} {value}, i64 {lane}")
        scalar.line(f"ret {self.kind} {result}")
        self.declarations |= scalar.declarations
        arguments = ", ".join(f"{self.kind} %a{index}" for index in range(arity))
        head = f"define internal {self.kind} @{function}({arguments}) noinline nounwind {{"
        return "\n".join([head, "entry:", *scalar.lines, "}"])


_SCALAR_INTRINSICS = frozenset({"sin", "cos", "exp", "log", "log2", "log10", "pow"})
