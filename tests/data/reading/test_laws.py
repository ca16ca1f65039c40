"""A table written in any of the conventions is read back as it was; a broken file is refused or read, never worse."""

from __future__ import annotations

import csv
import math
import re
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gdstudio.data.reading import MISSING, Mend, RawTable, preview, read_file, table_of
from gdstudio.data.reading.cells import meaning
from gdstudio.data.reading.quotes import Quotes
from gdstudio.data.table_format import TableFormat
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

MENDS: tuple[Mend, ...] = ("refuse", "drop", "fill")
numbers = st.floats(allow_nan=False, allow_infinity=False)
titles = st.text(st.characters(codec="latin-1", exclude_categories=("Cc", "Zs", "Cf")), min_size=1, max_size=8)
# What keeps its spaces and does not look like something else.
labels = st.text(st.sampled_from("ab,;|\t \"'\n.é-"), max_size=6).map(lambda text: f"x{text}x")


@dataclass(frozen=True)
class Written:
    """How a table is written."""

    encoding: str
    delimiter: str
    decimal: str
    end: str
    quoted: bool


conventions = st.builds(
    Written,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]),
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from([".", ","]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)


def encoded(how: Written, rows: list[list[str]]) -> bytes:
    """Return rows of cells as a file, with quotes where they are needed, or around every cell."""

    def cell(text: str) -> str:
        marks = (how.delimiter, '"', "\n", "\r", *("\t" if how.delimiter == " " else ""))
        needed = how.quoted or any(mark in text for mark in marks) or text.startswith(("#", "sep="))
        return '"' + text.replace('"', '""') + '"' if needed else text

    return "".join(how.delimiter.join(map(cell, row)) + how.end for row in rows).encode(how.encoding)


def read_bytes(content: bytes, known: TableFormat) -> RawTable:
    """Return the table in a file of this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.csv")
        path.write_bytes(content)
        return read_file(path, known)


def spelled(number: float, decimal: str) -> str:
    """Return a number as a file has it."""
    return repr(number).replace(".", decimal)


@given(conventions, st.data())
def test_a_table_is_read_back_to_the_bit(how: Written, data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 5))
    header = data.draw(st.lists(titles, min_size=width, max_size=width, unique=True))
    rows = data.draw(st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=8))
    content = encoded(how, [header, *([spelled(number, how.decimal) for number in row] for row in rows)])
    known = TableFormat(encoding=how.encoding, delimiter=how.delimiter, decimal=how.decimal, header=True)
    table = read_bytes(content, known)
    assert table.titles == tuple(header)
    assert table.values.T.tobytes() == np.array(rows).tobytes()
    assert table.lines.tolist() == list(range(2, len(rows) + 2))
    assert not any(table.problems(name).count for name in table.names)


@given(conventions, st.lists(st.tuples(labels, numbers), min_size=1, max_size=8))
def test_labels_are_read_back_whatever_is_in_them(how: Written, rows: list[tuple[str, float]]) -> None:
    content = encoded(how, [["label", "y"], *([label, spelled(number, how.decimal)] for label, number in rows)])
    known = TableFormat(encoding=how.encoding, delimiter=how.delimiter, decimal=how.decimal, header=True)
    table = read_bytes(content, known)
    assert table.labels("label") == [label.replace("\r", "\n") for label, _ in rows]
    assert table.numbers("y").tobytes() == np.array([number for _, number in rows]).tobytes()


# Numbers with a fraction and no more figures than people have, so that it can be seen which mark is which.
plain = st.integers(-(10**6), 10**6).map(lambda thousandths: thousandths / 1000 + 0.0005)


@given(conventions, st.data())
def test_conventions_are_found(how: Written, data: st.DataObject) -> None:
    width = data.draw(st.integers(2, 5))
    rows = data.draw(st.lists(st.lists(plain, min_size=width, max_size=width), min_size=2, max_size=8))
    with_header = data.draw(st.booleans())
    header = [f"größe_{place}" for place in range(width)]
    cells = [[f"{number:.4f}".replace(".", how.decimal) for number in row] for row in rows]
    table = read_bytes(encoded(how, [header, *cells] if with_header else cells), TableFormat())
    found = table.format
    assert (found.delimiter, found.decimal, found.header) == (how.delimiter, how.decimal, with_header)
    if with_header:
        assert table.titles == tuple(header)
    assert table.values.T.tolist() == [[float(f"{number:.4f}") for number in row] for row in rows]


@given(st.text(st.sampled_from("0123456789+-.,eE _infaxINFN"), max_size=12), st.sampled_from(".,"))
@example("1,", ",")
def test_a_cell_is_a_number_exactly_where_python_has_it(text: str, decimal: str) -> None:
    text = text.strip()
    found = meaning(text, decimal)
    other = "," if decimal == "." else "."
    try:
        value = float(text.replace(decimal, "."))
    except ValueError:
        value = math.nan
    if other in text or "_" in text:
        assert found == "text"
    elif math.isfinite(value):
        assert found == value
    elif math.isinf(value):
        assert found == "not_finite"
    else:
        assert found == ("missing" if text.lower() in MISSING else "text")


# Long enough that rows are read by both ways.
sound = ["x,y,z\n" + "".join(f"{k},{k / 8},-{k}e3\n" for k in range(150)), 'a;"b c"\n1,5;"2"\n"3";4,5\n']
damage = st.sampled_from(
    [b"\0", b'"', b"\n", b"\r", b",", b";", b" ", b"\xff", b"\xe9", b"nan", b"inf", b"x", b"_", b"\xef\xbb\xbf"]
)


def check_refused_or_read(content: bytes) -> None:
    """Check that a file is refused in a sentence or becomes a table that is sound."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.csv")
        path.write_bytes(content)
        for mend in MENDS:
            _check(partial(read_file, path), mend)
            _check(partial(preview, path), mend)


