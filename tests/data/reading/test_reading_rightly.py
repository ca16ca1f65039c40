"""What people's files look like, each read as it is meant."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.data.reading import preview
from gdstudio.data.table_format import TableFormat
from tests.data.reading.written import read

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = "x,y\n1.5,2\n-3,4e2\n"
GERMAN = "Größe;Gewicht\r\n1,5;2\r\n-3;4e2\r\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\n\n  \n"),
        "\n\n" + PLAIN + "\n\n\n",
        PLAIN.replace(",", " , "),
        PLAIN.replace("\n", "  \n   "),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", "   "),
        PLAIN.replace(",", " \t "),
        '"x"\t y\n 1.5 \t"2" \n-3\t\t4e2',
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace(",", "\t").replace(".", ","),
        PLAIN.replace(",", " ").replace(".", ","),
        '"x","y"\n"1.5","2"\n"-3","4e2"\n',
        '"x" , "y" \n "1.5" , 2\n-3,"4e2"',
        '"x","y"\n"1,5","2"\n"-3","4e2"\n',
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace("\n", "\r\n").encode("utf-16"),
        "x,y\n1.50,+2.\n-3.e0,4E+02\n",
        "x,y\n0000001.5,2\n-.3e1,400.000000\n",
    ],
)
def test_conventions_are_found(tmp_path: Path, content: str | bytes) -> None:
    table = read(tmp_path, content)
    assert table.titles == table.names == ("x", "y")
    assert table.values.tolist() == [[1.5, -3.0], [2.0, 400.0]]
    assert table.kinds == ("number", "number")
    assert None not in (table.format.encoding, table.format.delimiter, table.format.decimal, table.format.header)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_accents_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, GERMAN.encode(encoding))
    assert table.titles == ("Größe", "Gewicht")
    assert table.names == ("Grosse", "Gewicht")
    assert table.values.tolist() == [[1.5, -3.0], [2.0, 400.0]]


def test_bytes_that_are_neither_utf8_nor_cp1252_are_latin1(tmp_path: Path) -> None:
    table = read(tmp_path, b"\x81\xe9,y\n1,2\n3,4\n")
    assert (table.format.encoding, table.titles[0]) == ("latin-1", "\x81é")


@pytest.mark.parametrize("rest", [b"3,\xe9t\xe9\n", b"3,\x81\xe9\n"])
def test_an_accent_far_behind_the_beginning_is_no_damage(tmp_path: Path, rest: bytes) -> None:
    table = read(tmp_path, b"x,y\n" + b"1,2\n" * 200_000 + rest)
    assert table.rows == 200_001
    (problem,) = table.problems("y").first
    assert (problem.line, problem.text) == (200_002, rest[2:-1].decode("cp1252" if b"\x81" not in rest else "latin-1"))


def test_quotes_hold_delimiters_lines_and_quotes(tmp_path: Path) -> None:
    table = read(tmp_path, 'name,v\n"Smith, J",1\n"O""Neil",2\n"two\r\nlines",3\n" spaces ",4\n5" pipe,5\n')
    assert table.labels("name") == ["Smith, J", 'O"Neil', "two\nlines", "spaces", '5" pipe']
    assert table.numbers("v").tolist() == [1, 2, 3, 4, 5]
    assert table.lines.tolist() == [2, 3, 4, 6, 7]


def test_a_quote_across_pieces_of_a_large_file(tmp_path: Path) -> None:
    filler = "line of a long text\n" * 5_000
    content = "name,v\n" + "".join(f'"{filler}",{k}\n' for k in range(20)) + "end,20\n"
    table = read(tmp_path, content)
    assert table.numbers("v").tolist() == list(range(21))
    assert table.labels("name") == [filler.strip()] * 20 + ["end"]
    assert table.lines.tolist() == [2 + 5_001 * k for k in range(21)]


def test_a_file_without_header(tmp_path: Path) -> None:
    table = read(tmp_path, "1,2\n3,4\n")
    assert table.format.header is False
    assert table.titles == table.names == ("column_1", "column_2")
    assert table.lines.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("5.1,setosa\n4.9,setosa\n", False),
        ("length,species\n4.9,setosa\n5,x\n", True),
        ("id,2019,2020\n1,5,6\n2,7,8\n", True),
        ("NA,2\n1,2\n", False),
        ("a,b\nc,d\ne,f\n", True),
        ("a,a\nc,d\ne,f\n", False),
    ],
)
def test_a_header_is_text_above_numbers(tmp_path: Path, content: str, header: bool) -> None:
    assert read(tmp_path, content).format.header is header


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("x\n1\n2\n", [1, 2]),
        ("x\n1,5\n2,5\n", [1.5, 2.5]),
        ("blood pressure\n1.5\n2\n", [1.5, 2]),
        ("1\n2\n", [1, 2]),
    ],
)
def test_one_column_alone(tmp_path: Path, content: str, values: list[float]) -> None:
    table = read(tmp_path, content)
    assert table.values.tolist() == [values]


def test_thousands_between_commas_are_not_taken_for_decimals(tmp_path: Path) -> None:
    table = read(tmp_path, 'pay,n\n"1,250",1\n"13,500",2\n')
    assert table.format.decimal == "."
    assert [problem.text for problem in table.problems("pay").first] == ["1,250", "13,500"]


def test_text_with_spaces_and_times_does_not_mislead(tmp_path: Path) -> None:
    table = read(tmp_path, "city;when;value\nNew York;2020-01-01 10:00;1,5\nLos Angeles;2020-01-02 11:00;2,5\n")
    assert (table.format.delimiter, table.format.decimal) == (";", ",")
    assert table.kinds == ("text", "text", "number")


@pytest.mark.parametrize(
    ("given", "titles", "values"),
    [
        (TableFormat(header=False), ("column_1", "column_2"), [[1, 3], [2, 4]]),
        (TableFormat(header=True), ("1", "2"), [[3], [4]]),
        (TableFormat(delimiter=";", header=False), ("column_1",), [[1.2, 3.4]]),
        (TableFormat(delimiter=";", decimal=".", header=False), ("column_1",), None),
    ],
)
def test_what_is_given_is_not_guessed(
    tmp_path: Path, given: TableFormat, titles: tuple[str, ...], values: list[list[float]] | None
) -> None:
    table = read(tmp_path, "1,2\n3,4\n", given)
    assert table.titles == titles
    if values is None:
        assert table.kinds == ("text",)
    else:
        assert table.values.tolist() == values


def test_a_given_encoding_is_kept(tmp_path: Path) -> None:
    content = "ж,y\n1,2\n3,4\n".encode("cp1251")
    assert read(tmp_path, content).titles == ("æ", "y")
    assert read(tmp_path, content, TableFormat(encoding="cp1251")).titles == ("ж", "y")


@pytest.mark.parametrize("text", ["", "NA", "n/a", "NaN", "nan", "-nan", "null", "None", "-", "?", "#N/A", "<NA>"])
def test_what_stands_for_nothing(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, f"x,y\n1,2\n{text},3\n")
    assert table.kinds == ("number", "number")
    problems = table.problems("x")
    assert (problems.count, problems.missing) == (1, 1)
    (first,) = problems.first
    assert (first.row, first.line, first.column, first.text, first.why) == (1, 3, "x", text, "missing")


@pytest.mark.parametrize("text", ["inf", "-inf", "+Inf", "Infinity", "1e999", "-1e400"])
def test_what_is_not_finite(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, f"x,y\n1,2\n{text},3\n")
    assert [problem.why for problem in table.problems("x").first] == ["not_finite"]
    assert np.isnan(table.numbers("x")[1])


@pytest.mark.parametrize("text", ["1_000", "١٢", "0x10", "1e", "1.2.3", "1 2", "--1", "1,5", "−5", "1.5j", "true"])
def test_what_python_might_take_for_a_number(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, f"x;y\n1.5;2\n2.5;2\n{text};3\n", TableFormat(delimiter=";", decimal="."))
    assert [problem.why for problem in table.problems("x").first] == ["text"]


def test_rows_beyond_the_first_hundred_are_held_to_the_same_rules(tmp_path: Path) -> None:
    """They are read by another way, which must come to the same."""
    cells = ["1_000", "١٢", "inf", "nan", "1e999", "", "1,5", "a", '"7"', " 7 ", "0x1p3"]
    odd = "".join(f"{cell};1\n" for cell in cells) + "  \n\n5;5\n"
    known = TableFormat(delimiter=";", decimal=".", header=True)
    expected = read(tmp_path, "x;y\n" + odd, known)
    late = read(tmp_path, "x;y\n" + "4;4\n" * 300_000 + odd, known)
    for name in ("x", "y"):
        np.testing.assert_array_equal(late.numbers(name)[300_000:], expected.numbers(name))
        assert [(p.row - 300_000, p.line - 300_000, p.text, p.why) for p in late.problems(name).first] == [
            (p.row, p.line, p.text, p.why) for p in expected.problems(name).first
        ]
    assert (late.lines[300_000:] - 300_000).tolist() == expected.lines.tolist()


def test_a_preview_is_the_first_rows_whatever_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x,name\n" + b"".join(b"%d,n%d\n" % (k, k) for k in range(200_000)) + b"\0damage")
    table = preview(path, rows=50)
    assert table.rows == 50
    assert table.preview(3) == [["0", "n0"], ["1", "n1"], ["2", "n2"]]
    assert table.kinds == ("number", "text")
    assert preview(path, TableFormat(header=False), 5).preview(9)[0] == ["x", "name"]


def test_the_first_rows_of_a_whole_table_stand_as_they_do_in_the_file(tmp_path: Path) -> None:
    table = read(tmp_path, "x;y\n 1,50 ;NA\n2;3\n")
    assert table.preview(10) == [["1,50", "NA"], ["2", "3"]]


@pytest.mark.parametrize("end", [",", ",,", ", ", ',""'])
@pytest.mark.parametrize("header", ["x,z,y", None])
def test_delimiters_at_the_end_of_every_line_make_no_column(tmp_path: Path, end: str, header: str | None) -> None:
    rows = ["1,2,3", "4,5,6"]
    table = read(tmp_path, "\n".join(row + end for row in ([header] if header else []) + rows))
    assert table.titles == table.names == (("x", "z", "y") if header else ("column_1", "column_2", "column_3"))
    assert table.values.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert table.preview(2) == [["1", "2", "3"], ["4", "5", "6"]]
    assert table.kinds == ("number",) * 3


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        ("x,y,z\n1,2,\n3,4,\n", ("x", "y", "z")),
        ("x,y,\n1,2,\n3,4,NA\n", ("x", "y", "column_3")),
        ("x,y,\n1,2,\n" + "3,4,\n" * 100_000 + "3,4,5\n", ("x", "y", "column_3")),
        ("1,2,\n3,4,5\n", ("column_1", "column_2", "column_3")),
        (",x,y\n,1,2\n,3,4\n", ("column_1", "x", "y")),
    ],
)
def test_a_last_column_with_a_title_or_a_cell_is_kept(tmp_path: Path, content: str, titles: tuple[str, ...]) -> None:
    assert read(tmp_path, content).titles == titles


@pytest.mark.parametrize("mark", [";", ",", "\t", "|", " ", ":"])
def test_a_first_line_names_the_delimiter(tmp_path: Path, mark: str) -> None:
    table = read(tmp_path, f"sep={mark}\r\n" + GERMAN.replace(",", ".").replace(";", mark))
    assert table.format.delimiter == mark
    assert table.titles == ("Größe", "Gewicht")
    assert table.values.tolist() == [[1.5, -3.0], [2.0, 400.0]]
    assert table.lines.tolist() == [3, 4]


def test_a_person_knows_the_delimiter_better_than_the_first_line(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=;\n1,2\n3,4\n", TableFormat(delimiter=","))
    assert table.values.tolist() == [[1, 3], [2, 4]]


@pytest.mark.parametrize("title", ["sep=a", "sep=", "sep=1", "separator"])
def test_other_first_lines_are_titles(tmp_path: Path, title: str) -> None:
    assert read(tmp_path, f"{title}\n1\n2\n").titles == (title,)


def test_comments_before_the_table_are_no_part_of_it(tmp_path: Path) -> None:
    table = read(tmp_path, "# measured, 2020; by me\n\n  #\t1 2 3\nx,y\n1,2\n#3,4\n")
    assert table.titles == ("x", "y")
    assert table.lines.tolist() == [5, 6]
    (problem,) = table.problems("x").first
    assert (problem.line, problem.text) == (6, "#3")
    assert preview(tmp_path / "data.csv").titles == ("x", "y")


def test_comments_may_be_longer_than_what_is_looked_at_first(tmp_path: Path) -> None:
    table = read(tmp_path, "# a comment\n" * 30_000 + "x,y\n1,2\n3,4\n", TableFormat(header=True))
    assert (table.titles, table.lines.tolist()) == (("x", "y"), [30_002, 30_003])


def test_a_cell_of_nothing_is_no_comment(tmp_path: Path) -> None:
    table = read(tmp_path, "#N/A,2\n1,2\n")
    assert (table.rows, table.problems("column_1").missing) == (2, 1)


def test_a_quoted_title_may_look_like_a_comment(tmp_path: Path) -> None:
    assert read(tmp_path, '"#",y\n1,2\n').titles == ("#", "y")
