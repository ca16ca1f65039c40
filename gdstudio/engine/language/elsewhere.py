"""Names that functions have in other tools and other languages, and what is typed here in their place.

They look like none of ours, or like the wrong one, so that comparing letters would not find what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.language.tokens import near_matches

if TYPE_CHECKING:
    from collections.abc import Collection

_INVERSE_SINH = "log(x + sqrt(x^2 + 1))"
_INVERSE_COSH = "log(x + sqrt(x^2 - 1))"
_INVERSE_TANH = "log((1 + x)/(1 - x))/2"

#: By the name in small letters: a function, or an expression of the arguments x and y.
ELSEWHERE: dict[str, str] = {
    "ln": "log", "loge": "log", "lg": "log10", "ld": "log2", "lb": "log2",
    "sen": "sin", "sine": "sin", "cosine": "cos", "tg": "tan", "tangent": "tan",
    "arcsin": "asin", "arcsen": "asin", "arccos": "acos", "arctan": "atan", "arctg": "atan", "arctan2": "atan2",
    "sh": "sinh", "senh": "sinh", "ch": "cosh", "th": "tanh", "tgh": "tanh",
    "cot": "1/tan(x)", "ctg": "1/tan(x)", "cotg": "1/tan(x)", "sec": "1/cos(x)", "csc": "1/sin(x)",
    "cosec": "1/sin(x)", "coth": "1/tanh(x)", "sech": "1/cosh(x)", "csch": "1/sinh(x)",
    "asinh": _INVERSE_SINH, "arsinh": _INVERSE_SINH, "arcsinh": _INVERSE_SINH,
    "acosh": _INVERSE_COSH, "arcosh": _INVERSE_COSH, "arccosh": _INVERSE_COSH,
    "atanh": _INVERSE_TANH, "artanh": _INVERSE_TANH, "arctanh": _INVERSE_TANH,
    "sgn": "sign", "signum": "sign", "fabs": "abs", "magnitude": "abs",
    "fmin": "min", "minimum": "min", "fmax": "max", "maximum": "max",
    "ceil": "-floor(-x)", "ceiling": "-floor(-x)", "int": "floor", "round": "floor(x + 0.5)",
    "mod": "x - y*floor(x/y)", "fmod": "x - y*floor(x/y)",
    "sqr": "x^2", "square": "x^2", "pow": "x^y", "power": "x^y", "exp2": "2^x", "exp10": "10^x",
    "root": "sqrt", "cuberoot": "cbrt",
    "if": "where", "iif": "where", "ifelse": "where", "piecewise": "where", "heaviside": "where(x < 0, 0, 1)",
    "logistic": "sigmoid", "expit": "sigmoid", "swish": "x*sigmoid(x)", "silu": "x*sigmoid(x)",
}


def meant_by(name: str, functions: Collection[str]) -> str:
    """Return what somebody who called `name` may have meant, as text for a message, or nothing.

    Parameters
    ----------
    name : str
        What stands before the bracket; it is no function.
    functions : collection of str
        What may be called.
    """
    small = name.lower()
    if small in functions:
        return small
    return ELSEWHERE.get(small) or near_matches(name, functions)
