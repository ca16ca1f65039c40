"""Runs, pauses, steps and restarts: joins the clockwork of playback with the worker that computes ahead.

What has been computed is shown from one timer at the screen's rate. The timer stands still while there is
nothing to wait for, so that an idle studio costs nothing.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdstudio.controllers.playback import Playback, PlayState
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.runner import Desk, Runner
    from gdstudio.runner.worker import RunView, Snapshot

# So many iterations are computed before anybody asks: the preview of the whole run, in most cases.
AHEAD = 100_000
_TICK_MS = 16
# While playing, the worker stays so many seconds ahead of the cursor.
_SECONDS_AHEAD = 10.0


class Player(QObject):
    """The transport's side of the studio.

    Signals
    -------
    computed
        The runs on show have changed (`snapshot`, `experiment`).
    moved
        The cursor or the play state has changed (`playback`).
    answered(str, object, object)
        A task submitted under a name has come back: its token, and its result or a StudioError.
    """

    computed = Signal()
    moved = Signal()
    answered = Signal(str, object, object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.playback = Playback()
        self.snapshot: Snapshot | None = None
        self.experiment: Experiment | None = None
        # What the worker is to work out with the runs of an experiment, called here when it is computed.
        self.preparation: Callable[[Experiment], Callable[[Sequence[RunView]], Any] | None] = lambda _: None
        self._runner = runner
        self._issued: dict[int, Experiment] = {}
        self._generation = 0
        self._limit = 0
        self._wanted = 0
        self._held: Snapshot | None = None
        # Whether the runs at the cursor are being computed anew, while it rests where it is.
        self._renewed = False
        self._step_wanted = False
        self._speed_after: float | None = None
        self._outstanding: set[str] = set()
        # How often a task was submitted: only the answer to the newest ends the waiting for it.
        self._asked: dict[str, int] = {}
        self._ticked_at = time.perf_counter()
        self._shown_at = -math.inf
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        runner.answered.connect(self.collect)
        runner.begun.connect(self._look)

    # What is there

    @property
    def available(self) -> int:
        """The last iteration of the longest run on show."""
        runs = self.snapshot.runs if self.snapshot else ()
        return max((run.iterations for run in runs), default=0)

    @property
    def ended(self) -> bool:
        """Whether every run has come to its end."""
        return self.snapshot is not None and all(run.ended for run in self.snapshot.runs)

    @property
    def length(self) -> int:
        """Length of the timeline: the limit, or the end of the longest run once that is known."""
        return self.available if self.ended else self._limit

    @property
    def waiting(self) -> bool:
        """Whether something that was asked of the threads has not come back yet."""
        return bool(self._outstanding)

    @property
    def _fresh(self) -> bool:
        """Whether the runs on show are those of the newest experiment; transport decides nothing by older ones."""
        return self.snapshot is not None and self.snapshot.generation == self._generation

    def live_position(self, index: int) -> int | None:
        """Return the iteration at which a run stands, None where it has none to come, so that nothing can change it."""
        runs = self.snapshot.runs if self.snapshot else ()
        if index >= len(runs):
            return self.playback.position
        run = runs[index]
        if run.ended and self.playback.position >= run.iterations:
            return None
        return min(self.playback.position, run.iterations)

    # What is asked for

    def compute(self, experiment: Experiment, *, keep_position: bool) -> None:
        """Compute the runs of `experiment`, from the beginning unless the cursor is to stay."""
        self._limit = experiment.stopping.iterations
        if not keep_position:
            self.playback.restart()
            self._step_wanted = False
            self._wanted = min(self._limit, AHEAD)
        self._wanted = min(max(self._wanted, self.playback.position), self._limit)
        self._held = None
        self._renewed = keep_position and not self.playback.playing
        self._watch("snapshot")
        self.moved.emit()
        self._generation = self._runner.compute(experiment, self._wanted, self.preparation(experiment))
        self._issued[self._generation] = experiment

    def submit(self, name: str, token: Any, task: Callable[[], Any], desk: Desk = "evaluation") -> None:
        """Run a task in a thread; it comes back through `answered`."""
        slot = f"task:{name}"
        self._asked[slot] = self._asked.get(slot, 0) + 1
        self._runner.submit(name, (self._asked[slot], token), task, desk)
        self._watch(slot)

    def play(self) -> None:
        """Run from where the cursor is, or from the start after the end."""
        self.playback.play()
        self._want_ahead()
        self._release_held()
        self._start_timer()
        self.moved.emit()

    def pause(self) -> None:
        """Stop where the cursor is."""
        if self.playback.playing:
            self.playback.pause()
            if self._fresh:
                self._want(self.available)
            self.moved.emit()

    def step(self) -> None:
        """Go one iteration on and rest."""
        self.playback.pause()
        self._release_held()
        if not self._fresh or (self.playback.position >= self.available and not self.ended):
            self._step_wanted = True
            self._want(min(self._limit, self.available + AHEAD))
            self._watch("snapshot")
            return
        self.playback.step(self.available, self.ended)
        self.moved.emit()

    def restart(self) -> None:
        """Go back to the start and rest."""
        self.playback.restart()
        self._want(max(self.available, min(self._limit, AHEAD)))
        self.moved.emit()

    def run_to_end(self) -> None:
        """Go to the end of all runs as fast as they can be computed."""
        if self.ended and self._fresh:
            self._release_held()
            self.playback.finish(self.available)
            self.moved.emit()
            return
        speed, self.playback.speed = self.playback.speed, math.inf
        self.play()
        self._speed_after = speed

    def set_speed(self, speed: float) -> None:
        """Set the iterations a second; infinity shows the newest iterate."""
        self._speed_after = None
        self.playback.speed = speed
        if self.playback.playing:
            self._want_ahead()

    # The clock

    def collect(self) -> None:
        """Take in what the worker has left."""
        for slot, message in self._runner.collect().items():
            if slot == "snapshot":
                self._receive(message)
            else:
                (number, token), result = message
                if number == self._asked[slot]:
                    self._outstanding.discard(slot)
                self.answered.emit(slot.removeprefix("task:"), token, result)

    def _look(self) -> None:
        """Show an experiment's first runs without waiting for the clock, but no more often than it ticks."""
        if time.perf_counter() - self._shown_at >= _TICK_MS / 1000:
            self.collect()

    def _tick(self) -> None:
        self.collect()
        now = time.perf_counter()
        elapsed, self._ticked_at = now - self._ticked_at, now
        if self.playback.playing and self._fresh:
            before = self.playback.position
            self.playback.tick(min(elapsed, 0.25), self.available, self.ended)
            if self.playback.playing:
                self._want_ahead()
            else:
                self._restore_speed()
            if self.playback.position != before or not self.playback.playing:
                self.moved.emit()
        if not self.playback.playing and not self._outstanding:
            self._timer.stop()

    def _restore_speed(self) -> None:
        """Give back the speed that was set before a run to the end."""
        if self._speed_after is not None:
            self.playback.speed, self._speed_after = self._speed_after, None

    def _receive(self, snapshot: Snapshot) -> None:
        shown = self.snapshot.generation if self.snapshot else 0
        if snapshot.generation < shown:
            return
        if snapshot.complete and snapshot.generation == self._generation:
            self._outstanding.discard("snapshot")
        resting = self.playback.state in (PlayState.PAUSED, PlayState.FINISHED)
        if resting and snapshot.generation == shown and not (self._step_wanted or self._renewed):
            self._held = snapshot
            return
        self._show(snapshot)
        if snapshot.complete and self._fresh and self._renewed:
            self._renewed = False
            self._stay_at_the_end()
        if self._step_wanted and self._fresh and (self.available > self.playback.position or self.ended):
            self._step_wanted = False
            self.playback.step(self.available, self.ended)
            self.moved.emit()

    def _stay_at_the_end(self) -> None:
        """Rest where the runs end now, if they end before the cursor, or it rested at their end before."""
        playback = self.playback
        if self.ended and (playback.state is PlayState.FINISHED or playback.position > self.available):
            playback.finish(self.available)
            self.moved.emit()

    def _show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._shown_at = time.perf_counter()
        self.experiment = self._issued[snapshot.generation]
        self._issued = {number: one for number, one in self._issued.items() if number >= snapshot.generation}
        self._held = None
        self.computed.emit()

    def _release_held(self) -> None:
        """Show what came in while nothing was allowed to move."""
        if self._held is not None:
            self._show(self._held)

    def _want_ahead(self) -> None:
        """While playing, keep the worker ahead of the cursor, all the way where speed is unlimited."""
        if math.isinf(self.playback.speed):
            self._want(self._limit)
            return
        margin = self.playback.speed * _SECONDS_AHEAD
        if self.playback.position + margin > self._wanted:
            self._want(int(min(self._limit, self.playback.position + 2 * margin + 1)))

    def _want(self, iterations: int) -> None:
        if iterations != self._wanted:
            self._wanted = iterations
            self._runner.want(iterations)

    def _watch(self, slot: str) -> None:
        self._outstanding.add(slot)
        self._start_timer()

    def _start_timer(self) -> None:
        if not self._timer.isActive():
            self._ticked_at = time.perf_counter()
            self._timer.start()


def error_of(result: object) -> StudioError | None:
    """Return the error that a task came back with, if it did."""
    return result if isinstance(result, StudioError) else None
