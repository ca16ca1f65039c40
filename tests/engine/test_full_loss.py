"""Where the loss over all the data is looked at, when that is not at every iterate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import FULL_LOSS_SAMPLES, Descent
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.recipe import Addition, Recipe
from gdstudio.engine.sampling import ORDERS, Batching
from gdstudio.engine.stopping import Stopping
from tests.engine.agreement import assert_same_bits
from tests.engine.scheduled import rates_under, recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RANDOM = np.random.default_rng(2)
_SAMPLES = FULL_LOSS_SAMPLES + 1
_X = _RANDOM.normal(size=_SAMPLES)
_Y = 2.0 * _X + 1.0 + 0.1 * _RANDOM.normal(size=_SAMPLES)
_MANY = objective("(w*x + b - y)^2", columns={"x": _X, "y": _Y})
_FEW = objective("(w*x + b - y)^2", columns={"x": _X[:-1], "y": _Y[:-1]})
_MACHINE = pytest.mark.parametrize("machine", [True, False])
_PER_EPOCH = 9


def _descent(
    stopping: Stopping, *, goal: Objective = _MANY, rate: float = 0.01, optimizer: Recipe | str = "gd",
    batch: int | Batching | None = 240, machine: bool | None = None,
) -> Descent:
    return Descent(goal, optimizer, (0.0, 0.0), {"learning_rate": rate}, stopping, 4, batch, machine)


def _known(descent: Descent) -> list[int]:
    path = descent.trajectory
    known = ~np.isnan(path.loss)
    assert np.array_equal(known, ~np.isnan(path.gradient_norm))
    found: list[int] = (np.flatnonzero(known) + path.first_iteration).tolist()
    return found


@_MACHINE
def test_the_full_loss_of_many_samples_is_known_at_epoch_ends_and_in_the_end(machine: bool) -> None:
    descent = _descent(Stopping(iterations=30, tolerance=0.0), machine=machine)
    assert descent.iterations_per_epoch == _PER_EPOCH
    assert (descent.epochs, descent.advance(17), descent.epochs) == (0, 17, 1)
    assert (descent.advance(99), descent.epochs) == (13, 3)
    assert _known(descent) == [0, 9, 18, 27, 30]
    path = descent.trajectory
    for row in _known(descent):
        loss, gradient = _MANY.loss_and_gradient(path.theta[row])
        assert (path.loss[row], path.gradient_norm[row]) == pytest.approx((loss, np.hypot(*gradient)), rel=1e-14)
    assert path.batch_loss is not None and not np.any(np.isnan(path.batch_loss[1:]))
    assert not np.any(np.isnan(path.theta))
    assert descent.reason_details["loss"] == path.loss[-1]


@_MACHINE
def test_the_full_loss_of_few_samples_is_known_everywhere(machine: bool) -> None:
    descent = _descent(Stopping(iterations=30, tolerance=0.0), goal=_FEW, machine=machine)
    descent.advance(30)
    assert _known(descent) == list(range(31))


def test_all_the_data_at_once_are_known_everywhere() -> None:
    for batch in (None, _SAMPLES, Batching()):
        descent = _descent(Stopping(iterations=12, tolerance=0.0), batch=batch)
        descent.advance(12)
        assert (_known(descent), descent.iterations_per_epoch, descent.epochs) == (list(range(13)), 1, 12)
        assert not descent.trajectory.is_batched
        assert descent.trajectory.batch_loss is not None
        assert descent.trajectory.batch_loss[1:].tolist() == descent.trajectory.loss[:-1].tolist()


@_MACHINE
def test_a_tolerance_is_held_against_the_full_gradient_where_it_is_known(machine: bool) -> None:
    whole = _descent(Stopping(iterations=400, tolerance=0.0), machine=machine)
    whole.advance(400)
    path = whole.trajectory
    tolerance = float(np.nanmin(path.gradient_norm[:100])) * 1.01
    first = next(row for row in _known(whole)[1:] if path.gradient_norm[row] <= tolerance)
    stopped = _descent(Stopping(iterations=400, tolerance=tolerance), machine=machine)
    assert stopped.advance(400) == first
    assert (stopped.outcome, first % _PER_EPOCH) == ("converged", 0)
    assert_same_bits(stopped.trajectory.theta, path.theta[:first + 1])


@_MACHINE
def test_patience_counts_iterations_and_ends_where_the_full_loss_is_known(machine: bool) -> None:
    # Up and down by turns in the direction of w: after the first epoch nothing gets better.
    descent = _descent(Stopping(iterations=500, tolerance=0.0, patience=20), rate=0.5, machine=machine)
    descent.advance(500)
    path = descent.trajectory
    known = _known(descent)
    best = known[int(np.argmin(path.loss[known]))]
    assert descent.outcome == "stalled"
    assert known[-1] == descent.iterations == best + 27
    assert descent.reason_details["best"] == path.loss[best]
    assert "has not decreased for 27 iterations" in descent.reason


@_MACHINE
@pytest.mark.parametrize("batch", [240, 7])
def test_a_parameter_beyond_its_bound_ends_the_run_at_once_with_its_numbers(machine: bool, batch: int) -> None:
    descent = _descent(Stopping(iterations=100_000, tolerance=0.0), rate=30.0, batch=batch, machine=machine)
    descent.advance(100_000)
    path = descent.trajectory
    assert descent.outcome == "diverged"
    assert np.max(np.abs(path.theta[-1])) > 1e8 >= np.max(np.abs(path.theta[:-1]))
    assert descent.iterations % (descent.iterations_per_epoch or 1)
    assert path.loss[-1] == pytest.approx(_MANY.loss_and_gradient(path.theta[-1])[0], rel=1e-13)
    assert "Diverged" in descent.reason and "nan" not in descent.reason


def test_one_wild_batch_is_no_divergence() -> None:
    xs = np.full(_SAMPLES, 1e-3)
    xs[17] = 1e9
    goal = objective("abs(w*x - 1)", columns={"x": xs})
    descent = Descent(goal, "signsgd", (0.0,), {"learning_rate": 1e-3}, Stopping(1000, 0.0), 0, 1)
    descent.advance(1000)
    assert descent.outcome == "iteration_limit"


@_MACHINE
def test_a_bracket_lies_between_known_derivatives(machine: bool) -> None:
    goal = objective("(w - y)^2", columns={"y": _Y})
    stopping = Stopping(iterations=500, tolerance=0.0, stop_at_sign_change=True)
    descent = Descent(goal, "gd", (-5.0,), {"learning_rate": 0.2}, stopping, 1, 240, machine)
    descent.advance(500)
    assert descent.outcome == "bracketed"
    before, now = (descent.trajectory.theta[row, 0] for row in _known(descent)[-2:])
    assert (descent.reason_details["low"], descent.reason_details["high"]) == (min(before, now), max(before, now))
    assert goal.loss_and_gradient([before])[1][0] * goal.loss_and_gradient([now])[1][0] < 0.0


_SEEN = "seen = seen + loss\nnew = new + loss_is_new * t\ntheta = theta - 0.01 * g"


@_MACHINE
@pytest.mark.parametrize("counts", [(45,), (1,) * 45, (7, 30, 8)], ids=str)
def test_equations_that_look_at_the_loss_see_the_last_one_known(machine: bool, counts: tuple[int, ...]) -> None:
    descent = Descent(_MANY, Recipe(equations=_SEEN), (0.0, 0.0), {}, Stopping(45, 0.0), 3, 240, machine)
    for count in counts:
        descent.advance(count)
    known = descent.trajectory.loss[:45:_PER_EPOCH]
    assert np.all(np.isfinite(known)) and 1 < len(known) < 45
    seen, new = descent.take_state().values[-2:]
    assert seen == pytest.approx(float(np.sum(np.repeat(known, _PER_EPOCH)[:45])), rel=1e-14)
    # The step from an iterate whose loss is known sees a new one, and no other step.
    assert new == np.sum(np.arange(45)[::_PER_EPOCH] + 1)


@_MACHINE
@pytest.mark.parametrize("rate", [3e-7, 0.01, 0.4])
@pytest.mark.parametrize("patience", [0, 1, 3])
def test_a_plateau_counts_the_losses_that_are_worked_out(machine: bool, rate: float, patience: int) -> None:
    text = f"plateau:patience={patience},factor=0.5"
    made, numbers = recipe(text, learning_rate=rate)
    updates = 5 * _PER_EPOCH
    descent = Descent(_MANY, made, (0.0, 0.0), numbers, Stopping(updates, 0.0), 3, 240, machine)
    descent.advance(updates)
    # As a scheduler of PyTorch's that is stepped where there is a loss: what it says holds until the next.
    stepped = rates_under(text, rate, np.append(descent.trajectory.loss[:updates:_PER_EPOCH], np.inf))
    places = np.arange(updates)
    wanted = stepped[places // _PER_EPOCH + (places % _PER_EPOCH > 0)]
    assert descent.trajectory.learning_rate[1:].tolist() == wanted.tolist()
    if rate == 3e-7:
        assert len(set(wanted.tolist())) == 1 + (5 - 1) // (patience + 1)


_BATCHINGS = st.builds(
    Batching, st.integers(100, 700), st.sampled_from(ORDERS), st.booleans(), st.integers(1, 4)
)

# The ways in which equations use an objective: its gradient here, there, its curvature, its loss.
_WAYS = st.sampled_from([
    Recipe("gd"), Recipe("momentum"), Recipe("nesterov_lookahead"), Recipe("sophia"),
    Recipe("gd", additions=(Addition("plateau"),)), Recipe("gd", additions=(Addition("noise"),)),
])


def _columns(descent: Descent, rows: slice) -> list[NDArray[np.float64]]:
    path = descent.trajectory
    return [np.asarray(path.column(name)[rows], dtype=np.float64) for name in path.column_names]


@settings(max_examples=25, deadline=None)
@given(
    batching=_BATCHINGS, optimizer=_WAYS,
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=6), patience=st.none() | st.integers(1, 60),
)
def test_a_run_is_divided_and_resumed_anywhere_to_the_same_bits(
    batching: Batching, optimizer: Recipe, counts: list[int], patience: int | None
) -> None:
    stopping = Stopping(iterations=90, tolerance=0.02, patience=patience)
    whole, parts, resumed = (_descent(stopping, optimizer=optimizer, batch=batching, rate=0.05) for _ in range(3))
    whole.advance(90)
    states = [parts.take_state()]
    for count in counts:
        parts.advance(count)
        states.append(parts.take_state())
    parts.advance(90)
    assert parts.outcome == whole.outcome
    assert_same_bits(parts.take_state().values, whole.take_state().values)
    for one, other in zip(_columns(parts, slice(None)), _columns(whole, slice(None)), strict=True):
        assert_same_bits(one, other)
    for state in states:
        # Into a run that has not come so far: its trajectory begins there, with the numbers that were known there.
        resumed.trajectory.restart(0)
        resumed.put_state(state)
        first = resumed.trajectory.first_iteration
        assert first == state.iteration
        assert_same_bits(resumed.trajectory.loss, whole.trajectory.loss[first:first + 1])
        resumed.advance(90)
        assert resumed.outcome == whole.outcome
        assert_same_bits(resumed.take_state().values, whole.take_state().values)
        assert_same_bits(resumed.trajectory.loss, whole.trajectory.loss[first:])
        assert_same_bits(resumed.trajectory.theta, whole.trajectory.theta[first:])


@settings(max_examples=20, deadline=None)
@given(batching=_BATCHINGS, optimizer=_WAYS)
def test_machine_code_is_the_interpreter(batching: Batching, optimizer: Recipe) -> None:
    stopping = Stopping(iterations=60, tolerance=0.05, patience=40)
    compiled, interpreted = (
        _descent(stopping, optimizer=optimizer, batch=batching, rate=0.05, machine=machine) for machine in (True, False)
    )
    assert compiled.advance(60) == interpreted.advance(60)
    assert compiled.outcome == interpreted.outcome
    assert_same_bits(compiled.take_state().values, interpreted.take_state().values)
    for one, other in zip(_columns(compiled, slice(None)), _columns(interpreted, slice(None)), strict=True):
        assert_same_bits(one, other)
