"""Samples moved, added and erased by hand: each edit does what it says and nothing else, and undo is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdstudio.data.edits import Edits, apply
from gdstudio.engine.errors import StudioError
from tests.data.tables import NUMBERS, table, tables

if TYPE_CHECKING:
    from gdstudio.data.table import Table

ROWS = st.integers(0, 29)
NAMES = st.sampled_from("aby")
LABELLED = table(x=[1.0, 2.0, 3.0], kind=["u", "v", "u"])


@st.composite
def edited(draw: st.DrawFn, data: Table) -> Edits:
    """Return edits of all sorts that fit a table."""
    edits = Edits()
    for _ in range(draw(st.integers(0, 6))):
        last = data.rows + len(edits.added) - 1
        kind = draw(st.sampled_from(("move", "add", "erase")))
        if kind == "move":
            edits = edits.moved(draw(st.integers(0, last)), {draw(NAMES): draw(NUMBERS)})
        elif kind == "add":
            edits = edits.with_row({name: draw(NUMBERS) for name in data.names})
        elif len(edits.numbers(data.rows)) > 3:
            edits = edits.without([draw(st.integers(0, last))])
    return edits


@given(data=tables(), row=ROWS, name=NAMES, value=NUMBERS)
def test_a_move_changes_its_cell_alone(data: Table, row: int, name: str, value: float) -> None:
    assume(row < data.rows)
    before = data.values.copy()
    after = apply(data, Edits().moved(row, {name: value}))
    expected = before.copy()
    expected[data.names.index(name), row] = value
    assert after.values.tobytes() == expected.tobytes()
    assert data.values.tobytes() == before.tobytes()
    assert (after.names, after.titles, after.classes) == (data.names, data.titles, data.classes)


@given(data=tables(), draws=st.data())
def test_what_edits_show_is_what_their_numbers_say(data: Table, draws: st.DataObject) -> None:
    edits = draws.draw(edited(data))
    shown, numbers = apply(data, edits), edits.numbers(data.rows)
    assert shown.rows == len(numbers)
    whole = {row: data.values[:, row].copy() for row in range(data.rows)}
    whole.update({
        data.rows + place: np.array([row[name] for name in data.names]) for place, row in enumerate(edits.added)
    })
    for row, name, value in edits.changed:
        whole[row][data.names.index(name)] = value
    for place, number in enumerate(numbers):
        assert shown.values[:, place].tolist() == whole[number].tolist()
    assert {*numbers.tolist()} | {*edits.erased} == {*whole}
    assert shown.values.flags.c_contiguous


@given(data=tables(least=4), draws=st.data(), value=NUMBERS)
def test_the_last_of_two_moves_of_a_cell_counts(data: Table, draws: st.DataObject, value: float) -> None:
    edits = draws.draw(edited(data))
    row, name = int(draws.draw(st.sampled_from(edits.numbers(data.rows).tolist()))), draws.draw(NAMES)
    twice = edits.moved(row, {name: draws.draw(NUMBERS)}).moved(row, {name: value})
    assert twice == edits.moved(row, {name: value})


@given(data=tables(least=4), first=NUMBERS, second=NUMBERS)
def test_moves_of_different_cells_commute(data: Table, first: float, second: float) -> None:
    one = Edits().moved(2, {"a": first}).moved(0, {"y": second})
    assert one == Edits().moved(0, {"y": second}).moved(2, {"a": first})
    assert hash(one) is not None


@given(data=tables(least=6), rows=st.lists(st.integers(0, 3), max_size=4))
def test_erased_rows_are_gone_and_the_others_keep_their_order(data: Table, rows: list[int]) -> None:
    edits = Edits().moved(1, {"a": 5.0}).without(rows)
    left = [row for row in range(data.rows) if row not in rows]
    assert edits.numbers(data.rows).tolist() == left
    assert edits == edits.without(rows) == edits.without(reversed(rows))
    assert 1 not in rows or edits.changed == ()
    assert apply(data, Edits().without(rows)).values.tolist() == data.values[:, left].tolist()


@given(data=tables(least=6), draws=st.data())
def test_edits_in_any_order_are_those_in_theirs(data: Table, draws: st.DataObject) -> None:
    edits = draws.draw(edited(data))
    changed, erased = draws.draw(st.permutations(edits.changed)), draws.draw(st.permutations(edits.erased * 2))
    of_erased = [(row, "a", 1.0) for row in erased]
    assert Edits((*of_erased, *changed), edits.added, tuple(erased)) == edits


def test_edits_are_values_so_that_the_ones_before_are_still_there() -> None:
    data = table(x=[1.0, 2.0, 3.0], y=[4.0, 5.0, 6.0])
    first = Edits().moved(0, {"x": 9.0})
    later = first.with_row({"x": 7.0, "y": 8.0}).without([0])
    assert apply(data, first).column("x").tolist() == [9.0, 2.0, 3.0]
    assert apply(data, later).column("x").tolist() == [2.0, 3.0, 7.0]
    assert apply(data, Edits()) is data


def test_an_added_row_can_be_moved_and_erased_by_its_number() -> None:
    data = table(x=[1.0, 2.0], y=[4.0, 5.0])
    edits = Edits().with_row({"x": 7.0, "y": 8.0}).with_row({"x": 0.0, "y": 0.0})
    edits = edits.moved(2, {"x": 3, "y": np.float64(6.0)}).without([3])
    assert apply(data, edits).values.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert edits.changed == ((2, "x", 3.0), (2, "y", 6.0))
    assert {type(value) for _, _, value in edits.changed} == {float}


def test_what_was_changed_in_columns_that_are_not_there_is_left_out() -> None:
    edits = Edits().moved(0, {"x": 9.0, "gone": 1.0}).with_row({"gone": 5.0})
    assert apply(LABELLED, edits).values.tolist() == [[9.0, 2.0, 3.0, 2.0], [0.0, 1.0, 0.0, 0.0]]


def test_a_label_can_be_set_by_its_place() -> None:
    assert apply(LABELLED, Edits().moved(0, {"kind": 1})).column("kind").tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("edits, message", [
    (Edits().moved(3, {"x": 1.0}), "no sample 3 to edit; they are numbered from 0 to 2"),
    (Edits().moved(-1, {"x": 1.0}), "no sample -1"),
    (Edits().without([7]), "no sample 7"),
    (Edits().moved(0, {"x": float("inf")}), "Sample 0 cannot have x = inf; it must be a finite number"),
    (Edits().moved(0, {"kind": 2.0}), "Sample 0 cannot have kind = 2; its labels are numbered from 0 to 1"),
    (Edits().moved(0, {"kind": 0.5}), "Sample 0 cannot have kind = 0.5"),
    (Edits().with_row({"x": float("nan")}), "Sample 3 cannot have x = nan"),
    (Edits().without([0, 1]), "At least two samples must be left"),
])
def test_edits_that_do_not_fit_are_refused(edits: Edits, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        apply(LABELLED, edits)
