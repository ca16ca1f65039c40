"""From what a file has to the table that a descent works on: refused, left out or filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.data.reading import Mend, read_file, table_of
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from tests.data.reading.written import read

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED = "x,y,s\n1,2,a\n3,NA,b\n5,6,\nq,8,a\n9,inf,b\n11,12,a\n"


def refusal(folder: Path, content: str, used: list[str], labels: tuple[str, ...] = (), mend: Mend = "refuse") -> str:
    raw = read(folder, content)
    with pytest.raises(StudioError) as caught:
        table_of(raw, used, labels, mend)
    return str(caught.value).removeprefix(f"{raw.file}").lstrip(": ")


def test_a_sound_file_becomes_a_table(tmp_path: Path) -> None:
    raw = read(tmp_path, "blood pressure,age,y\n120.5,30,1\n130,40,2\n")
    table = table_of(raw, ["y", "blood pressure"])
    assert isinstance(table, Table)
    assert table.names == ("y", "blood_pressure")
    assert table.titles == ("y", "blood pressure")
    assert table.values.tolist() == [[1, 2], [120.5, 130]]
    assert table.values.flags.c_contiguous
    assert (dict(table.classes), table.notes) == ({}, ())


def test_what_is_not_used_may_be_damaged(tmp_path: Path) -> None:
    assert table_of(read(tmp_path, "x,y,z\n1,2,\n3,4,inf\n5,6,text\n"), ["x", "y"]).rows == 3


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("", "line 3 has nothing in the column the y, which needs a number such as 1.5."),
        ("NA", "line 3 has NA in the column the y, which needs a number such as 1.5."),
        ("?", "line 3 has ? in the column the y, which needs a number such as 1.5."),
        ("12 kg", "line 3 has 12 kg in the column the y, which needs a number such as 1.5."),
        ("inf", "line 3 has inf in the column the y, which needs a finite number such as 1.5."),
        ("1e999", "line 3 has 1e999 in the column the y, which needs a finite number such as 1.5."),
    ],
)
def test_a_cell_that_cannot_be_used(tmp_path: Path, cell: str, sentence: str) -> None:
    assert refusal(tmp_path, f"x,the y\n1,2\n3,{cell}\n5,6\n7,8\n", ["x", "the y"]) == sentence


def test_an_example_has_the_decimal_mark_of_the_file(tmp_path: Path) -> None:
    sentence = "line 3 has 1.000,5 in the column y, which needs a number such as 1,5."
    assert refusal(tmp_path, "x;y\n1,5;2\n2,5;1.000,5\n2;4\n", ["y"]) == sentence


def test_the_first_damage_of_the_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, DAMAGED, ["x", "y"]).startswith("line 3 has NA in the column y")
    assert refusal(tmp_path, DAMAGED, ["y", "x"]).startswith("line 3 has NA in the column y")
    assert refusal(tmp_path, DAMAGED, ["x"]).startswith("line 5 has q in the column x")
    assert refusal(tmp_path, DAMAGED, ["s"], ("s",)) == "line 4 has nothing in the column s, which needs a label."


@pytest.mark.parametrize("mend", ["refuse", "drop", "fill"])
def test_a_column_of_text_is_no_column_of_numbers(tmp_path: Path, mend: Mend) -> None:
    sentence = "the column s holds text (a in line 2), not numbers; choose other columns."
    assert refusal(tmp_path, DAMAGED, ["x", "s"], mend=mend) == sentence


def test_text_behind_many_missing_cells_is_still_named(tmp_path: Path) -> None:
    content = "s,y\n" + ",1\n" * 20 + "a,1\nb,1\n"
    sentence = "the column s holds text (a in line 22), not numbers; choose other columns."
    assert refusal(tmp_path, content, ["s"]) == sentence


def test_an_unknown_column(tmp_path: Path) -> None:
    assert refusal(tmp_path, DAMAGED, ["x", "z"]).startswith("has no column z; try x, y, s")
    assert refusal(tmp_path, "weight,y\n1,2\n", ["wieght"]) == "has no column wieght; try weight."


@pytest.mark.parametrize(("content", "rows"), [("x,y\n1,2\n", "1 row"), ("x,y\n1,NA\n3,NA\n", "0 rows")])
def test_fewer_than_two_rows(tmp_path: Path, content: str, rows: str) -> None:
    assert refusal(tmp_path, content, ["x", "y"], mend="drop") == f"has {rows} that can be used; at least 2 are needed."


def test_one_row_is_too_few_unmended_too(tmp_path: Path) -> None:
    assert refusal(tmp_path, "1,2\n", ["column_1"]) == "has 1 row that can be used; at least 2 are needed."


def test_rows_left_out(tmp_path: Path) -> None:
    table = table_of(read(tmp_path, DAMAGED), ["x", "y"], mend="drop")
    assert table.values.tolist() == [[1, 5, 11], [2, 6, 12]]
    assert [str(note) for note in table.notes] == ["3 rows with cells that cannot be used left out."]


def test_cells_filled(tmp_path: Path) -> None:
    table = table_of(read(tmp_path, DAMAGED), ["x", "y", "s"], ["s"], "fill")
    assert table.column("x").tolist() == [1, 3, 5, (1 + 3 + 5 + 9 + 11) / 5, 9, 11]
    assert table.column("y").tolist() == [2, 7, 6, 8, 7, 12]
    assert table.column("s").tolist() == [0, 1, 0, 0, 1, 0]
    assert table.classes == {"s": ("a", "b")}
    assert [str(note) for note in table.notes] == [
        "1 cell of x filled with the mean, 5.8.",
        "2 cells of y filled with the mean, 7.",
        "1 cell of s filled with the commonest label, a.",
    ]


def test_notes_of_ragged_rows_come_along(tmp_path: Path) -> None:
    table = table_of(read(tmp_path, "x,y\n1,2\n3\n5,6\n", mend="fill"), ["x", "y"], mend="fill")
    assert table.column("y").tolist() == [2, 4, 6]
    assert len(table.notes) == 2


def test_a_column_of_nothing_cannot_be_filled(tmp_path: Path) -> None:
    sentence = "nothing in the column y can be used; leave the column out."
    assert refusal(tmp_path, "x,y\n1,\n2,NA\n3,\n", ["y"], mend="fill") == sentence
    assert refusal(tmp_path, "x,y\n1,\n2,NA\n3,\n", ["y"], ("y",), mend="fill") == sentence


def test_the_mean_of_the_largest_numbers_is_finite(tmp_path: Path) -> None:
    table = table_of(read(tmp_path, "x,y\n1e308,1\n1e308,2\nNA,3\n1e308,4\n"), ["x"], mend="fill")
    assert table.column("x")[2] == pytest.approx(1e308, rel=1e-15)


def test_labels_are_in_order_numbers_before_text(tmp_path: Path) -> None:
    table = table_of(read(tmp_path, "d,y\n10,1\n9,2\n10.50,3\n-0.0,4\n0,5\nb,6\nA,7\ninf,8\n"), ["d", "y"], ["d"])
    assert table.classes["d"] == ("0", "9", "10", "10.5", "A", "b", "inf")
    assert table.column("d").tolist() == [2, 1, 3, 0, 0, 5, 4, 6]


def test_labels_that_are_left_out_are_no_classes(tmp_path: Path) -> None:
    table = table_of(read(tmp_path, "s,y\na,1\nb,NA\nc,3\n"), ["s", "y"], ["s"], "drop")
    assert table.classes == {"s": ("a", "c")}
    assert table.column("s").tolist() == [0, 1]


def test_columns_by_title_name_and_twice(tmp_path: Path) -> None:
    raw = read_file(_written(tmp_path))
    table = table_of(raw, ["blood pressure", "blood_pressure", "s"], ["s"])
    assert table.names == ("blood_pressure", "s")
    assert raw.named(" blood pressure ") == "blood_pressure"


def _written(folder: Path) -> Path:
    path = folder / "labels.csv"
    path.write_text("blood pressure,s\n1,a\n2,b\n", encoding="utf-8")
    return path


def test_kinds_go_by_the_filled_cells(tmp_path: Path) -> None:
    raw = read(tmp_path, "a,b,c,d\n1,,x,inf\n2,,x,inf\nx,,1,x\ny,,,\n")
    assert raw.kinds == ("number", "number", "text", "number")
    problems = raw.problems("d")
    assert (problems.missing, problems.text, problems.not_finite, problems.count) == (1, 1, 2, 4)
    assert raw.labels("a") == ["1", "2", "x", "y"]
    assert raw.labels("c") == ["x", "x", "1", ""]
