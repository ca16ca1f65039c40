"""The long-lived worker: it extends every run of the experiment on screen in short batches.

It has no event loop of its own while it works, so it is told things through a mailbox and events, not
through queued slots; rare facts leave as signals, frequent ones through the outgoing mailbox.
"""

from __future__ import annotations

import threading
import time
import traceback
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import machine_available
from gdstudio.engine.trajectory import Trajectory
from gdstudio.experiment.build import descent_of, objective_of, own_columns
from gdstudio.experiment.memory import check_memory
from gdstudio.runner.mailbox import Mailbox
from gdstudio.runner.session import RunSession

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective
    from gdstudio.experiment.document import Experiment, Problem, Run

    Floats = NDArray[np.float64]

Made = TypeVar("Made")

# Long enough that the hand-off costs nothing, short enough that pause feels immediate.
_BATCH_SECONDS = 0.008
_FIRST_BATCH = 2_000
# While a new experiment is still being computed, what is there is shown at the latest after this time.
_FIRST_LOOK_SECONDS = 0.03
# After that, what there is is handed over thirty times a second: eyes need no more of a run that goes flat out, and
# whatever is prepared for the window keeps it from the interpreter.
_LOOK_SECONDS = 0.033


@dataclass(frozen=True)
class RunView:
    """What the window may read of one run: arrays whose rows are never written again.

    Of a run that does not fit the problem `refusal` says why; it has no rows, while the others run.
    """

    trajectory: Trajectory
    outcome: str | None = None
    reason_details: dict[str, float | int | None] = field(default_factory=dict)
    iterations_per_epoch: int | None = None
    refusal: StudioError | None = None

    @property
    def theta(self) -> Floats:
        """Parameters, (rows, n)."""
        return self.trajectory.theta

    @property
    def loss(self) -> Floats:
        """Losses, (rows,)."""
        return self.trajectory.loss

    @property
    def iterations(self) -> int:
        """The last iteration there is; 0 of a run that does not fit."""
        return max(len(self.trajectory) - 1, 0)

    @property
    def ended(self) -> bool:
        """Whether no row will follow."""
        return self.outcome is not None or self.refusal is not None


@dataclass(frozen=True)
class Snapshot:
    """The state of all runs of one generation of the experiment.

    `runs` are those of the experiment in its order, those that do not fit included. `error` is set instead of them
    where nothing of the experiment can be built; `complete` tells that no run will grow before more is wanted,
    `prepared` is what the assignment wanted to have made of the runs.
    """

    generation: int
    runs: tuple[RunView, ...]
    steps_per_second: float
    complete: bool
    error: StudioError | None = None
    prepared: Any = None

    @property
    def refusal(self) -> StudioError | None:
        """Why not all of the experiment runs, the first reason; None where all of it does."""
        return self.error or next((run.refusal for run in self.runs if run.refusal is not None), None)


@dataclass(frozen=True)
class Assignment:
    """An experiment to compute, up to so many iterations of each run.

    `prepare` is called in the worker thread with the runs that are handed over.
    """

    generation: int
    experiment: Experiment
    iterations: int
    prepare: Callable[[tuple[RunView, ...]], Any] | None = None


class _Sessions:
    """The runs under way; those that a new experiment does not touch are kept."""

    def __init__(self) -> None:
        self._sessions: dict[Any, RunSession] = {}
        self._objective: Objective | None = None
        # Of each run of the experiment its session, or why it has none.
        self._current: list[RunSession | StudioError] = []

    @property
    def running(self) -> list[RunSession]:
        """Those runs of the experiment that fit it."""
        return [each for each in self._current if isinstance(each, RunSession)]

    def views(self) -> tuple[RunView, ...]:
        """Return what the window may read now of each run of the experiment."""
        assert self._objective is not None
        blocks = self._objective.blocks
        return tuple(
            _view(each) if isinstance(each, RunSession) else RunView(Trajectory(blocks, 0), refusal=each)
            for each in self._current
        )

    def rebuild(self, experiment: Experiment) -> None:
        """Take up the runs of `experiment`; one that does not fit keeps no other from running.

        Raises
        ------
        StudioError
            Where the problem cannot be built, or the runs need more memory than there is; all stays as it was.
        """
        objective = objective_of(experiment.problem)
        columns = [_fitting(own_columns, run) for run in experiment.runs]
        own = [count for count in columns if isinstance(count, int)]
        check_memory(experiment.stopping.iterations, objective.dimension, own)
        kept: dict[Any, RunSession] = {}
        current = [
            _fitting(self._session, experiment, index, kept) if isinstance(count, int) else count
            for index, count in enumerate(columns)
        ]
        self._sessions, self._objective, self._current = kept, objective, current

    def _session(self, experiment: Experiment, index: int, kept: dict[Any, RunSession]) -> RunSession:
        """Return the session of a run, that of before where it is the same run, and put it among those `kept`."""
        run = experiment.runs[index]
        identity = _identity(experiment, run, kept)
        session = self._sessions.get(identity)
        if session is None:
            session = RunSession(descent_of(experiment, index), run.changes)
        session.set_changes(run.changes)
        kept[identity] = session
        return session


