"""The loss of one variable: the curve, the iterates on it, the tangent and the step it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from gdstudio.scene.axes import Frame, dashed_pen, draw_grid, draw_tick_labels
from gdstudio.scene.legend import LegendRow, draw_legend, legend_row_at, run_rows
from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.marks import draw_arrow, draw_ball, draw_marker, draw_ring, draw_star
from gdstudio.scene.pathway import Pathway, pathway
from gdstudio.scene.polylines import Lines, clipped, lines_between
from gdstudio.scene.search_marks import draw_brackets
from gdstudio.scene.strokes import draw_line, draw_lines, fill_rect, round_pen
from gdstudio.scene.ticks import number_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

_TOP, _BOTTOM, _LEFT, _RIGHT = 14.0, 32.0, 52.0, 20.0
_DOTS = 200
LEGEND_CORNER = (14.0, 12.0)

translate = QCoreApplication.translate


@dataclass(frozen=True, eq=False)
class ProfileScene:
    """Runs on the graph of a loss of one variable.

    Parameters
    ----------
    name : str
        The variable.
    xs, z : ndarray, (n,)
        The curve; what is not finite breaks it.
    minima : ndarray, (k,)
        Known minima.
    runs : tuple of RunPath
        The runs, with points (m, 1); the first visible one has the tangent.
    cursor : int
        The iteration shown.
    start : float or None
        Where the descent begins.
    remarks : bool
        Whether the tangent, the step and the legend are drawn.
    """

    name: str = "x"
    xs: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    z: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    minima: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    runs: tuple[RunPath, ...] = ()
    cursor: int = 0
    start: float | None = None
    remarks: bool = True


class ProfileDrawing:
    """The curve of a loss of one variable, prepared.

    Parameters
    ----------
    scene : ProfileScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    legend : bool
        Whether the legend is drawn.
    span : tuple of float or None
        The values of the variable shown, from and to; all that the curve has where None.
    """

    def __init__(
        self, scene: ProfileScene, theme: Theme, size: tuple[float, float], *, legend: bool = True,
        span: tuple[float, float] | None = None,
    ) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size
        self.legend = legend and scene.remarks
        self.span = span

    @cached_property
    def frame(self) -> Frame:
        """The plot's frame, with room below the curve for the step."""
        width, height = self.size
        xs = self.scene.xs
        x0, x1 = self.span or ((float(xs[0]), float(xs[-1])) if len(xs) > 1 else (-1.0, 1.0))
        inside = self.scene.z[(xs >= x0) & (xs <= x1)]
        found = inside[np.isfinite(inside)]
        low, high = (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)
        if found.size:
            # a pole must not flatten all the rest
            typical = float(np.quantile(found, 0.9))
            high = min(high, low + 12 * (typical - low)) if typical > low else high
        span = high - low if high > low else max(abs(high), 1.0)
        extent = (x0, x1, low - 0.16 * span, high + 0.06 * span)
        return Frame(_LEFT, _TOP, max(width - _LEFT - _RIGHT, 20.0), max(height - _TOP - _BOTTOM, 20.0), extent)

    @cached_property
    def ways(self) -> list[Pathway]:
        """The visible runs in pixels: each iterate on the curve."""
        return [
            pathway(replace(run, points=np.stack([run.points[:, 0], run.losses], axis=1)), self.frame)
            for run in self.scene.runs if run.visible and len(run)
        ]

    def ground(self, painter: QPainter) -> None:
        """Paint the axes and the curve."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        frame = self.frame
        across, down = frame.x_ticks(), frame.y_ticks()
        draw_grid(painter, frame, across, down, self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, frame, across, down, self.theme, self.size[0])
        name = sans(TICK + 1, 500, italic=True)
        draw_text(painter, frame.right - 4, frame.bottom - 11, self.scene.name, name, self.theme.text, "right")
        painter.save()
        painter.setClipRect(frame.rectangle)
        pixels = frame.pixels(np.stack([self.scene.xs, self.scene.z], axis=1))
        curve = self._inside(lines_between(pixels, np.arange(len(pixels))))
        draw_lines(painter, curve, round_pen(self.theme.text, 2.2))
        painter.restore()

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint minima, the iterates, the tangent, the step, and the legend."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.frame
        painter.save()
        painter.setClipRect(frame.rectangle)
        draw_brackets(painter, frame, self.scene.runs, cursor, self.theme, told=self.scene.remarks)
        for x in self.scene.minima:
            y = frame.y(float(np.interp(x, self.scene.xs, self.scene.z)))
            if frame.holds(frame.x(float(x)), y):
                draw_star(painter, frame.x(float(x)), y, self.theme)
        for way in reversed(self.ways):
            self._draw_steps(painter, way, cursor)
        self._draw_start(painter)
        if self.ways and self.scene.remarks:
            self._draw_tangent(painter, self.ways[0], cursor)
        for way in reversed(self.ways):
            place = way.place(cursor)
            if place is not None:
                draw_ball(painter, *place, way.run.slot, self.theme, 5.6)
        painter.restore()
        if self.legend:
            draw_legend(painter, *LEGEND_CORNER, self.legend_rows(cursor), self.theme)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def legend_rows(self, cursor: int) -> list[LegendRow]:
        """One row for each run, with its loss at an iteration."""
        return run_rows(self.scene.runs, cursor)

    def legend_row_at(self, x: float, y: float) -> int | None:
        """Return the legend's row under a pixel."""
        if not self.legend:
            return None
        return legend_row_at(self.legend_rows(0), x - LEGEND_CORNER[0], y - LEGEND_CORNER[1])

    def _inside(self, lines: Lines) -> Lines:
        frame = self.frame
        return clipped(lines, frame.left - 4, frame.top - 4, frame.right + 4, frame.bottom + 4)

    def _draw_steps(self, painter: QPainter, way: Pathway, cursor: int) -> None:
        """Join the iterates and dot them, the ring where they begin."""
        slot = way.run.slot
        draw_lines(painter, way.behind(cursor), round_pen(self.theme.run_colour(slot), 1.8))
        row = way.run.at(cursor)
        dots = way.chosen[way.chosen <= row][-_DOTS:]
        for x, y in way.pixels[dots]:
            if np.isfinite(x) and np.isfinite(y) and self.frame.holds(float(x), float(y)):
                draw_marker(painter, float(x), float(y), slot, self.theme, 3.2)

    def _draw_start(self, painter: QPainter) -> None:
        start = self.scene.start
        if start is None or not len(self.scene.xs):
            return
        y = self.frame.y(float(np.interp(start, self.scene.xs, self.scene.z)))
        if np.isfinite(y):
            draw_ring(painter, self.frame.x(start), min(max(y, -1e5), 1e5), self.theme)

    def slope(self, run: RunPath, row: int) -> float:
        """Return the derivative at an iterate: the run's own, or the curve's where the run has none."""
        if run.slopes is not None and row < len(run.slopes):
            return float(run.slopes[row])
        if len(self.scene.xs) < 3:
            return float("nan")
        return float(np.interp(run.points[row, 0], self.scene.xs, np.gradient(self.scene.z, self.scene.xs)))

    def _draw_tangent(self, painter: QPainter, way: Pathway, cursor: int) -> None:
        """Draw the tangent, and the step to the next iterate: what the tangent promised, what the curve gave."""
        frame, row = self.frame, way.run.at(cursor)
        x, loss = float(way.run.points[row, 0]), float(way.run.points[row, 1])
        slope = self.slope(way.run, row)
        if not np.isfinite([x, loss, slope]).all():
            return
        x0, x1, _, _ = frame.extent
        following = float(way.run.points[row + 1, 0]) if row + 1 < len(way.run) else x
        reach = max(0.16 * (x1 - x0), 1.25 * min(abs(following - x), x1 - x0))
        ends = np.array([[x - reach, loss - slope * reach], [x + reach, loss + slope * reach]])
        tangent = self._inside(lines_between(frame.pixels(ends), np.arange(2)))
        draw_lines(painter, tangent, dashed_pen(self.theme.tangent, 1.8))
        if slope == 0:
            way_down = translate("Scene", "flat")
        elif slope > 0:
            way_down = translate("Scene", "downhill is to the left")
        else:
            way_down = translate("Scene", "downhill is to the right")
        text = translate("Scene", "slope f′ = {slope}: {way_down}")
        text = text.format(slope=number_text(slope, 3), way_down=way_down)
        # beside the ball where a valley's wall is not
        self._write(painter, frame.x(x) + (-16 if slope < 0 else 16), frame.y(loss) + 15, text, slope < 0)
        if following != x and np.isfinite(following):
            self._draw_step(painter, way, row, loss + slope * (following - x))

    def _draw_step(self, painter: QPainter, way: Pathway, row: int, promised: float) -> None:
        frame, theme = self.frame, self.theme
        (x, _), (following, reached) = way.run.points[row:row + 2]
        level = frame.bottom - 16
        colour = theme.run_colour(way.run.slot)
        ends = np.clip([frame.x(float(x)), frame.x(float(following))], frame.left, frame.right)
        draw_arrow(painter, float(ends[0]), level, float(ends[1]), level, colour)
        sign = "+" if following > x else ""
        text = translate("Scene", "step {step}").format(step=sign + number_text(float(following - x), 3))
        self._write(painter, float(ends.mean()), level - 13, text, None, colour)
        if not np.isfinite(reached):
            return
        top, bottom = np.clip([frame.y(float(reached)), frame.y(promised)], frame.top - 4, frame.bottom + 4)
        draw_line(painter, ends[1], top, ends[1], bottom, round_pen(theme.promise, 1.6))
        text = translate("Scene", "the tangent promised {promised}, the curve gives {reached}").format(
            promised=number_text(promised, 2, short=True), reached=number_text(float(reached), 2, short=True))
        self._write(painter, float(ends[1]) + 10, min(bottom, level - 30), text, False, theme.promise)

    def _write(
        self, painter: QPainter, x: float, y: float, text: str, leftwards: bool | None, name: str | None = None,
    ) -> None:
        """Write a remark within the plot: left or right of a place, or about it where `leftwards` is None."""
        width, frame = text_width(text, sans(TICK)), self.frame
        left = x - width / 2 if leftwards is None else x - width if leftwards else x
        left = min(max(left, frame.left + 4), max(frame.right - width - 4, frame.left + 4))
        y = min(max(y, frame.top + 10), frame.bottom - 10)
        draw_text(painter, left, y, text, sans(TICK), name or self.theme.tangent, "left", self.theme.plot)
