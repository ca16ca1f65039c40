"""Paths of runs in pixels: solid behind the cursor, thin and faint ahead of it, marks at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.colormap import rgb_of
from gdstudio.scene.marks import draw_ball
from gdstudio.scene.polylines import NO_LINES, Lines, clipped, lines_between, thinned
from gdstudio.scene.strokes import draw_lines, round_pen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

SOLID, CASING, FAINT = 2.2, 4.4, 1.0
_MARGIN = 12.0


@lru_cache(maxsize=256)
def mixed(name: str, other: str, part: float) -> QColor:
    """Return a colour with so much of another in it; not to be changed, as others have it too."""
    return QColor(*(round(a + (b - a) * part) for a, b in zip(rgb_of(name), rgb_of(other), strict=True)))


@dataclass(frozen=True, eq=False)
class Pathway:
    """One run, ready to draw.

    Parameters
    ----------
    run : RunPath
        The run.
    pixels : ndarray, (n, 2)
        Every iterate in pixels, NaN where it is not finite.
    chosen : ndarray, (k,)
        The iterates that are drawn.
    edges : tuple of float
        The rectangle that lines are clipped at: left, top, right, bottom.
    """

    run: RunPath
    pixels: NDArray[np.float64]
    chosen: NDArray[np.intp]
    edges: tuple[float, float, float, float]

    @cached_property
    def lines(self) -> Lines:
        """The thinned and clipped path."""
        if not self.run.visible:
            return NO_LINES
        return clipped(lines_between(self.pixels[self.chosen], self.chosen), *self.edges)

    def prepare(self) -> None:
        """Do now what drawing would do when it is needed."""
        # looked up to be kept
        _ = self.lines

    def behind(self, cursor: int) -> Lines:
        """Return the path from the start to the iterate at the cursor, exactly."""
        row = self.run.at(cursor)
        before = self.lines.until(row)
        last = int(self.chosen[np.searchsorted(self.chosen, row, side="right") - 1])
        if last == row or not self.run.visible:
            return before
        ends = np.array([last, row])
        return before.joined(clipped(lines_between(self.pixels[ends], ends), *self.edges))

    def place(self, cursor: int) -> tuple[float, float] | None:
        """Return where the run stands, or None where that is not finite."""
        if not len(self.run):
            return None
        x, y = self.pixels[self.run.at(cursor)]
        return (float(x), float(y)) if np.isfinite(x) and np.isfinite(y) else None


def pathway(run: RunPath, frame: Frame) -> Pathway:
    """Prepare a run for a flat plot."""
    pixels = frame.pixels(run.points[:, :2])
    edges = (frame.left - _MARGIN, frame.top - _MARGIN, frame.right + _MARGIN, frame.bottom + _MARGIN)
    return Pathway(run, pixels, thinned(pixels), edges)


def draw_ahead(painter: QPainter, ways: Sequence[Pathway], theme: Theme) -> None:
    """Draw the whole of each path thin and faint: what the solid part will walk along."""
    for way in reversed(ways):
        draw_lines(painter, way.lines, faint_pen(way.run.slot, theme))


def faint_pen(slot: int, theme: Theme) -> QPen:
    """Return the pen of what has not happened yet."""
    return round_pen(mixed(theme.run_colour(slot), theme.terrain.colours[2], 0.42), FAINT)


def draw_solid(painter: QPainter, lines: Lines, slot: int, theme: Theme) -> None:
    """Draw what has happened: the run's colour in its casing."""
    draw_lines(painter, lines, round_pen(theme.casing, CASING))
    draw_lines(painter, lines, round_pen(theme.run_colour(slot), SOLID))


def draw_behind(painter: QPainter, ways: Sequence[Pathway], cursor: int, theme: Theme) -> None:
    """Draw each path up to the cursor, the first run on top, and then the balls."""
    for way in reversed(ways):
        draw_solid(painter, way.behind(cursor), way.run.slot, theme)
    for way in reversed(ways):
        place = way.place(cursor) if way.run.visible else None
        if place is not None:
            draw_ball(painter, *place, way.run.slot, theme)
    painter.setBrush(Qt.BrushStyle.NoBrush)
