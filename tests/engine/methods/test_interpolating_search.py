"""PyTorch's line search where no oracle is: what it does at its bounds, and where a loss is not finite."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.engine.kernels import Limits
from gdstudio.engine.methods.interpolating_search import interpolating_search
from gdstudio.engine.methods.line_search import Line
from gdstudio.engine.methods.method import Measure
from gdstudio.engine.objective import objective

if TYPE_CHECKING:
    from gdstudio.engine.methods.line_search import LinePoint


def _searched(text: str, first: float, c2: float = 0.9) -> tuple[LinePoint, int]:
    """Return the point accepted on the way up from 0, and how many were tried."""
    measure = Measure(objective(text).loss_and_gradient, None, Limits(0.0, math.inf, False, 1e8, 1e15))
    line = Line(measure, measure.at(np.zeros(1)), np.ones(1))
    return interpolating_search(line, first, 1e-4, c2), measure.evaluations - 1


def test_the_first_trial_is_taken_where_both_conditions_hold() -> None:
    point, trials = _searched("(x - 3)^2", 1.0)
    assert (point.length, trials) == (1.0, 1)


@pytest.mark.parametrize("first", [1.0, 5.5, 40.0])
def test_a_parabola_s_minimum_is_the_next_trial_within_ten_times_the_first(first: float) -> None:
    point, trials = _searched("(x - 3)^2", first, c2=1e-9)
    # An end of the bracket may be nearer than a tenth of it, which is tried once.
    assert (point.length, trials) == (pytest.approx(3.0), 2)


def test_a_step_ahead_is_ten_times_as_long_at_most() -> None:
    point, trials = _searched("(x - 3000)^2", 1.0, c2=0.5)
    assert (point.length, trials) == (pytest.approx(3000.0), 5)


def test_where_the_loss_falls_for_ever_all_trials_are_used_and_the_last_is_taken() -> None:
    point, trials = _searched("-x", 1e-3)
    assert trials == 26
    assert point.loss == -point.length < -1.0


def test_where_nothing_is_lower_the_origin_is_returned() -> None:
    # The loss jumps up as soon as 0 is left, though the slope there says down.
    point, _ = _searched("where(x > 0, 5 - x, -x)", 1e-3)
    assert point.length == 0.0


def test_it_draws_back_from_what_is_not_finite() -> None:
    point, _ = _searched("-log(1 - x) - 3*x", 50.0, c2=0.1)
    assert 0.0 < point.length < 1.0
    assert point.loss < 0.0


def test_a_bracket_in_which_nothing_moves_is_left_as_it_is() -> None:
    # No slope at the kink is flat enough.
    point, trials = _searched("abs(x - 1) + x/2", 0.3, c2=0.1)
    assert point.length == pytest.approx(1.0, abs=1e-3)
    assert trials <= 26
