"""Text in drawings: the program's fonts, and letters as outlines where a file cannot carry a font."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker

from gdstudio.resources import resource
from gdstudio.scene.strokes import colour, is_svg

_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")
_SANS = ("Inter", "Noto Sans", "DejaVu Sans")
_MONO = ("JetBrains Mono", "DejaVu Sans Mono")

TICK = 11
# Height of a line of them: a number, as drawings are prepared in threads that must not measure text.
TICK_LINE = 13.3
BODY = 13

Across = Literal["left", "centre", "right"]


@cache
def load_fonts() -> tuple[str, ...]:
    """Make the program's own fonts known to Qt, once; return the families found.

    A font that is missing is not an error: the next family of the list serves.
    """
    families: list[str] = []
    for name in _FILES:
        try:
            path = resource("fonts", name)
        except FileNotFoundError:
            continue
        number = QFontDatabase.addApplicationFont(str(path))
        if number >= 0:
            families.extend(QFontDatabase.applicationFontFamilies(number))
    return tuple(families)


class Face(QFont):
    """A font with its measures, which are asked for hundreds of times a frame; no two of them are equal."""

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    @cached_property
    def measures(self) -> QFontMetricsF:
        """The font's measures."""
        return QFontMetricsF(self)

    @cached_property
    def half_height(self) -> float:
        """Half the height of capital letters, in pixels."""
        return self.measures.capHeight() / 2


@cache
def sans(size: int = BODY, weight: int = 400, italic: bool = False) -> Face:
    """Return the text font, `size` in pixels."""
    return _face(_SANS, size, weight, italic)


@cache
def mono(size: int = BODY) -> Face:
    """Return the font of numbers, `size` in pixels; its figures all have one width."""
    return _face(_MONO, size, 400, False)


def _face(families: tuple[str, ...], size: int, weight: int, italic: bool) -> Face:
    load_fonts()
    face = Face()
    face.setFamilies(list(families))
    face.setPixelSize(size)
    face.setWeight(QFont.Weight(weight))
    face.setItalic(italic)
    face.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return face


@lru_cache(maxsize=4096)
def text_width(text: str, face: Face) -> float:
    """Width of one line of text, in pixels."""
    return face.measures.horizontalAdvance(text)


def shortened(text: str, room: float, face: Face) -> str:
    """Return one line of text, cut short by an ellipsis where it is wider than `room` pixels."""
    if text_width(text, face) <= room:
        return text
    while len(text) > 1 and text_width(text + "…", face) > room:
        text = text[:-1]
    return text.rstrip() + "…"


@lru_cache(maxsize=256)
def _outline(text: str, face: Face) -> QPainterPath:
    outline = QPainterPath()
    outline.addText(QPointF(0, 0), face, text)
    return outline


@lru_cache(maxsize=256)
def _halo(text: str, face: Face) -> QPainterPath:
    """Return what the edge about some letters covers."""
    stroker = QPainterPathStroker()
    stroker.setWidth(2.2)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(_outline(text, face))


def draw_text(
    painter: QPainter, x: float, y: float, text: str, font: Face, name: str, across: Across = "left",
    halo: str | None = None,
) -> None:
    """Write one line whose middle height is `y`; `x` is its left end, centre or right end.

    Parameters
    ----------
    painter : QPainter
        Where to write.
    x, y : float
        Place in pixels.
    text : str
        What to write.
    font : Face
        With what.
    name : str
        Colour.
    across : {"left", "centre", "right"}
        What of the text stands at `x`.
    halo : str or None
        Colour of an edge that sets the letters off from what lies beneath.
    """
    if across != "left":
        x -= text_width(text, font) * (0.5 if across == "centre" else 1.0)
    base = QPointF(x, y + font.half_height)
    if halo is not None or is_svg(painter):
        if halo is not None:
            painter.fillPath(_halo(text, font).translated(base), colour(halo))
        painter.fillPath(_outline(text, font).translated(base), colour(name))
        return
    painter.setFont(font)
    painter.setPen(colour(name))
    painter.drawText(base, text)
