"""The loop: the same bits however it is divided, resumed or changed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Change, Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.stopping import Stopping
from tests.data.tables import columns_of
from tests.engine.agreement import assert_same_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIMIT = 240
_KEYS = st.sampled_from(sorted(EQUATIONS))
_BATCHES = st.sampled_from([None, 1, 7, 32])


def _descent(optimizer: str, batch: int | None = None, *, machine: bool | None = None, limit: int = _LIMIT) -> Descent:
    stopping = Stopping(iterations=limit, tolerance=0.0)
    if batch is None:
        goal, start, rate = objective("(1-x)^2 + 100*(y-x^2)^2"), (-0.4, 0.3), 1e-4
    else:
        goal, start, rate = objective("(w*x + b - y)^2", columns=columns_of("noisy_line")), (0.0, 0.0), 1e-2
    return Descent(goal, optimizer, start, {"learning_rate": rate}, stopping, 5, batch, machine)


def _assert_same_run(one: Descent, other: Descent, *, from_iteration: int = 0) -> None:
    assert (one.iterations, one.outcome, one.evaluations) == (other.iterations, other.outcome, other.evaluations)
    assert_same_bits(one.take_state().values, other.take_state().values)
    for name in one.trajectory.column_names:
        columns = [
            np.asarray(run.trajectory.column(name), dtype=np.float64)[from_iteration - run.trajectory.first_iteration:]
            for run in (one, other)
        ]
        assert_same_bits(*columns)


@settings(max_examples=60, deadline=None)
@given(optimizer=_KEYS, batch=_BATCHES, counts=st.lists(st.integers(0, 60), max_size=8))
def test_iterations_in_any_portions_are_iterations_at_once(
    optimizer: str, batch: int | None, counts: Sequence[int]
) -> None:
    whole, parts = _descent(optimizer, batch), _descent(optimizer, batch)
    made = whole.advance(sum(counts))
    assert made == min(sum(counts), _LIMIT) == whole.iterations
    assert sum(parts.advance(count) for count in counts) == made
    _assert_same_run(parts, whole)


@settings(max_examples=60, deadline=None)
@given(
    optimizer=_KEYS, batch=_BATCHES, taken=st.integers(0, _LIMIT), onwards=st.integers(0, _LIMIT), fresh=st.booleans()
)
def test_a_state_put_back_leads_to_the_same_bits(
    optimizer: str, batch: int | None, taken: int, onwards: int, fresh: bool
) -> None:
    whole, run = _descent(optimizer, batch), _descent(optimizer, batch)
    whole.advance(_LIMIT)
    run.advance(taken)
    state = run.take_state()
    run.advance(onwards)
    resumed = _descent(optimizer, batch) if fresh else run
    resumed.put_state(state)
    assert (resumed.iterations, resumed.outcome) == (taken, state.outcome)
    assert resumed.trajectory.first_iteration == (taken if fresh and taken else 0)
    assert resumed.trajectory.iteration[-1] == taken
    assert resumed.advance(_LIMIT) == _LIMIT - taken
    # The rate of the step before a fresh run's first row, and the loss of its batch, belong to another run.
    _assert_same_run(resumed, whole, from_iteration=taken + 1 if fresh else 0)


def test_a_state_is_a_copy() -> None:
    descent = _descent("adam")
    descent.advance(10)
    state = descent.take_state()
    kept = state.values.copy()
    descent.advance(10)
    descent.change("learning_rate", 0.5)
    assert_same_bits(state.values, kept)
    assert state.hyperparameters[0] == 1e-4
    again = _descent("adam")
    again.put_state(state)
    again.advance(5)
    assert_same_bits(state.values, kept)
    assert_same_bits(again.theta, descent.trajectory.theta[15])


def test_a_state_of_a_run_that_ended_says_so_and_one_before_its_end_goes_on() -> None:
    stopping = Stopping(iterations=100, tolerance=1e-3)
    descent = Descent(objective("5*x^2"), "gd", (1.0,), {"learning_rate": 0.05}, stopping)
    descent.advance(5)
    before = descent.take_state()
    descent.advance(100)
    assert (descent.outcome, descent.iterations) == ("converged", 14)
    ended = descent.take_state()
    descent.put_state(before)
    assert descent.outcome is None and descent.reason == ""
    descent.put_state(ended)
    assert descent.outcome == "converged" and descent.advance(10) == 0
    descent.put_state(before)
    descent.advance(100)
    assert (descent.outcome, descent.iterations) == ("converged", 14)


@pytest.mark.parametrize("machine", [True, False])
def test_a_change_holds_from_the_next_step_on(machine: bool) -> None:
    descent = Descent(
        objective("0*x + y"), "gd", (0.0, 0.0), {"learning_rate": 1.0}, Stopping(iterations=10, tolerance=0.0),
        machine=machine,
    )
    descent.advance(2)
    descent.change("learning_rate", 0.25)
    descent.advance(3)
    descent.change("learning_rate", 4.0)
    descent.advance(1)
    assert descent.trajectory.theta[:, 1].tolist() == [0.0, -1.0, -2.0, -2.25, -2.5, -2.75, -6.75]
    assert descent.changes == (Change(2, "learning_rate", 0.25), Change(5, "learning_rate", 4.0))
    assert descent.hyperparameters == {"learning_rate": 4.0}


@settings(max_examples=60, deadline=None)
@given(
    batch=_BATCHES, back=st.integers(0, 100),
    changes=st.lists(
        st.tuples(st.integers(0, 120), st.sampled_from(["learning_rate", "beta1", "beta2"]), st.floats(0.0, 0.5)),
        max_size=5,
    ),
)
def test_changes_belong_to_the_state(
    batch: int | None, back: int, changes: list[tuple[int, str, float]]
) -> None:
    def change_until(descent: Descent, end: int) -> None:
        for iteration, name, value in sorted(changes)[len(descent.changes):]:
            if iteration >= end:
                break
            descent.advance(iteration - descent.iterations)
            descent.change(name, value)
        descent.advance(end - descent.iterations)

    whole, run = _descent("adam", batch), _descent("adam", batch)
    change_until(whole, 130)
    change_until(run, back)
    state = run.take_state()
    change_until(run, 130)
    run.put_state(state)
    assert len(run.changes) == sum(iteration < back for iteration, _, _ in changes)
    change_until(run, 130)
    _assert_same_run(run, whole)
    assert run.changes == whole.changes == tuple(Change(*change) for change in sorted(changes))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("no_such", 0.1, "no hyperparameter called no_such"), ("learning_rate", -1.0, r"must lie in \[0, inf\)"),
     ("beta1", 1.0, r"must lie in \[0, 1\)"), ("beta2", float("nan"), "finite")],
)
def test_a_wrong_change_is_refused_and_changes_nothing(name: str, value: float, message: str) -> None:
    descent = _descent("adam")
    before = descent.hyperparameters
    with pytest.raises(StudioError, match=message):
        descent.change(name, value)
    assert (descent.hyperparameters, descent.changes) == (before, ())
    with pytest.raises(StudioError, match=message):
        Descent(objective("x^2"), "adam", (1.0,), {name: value})


@pytest.mark.parametrize(
    ("start", "message"),
    [((1.0,), "1 number, but there are 2 variables: x, y"), ((1.0, 2.0, 3.0), "3 numbers"), ((), "0 numbers"),
     ((1.0, float("inf")), "that of y is not"), ((float("nan"), 0.0), "that of x is not")],
)
def test_a_wrong_start_is_refused(start: tuple[float, ...], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        Descent(objective("x^2 + y^2"), "gd", start)


@pytest.mark.parametrize(("batch", "message"), [(0, "1 to 64 samples"), (65, "1 to 64 samples"), (-1, "1 to 64")])
def test_a_wrong_batch_is_refused(batch: int, message: str) -> None:
    goal = objective("(w*x - y)^2", columns=columns_of("noisy_line"))
    with pytest.raises(StudioError, match=message):
        Descent(goal, "gd", (0.0,), batch=batch)
    with pytest.raises(StudioError, match="no data"):
        Descent(objective("x^2"), "gd", (0.0,), batch=1)


def test_the_start_given_is_not_touched() -> None:
    start = np.array([3.0, 4.0])
    descent = Descent(objective("x^2 + y^2"), "gd", start, {"learning_rate": 0.1})
    theta = descent.theta
    descent.advance(10)
    assert start.tolist() == theta.tolist() == [3.0, 4.0]
    assert descent.trajectory.theta[0].tolist() == [3.0, 4.0]


def test_evaluations_and_the_gradient_are_those_of_the_last_iterate() -> None:
    descent = _descent("adam")
    descent.advance(33)
    goal = descent.objective
    loss, gradient = goal.loss_and_gradient(descent.theta)
    assert (descent.evaluations, descent.iterations) == (34, 33)
    assert descent.trajectory.loss[-1] == loss
    assert descent.trajectory.gradient_norm[-1] == np.sqrt(gradient[0] ** 2 + gradient[1] ** 2)
    assert_same_bits(descent.trajectory.theta[-1], descent.theta)
