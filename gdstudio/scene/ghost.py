"""The loss of one batch over the map of the full loss: dashed contours, for they are gone with the next iteration."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import contourpy
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from gdstudio.scene.polylines import NO_LINES, Lines, clipped, lines_between, thinned
from gdstudio.scene.strokes import colour, draw_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.theme import Theme

# What part of the map each contour encloses: any bowl then has rings that can be told apart.
_PARTS = (0.006, 0.03, 0.085)
_MOST_DOTS = 1_000


@dataclass(frozen=True, eq=False)
class Ghost:
    """The loss of one batch.

    Parameters
    ----------
    xs, ys : ndarray, (nx,) and (ny,)
        The grid's axes, strictly increasing, in the variables of the map.
    z : ndarray, (ny, nx)
        Loss of the batch at the grid's points; what is not finite is a hole.
    dots : ndarray, (n, 2), or None
        Where a step by each sample's own gradient would lead.
    """

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    z: NDArray[np.float64]
    dots: NDArray[np.float64] | None = None

    @cached_property
    def contours(self) -> list[NDArray[np.float64]]:
        """Polylines (n, 2) of equal loss, the innermost first."""
        found = self.z[np.isfinite(self.z)]
        if not found.size:
            return []
        generator = contourpy.contour_generator(
            self.xs, self.ys, np.ma.masked_invalid(self.z), name="serial", corner_mask=True,
            line_type=contourpy.LineType.Separate,
        )
        levels = np.unique(np.quantile(found, _PARTS))
        return [np.asarray(line) for level in levels for line in generator.lines(float(level))]


def ghost_lines(frame: Frame, ghost: Ghost) -> Lines:
    """Return the contours in pixels."""
    lines = NO_LINES
    for points in ghost.contours:
        pixels = frame.pixels(points)
        # dashes begin anew with every bend: fewer points make them even
        chosen = thinned(pixels, apart=2.0)
        lines = lines.joined(lines_between(pixels[chosen], chosen))
    return clipped(lines, frame.left, frame.top, frame.right, frame.bottom)


def draw_ghost(painter: QPainter, frame: Frame, ghost: Ghost, theme: Theme) -> None:
    """Draw the contours, and the dots beneath them."""
    if ghost.dots is not None:
        every = max(len(ghost.dots) // _MOST_DOTS, 1)
        painter.setPen(QPen(colour(theme.rim, 0.6), 3.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for x, y in frame.pixels(ghost.dots[::every]).tolist():
            if frame.holds(x, y):
                painter.drawPoint(QPointF(x, y))
    lines = ghost_lines(frame, ghost)
    for pen in (QPen(colour("#000000", 0.35), 2.6), QPen(colour(theme.rim), 1.4)):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4.2 / pen.widthF(), 3.0 / pen.widthF()])
        draw_lines(painter, lines, pen)
