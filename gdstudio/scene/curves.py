"""Curves over the iterations: the loss of every run, the cursor, and what a pointer reads out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QPainter, QPen

from gdstudio.scene.axes import Frame, dashed_pen, draw_grid, draw_tick_labels, framed
from gdstudio.scene.legend import LegendRow, capped, draw_legend, legend_size
from gdstudio.scene.lettering import TICK, TICK_LINE, draw_text, sans, text_width
from gdstudio.scene.marks import draw_ball
from gdstudio.scene.pathway import mixed
from gdstudio.scene.polylines import Lines, clipped, extremes, lines_between
from gdstudio.scene.remarks import emptiest
from gdstudio.scene.strokes import draw_line, draw_lines, fill_rect, round_pen
from gdstudio.scene.ticks import Tick, fitted, number_text
from gdstudio.scene.value_scale import ValueScale, scale_for

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor

    from gdstudio.scene.runs import Series
    from gdstudio.scene.theme import Theme

_TOP, _BOTTOM, _LEFT, _RIGHT = 22.0, 30.0, 60.0, 16.0

translate = QCoreApplication.translate
# The legend's most of the height.
_LEGEND_PART = 0.8
# In the order they are drawn; what part of a faint curve's values may lie below the vertical axis.
_STYLES, _UNUSUAL = ("faint", "dashed", "strong"), 0.2
# Pixels beyond which nothing need be told apart.
_FAR = 1e7


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
    epochs : bool
        Whether the horizontal axis counts epochs; curves without epochs keep to iterations.
    """

    series: tuple[Series, ...] = ()
    cursor: int = 0
    iterations: int | None = None
    scale: Literal["linear", "log"] = "log"
    legend: bool = False
    epochs: bool = False

    def unit(self, series: Series) -> float:
        """Return how many iterations of a curve one unit of the horizontal axis has."""
        return series.epoch or 1.0 if self.epochs else 1.0


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
        What the horizontal axis shows, from and to; all where None.
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
        parts = []
        for one in self.drawn:
            unit = self.scene.unit(one)
            rows = slice(one.at(int(first * unit)), one.at(int(np.ceil(last * unit))) + 1)
            part = np.asarray(one.values[rows], dtype=np.float64)
            parts.append(_usual(part) if one.style == "faint" else part)
        return scale_for(parts, self.scene.scale)

    @property
    def frame_span(self) -> tuple[float, float]:
        """Where the horizontal axis begins and ends: iterations, or epochs."""
        scene = self.scene
        ends = [(scene.iterations or one.rows.last) / scene.unit(one) for one in scene.series]
        return self.span or (0.0, float(max(ends, default=scene.iterations or 1)) or 1.0)

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

    def prepare(self) -> None:
        """Work out now what painting would when it is needed; any thread may do so before others have the drawing."""
        # looked up to be kept
        _ = self.curves, self.y_ticks

    def _curve(self, series: Series) -> Lines:
        values, frame = np.asarray(series.values, dtype=np.float64), self.frame
        along = series.rows.iterations / self.scene.unit(series)
        rows = np.arange(len(values))
        if not np.isfinite(values).all():
            rows = np.flatnonzero(~np.isnan(values))
            values, along = values[rows], along[rows]
            # what is infinite breaks the curve
            values = np.where(np.isfinite(values), values, np.nan)
        x0, x1 = self.frame_span
        columns = np.floor((along - x0) * (frame.width / (x1 - x0)) + frame.left).astype(np.intp)
        # no scale turns values around, so their extremes are those of the heights
        chosen = extremes(columns, values)
        pixels = frame.pixels(np.stack([along[chosen], self.scale.forward(values[chosen])], axis=1))
        lines = lines_between(pixels, rows[chosen])
        return clipped(lines, frame.left - 2, frame.top - 2, frame.right + 2, frame.bottom + 2)

    @cached_property
    def y_ticks(self) -> list[Tick]:
        """Ticks of the vertical axis: their values are heights."""
        def ticks(count: int) -> list[Tick]:
            return [Tick(float(self.scale.forward(t.value)), t.label) for t in self.scale.ticks(count)]

        if not any(np.isfinite(one.values).any() for one in self.drawn):
            return []
        return fitted(ticks, self.frame.y, lambda _: TICK_LINE, self._most_ticks, 8.0)

    def x_ticks(self) -> list[Tick]:
        """Ticks of the horizontal axis; of iterations whole ones only."""
        found = self.frame.x_ticks()
        whole = [tick for tick in found if float(tick.value).is_integer()]
        ticks = found if self.scene.epochs and len(whole) < 2 else whole
        return ticks if ticks is not whole else [Tick(tick.value, tick.label.removesuffix(".0")) for tick in ticks]

    def ground(self, painter: QPainter) -> None:
        """Paint the axes and every curve thin and faint."""
        self.terrain(painter)
        self.labels(painter)

    def labels(self, painter: QPainter) -> None:
        """Write the tick labels and what the axes are of."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, self.frame, self.x_ticks(), self.y_ticks, self.theme, self.size[0])
        self._draw_names(painter)

    def terrain(self, painter: QPainter) -> None:
        """Paint what of the ground holds no text: the grid, and every curve thin and faint."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        draw_grid(painter, self.frame, (), self.y_ticks, self.theme)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.frame.rectangle.adjusted(0, -2, 2, 2))
        for one, lines in self._in_order():
            colour, width = self.theme.run_colour(one.slot), 0.8 if one.style == "faint" else 1.0
            shade = mixed(colour, self.theme.plot, 0.8 if one.style == "faint" else 0.62)
            draw_lines(painter, lines, _pen(one, shade, width))
        painter.restore()

    def _in_order(self) -> list[tuple[Series, Lines]]:
        """Return the curves as they are drawn, what matters most at last."""
        drawn = reversed(list(zip(self.drawn, self.curves, strict=True)))
        return sorted(drawn, key=lambda pair: _STYLES.index(pair[0].style))

    def _draw_names(self, painter: QPainter) -> None:
        """Write what the axes are of: above the one's labels, and left of the other's where there is room."""
        font, right = sans(TICK), self.frame.left - 8
        loss = translate("Scene", "loss")
        iteration = translate("Scene", "epoch") if self.scene.epochs else translate("Scene", "iteration")
        draw_text(painter, right, self.frame.top - 13, loss, font, self.theme.muted, "right")
        if text_width(iteration, font) <= right - 2:
            draw_text(painter, right, self.frame.bottom + 14, iteration, font, self.theme.muted, "right")

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the curves up to the cursor, the cursor's line and the markers."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.frame
        painter.save()
        painter.setClipRect(frame.rectangle.adjusted(-8, -8, 8, 8))
        for one, lines in self._in_order():
            faint = one.style == "faint"
            # where there is more than a line for each pixel a faint curve is a blot
            part = (0.72 if len(lines.ends) > frame.width else 0.5) if faint else 0.0
            shade = mixed(self.theme.run_colour(one.slot), self.theme.plot, part)
            draw_lines(painter, self._until(one, lines, cursor), _pen(one, shade, 1.0 if faint else 2.0))
        strong = [one for one in reversed(self.drawn) if one.style == "strong"]
        # runs with epochs of different lengths are not at the same epoch
        for x in sorted({frame.x(cursor / self.scene.unit(one)) for one in strong}):
            if frame.left - 1 <= x <= frame.right + 1:
                x = round(x - 0.5) + 0.5
                draw_line(painter, x, frame.top, x, frame.bottom, dashed_pen(self.theme.text, 1.4))
        for one in strong:
            x, y = self._tip(one, cursor)
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
        row = _last_known(series, series.at(cursor))
        before, frame = lines.until(row), self.frame
        last = int(before.iterates[-1]) if len(before.iterates) else 0
        steps = [last, row] if last < row else [row]
        if len(steps) == 1 and series.iterations is None:
            return before
        pixels = [self._pixel(series, step) for step in steps]
        if series.iterations is not None:
            pixels, steps = [*pixels, self._tip(series, cursor)], [*steps, row]
        if len(steps) < 2 or pixels[0] == pixels[-1]:
            return before
        rest = lines_between(np.array(pixels), np.array(steps, dtype=np.float64))
        return before.joined(clipped(rest, frame.left, frame.top, frame.right, frame.bottom))

    def _pixel(self, series: Series, row: int) -> tuple[float, float]:
        """Return where a row of a curve is; not a number where its value is none."""
        height = float(self.scale.forward(series.values[row]))
        along = series.rows.iteration(row) / self.scene.unit(series)
        down = self.frame.y(height) if math.isfinite(height) else math.nan
        return self.frame.x(along), min(max(down, -_FAR), _FAR)

    def _tip(self, series: Series, cursor: int) -> tuple[float, float]:
        """Return the pixel that a curve has come to; between two known values it is on the line from one to the other.

        A run that ended earlier stays at its last value.
        """
        rows, values = series.rows, series.values
        row = _last_known(series, series.at(cursor))
        here, height = rows.iteration(row), float(self.scale.forward(values[row]))
        knows_next = series.iterations is not None and row + 1 < len(values) and math.isfinite(values[row + 1])
        at = min(float(cursor), float(rows.last))
        if knows_next and at > here:
            part = (at - here) / (rows.iteration(row + 1) - here)
            height += part * (float(self.scale.forward(values[row + 1])) - height)
        elif series.iterations is not None or row != series.at(cursor):
            at = here
        return self.frame.x(at / self.scene.unit(series)), self.frame.y(height)

    def legend_rows(self, cursor: int) -> list[LegendRow]:
        """One row for each run, with its value at an iteration."""
        rows = [_legend_row(one, one.at(cursor)) for one in self.drawn if one.style == "strong"]
        return capped(rows, _LEGEND_PART * self.size[1])

    def read_out(self, place: float) -> list[LegendRow]:
        """One row for each curve, with its value at a place on the horizontal axis."""
        rows = [_legend_row(one, one.at(round(place * self.scene.unit(one)))) for one in self.drawn]
        return capped(rows, _LEGEND_PART * self.size[1])

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def with_series(self, series: tuple[Series, ...], iterations: int | None) -> CurvesDrawing:
        """Return the same drawing with other curves."""
        scene = replace(self.scene, series=series, iterations=iterations)
        return CurvesDrawing(scene, self.theme, self.size, self.span)


def _last_known(series: Series, row: int) -> int:
    """Return the last row up to `row` whose value is known and finite; `row` itself where there is none."""
    if math.isfinite(series.values[row]):
        return row
    found = np.flatnonzero(np.isfinite(series.values[:row]))
    return int(found[-1]) if found.size else row


def _legend_row(series: Series, row: int) -> LegendRow:
    """Return a curve's row of a legend; where the value at a row was not worked out, it has the last that was."""
    values = series.values
    # a run that has just left all numbers behind ends with what is none
    ended = row == len(values) - 1 and row > 0 and not np.isnan(values[row - 1])
    if np.isnan(values[row]) and not ended:
        row = _last_known(series, row)
    return LegendRow(series.label, series.slot, number_text(float(values[row])))


def _usual(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values (n,) without the smallest: one sample's loss may be all but zero, and is not worth ten decades."""
    found = values[np.isfinite(values)]
    return found[found >= np.quantile(found, _UNUSUAL)] if found.size else found


def _pen(series: Series, shade: QColor, width: float) -> QPen:
    """Return the pen of a curve."""
    if series.style != "dashed":
        return round_pen(shade, width)
    pen = QPen(shade, min(width, 1.6), Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([3.2, 2.2])
    return pen
