"""What a typed loss predicts is found in it, or nothing is said."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.models.penalties import read_penalty
from gdstudio.engine.models.prediction import intercepts_of, prediction_of
from gdstudio.engine.models.spec import typed_model
from gdstudio.engine.objective import objective_program

_VALUES = {"x": 0.7, "z": -1.2, "y": 5.0, "w": 1.3, "b": 0.4, "a": 2.0, "c": -0.3}


@pytest.mark.parametrize(
    ("text", "predicts"),
    [
        ("(w*x + b - y)^2", 1.3 * 0.7 + 0.4),
        ("(y - (w*x + b))^2", 1.3 * 0.7 + 0.4),
        ("(y - w*x - b)^2", 1.3 * 0.7 + 0.4),
        ("(-y + b + w*x)^2", 1.3 * 0.7 + 0.4),
        ("(b - (y - w*x))^2", 1.3 * 0.7 + 0.4),
        ("abs(-(w*x - y))", 1.3 * 0.7),
        ("(y + w)^2", -1.3),
        ("(a*exp(-b*x) - y)^2 + 0.1*a^2", 2.0 * np.exp(-0.4 * 0.7)),
        ("where(abs(w*x - y) < 1, (w*x - y)^2/2, abs(y - w*x) - 0.5)", 1.3 * 0.7),
        ("((w*x - y)/y)^2", 1.3 * 0.7),
        ("log(1 + (a*sin(b*x + c) - y)^2)", 2.0 * np.sin(0.4 * 0.7 - 0.3)),
    ],
)
def test_the_other_side_of_the_residual_is_the_prediction(text: str, predicts: float) -> None:
    program = objective_program(text, (), ("x", "y"))
    nodes = len(program.formula.graph)
    found = prediction_of(program, "y")
    assert found is not None
    (value,) = evaluate(found.graph, [found.loss], _VALUES)
    assert value == pytest.approx(predicts, rel=1e-15)
    assert len(program.formula.graph) == nodes, "the program's own graph is shared between threads"


@pytest.mark.parametrize(
    "text",
    [
        "softplus(w*x) - y*w*x",
        "(w*x - 2*y)^2",
        "(w*x*y - y)^2",
        "(w*x - y)^2 + (b*x - y)^2",
        "(y - y + w)^2",
        "(w*x)^2",
    ],
)
def test_where_there_is_no_one_prediction_nothing_is_said(text: str) -> None:
    assert prediction_of(objective_program(text, (), ("x", "y")), "y") is None
    spec = typed_model(text, ("x", "y"), "y")
    assert spec.predict((1.0,) * len(spec.variables), {"x": np.ones(3), "y": np.ones(3)}) is None


def test_what_is_no_column_is_no_target() -> None:
    assert prediction_of(objective_program("(w*x - y)^2", (), ("x", "y")), "w") is None


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("(w*x + b - y)^2", ("b",)),
        ("(y - c - w*x)^2", ("c",)),
        ("(a*exp(-b*x) - y)^2", ()),
        ("(a*exp(-b*x) + c - y)^2", ("c",)),
        ("softplus(w*x + b) - y*(w*x + b)", ("b",)),
        ("softplus(w*x + c) - y*(w*x + c)", ()),
    ],
)
def test_an_intercept_is_what_shifts_the_prediction(text: str, fixed: tuple[str, ...]) -> None:
    assert intercepts_of(objective_program(text, (), ("x", "y")), "y") == fixed
    spec = typed_model(text, ("x", "y"), "y", read_penalty("lasso:0.5"))
    goal = spec.objective({"x": [1.0], "y": [1.0]})
    strengths = dict(zip(spec.variables, goal.lasso.tolist(), strict=True))
    assert strengths == {name: 0.0 if name in fixed else 0.5 for name in spec.variables}


def test_a_typed_loss_predicts_for_any_columns() -> None:
    spec = typed_model("(w*x + v*z + b - y)^2", ("x", "z", "y", "unused"), "y")
    assert spec.variables == ("w", "v", "b") and set(spec.columns) == {"x", "z", "y"}
    assert spec.start == {"w": 0.0, "v": 0.0, "b": 0.0}
    grid = {"x": np.arange(6.0).reshape(2, 3), "z": np.ones((2, 1))}
    np.testing.assert_array_equal(spec.predict((2.0, 3.0, 0.5), grid), 2.0 * grid["x"] + 3.5)


def test_a_loss_without_columns_or_without_parameters_is_refused() -> None:
    with pytest.raises(StudioError, match="The loss names no column of the data: use some of x, y"):
        typed_model("a^2", ("x", "y"), "y")
    with pytest.raises(StudioError, match="no variable to descend on"):
        typed_model("(x - y)^2", ("x", "y"), "y")


@pytest.mark.parametrize("text", ["sqrt(a) - x", "log(a) + x", "a*x - y", "exp(a*x - y)"])
def test_a_sum_that_is_no_residual_predicts_nothing(text: str) -> None:
    columns = ("x", "y") if "y" in text else ("x",)
    assert prediction_of(objective_program(text, (), columns), columns[-1]) is None
