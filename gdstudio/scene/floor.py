"""The floor under the surface: its grid, and the tick labels on the two edges that face the camera."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QRadialGradient

from gdstudio.scene.camera import NAMES_AWAY, TICKS_AWAY
from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.polylines import Lines
from gdstudio.scene.relief import FLOOR
from gdstudio.scene.strokes import draw_lines
from gdstudio.scene.ticks import MINUS, Tick, linear_ticks, power_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.scene.camera import Camera, Viewport
    from gdstudio.scene.landscape import Landscape
    from gdstudio.scene.lettering import Face
    from gdstudio.scene.theme import Theme

Extent = tuple[float, float, float, float]
_TICKS = 6
GLOW_RADIUS = 0.72
"""Radius of the light behind the surface, in parts of the view's longer side."""


@dataclass(frozen=True, slots=True)
class _Label:
    place: NDArray[np.float64]
    text: str
    name: bool


def _axis(name: str, low: float, high: float) -> tuple[str, list[Tick]]:
    """Return what an axis is called and its ticks, from -1 to 1; a power of ten they share stands with the name."""
    power = power_of(low, high)
    unit = 10.0 ** power
    ticks = linear_ticks(low / unit, high / unit, _TICKS)
    placed = [Tick(_along(tick.value, low / unit, high / unit), tick.label) for tick in ticks]
    return (f"{name} / 1e{power}".replace("-", MINUS) if power else name), placed


def _axes(names: tuple[str, str], extent: Extent) -> tuple[tuple[str, list[Tick]], tuple[str, list[Tick]]]:
    x0, x1, y0, y1 = extent
    return _axis(names[0], x0, x1), _axis(names[1], y0, y1)


def _along(value: float, low: float, high: float) -> float:
    # halved, for the difference of two huge numbers may be none
    return (value / 2 - low / 2) / (high / 2 - low / 2) * 2 - 1


def floor_lines(landscape: Landscape) -> NDArray[np.float64]:
    """Both ends (m, 2, 3) of the floor's lines: its edge, and one at every tick."""
    (_, across), (_, down) = _axes(landscape.names, landscape.extent)
    columns = sorted({-1.0, 1.0, *(tick.value for tick in across)})
    rows = sorted({-1.0, 1.0, *(tick.value for tick in down)})
    lines = [((x, -1.0, FLOOR), (x, 1.0, FLOOR)) for x in columns]
    lines += [((-1.0, y, FLOOR), (1.0, y, FLOOR)) for y in rows]
    return np.array(lines)


def draw_backdrop(painter: QPainter, viewport: Viewport, theme: Theme) -> None:
    """Fill the ground: the window's colour, a little lighter behind the surface."""
    glow = QRadialGradient(*viewport.centre, GLOW_RADIUS * max(viewport.width, viewport.height))
    glow.setColorAt(0.0, QColor(theme.glow))
    glow.setColorAt(1.0, QColor(theme.window))
    painter.fillRect(QRectF(0, 0, viewport.width, viewport.height), glow)


def draw_floor(painter: QPainter, landscape: Landscape, camera: Camera, viewport: Viewport, theme: Theme) -> None:
    """Draw the floor's grid."""
    pixels, _ = camera.project(floor_lines(landscape), viewport)
    ends = pixels.reshape(-1, 4)
    whole = np.isfinite(ends).all(axis=1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_lines(painter, Lines(ends[whole], np.zeros(int(whole.sum()))), QPen(QColor(theme.floor), 1.0))


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A tick label or a variable's name, and the pixel at its middle."""

    x: float
    y: float
    text: str
    name: bool

    @property
    def font(self) -> Face:
        """What it is written with."""
        return sans(TICK + 1, 500, italic=True) if self.name else sans(TICK)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - text_width(self.text, self.font) / 2


def placed_labels(landscape: Landscape, camera: Camera, viewport: Viewport) -> tuple[PlacedLabel, ...]:
    """Return the ticks and the variables' names; a label that would touch another is left out."""
    return _placed(landscape.names, landscape.extent, camera, viewport)


# Data that are dragged change the surface at every move of the pointer, and its floor never.
@lru_cache(maxsize=16)
def _placed(names: tuple[str, str], extent: Extent, camera: Camera, viewport: Viewport) -> tuple[PlacedLabel, ...]:
    taken: list[QRectF] = []
    placed = []
    for label in _labels(names, extent, camera):
        pixels, _ = camera.project(label.place, viewport)
        if not np.isfinite(pixels).all():
            continue
        found = PlacedLabel(float(pixels[0]), float(pixels[1]), label.text, label.name)
        width, height = text_width(label.text, found.font) + 6, found.font.measures.height()
        box = QRectF(found.x - width / 2, found.y - height / 2, width, height)
        if any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        placed.append(found)
    return tuple(placed)


def draw_floor_labels(painter: QPainter, labels: Sequence[PlacedLabel], theme: Theme) -> None:
    """Write labels at their places."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for label in labels:
        colour = theme.text if label.name else theme.muted
        draw_text(painter, label.x, label.y, label.text, label.font, colour, "centre")


def _labels(names: tuple[str, str], extent: Extent, camera: Camera) -> list[_Label]:
    """Names first, then ticks from the edges' middles outwards: what comes first has its place."""
    eye = camera.position()
    near_x, near_y = (1.0 if eye[0] > 0 else -1.0), (1.0 if eye[1] > 0 else -1.0)
    (first, across), (second, down) = _axes(names, extent)
    labels = [
        _Label(np.array([0.0, near_y * (1 + NAMES_AWAY), FLOOR]), first, True),
        _Label(np.array([near_x * (1 + NAMES_AWAY), 0.0, FLOOR]), second, True),
    ]
    ticks = [
        _Label(np.array([tick.value, near_y * (1 + TICKS_AWAY), FLOOR]), tick.label, False)
        for tick in across
    ]
    ticks += [
        _Label(np.array([near_x * (1 + TICKS_AWAY), tick.value, FLOOR]), tick.label, False)
        for tick in down
    ]
    ticks.sort(key=lambda label: float(min(abs(label.place[0]), abs(label.place[1]))))
    return labels + ticks
