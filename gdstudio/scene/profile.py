"""The loss of one variable: the curve, the iterates on it, the tangent and the step it leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from gdstudio.scene.axes import Frame, draw_grid, draw_tick_labels, framed
from gdstudio.scene.clutter import INSET, Clutter
from gdstudio.scene.legend import LegendRow, capped, draw_legend, legend_row_at, legend_size, run_rows
from gdstudio.scene.lettering import TICK, draw_text, sans
from gdstudio.scene.marks import draw_ball, draw_marker, draw_ring, draw_star
from gdstudio.scene.pathway import Pathway, pathway
from gdstudio.scene.polylines import Lines, clipped, lines_between
from gdstudio.scene.remarks import Remark, draw_remarks, remarks_height, remarks_size
from gdstudio.scene.search_marks import draw_brackets
from gdstudio.scene.strokes import draw_lines, fill_rect, round_pen
from gdstudio.scene.tangent import ARROW_ABOVE, Tangent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

translate = QCoreApplication.translate
_TOP, _BOTTOM, _LEFT, _RIGHT = 14.0, 32.0, 52.0, 20.0
_DOTS = 200
# Below the remarks the arrow of the step is left free, and beside the legend some room for longer numbers.
_ABOVE_ARROW, _LONGER, _LEGEND_PART = ARROW_ABOVE + 12.0, 16.0, 0.4
_BELOW_BUTTONS, _BELOW_LEGEND = 62.0, 16.0
_MOST_REMARKS, _LARGEST_STRIP = 4, 0.3
# The remarks may take so much of the plot's width and height; a smaller plot goes without.
_WIDEST, _HIGHEST = 0.85, 0.45
_PROMISES = 300
_FARTHEST = 1e300


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
        found = np.clip(inside[np.isfinite(inside)], -_FARTHEST, _FARTHEST)
        low, high = (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)
        if found.size:
            # a pole must not flatten all the rest
            typical = float(np.quantile(found, 0.9))
            high = min(high, low + 12 * (typical - low)) if typical > low else high
        span = high - low if high > low else max(abs(high), 1.0)
        below = 0.06
        if self.scene.remarks:
            # a strip below the curve for the arrow of the step and the remarks
            down = max(height - _TOP - _BOTTOM, 20.0)
            strip = min((_ABOVE_ARROW + remarks_height(_MOST_REMARKS) + INSET) / down, _LARGEST_STRIP)
            below = 1.06 * strip / (1.0 - strip)
        extent = (x0, x1, low - below * span, high + 0.06 * span)
        return framed((width, height), (_LEFT, _TOP, _RIGHT, _BOTTOM), extent)

    @cached_property
    def ways(self) -> list[Pathway]:
        """The visible runs in pixels: each iterate on the curve."""
        return [
            pathway(replace(run, points=np.stack([run.points[:, 0], self._heights(run)], axis=1)), self.frame)
            for run in self.scene.runs if run.visible and len(run)
        ]

    def _heights(self, run: RunPath) -> NDArray[np.float64]:
        """Return the loss at each iterate, (n,): from the curve where the run does not know them all."""
        return run.losses if run.told is None else np.interp(run.points[:, 0], self.scene.xs, self.scene.z)

    def ground(self, painter: QPainter) -> None:
        """Paint the axes and the curve."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        frame = self.frame
        drawn = np.isfinite(self.scene.z).any()
        across, down = frame.x_ticks(), frame.y_ticks() if drawn else []
        draw_grid(painter, frame, across, down, self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, frame, across, down, self.theme, self.size[0])
        name = sans(TICK + 1, 500, italic=True)
        draw_text(painter, frame.right - 4, frame.bottom - 11, self.scene.name, name, self.theme.text, "right")
        if not drawn:
            nothing = translate("Scene", "the loss has no finite value here")
            middle = frame.rectangle.center()
            draw_text(painter, middle.x(), middle.y(), nothing, sans(), self.theme.muted, "centre")
        painter.save()
        painter.setClipRect(frame.rectangle)
        pixels = frame.pixels(np.stack([self.scene.xs, self.scene.z], axis=1))
        curve = self._inside(lines_between(pixels, np.arange(len(pixels))))
        draw_lines(painter, curve, round_pen(self.theme.text, 2.2))
        painter.restore()

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint minima, the iterates, the tangent, the step, the remarks and the legend."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.frame
        painter.save()
        painter.setClipRect(frame.rectangle)
        draw_brackets(painter, frame, self.scene.runs, cursor, self.theme, told=self._told)
        for x in self.scene.minima:
            y = frame.y(float(np.interp(x, self.scene.xs, self.scene.z)))
            if frame.holds(frame.x(float(x)), y):
                draw_star(painter, frame.x(float(x)), y, self.theme)
        for way in reversed(self.ways):
            self._draw_steps(painter, way, cursor)
        self._draw_start(painter)
        tangent = self.tangent(cursor)
        if tangent is not None:
            tangent.draw(painter, frame, self.theme)
        for way in reversed(self.ways):
            place = way.place(cursor)
            if place is not None:
                draw_ball(painter, *place, way.run.slot, self.theme, 5.6)
        painter.restore()
        box = self.remarks_box(cursor)
        if box is not None:
            draw_remarks(painter, *box[:2], self.remarks(cursor), self.theme)
        if self.legend:
            draw_legend(painter, *self.legend_corner, self.legend_rows(cursor), self.theme)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def legend_rows(self, cursor: int) -> list[LegendRow]:
        """One row for each run, with its loss at an iteration."""
        return capped(run_rows(self.scene.runs, cursor), _LEGEND_PART * self.size[1])

    def legend_row_at(self, x: float, y: float) -> int | None:
        """Return the legend's row under a pixel."""
        if not self.legend:
            return None
        left, top = self.legend_corner
        return legend_row_at(self.legend_rows(0), x - left, y - top)

    @cached_property
    def legend_corner(self) -> tuple[float, float]:
        """Upper left corner of the legend: where it hides no tick label, and least of the curve."""
        return self._clutter.legend_corner(self._legend_size)

    @property
    def _told(self) -> float | None:
        """Where the meaning of a bracket is written: below the legend and the buttons that float over the plot."""
        lowest = max(self.frame.top + _BELOW_BUTTONS, self.legend_corner[1] + self._legend_size[1] + _BELOW_LEGEND)
        return lowest if self.scene.remarks else None

    @property
    def _legend_size(self) -> tuple[float, float]:
        """Width and height of the legend, whatever the cursor: with room for longer numbers."""
        if not self.legend:
            return 0.0, 0.0
        width, height = legend_size(self.legend_rows(0))
        return width + _LONGER, height

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
        return float(self._slopes(run, row + 1)[row])

    def _slopes(self, run: RunPath, rows: int) -> NDArray[np.float64]:
        """Return the derivatives at the first iterates, (rows,)."""
        if run.slopes is not None:
            return run.slopes[:rows]
        if len(self.scene.xs) < 3:
            return np.full(rows, np.nan)
        return np.interp(run.points[:rows, 0], self.scene.xs, self._curve_slopes)

    @cached_property
    def _curve_slopes(self) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray(np.gradient(self.scene.z, self.scene.xs))

    def tangent(self, cursor: int) -> Tangent | None:
        """Return the tangent to the first visible run, where the scene has one."""
        if not (self.ways and self.scene.remarks):
            return None
        run = self.ways[0].run
        row = run.at(cursor)
        x, loss, slope = float(run.points[row, 0]), float(run.points[row, 1]), self.slope(run, row)
        if not np.isfinite([x, loss, slope]).all():
            return None
        following, reached = (float(value) for value in run.points[row + 1]) if row + 1 < len(run) else (None, None)
        return Tangent(x, loss, slope, following, reached, run.slot, self.slope(run, 0))

    def remarks(self, cursor: int) -> list[Remark]:
        """Return what there is to say about the first visible run, headed by its name where there are others."""
        tangent = self.tangent(cursor)
        if tangent is None:
            return []
        run, found = self.ways[0].run, tangent.remarks(self.frame, self.theme)
        if len(self.ways) == 1:
            return found
        return [Remark(run.label, "marker", self.theme.run_colour(run.slot), run.slot), *found]

    def remarks_box(self, cursor: int) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of the panel of remarks; None where there are none, or no room for them."""
        remarks, frame = self.remarks(cursor), self.frame
        width, height = remarks_size(remarks)
        if not remarks or width > _WIDEST * frame.width or height > _HIGHEST * frame.height:
            return None
        legend = (*self.legend_corner, *self._legend_size)
        corner = self._clutter.remarks_corner((width, height), legend, _ABOVE_ARROW)
        return (*corner, width, height) if corner is not None else None

    @cached_property
    def _clutter(self) -> Clutter:
        frame, scene = self.frame, self.scene
        marks = scene.minima if scene.start is None else np.append(scene.minima, scene.start)
        heights = np.interp(marks, scene.xs, scene.z) if len(scene.xs) else np.full(len(marks), np.nan)
        places = [frame.pixels(np.stack([marks, heights], axis=1))]
        if self.ways:
            places.append(self._promises(self.ways[0].run))
        curve = frame.pixels(np.stack([scene.xs, scene.z], axis=1))
        return Clutter(frame, self.size[0], curve, np.concatenate(places), self.ways)

    def _promises(self, run: RunPath) -> NDArray[np.float64]:
        """Pixels (k, 2) of the places that the run's first tangents promise."""
        rows = min(len(run), _PROMISES)
        x, loss = run.points[:rows, 0], run.points[:rows, 1]
        with np.errstate(over="ignore", invalid="ignore"):
            promised = loss[:-1] + self._slopes(run, rows)[:-1] * np.diff(x)
        return self.frame.pixels(np.stack([x[1:], promised], axis=1))
