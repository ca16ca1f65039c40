"""What the benchmarks of the window share: a window on screen, and the experiments that they are about."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

from gdstudio.app import create_application, create_window, opengl_works, studio_of
from gdstudio.controllers.housekeeping import Housekeeping
from gdstudio.experiment.document import Experiment, Run
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdstudio.controllers.studio import Studio

_PATIENCE = 60.0


@contextmanager
def studio_on_screen(experiment: Experiment, *, opengl: bool) -> Iterator[Studio]:
    """Open the window on an experiment as the program does, wait until it rests, and close it in the end."""
    create_application()
    window = create_window(experiment, opengl=opengl)
    studio = studio_of(window)
    housekeeping = Housekeeping(studio)
    try:
        window.show()
        settle(studio)
        # as it does when nobody has touched it for a moment
        housekeeping.clean()
        yield studio
    finally:
        studio.discard()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def settle(studio: Studio) -> None:
    """Let events run until nothing is waited for and everything is painted."""
    until(lambda: studio.player.snapshot is not None and studio.screen.complete and not studio.player.waiting)
    pause(0.05)


def pause(seconds: float) -> None:
    """Let events run for a while; unlike Qt's own wait for tests, without sleeping between them."""
    end = time.perf_counter() + seconds
    # so that the wait for an event ends now and then
    alarm = QTimer()
    alarm.start(10)
    while time.perf_counter() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def until(condition: Callable[[], object]) -> None:
    """Let events run until something holds, looking whenever one has been handled.

    Raises
    ------
    TimeoutError
        After a minute.
    """
    end = time.perf_counter() + _PATIENCE
    # so that the wait for an event ends now and then
    alarm = QTimer()
    alarm.start(100)
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError("what the benchmark waits for did not come")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def opengl_here() -> bool:
    """Return whether this display can draw the surface by OpenGL."""
    create_application()
    return opengl_works()


def race(iterations: int) -> Experiment:
    """Return five runs that all go to the limit."""
    first = greeting()
    stopping = replace(first.stopping, iterations=iterations, tolerance=0.0)
    fifth = Run(optimizer="nesterov", hyperparameters={"learning_rate": 0.0002}, slot=4)
    return replace(first, runs=(*first.runs, fifth), stopping=stopping)


def single(iterations: int) -> Experiment:
    """Return one run, by Adam, that goes to the limit."""
    first = greeting()
    return replace(
        first, runs=first.runs[:1], stopping=replace(first.stopping, iterations=iterations, tolerance=0.0)
    )


def percentile(times: list[float], percent: float) -> float:
    """Return a percentile of times in seconds, in milliseconds."""
    return float(np.percentile(times, percent)) * 1e3
