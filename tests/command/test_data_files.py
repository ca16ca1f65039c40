"""How a file of data is written, where a person knows better than what is found by looking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import gdstudio
from gdstudio.data.table_format import TableFormat
from gdstudio.engine.errors import StudioError
from gdstudio.experiment.file import open_experiment, save_experiment
from gdstudio.experiment.run import run_experiment
from gdstudio.experiment.sampled import sampled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]

# What looking at a file finds wrongly or cannot know, and what is said instead.
WRITTEN: dict[str, tuple[bytes, tuple[str, ...], dict[str, Any]]] = {
    "a header of numbers": (
        b"1990,2000\n1,3\n2,5\n4,9\n", ("--header", "yes"), {"header": True},
    ),
    "names in a row of labels": (
        b"a,b\n1,3\n2,5\n4,9\n", ("--header", "yes", "--delimiter", "comma"), {"header": True, "delimiter": ","},
    ),
    "semicolons": (
        b"x;y\n1,5;4,0\n2,5;6,0\n3,5;8,0\n", ("--delimiter", ";", "--decimal", "comma"),
        {"delimiter": "semicolon", "decimal": ","},
    ),
    "tabs": (b"x\ty\n1\t3\n2\t5\n4\t9\n", ("--delimiter", r"\t"), {"delimiter": "tab"}),
    "another mark": (b"x~y\n1~3\n2~5\n4~9\n", ("--delimiter", "~"), {"delimiter": "~"}),
    "latin-1": (
        "gr\N{LATIN SMALL LETTER O WITH DIAERESIS}\N{LATIN SMALL LETTER SHARP S}e,y\n1,3\n2,5\n4,9\n".encode("latin-1"),
        ("--encoding", "latin-1"), {"encoding": "latin-1"},
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_how_a_file_is_written_can_be_said(say: Callable[..., Said], tmp_path: Path, name: str) -> None:
    content, options, keywords = WRITTEN[name]
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    code, out, err = say("run", "--model", "linear", "--data", str(path), "--optimizer", "bfgs", *options, "--json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    result = gdstudio.run(model="linear", data=path, optimizer="bfgs", **keywords)
    assert said["columns"] == result.columns
    assert list(said["theta"].values()) == result.theta.tolist() == pytest.approx([1.0, 2.0], abs=1e-5)


def test_what_is_said_of_a_file_decides_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"1,4\n2,6\n3,8\n")
    cases: tuple[tuple[dict[str, Any], dict[str, str], int], ...] = (
        ({}, {"column_1": "column_1", "column_2": "column_2"}, 3),
        ({"header": True}, {"1": "column_1", "4": "column_4"}, 2),
    )
    for keywords, columns, samples in cases:
        result = gdstudio.run(model="linear", data=path, iterations=1, **keywords)
        assert result.columns == columns
        assert len(sampled(result.experiment.problem).samples.train) == samples
    path.write_bytes("\N{LATIN SMALL LETTER E WITH ACUTE},y\n1,3\n2,5\n".encode())
    misread = gdstudio.run(model="linear", data=path, iterations=1, encoding="latin-1")
    assert list(misread.columns or ()) == ["\xc3\xa9", "y"]


def test_how_a_file_is_written_is_saved_with_the_experiment(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"1;4,5\n2;6,5\n3;8,5\n")
    result = gdstudio.run(model="linear", data=path, header=True, delimiter="semicolon", decimal="comma",
                          encoding="cp1252", optimizer="bfgs")
    save_experiment(result.experiment, tmp_path / "fit.gds")
    opened = open_experiment(tmp_path / "fit.gds")
    data = opened.problem.data
    assert data is not None
    assert data.source.format == TableFormat(encoding="cp1252", delimiter=";", decimal=",", header=True)
    assert run_experiment(opened).theta.tolist() == result.theta.tolist()


@pytest.mark.parametrize(("tokens", "sentence"), [
    (("--data", "noisy_line", "--header", "no"), "header says how a file of data is written, but the data are no file"),
    (("--data", "noisy_line", "--encoding", "utf-8"), "encoding says how a file"),
    (("--data", "FILE", "--header", "maybe"), "--header is yes or no, not maybe"),
    (("--data", "FILE", "--delimiter", "semicolons"), "must be a comma, semicolon, tab, bar, space"),
    (("--data", "FILE", "--delimiter", "1"), "in no number and no quote, not 1"),
    (("--data", "FILE", "--decimal", "dot"), "The decimal mark must be a point or a comma, not dot"),
    (("--data", "FILE", "--encoding", "utf-9"), "utf-9 is no encoding of text"),
    (("--data", "FILE", "--encoding", "utf-16"), "is not text in utf-16"),
    (("--data", "FILE", "--delimiter", "tab"), "has one column only, x,y"),
    (("--delimiter", ";"), "is about data, but there are none"),
])
def test_what_is_wrongly_said_of_a_file_is_refused(
    say: Callable[..., Said], tmp_path: Path, tokens: tuple[str, ...], sentence: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x,y\n1,3\n2,5\n4,9\n5,1\n")
    code, out, err = say("run", "--model", "linear", *(str(path) if each == "FILE" else each for each in tokens))
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_of_arrays_nothing_is_said_as_of_a_file() -> None:
    for keywords in ({"header": True}, {"decimal": "comma"}, {"delimiter": ","}, {"encoding": "utf-8"}):
        with pytest.raises(StudioError, match="but the data are no file: leave it out"):
            gdstudio.run(model="linear", data={"x": [1.0, 2.0, 3.0], "y": [3.0, 5.0, 7.0]}, **keywords)
    wrong: dict[str, Any] = {"header": "yes"}
    with pytest.raises(StudioError, match="header must be True or False, not yes"):
        gdstudio.run(model="linear", data="data.csv", **wrong)


def test_columns_of_text_that_are_left_out_are_said(say: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("day,x,ill,y\n2024-01-01,1,True,3\n2024-01-02,2,,5\n2024-01-03,4,False,9\n", encoding="utf-8")
    asked = ("run", "--model", "linear", "--data", str(path), "--iterations", "3")
    _, out, _ = say(*asked)
    lines = [line for line in out.splitlines() if line.startswith("left out")]
    assert lines == ["left out       day holds text (2024-01-01 in line 2), ill holds text (True in line 2)"]
    left_out = json.loads(say(*asked, "--json")[1])["left_out"]
    assert left_out == {"day": {"text": "2024-01-01", "line": 2}, "ill": {"text": "True", "line": 2}}
    assert gdstudio.run(model="linear", data=path, iterations=3).left_out == {
        "day": ("2024-01-01", 2), "ill": ("True", 2)
    }
    _, named, _ = say(*asked, "--features", "x")
    assert "left out" not in named
    assert json.loads(say(*asked, "--features", "x", "--json")[1])["left_out"] == {}


def test_labels_of_a_data_set_that_are_left_out_are_said(say: Callable[..., Said]) -> None:
    asked = ("run", "--model", "linear", "--data", "iris", "--iterations", "1")
    assert "left out       species holds text (setosa)\n" in say(*asked, "--target", "sepal_length")[1]
    assert "left out" not in say("run", "--model", "softmax", "--data", "iris", "--iterations", "1")[1]
    assert gdstudio.run("parabola").left_out is None


# What a file holds, the options, and what is said of it: that nothing is left that a model could predict from.
WITHOUT_NUMBERS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "thousands": (
        "x;y\n1.000.000,5;0\n1.000.001,5;1\n", (), "besides y, so nothing that a model can predict it from: x holds "
        "text (1.000.000,5 in line 2)."
    ),
    "truths": ("x,z,y\nTrue,a,0\nFalse,b,1\n", (), ": x holds text (True in line 2), and so does z."),
    "several": ("x,z,q,y\nTrue,a,b,0\nFalse,b,c,1\n", (), ": x holds text (True in line 2), and so do z, q."),
    "another decimal mark": (
        "x;y\n1,5;0,5\n2,5;1,5\n", ("--decimal", "point"), "besides y, so nothing that a model can predict it from: x "
        "holds text (1,5 in line 2)."
    ),
    "another delimiter": (
        "x,y\n1.5,2\n2.5,3\n", ("--delimiter", "tab"), "has one column only, x,y, so there is nothing that a model can "
        "predict it from; its fields were divided by tab (1.5,2 in line 2)."
    ),
}


@pytest.mark.parametrize("name", WITHOUT_NUMBERS)
def test_a_file_without_features_is_refused_with_a_cell(say: Callable[..., Said], tmp_path: Path, name: str) -> None:
    content, options, sentence = WITHOUT_NUMBERS[name]
    path = tmp_path / "data.csv"
    path.write_text(content, encoding="utf-8")
    code, out, err = say("run", "--model", "linear", "--data", str(path), *options)
    assert (code, out) == (2, "")
    assert "data.csv" in err
    assert err.endswith(sentence + "\n")
