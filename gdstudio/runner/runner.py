"""The window's side of the threads: hands work in and results out, and never waits but to close."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal, get_args

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal

from gdstudio.runner.leftover import let_run_out
from gdstudio.runner.mailbox import Mailbox
from gdstudio.runner.tasks import TaskWorker
from gdstudio.runner.worker import Assignment, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.worker import RunView

# How long a thread that runs Python may keep the others waiting. Every call into Qt lets go of the interpreter, so that
# with Python's 5 ms a window would stand still for many times as long while another thread reads or typesets a formula.
_SWITCH_SECONDS = 0.0002

# Typesetting has a thread of its own: its library takes long to load, and nothing may wait for it. So has drawing, as
# a formula that is typed is read while the landscape of the one before is being painted.
Desk = Literal["evaluation", "typesetting", "drawing"]


class Runner(QObject):
    """Owns the threads: one that descends, and one for each desk.

    Signals
    -------
    failed(str)
        Something happened that nobody foresaw: its traceback.
    answered()
        A task has left its result.
    begun()
        The first look at the runs of an experiment is there; the others, as there are so many, are looked for.
    """

    failed = Signal(str)
    answered = Signal()
    begun = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._outbox = Mailbox()
        self._worker = Worker(self._outbox)
        self._desks = {desk: TaskWorker(self._outbox) for desk in get_args(Desk)}
        self._threads: list[QThread] = []
        self._workers: dict[str, Worker | TaskWorker] = {"descent": self._worker, **self._desks}
        for name, worker in self._workers.items():
            thread = QThread(self)
            thread.setObjectName(f"gdstudio {name}")
            worker.moveToThread(thread)
            thread.started.connect(worker.loop)
            worker.failed.connect(self.failed)
            self._threads.append(thread)
        self._worker.begun.connect(self.begun)
        for desk in self._desks.values():
            desk.answered.connect(self.answered)
        self._generation = 0

    def start(self) -> None:
        """Start the threads."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        for thread in self._threads:
            thread.start()

    def compute(
        self, experiment: Experiment, iterations: int, prepare: Callable[[tuple[RunView, ...]], Any] | None = None
    ) -> int:
        """Ask for all runs of `experiment` up to `iterations`; returns the generation its snapshots carry."""
        self._generation += 1
        self._worker.inbox.put("experiment", Assignment(self._generation, experiment, iterations, prepare))
        return self._generation

    def want(self, iterations: int) -> None:
        """Ask for more (or no more) iterations of the same experiment."""
        self._worker.inbox.put("want", iterations)

    def submit(self, name: str, token: Any, task: Callable[[], Any], desk: Desk = "evaluation") -> None:
        """Run `task` in a thread; of those not yet begun under one `name` only the newest is run."""
        self._desks[desk].submit(name, token, task)

    def collect(self) -> dict[str, Any]:
        """Return what has arrived: ``snapshot``, and ``task:NAME`` with (token, result or error)."""
        return self._outbox.take()

    def close(self, timeout_ms: int = 1_000) -> bool:
        """Stop the threads; whether all ended in time. One that cannot be interrupted runs out by itself."""
        for worker in self._workers.values():
            worker.stop()
        for thread in self._threads:
            thread.quit()
        deadline = QDeadlineTimer(timeout_ms)
        late = [pair for pair in zip(self._threads, self._workers.values(), strict=True) if not pair[0].wait(deadline)]
        for thread, worker in late:
            thread.setParent(None)
            let_run_out(thread, worker)
        return not late
