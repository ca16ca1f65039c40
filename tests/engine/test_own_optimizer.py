"""A person's own optimizer: what is found in its text, and what is said of a text that cannot be read."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.own_optimizer import MAXIMUM_CHARACTERS, UNNAMED, own_optimizer, text_of
from gdstudio.engine.recipe import Addition, Recipe, composition
from tests.engine.agreement import UNSTOPPED, assert_close, assert_same_bits

_GOAL = objective("(1-x)^2 + 100*(y-x^2)^2")
_START = (-0.4, 0.3)
_MINE = """\
# A heavy ball that starts rolling.
name: My momentum
learning_rate: 0.002
beta: 0.8 in 0..1
initial v: push * theta

v = beta * v + (1 - beta) * g
theta = theta - learning_rate * v
"""


def test_name_numbers_and_state_are_found_in_the_text() -> None:
    found = own_optimizer(_MINE)
    assert found.name == "My momentum"
    assert found.state == ("v",)
    assert found.initial == {"v": "push * theta"}
    assert [parameter.key for parameter in found.parameters] == ["learning_rate", "beta", "push"]
    rate, beta, push = found.parameters
    assert (rate.default, rate.symbol, rate.logarithmic) == (0.002, "η", True)
    assert (beta.default, beta.minimum, beta.maximum, beta.usual) == (0.8, 0.0, 1.0, (0.0, 1.0))
    assert (push.default, push.minimum, push.maximum, push.usual) == (0.1, -math.inf, math.inf, (0.0, 1.0))
    assert found.equations.split("\n")[6] == "v = beta * v + (1 - beta) * g"
    assert found.guessed == ("push",)
    assert own_optimizer("theta = theta - learning_rate * g").name == UNNAMED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tabs_are_spaces_and_lines_end_as_on_any_system(end: str) -> None:
    found = own_optimizer(_MINE.replace(" ", "\t").replace("\n", end))
    expected = own_optimizer(_MINE)
    assert (found.name, found.equations) == (expected.name, expected.equations)
    assert (found.parameters, found.state) == (expected.parameters, expected.state)
    assert composition(Recipe("My momentum", equations=found.text)).equations == expected.equations
    with pytest.raises(FormulaError) as caught:
        own_optimizer(f"v = g{end}\ttheta\t= theta - $*v")
    assert (caught.value.details["line"], caught.value.column, caught.value.text) == (2, 17, " theta = theta - $*v")


def test_numbers_that_have_a_name_bring_its_default_and_range() -> None:
    found = own_optimizer("v = momentum * v + g / (epsilon + decay)\ntheta = theta - learning_rate * v")
    numbers = {parameter.key: parameter for parameter in found.parameters}
    assert list(numbers) == ["learning_rate", "momentum", "epsilon", "decay"]
    assert [numbers[key].default for key in numbers] == [0.01, 0.9, 1e-8, 0.1]
    assert numbers["momentum"].range_text == "[0, 1)"
    # A default that the known range does not allow means something else by the name.
    odd = own_optimizer("momentum: -0.5\nv = momentum * v + g\ntheta = theta - learning_rate * v").parameters[1]
    assert (odd.default, odd.minimum) == (-0.5, -math.inf)
    assert own_optimizer("amsgrad: 1\ntheta = theta - learning_rate*(g + amsgrad)").parameters[1].is_switch


@pytest.mark.parametrize("machine", [True, False])
def test_it_descends_as_a_loop_does(machine: bool) -> None:
    recipe = Recipe("My momentum", equations=_MINE)
    run = Descent(_GOAL, recipe, _START, {"push": 0.5}, UNSTOPPED, machine=machine)
    run.advance(40)
    theta = np.array(_START)
    velocity, found = 0.5 * theta, [theta]
    for _ in range(40):
        velocity = 0.8 * velocity + (1.0 - 0.8) * _GOAL.loss_and_gradient(theta)[1]
        theta = theta - 0.002 * velocity
        found.append(theta)
    assert_close(run.trajectory.theta, np.array(found), 1e-12)
    assert run.hyperparameters == {"learning_rate": 0.002, "beta": 0.8, "push": 0.5}


@pytest.mark.parametrize("key", EQUATIONS)
def test_a_built_in_opened_as_text_is_the_same_optimizer(key: str) -> None:
    for convention in EQUATIONS[key].conventions:
        whole = composition(Recipe(key, convention))
        text = text_of(EQUATIONS[key].name, whole.equations, whole.parameters, whole.initial)
        own = own_optimizer(text)
        assert own.name == EQUATIONS[key].name
        pairs = list(zip(own.parameters, whole.parameters, strict=True))
        assert [(one.key, one.default, one.range_text) for one, _ in pairs] == [
            (other.key, other.default, other.range_text) for _, other in pairs
        ]
        settings_of = {"learning_rate": 1e-3}
        built_in, typed = (
            Descent(_GOAL, recipe, _START, settings_of, UNSTOPPED)
            for recipe in (Recipe(key, convention), Recipe("Mine", equations=text))
        )
        built_in.advance(60)
        typed.advance(60)
        assert_same_bits(built_in.trajectory.theta, typed.trajectory.theta)


def test_a_composed_text_can_be_opened_too() -> None:
    keys = ("warmup", "noise", "weight_decay", "lookahead")
    recipe = Recipe("momentum", additions=tuple(Addition(key) for key in keys))
    whole = composition(recipe)
    mine = Recipe("Mine", equations=text_of("Mine", whole.equations, whole.parameters, whole.initial))
    runs = [Descent(_GOAL, each, _START, {"learning_rate": 1e-3}, UNSTOPPED, 2) for each in (recipe, mine)]
    for run in runs:
        run.advance(50)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta)
    assert_same_bits(runs[0].trajectory.learning_rate, runs[1].trajectory.learning_rate)


@pytest.mark.parametrize(
    ("text", "numbers", "rates"),
    [
        ("a: 0.001\ntheta = theta - a*g", {"a": 0.001}, False),
        ("theta = theta - 0.001*sign(g)", {}, False),
        ("learning_rate = 0.001/sqrt(t)\ntheta = theta - learning_rate*g", {}, True),
    ],
)
@pytest.mark.parametrize("machine", [True, False])
def test_a_learning_rate_is_not_needed(text: str, numbers: dict[str, float], rates: bool, machine: bool) -> None:
    run = Descent(_GOAL, Recipe("Mine", equations=text), _START, {}, UNSTOPPED, machine=machine)
    for _ in range(3):
        run.advance(5)
    assert run.hyperparameters == numbers
    assert len(run.trajectory) == 16
    assert run.trajectory.has_rates == rates
    assert np.all(np.isfinite(run.trajectory.learning_rate[1:])) == rates
    around = (Addition("noise"), Addition("lookahead"))
    assert composition(Recipe("Mine", equations=text, additions=around)).parameter("lookahead_k") is not None
    for key in ("step", "warmup", "weight_decay"):
        with pytest.raises(StudioError, match=f"{key} works on learning_rate, and Mine has none: let its step be"):
            composition(Recipe("Mine", equations=text, additions=(Addition(key),)))


def test_additions_go_around_it() -> None:
    text = "theta = theta - learning_rate * g"
    mine = Recipe("Mine", equations=text, additions=(Addition("clip_norm"), Addition("lookahead")))
    theirs = Recipe("gd", additions=mine.additions)
    runs = [Descent(_GOAL, each, _START, {"learning_rate": 1e-3}, UNSTOPPED) for each in (mine, theirs)]
    for run in runs:
        run.advance(50)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta)
    taken = Recipe("Mine", equations=f"lookahead_slow = g\n{text} + 0*lookahead_slow", additions=mine.additions)
    with pytest.raises(StudioError, match="Mine has lookahead_slow in its own equations"):
        composition(taken)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 0, "last line must say what theta becomes"),
        ("v = g\ntheta = theta - learning_rate*g\nw = g", 3, 5, "last line"),
        ("learning_rate: 1\ntheta = theta - g", 1, 0, "learning_rate is declared, but no line reads it"),
        ("beta: much\ntheta = theta - learning_rate*g", 1, 6, "After beta: comes a number"),
        ("beta: 0.5 in 0-1\ntheta = theta - learning_rate*beta*g", 1, 6, "beta: 0.9 in 0..1"),
        ("beta: 3 in 0..1\ntheta = theta - learning_rate*beta*g", 1, 6, "3 is no default of beta"),
        ("beta: inf\ntheta = theta - learning_rate*beta*g", 1, 6, "inf is no default"),
        ("beta: 0.1\ntheta = theta - learning_rate*g", 1, 0, "beta is declared, but no line reads it"),
        ("beta: 0.1\n  beta: 0.2\ntheta = theta - learning_rate*g*beta", 2, 2, "beta is declared twice"),
        ("theta: 1\ntheta = theta - learning_rate*g", 1, 0, "theta has a meaning of its own"),
        ("sin: 1\ntheta = theta - learning_rate*g", 1, 0, "sin has a meaning of its own"),
        ("name:  \ntheta = theta - learning_rate*g", 1, 5, "A name has 1 to 60"),
        ("beta: 0.5\nbeta = g\ntheta = theta - learning_rate*beta", 2, 0, "beta is a hyperparameter"),
        ("initial v: 1\ntheta = theta - learning_rate*g", 1, 8, "v is no state"),
        ("initial v: 2*q$\nv = v + g\ntheta = theta - learning_rate*v", 1, 14, "not part of a formula"),
        ("initial v: 2*g\nv = v + g\ntheta = theta - learning_rate*v", 1, 13, "g is neither"),
        ("v = v + g\n\ntheta = theta - learning_rate*(v", 3, 32, "A ) is missing"),
        ("theta = theta - learning_rate*__import__", 1, 30, "A name begins with a letter"),
        ("learning_rate = learning_rate*g\ntheta = theta - learning_rate", 1, 0, "learning_rate is one number"),
        (f"a = {'gradient(g) + ' * 20}g\nb = gradient (a)\ntheta = theta - learning_rate*b", 2, 4, "20 gradients"),
    ],
)
def test_an_error_has_line_and_column(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        own_optimizer(text)
    assert words in str(caught.value)
    assert (caught.value.details["line"], caught.value.column) == (line, column)
    assert caught.value.text == text.split("\n")[line - 1]


def test_a_long_text_is_refused_where_it_is_too_long() -> None:
    text = "# a line\n" * (MAXIMUM_CHARACTERS // 9 + 1) + "theta = theta - learning_rate*g"
    with pytest.raises(FormulaError, match="at most 4000 are possible"):
        own_optimizer(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abgtv_theta=:+-*/().,\n 019in#\u03b7\t\r", max_size=120))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    for typed in (text, f"{text}\ntheta = theta - learning_rate*g"):
        try:
            found = own_optimizer(typed)
        except FormulaError as error:
            assert str(error)
            assert 0 <= error.column <= len(error.text)
            lines = typed.replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert error.text == lines[int(str(error.details["line"])) - 1]
            continue
        assert composition(Recipe("Mine", equations=typed)).parameters == found.parameters
