"""Operations of the language on a vector of numbers at once, each lane a start or a parameter of its own.

Where a way shorter than the processor's instruction gives the same bits for all but rare numbers, both are emitted: see
`LaneEmitter.shortly`.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from functools import cache, partial, reduce
from typing import TYPE_CHECKING

import llvmlite.binding as llvm

from gdstudio.engine.language.norms import GROW, LEAST_SUM, SHRINK
from gdstudio.engine.machine.emitter import Emitter
from gdstudio.engine.machine.lane_functions import VECTORISED
from gdstudio.engine.machine.quotient import LEAST_QUOTIENT, quotient
from gdstudio.engine.machine.square_root import rounds_hardest, square_root
from gdstudio.engine.machine.vectors import VectorEmitter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from gdstudio.engine.machine.quotient import Divisor

# The intrinsics for which processors with vectors have an instruction or a few.
_NATIVE = frozenset({"sqrt", "fabs", "floor"})


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


@cache
def _has_estimated_roots() -> bool:
    return "avx512f" in _features() and rounds_hardest(LaneEmitter(8))


class LaneEmitter(VectorEmitter):
    """Emits operations on vectors of `width` numbers.

    Parameters
    ----------
    width, scalar, host
        As of `VectorEmitter`.
    provisos : list of str, optional
        Where the conditions are collected under which short ways are exact; without it only plain ways are taken.
    """

    def __init__(
        self, width: int, scalar: str = "double", host: Emitter | None = None, provisos: list[str] | None = None
    ) -> None:
        super().__init__(width, scalar, host)
        self.functions: dict[str, str] = {}
        self._provisos = provisos

    def call(self, function: str, *arguments: str) -> str:
        """Call a function of the scalar emitter, by its name there, in every lane."""
        name = function.removeprefix("llvm.").removesuffix(".f64")
        if name == "sqrt" and self.is_short and self._estimates_roots:
            root, exact = square_root(self, *arguments)
            self.provide(exact)
            return root
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

    def quotient(self, numerator: str, divisor: Divisor, *, rooted: bool) -> str:
        """Divide by what is the same in all lanes, to the last bit as `fdiv` does; see `quotient`.

        Where the result is `rooted`, nothing but roots of it are taken, and they tell whether it is right.
        """
        if not self.is_short:
            return self.binary("fdiv", numerator, divisor.value)
        result = quotient(self, numerator, divisor)
        if rooted and self._estimates_roots:
            return result
        size = self.call("llvm.fabs.f64", result)
        self.provide(self.compare("oge", size, self.number(LEAST_QUOTIENT[self.scalar])))
        return result

    @property
    def _estimates_roots(self) -> bool:
        """Whether there are estimates of roots, and they are worth it: those of doubles take twice as long."""
        return self.scalar == "double" and _has_estimated_roots()

    @property
    def is_short(self) -> bool:
        """Whether short ways may be taken, of which `provide` says where they are exact."""
        return self._provisos is not None

    def provide(self, condition: str) -> None:
        """Add a condition without which the short ways taken are not exact."""
        assert self._provisos is not None
        self._provisos.append(condition)

    def shortly(self, write: Callable[[], Sequence[tuple[str, str]]]) -> None:
        """Emit results by short ways that are exact for nearly all numbers, and behind a branch by the plain ones.

        `write` returns vectors and the addresses where they are stored; it is called twice where it takes a short way.
        """
        provisos: list[str] = []
        with self._taking(provisos):
            results = write()
        if provisos:
            exact, plain, done = (self.fresh_label(purpose) for purpose in ("exact", "plain", "stored"))
            every = self.all(reduce(partial(self.both, "and"), provisos))
            self.line(f"br i1 {every}, label %{exact}, label %{plain}, !prof !0")
            self.label(plain)
            self._store(write())
            self.line(f"br label %{done}")
            self.label(exact)
        self._store(results)
        if provisos:
            self.line(f"br label %{done}")
            self.label(done)

    @contextmanager
    def _taking(self, provisos: list[str] | None) -> Iterator[None]:
        """Collect conditions in `provisos`, or take plain ways only."""
        before, self._provisos = self._provisos, provisos
        try:
            yield
        finally:
            self._provisos = before

    def plainly(self) -> AbstractContextManager[None]:
        """Take plain ways only, as in a loop, after which the conditions of its body would be known no more."""
        return self._taking(None)

    def _store(self, results: Sequence[tuple[str, str]]) -> None:
        for value, address in results:
            self.store_lanes(value, address)

    def _vectorised(self, name: str, *arguments: str) -> str:
        """Call one of the functions of `lane_functions`; where it is short, it also returns where it is exact."""
        function = f"{name}_{self._suffix}{'_short' if self.is_short else ''}"
        lanes = f"<{self.width} x i1>"
        kind = f"{{ {self.kind}, {lanes} }}" if self.is_short else self.kind
        if function not in self.functions:
            self.functions[function] = self._vectorised_text(name, len(arguments), function, kind)
        listed = ", ".join(f"{self.kind} {argument}" for argument in arguments)
        result = self.assign(f"call {kind} @{function}({listed})")
        if self.is_short:
            self.provide(self.assign(f"extractvalue {kind} {result}, 1"))
            result = self.assign(f"extractvalue {kind} {result}, 0")
        return result

    def _vectorised_text(self, name: str, arity: int, function: str, kind: str) -> str:
        provisos: list[str] | None = [] if self.is_short else None
        body = LaneEmitter(self.width, provisos=provisos)
        value = VECTORISED[name](body)
        if provisos is not None:
            first = body.assign(f"insertvalue {kind} poison, {self.kind} {value}, 0")
            exact = reduce(partial(body.both, "and"), provisos, "splat (i1 true)")
            value = body.assign(f"insertvalue {kind} {first}, <{self.width} x i1> {exact}, 1")
        body.line(f"ret {kind} {value}")
        self.functions |= body.functions
        self.declarations |= body.declarations
        given = ", ".join(f"{self.kind} {argument}" for argument in ("%x", "%y")[:arity])
        head = f"define internal {kind} @{function}({given}) alwaysinline nounwind {{"
        return "\n".join([head, "entry:", *body.lines, "}"])

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