def _check(reading: Callable[..., RawTable], mend: Mend) -> None:
    try:
        raw = reading(mend=mend)
        used = [name for name, kind in zip(raw.names, raw.kinds, strict=True) if kind == "number"]
        table = table_of(raw, used or raw.names, () if used else raw.names, mend)
    except StudioError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)
    else:
        assert len(table.values) == len(used or raw.names)
        assert table.rows >= 2
        assert np.isfinite(table.values).all()
        assert len(raw.lines) == raw.rows
        assert (np.diff(raw.lines) > 0).all()


@settings(max_examples=300)
@given(st.binary(max_size=60))
@example(b"\x00,\n\x00,")
@example(b"'\n\r,\x00")
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    check_refused_or_read(content)


@settings(max_examples=200)
@given(
    st.sampled_from(sound),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "latin-1"]),
    st.lists(st.tuples(st.floats(0, 1), damage), max_size=4),
    st.floats(0.1, 1),
)
def test_damaged_files_are_refused_or_read(
    text: str, encoding: str, wounds: list[tuple[float, bytes]], length: float
) -> None:
    content = bytearray(text.encode(encoding))
    for place, piece in wounds:
        at = int(place * len(content))
        content[at:at] = piece
    check_refused_or_read(bytes(content[: int(length * len(content))]))


@given(st.text(st.sampled_from('1.5,;\t| \n\r"-eEaNn_é\v\xa0'), max_size=200))
def test_both_ways_of_reading_come_to_the_same(text: str) -> None:
    """What begins a file is read in one way, what is far behind in the other."""
    known = TableFormat(encoding="utf-8", delimiter=",", decimal=".", header=True)
    early, late = (_outcome(f"x,y\n{'4,4' + chr(10)}" + filler + text, known) for filler in ("", "4,4\n" * 70_000))
    assert early == late


