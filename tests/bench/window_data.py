"""Data in the window: a sample that is dragged, and very many samples while the cursor plays.

A frame of the drag is all that the window's thread does for it: the event, the changed document, the runs and the
landscape taken in, and every view painted into a pixmap of its size. The worker's share is waited for and not counted.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap

from gdstudio.experiment.build import start_of
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from tests.bench.measure import Figure, at_most, given
from tests.bench.window_drag import Frames, mouse
from tests.bench.window_stage import opengl_here, pause, percentile, settle, studio_on_screen

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio
    from tests.bench.__main__ import Settings

_MOVES, _FIRST = 100, 15
_LIMIT = 16
_FEW, _MANY = 500, 100_000
_SECONDS, _SPEED = 4.0, 60.0
# A frame that comes later than this is seen to stutter.
_STUTTER = 100


def _race(samples: int, iterations: int) -> Experiment:
    """Return five runs, one of them by mini-batches, that fit a line to so many samples."""
    problem = Problem(
        model="linear", data=Data(source=Source(key="noisy_line", numbers={"samples": samples}), held_out=0.2)
    )
    known = ("gd", "gd", "momentum", "nesterov", "adam")
    runs = tuple(
        Run(optimizer=key, slot=slot, batch=16 if slot == 0 else None, hyperparameters={"learning_rate": 0.02})
        for slot, key in enumerate(known)
    )
    first = Experiment(problem=problem, start=start_of(problem), runs=runs)
    return replace(first, stopping=replace(first.stopping, iterations=iterations, tolerance=0.0))


def _take_in(studio: Studio, frames: Frames) -> None:
    """Take in all that the threads have made of a change; what is counted is the time in the window's thread."""
    player, spent = studio.player, 0.0
    while player.waiting:
        messages = studio.runner.collect()
        if not messages:
            time.sleep(0.0005)
            continue
        with patch.object(studio.runner, "collect", return_value=messages):
            begun = time.perf_counter()
            player.collect()
            spent += time.perf_counter() - begun
    assert player.snapshot is not None
    assert player.snapshot.complete
    assert studio.screen.contour.content().landscape is studio.screen.grounds.landscape
    frames.add("runs, bowl and its pictures taken in", spent)


def _paint_all(studio: Studio, canvases: dict[str, QPixmap], frames: Frames) -> None:
    screen = studio.screen
    for name, view in (("data painted", screen.data.pane.data), ("contour painted", screen.contour),
                       ("loss painted", screen.loss)):
        with frames.part(name):
            view.render(canvases[name], QPoint())
    sheet = canvases["paths over the surface painted"]
    sheet.fill(Qt.GlobalColor.transparent)
    with frames.part("paths over the surface painted"):
        painter = QPainter(sheet)
        screen.surface.paint_sheet(painter)
        painter.end()


def _drag(studio: Studio) -> Frames:
    frames, screen = Frames(), studio.screen
    view = screen.data.pane.data
    canvases = {
        "data painted": QPixmap(view.size()), "contour painted": QPixmap(screen.contour.size()),
        "loss painted": QPixmap(screen.loss.size()), "paths over the surface painted": QPixmap(screen.surface.size()),
    }
    drawing = view.drawing()
    assert drawing is not None
    frame, angles = drawing.frame, np.linspace(0.0, 2 * np.pi, _MOVES)
    first = QPointF(*drawing.pixels[len(drawing.pixels) // 3].tolist())
    across = frame.left + frame.width * (0.5 + 0.4 * np.cos(angles))
    down = frame.top + frame.height * (0.5 + 0.4 * np.sin(angles))
    places = [QPointF(*place) for place in zip(across.tolist(), down.tolist(), strict=True)]
    mouse(view, QEvent.Type.MouseButtonPress, first)
    settle(studio)
    for place in places:
        with frames.part("the sample moved: event, document, work handed to the threads"):
            mouse(view, QEvent.Type.MouseMove, place)
        _take_in(studio, frames)
        _paint_all(studio, canvases, frames)
    mouse(view, QEvent.Type.MouseButtonRelease, places[-1])
    settle(studio)
    frames.times = {name: times[_FIRST:] for name, times in frames.times.items()}
    return frames


def _gaps(studio: Studio) -> list[float]:
    """Return the times between the ticks of a timer in the window's thread while the cursor walks."""
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    studio.player.set_speed(_SPEED)
    studio.player.play()
    timer.start(4)
    pause(_SECONDS)
    timer.stop()
    assert studio.player.playback.playing
    studio.player.pause()
    settle(studio)
    return [later - earlier for earlier, later in pairwise(ticks)]


def _playing(studio: Studio) -> list[Figure]:
    """Measure with each of the views of data in front."""
    figures, window = [], studio.window
    for upper, lower, curves in (("contour", "data", "loss"), ("batch", "residuals", "metrics"),
                                 ("cloud", "actual", "metrics")):
        window.contour_pane.setCurrent(upper)
        window.data_pane.setCurrent(lower)
        window.curves_pane.setCurrent(curves)
        settle(studio)
        gaps = _gaps(studio)
        name = f"{_MANY:,} samples while the cursor plays ({upper}, {lower}, {curves})"
        figures += [
            at_most(f"{name}: the longest gap of the window's thread", max(gaps) * 1e3, _STUTTER, "ms"),
            given("  99 of 100 gaps", percentile(gaps, 99), "ms"),
        ]
    return figures


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    name = f"one frame of dragging one of {_FEW} samples under five runs, in the window's thread"
    with studio_on_screen(_race(_FEW, 1000), opengl=opengl_here()) as studio:
        frames = _drag(studio)
    totals = frames.totals()
    figures = [
        at_most(f"{name}: median", percentile(totals, 50), _LIMIT, "ms"),
        at_most(f"{name}: 95 of 100 frames", percentile(totals, 95), _LIMIT, "ms"),
        *(given(f"  of which {part}", percentile(times, 50), "ms") for part, times in frames.times.items()),
    ]
    # what software OpenGL takes for the mesh is not asked here
    with studio_on_screen(_race(_MANY, 1000), opengl=False) as studio:
        return [*figures, *_playing(studio)]
