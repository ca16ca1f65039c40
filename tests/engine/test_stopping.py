"""When a run ends and why: a case built for each cause, and which wins where several hold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.interpreted import stop_cause
from gdstudio.engine.kernels import STOP_CAUSES, Limits
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.stopping import MAXIMUM_ITERATIONS, OUTCOMES, Stopping

_MACHINE = pytest.mark.parametrize("machine", [True, False], ids=["machine", "interpreter"])


def _run(
    text: str, start: list[float], rate: float, *, optimizer: str = "gd", machine: bool | None = None, **stopping: Any
) -> Descent:
    settings = {"learning_rate": rate}
    descent = Descent(objective(text), optimizer, start, settings, Stopping(**stopping), machine=machine)
    descent.advance(10**6)
    return descent


@_MACHINE
def test_a_small_gradient_is_convergence(machine: bool) -> None:
    descent = _run("5*x^2", [1.0], 0.05, machine=machine, tolerance=1e-3)
    # x_k = 2^-k, the gradient is ten times that: 2^-14 is the first at or below the tolerance.
    assert (descent.outcome, descent.iterations) == ("converged", 14)
    assert descent.trajectory.gradient_norm[-1] <= 1e-3 < descent.trajectory.gradient_norm[-2]
    assert descent.advance(5) == 0
    assert "14 iterations" in descent.reason


@_MACHINE
def test_a_gradient_exactly_at_the_tolerance_is_convergence(machine: bool) -> None:
    descent = _run("0.5*x^2", [1.0], 0.5, machine=machine, tolerance=0.25)
    assert (descent.outcome, descent.iterations) == ("converged", 2)


@_MACHINE
def test_a_tolerance_of_zero_never_converges(machine: bool) -> None:
    descent = _run("x^2", [0.0], 0.1, machine=machine, tolerance=0.0, iterations=7)
    assert (descent.outcome, descent.iterations) == ("iteration_limit", 7)
    assert "limit of 7 iterations" in descent.reason


@_MACHINE
def test_patience_counts_iterations_without_a_better_loss(machine: bool) -> None:
    # The step of one jumps between 1 and -1: the loss never falls below that of the start.
    descent = _run("x^2", [1.0], 1.0, machine=machine, tolerance=0.0, patience=6)
    assert (descent.outcome, descent.iterations) == ("stalled", 6)
    assert descent.trajectory.loss.tolist() == [1.0] * 7
    assert "6 iterations" in descent.reason


@_MACHINE
def test_patience_begins_anew_with_each_better_loss(machine: bool) -> None:
    descent = _run("abs(x)", [1.05], 0.1, machine=machine, tolerance=0.0, patience=3)
    best = int(np.argmin(descent.trajectory.loss))
    assert (descent.outcome, descent.iterations) == ("stalled", best + 3)
    assert best > 3


@_MACHINE
@pytest.mark.parametrize("start", [1.0, -1.0])
def test_a_change_of_sign_brackets_a_stationary_point(machine: bool, start: float) -> None:
    descent = _run("(x - 0.3)^2", [start], 0.8, machine=machine, stop_at_sign_change=True)
    assert (descent.outcome, descent.iterations) == ("bracketed", 1)
    low, high = sorted(descent.trajectory.theta[-2:, 0])
    assert low < 0.3 < high
    assert f"between {low:.6g} and {high:.6g}" in descent.reason


@_MACHINE
def test_a_change_of_sign_of_tiny_derivatives_is_seen(machine: bool) -> None:
    # Their product is too small for a float64.
    descent = _run("x^2", [1e-200], 0.75, machine=machine, tolerance=0.0, stop_at_sign_change=True)
    assert (descent.outcome, descent.iterations) == ("bracketed", 1)


@_MACHINE
def test_a_change_of_sign_counts_only_where_it_is_asked_for(machine: bool) -> None:
    descent = _run("x^2", [1.0], 0.75, machine=machine, iterations=5, tolerance=0.0)
    assert (descent.outcome, descent.iterations) == ("iteration_limit", 5)


@_MACHINE
@pytest.mark.parametrize(
    ("text", "start", "rate", "why"),
    [
        ("5*x^2", [1.0], 1.0, "parameter"),
        ("-exp(x)^2", [3.0], 1.0, "parameter"),
        ("-exp(x)", [1.0], 1.0, "loss"),
        ("log(x)", [1.0], 1e4, "not a number"),
        ("1/x", [1e-200], 1e-100, "infinite gradient"),
        ("-x", [0.0], 1e9, "parameter"),
        ("-x^3*y^3", [2.0, 2.0], 1.0, "parameter"),
    ],
)
def test_a_run_that_leaves_diverges(machine: bool, text: str, start: list[float], rate: float, why: str) -> None:
    descent = _run(text, start, rate, machine=machine)
    assert descent.outcome == "diverged", (why, descent.outcome, descent.theta)
    assert descent.reason.startswith("Diverged: in iteration")


@_MACHINE
@pytest.mark.parametrize(("scale", "norm"), [("1e155", 5e155), ("1e300", 5e300)])
def test_a_finite_gradient_whose_squares_are_infinite_is_no_divergence(machine: bool, scale: str, norm: float) -> None:
    descent = _run(f"{scale}*(3*x + 4*y + 1)", [0.0, 0.0], 1e-303, machine=machine, iterations=10)
    assert (descent.outcome, descent.iterations) == ("iteration_limit", 10)
    assert np.allclose(descent.trajectory.gradient_norm, norm, rtol=1e-14)


@_MACHINE
def test_a_gradient_whose_squares_vanish_is_not_yet_below_a_smaller_tolerance(machine: bool) -> None:
    descent = _run("1e-170*x", [0.0], 1.0, machine=machine, tolerance=1e-171, iterations=10)
    assert (descent.outcome, descent.trajectory.gradient_norm[-1]) == ("iteration_limit", 1e-170)
    descent = _run("1e-170*x^2", [4.0], 0.25e170, machine=machine, tolerance=1e-170, iterations=10)
    assert (descent.outcome, descent.iterations) == ("converged", 3)


@_MACHINE
@pytest.mark.parametrize("loss", ["1e300*1e300*(x^2+1)", "where(x < 5, 1e300*1e300, 0) + x^2"])
def test_an_infinite_loss_is_divergence_at_the_start_too(machine: bool, loss: str) -> None:
    descent = _run(loss, [1.0], 0.1, machine=machine)
    assert (descent.outcome, descent.iterations, len(descent.trajectory)) == ("diverged", 0, 1)


@_MACHINE
def test_an_infinite_loss_is_divergence_however_large_the_start(machine: bool) -> None:
    # The bound on the loss, a multiple of the first one, must not become infinite itself.
    descent = _run("1e300 + x + where(x > 0.95, 0, 1e308*10)", [1.0], 0.1, machine=machine, tolerance=0.0)
    assert descent.outcome == "diverged"
    assert math.isinf(descent.trajectory.loss[-1])
    assert np.all(np.isfinite(descent.trajectory.gradient_norm))


@_MACHINE
def test_an_infinite_parameter_is_divergence_however_large_the_start(machine: bool) -> None:
    descent = _run("-x", [1.7e308], 1.7e308, machine=machine, tolerance=0.0, iterations=10)
    assert (descent.outcome, descent.iterations) == ("diverged", 1)


@_MACHINE
@pytest.mark.parametrize(
    ("text", "start", "outcome"),
    [("x^2", [0.0], "converged"), ("log(x)", [-1.0], "diverged"), ("sqrt(x)", [0.0], "diverged"),
     ("x^2", [1.0], "iteration_limit")],
)
def test_a_limit_of_zero_judges_the_start(machine: bool, text: str, start: list[float], outcome: str) -> None:
    descent = _run(text, start, 0.1, machine=machine, iterations=0)
    assert (descent.outcome, descent.iterations, descent.evaluations) == (outcome, 0, 1)
    assert len(descent.trajectory) == 1
    assert descent.reason


@_MACHINE
def test_a_cause_in_the_last_iteration_wins_over_the_limit(machine: bool) -> None:
    descent = _run("5*x^2", [1.0], 0.05, machine=machine, tolerance=1e-3, iterations=14)
    assert (descent.outcome, descent.iterations) == ("converged", 14)
    descent = _run("5*x^2", [1.0], 0.05, machine=machine, tolerance=1e-3, iterations=13)
    assert (descent.outcome, descent.iterations) == ("iteration_limit", 13)


@_MACHINE
@pytest.mark.parametrize(
    ("text", "rate", "outcome"),
    [
        # A loss that is not a number while its gradient is zero, and a huge tolerance.
        ("where(x < 0.5, 0*log(-1), x)", 0.9, "diverged"),
        ("5*x^2", 1e200, "diverged"),
        # The gradient falls below the tolerance in the same step in which its sign changes and nothing improves.
        ("x^2 + where(x < 0, 100, 0)", 0.5001, "converged"),
        ("x^2 + where(x < 0, 100, 0)", 0.9, "bracketed"),
        ("x^2 + where(x < 0.9, 100, 0)", 0.1, "stalled"),
    ],
)
def test_the_strongest_cause_is_named(machine: bool, text: str, rate: float, outcome: str) -> None:
    tolerance = 1e300 if outcome == "diverged" else 1e-3
    goal = objective(text)
    stopping = Stopping(tolerance=tolerance, patience=1, stop_at_sign_change=True)
    descent = Descent(goal, "gd", [1.0], {"learning_rate": rate}, Stopping(tolerance=0.0), machine=machine)
    # The start itself must not stop the run, as a huge tolerance would.
    limits = stopping.limits(np.array([1.0]), 1.0)
    descent._limits = limits
    descent.advance(1)
    assert (descent.outcome, descent.iterations) == (outcome, 1)


@pytest.mark.parametrize("cause", ["diverged", "converged", "bracketed", "stalled"])
def test_each_cause_wins_over_those_after_it(cause: str) -> None:
    place = STOP_CAUSES.index(cause)
    loss = math.nan if place <= 1 else 1.0
    limits = Limits(
        tolerance=1e9 if place <= 2 else 1e-9, patience=3.0, stop_at_sign_change=place <= 3, theta_bound=10.0,
        loss_bound=10.0,
    )
    assert stop_cause(np.ones(2), loss, 1.0, True, 3.0, limits) == cause
    assert stop_cause(np.ones(2), 1.0, 1.0, False, 2.0, Limits(1e-9, 3.0, True, 10.0, 10.0)) is None


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from([
        "(1-x)^2 + 100*(y-x^2)^2", "5*x^2 + y^2", "-x^2 + y", "exp(x*y) - x", "log(x) + y^2", "sin(x)*x^3 + cos(y)",
        "1/(x^2 + y^2)", "sqrt(x) - y^4", "tanh(x)*exp(y) + x^2*y^2",
    ]),
    start=st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), exponent=st.floats(-6.0, 12.0),
    optimizer=st.sampled_from(sorted(EQUATIONS)), tolerance=st.sampled_from([0.0, 1e-6, 1.0, 1e9, 1e300]),
)
def test_a_run_that_left_is_never_called_anything_but_diverged(
    text: str, start: tuple[float, float], exponent: float, optimizer: str, tolerance: float
) -> None:
    descent = _run(text, list(start), 10.0**exponent, optimizer=optimizer, tolerance=tolerance, iterations=300)
    path = descent.trajectory
    sound = bool(
        np.all(np.isfinite(path.theta)) and np.all(np.isfinite(path.loss)) and np.all(np.isfinite(path.gradient_norm))
    )
    assert descent.outcome in OUTCOMES
    assert sound or descent.outcome == "diverged"
    if descent.outcome == "converged":
        assert path.gradient_norm[-1] <= tolerance
        assert np.abs(path.theta[-1]).max() <= 1e8 * max(1.0, *map(abs, start))
    # What came before the last iterate had no reason to stop.
    assert not tolerance or np.all(path.gradient_norm[:-1] > tolerance)
    assert np.all(np.isfinite(path.loss[:-1]))


@settings(max_examples=80, deadline=None)
@given(
    rate=st.floats(1e-3, 1.3), patience=st.integers(1, 20), tolerance=st.sampled_from([0.0, 1e-3, 0.5]),
    sign_change=st.booleans(), start=st.floats(-3.0, 3.0),
)
def test_machine_code_and_interpreter_stop_alike(
    rate: float, patience: int, tolerance: float, sign_change: bool, start: float
) -> None:
    one, other = (
        _run("x^4/4 - x^2 + x/5", [start], rate, machine=machine, tolerance=tolerance, patience=patience,
             stop_at_sign_change=sign_change, iterations=80)
        for machine in (True, False)
    )
    assert (one.outcome, one.iterations, one.reason) == (other.outcome, other.iterations, other.reason)
    assert np.array_equal(one.take_state().values, other.take_state().values, equal_nan=True)


@pytest.mark.parametrize(
    "wrong",
    [{"iterations": -1}, {"iterations": MAXIMUM_ITERATIONS + 1}, {"tolerance": -1e-9}, {"tolerance": math.inf},
     {"tolerance": math.nan}, {"patience": 0}, {"patience": -3}],
)
def test_settings_outside_their_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(StudioError, match=f"{next(iter(wrong))} must"):
        Stopping(**wrong)
    Stopping(iterations=MAXIMUM_ITERATIONS, tolerance=0.0, patience=1)
