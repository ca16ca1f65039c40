"""Tables refuse names that no formula can use, and labels that are not there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.data.identifiers import identifier_names
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError


@pytest.mark.parametrize("name", ["1y", "sin", "e", "a b", "", "é", "_x", "x\n", "grad-norm", "norm"])
def test_what_formulas_cannot_call_is_no_name(name: str) -> None:
    with pytest.raises(StudioError, match="Column 2 of a table cannot be called"):
        Table(("x", name), ("x", "y"), np.zeros((2, 3)))


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_every_name_that_is_made_of_a_title_is_one(titles: list[str]) -> None:
    names = identifier_names(titles)
    assert Table(names, tuple(titles), np.zeros((len(names), 2))).names == names


@pytest.mark.parametrize("code", [-1.0, 2.0, 0.5])
def test_a_code_without_a_label_is_refused(code: float) -> None:
    with pytest.raises(StudioError, match=rf"Row 2 of Kind of holds {code:g}, which stands for none of its 2 labels"):
        Table(("x", "k"), ("x", "Kind of"), np.array([[1.0, 2.0], [0.0, code]]), {"k": ("no", "yes")})
    with pytest.raises(StudioError, match="labels for kind, but no such column; try x, k"):
        Table(("x", "k"), ("x", "k"), np.zeros((2, 2)), {"kind": ("no", "yes")})
