"""What cannot be read is refused in one sentence that names the place."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from gdstudio.data.reading import Mend, preview, read_file
from gdstudio.data.reading.files import MAXIMUM_COLUMNS
from gdstudio.data.table_format import TableFormat
from gdstudio.engine.errors import StudioError
from tests.data.reading.written import read

MANY = "1,2\n" * 200_000


def refusal(folder: Path, content: str | bytes, given: TableFormat | None = None, mend: Mend = "refuse") -> str:
    """Return what is said, after the name of the file."""
    with pytest.raises(StudioError) as caught:
        read(folder, content, given or TableFormat(), mend)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    path = str(folder / "data.csv")
    assert sentence.startswith(path)
    return sentence.removeprefix(path).lstrip(": ")


@pytest.mark.parametrize("content", ["", "\n", "\r\n  \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", "\n" * 1_000_000])
def test_an_empty_file(tmp_path: Path, content: str | bytes) -> None:
    assert refusal(tmp_path, content) == "is empty; it needs rows of numbers, below a line with their names."


@pytest.mark.parametrize(("content", "line"), [("x,y\n", 1), ("\n\nx,y", 3), ("x,y\r\n\r\n  \r\n", 1)])
def test_a_header_alone(tmp_path: Path, content: str, line: int) -> None:
    assert refusal(tmp_path, content) == f"has a header in line {line}, but no rows below it; it needs two."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x,y\n1,2\n3\n", "line 3 has 1 field, but line 1 has 2; every row needs as many."),
        ("x,y\n\n1,2\n3,4,5\n", "line 4 has 3 fields, but line 1 has 2; every row needs as many."),
        ("1,2\n3,4\n5,6,\n", "line 3 has 3 fields, but line 1 has 2; every row needs as many."),
        ("x,y\n" + MANY + "3\n" + MANY, "line 200002 has 1 field, but line 1 has 2; every row needs as many."),
        ("x,y\n" + MANY + "3,4,5", "line 200002 has 3 fields, but line 1 has 2; every row needs as many."),
        ('x,y\n"a\nb",2\n3\n', "line 4 has 1 field, but line 1 has 2; every row needs as many."),
    ],
)
def test_ragged_rows(tmp_path: Path, content: str, sentence: str) -> None:
    assert refusal(tmp_path, content) == sentence


def test_from_here_on_every_row_is_ragged(tmp_path: Path) -> None:
    """A whole piece of the file may be of one width, but not of the width of the header."""
    assert refusal(tmp_path, "x,y\n" + MANY + "1,2,3\n" * 300_000).startswith("line 200002 has 3 fields")


@pytest.mark.parametrize(
    ("content", "line"),
    [("x,y\n1,\0\n", 2), ("x\0,y\n1,2\n", 1), ("x,y\r\n1,2\r\n" + MANY + "\0", 200_003), ("x,y\r1,2\r\0", 3)],
)
@pytest.mark.parametrize("mend", ["refuse", "drop", "fill"])
def test_nul_bytes(tmp_path: Path, content: str, line: int, mend: Mend) -> None:
    assert refusal(tmp_path, content, mend=mend).startswith(f"line {line} has a NUL byte, which text has not; ")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('x,y\n1,2\n"3,4\n5,6\n', 3),
        ('x,y\n1,2\n3,"4', 3),
        ('x,y\n1,"a\nb"\n3,"\n\n', 4),
        ('"x,y\n1,2\n', 1),
        ("x,y\n" + MANY + '"3,4\n5,6\n', 200_002),
    ],
)
@pytest.mark.parametrize("mend", ["refuse", "drop", "fill"])
def test_unclosed_quotes(tmp_path: Path, content: str, line: int, mend: Mend) -> None:
    sentence = f"the row that begins in line {line} opens a quote that is never closed; close it, or remove it."
    assert refusal(tmp_path, content, mend=mend) == sentence


@pytest.mark.parametrize(
    ("content", "line", "text", "field"),
    [
        ('x,y\n"1"2,3\n4,5\n', 2, "2", 1),
        ('x,y\n4,5\n3,"1" 2 \n', 3, "2", 2),
        ('x,y\n4,5\n"a\n""b\nc" "d",5\n', 5, '"d"', 1),
        ('x,"y"z\n4,5\n', 1, "z", 2),
        ('x y\n4 5\n"1"2 3\n', 3, "2", 1),
        ("x,y\n" + MANY + '3,"4"5\n' + MANY, 200_002, "5", 2),
    ],
)
@pytest.mark.parametrize("mend", ["refuse", "drop", "fill"])
def test_text_behind_a_closing_quote(
    tmp_path: Path, content: str, line: int, text: str, field: int, mend: Mend
) -> None:
    assert refusal(tmp_path, content, mend=mend) == (
        f"line {line} has {text} behind the closing quote of field {field}; quote the whole field, or leave the quotes "
        "out."
    )


def test_lines_count_from_the_beginning_of_the_file(tmp_path: Path) -> None:
    sentence = "line 6 has 1 field, but line 4 has 2; every row needs as many."
    assert refusal(tmp_path, "sep=,\n# two\n\nx,y\n1,2\n3\n") == sentence


@pytest.mark.parametrize("content", ["# a\n#b\n", "sep=;\n", "sep=;\n# a", "#" * 1_000_000])
def test_nothing_but_what_stands_before_a_table(tmp_path: Path, content: str) -> None:
    assert refusal(tmp_path, content) == "is empty; it needs rows of numbers, below a line with their names."


def test_a_quote_that_swallows_a_large_file_is_noticed_early(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, 'x,y\n1,2\n"3,4\n' + MANY * 10)
    assert sentence.startswith("the row that begins in line 3 has a field of more than 131072 characters; ")


def test_a_cell_as_long_as_a_book_is_no_quote_left_open(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, "x,y\n1,a\n" + "z" * 140_000 + ",2\n")
    assert sentence == "line 3 has a field of more than 131072 characters; a table has short ones."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x,y,x\n1,2,3\n", "line 1 calls two columns x, number 1 and 3; name them apart."),
        ('\n"x y" , a,x y\n1,2,3\n', "line 2 calls two columns x y, number 1 and 3; name them apart."),
    ],
)
def test_two_columns_of_one_name(tmp_path: Path, content: str, sentence: str) -> None:
    assert refusal(tmp_path, content) == sentence


def test_columns_without_a_name_are_not_of_one_name(tmp_path: Path) -> None:
    table = read(tmp_path, "x,,\n1,2,3\n4,5,6\n")
    assert table.names == table.titles == ("x", "column_2", "column_3")


@pytest.mark.parametrize(
    ("content", "encoding", "line"),
    [
        (b"x,y\n1,2\n3,\xe9\n", "utf-8", 3),
        (b"x,y\r\n1,2\r\n" + MANY.encode() + b"\xe9", "utf-8", 200_003),
        (b"x,y\n\xe9,2", "ascii", 2),
        (b"x,y\n\x81,2", "cp1252", 2),
        ("x,y\n1,2\n".encode("utf-16") + b"1", "utf-16", 3),
        (b"\xfe\xff" + "x,y\n1,2\n".encode("utf-16-be") + b"\xd8\x00\x00x", "utf-16", 3),
        (b"x,y\n1,2\n", "utf-32", 1),
    ],
)
def test_bytes_that_are_not_in_the_given_encoding(tmp_path: Path, content: bytes, encoding: str, line: int) -> None:
    sentence = f"line {line} is not text in {encoding}; choose the encoding that it was written in."
    assert refusal(tmp_path, content, TableFormat(encoding=encoding)) == sentence


def test_what_was_utf8_so_far_is_damaged_utf8(tmp_path: Path) -> None:
    content = "Größe,y\n".encode() + MANY.encode() + b"\xe9,2\n"
    assert refusal(tmp_path, content).startswith("line 200002 is not text in utf-8; ")


@pytest.mark.parametrize("encoding", ["nonsense", "rot13", "hex", "", "a\0b"])
def test_what_is_no_encoding(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(StudioError, match="is no encoding of text; choose one such as utf-8 or cp1252"):
        read(tmp_path, "x,y\n1,2\n", TableFormat(encoding=encoding))


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\0", "a", "1", ".", "-"])
def test_what_is_no_delimiter(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(StudioError, match="or another character that is in no number and no quote, not"):
        read(tmp_path, "x,y\n1,2\n", TableFormat(delimiter=delimiter))


@pytest.mark.parametrize("decimal", ["", "'", "..", "5"])
def test_what_is_no_decimal_mark(tmp_path: Path, decimal: str) -> None:
    with pytest.raises(StudioError, match="The decimal mark must be a point or a comma, not "):
        read(tmp_path, "x,y\n1,2\n", TableFormat(decimal=decimal))


def test_more_columns_than_anybody_has(tmp_path: Path) -> None:
    sentence = f"has {MAXIMUM_COLUMNS + 1} columns; at most {MAXIMUM_COLUMNS} are possible."
    assert refusal(tmp_path, "1," * MAXIMUM_COLUMNS + "1\n") == sentence


def test_a_file_that_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    with path.open("wb") as file:
        file.truncate(1 << 20)
        file.seek(0)
        file.write(b"1" * (17 << 20))
    with pytest.raises(StudioError, match=r"line 1 has more than 16777216 characters; a table has a line for each row"):
        read_file(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, sentence in [
        (tmp_path, f"{tmp_path} is a directory; name a text file of columns, such as a CSV file."),
        (tmp_path / "none.csv", f"There is no file {tmp_path / 'none.csv'}."),
        ("a\0b", "aU+0000b cannot be read: embedded null byte."),
        (Path(os.devnull), f"{os.devnull} is not a file."),
    ]:
        for reading in (read_file, preview):
            with pytest.raises(StudioError, match=f"^{re.escape(sentence)}$"):
                reading(str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StudioError, match=r"pipe is not a file\.$"):
        read_file(tmp_path / "pipe")


def test_a_file_that_the_system_does_not_let_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "data.csv"
    path.write_text("x\n1\n2\n", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(StudioError, match=r"data\.csv cannot be read: Permission denied\.$"):
        read_file(path)


def test_a_mended_file_leaves_ragged_rows_out_or_fills_them(tmp_path: Path) -> None:
    content = "x,y\n1,2\n3\n4,5,6\n7,8,\n9,10\n"
    dropped = read(tmp_path, content, mend="drop")
    assert dropped.lines.tolist() == [2, 6]
    assert [str(note) for note in dropped.notes] == ["3 rows of another length than the first left out."]
    filled = read(tmp_path, content, mend="fill")
    assert filled.lines.tolist() == [2, 3, 5, 6]
    assert [(problem.row, problem.why) for problem in filled.problems("y").first] == [(1, "missing")]
    assert [str(note) for note in filled.notes] == [
        "1 row of another length than the first left out.",
        "2 rows of another length than the first made as long.",
    ]


def test_a_preview_of_a_damaged_file_is_refused_or_mended_alike(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3\n", encoding="utf-8")
    with pytest.raises(StudioError, match="line 3 has 1 field"):
        preview(path)
    assert preview(path, mend="fill").preview(9) == [["1", "2"], ["3", ""]]
