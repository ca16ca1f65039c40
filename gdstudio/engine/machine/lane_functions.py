"""Sine, cosine, exponential and logarithm of a vector of doubles, without a branch per lane.

Arguments are reduced with pi and log(2) held in two or three doubles and fused multiply-adds, so that the first
product cancels exactly; then follows a polynomial. Coefficients are minimax (Remez exchange, at 250 bits), those of
sine and logarithm in the square of the reduced argument. Measured over their whole range, no result is farther
from the exact one than 2 units in the last place. Only sine and cosine of an argument beyond `HUGE`, too large for
three parts of pi, go to the C library, lane by lane.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.engine.machine.lanes import LaneEmitter

# Beyond it the parts of pi below no longer suffice.
HUGE = 1e9
# Adding it rounds to an integer, which then stands in the low bits of the sum.
_ROUND = 1.5 * 2.0**52
_PI = tuple(map(float.fromhex, ("0x1.921fb54442d18p+1", "0x1.1a62633145c06p-53", "0x1.c1cd129024e09p-106")))
_LOG2 = tuple(map(float.fromhex, ("0x1.62e42fefa39efp-1", "0x1.abc9e3b39803fp-56")))
# (sin(r)/r - 1) / r^2 in powers of r^2, |r| <= pi/2: relative error of the sine 2^-61.
_SINE = tuple(map(float.fromhex, (
    "-0x1.5555555555555p-3", "0x1.11111111110c8p-7", "-0x1.a01a01a014d6fp-13", "0x1.71de3a52a0b16p-19",
    "-0x1.ae6454d47464dp-26", "0x1.6123cd07484c9p-33", "-0x1.ae438476829c6p-41", "0x1.8832a96fe0104p-49",
)))
# (exp(r) - 1 - r) / r^2 in powers of r, |r| <= log(2)/2: relative error of the exponential 2^-60.
_EXPONENTIAL = tuple(map(float.fromhex, (
    "0x1.0000000000000p-1", "0x1.555555555555dp-3", "0x1.555555555556fp-5", "0x1.111111110e2dfp-7",
    "0x1.6c16c16c07d07p-10", "0x1.a01a01b715070p-13", "0x1.a01a01fcfe2fbp-16", "0x1.71dde763e8f52p-19",
    "0x1.27e40b1e52499p-22", "0x1.af7aba17374f5p-26", "0x1.20d233408dfeap-29",
)))
# (2 atanh(s) - 2 s) / s^3 in powers of s^2, s = (m - 1)/(m + 1), sqrt(1/2) <= m <= sqrt(2): relative error 2^-59.
_LOGARITHM = tuple(map(float.fromhex, (
    "0x1.5555555555593p-1", "0x1.999999997fb32p-2", "0x1.24924942179b9p-2", "0x1.c71c51e7fb2fcp-3",
    "0x1.7466462be45cep-3", "0x1.39a0f510f946ep-3", "0x1.2f0d8e1812bd0p-3",
)))
# exp() is infinite above and zero below; clamping there keeps the power of two within two normal factors.
_HOTTEST, _COLDEST = 710.0, -746.0
# Up to there one power of two will do.
_WARM = 708.0
_SIGN = -(1 << 63)
_LONGEST, _SHORTEST = 2.0**500, 2.0**-450


def _polynomial(emit: LaneEmitter, coefficients: tuple[float, ...], at: str) -> str:
    """Return the polynomial with `coefficients`, the constant one first, by Horner's rule."""
    *rest, value = map(emit.number, coefficients)
    for coefficient in reversed(rest):
        value = emit.fused(value, at, coefficient)
    return value


def _sine_near_zero(emit: LaneEmitter, argument: str, times: str) -> tuple[str, str]:
    """Return r = argument - times * pi, and sin(r) for |r| <= pi/2."""
    turns = emit.negated(times)
    rest = argument
    for part in _PI:
        rest = emit.fused(turns, emit.number(part), rest)
    square = emit.binary("fmul", rest, rest)
    cube = emit.binary("fmul", rest, square)
    return rest, emit.fused(cube, _polynomial(emit, _SINE, square), rest)


def _or_each(emit: LaneEmitter, near: str, outside: str, function: str, *arguments: str) -> str:
    """`near`, but the C library's result in the lanes where `outside` holds."""
    if emit.is_short:
        emit.provide(emit.negation(outside))
        return near
    far, each, done = (emit.fresh_label(purpose) for purpose in ("all", "each", "done"))
    emit.line(f"br i1 {emit.any(outside)}, label %{each}, label %{far}")
    emit.label(far)
    emit.line(f"br label %{done}")
    emit.label(each)
    mixed = emit.select(outside, emit.each(function, *arguments), near)
    emit.line(f"br label %{done}")
    emit.label(done)
    return emit.assign(f"phi {emit.kind} [ {near}, %{far} ], [ {mixed}, %{each} ]")


def _huge(emit: LaneEmitter) -> str:
    return emit.compare("ogt", emit.call("llvm.fabs.f64", "%x"), emit.number(HUGE))


def _sine(emit: LaneEmitter) -> str:
    rounded = emit.fused("%x", emit.number(1.0 / math.pi), emit.number(_ROUND))
    times = emit.binary("fsub", rounded, emit.number(_ROUND))
    rest, sine = _sine_near_zero(emit, "%x", times)
    # The sum with the cube loses the sign of zero.
    bits = emit.integer("or", emit.bits(sine), emit.integer("and", emit.bits(rest), _SIGN))
    odd = emit.integer("shl", emit.bits(rounded), 63)
    return _or_each(emit, emit.double(emit.integer("xor", bits, odd)), _huge(emit), "sin", "%x")


