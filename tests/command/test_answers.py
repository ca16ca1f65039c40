"""What the commands print and write where nothing is wrong."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

import gdstudio
from gdstudio.engine.additions import ADDITIONS, SCHEDULES
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]
AROUND = [key for key in ADDITIONS if key not in SCHEDULES]


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
        "verdict": result.verdict,
        "verdict_reason": result.verdict_reason,
        "eigenvalues": list(result.eigenvalues or ()),
    }
    assert (result.verdict, len(strict(out)["eigenvalues"])) == ("minimum", 2)
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


def test_all_that_goes_around_an_optimizer_reaches_the_run(say: Callable[..., Said]) -> None:
    code, out, err = say(
        "run", "--problem", "rosenbrock", "--optimizer", "adam", "--convention", "keras", "--schedule",
        "cosine_restarts:first=20,multiplier=2,end=1e-3", "--warmup", "9", "--clip-norm", "3", "--clip-value", "2",
        "--noise", "0.01", "--seed", "5", "--wrap", "lookahead:k=3,alpha=0.4", "--wrap", "sam:rho=0.02",
        "--set", "weight_decay=1e-3", "--iterations", "80", "--json",
    )
    result = gdstudio.run(
        "rosenbrock", optimizer="adam", convention="keras", schedule="cosine_restarts:first=20,multiplier=2,end=1e-3",
        warmup=9, clip_norm=3, clip_value=2, noise=0.01, seed=5, wrap=["lookahead:k=3,alpha=0.4", "sam:rho=0.02"],
        weight_decay=1e-3, iterations=80,
    )
    assert (code, err) == (0, "")
    assert strict(out)["theta"] == dict(zip(("x", "y"), result.theta.tolist(), strict=True))
    run = result.experiment.runs[0]
    assert {addition.key for addition in run.additions} == {"cosine_restarts", "lookahead", "sam"}
    rates = result.trajectory.learning_rate[1:]
    assert rates[20] == rates[60] == rates.max() > 0.99 * result.hyperparameters["learning_rate"]


def test_the_report_for_people_names_what_is_around(say: Callable[..., Said]) -> None:
    code, out, err = say(
        "run", "--problem", "bowl", "--convention", "keras", "--schedule", "formula:0.1/t", "--warmup", "3", "--wrap",
        "sam",
    )
    assert (code, err) == (0, "")
    assert "optimizer      Adam (Keras)\naround it      Formula: 0.1/t, Warm-up, SAM\n" in out
    assert "around" not in say("run", "--problem", "bowl")[1]


def test_an_optimizer_in_a_file(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "ball.txt"
    place.write_text("name: Heavy ball\nv = 0.9 * v + g\ntheta = theta - learning_rate * v\n", encoding="utf-8")
    code, out, err = say("run", "--problem", "bowl", "--optimizer", f"file:{place}", "--set", "learning_rate=0.01")
    assert (code, err) == (0, "")
    assert "Heavy ball" in out
    code, out, err = say("run", "--problem", "bowl", "--optimizer", f"file:{place}", "--json")
    assert (code, err) == (0, "")


def test_the_table_has_the_rate_of_the_schedule(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "run.csv"
    code, _, _ = say(
        "run", "--problem", "bowl", "--optimizer", "gd", "--set", "learning_rate=0.02", "--schedule",
        "step:size=2,factor=0.5", "--iterations", "5", "--tolerance", "0", "--out", str(place),
    )
    assert code == 0
    head, *rows = place.read_text(encoding="utf-8").splitlines()
    column = head.split(",").index("learning_rate")
    assert head.split(",").count("learning_rate") == 1
    assert [row.split(",")[column] for row in rows] == ["", "0.02", "0.02", "0.01", "0.01", "0.005"]


def test_a_schedule_without_iterations_lasts_as_long_as_the_run() -> None:
    result = gdstudio.run("bowl", optimizer="gd", schedule="polynomial", iterations=50, tolerance=0, learning_rate=0.01)
    assert result.trajectory.learning_rate[1:].tolist() == pytest.approx([0.01 * (1 - k / 50) for k in range(50)])
    peak = gdstudio.run("bowl", optimizer="gd", schedule="one_cycle", iterations=51, tolerance=0, learning_rate=0.01)
    assert peak.trajectory.learning_rate[1:].max() == pytest.approx(0.01, rel=0.01)


def test_no_warm_up_is_one_of_no_iterations() -> None:
    assert gdstudio.run("bowl", warmup=0).experiment.runs[0] == gdstudio.run("bowl").experiment.runs[0]


def test_the_report_for_people_names_everything(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "run.csv"
    code, out, err = say("run", "--problem", "bowl", "--set", "condition=25", "--out", str(place))
    assert (code, err) == (0, "")
    numbers = ("condition = 25", "learning_rate = ", "x = 3.3, y = -1.2")
    for expected in ("Tilted bowl", "Adam", *numbers, "loss", str(place)):
        assert expected in out
    assert place.exists()
    assert len({line.index(line[15:].strip()) for line in out.splitlines() if line.strip()}) == 1


def test_of_many_parameters_the_report_prints_a_few_and_json_all(say: Callable[..., Said]) -> None:
    asked = ("run", "--model", "softmax", "--data", "digits", "--iterations", "1")
    lines = {line[:15].strip(): line[15:] for line in say(*asked)[1].splitlines()}
    for label in ("start", "theta"):
        names = [part.partition(" = ")[0] for part in lines[label].split(", ")]
        assert names[:2] == ["W_0_0", "W_0_1"]
        assert names[8:] == ["... (640 more) ...", "b_8", "b_9"]
    assert len(json.loads(say(*asked, "--json")[1])["theta"]) == 650
    few = say("run", "--model", "softmax", "--data", "iris", "--iterations", "1")[1]
    assert "more)" not in few


def test_the_report_names_numbers_that_may_be_mistyped(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "ball.txt"
    place.write_text("keep: 0.5\nv = momentm*keep*v + epsilon*g + g\ntheta = theta - learning_rate*v", encoding="utf-8")
    arguments = ("run", "--problem", "bowl", "--optimizer", f"file:{place}")
    out = say(*arguments)[1]
    assert "\n               found in the text: momentm = 0.1 (default)\nstart" in out
    assert "found" not in say(*arguments, "--set", "momentm=0.3")[1]
    assert "found" not in say(*arguments, "--json")[1]
    place.write_text("theta = theta - learning_rate*g", encoding="utf-8")
    assert "found" not in say(*arguments)[1]


def test_a_run_that_diverged_is_a_result_and_its_json_is_strict(say: Callable[..., Said]) -> None:
    code, out, err = say(
        "run", "--formula", "x^4", "--optimizer", "gd", "--set", "learning_rate=1e300", "--start", "9", "--json"
    )
    assert (code, err) == (0, "")
    assert strict(out)["outcome"] == "diverged"
    assert strict(out)["loss"] is None


def test_eigenvalues_beyond_all_numbers_are_null(say: Callable[..., Said]) -> None:
    code, out, err = say("run", "--formula", "8e307*(x + y)^2", "--start", "0,0", "--json")
    assert (code, err) == (0, "")
    assert strict(out)["eigenvalues"] is None


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


def test_the_list_of_optimizers_says_what_each_convention_has(say: Callable[..., Said]) -> None:
    optimizers = {row["key"]: row for row in strict(say("list", "optimizers", "--json")[1])}
    adam = optimizers["adam"]
    numbers = {number["name"]: number for number in adam["hyperparameters"]}
    assert numbers["epsilon"]["defaults"] == {"pytorch": 1e-8, "keras": 1e-7}
    assert (numbers["beta1"]["symbol"], numbers["beta1"]["range"]) == ("β₁", "[0, 1)")
    assert numbers["beta1"]["meaning"].endswith(".")
    assert numbers["amsgrad"]["default"] == 0
    assert (numbers["amsgrad"]["switch"], numbers["amsgrad"]["range"]) == (True, "0 or 1")
    assert numbers["beta1"]["switch"] is False
    assert adam["references"] == [adam["reference"]]
    assert adam["parity"]["keras"]["oracle"] == "keras.optimizers.Adam"
    assert adam["parity"]["keras"]["version"].startswith("keras ")
    assert 0.0 <= adam["parity"]["keras"]["worst_error"] <= 1e-10
    assert 0.0 < adam["parity"]["keras"]["single_error"] <= 1e-5
    assert numbers["weight_decay"]["defaults"] == {"pytorch": 0.0, "keras": 0.0}
    assert numbers["decoupled"]["defaults"] == {"pytorch": 0.0}
    assert "weight_decay" in {number["name"] for number in adam["variants"][1]["hyperparameters"]}
    assert "weight_decay" not in {number["name"] for number in optimizers["rprop"]["hyperparameters"]}
    assert optimizers["bfgs"]["parity"]["author"]["oracle"].startswith("scipy")
    assert optimizers["lbfgs"]["parity"]["pytorch"]["compared"] == "steps"
    assert "newton_schulz" in optimizers["muon"]["equations"]
    assert optimizers["muon"]["parity"]["pytorch"]["as_it_comes"] < 0.01
    adafactor = optimizers["adafactor"]["parity"]
    assert 1e-10 < adafactor["keras"]["as_it_comes"] < 1e-6
    assert adafactor["keras"]["backend"].startswith("jax ")
    assert (adafactor["pytorch"]["as_it_comes"], adafactor["pytorch"]["backend"]) == (None, None)
    assert optimizers["schedule_free_adamw"]["parity"]["keras"]["on_torch"] > 0.01
    assert "one vector" in optimizers["lamb"]["note"]
    assert optimizers["adam"]["refusal"] is None
    assert optimizers["muon"]["refusal"].startswith("Muon works on matrices only")
    for row in optimizers.values():
        assert row["equations"]
        assert set(row["parity"]) == set(row["conventions"])
        assert all(set(number["defaults"]) <= set(row["conventions"]) for number in row["hyperparameters"])


def test_the_list_of_schedules_is_what_the_option_takes(say: Callable[..., Said]) -> None:
    schedules = strict(say("list", "schedules", "--json")[1])
    assert [row["key"] for row in schedules] == list(SCHEDULES)
    for row in schedules:
        assert row["equations"].splitlines()[-1].startswith(("learning_rate = ", "schedule_"))
        assert row["parity"]["oracle"]
        assert all(f"{number['name']}=" in row["example"] for number in row["hyperparameters"])
        code, _, err = say("run", "--problem", "bowl", "--schedule", row["example"], "--iterations", "3")
        assert (code, err) == (0, "")
    step = schedules[1]
    assert [number["name"] for number in step["hyperparameters"]] == ["size", "factor"]
    assert step["parity"]["version"].startswith("torch ")
    assert [parity["version"].split()[0] for parity in step["parities"]] == ["torch", "keras"]


def test_the_list_of_additions_is_what_the_options_take(say: Callable[..., Said]) -> None:
    additions = {row["key"]: row for row in strict(say("list", "additions", "--json")[1])}
    assert list(additions) == AROUND
    for key, row in additions.items():
        assert row["meaning"].endswith(".")
        assert row["parity"]["oracle"]
        goal = ("--model", "linear", "--data", "noisy_line") if key == "proximal" else ("--problem", "bowl")
        code, out, err = say("run", *goal, *shlex.split(row["example"]), "--iterations", "3")
        assert (code, err) == (0, "")
        assert f"around it      {row['name']}\n" in out
        assert all(f"{number['key']} = {number['default']:g}" in out for number in row["hyperparameters"])
        assert row["equations"] == ADDITIONS[key].part.equations
    assert {key for key, row in additions.items() if row["place"] == "after"} == {"proximal", "lookahead"}
    assert [number["name"] for number in additions["lookahead"]["hyperparameters"]] == ["k", "alpha"]
    assert [number["name"] for number in additions["weight_decay"]["hyperparameters"]] == ["weight_decay", "decoupled"]
    keras = additions["weight_decay"]["under_keras"]
    assert keras["equations"] == "theta = theta * (1 - learning_rate * weight_decay)"
    assert [number["key"] for number in keras["hyperparameters"]] == ["weight_decay"]


@pytest.mark.parametrize(
    ("table", "keys"),
    [("problems", PROBLEMS), ("optimizers", OPTIMIZERS), ("schedules", SCHEDULES), ("additions", AROUND)],
)
def test_lists_for_people_have_a_line_for_each_row(say: Callable[..., Said], table: str, keys: dict[str, Any]) -> None:
    code, out, _ = say("list", table)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["KEY", *keys]
