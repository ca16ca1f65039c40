"""The searches along a line: the strong Wolfe conditions at every step, and what happens where they cannot hold."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.kernels import Limits
from gdstudio.engine.methods.line_search import Line, LinePoint, backtrack, cubic_minimizer, strong_wolfe
from gdstudio.engine.methods.method import Iterate, Measure, NoStep
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.stopping import Stopping

_WOLFE = ("gd_wolfe", "cg_fr", "cg_pr", "bfgs")
# Smooth and bounded below, so that a point with both conditions exists along every way down.
_SMOOTH = (
    "(x - 1)^2/2 + 10*(y + 0.5)^2 + x*y/3", "(1 - x)^2 + 100*(y - x^2)^2", "x^4 + y^4 - 3*x*y + x",
    "log(1 + exp(x)) + log(1 + exp(-2*x)) + sqrt(1 + y^2)", "x^2/10 + y^2/10 - 2*cos(2*x) - cos(3*y)",
    "exp(x/2) + exp(-x) + exp(y^2/20)", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", "1 - exp(-(x^2 + y^2)/30)",
)
_COORDINATE = st.floats(-4.0, 4.0)


def _line(goal: Objective, at: float, direction: float = 1.0) -> Line:
    measure = Measure(goal.loss_and_gradient, None, Limits(0.0, math.inf, False, 1e8, 1e15))
    return Line(measure, measure.at(np.array([at])), np.array([direction]))


@pytest.mark.parametrize("key", _WOLFE)
@settings(max_examples=40, deadline=None)
@given(
    text=st.sampled_from(_SMOOTH), start=st.tuples(_COORDINATE, _COORDINATE),
    constants=st.sampled_from([(1e-4, 0.9), (1e-4, 0.1), (0.1, 0.4), (1e-8, 1e-3)]),
    rate=st.sampled_from([1e-3, 0.1, 1.0, 30.0]),
)
def test_the_strong_wolfe_conditions_hold_at_every_accepted_step(
    key: str, text: str, start: tuple[float, float], constants: tuple[float, float], rate: float
) -> None:
    _descend_by_the_conditions(key, text, start, *constants, rate)


@pytest.mark.parametrize("text", _SMOOTH)
@pytest.mark.parametrize("rate", [0.01, 1.0, 30.0])
def test_the_search_of_pytorch_keeps_them_with_its_own_constants(text: str, rate: float) -> None:
    # With others it may give up before: it has 25 trials, and leaves a bracket that is narrower than 1e-9.
    for x, y in itertools.product((-3.7, -1.1, 0.4, 2.9), repeat=2):
        _descend_by_the_conditions("lbfgs", text, (x, y), 1e-4, 0.9, rate)


def _descend_by_the_conditions(
    key: str, text: str, start: tuple[float, float], c1: float, c2: float, rate: float
) -> None:
    """Descend, and assert that both conditions hold at every accepted step."""
    goal = objective(text)
    given_start = [start[0] if name == "x" else start[1] for name in goal.variables]
    descent = Descent(
        goal, key, given_start, {"c1": c1, "c2": c2, "learning_rate": rate}, Stopping(iterations=40, tolerance=1e-4)
    )
    descent.advance(40)
    assert descent.outcome in ("converged", "iteration_limit")
    points = descent.trajectory.theta
    for before, after in itertools.pairwise(points):
        loss, gradient = goal.loss_and_gradient(before)
        new_loss, new_gradient = goal.loss_and_gradient(after)
        promised, left = float(gradient @ (after - before)), float(new_gradient @ (after - before))
        # Both were tested along the direction, of which the step is a rounded multiple.
        rounding = 4e-16 * max(1.0, abs(loss), float(np.abs(gradient).max() * np.abs(after).max()))
        assert promised < 0.0
        assert new_loss <= loss + c1 * promised + rounding
        assert abs(left) <= c2 * abs(promised) * (1 + 1e-9) + rounding * 10


@settings(max_examples=60, deadline=None)
@given(text=st.sampled_from(_SMOOTH), start=st.tuples(_COORDINATE, _COORDINATE), shrink=st.floats(0.1, 0.9))
def test_backtracking_decreases_enough_and_every_longer_trial_did_not(
    text: str, start: tuple[float, float], shrink: float
) -> None:
    goal = objective(text)
    descent = Descent(
        goal, "gd_armijo", start[:goal.dimension], {"shrink": shrink, "c1": 0.1},
        Stopping(iterations=10, tolerance=1e-3),
    )
    descent.advance(10)
    points, lengths = descent.trajectory.theta, descent.trajectory.learning_rate
    counted = np.diff(descent.trajectory.evaluations)
    for row, (before, after) in enumerate(itertools.pairwise(points), start=1):
        loss, gradient = goal.loss_and_gradient(before)
        promised = 0.1 * float(gradient @ gradient)
        assert goal.loss_and_gradient(after)[0] <= loss - lengths[row] * promised + 1e-15 * max(1.0, abs(loss))
        assert lengths[row] == pytest.approx(shrink ** (counted[row - 1] - 1), rel=1e-12)
        if counted[row - 1] > 1:
            longer = lengths[row] / shrink
            assert not goal.loss_and_gradient(before - longer * gradient)[0] <= loss - longer * promised * (1 + 1e-9)


@given(
    low=st.floats(-3.0, 3.0), width=st.floats(0.1, 5.0), minimum=st.floats(-3.0, 3.0), cube=st.floats(-2.0, 2.0),
    curve=st.floats(0.1, 5.0),
)
def test_the_cubic_is_lowest_where_it_says(
    low: float, width: float, minimum: float, cube: float, curve: float
) -> None:
    def point(length: float) -> LinePoint:
        off = length - minimum
        loss, slope = curve * off**2 + cube * off**3, 2.0 * curve * off + 3.0 * cube * off**2
        return LinePoint(length, loss, slope, Iterate(np.zeros(1), loss, np.zeros(1)))

    found = cubic_minimizer(point(low), point(low + width))
    assert found == pytest.approx(minimum, abs=1e-5 * (1 + width + abs(minimum) + curve))


def test_a_search_draws_back_from_what_is_not_finite() -> None:
    # Beyond 1 the logarithm is not a number; the first trial lies far beyond.
    goal = objective("-log(1 - x) - 3*x")
    for found in (
        strong_wolfe(_line(goal, 0.0), 50.0, 1e-4, 0.1), backtrack(_line(goal, 0.0), 50.0, 1e-4, 0.5),
    ):
        assert 0.0 < found.length < 1.0
        assert math.isfinite(found.loss) and found.loss < 0.0


def test_a_search_along_an_overflowing_slope_stays_finite() -> None:
    found = strong_wolfe(_line(objective("exp(x^2) - x"), 0.0), 1e6, 1e-4, 0.9)
    assert math.isfinite(found.loss) and 0.0 < found.length < 27.0


def test_at_a_kink_the_lowest_point_with_enough_decrease_is_taken() -> None:
    found = strong_wolfe(_line(objective("abs(x - 1) + x/2"), 0.0), 0.3, 1e-4, 0.1)
    assert found.length == pytest.approx(1.0, abs=1e-9)
    assert found.loss < 1.0


def test_a_loss_that_falls_for_ever_is_followed_beyond_the_bounds() -> None:
    assert strong_wolfe(_line(objective("-x"), 0.0), 1.0, 1e-4, 0.9).length > 1e8


@pytest.mark.parametrize("direction", [-1.0, 0.0, float("nan"), float("inf")])
def test_a_direction_that_does_not_go_down_is_no_line(direction: float) -> None:
    with np.errstate(invalid="ignore"), pytest.raises(NoStep):
        _line(objective("-x"), 0.0, direction)


def test_a_slope_that_lies_gives_no_step() -> None:
    # The loss jumps up as soon as 1 is left, though the slope there says down.
    goal = objective("where(x < 1, x + 1, x)")
    with pytest.raises(NoStep):
        strong_wolfe(_line(goal, 1.0, -1.0), 1e-3, 1e-4, 0.9)
    with pytest.raises(NoStep):
        backtrack(_line(goal, 1.0, -1.0), 1e-3, 1e-4, 0.5)


def test_an_exact_search_takes_few_trials_on_a_quadratic() -> None:
    line = _line(objective("(x - 3)^2"), 0.0)
    point = strong_wolfe(line, 1.0, 1e-8, 1e-9)
    assert point.length == pytest.approx(3.0, rel=1e-12)
