"""What the commands refuse: one clear message, exit code 2, at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "a listed problem (--problem KEY), a formula of your own (--formula TEXT)"),
        (["run", "--problem", "bowl", "--formula", "x"], "leave out --problem or --formula"),
        (["run", "--problem", "bowl", "--problem", "x"], "--problem is said twice"),
        (["run", "--problem", "bowl", "--seed=1", "--seed", "1"], "--seed is said twice"),
        (["run", "--problem", "bowl", "--set", "beta1=0", "--set", "beta1 =0"], "--set beta1 is said twice"),
        (["list", "problems", "optimizers"], "does not know optimizers"),
        (["run", "--problem", "rosenbrok"], "no problem called rosenbrok; try rosenbrock"),
        (["run", "--problem", "bowl", "--optimizer", "admm"], "no optimizer called admm; try adam"),
        (["run", "--problem", "bowl", "--start", "1"], "The start has 1 number, but there are 2 variables: x, y"),
        (["run", "--problem", "bowl", "--start", "1,2,3"], "The start has 3 numbers"),
        (["run", "--problem", "bowl", "--start", ""], "The start has 0 numbers, but there are 2 variables: x, y"),
        (["run", "--problem", "bowl", "--start", "1,"], "The start has 1 number and 1 empty place, but there are 2"),
        (["run", "--problem", "bowl", "--start", ",1,2,"], "2 numbers and 2 empty places, but there are 2 variables"),
        (["run", "--problem", "bowl", "--start", "1," * 29_999 + "q"], "The start has 30000 numbers, but there are 2"),
        (["run", "--problem", "bowl", "--start", "x=1,"], "--start takes 1,2 or x=1,y=2; '' is no name"),
        (["run", "--problem", "bowl", "--start", "x=1"], "The start lacks y"),
        (["run", "--problem", "bowl", "--start", "x=1,x=2"], "start of x is said twice"),
        (["run", "--problem", "bowl", "--start", "x=1,2"], "--start takes 1,2 or x=1,y=2"),
        (["run", "--problem", "bowl", "--start", "1,nan"], "start of y must be a finite number, not nan"),
        (["run", "--problem", "bowl", "--start", "1,1_0"], "start of y must be a number, not '1_0'"),
        (["run", "--problem", "bowl", "--set", "beta1=1"], "beta1 must lie in [0, 1), not 1"),
        (["run", "--problem", "bowl", "--set", "beta1=nan"], "beta1 must be a finite number in [0, 1), not nan"),
        (["run", "--problem", "bowl", "--set", "condition=0"], "condition must lie in [1, 1e+06], not 0"),
        (["run", "--problem", "bowl", "--set", "beta1"], "--set takes NAME=VALUE"),
        (["run", "--problem", "bowl", "--set", "=1"], "--set takes NAME=VALUE"),
        (["run", "--problem", "bowl", "--set", "beta_1=1"], "nothing called beta_1 to set here; try beta1"),
        (["run", "--problem", "bowl", "--iterations", "1.5"], "iterations must be a whole number, not 1.5"),
        (["run", "--problem", "bowl", "--iterations", "many"], "iterations must be a number, not many"),
        (["run", "--problem", "bowl", "--iterations", "1e9"], "iterations must lie between 0 and 100000000"),
        (["run", "--problem", "bowl", "--tolerance", "-1"], "tolerance must be a finite number, 0 or above"),
        (["run", "--problem", "bowl", "--patience", "0"], "patience must lie between 1"),
        (["run", "--problem", "bowl", "--stop-at-sign-change"], "needs one variable"),
        (["run", "--problem", "bowl", "--batch", "4"], "no data"),
        (["run", "--problem", "line_fit", "--batch", "65"], "batch must lie between 1 and 64"),
        (["run", "--problem", "line_fit", "--batch", "FULL"], "batch must be a number of samples or full, not FULL"),
        (["run", "--problem", "bowl", "--start", "1\n,2"], "start of x must be a number, not '1\\n'"),
        (["run", "--problem", "bowl", "--set", "beta1=0.5\t"], "beta1 must be a number, not 0.5U+0009"),
        (["run", "--problem", "bowl", "--set", "beta1\r=0.5"], "nothing called beta1U+000D to set here; try beta1"),
        (["run", "--problem", "bowl", "--out", ""], "ends in .csv, .json, .npz, not to ''"),
        (["run", "--problem", "bowl", "--out", "run.csv/"], "run.csv/ is not a file"),
        (["run", "--problem", "bowl", "--out", "run.xlsx"], "ends in .csv, .json, .npz, not to run.xlsx"),
        (["run", "--problem", "bowl", "--out", "none/run.csv"], "none/run.csv cannot be written: No such file"),
        (["run", "--problem"], "expected one argument"),
        (["run", "--problem", "--json"], "expected one argument"),
        (["run", "--problem", "bowl", "--iteration", "5"], "does not know --iteration; try --iterations"),
        (["run", "--problem", "bowl", "more"], "does not know more"),
        (["run", "--formula", "1+1"], "no variable"),
        (["run", "--problem", "bowl", "--learning-rate", "1"], "numbers are set as in --set learning_rate=0.1"),
        (["run", "--problem", "bowl", "--optimizer", "mine.txt"], "in a file is written file:mine.txt"),
        (["list"], "gdstudio list"),
        (["run", "--problem", "bowl", "--convention", "kears"], "no convention called kears; try keras"),
        (["run", "--problem", "bowl", "--optimizer", "lion", "--convention", "pytorch"], "it has keras"),
        (["run", "--problem", "bowl", "--schedule", "cosin"], "no schedule called cosin; try cosine"),
        (["run", "--problem", "bowl", "--schedule", "step:siz=3"], "step has no number called siz; try size"),
        (["run", "--problem", "bowl", "--warmup", "-1"], "warmup must lie in [1, inf), not -1"),
        (["run", "--problem", "bowl", "--warmup", "1.5"], "warmup must be a whole number"),
        (["run", "--problem", "bowl", "--warmup", "soon"], "warmup must be a number, not soon"),
        (["run", "--problem", "bowl", "--clip-norm", "0"], "clip_norm must lie in (0, inf), not 0"),
        (["run", "--problem", "bowl", "--clip-value", "nan"], "clip_value must be a finite number"),
        (["run", "--problem", "bowl", "--noise", "-1"], "noise must lie in [0, inf), not -1"),
        (["run", "--problem", "bowl", "--noise", "1", "--set", "noise=2"], "noise is said twice"),
        (["run", "--problem", "bowl", "--wrap", "sm"], "no wrapper called sm; try sam"),
        (["run", "--problem", "bowl", "--wrap", "sam", "--wrap", "sam:rho=1"], "sam is there twice"),
        (["run", "--problem", "bowl", "--optimizer", "bfgs", "--warmup", "3"], "leave out warmup"),
        (
            ["run", "--problem", "bowl", "--optimizer", "muon"],
            "muon works on matrices only, and here each parameter is a number by itself: take the model softmax",
        ),
        (["run", "--problem", "bowl", "--optimizer", "file:none.txt"], "none.txt cannot be read: No such file"),
        (["run", "--problem", "bowl", "--set", "decoupled=1"], "decoupled says how weight_decay is done"),
        (["run", "--problem", "bowl", "--set", "lr=1"], "nothing called lr to set here; try learning_rate, "),
        (
            ["run", "--problem", "bowl", "--optimizer", "adamw", "--set", "decoupled=1"],
            "The equations of adamw say how weight_decay is done, so there is no decoupled: leave it out.",
        ),
        (["run", "--problem", "bowl", "--set", "lr=1"], ", condition, angle, weight_decay, decoupled."),
        (["run", "--problem", "bowl", "--set", "weightdecay=1"], "try weight_decay"),
        (
            ["run", "--problem", "bowl", "--convention", "keras", "--set", "weight_decay=1", "--set", "decoupled=0"],
            "Keras shrinks the parameters apart from the gradient in every optimizer, so decoupled is 1 there, not 0",
        ),
        (["run", "--problem", "bowl", "--optimizer", "file:"], "file: is followed by its path"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--schedule", "stp"], "try step"),
        (["list", "schedule"], "no list of schedule; try schedules"),
        (["list", "problem"], "no list of problem; try problems"),
        (["doctor", "--jsn"], "does not know --jsn; try --json"),
        ([""], "no command and no file called ''"),
        (["rnu"], "no command and no file called rnu; try run"),
        (["--json"], "does not know --json"),
        (["a.json", "b.json"], "does not know b.json"),
        (["nul\0.json"], "no command and no file"),
        (["render", "--problem", "bowl"], "required"),
        (["render", "--problem", "bowl", "--view", "surfce", "--out", "a.png"], "no view called surfce; try surface"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.gif"], ".png, .svg, .pdf, not a.gif"),
        (["render", "--problem", "bowl", "--view", "window", "--out", "a.svg"], "ends with .png, not a.svg"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--size", "9x9"], "--size takes width"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--size", "big"], "--size takes width"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--theme", "drak"], "try dark"),
        (["render", "--view", "curves", "--out", "a.png"], "Nothing says what to minimise"),
        (["q" * 100_000], "no command and no file called " + "q" * 57 + "...; try"),
        (["q/" * 40_000], "no command and no file called q/q/"),
    ],
)
def test_what_is_wrong_is_said_in_one_message(say: Callable[..., Said], arguments: list[str], message: str) -> None:
    code, out, err = say(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.startswith("gdstudio: ")
    assert err.count("\n") == 1
    assert len(err) <= 700


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        ("x^2 + *y", 6), ("(x+1", 4), ("x + foo(2)", 4), ("sin + x", 0), ("x\0y", 1),
        ("\N{CYRILLIC SMALL LETTER A}^2", 0),
    ],
)
def test_a_formula_that_cannot_be_read_is_shown_with_a_caret(
    say: Callable[..., Said], formula: str, column: int
) -> None:
    code, out, err = say("run", "--formula", formula)
    assert (code, out) == (2, "")
    message, text, caret = err.splitlines()
    assert message.startswith("gdstudio: ")
    assert caret == " " * column + "^"
    assert text.isprintable()


def test_a_formula_of_a_schedule_is_shown_with_a_caret(say: Callable[..., Said]) -> None:
    code, out, err = say("run", "--problem", "bowl", "--schedule", "formula:learning_rate * / t")
    assert (code, out) == (2, "")
    assert err.splitlines()[1:] == ["learning_rate * / t", " " * 16 + "^"]


def test_an_equation_in_a_file_is_shown_with_its_line_and_a_caret(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "mine.txt"
    place.write_text("v = momentum * v + g\ntheta = theta - learning_rate * * v\n", encoding="utf-8")
    code, out, err = say("run", "--problem", "bowl", "--optimizer", f"file:{place}")
    assert (code, out) == (2, "")
    message, text, caret = err.splitlines()
    assert message.endswith("(line 2)")
    assert (text, caret) == ("theta = theta - learning_rate * * v", " " * 32 + "^")


HOSTILE = [
    "__import__('os').system('true')", "x.__class__", "().__class__", "9**9**9**9 + x", "x**x**x**x**x", "(" * 10_000,
    "", " ", "\0", "x" * 5_000, "-" * 999 + "x", "lambda: x", "x; import os", "x\n+1", "x if x else x", "[x]*9",
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_hostile_formulas_are_values_or_clear_errors_at_once(say: Callable[..., Said], formula: str) -> None:
    begun = time.perf_counter()
    code, _, err = say("run", "--formula", formula, "--iterations", "10")
    assert time.perf_counter() - begun < 5.0
    assert code in (0, 2)
    assert len(err) <= 2_000
