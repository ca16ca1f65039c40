"""Precedence, implicit multiplication, and an error at its column for everything else."""

import time

import pytest

from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.language.derivative import gradient, hessian
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.language.parser import MAXIMUM_DEPTH, parse

VALUES = {"x": 3.0, "y": 5.0}


def value(text: str) -> float:
    read = formula(text)
    return float(evaluate(read.graph, [read.loss], {name: VALUES[name] for name in read.inputs})[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2x", 1.5),
        ("2x^2", 18.0),
        ("2 x", 6.0),
        ("-x^2", -9.0),
        ("(-x)^2", 9.0),
        ("2^-x", 0.125),
        ("2^-x^2", 2.0**-9),
        ("2^3^2", 512.0),
        ("2**3**2", 512.0),
        ("2^3x", 24.0),
        ("x - y - 1", -3.0),
        ("x/y/2", 0.3),
        ("x/y*2", 1.2),
        ("2*-x", -6.0),
        ("x--y", 8.0),
        ("--x", 3.0),
        ("3(x+1)", 12.0),
        ("(x+1)y", 20.0),
        ("(x+1)(y+2)", 28.0),
        ("(x+1)2", 8.0),
        ("2(x)(y)", 30.0),
        ("sqrt(9)sqrt(4)", 6.0),
        ("2sqrt(9)", 6.0),
        ("2e", 2 * 2.718281828459045),
        ("2e3", 2000.0),
        ("2E-1x", 0.6),
        ("2pi", 6.283185307179586),
        (".5 + 2.", 2.5),
        ("min(x, y, 1)", 1.0),
        ("max(1, x, y, 2)", 5.0),
        ("where(x < y, 1, 2)", 1.0),
        ("where((x >= y), 1, 2)", 2.0),
        ("where(x + 2 == y, 1, 2)", 1.0),
        ("where(x != y, 4, 2)", 4.0),
        ("where(x <= 3, 1, 2) + where(x > 3, 10, 20)", 21.0),
        ("9**9**9**9", float("inf")),
        ("log(e)", 1.0),
        ("relu(-x) + relu(y)", 5.0),
    ],
)
def test_value(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 0, "empty"),
        ("   ", 3, "empty"),
        ("x 2", 2, "operator is missing before 2"),
        ("x y", 2, "operator is missing before y"),
        ("2 3", 2, "operator is missing before 3"),
        ("x(y)", 0, "x is not a function; write x*(...)"),
        ("pi(x)", 0, "pi is not a function"),
        ("1 + sni(x)", 4, "did you mean sin"),
        ("Sin(x)", 0, "did you mean sin"),
        ("sin + 1", 0, "sin is a function"),
        ("1 + log", 4, "log is a function"),
        ("where * 2", 0, "where is a function"),
        ("x.__class__", 1, "no attributes"),
        ("__import__('os')", 0, "begins with a letter"),
        ("(1).real", 3, "no attributes"),
        ("eval('1')", 5, "The character ' is not part"),
        ("eval(1)", 0, "eval is not a function"),
        ("exec(x)", 0, "exec is not a function"),
        ("lambda: 1", 6, "type /"),
        ("x[0]", 1, "type ("),
        ("x; y", 1, "type ,"),
        ("'x'", 0, "not part"),
        ("x = 1", 2, "=="),
        ("1.2.3", 0, "1.2.3 has more than one decimal point"),
        ("x + 1e999", 4, "not finite"),
        ("1" * 400, 0, "not finite"),
        ("(x + 1", 6, "missing for the ( at column 1"),
        ("x + 1)", 5, "closes no bracket"),
        ("x +", 3, "ends where"),
        ("* x", 0, "missing before *"),
        ("x + * y", 4, "missing before *"),
        ("sin()", 0, "takes 1 argument, not 0"),
        ("sin(x, y)", 0, "takes 1 argument, not 2"),
        ("2*atan2(x)", 2, "takes 2 arguments, not 1"),
        ("min(x)", 0, "2 arguments or more"),
        ("x, y", 1, "only between arguments"),
        ("x < y", 2, "comparison"),
        ("(x < y) + 1", 3, "comparison"),
        ("where(x < y < 2, 1, 2)", 8, "comparison"),
        ("where(x, 1, 2)", 6, "first argument of where is a comparison"),
        ("where(x < y, 1 > 2, 2)", 15, "comparison"),
        ("-(x < y)", 4, "comparison"),
        ("sin(x > 0)", 6, "comparison"),
        ("x + \u0430", 4, "U+0430 (CYRILLIC SMALL LETTER A)"),
        ("x\x00", 1, "U+0000"),
        ("x\ty", 1, "type a space"),
        ("x\n", 1, "U+000A"),
        ("x\x1b[31m", 1, "U+001B"),
        ("x \u2212 1", 2, "type -"),
        ("x\u00b2", 1, "type ^2"),
        ("\u202ex", 0, "U+202E"),
        ("\ud800", 0, "U+D800"),
        ("x + \U0001d465", 4, "U+1D465"),
        ("norm(x)", 0, "norm is not a function"),
    ],
)
def test_error_points_at_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formula(text)
    assert caught.value.column == column
    assert words in str(caught.value)
    assert caught.value.text == text
    assert str(caught.value).isascii()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["x = 1", "sin(", "x" * 2000, "(" * 10_000, "abc" * 300 + "(x)", "x\ud800"])
