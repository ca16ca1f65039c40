"""Division of vectors by one number, rounded exactly as the processor's division, at the cost of four products.

The divisor c is inverted once: y is 1/c correctly rounded and z what is missing of it. Then a*y + a*z lies within one
unit in the last place of a/c, the remainder r = a - q*c is exact, and q + r*y is the correctly rounded quotient
(P. Markstein, "Computation of elementary functions on the IBM RISC System/6000 processor", IBM Journal of Research
and Development 34, 1990, theorem 8.3). It holds where nothing comes near the lower end of the range of exponents;
infinities and what goes beyond the upper end give no number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.engine.machine.lanes import LaneEmitter

# The exponents within which quotients and divisors lie: no product is subnormal then, no remainder inexact.
LEAST_QUOTIENT = {"double": 2.0**-800, "float": 2.0**-60}
_DIVISORS = {"double": 100, "float": 20}


@dataclass(frozen=True, slots=True)
class Divisor:
    """What division by a number needs: itself and its inverse in two parts, the first no number where it is no use."""

    value: str
    inverse: str
    missing: str


def divisor(emit: LaneEmitter, value: str) -> Divisor:
    """Emit what does not depend on the numerator, for the vector `value` of one number."""
    inverse = emit.binary("fdiv", emit.number(1.0), value)
    missing = emit.fused(emit.negated(value), inverse, emit.number(1.0))
    missing = emit.binary("fdiv", missing, value)
    size = emit.call("llvm.fabs.f64", value)
    largest = _DIVISORS[emit.scalar]
    not_small = emit.compare("oge", size, emit.number(2.0**-largest))
    fits = emit.both("and", not_small, emit.compare("ole", size, emit.number(2.0**largest)))
    return Divisor(value, emit.select(fits, inverse, emit.number(math.nan)), missing)


def quotient(emit: LaneEmitter, numerator: str, by: Divisor) -> str:
    """Emit a quotient, right where its size is at least `LEAST_QUOTIENT`; no number is not right."""
    first = emit.fused(numerator, by.inverse, emit.binary("fmul", numerator, by.missing))
    rest = emit.fused(emit.negated(first), by.value, numerator)
    return emit.fused(rest, by.inverse, first)
