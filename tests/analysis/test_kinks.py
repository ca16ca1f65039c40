"""Kinks that are minima are found, and no slope, step, trough or saddle is taken for one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.analysis.kinks import kink_at
from gdstudio.engine.objective import objective


def _slope(text: str, *theta: float) -> float | None:
    goal, place = objective(text), np.array(theta)
    found = kink_at(goal, place, float(goal.losses(place)))
    return None if found is None else found.slope


@pytest.mark.parametrize(
    ("text", "theta", "slope"),
    [
        ("abs(x)", (0.0,), 1.0), ("abs(x - 0.3)", (0.3,), 1.0), ("max(x, -2*x)", (0.0,), 1.0),
        ("abs(x) + 1e6", (0.0,), 1.0), ("abs(x) + x/2", (0.0,), 0.5), ("abs(x) - x^2", (0.0,), 1.0),
        ("abs(x - 1e5)", (1e5,), 1.0), ("abs(x) + 2*abs(y)", (0.0, 0.0), math.sqrt(5.0)),
        ("sqrt(x^2 + y^2)", (0.0, 0.0), 1.0), ("max(abs(x), abs(y))", (0.0, 0.0), 1.0), ("abs(x)", (1e-8,), 1.0),
    ],
)
def test_a_kink_that_is_a_minimum_is_found_with_its_slope(
    text: str, theta: tuple[float, ...], slope: float
) -> None:
    assert _slope(text, *theta) == pytest.approx(slope, rel=0.03)


@pytest.mark.parametrize(
    ("text", "theta"),
    [
        # smooth, however steep
        ("x^2", (0.0,)), ("1e8*x^2", (0.0,)), ("x^4", (0.0,)), ("x^2 + y^2", (0.0, 0.0)), ("1e8*x^2", (1e-8,)),
        # on a slope, and beside the kink
        ("x", (0.0,)), ("abs(x)", (1.0,)), ("abs(x)", (1e-3,)), ("abs(x) + 2*x", (0.0,)),
        # level
        ("floor(x)", (0.5,)), ("floor(x)", (1.0,)), ("0*x", (0.0,)), ("max(0, x)", (0.0,)), ("1 + 0*x*y", (0.0, 0.0)),
        # not a minimum
        ("-abs(x)", (0.0,)), ("abs(x) - 2*abs(y)", (0.0, 0.0)), ("abs(x) - y^2", (0.0, 0.0)),
        # a trough, level or falling along its bottom, in any direction
        ("abs(x) + 0*y", (0.0, 0.0)), ("abs(x - 0.3*y)", (0.0, 0.0)), ("abs(x - 0.3*y) - 1e-3*y", (0.0, 0.0)),
        ("10*abs(x - 0.3*y) + 0.01*(y - 5)^2", (0.3, 1.0)), ("abs(x - 0.3*y) + 1e-4*y", (0.0, 0.0)),
        # where the loss has no value on one side
        ("abs(x) + 0*log(x + 1e-5)", (0.0,)),
        # of three variables nothing is said
        ("abs(x) + abs(y) + abs(z)", (0.0, 0.0, 0.0)),
    ],
)
def test_nothing_else_is_taken_for_one(text: str, theta: tuple[float, ...]) -> None:
    assert _slope(text, *theta) is None


@settings(max_examples=40, deadline=None)
@given(
    angle=st.floats(0.0, math.pi), steep=st.floats(0.1, 10.0), flat=st.floats(0.1, 10.0), x=st.floats(-50.0, 50.0),
    y=st.floats(-50.0, 50.0),
)
def test_turning_and_moving_a_kink_changes_nothing(
    angle: float, steep: float, flat: float, x: float, y: float
) -> None:
    u = f"({math.cos(angle)!r}*(x - ({x!r})) + {math.sin(angle)!r}*(y - ({y!r})))"
    v = f"({math.cos(angle)!r}*(y - ({y!r})) - {math.sin(angle)!r}*(x - ({x!r})))"
    found = _slope(f"{steep!r}*abs({u}) + {flat!r}*abs({v})", x, y)
    assert found == pytest.approx(math.hypot(steep, flat), rel=0.03)
    assert _slope(f"{steep!r}*abs({u}) - {flat!r}*abs({v})", x, y) is None


def test_many_samples_are_looked_at_in_parts() -> None:
    samples = np.sort(np.random.Generator(np.random.Philox(2)).standard_normal(40_001))
    goal = objective("abs(x - y) + abs(x - y + 1)", columns={"y": np.r_[np.zeros(40_001), samples]})
    place = np.array([-0.5])
    assert kink_at(goal, place, float(goal.losses(place))) is None
    mean = objective("abs(x - y)", columns={"y": np.zeros(2_000_000)})
    found = kink_at(mean, np.zeros(1), 0.0)
    assert found is not None and found.slope == pytest.approx(1.0)
