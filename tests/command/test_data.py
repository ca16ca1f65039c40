"""Fitting to data on the command line and from Python: what goes in, what comes out, what is refused."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import gdstudio
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]

LINE = ("run", "--model", "linear", "--data", "noisy_line", "--optimizer", "gd")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    x = rng.uniform(-1, 1, 40)
    rows = np.stack([100 + 20 * x, 3 * x + 1 + 0.1 * rng.standard_normal(40)], axis=1)
    path = tmp_path / "clinic.csv"
    path.write_text("blood pressure,score\n" + "\n".join(f"{a!r},{b!r}" for a, b in rows.tolist()), encoding="utf-8")
    return path


def test_json_has_epochs_metrics_and_columns(say: Callable[..., Said], table: Path) -> None:
    code, out, err = say("run", "--model", "linear", "--data", str(table), "--standardize", "--held-out", "0.25",
                         "--optimizer", "gd", "--set", "learning_rate=0.1", "--batch", "10", "--epochs", "20", "--json")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert said["theta"].keys() == {"b", "w_blood_pressure"}
    assert (said["iterations"], said["epochs"]) == (60, 20)
    assert said["columns"] == {"blood pressure": "blood_pressure", "score": "score"}
    assert {part: set(numbers) for part, numbers in said["metrics"].items()} == {
        "train": {"r2", "rmse", "mae"}, "held_out": {"r2", "rmse", "mae"}
    }
    assert said["metrics"]["train"]["r2"] > 0.99
    assert said["loss"] == pytest.approx(said["metrics"]["train"]["rmse"] ** 2, rel=1e-12)


def test_epochs_count_only_what_is_complete(say: Callable[..., Said]) -> None:
    for iterations, epochs in ((0, 0), (3, 0), (4, 1), (7, 1), (8, 2)):
        _, out, _ = say(*LINE, "--batch", "16", "--iterations", str(iterations), "--json")
        assert json.loads(out)["epochs"] == epochs


def test_nothing_is_held_out_unless_asked(say: Callable[..., Said]) -> None:
    _, out, _ = say(*LINE, "--json")
    assert json.loads(out)["metrics"]["held_out"] is None


def test_a_classifier_has_accuracy_and_log_loss(say: Callable[..., Said]) -> None:
    for model, data in (("logistic", "moons"), ("softmax", "iris")):
        _, out, _ = say("run", "--model", model, "--data", data, "--optimizer", "adam", "--json")
        assert set(json.loads(out)["metrics"]["train"]) == {"accuracy", "log_loss"}


def test_python_says_the_same(say: Callable[..., Said], table: Path) -> None:
    _, out, _ = say("run", "--model", "polynomial", "--degree", "2", "--data", str(table), "--batch", "8",
                    "--seed", "5", "--order", "replacement", "--standardize", "--penalty", "ridge:0.1", "--json")
    result = gdstudio.run(model="polynomial", degree=2, data=str(table), batch=8, seed=5, order="replacement",
                          standardize=True, penalty="ridge:0.1")
    said = json.loads(out)
    assert said["theta"] == dict(zip(result.variables, result.theta.tolist(), strict=True))
    assert (said["epochs"], said["metrics"], said["columns"]) == (result.epochs, result.metrics, result.columns)


def test_arrays_frames_and_structured_arrays_are_data_too(table: Path) -> None:
    with table.open(encoding="utf-8") as file:
        rows = [(float(row["blood pressure"]), float(row["score"])) for row in csv.DictReader(file)]
    columns = {"blood pressure": [a for a, _ in rows], "score": np.array([b for _, b in rows])}
    structured = np.array(rows, dtype=[("blood pressure", "f8"), ("score", "f8")])
    given = [str(table), table, columns, structured]
    ends = [gdstudio.run(model="linear", data=data, standardize=True, optimizer="gd").theta.tolist() for data in given]
    assert ends[1:] == ends[:1] * 3


def test_a_typed_loss_uses_the_columns_it_names(say: Callable[..., Said]) -> None:
    _, out, _ = say("run", "--loss", "(slope*x + shift - y)^2", "--data", "noisy_line", "--target", "y", "--optimizer",
                    "gd", "--iterations", "5000", "--json")
    theta = json.loads(out)["theta"]
    reference = gdstudio.run("line_fit", optimizer="gd", iterations=20_000, learning_rate=0.05).theta
    assert [theta["slope"], theta["shift"]] == pytest.approx(reference.tolist(), abs=1e-5)


def test_of_a_typed_loss_of_classes_no_false_metrics_are_told(say: Callable[..., Said]) -> None:
    loss = "-label*log(sigmoid(w*x1 + b)) - (1 - label)*log(1 - sigmoid(w*x1 + b))"
    code, out, _ = say("run", "--loss", loss, "--data", "moons", "--optimizer", "gd", "--json")
    assert (code, json.loads(out)["metrics"]) == (0, None)


def test_first_the_weights_are_looked_at() -> None:
    shown = {
        (model, data): gdstudio.run(model=model, data=data, iterations=0).experiment.shown
        for model, data in (("linear", "noisy_line"), ("linear", "badly_scaled"), ("softmax", "digits"))
    }
    assert shown["linear", "noisy_line"] == (0, 1)
    assert shown["linear", "badly_scaled"] == (1, 2)
    assert shown["softmax", "digits"] != (0, 1)


@pytest.mark.parametrize("options", [(), ("--batch", "64"), ("--batch", "full")])
def test_full_batches_are_gradient_descent_whatever_they_are_called(
    say: Callable[..., Said], options: tuple[str, ...]
) -> None:
    assert say(*LINE, *options, "--json")[1] == say(*LINE, "--json")[1]


def test_the_last_short_batch_is_kept_or_dropped(say: Callable[..., Said]) -> None:
    kept = json.loads(say(*LINE, "--batch", "10", "--epochs", "3", "--json")[1])
    dropped = json.loads(say(*LINE, "--batch", "10", "--epochs", "3", "--drop-last", "--json")[1])
    assert (kept["iterations"], dropped["iterations"]) == (21, 18)


def test_samples_are_shuffled_once_or_each_epoch(say: Callable[..., Said], tmp_path: Path) -> None:
    seen = {}
    for order in ("shuffled", "shuffled_once"):
        kept = tmp_path / f"{order}.npz"
        ran = (*LINE, "--batch", "8", "--epochs", "2", "--order", order, "--set", "learning_rate=0", "--out", str(kept))
        assert say(*ran)[0] == 0
        with np.load(kept) as columns:
            seen[order] = columns["batch_loss"][1:].reshape(2, 8)
    # Where nothing moves, the same samples have the same loss.
    assert np.array_equal(*seen["shuffled_once"])
    assert not np.array_equal(*seen["shuffled"])
    assert np.array_equal(seen["shuffled"][0], seen["shuffled_once"][0])


def test_accumulating_batches_of_one_size_is_a_larger_batch(say: Callable[..., Said]) -> None:
    small = json.loads(say(*LINE, "--batch", "8", "--accumulate", "2", "--epochs", "5", "--json")[1])
    large = json.loads(say(*LINE, "--batch", "16", "--epochs", "5", "--json")[1])
    assert small["iterations"] == large["iterations"]
    assert small["theta"] == pytest.approx(large["theta"], rel=1e-12)


def test_over_many_samples_the_loss_is_known_at_the_ends_of_epochs(say: Callable[..., Said], tmp_path: Path) -> None:
    out = tmp_path / "path.csv"
    code, said, _ = say("run", "--model", "linear", "--data", "noisy_line:samples=4000", "--optimizer", "gd", "--batch",
                        "1000", "--iterations", "6", "--out", str(out))
    assert code == 0
    assert "the loss of all is worked out at the ends of epochs" in said
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [bool(row["loss"]) for row in rows] == [True, False, False, False, True, False, True]
    assert [bool(row["batch_loss"]) for row in rows] == [False] + [True] * 6


FILES = {
    "ragged": ("a,b\n1,2\n3\n", "line 3 has 1 field"),
    "nul": ("a,b\n1,2\0\n3,4\n", "line 2 has a NUL byte"),
    "unclosed": ('a,b\n1,"2\n3,4\n', "line 2 opens a quote that is never closed"),
    "missing": ("a,b\n1,\n3,4\n5,6\n", "line 2 has nothing in the column b"),
    "infinite": ("a,b\n1,inf\n3,4\n5,6\n", "line 2 has inf in the column b"),
    "text": ("a,b\n1,abc\n3,4\n5,6\n", "line 2 has abc in the column b"),
    "one row": ("a,b\n1,2\n", "at least 2 are needed"),
    "twice": ("a,a\n1,1\n2,1\n", "two columns a"),
    "empty": ("", "is empty"),
    "header": ("a,b\n", "a header in line 1, but no rows"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(
    say: Callable[..., Said], tmp_path: Path, name: str
) -> None:
    text, sentence = FILES[name]
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    code, out, err = say("run", "--model", "linear", "--data", str(path), "--target", "b" if name != "twice" else "a")
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.startswith("gdstudio: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(("tokens", "sentence"), [
    (("--model", "linear", "--data", "nix.csv"), "no file"),
    (("--model", "linear", "--data", "."), "is a directory"),
    (("--model", "linear", "--data", "iriss"), "no data set and no file called iriss; try iris"),
    (("--model", "linaer", "--data", "noisy_line"), "no model called linaer; try linear"),
    (("--model", "linear"), "model is about data, but there are none"),
    (("--data", "noisy_line"), "Nothing says what to fit"),
    (("--model", "linear", "--data", "noisy_line", "--target", "z"), "no column called z"),
    (("--model", "linear", "--data", "noisy_line", "--features", "x,q"), "no column called q"),
    (("--model", "linear", "--data", "noisy_line", "--features", "y"), "y is the target"),
    (("--model", "linear", "--data", "noisy_line", "--held-out", "1"), "held_out must be a share"),
    (("--model", "linear", "--data", "noisy_line", "--batch", "65"), "batch must"),
    (("--model", "linear", "--data", "noisy_line", "--order", "shufled"), "no order of samples called shufled"),
    (("--model", "linear", "--data", "noisy_line", "--epochs", "2", "--iterations", "5"), "both iterations and epochs"),
    (("--model", "linear", "--data", "noisy_line:samples"), "NAME=VALUE"),
    (("--model", "linear", "--data", "noisy_line:sampels=4"), "samples"),
    (("--model", "linear", "--data", "noisy_line", "--penalty", "ridge:much"), "ridge is a number"),
    (("--model", "linear", "--data", "noisy_line", "--penalty", "x^2"), "x is a column"),
    (("--model", "linear", "--data", "noisy_line", "--set", "degree=3"), "nothing called degree"),
    (("--model", "linear", "--data", "noisy_line", "--set", "samples=20"), "its name: --data noisy_line:samples=20."),
    (("--model", "linear", "--data", "noisy_line:noise=0.3", "--set", "seed=5", "--set", "outliers=.2"),
     "seed is a number of the data set noisy_line and stands behind its name: --data "
     "noisy_line:noise=0.3,seed=5,outliers=0.2."),
    (("--model", "linear", "--data", "iris"), "species holds labels"),
    (("--model", "logistic", "--data", "iris"), "3 classes"),
    (("--model", "exponential", "--data", "diabetes"), "one feature"),
    (("--model", "linear", "--data", "noisy_line", "--penalty", "ridge:1", "--wrap", "proximal"), "this loss has none"),
    (("--model", "linear", "--data", "noisy_line", "--penalty", "lasso:1", "--set", "proximal=1"), "called proximal"),
    (("--problem", "bowl", "--wrap", "proximal"), "this loss has none: let the penalty be lasso:0.1"),
    (("--problem", "bowl", "--epochs", "2"), "epochs is about data"),
    (("--problem", "bowl", "--batch", "2"), "no data"),
    (("--problem", "bowl", "--data", "noisy_line"), "has no place beside data"),
    (("--formula", "x^2", "--penalty", "x^2"), "has no place beside penalty"),
])
def test_what_does_not_fit_is_said_in_one_sentence(
    say: Callable[..., Said], tokens: tuple[str, ...], sentence: str
) -> None:
    code, out, err = say("run", *tokens)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_wrong_thing_from_python_is_said_too() -> None:
    for given, sentence in (
        ({"data": 3}, "data"), ({"data": {"x": [1.0, 2.0], "y": [1.0]}}, "y has 1 value, but x has 2"),
        ({"data": {"x": [1.0, float("nan")], "y": [1.0, 2.0]}}, "x"),
        ({"data": "noisy_line", "drop_last": 1}, "True or"),
    ):
        with pytest.raises(StudioError, match=sentence):
            gdstudio.run(model="linear", **given)


NAN = float("nan")
DATES = np.array(["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"], dtype="datetime64[D]")
X, Y = [1.0, 2.0, 3.0, 5.0], [3.0, 5.0, 7.0, 11.0]


@pytest.mark.parametrize("unused", [[1.0, 2.0, NAN, 4.0], [None, 1, 2, 3], DATES, ["a", None, "b", "c"]])
@pytest.mark.parametrize("asked", [
    {"model": "linear", "features": ["x"], "target": "y"},
    {"model": "linear", "features": "x"},
    {"loss": "(w*x + b - y)^2", "target": "y"},
    {"loss": "(w*x + b - y)^2", "penalty": "0*w^2"},
    {"loss": "(w*x + b - y)^2", "penalty": "ridge:0"},
], ids=str)
def test_columns_of_a_program_that_nobody_uses_may_have_faults(asked: dict[str, Any], unused: object) -> None:
    alone = gdstudio.run(data={"x": X, "y": Y}, optimizer="gd", learning_rate=0.05, **asked)
    beside = gdstudio.run(data={"x": X, "u": unused, "y": Y}, optimizer="gd", learning_rate=0.05, **asked)
    assert beside.theta.tolist() == alone.theta.tolist()


def test_dates_are_no_features_and_are_refused_where_they_are_named() -> None:
    data = {"x": X, "day": DATES, "y": Y}
    assert gdstudio.run(model="linear", data=data).variables == ("b", "w_x")
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"model": "linear", "features": ["x", "day"]}, "column day holds values of type datetime64"),
        ({"model": "linear", "target": "day"}, "column day holds values of type datetime64"),
        ({"model": "linear", "data": {"x": X, "day": DATES}}, "column day holds values of type datetime64"),
        ({"loss": "(w*x + b - day)^2"}, "column day holds values of type datetime64"),
        ({"loss": "(w*x + b - y)^2", "target": "day"}, "column day holds values of type datetime64"),
        ({"loss": "(w*x + b - y)^2", "penalty": "x^2"}, "x is a column"),
        ({"loss": "(w + b)^2"}, "names no column of the data: use some of y, x"),
        ({"model": "linear", "features": ["q"]}, "no column called q; try x, day, y"),
    )
    for asked, sentence in cases:
        with pytest.raises(StudioError, match=sentence):
            gdstudio.run(**{"data": data, **asked})


def test_a_path_is_a_file_whatever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "iris"
    with pytest.raises(StudioError, match=r"There is no file .*iris"):
        gdstudio.run(model="linear", data=path.relative_to(tmp_path))
    path.write_text("x,y\n1,3\n2,5\n3,7\n", encoding="utf-8")
    for data in (path, path.relative_to(tmp_path)):
        assert gdstudio.run(model="linear", data=data).variables == ("b", "w_x")


def test_data_can_be_drawn(say: Callable[..., Said], qapp: object, tmp_path: Path) -> None:
    for number, data in enumerate((("linear", "noisy_line"), ("logistic", "moons"), ("softmax", "iris"))):
        out = tmp_path / f"data{number}.svg"
        code, _, err = say("render", "--model", data[0], "--data", data[1], "--view", "data", "--out", str(out))
        assert (code, err) == (0, "")
        assert out.stat().st_size > 5_000
    code, _, err = say("render", "--problem", "bowl", "--view", "data", "--out", str(tmp_path / "bowl.svg"))
    assert code == 2
    assert "needs a loss over data" in err


@pytest.mark.parametrize(("table", "keys"), [
    ("models", {"linear", "polynomial", "exponential", "sine", "logistic", "softmax"}),
    ("penalties", {"ridge", "lasso", "elastic_net"}),
    ("datasets", {"noisy_line", "correlated", "badly_scaled", "moons", "circles", "xor", "blobs", "spirals", "iris",
                  "diabetes", "digits"}),
])
def test_the_tables_of_data_are_listed(say: Callable[..., Said], table: str, keys: set[str]) -> None:
    _, out, _ = say("list", table, "--json")
    rows = json.loads(out)
    assert {row["key"] for row in rows} == keys
    assert all(row["reference"] and row["name"] for row in rows)
    assert keys <= set(say("list", table)[1].split())
