"""Laws that hold for any formula: reading what was printed, and differentiating what was read."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.language.derivative import gradient
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.language.parser import parse
from gdstudio.engine.language.program import program
from gdstudio.engine.language.typeset import latex_of_gradient

NAMES = ("x", "y", "z_1")
SUM, PRODUCT, NEGATIVE, POWER, ATOM = range(5)


@dataclass(frozen=True)
class Tree:
    """An expression as text with as few brackets as possible, and as a NumPy function of the variables."""

    text: str
    binding: int
    evaluate: Callable[[dict[str, Any]], Any]

    def within(self, binding: int) -> str:
        """Return the text, in brackets where it binds less tightly than asked for."""
        return self.text if self.binding >= binding else f"({self.text})"


def binary(sign: str, binding: int, function: Callable[[Any, Any], Any]) -> Callable[[Tree, Tree], Tree]:
    return lambda left, right: Tree(
        f"{left.within(binding)}{sign}{right.within(binding + 1)}",
        binding,
        lambda values: function(left.evaluate(values), right.evaluate(values)),
    )


def call(name: str, function: Callable[..., Any]) -> Callable[..., Tree]:
    return lambda *arguments: Tree(
        f"{name}({', '.join(argument.text for argument in arguments)})",
        ATOM,
        lambda values: function(*(argument.evaluate(values) for argument in arguments)),
    )


def negative(operand: Tree) -> Tree:
    return Tree(f"-{operand.within(NEGATIVE)}", NEGATIVE, lambda values: -operand.evaluate(values))


def square(base: Tree) -> Tree:
    return Tree(f"{base.within(ATOM)}^2", POWER, lambda values: base.evaluate(values) * base.evaluate(values))


def inverse(base: Tree) -> Tree:
    return Tree(f"{base.within(ATOM)}**-1", POWER, lambda values: 1.0 / base.evaluate(values))


def number(value: float) -> Tree:
    return Tree(repr(value), ATOM, lambda values: np.float64(value))


def name(key: str) -> Tree:
    return Tree(key, ATOM, lambda values: values[key])


LEAVES = st.one_of(
    st.sampled_from(NAMES).map(name),
    st.floats(0.125, 8.0, width=16).map(number),
)
ANALYTIC = ("sin", "cos", "tanh", "exp", "sqrt", "log", "sinh", "cosh")


def grown(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    two = st.tuples(children, children)
    return st.one_of(
        two.map(lambda pair: binary(" + ", SUM, lambda a, b: a + b)(*pair)),
        two.map(lambda pair: binary(" - ", SUM, lambda a, b: a - b)(*pair)),
        two.map(lambda pair: binary("*", PRODUCT, lambda a, b: a * b)(*pair)),
        two.map(lambda pair: binary("/", PRODUCT, lambda a, b: a / b)(*pair)),
        children.map(negative),
        children.map(square),
        children.map(inverse),
        st.tuples(st.sampled_from(ANALYTIC), children).map(
            lambda pair: call(pair[0], getattr(np, pair[0]))(pair[1])
        ),
    )


def with_choices(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        grown(children),
        st.tuples(children, children).map(lambda pair: call("min", np.minimum)(*pair)),
        st.tuples(children, children).map(lambda pair: call("max", np.maximum)(*pair)),
        children.map(call("abs", np.abs)),
        children.map(call("floor", np.floor)),
        st.tuples(children, children, children, children).map(
            lambda four: Tree(
                f"where({four[0].text} < {four[1].text}, {four[2].text}, {four[3].text})",
                ATOM,
                lambda values: (
                    four[2].evaluate(values)
                    if four[0].evaluate(values) < four[1].evaluate(values)
                    else four[3].evaluate(values)
                ),
            )
        ),
    )


SMOOTH = st.recursive(LEAVES, grown, max_leaves=12)
ANY = st.recursive(LEAVES, with_choices, max_leaves=16)
POINTS = st.tuples(*(st.floats(-2, 2, width=32).map(np.float64) for _ in NAMES))
# Near a pole sums of huge terms that cancel lose all their digits, in any order of evaluation: x/x at 1e-45.
AWAY_FROM_POLES = st.tuples(*(st.integers(-2000, 2000).map(lambda number: np.float64(number / 997)) for _ in NAMES))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(ANY, POINTS)
def test_printing_then_reading_gives_the_value_numpy_gives(tree: Tree, point: tuple[np.float64, ...]) -> None:
    assume(len(tree.text) <= 1000)
    values = dict(zip(NAMES, point, strict=True))
    with np.errstate(all="ignore"):
        expected = np.float64(tree.evaluate(values))
    read = formula(tree.text)
    (found,) = evaluate(read.graph, [read.loss], values)
    assume(math.isfinite(expected))  # an infinity's sign may come from the sign of a zero, which is not kept
    if math.isfinite(float(found)):
        np.testing.assert_array_equal(found, expected)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(SMOOTH, AWAY_FROM_POLES)
def test_gradient_equals_the_complex_step(tree: Tree, point: tuple[np.float64, ...]) -> None:
    assume(len(tree.text) <= 1000)
    values = dict(zip(NAMES, point, strict=True))
    read = formula(tree.text)
    nodes = gradient(read.graph, read.loss, [read.graph.input(key) for key in read.inputs])
    found = evaluate(read.graph, [read.loss, *nodes], values)
    assume(all(abs(float(entry)) < 1e6 for entry in found))
    for key, slope in zip(read.inputs, found[1:], strict=True):
        shifted = {**values, key: values[key] + 1e-30j}
        with np.errstate(all="ignore"):
            expected = (
                np.complex128(tree.evaluate({k: np.complex128(v) for k, v in shifted.items()})).imag / 1e-30
            )
        assume(math.isfinite(expected))
        np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-8)


PIECES = st.sampled_from(
    [
        *(
            "x",
            "y",
            "2",
            "3.5",
            "1e3",
            "(",
            ")",
            "+",
            "-",
            "*",
            "/",
            "^",
            "**",
            ",",
            "<",
            "==",
            " ",
            ".",
            "=",
        ),
        *("sin(", "where(", "min(", "x**x", "9**9", "pi", "e", "theta", "g", "gradient(", "norm(", "\n", "_"),
        *("\x00", "\u0430", "\ud800", "\u202e", "__class__", "sigmoid(", "relu(", "hypot(", "1e308", "0"),
    ]
)
SOUP = st.one_of(
    st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join), ANY.map(lambda tree: tree.text)
)


@settings(max_examples=400, deadline=1000, suppress_health_check=[HealthCheck.too_slow])
@given(SOUP)
def test_any_text_is_a_formula_or_an_error_that_points_into_it(text: str) -> None:
    try:
        read = formula(text)
    except FormulaError as error:
        assert 0 <= error.column <= len(text)
        assert 10 < len(str(error)) < 200
        assert str(error).isascii()
        assert len(error.caret()) < 200
        return
    nodes = gradient(read.graph, read.loss, [read.graph.input(key) for key in read.inputs])
    evaluate(read.graph, [read.loss, *nodes], dict.fromkeys(read.inputs, 0.5))
    assert not read.inputs or latex_of_gradient(read)
    assert parse(text).names() == read.inputs


@settings(max_examples=200, deadline=1000)
@given(st.lists(st.tuples(st.sampled_from(["m", "v", "theta", "g", "r"]), SOUP), max_size=4))
def test_any_lines_are_a_program_or_an_error(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{target} = {expression}" for target, expression in lines)
    try:
        read = program(text, ["y"])
    except StudioError as error:
        assert 10 < len(str(error)) < 200
        return
    assert set(read.next_state) == set(read.state)
