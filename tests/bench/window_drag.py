"""One frame of dragging: what each movement of the mouse costs the window's thread.

Every drawing is painted into a pixmap of its widget's real size. So the figure holds all that the program
does, and neither what software OpenGL takes for the mesh nor what it takes to put the window together.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from tests.bench.measure import Figure, at_most, given, left_out
from tests.bench.window_stage import opengl_here, percentile, race, settle, studio_on_screen, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from gdstudio.controllers.studio import Studio
    from gdstudio.runner.worker import Snapshot
    from tests.bench.__main__ import Settings

_ITERATIONS = 10_000
_MOVES, _FIRST = 150, 15
_LIMIT = 16
_HAND_OFF = "the start moved: event, panel, document, work handed to the worker"
_TAKEN_IN = "the runs taken in and prepared"
_WHOLE = "one move"


class Frames:
    """Times of the parts of each frame."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - begun)

    def add(self, name: str, seconds: float) -> None:
        """Count what a part took."""
        self.times.setdefault(name, []).append(seconds)

    def totals(self) -> list[float]:
        """Return the sum of all parts, frame by frame."""
        return [sum(parts) for parts in zip(*self.times.values(), strict=True)]


def _places(studio: Studio) -> list[QPointF]:
    """Return a curve through the contour map, as a hand draws it."""
    drawing = studio.screen.contour.drawing()
    assert drawing is not None
    frame, angles = drawing.frame, np.linspace(0.0, 2 * np.pi, _MOVES)
    x = frame.left + frame.width * (0.5 + 0.42 * np.cos(angles))
    y = frame.top + frame.height * (0.5 + 0.42 * np.sin(2 * angles))
    return [QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]


def mouse(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    event = QMouseEvent(
        kind, place, QPointF(widget.mapToGlobal(place)), none if kind == QEvent.Type.MouseMove else left,
        none if kind == QEvent.Type.MouseButtonRelease else left, Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def _all_that_comes(studio: Studio, issued: int) -> dict[str, Any]:
    """Wait, outside of the measured time, for all runs computed for a later experiment than the one `issued`."""
    messages: dict[str, Any] = {}
    while True:
        messages |= studio.runner.collect()
        snapshot: Snapshot | None = messages.get("snapshot")
        if snapshot is not None and snapshot.complete and snapshot.generation > issued:
            assert [view.iterations for view in snapshot.runs] == [_ITERATIONS] * len(snapshot.runs)
            return messages
        time.sleep(0.0005)


def _paint_all(studio: Studio, canvases: dict[str, QPixmap], frames: Frames) -> None:
    screen = studio.screen
    for name, view in (("contour painted", screen.contour), ("loss painted", screen.loss)):
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
    views = {
        "contour painted": screen.contour, "loss painted": screen.loss,
        "paths over the surface painted": screen.surface,
    }
    canvases = {name: QPixmap(view.size()) for name, view in views.items()}
    places = _places(studio)
    mouse(screen.contour, QEvent.Type.MouseButtonPress, places[0])
    settle(studio)
    for place in places[1:]:
        assert studio.player.snapshot is not None
        issued = studio.player.snapshot.generation
        with frames.part(_HAND_OFF):
            mouse(screen.contour, QEvent.Type.MouseMove, place)
        messages = _all_that_comes(studio, issued)
        with patch.object(studio.runner, "collect", return_value=messages), frames.part(_TAKEN_IN):
            studio.player.collect()
        _paint_all(studio, canvases, frames)
    mouse(screen.contour, QEvent.Type.MouseButtonRelease, places[-1])
    settle(studio)
    frames.times = {name: times[_FIRST:] for name, times in frames.times.items()}
    return frames


def _drag_on_screen(studio: Studio) -> list[float]:
    """Return the time in the window's thread of whole frames, everything painted and shown by Qt itself."""
    contour, times = studio.screen.contour, []
    places = _places(studio)
    mouse(contour, QEvent.Type.MouseButtonPress, places[0])
    settle(studio)
    for place in places[1:]:
        assert studio.player.snapshot is not None
        issued = studio.player.snapshot.generation
        begun = time.perf_counter()
        mouse(contour, QEvent.Type.MouseMove, place)
        spent = time.perf_counter() - begun
        messages = _all_that_comes(studio, issued)
        begun = time.perf_counter()
        with patch.object(studio.runner, "collect", return_value=messages):
            studio.player.collect()
        QCoreApplication.processEvents()
        times.append(spent + time.perf_counter() - begun)
        until(lambda: not studio.player.waiting)
    mouse(contour, QEvent.Type.MouseButtonRelease, places[-1])
    return times[_FIRST:]


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    name = "one frame of dragging, five runs of 10,000 iterations, in the window's thread"
    with studio_on_screen(race(_ITERATIONS), opengl=False) as studio:
        by_raster = _drag_on_screen(studio)
    whole = given(f"{name}: all painted and shown without OpenGL", percentile(by_raster, 50), "ms")
    if not opengl_here():
        return [left_out(name, "there is no OpenGL on this display"), whole]
    with studio_on_screen(race(_ITERATIONS), opengl=True) as studio:
        frames = _drag(studio)
    totals = frames.totals()
    return [
        at_most(f"{name}: median", percentile(totals, 50), _LIMIT, "ms"),
        at_most(f"{name}: 95 of 100 frames", percentile(totals, 95), _LIMIT, "ms"),
        *(given(f"  of which {part}", percentile(times, 50), "ms") for part, times in frames.times.items()),
        whole,
    ]