def test_message_and_caret_stay_short_and_plain(text: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formula(text)
    shown, caret = caught.value.caret().split("\n")
    assert len(shown) <= 76
    assert caret.strip() == "^"
    assert len(caret) <= 77
    assert all(character.isprintable() for character in shown)
    assert len(str(caught.value)) < 200


def test_caret_stands_under_the_column_of_shortened_text() -> None:
    text = "x + " * 60 + "? " + "+ x" * 60
    with pytest.raises(FormulaError) as caught:
        formula(text)
    shown, caret = caught.value.caret().split("\n")
    assert shown[caret.index("^")] == "?"
    assert shown.startswith("...")
    assert shown.endswith("...")


def test_caret_replaces_what_would_move_it() -> None:
    error = FormulaError("wrong", text="a\u0301\u4e2d\u05d0\x00\ud800b", column=6)
    shown, caret = error.caret().split("\n")
    assert shown == "a" + "\N{REPLACEMENT CHARACTER}" * 5 + "b"
    assert shown[caret.index("^")] == "b"


def test_depth_is_bounded_and_chains_are_not_deep() -> None:
    assert value("(" * MAXIMUM_DEPTH + "x" + ")" * MAXIMUM_DEPTH) == 3.0
    with pytest.raises(FormulaError, match="60 levels") as caught:
        formula("(" * (MAXIMUM_DEPTH + 1) + "x" + ")" * (MAXIMUM_DEPTH + 1))
    assert caught.value.column == MAXIMUM_DEPTH + 1
    with pytest.raises(FormulaError, match="60 levels"):
        formula("-" * 100 + "x")
    with pytest.raises(FormulaError, match="60 levels"):
        formula("^".join("x" * 80))
    assert value("+".join("x" * 250)) == 750.0
    assert value("x" + "*1" * 300) == 3.0


def test_bounds_name_themselves() -> None:
    with pytest.raises(FormulaError, match="1001 characters; at most 1000") as caught:
        formula("x" * 1001)
    assert caught.value.column == 1000
    with pytest.raises(FormulaError, match="more than 1000 numbers"):
        formula("2x+" * 332 + "2x")
    many = "+".join(f"a{i}" for i in range(21))
    with pytest.raises(FormulaError, match="21 variables; at most 20") as caught:
        formula(many)
    assert caught.value.column == many.index("a20")
    assert len(formula("+".join(f"a{i}" for i in range(20))).inputs) == 20


def test_variables_stand_in_order_of_first_appearance() -> None:
    assert formula("2*x^2 + 6*z^2 + 7*m^3").inputs == ("x", "z", "m")
    assert formula("b - b + pi*a^0 + e").inputs == ("b", "a")
    assert formula("3").inputs == ()


def test_steps_are_in_postfix_order_with_columns() -> None:
    steps = parse("2x + sin(y)").steps
    assert [step.operation for step in steps] == ["number", "name", "multiply", "name", "sin", "add"]
    assert [step.column for step in steps] == [0, 1, 1, 9, 5, 3]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "x" + ")" * 10_000,
        "9**9**9**9",
        "x**x**x**x**x",
        "^".join("x" * 55),
        "x" * 1_000_000,
        "\x00" * 1000,
        "where(x<1," * 50 + "x" + ",x)" * 50,
        "where(x<y,y,where(y<x,x," * 20 + "x*y" + "))" * 20,
        "min(" * 50 + "x" + ",y)" * 50,
        "max(" + "x*y," * 240 + "1)",
        "hypot(" * 50 + "x" + ",y)" * 50,
        "hypot(" * 55 + "x" + "".join(f",a{i % 19})" for i in range(55)),
        "max(" * 55 + "x" + "".join(f"*a{i % 19},a{i * 3 % 19})" for i in range(55)),
        "(" * 55 + "x" + "".join(f")^a{i % 19}" for i in range(55)),
        "sin(" * 59 + "x" + ")" * 59,
        "sqrt(1+x^64)^63*" * 50 + "y",
        "*".join(["(x+y)"] * 160),
        "/".join(["x"] * 500),
        "softplus(x*" * 55 + "y" + ")" * 55,
        "^".join(["x"] * 500),
        "+".join(f"a{i % 20}*a{(7 * i + 3) % 20}" for i in range(110)),
    ],
)
def test_hostile_text_is_an_error_or_a_value_within_a_second(text: str) -> None:
    begin = time.process_time()
    try:
        read = formula(text)
        inputs = [read.graph.input(name) for name in read.inputs]
        slopes = gradient(read.graph, read.loss, inputs)
        curvature = hessian(read.graph, slopes, inputs)
        outputs = [read.loss, *slopes, *(node for row in curvature for node in row)]
        evaluate(read.graph, outputs, dict.fromkeys(read.inputs, 1.5))
    except StudioError as error:
        assert len(str(error)) < 200
    assert time.process_time() - begin < 1.0


def test_text_that_the_program_makes_has_no_bounds() -> None:
    names = [f"w_{index}" for index in range(600)]
    text = " + ".join(f"{name}*x" for name in names)
    with pytest.raises(FormulaError, match="at most"):
        formula(text)
    assert formula(text, bounded=False).inputs == ("w_0", "x", *names[1:])
