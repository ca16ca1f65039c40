"""Division of vectors by one number, rounded exactly as the processor's division, at the cost of four products.

The divisor c is inverted once: y is 1/c correctly rounded and z what is missing of it. Then a*y + a*z lies within one
unit in the last place of a/c, the remainder r = a - q*c is exact, and q + r*y is the correctly rounded quotient
(P. Markstein, "Computation of elementary functions on the IBM RISC System/6000 processor", IBM Journal of Research
and Development 34, 1990, theorem 8.3). It holds where nothing comes near the ends of the range of exponents; vectors
with such a number in them, zeros, infinities and what is no number are divided by the processor's instruction.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.engine.machine.lanes import LaneEmitter

# The exponents within which numerators and divisors lie: no product is subnormal then, no remainder inexact.
_NUMERATORS = {"double": 900, "float": 80}
_DIVISORS = {"double": 100, "float": 20}


@dataclass(frozen=True, slots=True)
class Divisor:
    """What division by a number needs: itself, its inverse in two parts, and where numerators must lie."""

    numbers: tuple[str, str, str]
    bounds: tuple[str, str]


def _doubled_bits(exponent: int, scalar: str) -> int:
    """Return the bits of 2^exponent without its sign, shifted by one."""
    float_code, integer_code = ("<d", "<q") if scalar == "double" else ("<f", "<i")
    bits: int = struct.unpack(integer_code, struct.pack(float_code, 2.0**exponent))[0]
    return 2 * bits


def divisor(emit: LaneEmitter, value: str) -> Divisor:
    """Emit what does not depend on the numerator, for the vector `value` of one number."""
    inverse = emit.binary("fdiv", emit.number(1.0), value)
    missing = emit.fused(emit.negated(value), inverse, emit.number(1.0))
    missing = emit.binary("fdiv", missing, value)
    size = emit.call("llvm.fabs.f64", value)
    largest = _DIVISORS[emit.scalar]
    not_small = emit.compare("oge", size, emit.number(2.0**-largest))
    fits = emit.both("and", not_small, emit.compare("ole", size, emit.number(2.0**largest)))
    least, most = (_doubled_bits(sign * _NUMERATORS[emit.scalar], emit.scalar) for sign in (-1, 1))
    # Doubled bits are even, so that none lies within 0 of 1.
    kind = emit.integers
    first, span = (
        emit.assign(f"select <{emit.width} x i1> {fits}, {kind} {emit.whole(inside)}, {kind} {emit.whole(never)}")
        for inside, never in ((least, 1), (most - least, 0))
    )
    return Divisor((value, inverse, missing), (first, span))


def quotient_text(emit: LaneEmitter, function: str) -> str:
    """Return the function of a numerator, the three numbers and two bounds of a `Divisor`."""
    twice = emit.integer("shl", emit.bits("%a"), 1)
    above = emit.assign(f"sub {emit.integers} {twice}, %least")
    outside = emit.assign(f"icmp ugt {emit.integers} {above}, %span")
    emit.line(f"br i1 {emit.any(outside)}, label %far, label %near")
    emit.label("far")
    plain = emit.binary("fdiv", "%a", "%c")
    emit.line("br label %done")
    emit.label("near")
    first = emit.fused("%a", "%y", emit.binary("fmul", "%a", "%z"))
    rest = emit.fused(emit.negated(first), "%c", "%a")
    exact = emit.fused(rest, "%y", first)
    emit.line("br label %done")
    emit.label("done")
    emit.line(f"ret {emit.kind} {emit.assign(f'phi {emit.kind} [ {plain}, %far ], [ {exact}, %near ]')}")
    numbers = ", ".join(f"{emit.kind} %{name}" for name in "acyz")
    head = (
        f"define internal {emit.kind} @{function}({numbers}, {emit.integers} %least, {emit.integers} %span) "
        "alwaysinline nounwind {"
    )
    return "\n".join([head, "entry:", *emit.lines, "}"])