def _outcome(text: str, known: TableFormat) -> object:
    """Return the table without its filling, or what is said, without numbers of lines."""
    try:
        table = read_bytes(text.encode(), known)
    except StudioError as error:
        return error.template, {key: value for key, value in error.details.items() if key not in ("file", "line")}
    tail = [row for row in table.values.T.tolist() if row != [4.0, 4.0]]
    return repr(tail), [[problem.text for problem in table.problems(name).first] for name in table.names]


@given(conventions, st.data())
def test_what_stands_before_and_behind_the_table_changes_nothing(how: Written, data: st.DataObject) -> None:
    """Comments before it, the line that names the delimiter, and a delimiter at the end of each line."""
    width = data.draw(st.integers(2, 4))
    rows = data.draw(st.lists(st.lists(plain, min_size=width, max_size=width), min_size=2, max_size=4))
    header = [f"größe_{place}" for place in range(width)] if data.draw(st.booleans()) else None
    cells = [[f"{number:.4f}".replace(".", how.decimal) for number in row] for row in rows]
    lines = cells if header is None else [header, *cells]
    alone = read_bytes(encoded(how, lines), TableFormat())
    named = data.draw(st.booleans())
    comments = data.draw(st.lists(st.sampled_from(["# größe; 1,2\t3", "#", " # a", ""]), max_size=4))
    before = [f"sep={how.delimiter}"] * named + comments
    ends = [[*line, ""] for line in lines] if how.delimiter != " " and data.draw(st.booleans()) else lines
    content = "".join(line + how.end for line in before).encode(how.encoding)
    whole = content + encoded(how, ends).removeprefix("".encode(how.encoding) if content else b"")
    table = read_bytes(whole, TableFormat())
    assert (table.titles, table.names) == (alone.titles, alone.names)
    # A comment may have what tells one encoding from another.
    assert replace(table.format, encoding=None) == replace(alone.format, encoding=None)
    assert table.values.tobytes() == alone.values.tobytes()
    assert table.lines.tolist() == [line + len(before) for line in alone.lines]
    assert table.preview(9) == alone.preview(9)


@given(st.lists(st.text(st.sampled_from('"a ,\t')), min_size=1, max_size=4), st.sampled_from(",;"))
def test_a_quoted_field_ends_at_the_delimiter(texts: list[str], delimiter: str) -> None:
    """Text is found behind a quote exactly where the csv module, told to be strict, finds it."""
    row = delimiter.join(texts)
    found = Quotes(delimiter).misplaced(row)
    refused = False
    try:
        next(csv.reader([row], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        assume("expected after" in str(error))  # else a quote is not closed, which is said before
        refused = True
    # Spaces behind a quote are no text.
    assert (found is not None) == refused or (found is None and re.search(r'"\s', row))


cells = st.sampled_from(["1", "-2.5", "1e3", "", "n/a", "inf", "x", "y z", "1e999", "x"])


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_wide_and_long_tables_are_read_alike(width: int, height: int, data: st.DataObject) -> None:
    rows = [data.draw(st.lists(cells, min_size=width, max_size=width)) for _ in range(height)]
    rows = [[cell or "n/a" if width == 1 else cell for cell in row] for row in rows]
    header = [f"c{place}" for place in range(width)]
    content = "\n".join(",".join(row) for row in [header, *rows])
    table = read_bytes(content.encode(), TableFormat(delimiter=",", decimal=".", header=True))
    for place, odd in enumerate(table.odd):
        meant = [meaning(row[place], ".") for row in rows]
        at = [row for row, kind in enumerate(meant) if not isinstance(kind, float)]
        assert odd.rows.tolist() == at
        assert [odd.texts[code] for code in odd.codes.tolist()] == [rows[row][place] for row in at]
        assert [odd.flaws[code] for code in odd.codes.tolist()] == [meant[row] for row in at]
        told = [kind if isinstance(kind, float) else math.nan for kind in meant]
        assert np.array_equal(table.values[place], told, equal_nan=True)
