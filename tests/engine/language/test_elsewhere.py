"""What is suggested to somebody who types the name that a function has in another tool."""

from __future__ import annotations

import pytest

from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.elsewhere import ELSEWHERE
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.operations import FUNCTIONS


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_suggested_can_be_typed(name: str) -> None:
    assert name == name.lower()
    assert name not in FUNCTIONS
    meant = ELSEWHERE[name]
    if meant not in FUNCTIONS:
        assert set(formula(meant).inputs) <= {"x", "y"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ln", "log"), ("LN", "log"), ("lg", "log10"), ("tg", "tan"), ("arcsin", "asin"), ("arctan", "atan"),
        ("sen", "sin"), ("sgn", "sign"), ("Abs", "abs"), ("arsinh", "log(x + sqrt(x^2 + 1))"), ("pow", "x^y"),
        ("sqr", "x^2"), ("sn", "sin, sinh, sign"),
    ],
)
def test_the_name_of_another_tool_is_understood(name: str, meant: str) -> None:
    with pytest.raises(FormulaError) as raised:
        formula(f"y + {name}(x)")
    assert f"{name} is not a function; did you mean {meant}? Write" in str(raised.value)
    assert raised.value.column == 4
