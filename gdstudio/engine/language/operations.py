"""The one table of operations: what each is called, computes, differentiates to and looks like.

Parser, graph, interpreter, derivatives, typesetting and machine code all read this table, so an operation
is added here and nowhere else. The NumPy function of a row defines its meaning: constants are folded with
it, the interpreter calls it, and machine code is held against it.
"""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdstudio.engine.language import expansions, rules
from gdstudio.engine.language.expansions import Expansion
from gdstudio.engine.language.norms import norm
from gdstudio.engine.language.rules import Rule

COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})
COMMUTATIVE = frozenset({"add", "multiply", "min", "max", "equal", "not_equal", "hypot"})

_erf_of_each = np.frompyfunc(math.erf, 1, 1)


@dataclass(frozen=True, slots=True)
class Operation:
    r"""One row of the table.

    Attributes
    ----------
    key : str
        What the graph stores; for functions also what is typed.
    arity : int
        Number of operands in the graph.
    function : callable
        Its value on float64 scalars and arrays, with NumPy's broadcasting.
    derivative : tuple of rule
        One rule per operand (see `rules`); empty where the derivative is zero or is taken specially.
    latex : str
        The LaTeX of a function's name; empty for what has a notation of its own.
    expansion : callable or None
        Rewrites the operation into more primitive ones when it is applied (see `expansions`).
    elementwise : bool
        False for those that look at all components of a vector at once.
    gives_vector : bool
        Whether one of those that are not element-wise gives a number for each parameter.
    numbers : int
        How many of the last operands of such a one are single numbers; all before them are vectors.
    needs_blocks : bool
        Whether it needs to know which parameters are a matrix.
    """

    key: str
    arity: int
    function: Callable[..., Any]
    derivative: tuple[Rule, ...] = ()
    latex: str = ""
    expansion: Expansion | None = None
    elementwise: bool = True
    gives_vector: bool = False
    numbers: int = 0
    needs_blocks: bool = False


def choose(condition: Any, chosen: Any, otherwise: Any) -> Any:
    """Return `chosen` where the condition holds, else `otherwise`; both have been computed."""
    return np.where(condition, chosen, otherwise)[()]


def error_function(argument: Any) -> Any:
    """Return erf of a float64 scalar or array, to full double accuracy (the C library's)."""
    if isinstance(argument, np.ndarray):
        return np.asarray(_erf_of_each(argument), dtype=np.float64)
    return np.float64(math.erf(argument))


def dot(left: Any, right: Any) -> Any:
    """Return the sum of products over the last axis, kept as length 1 where there are others."""
    products = np.asarray(left * right)
    return products.sum(axis=-1, keepdims=products.ndim > 1) if products.ndim else np.float64(products)


def mean(vector: Any) -> Any:
    """Return the mean over the last axis, kept as length 1 where there are others."""
    entries = np.asarray(vector)
    return entries.mean(axis=-1, keepdims=entries.ndim > 1) if entries.ndim else np.float64(entries)


def total(vector: Any) -> Any:
    """Return the sum over the last axis, kept as length 1 where there are others."""
    entries = np.asarray(vector)
    return entries.sum(axis=-1, keepdims=entries.ndim > 1) if entries.ndim else np.float64(entries)


def _absent(*operands: Any) -> Any:
    """Stand for what only a descent can compute: derivatives, and what is done to matrices of parameters."""
    raise LookupError(f"this needs an objective, not only {operands}")


