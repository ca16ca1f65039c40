"""What a classifier says of every place: areas in the colours of the classes, and the boundaries between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import contourpy
import numpy as np

from gdstudio.scene.pathway import mixed
from gdstudio.scene.polylines import NO_LINES, Lines, lines_between
from gdstudio.scene.strokes import polygon_path

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.theme import Theme

# From so much more for a class than for any other on, its area is less faint; how much of the ground shows through.
_LEVELS, _FAINT = (0.0, 0.35, 0.7), (0.90, 0.84, 0.76)
_BEYOND = 1e9


@dataclass(frozen=True, eq=False)
class Field:
    """What a classifier says on a grid.

    Parameters
    ----------
    xs, ys : ndarray, (nx,) and (ny,)
        The grid's axes, strictly increasing.
    scores : ndarray, (classes, ny, nx)
        The probability of each class; what is not finite is a hole.
    """

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    scores: NDArray[np.float64]

    @cached_property
    def _best_two(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The highest score at every point and the one below it, (ny, nx) each."""
        if len(self.scores) < 2:
            return self.scores[0], np.zeros_like(self.scores[0])
        ordered = np.partition(self.scores, -2, axis=0)
        return ordered[-1], ordered[-2]

    def lead(self, code: int) -> NDArray[np.float64]:
        """How much more there is for a class than for any other, (ny, nx): -1 to 1."""
        best, second = self._best_two
        mine = self.scores[code]
        with np.errstate(invalid="ignore"):
            found = mine - np.where(mine >= best, second, best)
        return np.where(np.isfinite(found), found, np.nan)

    @cached_property
    def _leading(self) -> list[tuple[int, contourpy.ContourGenerator]]:
        """The classes that lead somewhere, and what finds where they do."""
        found = []
        for code in range(len(self.scores)):
            lead = self.lead(code)
            if np.any(lead >= 0.0):
                found.append((code, contourpy.contour_generator(
                    self.xs, self.ys, np.ma.masked_invalid(lead), name="serial", corner_mask=True,
                    fill_type=contourpy.FillType.OuterOffset, line_type=contourpy.LineType.Separate,
                )))
        return found

    @cached_property
    def areas(self) -> list[tuple[int, int, NDArray[np.float64], NDArray[np.uint32]]]:
        """Class, level, points (n, 2) and offsets of rings of every area."""
        edges = (*_LEVELS, _BEYOND)
        found = []
        for code, generator in self._leading:
            for level in range(len(_LEVELS)):
                points, offsets = generator.filled(edges[level], edges[level + 1])[:2]
                found += [
                    (code, level, np.asarray(part), np.asarray(rings))
                    for part, rings in zip(points, offsets, strict=True)
                ]
        return found

    @cached_property
    def boundaries(self) -> list[NDArray[np.float64]]:
        """Polylines (n, 2) along which two classes have as much for them."""
        # of two classes both have the same boundary
        leading = self._leading if len(self.scores) > 2 else self._leading[1:]
        return [np.asarray(line) for _, generator in leading for line in generator.lines(0.0)]


def draw_areas(painter: QPainter, frame: Frame, field: Field, theme: Theme) -> None:
    """Fill the area of every class, the stronger the surer."""
    for code, level, points, offsets in field.areas:
        shade = mixed(theme.class_colour(code), theme.plot, _FAINT[level])
        # an edge in the area's own colour closes the seam that antialiasing leaves between neighbours
        painter.setPen(shade)
        painter.setBrush(shade)
        painter.drawPath(polygon_path(frame.pixels(points), offsets))


def boundary_lines(frame: Frame, field: Field) -> Lines:
    """Return the boundaries in pixels."""
    lines = NO_LINES
    for points in field.boundaries:
        lines = lines.joined(lines_between(frame.pixels(points), np.zeros(len(points))))
    return lines
