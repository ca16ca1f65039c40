"""A saved experiment knows its data again: small ones are in it, files are referred to by path and hash."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

import gdstudio
from gdstudio.data.edits import Edits
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.experiment.data_file import file_source
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.file import (
    MAXIMUM_BYTES,
    MAXIMUM_NUMBERS,
    from_json,
    open_experiment,
    save_experiment,
    to_json,
)
from gdstudio.experiment.sampled import sampled

if TYPE_CHECKING:
    from pathlib import Path


def experiment(source: Source, edits: Edits | None = None) -> Experiment:
    problem = Problem(model="linear", data=Data(source=source, held_out=0.25, edits=edits or Edits()))
    return Experiment(problem=problem, start=(0.0, 0.0), runs=(Run(optimizer="gd", batch=2, order="sequential"),))


def table(rows: int) -> Table:
    values = np.random.default_rng(1).standard_normal((2, rows))
    return Table(("x", "kind_of"), ("x", "kind of"), values)


def test_small_data_are_in_the_experiment_to_the_bit() -> None:
    edits = Edits().moved(1, {"x": 0.1}).with_row({"x": 1.0, "kind_of": 2.0}).without([0])
    before = experiment(Source(table=table(8)), edits)
    after = from_json(to_json(before))
    assert after == before
    assert json.loads(to_json(before))["version"] == 3


def test_large_data_are_refused_with_what_to_do() -> None:
    with pytest.raises(StudioError, match="CSV file"):
        to_json(experiment(Source(table=table(MAXIMUM_NUMBERS))))


def changed_in_source(part: str, change: dict[str, object]) -> bytes:
    content = json.loads(to_json(experiment(Source(table=table(5)))))
    data = content["problem"]["data"]
    {"table": data["source"]["table"], "edits": data["edits"]}[part].update(change)
    return json.dumps(content).encode()


def test_a_table_that_could_not_be_saved_does_not_open() -> None:
    zeros = [0.0] * (MAXIMUM_NUMBERS // 2 + 1)
    with pytest.raises(StudioError, match=r"up to 100000 numbers .* these are 100002; .* CSV file"):
        from_json(changed_in_source("table", {"values": [zeros, zeros]}))


def test_many_erased_samples_are_written_without_indentation(tmp_path: Path) -> None:
    many = experiment(file_of_rows(tmp_path, 400_000), Edits().without(range(390_000)))
    save_experiment(many, tmp_path / "many.json")
    written = (tmp_path / "many.json").read_bytes()
    assert len(written) <= MAXIMUM_BYTES
    assert b"\n" not in written
    opened = open_experiment(tmp_path / "many.json").problem.data
    assert opened is not None
    assert len(opened.edits.erased) == 390_000


def test_what_could_not_be_opened_again_is_not_saved(tmp_path: Path) -> None:
    too_many = experiment(file_of_rows(tmp_path, 3), Edits().without(range(700_000)))
    with pytest.raises(StudioError, match=r"cannot be saved: with all that was edited by hand it takes .* at most"):
        save_experiment(too_many, tmp_path / "x.json")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_a_file_whose_name_is_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"cannot be saved: .*U\+DCFF\.csv is not text"):
        to_json(experiment(Source(file=str(tmp_path / "\udcff.csv"))))


def file_of_rows(folder: Path, rows: int) -> Source:
    path = folder / "table.csv"
    path.write_text("x,y\n" + "".join(f"{x},{2 * x + x % 3}\n" for x in range(rows)), encoding="utf-8")
    return file_source(path)


@pytest.mark.parametrize("saved_before", [False, True])
def test_a_file_that_changed_after_it_was_opened_is_not_taken_for_what_was_read(
    tmp_path: Path, saved_before: bool
) -> None:
    document = experiment(file_of_rows(tmp_path, 50), Edits().without([0, 49]))
    before = b""
    if saved_before:
        save_experiment(document, tmp_path / "x.json")
        document = open_experiment(tmp_path / "x.json")
        before = (tmp_path / "x.json").read_bytes()
    file_of_rows(tmp_path, 60)
    with pytest.raises(StudioError, match=r"table\.csv has changed since it was opened"):
        save_experiment(document, tmp_path / "x.json")
    assert (tmp_path / "x.json").exists() == saved_before
    assert not saved_before or (tmp_path / "x.json").read_bytes() == before
    (tmp_path / "table.csv").unlink()
    with pytest.raises(StudioError, match=r"there is no file .*table\.csv"):
        save_experiment(document, tmp_path / "x.json")


@pytest.mark.parametrize(("change", "message"), [
    ({"values": [[1.0, 2.0], [1.0]]}, "as many numbers"),
    ({"values": [[1.0, 2.0], [1.0, None]]}, "does not fit"),
    ({"names": ["x"]}, "a name of its own"),
    ({"nmaes": []}, "unknown field problem.data.source.table.nmaes"),
    ({"names": ["x", "1y"]}, "Column 2 of a table cannot be called 1y: a name has letters"),
    ({"names": ["sin", "y"]}, "Column 1 of a table cannot be called sin"),
    ({"names": ["a b", "y"]}, "cannot be called a b"),
    ({"names": ["", "y"]}, "cannot be called ''"),
    ({"classes": {"z": ["no", "yes"]}}, "labels for z, but no such column; try x, kind_of"),
    ({"values": [[1, 2, 3], [0, 1, 2]], "classes": {"kind_of": ["no", "yes"]}}, "Row 3 of kind of holds 2, .* its 2"),
    ({"values": [[1, 2, 3], [0, 1, -1]], "classes": {"kind_of": ["no", "yes"]}}, "Row 3 of kind of holds -1"),
    ({"values": [[1, 2, 3], [0, 0.5, 1]], "classes": {"kind_of": ["no", "yes"]}}, r"Row 2 of kind of holds 0\.5"),
])
def test_broken_tables_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        from_json(changed_in_source("table", change))


@pytest.mark.parametrize(("change", "message"), [
    ({"erased": [-1]}, "no sample -1 to edit"),
    ({"changed": [[-1, "x", 1]]}, "no sample -1 to edit"),
    ({"changed": [[0, "x", None]]}, "does not fit"),
    ({"erased": [0, 4, 1, 2]}, "At least two samples"),
])
def test_edits_that_do_not_fit_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        from_json(changed_in_source("edits", change))


def test_edits_in_any_order_are_those_in_theirs() -> None:
    change: dict[str, object] = {"changed": [[1, "x", 5], [2, "x", 7], [0, "x", 1], [1, "x", 6]], "erased": [2, 2]}
    opened = from_json(changed_in_source("edits", change)).problem.data
    assert opened is not None
    assert opened.edits == Edits().moved(0, {"x": 1.0}).moved(1, {"x": 6.0}).without([2])
    assert opened.edits.changed == ((0, "x", 1.0), (1, "x", 6.0))


@pytest.mark.parametrize("encoding", [
    "unicode_escape", "raw_unicode_escape", "idna", "punycode", "base64", "undefined",
])
def test_an_encoding_that_no_file_of_text_has_is_refused(tmp_path: Path, encoding: str) -> None:
    content = json.loads(to_json(experiment(file_of_rows(tmp_path, 9))))
    content["problem"]["data"]["source"]["format"]["encoding"] = encoding
    with pytest.raises(StudioError, match=f"{encoding} is no encoding of text; choose one such as utf-8"):
        from_json(json.dumps(content).encode(), tmp_path)


def saved(folder: Path) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "table.csv").write_text("x,y\n1,2\n2,4.5\n3,6\n4,8\n", encoding="utf-8")
    save_experiment(experiment(Source(file=str(folder / "data" / "table.csv"))), folder / "experiment.json")
    return folder / "experiment.json"


def test_a_data_file_below_the_experiment_moves_with_it(tmp_path: Path) -> None:
    saved(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    opened = open_experiment(tmp_path / "there" / "experiment.json")
    data = opened.problem.data
    assert data is not None
    assert data.source.file == str(tmp_path / "there" / "data" / "table.csv")


def test_a_data_file_that_has_changed_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path / "here")
    (tmp_path / "here" / "data" / "table.csv").write_text("x,y\n1,2\n2,4\n3,6\n4,8\n", encoding="utf-8")
    with pytest.raises(StudioError, match="not what it was when the experiment was saved"):
        open_experiment(path)


def test_a_data_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path / "here")
    (tmp_path / "here" / "data" / "table.csv").unlink()
    with pytest.raises(StudioError, match="there is no file"):
        open_experiment(path)


def test_an_experiment_without_data_is_written_as_before() -> None:
    plain = Experiment(problem=Problem(key="bowl"), start=(1.0, 1.0), runs=(Run(optimizer="gd"),))
    content = json.loads(to_json(plain))
    assert content["version"] == 1
    assert set(content["problem"]) == {"key", "text", "parameters"}
    assert from_json(to_json(plain)) == plain


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    ends = []
    for factor in (2, 3, 10):
        path.write_text("x,y\n" + "".join(f"{x},{factor * x}\n" for x in range(5)), encoding="utf-8")
        ends.append(gdstudio.run(model="linear", data=path, optimizer="bfgs").theta[1])
    assert ends == pytest.approx([2, 3, 10])
    path.unlink()
    with pytest.raises(StudioError, match="no file"):
        gdstudio.run(model="linear", data=path)


def test_data_that_changed_behind_a_document_are_told(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1,2\n2,4\n3,7\n", encoding="utf-8")
    source = file_source(path)
    path.write_text("x,y\n1,2\n2,4\n3,7\n4,9\n", encoding="utf-8")
    with pytest.raises(StudioError, match="has changed since it was opened"):
        sampled(Problem(model="linear", data=Data(source=source)))
