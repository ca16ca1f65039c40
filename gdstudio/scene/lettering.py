"""Text in drawings: the program's fonts, and letters as outlines where a file cannot carry a font."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath

from gdstudio.resources import resource
from gdstudio.scene.strokes import is_svg, round_pen

_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf")
_SANS = ("Inter", "Noto Sans", "DejaVu Sans")
_MONO = ("JetBrains Mono", "DejaVu Sans Mono")

TICK = 11
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


@cache
def sans(size: int = BODY, weight: int = 400, italic: bool = False) -> QFont:
    """Return the text font, `size` in pixels."""
    return _font(_SANS, size, weight, italic)


@cache
def mono(size: int = BODY) -> QFont:
    """Return the font of numbers, `size` in pixels; its figures all have one width."""
    return _font(_MONO, size, 400, False)


def _font(families: tuple[str, ...], size: int, weight: int, italic: bool) -> QFont:
    load_fonts()
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(size)
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


@cache
def _metrics(font_key: str, font: QFont) -> QFontMetricsF:
    del font_key
    return QFontMetricsF(font)


def metrics(font: QFont) -> QFontMetricsF:
    """Return the measures of a font."""
    return _metrics(font.key(), font)


def text_width(text: str, font: QFont) -> float:
    """Width of one line of text, in pixels."""
    return _width(text, font.key(), font)


@lru_cache(maxsize=4096)
def _width(text: str, font_key: str, font: QFont) -> float:
    return _metrics(font_key, font).horizontalAdvance(text)


def draw_text(
    painter: QPainter, x: float, y: float, text: str, font: QFont, name: str, across: Across = "left",
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
    font : QFont
        With what.
    name : str
        Colour.
    across : {"left", "centre", "right"}
        What of the text stands at `x`.
    halo : str or None
        Colour of an edge that sets the letters off from what lies beneath.
    """
    measures = metrics(font)
    shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[across] * (text_width(text, font) if across != "left" else 0.0)
    base = QPointF(x - shift, y + (measures.capHeight()) / 2)
    if halo is not None or is_svg(painter):
        outline = QPainterPath()
        outline.addText(base, font, text)
        if halo is not None:
            painter.strokePath(outline, round_pen(halo, 2.2))
        painter.fillPath(outline, QColor(name))
        return
    painter.setFont(font)
    painter.setPen(QColor(name))
    painter.drawText(base, text)
