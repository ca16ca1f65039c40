"""Numbers in fields."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gdstudio.views.panel.numbers import brief, compact, coordinate, exact, read_number, short_coordinate, whole

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_exact_text_reads_back_to_the_same_bits(value: float) -> None:
    assert read_number(exact(value)) == value


@given(st.floats(-1e300, 1e300))
@example(10_000.0)
def test_every_display_reads_back_close_to_the_value(value: float) -> None:
    for display in (compact, coordinate, brief, short_coordinate):
        assert read_number(display(value)) == pytest.approx(value, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("typed", "value"), [
    ("1e-3", 0.001), ("0,5", 0.5), ("2 000", 2000.0), ("2\u00a0000", 2000.0), ("\u22121.5", -1.5), (" 3 ", 3.0),
])
def test_numbers_are_read_as_people_write_them(typed: str, value: float) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", ["", "x", "1_000", "1e", "--1", "0x10", "1.2.3"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_number(typed)


@pytest.mark.parametrize(("value", "text"), [
    (0.02, "0.0200"), (0.9, "0.900"), (0.999, "0.999"), (0.9995, "0.9995"), (0.00125, "0.00125"), (1e-8, "1e-8"),
    (0.0002, "0.0002"), (50.0, "50"), (1.0, "1.000"), (1e7, "1e7"),
    (0.000776, "7.76e-4"), (-0.000776, "-7.8e-4"), (0.0012345, "1.23e-3"),
])
def test_compact_text(value: float, text: str) -> None:
    assert compact(value) == text


def test_thousands_stand_apart() -> None:
    assert whole(1234567) == "1\u00a0234\u00a0567"


def test_a_summary_is_shorter() -> None:
    assert brief(0.9) == "0.90"
    assert brief(0.0002) == "0.0002"
