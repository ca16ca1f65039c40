"""How the benchmarks time a change in the window, whichever it is: what worker, window and screen felt of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from gdstudio.runner.mailbox import Mailbox
from gdstudio.runner.worker import Snapshot
from tests.bench.window_stage import pause, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdstudio.controllers.studio import Studio

REST = 0.4
"""Seconds after a change in which all that waits for a pause, such as typesetting, is done."""


@dataclass(frozen=True, slots=True)
class Times:
    """What one change took, in seconds.

    Parameters
    ----------
    ran : float
        From the key press until the machine code of the change has run.
    gap : float
        The longest time in which the window's thread was not at leisure, until then.
    curves : float
        From the key press until the new curves of the loss are on screen.
    gap_to_curves : float
        As `gap`, until then.
    shown : float
        From the key press until surface, contours and curves have all they need.
    """

    ran: float
    gap: float
    curves: float
    gap_to_curves: float
    shown: float


class Watch(QObject):
    """When snapshots left the worker, when the loss was painted, and when the window's thread was at leisure."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._left: dict[int, float] = {}
        self._painted: dict[int, float] = {}
        self.ticks: list[float] = []
        studio.screen.loss.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.ticks.append(time.perf_counter()))
        self._timer.start(1)

    @contextmanager
    def of_the_worker(self) -> Iterator[None]:
        """Take note of every snapshot that is handed over."""
        put = Mailbox.put

        def noted(mailbox: Mailbox, slot: str, message: Any) -> None:
            if isinstance(message, Snapshot) and message.runs and len(message.runs[0].loss) > 1:
                self._left.setdefault(message.generation, time.perf_counter())
            put(mailbox, slot, message)

        with patch.object(Mailbox, "put", noted):
            yield

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of when the runs of each generation are first painted."""
        snapshot = self._studio.player.snapshot
        if event.type() == QEvent.Type.Paint and snapshot is not None:
            self._painted.setdefault(snapshot.generation, time.perf_counter())
        return super().eventFilter(watched, event)

    def worst_gap(self, begun: float, end: float) -> float:
        """Return the longest time between two ticks from `begun` to `end`, these two counted as ticks."""
        within = [begun, *(tick for tick in self.ticks if begun < tick < end), end]
        return max(later - earlier for earlier, later in pairwise(within))

    def of_a_change(self, press: Callable[[], object]) -> Times:
        """Press the key that changes the experiment, wait until all is shown, and return what it took."""
        studio, before = self._studio, self._studio.experiment
        self.ticks.clear()
        begun = time.perf_counter()
        press()
        until(lambda: studio.experiment != before and _shows_all(studio))
        shown = time.perf_counter()
        pause(REST)
        assert studio.player.snapshot is not None
        generation = studio.player.snapshot.generation
        ran, painting = self._left[generation], self._painted[generation]
        # the first time at leisure after it was begun is when it is done
        curves = next(tick for tick in self.ticks if tick > painting)
        return Times(
            ran - begun, self.worst_gap(begun, ran), curves - begun, self.worst_gap(begun, curves), shown - begun
        )


def columns_of(times: list[Times]) -> dict[str, list[float]]:
    """Return all values of each field."""
    return {field.name: [getattr(each, field.name) for each in times] for field in fields(Times)}


def _shows_all(studio: Studio) -> bool:
    player, screen = studio.player, studio.screen
    return player.experiment == studio.experiment and not player.waiting and screen.complete and screen.grounds.settled
