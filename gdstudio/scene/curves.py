"""Curves over the iterations: the loss of every run, the cursor, and what a pointer reads out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from gdstudio.scene.axes import Frame, dashed_pen, draw_grid, draw_tick_labels, framed
from gdstudio.scene.legend import LegendRow, capped, draw_legend, legend_size
from gdstudio.scene.lettering import TICK, draw_text, metrics, sans, text_width
from gdstudio.scene.marks import draw_ball
from gdstudio.scene.pathway import mixed
from gdstudio.scene.polylines import Lines, clipped, extremes, lines_between
from gdstudio.scene.remarks import emptiest
from gdstudio.scene.strokes import draw_line, draw_lines, fill_rect, round_pen
from gdstudio.scene.ticks import Tick, fitted, number_text
from gdstudio.scene.value_scale import ValueScale, scale_for

if TYPE_CHECKING:
    from gdstudio.scene.runs import Series
    from gdstudio.scene.theme import Theme

_TOP, _BOTTOM, _LEFT, _RIGHT = 22.0, 30.0, 60.0, 16.0

translate = QCoreApplication.translate
# The legend's most of the height.
_LEGEND_PART = 0.8


@dataclass(frozen=True, eq=False)
class CurvesScene:
    """A quantity of several runs over the iterations.

    Parameters
    ----------
    series : tuple of Series
        The curves, the first drawn on top.
    cursor : int
        The iteration shown.
    iterations : int or None
        Where the axis ends; the longest curve's end where None.
    scale : {"linear", "log"}
        The scale wished for; the data may not allow a logarithm.
    legend : bool
        Whether a legend is drawn: for pictures that stand alone.
    """

    series: tuple[Series, ...] = ()
    cursor: int = 0
    iterations: int | None = None
    scale: Literal["linear", "log"] = "log"
    legend: bool = False


class CurvesDrawing:
    """Curves, prepared.

    Parameters
    ----------
    scene : CurvesScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    span : tuple of float or None
        The iterations shown, from and to; all where None.
    """

    def __init__(
        self, scene: CurvesScene, theme: Theme, size: tuple[float, float],
        span: tuple[float, float] | None = None,
    ) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size
        self.span = span

    @cached_property
    def drawn(self) -> tuple[Series, ...]:
        """The visible curves."""
        return tuple(one for one in self.scene.series if one.visible and len(one.values))

    @cached_property
    def scale(self) -> ValueScale:
        """The vertical scale, over what the horizontal axis shows."""
        first, last = self.frame_span
        parts = [one.values[one.at(int(first)):one.at(int(np.ceil(last))) + 1] for one in self.drawn]
        return scale_for([np.asarray(part, dtype=np.float64) for part in parts], self.scene.scale)

    @property
    def frame_span(self) -> tuple[float, float]:
        """First and last iteration on the axis."""
        longest = max((one.rows.last for one in self.scene.series), default=1)
        return self.span or (0.0, float(max(self.scene.iterations or longest, 1)))

    @cached_property
    def frame(self) -> Frame:
        """The plot's frame; its heights are those of the scale."""
        labels = [tick.label for tick in self.scale.ticks(self._most_ticks)]
        margins = _LEFT, _TOP, _RIGHT, _BOTTOM
        return framed(self.size, margins, (*self.frame_span, *self.scale.edges), labels)

    @property
    def _most_ticks(self) -> int:
        return max(2, int((self.size[1] - _TOP - _BOTTOM) / 36))

    @cached_property
    def curves(self) -> list[Lines]:
        """The curves in pixels, thinned to the extremes of every pixel column."""
        return [self._curve(one) for one in self.drawn]

    def _curve(self, series: Series) -> Lines:
        iterations, values, frame = series.rows.iterations, np.asarray(series.values, dtype=np.float64), self.frame
        finite = np.isfinite(values)
        if not finite.all():
            values = np.where(finite, values, np.nan)
        x0, x1 = self.frame_span
        columns = np.floor((iterations - x0) * (frame.width / (x1 - x0)) + frame.left).astype(np.intp)
        # no scale turns values around, so their extremes are those of the heights
        chosen = extremes(columns, values)
        pixels = frame.pixels(np.stack([iterations[chosen], self.scale.forward(values[chosen])], axis=1))
        lines = lines_between(pixels, chosen)
        return clipped(lines, frame.left - 2, frame.top - 2, frame.right + 2, frame.bottom + 2)

    def y_ticks(self) -> list[Tick]:
        """Ticks of the vertical axis: their values are heights."""
        def ticks(count: int) -> list[Tick]:
            return [Tick(float(self.scale.forward(t.value)), t.label) for t in self.scale.ticks(count)]

        if not any(np.isfinite(one.values).any() for one in self.drawn):
            return []
        line = metrics(sans(TICK)).height()
        return fitted(ticks, self.frame.y, lambda _: line, self._most_ticks, 8.0)

    def x_ticks(self) -> list[Tick]:
        """Ticks of the horizontal axis, whole iterations only."""
        ticks = [tick for tick in self.frame.x_ticks() if float(tick.value).is_integer()]
        return [Tick(tick.value, tick.label.removesuffix(".0")) for tick in ticks]

    def ground(self, painter: QPainter) -> None:
        """Paint the axes and every curve thin and faint."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        down = self.y_ticks()
        draw_grid(painter, self.frame, (), down, self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, self.frame, self.x_ticks(), down, self.theme, self.size[0])
        self._draw_names(painter)
        painter.save()
        painter.setClipRect(self.frame.rectangle.adjusted(0, -2, 2, 2))
        for one, lines in reversed(list(zip(self.drawn, self.curves, strict=True))):
            faint = mixed(self.theme.run_colour(one.slot), self.theme.plot, 0.62)
            draw_lines(painter, lines, round_pen(faint, 1.0))
        painter.restore()

    def _draw_names(self, painter: QPainter) -> None:
        """Write what the axes are of: above the one's labels, and left of the other's where there is room."""
        font, right = sans(TICK), self.frame.left - 8
        loss, iteration = translate("Scene", "loss"), translate("Scene", "iteration")
        draw_text(painter, right, self.frame.top - 13, loss, font, self.theme.muted, "right")
        if text_width(iteration, font) <= right - 2:
            draw_text(painter, right, self.frame.bottom + 14, iteration, font, self.theme.muted, "right")

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the curves up to the cursor, the cursor's line and the markers."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.frame
        painter.save()
        painter.setClipRect(frame.rectangle.adjusted(-8, -8, 8, 8))
        for one, lines in reversed(list(zip(self.drawn, self.curves, strict=True))):
            solid = round_pen(self.theme.run_colour(one.slot), 2.0)
            draw_lines(painter, self._until(one, lines, cursor), solid)
        x = frame.x(cursor)
        if frame.left - 1 <= x <= frame.right + 1:
            x = round(x - 0.5) + 0.5
            draw_line(painter, x, frame.top, x, frame.bottom, dashed_pen(self.theme.text, 1.4))
        for one in reversed(self.drawn):
            row = _last_finite(one, one.at(cursor))
            y = frame.y(float(self.scale.forward(one.values[row])))
            x = frame.x(min(cursor, one.rows.last) if row == one.at(cursor) else float(one.rows.iterations[row]))
            if frame.left - 1 <= x <= frame.right + 1 and frame.top - 2 <= y <= frame.bottom + 2:
                draw_ball(painter, x, y, one.slot, self.theme, 3.7)
        painter.restore()
        if self.scene.legend:
            self._draw_legend(painter, cursor)

    def _draw_legend(self, painter: QPainter, cursor: int) -> None:
        """Draw the legend in the corner that hides least of the curves."""
        rows, frame = self.legend_rows(cursor), self.frame
        width, height = legend_size(rows)
        columns, levels = (frame.right - 8 - width, frame.left + 8), (frame.top + 8, frame.bottom - 8 - height)
        corners = [(x, y) for x in columns for y in levels]
        drawn = np.concatenate([np.empty((0, 2)), *(lines.ends[:, 2:] for lines in self.curves)])
        draw_legend(painter, *emptiest(corners, (width, height), drawn), rows, self.theme)

    def _until(self, series: Series, lines: Lines, cursor: int) -> Lines:
        row = series.at(cursor)
        before = lines.until(row)
        last = int(before.iterates[-1]) if len(before.iterates) else 0
        if last >= row:
            return before
        steps = np.array([last, row])
        heights = self.scale.forward(series.values[steps])
        pixels = self.frame.pixels(np.stack([series.rows.iterations[steps], heights], axis=1))
        frame = self.frame
        rest = clipped(lines_between(pixels, steps), frame.left, frame.top, frame.right, frame.bottom)
        return before.joined(rest)

    def legend_rows(self, cursor: int) -> list[LegendRow]:
        """One row for each curve, with its value at an iteration."""
        rows = [
            LegendRow(one.label, one.slot, number_text(float(one.values[one.at(cursor)])))
            for one in self.drawn
        ]
        return capped(rows, _LEGEND_PART * self.size[1])

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def with_series(self, series: tuple[Series, ...], iterations: int | None) -> CurvesDrawing:
        """Return the same drawing with other curves, prepared; any thread may do so."""
        scene = replace(self.scene, series=series, iterations=iterations)
        other = CurvesDrawing(scene, self.theme, self.size, self.span)
        other.curves = [other._curve(one) for one in other.drawn]
        return other


def _last_finite(series: Series, row: int) -> int:
    """Return the row where the curve of a run that left all numbers behind ends, else `row` itself."""
    if np.isfinite(series.values[row]):
        return row
    found = np.flatnonzero(np.isfinite(series.values[:row]))
    return int(found[-1]) if found.size else row
