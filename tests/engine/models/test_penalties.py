"""Penalties as they are written, and what they cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.models.penalties import PENALTIES, read_penalty
from gdstudio.engine.models.spec import penalized_text, typed_model


@pytest.mark.parametrize("key", PENALTIES)
def test_a_row_is_whole(key: str) -> None:
    row = PENALTIES[key]
    assert row.key == key and row.name and row.reference
    for parameter in row.parameters:
        assert parameter.check(parameter.default) == parameter.default


def test_a_penalty_is_read_as_it_is_written() -> None:
    assert read_penalty("ridge").numbers == {"strength": 0.1}
    assert read_penalty(" lasso : 0.25 ").numbers == {"strength": 0.25}
    assert read_penalty("elastic_net:2, 0.75").numbers == {"strength": 2.0, "ratio": 0.75}
    assert read_penalty("elastic_net:2").numbers == {"strength": 2.0, "ratio": 0.5}
    typed = read_penalty("0.1*a^2")
    assert typed.row is None and typed.text == "0.1*a^2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rigde:0.1", "no penalty called rigde; try ridge"),
        ("ridge:0.1,0.2", "ridge takes strength, and nothing behind: ridge:0.1"),
        ("ridge:much", "The strength of ridge is a number, not much"),
        ("ridge:,", "ridge takes strength"),
        ("elastic_net:1,", "The ratio of elastic_net is a number, not ''"),
        ("ridge:-1", "strength must lie in"),
        ("elastic_net:1,2", "ratio must lie in"),
        ("ridge:nan", "strength must be a finite number"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        read_penalty(text)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    try:
        read_penalty(text)
    except FormulaError as error:
        assert 0 <= error.column <= len(error.text)
    except StudioError as error:
        assert str(error).endswith(".")


def test_the_intercept_costs_nothing() -> None:
    whole = penalized_text("(b + w*x - y)^2", ("b", "w"), ("b",), read_penalty("lasso:0.5"), ("x", "y"))
    assert whole == ("(b + w*x - y)^2 + strength*(abs(w))", {"strength": 0.5}, "strength")
    assert penalized_text("(b - y)^2", ("b",), ("b",), read_penalty("ridge"), ("y",)) == ("(b - y)^2", {}, None)


def test_a_number_of_the_penalty_meets_no_name_of_the_loss() -> None:
    spec = typed_model("(strength*x - y)^2", ("x", "y", "ratio"), "y", read_penalty("elastic_net:0.5,0.25"))
    assert spec.variables == ("strength",)
    assert spec.parameters == {"strength_of_penalty": 0.5, "ratio_of_penalty": 0.25}
    goal = spec.objective({"x": [1.0], "y": [0.0]})
    assert goal.losses([[2.0]])[0] == pytest.approx(4.0 + 0.5 * (0.25 * 2.0 + 0.75 / 2.0 * 4.0))


def test_a_typed_penalty_is_added_as_it_stands() -> None:
    spec = typed_model("(w*x + b - y)^2", ("x", "y"), "y", read_penalty("0.3*(w^2 + b^2)"))
    assert spec.text == "(w*x + b - y)^2 + 0.3*(w^2 + b^2)"
    with pytest.raises(StudioError, match="but y is a column: leave it out; try w, b"):
        typed_model("(w*x + b - y)^2", ("x", "y"), "y", read_penalty("y^2"))
    with pytest.raises(StudioError, match="names v, which is no parameter of the loss"):
        typed_model("(w*x + b - y)^2", ("x", "y"), "y", read_penalty("v^2"))
