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
from gdstudio.experiment.file import MAXIMUM_NUMBERS, from_json, open_experiment, save_experiment, to_json
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


@pytest.mark.parametrize(("change", "message"), [
    ({"values": [[1.0, 2.0], [1.0]]}, "as many numbers"),
    ({"values": [[1.0, 2.0], [1.0, None]]}, "does not fit"),
    ({"names": ["x"]}, "a name of its own"),
    ({"nmaes": []}, "unknown field problem.data.source.table.nmaes"),
])
def test_broken_tables_are_refused(change: dict[str, object], message: str) -> None:
    content = json.loads(to_json(experiment(Source(table=table(3)))))
    content["problem"]["data"]["source"]["table"].update(change)
    with pytest.raises(StudioError, match=message):
        from_json(json.dumps(content).encode())


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
