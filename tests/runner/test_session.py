"""A run that is extended, rewound and changed: the same rows as a fresh one, and published rows left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gdstudio.engine.descent import Change, Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.stopping import Stopping
from gdstudio.runner import session as session_module
from gdstudio.runner.session import RunSession
from tests.data.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LIMIT = 300
_NAMES = ("learning_rate", "beta1", "beta2")
_LOGS = st.lists(
    st.builds(Change, st.integers(0, 150), st.sampled_from(_NAMES), st.sampled_from([0.01, 0.1, 0.3, 0.5])),
    max_size=4,
).map(lambda log: tuple(sorted(log, key=lambda change: change.iteration)))


def _descent(batch: int | None, limit: int = _LIMIT) -> Descent:
    stopping = Stopping(iterations=limit, tolerance=0.0)
    if batch is None:
        return Descent(objective("x^2 + 4*y^2"), "adam", (1.0, -2.0), {"learning_rate": 0.05}, stopping)
    goal = objective("(w*x + b - y)^2", columns=columns_of("noisy_line"))
    return Descent(goal, "adam", (0.0, 0.0), {"learning_rate": 0.05}, stopping, 2, batch)


def _columns(session: RunSession) -> dict[str, Floats]:
    trajectory = session.descent.trajectory
    return {name: np.asarray(trajectory.column(name), dtype=np.float64) for name in trajectory.column_names}


def _assert_as_fresh(session: RunSession, changes: Sequence[Change], batch: int | None) -> None:
    fresh = RunSession(_descent(batch), changes)
    fresh.advance(session.descent.iterations)
    assert session.descent.iterations == fresh.descent.iterations
    assert session.descent.outcome == fresh.descent.outcome
    for name, wanted in _columns(fresh).items():
        assert np.array_equal(_columns(session)[name], wanted, equal_nan=True), name
    last, wanted_last = session.descent.take_state(), fresh.descent.take_state()
    assert np.array_equal(last.values, wanted_last.values)


@settings(max_examples=40, stateful_step_count=15, deadline=None)
class SessionMachine(RuleBasedStateMachine):
    """Any interleaving of growth and new logs; checkpoints are set close, so that every kind of rewind occurs."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: tuple[Change, ...] = ()
        self.published: list[tuple[Floats, Floats]] = []
        self._kept = (session_module._FIRST_SPACING, session_module._MOST_CHECKPOINTS)
        session_module._FIRST_SPACING, session_module._MOST_CHECKPOINTS = 16, 5

    @initialize(batch=st.sampled_from([None, 8]), changes=_LOGS)
    def begin(self, batch: int | None, changes: tuple[Change, ...]) -> None:
        self.batch, self.changes = batch, changes
        self.session = RunSession(_descent(batch), changes)

    @rule(count=st.integers(0, 70))
    def advance(self, count: int) -> None:
        before = self.session.descent.iterations
        made = self.session.advance(count)
        assert made == min(count, _LIMIT - before)

    @rule(changes=_LOGS)
    def set_changes(self, changes: tuple[Change, ...]) -> None:
        before = self.session.descent.iterations
        self.session.set_changes(changes)
        self.changes = changes
        assert self.session.descent.iterations <= before

    @rule(value=st.sampled_from([0.02, 0.2]), name=st.sampled_from(_NAMES))
    def change_where_it_stands(self, value: float, name: str) -> None:
        last = max([self.session.descent.iterations, *(change.iteration for change in self.changes)])
        self.changes = (*self.changes, Change(last, name, value))
        self.session.set_changes(self.changes)

    @rule(value=st.sampled_from([0.02, 0.2]))
    def change_the_last_step(self, value: float) -> None:
        at = max(0, self.session.descent.iterations - 1)
        kept = [change for change in self.changes if change.iteration <= at]
        self.changes = (*kept, Change(at, "learning_rate", value))
        self.session.set_changes(self.changes)
        assert self.session.descent.iterations <= at

    @rule()
    def take_back_the_last_change(self) -> None:
        self.changes = self.changes[:-1]
        self.session.set_changes(self.changes)

    @rule()
    def publish(self) -> None:
        trajectory = self.session.descent.trajectory
        for rows in (trajectory.theta, trajectory.loss, trajectory.gradient_norm):
            self.published.append((rows, rows.copy()))

    @invariant()
    def published_rows_are_never_written_again(self) -> None:
        for rows, kept in self.published:
            assert np.array_equal(rows, kept, equal_nan=True)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            _assert_as_fresh(self.session, self.changes, self.batch)
        session_module._FIRST_SPACING, session_module._MOST_CHECKPOINTS = self._kept


TestSession = SessionMachine.TestCase


@settings(max_examples=30, deadline=None)
@given(at=st.integers(0, 12_000), batch=st.sampled_from([None, 40]))
@example(at=9_999, batch=None)
@example(at=10_000, batch=None)
@example(at=8_192, batch=40)
def test_a_change_in_a_long_run_is_that_of_a_fresh_run(at: int, batch: int | None) -> None:
    session = RunSession(_descent(batch, 20_000))
    session.advance(10_000)
    changes = (Change(at, "learning_rate", 0.2),)
    session.set_changes(changes)
    assert session.descent.iterations <= 10_000
    session.advance(13_000 - session.descent.iterations)
    fresh = _descent(batch, 20_000)
    fresh.advance(at)
    fresh.change("learning_rate", 0.2)
    fresh.advance(13_000 - at)
    assert np.array_equal(session.descent.trajectory.theta, fresh.trajectory.theta)
    assert np.array_equal(session.descent.trajectory.learning_rate, fresh.trajectory.learning_rate, equal_nan=True)
    assert session.descent.changes == fresh.changes


def test_a_change_to_come_takes_nothing_back() -> None:
    session = RunSession(_descent(None))
    session.advance(100)
    trajectory = session.descent.trajectory
    for at in (100, 200):
        session.set_changes((Change(at, "learning_rate", 0.3),))
        assert session.descent.iterations == 100
        assert session.descent.trajectory is trajectory
    session.advance(_LIMIT)
    assert session.descent.changes == (Change(200, "learning_rate", 0.3),)
    rates = session.descent.trajectory.learning_rate
    assert rates[200] == 0.05 and rates[201] == 0.3


def test_an_ended_run_goes_on_where_a_change_undoes_its_end() -> None:
    stopping = Stopping(iterations=1_000, tolerance=1e-3)
    session = RunSession(Descent(objective("5*x^2"), "gd", (1.0,), {"learning_rate": 0.05}, stopping))
    assert session.advance(1_000) == 14
    assert session.descent.outcome == "converged"
    session.set_changes((Change(10, "learning_rate", 0.0),))
    assert session.descent.outcome is None
    session.advance(1_000)
    assert (session.descent.outcome, session.descent.iterations) == ("iteration_limit", 1_000)
    session.set_changes(())
    session.advance(1_000)
    assert (session.descent.outcome, session.descent.iterations) == ("converged", 14)


def test_checkpoints_stay_few_in_a_long_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "_FIRST_SPACING", 8)
    session = RunSession(_descent(None, 100_000))
    while session.advance(999):
        assert len(session._checkpoints) <= session_module._MOST_CHECKPOINTS
    assert session._checkpoints[0].iteration == 0
    session.set_changes((Change(60_001, "learning_rate", 0.2),))
    assert session.descent.iterations <= 60_001
    assert session.descent.iterations >= 60_001 - 2 * session._spacing
