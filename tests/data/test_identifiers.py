"""Names of columns: what formulas can use, no two alike, near to what people wrote."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.data.identifiers import identifier_names
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.operations import CONSTANTS, FUNCTIONS, VECTOR_FUNCTIONS

TAKEN = {*FUNCTIONS, *VECTOR_FUNCTIONS, *CONSTANTS}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("x", "x"),
        ("blood pressure", "blood_pressure"),
        ("  blood  pressure (mmHg) ", "blood_pressure_mmHg"),
        ("Größe", "Grosse"),
        ("Łódź", "Lodz"),
        ("crème brûlée", "creme_brulee"),
        ("σ_x", "sigma_x"),
        ("Δt", "Deltat"),
        ("µ", "mu"),
        ("e", "e_column"),
        ("exp", "exp_column"),
        ("t", "t"),
        ("mean", "mean_column"),
        ("2019", "column_2019"),
        ("_private", "private"),
        ("", "column_1"),
        ("身長", "column_1"),
        ("%", "column_1"),
        ("x" * 50, "x" * 40),
    ],
)
def test_one_title(title: str, name: str) -> None:
    assert identifier_names([title]) == (name,)


def test_a_title_that_is_a_name_keeps_it_whichever_comes_first() -> None:
    assert identifier_names(["a b", "a_b", "a-b"]) == ("a_b_2", "a_b", "a_b_3")


def test_columns_without_titles_are_numbered_by_their_place() -> None:
    assert identifier_names(["x", "y", "", ""]) == ("x", "y", "column_3", "column_4")
    assert identifier_names(["", "column_1"]) == ("column_1_2", "column_1")


def test_titles_alike_get_numbers() -> None:
    assert identifier_names(["a", "a", "a_2", "a"]) == ("a", "a_3", "a_2", "a_4")


titles = st.lists(st.one_of(st.text(max_size=60), st.sampled_from(["a b", "a_b", "A B", "a_b_2", "", "e", *TAKEN])))


@given(titles)
def test_every_name_can_stand_in_a_formula_and_none_twice(given_titles: list[str]) -> None:
    names = identifier_names(given_titles)
    assert len(names) == len(given_titles) == len(set(names))
    for name in names:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
        assert name not in TAKEN
        assert formula(name).inputs == (name,)


@given(titles)
def test_names_given_again_stay(given_titles: list[str]) -> None:
    names = identifier_names(given_titles)
    assert identifier_names(names) == names
