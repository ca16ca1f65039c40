"""Data of a Python program: whatever keeps them, the table holds what was put in, or says what it cannot hold."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.data.foreign import column_names, table_from
from gdstudio.engine.errors import StudioError

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
COLUMNS = st.integers(2, 8).flatmap(
    lambda rows: st.dictionaries(
        st.text(min_size=1), st.one_of(
            st.lists(NUMBERS, min_size=rows, max_size=rows),
            st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=rows,
                     max_size=rows),
        ), min_size=1, max_size=4,
    )
)


class PandasLike:
    """A frame with an index of columns, which gives columns that know how to become arrays."""

    def __init__(self, columns: dict[Any, Any], names: list[Any] | None = None) -> None:
        self._columns = {name: ArrayLike(values) for name, values in columns.items()}
        self.columns = np.array(names or list(columns), dtype=object)

    def __getitem__(self, name: Any) -> Any:
        return self._columns[name]


class ArrowLike:
    """A table whose ``columns`` are the columns themselves, with their names elsewhere."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self._columns = columns
        self.column_names = list(columns)
        self.columns = [ArrayLike(values) for values in columns.values()]

    def __getitem__(self, name: str) -> Any:
        return self.columns[self.column_names.index(name)]


class ArrayLike:
    """A column that is no sequence."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self._values, dtype=dtype)


class Missing:
    """As the missing values of data frames, which are no numbers."""

    def __repr__(self) -> str:
        return "<NA>"


class Lazy:
    """A frame that knows its columns but has not got them yet."""

    columns = ("a", "b")

    def __getitem__(self, name: str) -> Any:
        raise TypeError("collect it first")


@pytest.mark.parametrize("kind", [dict, PandasLike, ArrowLike])
@given(columns=COLUMNS)
def test_a_table_holds_what_was_put_in(kind: Any, columns: dict[str, list[Any]]) -> None:
    made = table_from(kind(columns))
    assert made.titles == tuple(columns)
    assert len({*made.names}) == len(columns)
    for name, values in zip(made.names, columns.values(), strict=True):
        held = made.column(name).tolist()
        if isinstance(values[0], str):
            assert [made.classes[name][int(code)] for code in held] == values
            assert made.classes[name] == tuple(sorted({*values}))
        else:
            assert held == values
            assert name not in made.classes


def test_titles_become_names_that_formulas_can_use() -> None:
    made = table_from({"blood pressure": [1, 2], "x": [3, 4], 5: [5, 6]})
    assert made.titles == ("blood pressure", "x", "5")
    assert made.names == ("blood_pressure", "x", "column_5")


@pytest.mark.parametrize("values, expected", [
    ([1, 2], [1.0, 2.0]),
    ((True, False), [1.0, 0.0]),
    (np.array([1, 2], dtype=np.uint8), [1.0, 2.0]),
    (np.array([0.5, 2], dtype=np.float32), [0.5, 2.0]),
    (np.ma.array([1.0, 2.0], mask=[False, False]), [1.0, 2.0]),
    (np.array([Decimal("1.5"), 2], dtype=object), [1.5, 2.0]),
    (np.array([Fraction(1, 2), True], dtype=object), [0.5, 1.0]),
    (range(2), [0.0, 1.0]),
])
def test_numbers_of_every_kind_are_read(values: Any, expected: list[float]) -> None:
    made = table_from({"a": values})
    assert made.column("a").tolist() == expected
    assert made.values.dtype == np.float64


@pytest.mark.parametrize("values", [
    np.array(["b", "a", "b"]),
    np.array(["b", "a", "b"], dtype=object),
    np.array([b"b", b"a", b"b"]),
    np.array(["b", "a", "b"], dtype=np.dtypes.StringDType()),
])
def test_text_of_every_kind_becomes_labels(values: np.ndarray) -> None:
    made = table_from({"kind": values})
    assert made.classes == {"kind": ("a", "b")}
    assert made.column("kind").tolist() == [1.0, 0.0, 1.0]


def test_a_structured_array_has_columns() -> None:
    data = np.array([(1, 2.5, "u"), (3, 4.5, "v")], dtype=[("a", int), ("b", float), ("c", "U1")])
    made = table_from(data)
    assert made.names == ("a", "b", "c")
    assert made.values.tolist() == [[1.0, 3.0], [2.5, 4.5], [0.0, 1.0]]
    assert made.classes == {"c": ("u", "v")}


def test_what_the_program_changes_later_does_not_reach_the_table() -> None:
    values = np.array([1.0, 2.0])
    made = table_from({"a": values})
    values[0] = 9.0
    assert made.column("a").tolist() == [1.0, 2.0]
    assert values.flags.writeable


@pytest.mark.parametrize("data, message", [
    (np.zeros((3, 2)), r"not ndarray; an array without names can be given as dict\(x=data\[:, 0\]"),
    ([[1, 2]], "not list"),
    (3.0, "not float"),
    (None, "not NoneType"),
    ({}, "The data have no columns"),
    ({"a": [1, 2], "b": [1]}, "The column b has 1 value, but a has 2"),
    ({"a": [1]}, "The data have 1 row; at least 2 are needed"),
    ({"a": []}, "The data have 0 rows"),
    ({"a": 3}, "The column a is no row of single values"),
    ({"a": np.zeros((2, 2))}, "The column a is no row of single values"),
    ({"a": [[1, 2], [3]]}, "The column a is no row of single values"),
    ({"a": [1.0, float("nan")]}, r"column a has nan in row 1 \(counted from 0\); it must hold finite numbers, so what"),
    ({"a": [float("-inf"), 0.0]}, "column a has -inf in row 0"),
    ({"a": [1, None]}, "column a has None in row 1"),
    ({"a": np.array([1, Missing()], dtype=object)}, "column a has <NA> in row 1"),
    ({"a": [1, 10**400]}, "column a has 1000.* in row 1"),
    ({"a": np.ma.array([1, 2, 3], mask=[False, False, True])}, "column a has -- in row 2"),
    ({"a": np.array(["u", None], dtype=object)}, "column a holds text, but None in row 1"),
    ({"a": np.array([2, "u"], dtype=object)}, "column a holds text, but 2 in row 0"),
    ({"a": np.array([1j, 2j])}, "column a holds values of type complex128; it must hold numbers or text"),
    ({"a": np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]")}, "holds values of type datetime64"),
    ({"a": [datetime.date(2020, 1, 1)] * 2}, r"column a has datetime.date\(2020, 1, 1\) in row 0"),
    ({"1": [1, 2], 1: [1, 2]}, "Two columns are called 1"),
    (PandasLike({"a": [1, 2]}, ["a", "a"]), "Two columns are called a"),
    (Lazy(), "The data do not give their column a; a frame that is not worked out yet must be collected first"),
    ({"a\n": [1, None]}, r"column aU\+000A has None"),
])
def test_what_a_table_cannot_hold_is_refused_by_name(data: object, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        table_from(data)


DATES = np.array(["2020-01-01", "2020-01-02", "2020-01-03"], dtype="datetime64[D]")
NAN = float("nan")
UNUSED = {
    "nan": [1.0, 2.0, NAN],
    "none": np.array([1, None, 3], dtype=object),
    "missing": np.array([1, Missing(), 3], dtype=object),
    "text and none": np.array(["a", None, "b"], dtype=object),
    "dates": DATES,
    "days": np.array([datetime.date(2020, 1, 1)] * 3, dtype=object),
    "another length": [1.0],
    "pictures": np.zeros((3, 2)),
}


@pytest.mark.parametrize("unused", UNUSED.values(), ids=UNUSED)
@pytest.mark.parametrize("kind", [dict, PandasLike, ArrowLike])
def test_columns_that_nobody_uses_may_hold_anything(kind: Any, unused: Any) -> None:
    columns = {"blood pressure": [1, 2, 3], "u": unused, "y": [4, 5, 6]}
    made = table_from(kind(columns), ["y", "blood pressure"])
    assert made.names == ("blood_pressure", "y")
    assert made.titles == ("blood pressure", "y")
    assert made.values.tolist() == [[1, 2, 3], [4, 5, 6]]
    with pytest.raises(StudioError, match="column u "):
        table_from(kind(columns), ["blood_pressure", "u"])


@pytest.mark.parametrize("odd", [
    DATES, DATES - DATES[0], np.ma.array(DATES, mask=[True, False, False]),
    np.array([datetime.date(2020, 1, 1)] * 3, dtype=object), np.array([None] * 3, dtype=object),
    np.array([NAN, None, Missing()], dtype=object), np.array(["a", None, "b"], dtype=object),
    np.array(["a", NAN, "b"], dtype=object), np.array([[1], [2], {}], dtype=object), np.array([1j, 2j, 3j]),
])
def test_what_is_neither_numbers_nor_text_is_left_out_unless_it_is_named(odd: np.ndarray) -> None:
    columns = {"x": [1, 2, 3], "odd": odd, "y": [4, 5, 6]}
    assert table_from(columns).names == ("x", "y")
    assert table_from(columns, needed=["y"]).names == ("x", "y")
    for used, needed in ((["x", "odd"], ()), (None, ["odd"])):
        with pytest.raises(StudioError, match=r"The column odd (has|holds) "):
            table_from(columns, used, needed)


@pytest.mark.parametrize("values", [
    [1.0, NAN, 2.0], np.ma.array([1, 2, 3], mask=[True, False, False]),
    np.array([1, None, 2], dtype=object), np.array(["a", 1, "b"], dtype=object),
    np.array([10**400, None, None], dtype=object), np.array([Decimal(1), None, Missing()], dtype=object),
])
def test_numbers_with_faults_are_refused_where_nothing_is_said(values: Any) -> None:
    with pytest.raises(StudioError, match="column odd"):
        table_from({"x": [1, 2, 3], "odd": values, "y": [4, 5, 6]})


def test_names_do_not_depend_on_what_is_used() -> None:
    columns = {"a b": [1, 2], "a-b": [3, 4], "exp": [5, 6]}
    assert column_names(columns) == table_from(columns).names == ("a_b", "a_b_2", "exp_column")
    made = table_from(columns, ["a_b_2", "exp"])
    assert (made.names, made.titles) == (("a_b_2", "exp_column"), ("a-b", "exp"))


def test_a_column_that_is_not_there_is_named_with_near_matches() -> None:
    columns = {"height": [1, 2], "width": [3, 4], "u": [NAN, NAN]}
    with pytest.raises(StudioError, match="no column called hieght; try height"):
        table_from(columns, ["hieght", "width"])
    with pytest.raises(StudioError, match="no column called q; try height, width, u"):
        table_from(columns, needed=["q"])
