"""The learning rate over the iterations, small: it stands beside the controls of its schedule."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.scene.axes import Frame, dashed_pen, draw_grid
from gdstudio.scene.lettering import draw_text, sans
from gdstudio.scene.marks import draw_ball
from gdstudio.scene.polylines import Lines, extremes, lines_between
from gdstudio.scene.strokes import draw_line, draw_lines, fill_rect, round_pen
from gdstudio.scene.ticks import Tick, linear_ticks, number_text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from gdstudio.scene.theme import Theme

_TOP, _BOTTOM, _LEFT, _RIGHT = 9.0, 19.0, 46.0, 9.0
_LABEL = 10
# No more points are kept than a plot of this kind has pixels, or nearly so.
MOST_POINTS = 2_048


@dataclass(frozen=True, eq=False)
class RatesScene:
    """The learning rate of each step of a run.

    Parameters
    ----------
    iterations, rates : ndarray, (n,)
        Some of the steps, in order, and the rate of each.
    slot : int
        Colour and marker of the run.
    last : int
        Where the axis ends.
    """

    iterations: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    rates: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    slot: int = 0
    last: int = 1

    def at(self, cursor: int) -> float:
        """Return the rate of the step that led to an iteration, or would lead away from the start."""
        place = int(np.searchsorted(self.iterations, max(cursor, 1), side="right")) - 1
        return float(self.rates[min(max(place, 0), len(self.rates) - 1)])


def thinned(rates: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return iterations (from 1) and rates (n,) of those steps that a small plot needs."""
    iterations = np.arange(1.0, len(rates) + 1.0)
    if len(rates) <= MOST_POINTS:
        return iterations, rates
    columns = np.floor(np.arange(len(rates)) * (MOST_POINTS / 4 / len(rates))).astype(np.intp)
    kept = extremes(columns, rates)
    return iterations[kept], rates[kept]


def _least(scene: RatesScene) -> float:
    """Return the largest rate; 1 where there is none."""
    found = scene.rates[np.isfinite(scene.rates)]
    return float(found.max(initial=0.0)) or 1.0


class RatesDrawing:
    """The plot, prepared.

    Parameters
    ----------
    scene : RatesScene
        What to show; at least one step.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    """

    def __init__(self, scene: RatesScene, theme: Theme, size: tuple[float, float]) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size

    @cached_property
    def frame(self) -> Frame:
        """The plot's frame, from a rate of zero to a little above the largest."""
        width, height = self.size
        across, down = max(width - _LEFT - _RIGHT, 20.0), max(height - _TOP - _BOTTOM, 10.0)
        extent = (0.0, float(max(self.scene.last, 1)), 0.0, max(1.06 * self.levels[-1], _least(self.scene)))
        return Frame(_LEFT, _TOP, across, down, extent)

    @cached_property
    def levels(self) -> list[float]:
        """The rates that have a line and a label, from zero on."""
        top = _least(self.scene)
        return [float(tick.value) for tick in linear_ticks(0.0, top, 3)] or [0.0, top]

    @cached_property
    def curve(self) -> Lines:
        """The rates in pixels."""
        pixels = self.frame.pixels(np.stack([self.scene.iterations, self.scene.rates], axis=1))
        return lines_between(pixels, np.arange(len(pixels)))

    def ground(self, painter: QPainter) -> None:
        """Paint the axes and the curve."""
        theme, frame, scene = self.theme, self.frame, self.scene
        fill_rect(painter, 0, 0, *self.size, theme.panel)
        levels = [Tick(level, number_text(level, 3, short=True)) for level in self.levels]
        draw_grid(painter, frame, (), levels, theme)
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for level in levels:
            place = frame.y(float(level.value))
            draw_text(painter, frame.left - 6, place, level.label, sans(_LABEL), theme.muted, "right")
        y = frame.bottom + 10
        draw_text(painter, frame.left, y, "0", sans(_LABEL), theme.muted, "left")
        draw_text(painter, frame.right, y, f"{scene.last}", sans(_LABEL), theme.muted, "right")
        draw_lines(painter, self.curve, round_pen(theme.run_colour(scene.slot), 1.8))

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the iteration and its rate."""
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        frame, theme = self.frame, self.theme
        x = round(frame.x(min(cursor, self.scene.last)) - 0.5) + 0.5
        draw_line(painter, x, frame.top, x, frame.bottom, dashed_pen(theme.text, 1.2))
        rate = self.scene.at(cursor)
        if np.isfinite(rate):
            draw_ball(painter, x, frame.y(rate), self.scene.slot, theme, 3.2)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture, at the start."""
        self.ground(painter)
        self.live(painter, 0)
