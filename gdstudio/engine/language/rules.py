"""The rules of differentiation: for each operand, what reaches it from the derivative of the result.

A rule gets ``d``, the derivative of the output by the result, then the result ``f`` and the operands, and
returns the part of the derivative by its own operand. Operations without rules have derivative zero almost
everywhere (sign, floor, comparisons) or choose between operands (where, min, max) and are taken apart by
`derivative`, for a branch that is not taken must not add even zero times infinity.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from gdstudio.engine.language.terms import Term

Rule = Callable[..., Term]


def _by_base(d: Term, f: Term, a: Term, b: Term) -> Term:
    """``b * a^(b-1)``; a negative constant exponent stays below the line."""
    del f
    if b.graph.is_constant(b.node):
        exponent = b.graph.value(b.node)
        if exponent < 0.0:
            return (d * exponent) / a ** (1.0 - exponent)
        return d * (exponent * a ** (exponent - 1.0))
    return d * (b * a ** (b - 1.0))


def _by_exponent(d: Term, f: Term, a: Term, b: Term) -> Term:
    """``log(a) * a^b``, and zero where the base is, its limit; of a negative base there is no derivative."""
    del b
    return d * (a.apply("log").only_where(a.apply("not_equal", 0.0)) * f)


def _along(d: Term, f: Term, leg: Term) -> Term:
    """``leg / hypot``, and zero at the origin, where any slope up to one is a subgradient."""
    return d * (leg / f.or_one())


ADD: tuple[Rule, ...] = (lambda d, f, a, b: d, lambda d, f, a, b: d)
SUBTRACT: tuple[Rule, ...] = (lambda d, f, a, b: d, lambda d, f, a, b: -d)
MULTIPLY: tuple[Rule, ...] = (lambda d, f, a, b: d * b, lambda d, f, a, b: d * a)
DIVIDE: tuple[Rule, ...] = (lambda d, f, a, b: d / b, lambda d, f, a, b: -((d * f) / b))
NEGATE: tuple[Rule, ...] = (lambda d, f, a: -d,)
POWER: tuple[Rule, ...] = (_by_base, _by_exponent)
SIN: tuple[Rule, ...] = (lambda d, f, a: d * a.apply("cos"),)
COS: tuple[Rule, ...] = (lambda d, f, a: -(d * a.apply("sin")),)
TAN: tuple[Rule, ...] = (lambda d, f, a: d * (f**2.0 + 1.0),)
ASIN: tuple[Rule, ...] = (lambda d, f, a: d / ((1.0 - a) * (a + 1.0)).apply("sqrt"),)
ACOS: tuple[Rule, ...] = (lambda d, f, a: -(d / ((1.0 - a) * (a + 1.0)).apply("sqrt")),)
ATAN: tuple[Rule, ...] = (lambda d, f, a: d / (a**2.0 + 1.0),)
ATAN2: tuple[Rule, ...] = (
    lambda d, f, a, b: (d * b) / (a**2.0 + b**2.0),
    lambda d, f, a, b: -((d * a) / (a**2.0 + b**2.0)),
)
SINH: tuple[Rule, ...] = (lambda d, f, a: d * a.apply("cosh"),)
COSH: tuple[Rule, ...] = (lambda d, f, a: d * a.apply("sinh"),)
TANH: tuple[Rule, ...] = (lambda d, f, a: d * (1.0 - f**2.0),)
EXP: tuple[Rule, ...] = (lambda d, f, a: d * f,)
LOG: tuple[Rule, ...] = (lambda d, f, a: d / a,)
LOG2: tuple[Rule, ...] = (lambda d, f, a: (d * (1.0 / math.log(2.0))) / a,)
LOG10: tuple[Rule, ...] = (lambda d, f, a: (d * (1.0 / math.log(10.0))) / a,)
LOG1P: tuple[Rule, ...] = (lambda d, f, a: d / (a + 1.0),)
EXPM1: tuple[Rule, ...] = (lambda d, f, a: d * a.apply("exp"),)
SQRT: tuple[Rule, ...] = (lambda d, f, a: d / (2.0 * f),)
CBRT: tuple[Rule, ...] = (lambda d, f, a: d / (3.0 * f**2.0),)
ABS: tuple[Rule, ...] = (lambda d, f, a: d * a.apply("sign"),)
ERF: tuple[Rule, ...] = (lambda d, f, a: d * ((2.0 / math.sqrt(math.pi)) * (-(a**2.0)).apply("exp")),)
HYPOT: tuple[Rule, ...] = (lambda d, f, a, b: _along(d, f, a), lambda d, f, a, b: _along(d, f, b))
SIGMOID: tuple[Rule, ...] = (lambda d, f, a: d * (f * (1.0 - f)),)
SOFTPLUS: tuple[Rule, ...] = (lambda d, f, a: d * a.apply("sigmoid"),)
