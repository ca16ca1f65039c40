"""Search by the sign of the derivative: steps, bracket, bisection."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.stopping import Stopping


def _run(text: str, start: float, rate: float, growth: float = 1.0, iterations: int = 400) -> Descent:
    descent = Descent(
        objective(text), "sign_search", (start,), {"learning_rate": rate, "eta_plus": growth},
        Stopping(iterations=iterations, tolerance=1e-7),
    )
    descent.advance(iterations)
    return descent


@settings(max_examples=80, deadline=None)
@given(
    minimum=st.floats(-20.0, 20.0), start=st.floats(-20.0, 20.0), rate=st.floats(0.15, 3.0),
    growth=st.sampled_from([1.0, 1.2, 2.0]),
)
@example(minimum=0.0, start=1.5, rate=1.0, growth=1.0)
def test_the_bracket_always_holds_the_minimum_and_halves(
    minimum: float, start: float, rate: float, growth: float
) -> None:
    descent = _run(f"(x - ({minimum!r}))^2 + (x - ({minimum!r}))^4/50", start, rate, growth)
    assert descent.outcome == "converged"
    assert descent.theta[0] == pytest.approx(minimum, abs=1e-6)
    low, high = descent.trajectory.column("bracket_low"), descent.trajectory.column("bracket_high")
    found = np.isfinite(low)
    assert np.array_equal(found, np.isfinite(high))
    # Once there is a bracket it stays.
    assert not np.any(found[:-1] & ~found[1:])
    assert np.all((low[found] <= minimum) & (minimum <= high[found]))
    widths = (high - low)[found]
    # Where the derivative vanishes exactly, the bracket closes on it.
    hit = descent.trajectory.gradient_norm[found][1:] == 0.0
    wanted = np.where(hit, 0.0, widths[:-1] / 2)
    assert widths[1:] == pytest.approx(wanted, rel=1e-6, abs=1e-12)
    if np.any(found):
        # An end of each bracket is where the search then stood.
        theta = descent.trajectory.theta[found, 0]
        assert np.all((theta == low[found]) | (theta == high[found]))


def test_steps_go_downhill_by_the_rate_until_the_sign_changes() -> None:
    descent = _run("(x - 1)^2", 0.0, 0.375, iterations=6)
    assert descent.trajectory.theta[:, 0].tolist() == [0.0, 0.375, 0.75, 1.125, 0.9375, 1.03125, 0.984375]
    assert descent.trajectory.learning_rate[1:].tolist() == [0.375] * 3 + [0.1875, 0.09375, 0.046875]
    assert descent.trajectory.column("bracket_low")[3:].tolist() == [0.75, 0.9375, 0.9375, 0.984375]
    assert descent.trajectory.column("bracket_high")[3:].tolist() == [1.125, 1.125, 1.03125, 1.03125]
    assert descent.trajectory.evaluations.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_growing_steps() -> None:
    descent = _run("(x - 100)^2", 0.0, 1.0, 2.0, iterations=6)
    assert descent.trajectory.theta[:, 0].tolist() == [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0]


def test_a_new_rate_holds_from_the_next_step_on() -> None:
    descent = Descent(objective("(x - 100)^2"), "sign_search", (0.0,), {"learning_rate": 1.0, "eta_plus": 2.0})
    descent.advance(3)
    descent.change("learning_rate", 0.5)
    descent.advance(2)
    assert descent.trajectory.theta[:, 0].tolist() == [0.0, 1.0, 3.0, 7.0, 7.5, 8.5]


def test_a_step_draws_back_from_what_is_not_finite() -> None:
    descent = _run("x - log(x - 1)", 4.0, 8.0)
    assert descent.outcome == "converged"
    assert descent.trajectory.theta[1, 0] == 2.0 or descent.trajectory.theta[1, 0] > 1.0
    assert descent.theta[0] == pytest.approx(2.0, abs=1e-6)


def test_a_flat_point_is_no_step() -> None:
    descent = Descent(objective("x^2"), "sign_search", (0.0,), None, Stopping(tolerance=0.0))
    assert descent.advance(3) == 0
    assert descent.outcome == "no_step"


def test_it_may_stop_at_the_first_bracket() -> None:
    descent = Descent(
        objective("(x - 1)^2"), "sign_search", (0.0,), {"learning_rate": 0.3}, Stopping(stop_at_sign_change=True)
    )
    descent.advance(100)
    assert descent.outcome == "bracketed"
    assert "between 0.9 and 1.2" in descent.reason
