"""What the commands print and write where nothing is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import gdstudio
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_json_of_a_run_says_what_python_says(say: Callable[..., Said]) -> None:
    code, out, err = say("run", "--problem", "himmelblau", "--optimizer", "momentum", "--json")
    result = gdstudio.run("himmelblau", optimizer="momentum")
    assert (code, err) == (0, "")
    assert strict(out) == {
        "outcome": result.outcome,
        "reason": result.reason,
        "iterations": result.iterations,
        "evaluations": result.evaluations,
        "loss": result.loss,
        "gradient_norm": result.gradient_norm,
        "theta": dict(zip(("x", "y"), result.theta.tolist(), strict=True)),
    }
    assert list(strict(out)["theta"]) == ["x", "y"]


def test_all_options_reach_the_run(say: Callable[..., Said]) -> None:
    code, out, _ = say(
        "run", "--problem", "line_fit", "--start", "b=-1,w=2.5", "--optimizer", "rmsprop", "--set", "rho=0.9",
        "--set", "learning_rate=0.02", "--iterations", "37", "--tolerance", "0", "--patience", "500", "--seed", "4",
        "--batch", "8", "--json",
    )
    result = gdstudio.run(
        "line_fit", start={"b": -1, "w": 2.5}, optimizer="rmsprop", rho=0.9, learning_rate=0.02, iterations=37,
        tolerance=0, patience=500, seed=4, batch=8,
    )
    assert code == 0
    assert strict(out)["theta"] == dict(zip(("w", "b"), result.theta.tolist(), strict=True))
    assert strict(out)["evaluations"] == result.evaluations


def test_the_report_for_people_names_everything(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "run.csv"
    code, out, err = say("run", "--problem", "bowl", "--set", "condition=25", "--out", str(place))
    assert (code, err) == (0, "")
    numbers = ("condition = 25", "learning_rate = ", "x = 3.3, y = -1.2")
    for expected in ("Tilted bowl", "Adam", *numbers, "loss", str(place)):
        assert expected in out
    assert place.exists()
    assert len({line.index(line[15:].strip()) for line in out.splitlines() if line.strip()}) == 1


def test_a_run_that_diverged_is_a_result_and_its_json_is_strict(say: Callable[..., Said]) -> None:
    code, out, err = say(
        "run", "--formula", "x^4", "--optimizer", "gd", "--set", "learning_rate=1e300", "--start", "9", "--json"
    )
    assert (code, err) == (0, "")
    assert strict(out)["outcome"] == "diverged"
    assert strict(out)["loss"] is None


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["--problem", "rosenbrock", "--start", "-1,1.5"], {"x": -1.0, "y": 1.5}),
        (["--problem", "rosenbrock", "--start=-1,1.5"], {"x": -1.0, "y": 1.5}),
        (["--start", "y=-2,x=-.5", "--problem", "rosenbrock"], {"x": -0.5, "y": -2.0}),
        (["--formula", "-exp(-x^2)"], {"x": 1.0}),
        (["--formula", "--x*x"], {"x": 1.0}),
        (["--problem", "bowl", "--set", "angle=-45", "--start", "-1e0, +2"], {"x": -1.0, "y": 2.0}),
        (["--seed", "0", "--batch", "full", "--problem", "line_fit", "--start", "-0,-0"], {"w": 0.0, "b": 0.0}),
    ],
)
def test_a_value_may_begin_with_a_minus(
    say: Callable[..., Said], arguments: list[str], start: dict[str, float]
) -> None:
    code, out, err = say("run", *arguments, "--iterations", "0", "--json")
    assert (code, err) == (0, "")
    assert strict(out)["theta"] == start


def test_a_whole_number_may_be_written_as_a_float(say: Callable[..., Said]) -> None:
    code, out, _ = say("run", "--problem", "bowl", "--iterations", "1e1", "--json")
    assert (code, strict(out)["iterations"]) == (0, 10)


@pytest.mark.parametrize("ending", ["csv", "json", "npz"])
def test_the_trajectory_is_written(say: Callable[..., Said], tmp_path: Path, ending: str) -> None:
    place = tmp_path / f"-run.{ending}"
    code, _, _ = say("run", "--problem", "bowl", "--iterations", "5", "--out", str(place))
    assert code == 0
    assert place.stat().st_size > 100


def test_lists_are_strict_json_of_all_that_the_rows_hold(say: Callable[..., Said]) -> None:
    problems = strict(say("list", "problems", "--json")[1])
    assert [problem["key"] for problem in problems] == list(PROBLEMS)
    first = problems[0]
    assert set(first) >= {"key", "name", "text", "domain", "start", "minima", "scale", "learning_rates", "reference"}
    assert first["variables"] == ["x"]
    assert first["minima"] == [{"theta": [0.0], "loss": 0.0}]
    optimizers = strict(say("list", "optimizers", "--json")[1])
    assert [optimizer["key"] for optimizer in optimizers] == list(OPTIMIZERS)
    rate = optimizers[0]["hyperparameters"][0]
    assert (rate["key"], rate["minimum"], rate["maximum"]) == ("learning_rate", 0.0, None)
    assert optimizers[0]["equations"] == "theta = theta - learning_rate * g"


@pytest.mark.parametrize(("table", "keys"), [("problems", PROBLEMS), ("optimizers", OPTIMIZERS)])
def test_lists_for_people_have_a_line_for_each_row(say: Callable[..., Said], table: str, keys: dict[str, Any]) -> None:
    code, out, _ = say("list", table)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["KEY", *keys]