# Python's own operators equal NumPy's on float64 scalars and arrays and are ten times as fast on scalars.
_ROWS = (
    Operation("add", 2, operator.add, rules.ADD),
    Operation("subtract", 2, operator.sub, rules.SUBTRACT),
    Operation("multiply", 2, operator.mul, rules.MULTIPLY),
    Operation("divide", 2, operator.truediv, rules.DIVIDE),
    Operation("negate", 1, operator.neg, rules.NEGATE),
    Operation("power", 2, np.power, rules.POWER, expansion=expansions.power),
    Operation("less", 2, operator.lt),
    Operation("less_equal", 2, operator.le),
    Operation("greater", 2, operator.gt),
    Operation("greater_equal", 2, operator.ge),
    Operation("equal", 2, operator.eq),
    Operation("not_equal", 2, operator.ne),
    Operation("where", 3, choose),
    Operation("min", 2, np.minimum, latex=r"\min"),
    Operation("max", 2, np.maximum, latex=r"\max"),
    Operation("sin", 1, np.sin, rules.SIN, r"\sin"),
    Operation("cos", 1, np.cos, rules.COS, r"\cos"),
    Operation("tan", 1, np.tan, rules.TAN, r"\tan"),
    Operation("asin", 1, np.arcsin, rules.ASIN, r"\arcsin"),
    Operation("acos", 1, np.arccos, rules.ACOS, r"\arccos"),
    Operation("atan", 1, np.arctan, rules.ATAN, r"\arctan"),
    Operation("atan2", 2, np.arctan2, rules.ATAN2, r"\operatorname{atan2}"),
    Operation("sinh", 1, np.sinh, rules.SINH, r"\sinh"),
    Operation("cosh", 1, np.cosh, rules.COSH, r"\cosh"),
    Operation("tanh", 1, np.tanh, rules.TANH, r"\tanh"),
    Operation("exp", 1, np.exp, rules.EXP, r"\exp"),
    Operation("log", 1, np.log, rules.LOG, r"\log"),
    Operation("log2", 1, np.log2, rules.LOG2, r"\log_{2}"),
    Operation("log10", 1, np.log10, rules.LOG10, r"\log_{10}"),
    Operation("log1p", 1, np.log1p, rules.LOG1P, r"\operatorname{log1p}"),
    Operation("expm1", 1, np.expm1, rules.EXPM1, r"\operatorname{expm1}"),
    Operation("sqrt", 1, np.sqrt, rules.SQRT),
    Operation("cbrt", 1, np.cbrt, rules.CBRT),
    Operation("abs", 1, np.abs, rules.ABS),
    Operation("sign", 1, np.sign, latex=r"\operatorname{sign}"),
    Operation("floor", 1, np.floor),
    Operation("erf", 1, error_function, rules.ERF, r"\operatorname{erf}"),
    Operation("hypot", 2, np.hypot, rules.HYPOT, r"\operatorname{hypot}"),
    Operation("sigmoid", 1, _absent, rules.SIGMOID, r"\operatorname{sigmoid}", expansions.sigmoid),
    Operation("softplus", 1, _absent, rules.SOFTPLUS, r"\operatorname{softplus}", expansions.softplus),
    Operation("relu", 1, _absent, (), r"\operatorname{relu}", expansions.relu),
    Operation("gradient", 1, _absent, elementwise=False, gives_vector=True),
    Operation("norm", 1, norm, elementwise=False),
    Operation("dot", 2, dot, elementwise=False),
    Operation(
        "hessian_diagonal", 1, _absent, latex=r"\operatorname{diag}\nabla^{2} f", elementwise=False, gives_vector=True
    ),
    Operation("sum", 1, total, latex=r"\operatorname{sum}", elementwise=False),
    Operation("mean", 1, mean, latex=r"\operatorname{mean}", elementwise=False),
    Operation("block_norm", 1, _absent, elementwise=False, gives_vector=True, needs_blocks=True),
    Operation(
        "newton_schulz", 5, _absent, latex=r"\operatorname{NewtonSchulz}", elementwise=False, gives_vector=True,
        numbers=4, needs_blocks=True,
    ),
)

OPERATIONS: dict[str, Operation] = {row.key: row for row in _ROWS}

# What may be typed before a bracket, with the least and the greatest number of arguments (None: any).
_OPERATORS = {"add", "subtract", "multiply", "divide", "negate", "power"} | COMPARISONS
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    row.key: (2, None) if row.key in ("min", "max") else (row.arity, row.arity)
    for row in _ROWS
    if row.elementwise and row.key not in _OPERATORS
}
VECTOR_FUNCTIONS: dict[str, tuple[int, int | None]] = {
    row.key: (row.arity, row.arity) for row in _ROWS if not row.elementwise
}
CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}
