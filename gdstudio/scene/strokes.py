"""NumPy arrays to QPainter, fast on screen and clean on paper.

Qt's raster engine takes a second to stroke a wide polyline that crosses itself a thousand times, but draws
the same thing as separate flat lines in milliseconds. Paper gets real polylines with round joins; at the
widths used here nobody can tell them apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import shiboken6
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPainterPath, QPen, QPolygonF

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.polylines import Lines

_MOVE, _LINE = 0, 1
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_QUAD = np.dtype([("count", ">i4"), ("points", ">f8", (4, 2))])
_VECTOR_ENGINES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)


def is_vector(painter: QPainter) -> bool:
    """Whether the painter writes shapes and not pixels."""
    return painter.paintEngine().type() in _VECTOR_ENGINES


def is_svg(painter: QPainter) -> bool:
    """Whether the painter writes SVG."""
    return painter.paintEngine().type() == QPaintEngine.Type.SVG


@lru_cache(maxsize=256)
def colour(name: str, alpha: float = 1.0) -> QColor:
    """Return ``"#rrggbb"`` with an opacity from 0 to 1; not to be changed, as others have it too."""
    result = QColor(name)
    result.setAlphaF(alpha)
    return result


def round_pen(name: str | QColor, width: float) -> QPen:
    """Return a pen with round caps and joins; not to be changed, as others have it too."""
    return _round_pen(name if isinstance(name, str) else name.rgba(), width)


@lru_cache(maxsize=512)
def _round_pen(name: str | int, width: float) -> QPen:
    # a frame of a drag asks for eighty, and Qt takes longer to make one than to draw with it
    shade = QColor(name) if isinstance(name, str) else QColor.fromRgba(name)
    return QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def path_of(points: NDArray[np.float64], starts: NDArray[np.bool_]) -> QPainterPath:
    """Return a path through points (n, 2) that begins anew at every point of `starts` (n,)."""
    elements = np.empty(len(points), dtype=_ELEMENT)
    elements["kind"] = np.where(starts, _MOVE, _LINE)
    elements["x"], elements["y"] = points[:, 0], points[:, 1]
    head = np.array([len(points)], dtype=">i4").tobytes()
    tail = np.array([0, 0], dtype=">i4").tobytes()
    # the stream reads from the array without holding it: both must outlive the reading
    memory = QByteArray(head + elements.tobytes() + tail)
    stream = QDataStream(memory, QIODevice.OpenModeFlag.ReadOnly)
    path = QPainterPath()
    stream >> path
    return path


def polygon_path(points: NDArray[np.float64], offsets: NDArray[np.uint32]) -> QPainterPath:
    """Return an area with holes: points (n, 2), each ring from one offset to the next, filled odd-even."""
    starts = np.zeros(len(points), dtype=bool)
    starts[offsets[:-1]] = True
    return path_of(points, starts)


def quads_of(corners: NDArray[np.float64]) -> list[QPolygonF]:
    """Return polygons of corners (n, 4, 2)."""
    records = np.empty(len(corners), dtype=_QUAD)
    records["count"], records["points"] = 4, corners
    memory = QByteArray(records.tobytes())
    stream = QDataStream(memory, QIODevice.OpenModeFlag.ReadOnly)
    polygons = [QPolygonF() for _ in range(len(corners))]
    for polygon in polygons:
        stream >> polygon
    return polygons


def draw_lines(painter: QPainter, lines: Lines, pen: QPen) -> None:
    """Draw lines; a pen with a dash pattern or with opacity is for paths drawn in one stroke only."""
    if not len(lines.ends):
        return
    if is_vector(painter) or pen.style() != Qt.PenStyle.SolidLine:
        points, starts = _joined(lines)
        painter.strokePath(path_of(points, starts), pen)
        return
    flat = QPen(pen)
    flat.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setPen(flat)
    memory = np.ascontiguousarray(lines.ends, dtype=np.float64)
    first = cast("QLineF", shiboken6.Shiboken.wrapInstance(memory.ctypes.data, QLineF))
    painter.drawLines(first, len(memory))


def _joined(lines: Lines) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Points and starts of the polylines that lines make up where one begins as the last one ends."""
    breaks = lines.breaks
    before = np.flatnonzero(breaks)
    points = np.insert(lines.ends[:, 2:], before, lines.ends[before, :2], axis=0)
    starts = np.zeros(len(points), dtype=bool)
    starts[before + np.arange(len(before))] = True
    return points, starts


def draw_line(painter: QPainter, x0: float, y0: float, x1: float, y1: float, pen: QPen) -> None:
    """Draw one line."""
    painter.setPen(pen)
    painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))


def fill_rect(painter: QPainter, x: float, y: float, width: float, height: float, name: str) -> None:
    """Fill a rectangle without an edge."""
    painter.fillRect(QRectF(x, y, width, height), QColor(name))
