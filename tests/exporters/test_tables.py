"""Trajectories as files: every number reads back to the same bits, and a failure leaves nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import shutil
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import gdstudio
from gdstudio.data.edits import Edits
from gdstudio.engine.blocks import Blocks
from gdstudio.engine.errors import StudioError
from gdstudio.engine.trajectory import Trajectory
from gdstudio.experiment.file import MAXIMUM_BYTES, MAXIMUM_NUMBERS, from_json, to_json
from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.run import run_experiment
from gdstudio.exporters import tables
from gdstudio.exporters.tables import TABLE_ENDINGS, check_table_file, write_table

if TYPE_CHECKING:
    from pathlib import Path

VALLEY = gdstudio.run("rosenbrock", iterations=40)
BATCHED = gdstudio.run("line_fit", iterations=40, batch=8)
AWAY = gdstudio.run("parabola", optimizer="gd", learning_rate=1e200, start=[1e200])
LEADING = ["iteration", "loss", "gradient_norm", "learning_rate"]


def read_csv(path: Path) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {name: list(column) for name, *column in zip(*rows, strict=True)}


def same_bits(values: Any, column: np.ndarray[Any, Any]) -> bool:
    return np.array(values, dtype=np.float64).tobytes() == np.asarray(column, dtype=np.float64).tobytes()


@pytest.mark.parametrize("result", [VALLEY, BATCHED, AWAY], ids=["valley", "batched", "away"])
@pytest.mark.parametrize("rows_at_once", [1, 7, 1 << 14])
def test_csv_reads_back_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: gdstudio.Result, rows_at_once: int
) -> None:
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", rows_at_once)
    write_table(tmp_path / "run.csv", result.trajectory, result.experiment)
    read = read_csv(tmp_path / "run.csv")
    assert list(read) == list(result.trajectory.column_names)
    assert list(read)[:4] == LEADING
    assert read["iteration"] == [str(row) for row in range(result.iterations + 1)]
    assert read["learning_rate"][0] == ""
    for name in read:
        from_row = 1 if name in ("learning_rate", "batch_loss") else 0
        numbers = [float(text) for text in read[name][from_row:]]
        assert same_bits(numbers, result.trajectory.column(name)[from_row:])


def test_csv_writes_what_is_not_finite_so_that_it_reads_back(tmp_path: Path) -> None:
    assert AWAY.outcome == "diverged"
    write_table(tmp_path / "run.csv", AWAY.trajectory, AWAY.experiment)
    texts = {text for column in read_csv(tmp_path / "run.csv").values() for text in column}
    assert texts & {"inf", "nan"}
    assert all(text == "" or isinstance(float(text), float) for text in texts)


def test_the_batch_loss_of_the_start_is_empty(tmp_path: Path) -> None:
    write_table(tmp_path / "run.csv", BATCHED.trajectory, BATCHED.experiment)
    read = read_csv(tmp_path / "run.csv")
    assert list(read) == [*LEADING, "w", "b", "evaluations", "batch_loss"]
    assert read["batch_loss"][0] == ""
    assert all(math.isfinite(float(text)) for text in read["batch_loss"][1:])


@pytest.mark.parametrize("result", [VALLEY, BATCHED, AWAY], ids=["valley", "batched", "away"])
@pytest.mark.parametrize("rows_at_once", [3, 1 << 14])
def test_json_is_strict_and_holds_the_experiment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: gdstudio.Result, rows_at_once: int
) -> None:
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", rows_at_once)
    write_table(tmp_path / "run.json", result.trajectory, result.experiment)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    read = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert list(read) == ["experiment", "columns"]
    assert read["experiment"]["start"] == list(result.experiment.start)
    assert read["experiment"]["stopping"]["iterations"] == result.experiment.stopping.iterations
    assert list(read["columns"]) == list(result.trajectory.column_names)
    for name, values in read["columns"].items():
        column = result.trajectory.column(name)
        finite = np.isfinite(column)
        assert [value is None for value in values] == (~finite).tolist()
        assert same_bits([value for value in values if value is not None], column[finite])


def test_of_very_many_numbers_of_data_a_trajectory_has_the_hash(tmp_path: Path) -> None:
    x = np.linspace(-1.0, 1.0, MAXIMUM_NUMBERS)
    result = gdstudio.run(model="linear", data={"x": x, "y of x": 3.0 * x + 1.0}, optimizer="gd", iterations=5)
    write_table(tmp_path / "run.json", result.trajectory, result.experiment)
    read = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert same_bits(read["columns"]["loss"], result.trajectory.loss)
    assert read["experiment"]["problem"]["data"]["source"] == {"left_out": {
        "names": ["x", "y_of_x"], "titles": ["x", "y of x"], "rows": MAXIMUM_NUMBERS,
        "sha256": hashlib.sha256(x.tobytes() + (3.0 * x + 1.0).tobytes()).hexdigest(),
    }}
    assert read["experiment"]["problem"]["model"] == "linear"
    with pytest.raises(StudioError, match="The data of the experiment are not in it: they were more than 100000 num"):
        from_json(json.dumps(read["experiment"]).encode())


def test_a_trajectory_has_all_that_was_edited_by_hand(tmp_path: Path) -> None:
    x = np.linspace(-1.0, 1.0, 50)
    first = gdstudio.run(model="linear", data={"x": x, "y": 2.0 * x}, optimizer="gd", iterations=3)
    data = first.experiment.problem.data
    assert data is not None
    edits = Edits(added=tuple({"x": float(row), "y": float(row) / 7} for row in range(MAXIMUM_BYTES // 30)))
    much = replace(first.experiment, problem=replace(first.experiment.problem, data=replace(data, edits=edits)))
    with pytest.raises(StudioError, match="cannot be saved"):
        to_json(much)
    write_table(tmp_path / "run.json", first.trajectory, much)
    read = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert len(read["experiment"]["problem"]["data"]["edits"]["added"]) == len(edits.added)


def test_a_data_file_stands_in_a_trajectory_by_its_path_and_hash(tmp_path: Path) -> None:
    file = tmp_path / "line.csv"
    file.write_text("x,y\n1,3\n2,5\n4,9\n", encoding="utf-8")
    result = gdstudio.run(model="linear", data=file, optimizer="gd", iterations=5)
    write_table(tmp_path / "run.json", result.trajectory, result.experiment)
    read = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    source = read["experiment"]["problem"]["data"]["source"]
    assert (source["file"], source["digest"]) == ("line.csv", hashlib.sha256(file.read_bytes()).hexdigest())
    opened = from_json(json.dumps(read["experiment"]).encode(), tmp_path)
    assert run_experiment(opened).theta.tolist() == result.theta.tolist()
    file.unlink()
    write_table(tmp_path / "run.json", result.trajectory, result.experiment)
    read = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert read["experiment"]["problem"]["data"]["source"]["file"] == str(file)
    assert same_bits(read["columns"]["loss"], result.trajectory.loss)


@pytest.mark.parametrize("result", [VALLEY, BATCHED, AWAY], ids=["valley", "batched", "away"])
def test_npz_has_one_array_for_each_column(tmp_path: Path, result: gdstudio.Result) -> None:
    write_table(tmp_path / "run.npz", result.trajectory, result.experiment)
    with np.load(tmp_path / "run.npz", allow_pickle=False) as read:
        assert list(read) == list(result.trajectory.column_names)
        for name in read:
            assert read[name].tobytes() == np.ascontiguousarray(result.trajectory.column(name)).tobytes()


def test_variables_may_be_called_like_columns_or_like_arguments_of_numpy(tmp_path: Path) -> None:
    result = gdstudio.run(formula="loss^2 + file^2 + allow_pickle^2 + iteration^2", iterations=2)
    names = [*LEADING, "theta_loss", "file", "allow_pickle", "theta_iteration", "evaluations"]
    for ending in TABLE_ENDINGS:
        write_table(tmp_path / f"run{ending}", result.trajectory, result.experiment)
    assert list(read_csv(tmp_path / "run.csv")) == names
    with np.load(tmp_path / "run.npz") as read:
        assert list(read) == names
        assert read["file"].tolist() == result.trajectory.theta[:, 1].tolist()


def test_a_run_that_begins_later_has_no_start(tmp_path: Path) -> None:
    trajectory = Trajectory(Blocks.of_numbers(("x",)), 3)
    trajectory.append(np.array([2.0]), 4.0, 1.0)
    trajectory.restart(10)
    trajectory.append(np.array([1.0]), 1.0, 0.5)
    write_table(tmp_path / "run.csv", trajectory, greeting())
    assert read_csv(tmp_path / "run.csv")["iteration"] == ["10"]


def test_endings_are_read_in_any_case_and_others_are_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "run.CSV", VALLEY.trajectory, VALLEY.experiment)
    assert (tmp_path / "run.CSV").exists()
    for name in ("run.xlsx", "run", ".csv", "csv", "run.csv.gz"):
        with pytest.raises(StudioError, match=r"ends in \.csv, \.json, \.npz, not to .*" + name):
            check_table_file(tmp_path / name)
        with pytest.raises(StudioError, match=r"ends in \.csv, \.json, \.npz"):
            write_table(tmp_path / name, VALLEY.trajectory, VALLEY.experiment)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.CSV"]


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
@pytest.mark.parametrize("cause", [KeyboardInterrupt(), OSError(28, "No space left on device"), SystemExit(143)])
def test_an_interruption_half_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, cause: BaseException
) -> None:
    place = tmp_path / f"run{ending}"
    place.write_bytes(b"old")
    column, calls = Trajectory.column, []

    def interrupted(trajectory: Trajectory, name: str) -> Any:
        calls.append(name)
        if len(calls) > 3:
            raise cause
        return column(trajectory, name)

    monkeypatch.setattr(Trajectory, "column", interrupted)
    expected = StudioError if isinstance(cause, OSError) else type(cause)
    with pytest.raises(expected):
        write_table(place, VALLEY.trajectory, VALLEY.experiment)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]
    assert place.read_bytes() == b"old"


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
@pytest.mark.parametrize("problem", ["parabola", "line_fit", "three_variables"])
def test_the_size_is_known_before(tmp_path: Path, ending: str, problem: str) -> None:
    result = gdstudio.run(problem, iterations=30_000, tolerance=0, optimizer="adam", learning_rate=1e-4)
    place = tmp_path / f"run{ending}"
    write_table(place, result.trajectory, result.experiment)
    assert tables._estimated_size(ending, result.trajectory) == pytest.approx(place.stat().st_size, rel=0.03)


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
def test_a_disk_too_small_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    result = gdstudio.run("bowl", iterations=30_000, tolerance=0)
    place = tmp_path / f"run{ending}"
    place.write_bytes(b"old")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=1 << 40, free=1 << 20))
    with pytest.raises(StudioError, match=r"would take about \d\.\d MiB, but only 1\.0 MiB are free"):
        write_table(place, result.trajectory, result.experiment)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]
    assert place.read_bytes() == b"old"


LIMITED = """
import resource, sys
from gdstudio.__main__ import process
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
process()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize("ending", TABLE_ENDINGS)
def test_a_disk_that_refuses_half_way_is_said_and_leaves_what_was_there(tmp_path: Path, ending: str) -> None:
    place = tmp_path / f"run{ending}"
    place.write_bytes(b"old")
    arguments = ["run", "--problem", "bowl", "--iterations", "50000", "--tolerance", "0", "--out", str(place)]
    command = [sys.executable, "-c", LIMITED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = f"gdstudio: {place} cannot be written: File too large.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]
    assert place.read_bytes() == b"old"


@pytest.mark.parametrize("ending", TABLE_ENDINGS)
def test_the_text_of_a_long_run_never_stands_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(tables, "_ROWS_AT_ONCE", 1024)
    result = gdstudio.run("bowl", iterations=100_000, tolerance=0)
    place = tmp_path / f"run{ending}"
    write_table(place, VALLEY.trajectory, VALLEY.experiment)  # what is loaded at first use is not counted
    tracemalloc.start()
    try:
        write_table(place, result.trajectory, result.experiment)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert place.stat().st_size > 4_000_000
    assert peak < 4_000_000


def test_a_bracket_is_empty_until_there_is_one(tmp_path: Path) -> None:
    result = gdstudio.run("parabola", optimizer="sign_search", start=[1.0], learning_rate=0.3, iterations=8)
    write_table(tmp_path / "run.csv", result.trajectory, result.experiment)
    read = read_csv(tmp_path / "run.csv")
    low = result.trajectory.column("bracket_low")
    assert [text == "" for text in read["bracket_low"]] == np.isnan(low).tolist()
    assert read["bracket_high"].count("") == read["bracket_low"].count("") > 1
    assert float(read["learning_rate"][1]) == pytest.approx(0.3)


def test_a_rate_that_is_not_there_is_empty_and_one_that_is_no_number_is_said(tmp_path: Path) -> None:
    place = tmp_path / "own.txt"
    place.write_text("theta = theta - 0.01*sign(g)", encoding="utf-8")
    for optimizer, schedule, texts in (
        (f"file:{place}", None, ["", "", ""]), ("gd", "formula:0/0", ["", "nan"]),
    ):
        result = gdstudio.run("parabola", iterations=2, optimizer=optimizer, schedule=schedule)
        write_table(tmp_path / "run.csv", result.trajectory, result.experiment)
        assert read_csv(tmp_path / "run.csv")["learning_rate"] == texts
