"""Many points as marks, fast: an ellipse takes Qt 10 microseconds, a small picture of one a tenth of that.

Where there are thousands of points the marks become small, then dots whose density shows, counted in NumPy: 10^5 points
cost no more than a few thousand. Paper gets every mark as a shape while they can be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gdstudio.scene.colormap import rgb_of
from gdstudio.scene.marks import marker_path
from gdstudio.scene.strokes import is_vector, round_pen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DOT = 3.5
"""Radius of a point in pixels, where there are few."""
MOST_MARKS = 4_000
"""More points than this are drawn as dots."""
_RIM, _FEW, _SMALLEST, _HOLLOW = 1.0, 400, 1.6, 1.4
# Places within a pixel that pictures of a mark are kept for, along each axis.
_PHASES = 4
# How much of what is beneath a single dot hides; more dots than this on one pixel look like so many.
_OPACITY, _DEEPEST = 0.4, 4_000


@dataclass(frozen=True, eq=False)
class Marks:
    """Points that look alike.

    Parameters
    ----------
    pixels : ndarray, (n, 2)
        Where they are; what is not finite or outside the picture is left out.
    colour : str
        Of what colour.
    marker : str
        A marker of `gdstudio.scene.theme.MARKERS`.
    hollow : bool
        Whether only the outline is coloured.
    edge : str or None
        Colour of a thick edge in place of the rim.
    """

    pixels: NDArray[np.float64]
    colour: str
    marker: str = "circle"
    hollow: bool = False
    edge: str | None = None


def radius_for(count: int) -> float:
    """Return the radius of a mark, in pixels, where there are so many."""
    return DOT if count <= _FEW else max(DOT * (_FEW / count) ** 0.4, _SMALLEST)


def draw_marks(
    painter: QPainter, size: tuple[float, float], marks: Sequence[Marks], rim: str, radius: float | None = None,
) -> None:
    """Draw marks over a picture of a size.

    Parameters
    ----------
    painter : QPainter
        Where to draw.
    size : tuple of float
        Width and height of the picture in logical pixels.
    marks : sequence of Marks
        What to draw, the last on top.
    rim : str
        Colour of the rim that sets them off.
    radius : float or None
        Of each mark; what suits their number where None.
    """
    count = sum(len(each.pixels) for each in marks)
    if count > MOST_MARKS:
        painter.drawImage(QPointF(0, 0), _dense(size, ratio_of(painter), marks))
        return
    for each in marks:
        _draw(painter, size, each, rim, radius or radius_for(count))


def ratio_of(painter: QPainter) -> float:
    """Return how many pixels a painter has for each logical one; for shapes, which have none, enough to look sharp."""
    return 2.0 if is_vector(painter) else max(abs(painter.deviceTransform().m11()), 0.1)


class MarksLayer:
    """Marks that are drawn many times: as pixels, once worked out for a screen.

    Parameters
    ----------
    size, marks, rim
        As for `draw_marks`.
    """

    def __init__(self, size: tuple[float, float], marks: Sequence[Marks], rim: str) -> None:
        self._size, self._marks, self._rim = size, marks, rim
        self._kept: tuple[float, QImage] | None = None

    def draw(self, painter: QPainter) -> None:
        """Draw them."""
        if is_vector(painter):
            draw_marks(painter, self._size, self._marks, self._rim)
            return
        painter.drawImage(QPointF(0, 0), self.prepare(ratio_of(painter)))

    def prepare(self, ratio: float) -> QImage:
        """Return them as pixels, `ratio` of them for each logical one; any thread may ask."""
        kept = self._kept
        if kept is None or kept[0] != ratio:
            kept = self._kept = ratio, self._image(ratio)
        return kept[1]

    def _image(self, ratio: float) -> QImage:
        image = blank(self._size, ratio)
        painter = QPainter(image)
        draw_marks(painter, self._size, self._marks, self._rim)
        painter.end()
        return image


def blank(
    size: tuple[float, float], ratio: float, kind: QImage.Format = QImage.Format.Format_ARGB32_Premultiplied,
) -> QImage:
    """Return an empty picture of a size in logical pixels, with `ratio` of its own for each."""
    width, height = max(round(size[0] * ratio), 1), max(round(size[1] * ratio), 1)
    image = QImage(width, height, kind)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _draw(painter: QPainter, size: tuple[float, float], marks: Marks, rim: str, radius: float) -> None:
    places = _seen(marks.pixels, size, 2 * radius + 4)
    look = (marks.colour, marks.marker, marks.hollow, marks.edge, rim, radius)
    if is_vector(painter):
        for x, y in places.tolist():
            painter.translate(x, y)
            _shape(painter, *look)
            painter.translate(-x, -y)
        return
    ratio = ratio_of(painter)
    scaled = places * ratio
    corners = np.floor(scaled)
    phases = np.floor((scaled - corners) * _PHASES).astype(np.intp)
    stamps, half = _stamps(*look, ratio)
    for (x, y), phase in zip(((corners - half) / ratio).tolist(), (phases @ (1, _PHASES)).tolist(), strict=True):
        painter.drawImage(QPointF(x, y), stamps[phase])


@lru_cache(maxsize=64)
def _stamps(
    name: str, marker: str, hollow: bool, edge: str | None, rim: str, radius: float, ratio: float,
) -> tuple[list[QImage], int]:
    """Return pictures of a mark at every place within a pixel, and how far its pixel is from their corner."""
    half = int(np.ceil((1.3 * radius + 3.0) * ratio))
    stamps = []
    for phase in range(_PHASES * _PHASES):
        down, across = divmod(phase, _PHASES)
        image = blank((2 * half + 2, 2 * half + 2), 1.0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(half + (across + 0.5) / _PHASES, half + (down + 0.5) / _PHASES)
        painter.scale(ratio, ratio)
        _shape(painter, name, marker, hollow, edge, rim, radius)
        painter.end()
        image.setDevicePixelRatio(ratio)
        stamps.append(image)
    return stamps, half


def _shape(
    painter: QPainter, name: str, marker: str, hollow: bool, edge: str | None, rim: str, radius: float,
) -> None:
    """Draw one mark about the origin."""
    path = marker_path(marker, radius)
    painter.setBrush(QColor(rim if hollow else name))
    painter.setPen(round_pen(edge or rim, 2 * _RIM if edge is None else 3.4))
    painter.drawPath(path)
    painter.setPen(round_pen(name, _HOLLOW) if hollow else QPen(Qt.PenStyle.NoPen))
    painter.drawPath(path)


def _seen(pixels: NDArray[np.float64], size: tuple[float, float], margin: float) -> NDArray[np.float64]:
    x, y = pixels[:, 0], pixels[:, 1]
    with np.errstate(invalid="ignore"):
        inside = (x > -margin) & (x < size[0] + margin) & (y > -margin) & (y < size[1] + margin)
    return pixels[inside]


def _dense(size: tuple[float, float], ratio: float, marks: Sequence[Marks]) -> QImage:
    """Return a transparent picture of dots that let others through, each pixel in the colour that prevails."""
    width, height = max(round(size[0] * ratio), 1), max(round(size[1] * ratio), 1)
    dot = 2 * max(round(ratio), 1)
    # dots of one colour look alike, hollow or not
    colours = list(dict.fromkeys(each.colour for each in marks))
    total, most = np.zeros((height, width), dtype=np.int32), np.zeros((height, width), dtype=np.int32)
    prevails = np.zeros((height, width), dtype=np.uint8)
    for group, name in enumerate(colours):
        counts = np.zeros((height, width), dtype=np.int32)
        for each in marks:
            if each.colour == name:
                counts += _counted((height, width), each.pixels, ratio)
        counts = _spread(counts, dot)
        total += counts
        if group:
            prevails[counts > most] = group
        if len(colours) > 1:
            np.maximum(most, counts, out=most)
    np.minimum(total, _DEEPEST, out=total)
    depth = np.log1p(np.arange(total.max(initial=1) + 1.0))
    opacity = 255.0 * np.minimum(_OPACITY + (1.0 - _OPACITY) * depth / depth[-1], 1.0)
    # blue, green and red times opacity, and opacity: the bytes of a picture
    shades = np.array([[*rgb_of(name)[::-1], 255] for name in colours]) / 255.0
    table = np.rint(opacity[None, :, None] * shades[:, None, :]).astype(np.uint8).view(np.uint32)[..., 0]
    words = np.zeros(height * width, dtype=np.uint32)
    # most of a picture is empty
    covered = np.flatnonzero(total)
    words[covered] = table[prevails.ravel()[covered], total.ravel()[covered]]
    image = QImage(words.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
    image.setDevicePixelRatio(ratio)
    return image


def _counted(shape: tuple[int, int], pixels: NDArray[np.float64], ratio: float) -> NDArray[np.int32]:
    """Return how many points lie in each pixel of a picture; those outside are left out."""
    height, width = shape
    inside = _seen(pixels, (width / ratio, height / ratio), 0.0) * ratio
    whole = inside.astype(np.int32)
    # what is a hair's breadth inside may be rounded to the edge
    np.minimum(whole, (width - 1, height - 1), out=whole)
    counts = np.bincount(whole[:, 1] * width + whole[:, 0], minlength=height * width)
    return counts.astype(np.int32).reshape(shape)


def _spread(counts: NDArray[np.int32], dot: int) -> NDArray[np.int32]:
    """Return how many square dots, `dot` pixels wide from their point right and down, lie over each pixel."""
    for axis in (0, 1):
        spread = counts.copy()
        for step in range(1, dot):
            if axis == 0:
                spread[step:] += counts[:-step]
            else:
                spread[:, step:] += counts[:, :-step]
        counts = spread
    return counts