def _fitting(make: Callable[..., Made], *arguments: object) -> Made | StudioError:
    """Return what is made of a run, or why it does not fit."""
    try:
        return make(*arguments)
    except StudioError as error:
        # what it came from is not to live as long as what is said of it
        return error.with_traceback(None)


@dataclass(frozen=True, eq=False)
class _Same:
    """A problem as key: it compares, but has no hash, and those that are equal must have the same."""

    problem: Problem

    def __eq__(self, other: object) -> bool:
        """Whether it is the same problem."""
        return isinstance(other, _Same) and self.problem == other.problem

    def __hash__(self) -> int:
        """Return what equal problems have in common."""
        return hash((self.problem.key, self.problem.text, self.problem.model))


def _identity(experiment: Experiment, run: Run, taken: dict[Any, RunSession]) -> Any:
    """Return what a run depends on besides its log of changes; equal runs are told apart by their order."""
    facts = (
        _Same(experiment.problem), experiment.start, repr(experiment.stopping), experiment.seed,
        repr(replace(run, slot=0, visible=True, changes=())),
    )
    twins = sum(identity[0] == facts for identity in taken)
    return facts, twins


class Worker(QObject):
    """Lives in the worker thread; `loop` runs until `stop` is called.

    Signals
    -------
    failed(str)
        Something happened that nobody foresaw: its traceback.
    begun()
        The first look at an experiment has been left.
    """

    failed = Signal(str)
    begun = Signal()

    def __init__(self, outbox: Mailbox) -> None:
        super().__init__()
        self.inbox = Mailbox()
        self.outbox = outbox
        self._stopping = threading.Event()
        self._sessions = _Sessions()
        self._assignment: Assignment | None = None
        self._wanted = 0
        self._rate = 0.0
        # Since when the window waits for its first look at an experiment; None where it has had one.
        self._waiting_since: float | None = None
        self._looked_at = 0.0
        self._published = True

    def stop(self) -> None:
        """End `loop` after the batch under way; called from any thread."""
        self._stopping.set()
        self.inbox.put("wake", None)

    @Slot()
    def loop(self) -> None:
        """Work until told to stop; an error that nobody foresaw is reported and does not end the thread."""
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:
                self._assignment = None
                self.failed.emit(traceback.format_exc())

    def _turn(self) -> None:
        messages = self.inbox.take()
        for slot, message in messages.items():
            if slot == "experiment":
                self._begin(message)
            elif slot == "want":
                self._wanted = message
        if self._stopping.is_set():
            return
        if self._assignment is not None and self._grow():
            return
        self.inbox.wait()

    def _begin(self, assignment: Assignment) -> None:
        # Not reset by an experiment that replaces one nobody has seen, else a quick drag would show nothing at all.
        self._waiting_since = self._waiting_since or time.perf_counter()
        self._wanted = assignment.iterations
        try:
            self._sessions.rebuild(assignment.experiment)
        except StudioError as error:
            self._assignment = None
            self._waiting_since = None
            self.outbox.put("snapshot", Snapshot(assignment.generation, (), 0.0, True, error))
            self.begun.emit()
            return
        self._assignment = assignment
        self._published = False

    def _behind(self) -> list[RunSession]:
        return [
            session for session in self._sessions.running
            if session.descent.outcome is None and session.descent.iterations < self._wanted
        ]

    def _grow(self) -> bool:
        """Extend the run that is farthest behind by one batch; whether there was anything to do."""
        behind = self._behind()
        if not behind:
            if not self._published:
                self._publish(complete=True)
            return False
        session = min(behind, key=lambda each: each.descent.iterations)
        count = int(max(_FIRST_BATCH, self._rate * _BATCH_SECONDS))
        begun = time.perf_counter()
        made = session.advance(min(count, self._wanted - session.descent.iterations))
        spent = max(time.perf_counter() - begun, 1e-9)
        self._rate = made / spent
        self._published = False
        if not machine_available():
            time.sleep(0)
        done = len(behind) == 1 and session not in self._behind()
        if done or self._due():
            self._publish(complete=done)
        return True

    def _due(self) -> bool:
        """Whether the window should see what there is, though it is not all that was asked for."""
        now = time.perf_counter()
        if self._waiting_since is not None:
            return now - self._waiting_since > _FIRST_LOOK_SECONDS
        return now - self._looked_at > _LOOK_SECONDS

    def _publish(self, *, complete: bool) -> None:
        assert self._assignment is not None
        views = self._sessions.views()
        prepare = self._assignment.prepare
        prepared = prepare(views) if prepare is not None else None
        generation = self._assignment.generation
        self.outbox.put("snapshot", Snapshot(generation, views, self._rate, complete, prepared=prepared))
        self._published = complete
        first = self._waiting_since is not None
        self._waiting_since, self._looked_at = None, time.perf_counter()
        if first:
            self.begun.emit()


def _view(session: RunSession) -> RunView:
    descent = session.descent
    return RunView(
        trajectory=descent.trajectory.published(),
        outcome=descent.outcome,
        reason_details=descent.reason_details,
        iterations_per_epoch=descent.iterations_per_epoch,
    )
