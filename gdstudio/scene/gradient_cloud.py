"""Why stochastic gradients jitter: the gradients of all single samples, the full gradient, and that of the batch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.axes import Frame, dashed_pen, draw_axis_names, draw_grid, draw_tick_labels
from gdstudio.scene.lettering import TICK, draw_text, sans
from gdstudio.scene.marks import draw_arrow
from gdstudio.scene.pathway import mixed
from gdstudio.scene.point_marks import DOT, Marks, draw_marks, radius_for
from gdstudio.scene.remarks import Remark, draw_remarks_in_lines, in_lines
from gdstudio.scene.strokes import colour, draw_line, fill_rect

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.scene.theme import Theme

    Floats = NDArray[np.float64]

translate = QCoreApplication.translate
_HEAD, _BOTTOM, _LEFT, _RIGHT, _LINE = 10.0, 30.0, 60.0, 16.0, 18.0
_REACH, _SMALLEST, _LARGEST = 2.1, 1e-250, 1e250
# A cloud that is longer than wide by more would be a line where both axes had one scale; by far more, rounding is seen.
_LONG, _ROUNDING = 3.0, 1e12
_SIGMAS = (1.0, 2.0)


@dataclass(frozen=True, eq=False)
class Cloud:
    """Gradients at one iterate, in two of its parameters.

    Parameters
    ----------
    gradients : ndarray, (samples, 2)
        Of every single sample.
    full : ndarray, (2,)
        Of the full training set: their mean.
    batch : ndarray, (2,), or None
        Of the batch that makes the next step; None where it is the full set.
    lit : ndarray of int or None
        Which of the samples are in the batch.
    slot : int
        Colour of the run.
    size : int or None
        How many samples a batch has, where `gradients` are only some of all; as many as `lit` where None.
    """

    gradients: Floats
    full: Floats
    batch: Floats | None = None
    lit: NDArray[np.intp] | None = None
    slot: int = 0
    size: int | None = None

    @property
    def batch_size(self) -> int:
        """How many samples the batch has; 0 where it is the full set."""
        return self.size or (0 if self.lit is None else len(self.lit))

    @property
    def covariance(self) -> Floats:
        """Covariance of the single samples' gradients about the full one, (2, 2)."""
        found = self.gradients[np.isfinite(self.gradients).all(axis=1)]
        if not len(found):
            return np.zeros((2, 2))
        apart = np.clip(found - self.full, -_LARGEST**0.5, _LARGEST**0.5)
        return np.asarray(apart.T @ apart / len(found))


@dataclass(frozen=True, eq=False)
class CloudScene:
    """The cloud over the iterations.

    Parameters
    ----------
    names : tuple of str
        The two parameters.
    cloud : callable
        Takes an iteration, gives the gradients there; None where there is nothing to show.
    cursor : int
        The iteration shown.
    """

    names: tuple[str, str]
    cloud: Callable[[int], Cloud | None]
    cursor: int = 0


def ellipse(centre: Floats, covariance: Floats, sigma: float) -> Floats:
    """Return the outline (n, 2) of `sigma` standard deviations about a centre (2,)."""
    values, vectors = np.linalg.eigh(covariance)
    turn = np.linspace(0.0, 2.0 * np.pi, 97)
    circle = np.stack([np.cos(turn), np.sin(turn)])
    return np.asarray(centre + sigma * (vectors @ (np.sqrt(np.maximum(values, 0.0))[:, None] * circle)).T)


def alike(frame: Frame) -> bool:
    """Whether both axes of a frame have one scale."""
    x0, x1, y0, y1 = frame.extent
    return math.isclose((x1 - x0) / frame.width, (y1 - y0) / frame.height, rel_tol=1e-6)


