"""The frame of a flat plot: data to pixels and back, grid, ticks and labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.lettering import TICK, TICK_LINE, draw_text, sans, text_width
from gdstudio.scene.ticks import Tick, fitted, linear_ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.scene.theme import Theme


# How far labels stand from the vertical axis, how wide a figure of theirs is, and how much of a picture they may take.
_LABEL_GAP, _FIGURE, _LARGEST_MARGIN = 8.0, 7.0, 0.4


@dataclass(frozen=True)
class Frame:
    """Maps a rectangle of data to a rectangle of pixels, y upwards.

    Parameters
    ----------
    left, top, width, height : float
        The plot's rectangle in pixels.
    extent : tuple of float
        What it shows: x from, x to, y from, y to; neither pair equal.
    """

    left: float
    top: float
    width: float
    height: float
    extent: tuple[float, float, float, float]

    @property
    def right(self) -> float:
        """Right edge in pixels."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge in pixels."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Pixel of a value on the horizontal axis."""
        x0, x1, _, _ = self.extent
        return self.left + (value - x0) / (x1 - x0) * self.width

    def y(self, value: float) -> float:
        """Pixel of a value on the vertical axis."""
        _, _, y0, y1 = self.extent
        return self.bottom - (value - y0) / (y1 - y0) * self.height

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels (n, 2) of points (n, 2); far away or not finite is NaN or large, never an error."""
        x0, x1, y0, y1 = self.extent
        with np.errstate(over="ignore", invalid="ignore"):
            across = self.left + (points[:, 0] - x0) / (x1 - x0) * self.width
            down = self.bottom - (points[:, 1] - y0) / (y1 - y0) * self.height
            found = np.stack([across, down])
            finite = np.isfinite(found)
            if not finite.all():
                found[~finite] = np.nan
            return np.asarray(np.clip(found, -1e7, 1e7, out=found).T)

    def data(self, x: float, y: float) -> tuple[float, float]:
        """Return the point that a pixel shows."""
        x0, x1, y0, y1 = self.extent
        return (
            x0 + (x - self.left) / self.width * (x1 - x0),
            y0 + (self.bottom - y) / self.height * (y1 - y0),
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a pixel lies in the plot."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    @cached_property
    def rectangle(self) -> QRectF:
        """The plot's rectangle."""
        return QRectF(self.left, self.top, self.width, self.height)

    def x_ticks(self) -> list[Tick]:
        """Ticks of a linear horizontal axis that fit."""
        return [*_ticks_across(self)]

    def y_ticks(self) -> list[Tick]:
        """Ticks of a linear vertical axis that fit."""
        return [*_ticks_down(self)]


# What is dragged in a plot changes it at every move of the pointer, and its axes hardly ever.
@lru_cache(maxsize=64)
def _ticks_across(frame: Frame) -> tuple[Tick, ...]:
    x0, x1, _, _ = frame.extent
    most = min(max(3, int(frame.width / 50)), 9)
    return tuple(fitted(lambda n: linear_ticks(x0, x1, n), frame.x, _label_width, most, 10.0))


@lru_cache(maxsize=64)
def _ticks_down(frame: Frame) -> tuple[Tick, ...]:
    _, _, y0, y1 = frame.extent
    return tuple(
        fitted(lambda n: linear_ticks(y0, y1, n), frame.y, lambda _: TICK_LINE, _most_down(frame.height), 8.0)
    )


def _label_width(label: str) -> float:
    return text_width(label, sans(TICK))


def framed(
    size: tuple[float, float], margins: tuple[float, float, float, float], extent: tuple[float, float, float, float],
    labels: Sequence[str] | None = None,
) -> Frame:
    """Return the frame that margins leave, the left one wide enough for the labels of the vertical axis.

    Parameters
    ----------
    size : tuple of float
        Width and height of the whole picture.
    margins : tuple of float
        Left, top, right and bottom; the left one is the least.
    extent : tuple of float
        What the frame shows.
    labels : sequence of str or None
        What will stand at the vertical axis; the ticks of a linear one where None.
    """
    left, top, right, bottom = margins
    height = max(size[1] - top - bottom, 20.0)
    if labels is None:
        labels = [tick.label for tick in linear_ticks(extent[2], extent[3], _most_down(height))]
    # measuring text is for the window's thread alone, and frames are made in others too
    widest = _FIGURE * max((len(label) for label in labels), default=0)
    left = min(max(left, _LABEL_GAP + widest + 4), max(left, _LARGEST_MARGIN * size[0]))
    return Frame(left, top, max(size[0] - left - right, 20.0), height, extent)


def _most_down(height: float) -> int:
    return min(max(3, int(height / 40)), 9)


def draw_grid(
    painter: QPainter, frame: Frame, across: Sequence[Tick], down: Sequence[Tick], theme: Theme,
) -> None:
    """Draw hairlines at the ticks, on whole pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(theme.grid), 1))
    for tick in across:
        x = round(frame.x(tick.value))
        painter.drawLine(x, round(frame.top), x, round(frame.bottom))
    for tick in down:
        y = round(frame.y(tick.value))
        painter.drawLine(round(frame.left), y, round(frame.right), y)
    painter.restore()


def draw_tick_labels(
    painter: QPainter, frame: Frame, across: Sequence[Tick], down: Sequence[Tick], theme: Theme, width: float,
) -> None:
    """Write the labels: below the plot, kept within `width`, and to its left."""
    font = sans(TICK)
    for tick in across:
        half = text_width(tick.label, font) / 2
        x = min(max(frame.x(tick.value), half + 2), width - half - 2)
        draw_text(painter, x, frame.bottom + 14, tick.label, font, theme.muted, "centre")
    for tick in down:
        y = min(max(frame.y(tick.value), 7.0), frame.bottom + 4)
        draw_text(painter, frame.left - _LABEL_GAP, y, tick.label, font, theme.muted, "right")


def draw_axis_names(painter: QPainter, frame: Frame, names: tuple[str, str], theme: Theme) -> None:
    """Write the variables' names at the ends of the axes, inside the plot, where they hide no label."""
    font = sans(TICK, 500, italic=True)
    halo = theme.casing
    draw_text(painter, frame.right - 6, frame.bottom - 11, names[0], font, theme.text, "right", halo)
    draw_text(painter, frame.left + 7, frame.top + 11, names[1], font, theme.text, "left", halo)


def dashed_pen(name: str, width: float) -> QPen:
    """Return a pen for cursors and tangents."""
    pen = QPen(QColor(name), width, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.6, 2.6])
    return pen
