"""How well the runs predict: residuals against predictions, and predictions against what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from gdstudio.scene.axes import Frame, dashed_pen, draw_axis_names, draw_grid, draw_tick_labels, framed
from gdstudio.scene.data_space import Extent, spread
from gdstudio.scene.lettering import TICK, draw_text, sans
from gdstudio.scene.point_marks import Marks, draw_marks, radius_for
from gdstudio.scene.strokes import draw_line, fill_rect
from gdstudio.scene.theme import marker_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.scene.theme import Theme

    Floats = NDArray[np.float64]

translate = QCoreApplication.translate
_TOP, _BOTTOM, _LEFT, _RIGHT = 10.0, 30.0, 52.0, 20.0
_ROOM = 1.1


@dataclass(frozen=True, eq=False)
class Predicted:
    """What one run predicts.

    Parameters
    ----------
    label : str
        Name of the run that people read.
    slot : int
        Its colour and marker.
    values : ndarray, (points,)
        A prediction for each point.
    """

    label: str
    slot: int
    values: Floats


@dataclass(frozen=True, eq=False)
class PredictionsScene:
    """Predictions and what was measured.

    Parameters
    ----------
    kind : {"residuals", "actual"}
        Residuals (measured less predicted) against predictions, or predictions against what was measured.
    actual : ndarray, (points,)
        What was measured.
    held_out : ndarray of bool, (points,), or None
        Which points are not trained on: drawn hollow.
    predicted : callable
        Takes an iteration, gives the visible runs' predictions, the first drawn on top.
    cursor : int
        The iteration shown.
    every : int
        One in so many samples is shown.
    """

    kind: Literal["residuals", "actual"]
    actual: Floats
    held_out: NDArray[np.bool_] | None
    predicted: Callable[[int], tuple[Predicted, ...]]
    cursor: int = 0
    every: int = 1

    @cached_property
    def extent(self) -> Extent:
        """What is shown at first: all that was measured, and the residuals of predicting its mean.

        It rests while the predictions move, so that they are seen to move.
        """
        low, high = spread(self.actual)
        if self.kind == "actual":
            return low, high, low, high
        found = self.actual[np.isfinite(self.actual)]
        most = _ROOM * float(np.abs(found - found.mean()).max()) if found.size else 1.0
        return low, high, -(most or 1.0), most or 1.0


class PredictionsDrawing:
    """Predictions, prepared.

    Parameters
    ----------
    scene : PredictionsScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    extent : tuple of float or None
        The part shown; the content's own where None.
    """

    def __init__(
        self, scene: PredictionsScene, theme: Theme, size: tuple[float, float], extent: Extent | None = None,
    ) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size
        self.extent = extent
        self._kept: tuple[int, list[tuple[Predicted, Floats]]] | None = None

    @cached_property
    def frame(self) -> Frame:
        """The plot's frame."""
        return framed(self.size, (_LEFT, _TOP, _RIGHT, _BOTTOM), self.extent or self.scene.extent)

    def same_ground(self, other: PredictionsDrawing) -> bool:
        """Whether the ground of another drawing looks like this one's."""
        return (
            self.frame == other.frame and self.theme is other.theme and self.size == other.size
            and self.scene.kind == other.scene.kind
        )

    def places(self, cursor: int) -> list[tuple[Predicted, Floats]]:
        """Return each run's predictions with the points in pixels, (points, 2)."""
        if self._kept is None or self._kept[0] != cursor:
            self._kept = cursor, [(run, self._pixels(run)) for run in self.scene.predicted(cursor)]
        return self._kept[1]

    def _pixels(self, run: Predicted) -> Floats:
        actual = self.scene.actual
        if self.scene.kind == "actual":
            return self.frame.pixels(np.stack([actual, run.values], axis=1))
        with np.errstate(invalid="ignore", over="ignore"):
            return self.frame.pixels(np.stack([run.values, actual - run.values], axis=1))

    def nearest(self, x: float, y: float, cursor: int, within: float = 9.0) -> tuple[Predicted, int] | None:
        """Return the run and the point nearest to a pixel; None where none is so near."""
        best: tuple[float, Predicted, int] | None = None
        for run, pixels in self.places(cursor):
            apart = np.square(pixels - (x, y)).sum(axis=1)
            if not np.isfinite(apart).any():
                continue
            index = int(np.nanargmin(apart))
            if best is None or apart[index] < best[0]:
                best = float(apart[index]), run, index
        return best[1:] if best is not None and best[0] <= within * within else None

    def ground(self, painter: QPainter) -> None:
        """Paint the axes, and the line on which predictions are right."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        frame = self.frame
        across, down = frame.x_ticks(), frame.y_ticks()
        draw_grid(painter, frame, across, down, self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, frame, across, down, self.theme, self.size[0])
        painter.save()
        painter.setClipRect(frame.rectangle)
        x0, x1, _, _ = frame.extent
        right = (x0, x1) if self.scene.kind == "actual" else (0.0, 0.0)
        ends = frame.pixels(np.array([[x0, right[0]], [x1, right[1]]]))
        (from_x, from_y), (to_x, to_y) = ends.tolist()
        draw_line(painter, from_x, from_y, to_x, to_y, dashed_pen(self.theme.muted, 1.4))
        painter.restore()

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the points of every run."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self.frame.rectangle)
        places = self.places(cursor)
        # at once: very many points take long for each picture of them, whatever their number
        marks = [each for run, pixels in reversed(places) for each in self._marks(run, pixels)]
        draw_marks(painter, self.size, marks, self.theme.plot, radius_for(len(self.scene.actual)))
        beyond = sum(self._beyond(pixels) for _, pixels in places)
        painter.restore()
        draw_axis_names(painter, self.frame, self._names(), self.theme)
        said = []
        if beyond:
            said.append(translate("Scene", "{count} of {all} points lie beyond the edges").format(
                count=beyond, all=sum(len(pixels) for _, pixels in places)))
        if self.scene.every > 1:
            said.append(translate("Scene", "1 in {count} samples").format(count=self.scene.every))
        for line, text in enumerate(said):
            x, y = self.frame.left + 7, self.frame.bottom - 11 - 15 * line
            draw_text(painter, x, y, text, sans(TICK), self.theme.muted, "left", self.theme.casing)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def _names(self) -> tuple[str, str]:
        prediction = translate("Scene", "prediction")
        if self.scene.kind == "actual":
            return translate("Scene", "actual"), prediction
        return prediction, translate("Scene", "residual")

    def _beyond(self, pixels: Floats) -> int:
        frame = self.frame
        with np.errstate(invalid="ignore"):
            inside = (pixels >= (frame.left, frame.top)) & (pixels <= (frame.right, frame.bottom))
        return int(len(pixels) - np.count_nonzero(inside.all(axis=1)))

    def _marks(self, run: Predicted, pixels: Floats) -> list[Marks]:
        colour, marker, held_out = self.theme.run_colour(run.slot), marker_of(run.slot), self.scene.held_out
        if held_out is None:
            return [Marks(pixels, colour, marker)]
        return [Marks(pixels[held_out == hollow], colour, marker, hollow) for hollow in (True, False)]