def _cosine(emit: LaneEmitter) -> str:
    # Of the nearest odd multiple of pi/2: cos(x) = -(-1)^n sin(x - (n + 1/2) pi); the odd addend turns the sign.
    quarter = emit.fused("%x", emit.number(1.0 / math.pi), emit.number(-0.5))
    rounded = emit.binary("fadd", quarter, emit.number(_ROUND + 1.0))
    whole = emit.binary("fsub", rounded, emit.number(_ROUND + 1.0))
    _, sine = _sine_near_zero(emit, "%x", emit.binary("fadd", whole, emit.number(0.5)))
    odd = emit.integer("shl", emit.bits(rounded), 63)
    return _or_each(emit, emit.double(emit.integer("xor", emit.bits(sine), odd)), _huge(emit), "cos", "%x")


def _power_of_two(emit: LaneEmitter, rounded: str) -> str:
    """Return 2^n, n being the integer in the low bits of `rounded`, -1022 to 1023."""
    shifted = emit.integer("shl", emit.bits(rounded), 52)
    return emit.double(emit.integer("add", shifted, 1023 << 52))


def _exponential(emit: LaneEmitter) -> str:
    if emit.is_short:
        x = "%x"
        emit.provide(emit.compare("ole", emit.call("llvm.fabs.f64", x), emit.number(_WARM)))
    else:
        cold = emit.compare("olt", "%x", emit.number(_COLDEST))
        x = emit.select(cold, emit.number(_COLDEST), "%x")
        x = emit.select(emit.compare("ogt", x, emit.number(_HOTTEST)), emit.number(_HOTTEST), x)
    magic = emit.number(_ROUND)
    rounded = emit.fused(x, emit.number(1.0 / math.log(2.0)), magic)
    power = emit.binary("fsub", rounded, magic)
    rest = x
    for part in _LOG2:
        rest = emit.fused(emit.negated(power), emit.number(part), rest)
    square = emit.binary("fmul", rest, rest)
    near = emit.fused(square, _polynomial(emit, _EXPONENTIAL, rest), rest)
    near = emit.binary("fadd", emit.number(1.0), near)
    if emit.is_short:
        return emit.binary("fmul", near, _power_of_two(emit, rounded))
    # In two factors, for a result that is subnormal or nearly infinite.
    half = emit.fused(power, emit.number(0.5), magic)
    other = emit.binary("fadd", emit.binary("fsub", power, emit.binary("fsub", half, magic)), magic)
    first = emit.binary("fmul", near, _power_of_two(emit, half))
    return emit.binary("fmul", first, _power_of_two(emit, other))


def _logarithm(emit: LaneEmitter) -> str:
    zero, infinity = emit.number(0.0), emit.number(math.inf)
    small = emit.compare("olt", "%x", emit.number(2.0**-1022))
    x = emit.select(small, emit.binary("fmul", "%x", emit.number(2.0**54)), "%x")
    bits = emit.bits(x)
    # The exponent that leaves sqrt(1/2) <= m < sqrt(2).
    over = emit.integer("sub", bits, 0x3FE6A09E667F3BCD)
    exponent = emit.integer("ashr", over, 52)
    fraction = emit.double(emit.assign(f"sub {emit.integers} {bits}, {emit.integer('shl', exponent, 52)}"))
    power = emit.assign(f"sitofp {emit.integers} {exponent} to {emit.kind}")
    power = emit.select(small, emit.binary("fsub", power, emit.number(54.0)), power)
    f = emit.binary("fsub", fraction, emit.number(1.0))
    s = emit.binary("fdiv", f, emit.binary("fadd", f, emit.number(2.0)))
    square = emit.binary("fmul", s, s)
    rest = emit.binary("fmul", square, _polynomial(emit, _LOGARITHM, square))
    # log(m) = f - s (f - rest), and f - s f = f - f^2/2 + s f^2/2 without cancellation.
    half = emit.binary("fmul", emit.binary("fmul", f, f), emit.number(0.5))
    low = emit.fused(s, emit.binary("fadd", half, rest), emit.binary("fmul", power, emit.number(_LOG2[1])))
    near = emit.binary("fsub", f, emit.binary("fsub", half, low))
    value = emit.fused(power, emit.number(_LOG2[0]), near)
    value = emit.select(emit.compare("oeq", "%x", infinity), infinity, value)
    value = emit.select(emit.compare("oeq", "%x", zero), emit.number(-math.inf), value)
    undefined = emit.compare("ult", "%x", zero)
    return emit.select(undefined, emit.number(math.nan), value)


def _hypotenuse(emit: LaneEmitter) -> str:
    x, y = (emit.call("llvm.fabs.f64", name) for name in ("%x", "%y"))
    longer = emit.operation("max", (x, y))
    near = emit.call("llvm.sqrt.f64", emit.fused(x, x, emit.binary("fmul", y, y)))
    # Squares of anything longer may overflow, of anything shorter be subnormal; not what is no number either.
    inside = emit.both(
        "and", emit.compare("olt", longer, emit.number(_LONGEST)),
        emit.both("or", emit.compare("ogt", longer, emit.number(_SHORTEST)),
                  emit.compare("oeq", longer, emit.number(0.0))),
    )
    return _or_each(emit, near, emit.negation(inside), "hypot", "%x", "%y")


# Each takes %x, and %y if it has two arguments.
VECTORISED: dict[str, Callable[[LaneEmitter], str]] = {
    "sin": _sine, "cos": _cosine, "exp": _exponential, "log": _logarithm, "hypot": _hypotenuse,
}
