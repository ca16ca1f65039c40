"""Balls, rings, stars and arrows: the marks that mean the same in every view."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gdstudio.scene.strokes import colour, round_pen
from gdstudio.scene.theme import Theme, marker_of

BALL = 4.9
"""Radius of the ball at the current iterate, in pixels."""
RING = 7.5
"""Radius of the ring at the start."""


@cache
def marker_path(marker: str, radius: float) -> QPainterPath:
    """Return the outline of a marker about the origin; all look equally large."""
    path = QPainterPath()
    if marker == "circle":
        path.addEllipse(QPointF(0, 0), radius, radius)
    elif marker == "square":
        side = radius * 0.88
        path.addRoundedRect(-side, -side, 2 * side, 2 * side, radius * 0.14, radius * 0.14)
    elif marker == "cross":
        _polygon(path, _cross(radius * 1.08, radius * 0.42))
    else:
        corners, turn, size = {
            "triangle": (3, -90.0, 1.24), "diamond": (4, -90.0, 1.16), "pentagon": (5, -90.0, 1.08),
            "inverted_triangle": (3, 90.0, 1.24),
        }[marker]
        drop = radius * 0.2 * (1 if turn < 0 else -1) if corners == 3 else 0.0
        angles = [math.radians(turn + 360.0 * k / corners) for k in range(corners)]
        _polygon(path, [(radius * size * math.cos(a), radius * size * math.sin(a) + drop) for a in angles])
    return path


def _cross(long: float, half: float) -> list[tuple[float, float]]:
    quarter = [(half, -long), (half, -half), (long, -half)]
    points = []
    for turn in range(4):
        for x, y in quarter:
            for _ in range(turn):
                x, y = -y, x
            points.append(((x - y) * math.sqrt(0.5), (x + y) * math.sqrt(0.5)))
    return points


@cache
def _star_path(radius: float) -> QPainterPath:
    path = QPainterPath()
    angles = [math.radians(-90 + 36 * k) for k in range(10)]
    sizes = [radius if k % 2 == 0 else radius * 0.42 for k in range(10)]
    _polygon(path, [(size * math.cos(a), size * math.sin(a)) for size, a in zip(sizes, angles, strict=True)])
    return path


def _polygon(path: QPainterPath, points: list[tuple[float, float]]) -> None:
    path.moveTo(*points[0])
    for x, y in points[1:]:
        path.lineTo(x, y)
    path.closeSubpath()


def _draw(painter: QPainter, x: float, y: float, path: QPainterPath, edge: QPen, fill: QColor | None) -> None:
    painter.translate(x, y)
    painter.setPen(edge)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.translate(-x, -y)


def draw_marker(painter: QPainter, x: float, y: float, slot: int, theme: Theme, radius: float = 5.0) -> None:
    """Draw a run's marker by itself, as legends show it."""
    path = marker_path(marker_of(slot), radius)
    _draw(painter, x, y, path, QPen(Qt.PenStyle.NoPen), QColor(theme.run_colour(slot)))


def draw_ball(painter: QPainter, x: float, y: float, slot: int, theme: Theme, radius: float = BALL) -> None:
    """Draw a run's marker where the run is: a white rim, and a dark edge that sets it off."""
    path = marker_path(marker_of(slot), radius)
    _draw(painter, x, y, path, round_pen(colour("#000000", 0.45), 5.2), None)
    _draw(painter, x, y, path, round_pen(theme.rim, 3.4), None)
    _draw(painter, x, y, path, QPen(Qt.PenStyle.NoPen), QColor(theme.run_colour(slot)))


def draw_ring(painter: QPainter, x: float, y: float, theme: Theme, radius: float = RING) -> None:
    """Draw the ring at the start."""
    path = marker_path("circle", radius)
    _draw(painter, x, y, path, round_pen(colour("#000000", 0.5), 4.0), colour("#ffffff", 0.12))
    _draw(painter, x, y, path, round_pen(theme.rim, 2.0), None)


def draw_star(painter: QPainter, x: float, y: float, theme: Theme, radius: float = 7.0) -> None:
    """Draw the star at a known minimum."""
    path = _star_path(radius)
    _draw(painter, x, y, path, round_pen(colour("#000000", 0.55), 2.6), None)
    _draw(painter, x, y, path, QPen(Qt.PenStyle.NoPen), QColor(theme.rim))


def draw_hidden_star(painter: QPainter, x: float, y: float, theme: Theme, radius: float = 7.0) -> None:
    """Draw the star at a known minimum behind the surface: hollow, and as plain to see as any other."""
    path = _star_path(radius)
    _draw(painter, x, y, path, round_pen(colour("#000000", 0.7), 3.8), colour("#000000", 0.35))
    _draw(painter, x, y, path, round_pen(theme.rim, 1.5), None)


def draw_arrow(
    painter: QPainter, x0: float, y0: float, x1: float, y1: float, name: str, width: float = 2.6,
) -> None:
    """Draw an arrow from one point to another; its head shrinks with it."""
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 1e-6:
        return
    head = min(9.0, length)
    across, down = (x1 - x0) / length, (y1 - y0) / length
    neck_x, neck_y = x1 - across * head, y1 - down * head
    painter.setPen(QPen(QColor(name), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(x0, y0), QPointF(neck_x, neck_y))
    tip = QPainterPath()
    half = head * 0.48
    _polygon(tip, [
        (x1, y1), (neck_x - down * half, neck_y + across * half),
        (neck_x + down * half, neck_y - across * half),
    ])
    painter.fillPath(tip, QColor(name))