class CloudDrawing:
    """The cloud, prepared; all of it moves with the cursor, for gradients shrink by magnitudes.

    Parameters
    ----------
    scene : CloudScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    """

    def __init__(self, scene: CloudScene, theme: Theme, size: tuple[float, float]) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size

    def frame(self, cloud: Cloud) -> Frame:
        """Return the plot's frame: zero in the middle, its range in steps so that it mostly rests.

        Both axes are alike where the cloud is about as wide as it is high; else each has a scale of its own.
        """
        top = _HEAD + _LINE * len(self.remarks(cloud))
        room = np.maximum((self.size[0] - _LEFT - _RIGHT, self.size[1] - top - _BOTTOM), 20.0)
        reach = np.abs(cloud.full) + _REACH * np.sqrt(np.diag(cloud.covariance))
        small, large = np.sort(np.nan_to_num(reach / room, nan=1.0, posinf=_LARGEST)).tolist()
        if cloud.batch is not None:
            reach = np.maximum(reach, 1.1 * np.abs(cloud.batch))
        units = np.nan_to_num(2.0 * reach / room, nan=1.0, posinf=_LARGEST)
        # without the batch, which would switch it at every other step
        if not _LONG * small < large < _ROUNDING * small:
            units = np.full(2, units.max())
        # where no sample changes anything there is nothing to fit in
        units = np.where(units >= _SMALLEST, np.minimum(units, _LARGEST), 2.0 / room[0])
        across, down = (room * 2.0 ** (np.ceil(2.0 * np.log2(units)) / 2.0) / 2.0).tolist()
        return Frame(_LEFT, top, float(room[0]), float(room[1]), (-across, across, -down, down))

    def ground(self, painter: QPainter) -> None:
        """Paint the ground."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint axes, dots, ellipses and arrows."""
        cloud = self.scene.cloud(cursor)
        if cloud is None or not np.isfinite(cloud.full).all():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not cloud.full.any() and not cloud.covariance.any():
            self._say_nothing_moves(painter)
            return
        frame, theme = self.frame(cloud), self.theme
        across, down = frame.x_ticks(), frame.y_ticks()
        draw_grid(painter, frame, across, down, theme)
        draw_tick_labels(painter, frame, across, down, theme, self.size[0])
        painter.save()
        painter.setClipRect(frame.rectangle)
        zero = QPen(QColor(mixed(theme.muted, theme.plot, 0.5)), 1)
        draw_line(painter, frame.left, frame.y(0.0), frame.right, frame.y(0.0), zero)
        draw_line(painter, frame.x(0.0), frame.top, frame.x(0.0), frame.bottom, zero)
        self._draw_dots(painter, cloud, frame.pixels(cloud.gradients))
        self._draw_ellipses(painter, frame, cloud)
        self._draw_arrows(painter, frame, cloud)
        painter.restore()
        names = (f"∂/∂{self.scene.names[0]}", f"∂/∂{self.scene.names[1]}")
        draw_axis_names(painter, frame, names, theme)
        if not alike(frame):
            note = translate("Scene", "axes to different scales")
            place = frame.left + 7, frame.bottom - 11
            draw_text(painter, *place, note, sans(TICK), theme.text, "left", theme.casing)
        draw_remarks_in_lines(painter, _LEFT, _HEAD / 2 + _LINE / 2, self.remarks(cloud), theme)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    @property
    def _dot(self) -> str:
        return mixed(self.theme.muted, self.theme.plot, 0.35).name()

    def _draw_dots(self, painter: QPainter, cloud: Cloud, pixels: Floats) -> None:
        theme, radius = self.theme, 0.75 * radius_for(len(pixels))
        dots = Marks(pixels, self._dot)
        draw_marks(painter, self.size, [dots], theme.plot, radius)
        if cloud.lit is not None:
            lit = Marks(pixels[cloud.lit], theme.run_colour(cloud.slot))
            draw_marks(painter, self.size, [lit], theme.rim, max(radius, 0.75 * DOT) * 1.4)

    def _draw_ellipses(self, painter: QPainter, frame: Frame, cloud: Cloud) -> None:
        theme = self.theme
        for sigma in _SIGMAS:
            pen = QPen(colour(theme.text, 0.75 if sigma == 1.0 else 0.45), 1.4)
            points = frame.pixels(ellipse(cloud.full, cloud.covariance, sigma))
            self._outline(painter, points, pen)
            lowest = points[np.argmax(points[:, 1])].tolist()
            label = f"{sigma:.0f}σ"
            draw_text(painter, lowest[0], lowest[1] - 8, label, sans(TICK), theme.text, "centre", theme.casing)
        if cloud.batch_size:
            # the mean of m independent samples varies by the m-th part of what one does
            points = frame.pixels(ellipse(cloud.full, cloud.covariance / cloud.batch_size, _SIGMAS[-1]))
            self._outline(painter, points, dashed_pen(theme.run_colour(cloud.slot), 1.6))

    def _outline(self, painter: QPainter, points: Floats, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon([QPointF(x, y) for x, y in points.tolist()])

    def _draw_arrows(self, painter: QPainter, frame: Frame, cloud: Cloud) -> None:
        arrows = [(cloud.full, self.theme.text)]
        if cloud.batch is not None and np.isfinite(cloud.batch).all():
            arrows.append((cloud.batch, self.theme.run_colour(cloud.slot)))
        for tip, name in arrows:
            x, y = frame.pixels(np.asarray(tip, dtype=np.float64)[None])[0].tolist()
            draw_arrow(painter, frame.x(0.0), frame.y(0.0), x, y, self.theme.casing, 4.6)
            draw_arrow(painter, frame.x(0.0), frame.y(0.0), x, y, name, 2.4)

    def _say_nothing_moves(self, painter: QPainter) -> None:
        text = translate("Scene", "all gradients are zero\nin {first} and {second}").format(
            first=self.scene.names[0], second=self.scene.names[1])
        for line, part in enumerate(text.split("\n")):
            place = self.size[0] / 2, self.size[1] / 2 + _LINE * line
            draw_text(painter, *place, part, sans(TICK + 1), self.theme.muted, "centre")

    def remarks(self, cloud: Cloud) -> list[list[Remark]]:
        """Return what each sign means, in lines that there is room for."""
        theme = self.theme
        remarks = [
            Remark(translate("Scene", "full gradient"), "arrow", theme.text),
            Remark(translate("Scene", "a sample's gradient"), "dot", self._dot),
        ]
        if cloud.batch is not None:
            remarks.append(Remark(translate("Scene", "this batch"), "arrow", theme.run_colour(cloud.slot)))
        if cloud.batch_size:
            text = translate("Scene", "2σ of batches of {size}").format(size=cloud.batch_size)
            remarks.append(Remark(text, "dashes", theme.run_colour(cloud.slot)))
        return in_lines(remarks, self.size[0] - _LEFT)
