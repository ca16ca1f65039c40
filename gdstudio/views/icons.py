"""Icons in the colours of the theme, from the one-coloured drawings among the resources."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gdstudio.resources import resource

_SIZES = (16, 20, 24, 32, 40, 48, 64)


@lru_cache(maxsize=64)
def _drawing(name: str) -> QByteArray:
    return QByteArray(resource("icons", f"{name}.svg").read_bytes())


def pixmap(name: str, colour: QColor, pixels: int) -> QPixmap:
    """Draw the icon `name` as a square of `pixels` device pixels, every stroke in `colour`.

    Raises
    ------
    FileNotFoundError
        Where there is no such icon.
    """
    drawing = QSvgRenderer(_drawing(name))
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(picture.rect(), colour)
    painter.end()
    return picture


@lru_cache(maxsize=256)
def _icon(name: str, colour: int, disabled: int) -> QIcon:
    result = QIcon()
    for mode, shade in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for pixels in _SIZES:
            result.addPixmap(pixmap(name, QColor.fromRgba(shade), pixels), mode)
    return result


def icon(name: str, colour: QColor, disabled: QColor | None = None) -> QIcon:
    """Return the icon `name` in `colour`, sharp at any device pixel ratio up to 3.

    Parameters
    ----------
    name : str
        File name among the icons, without its ending.
    colour : QColor
        Colour of every stroke.
    disabled : QColor, optional
        Colour where the control is disabled; `colour` at a third of its opacity unless said.
    """
    if disabled is None:
        disabled = QColor(colour)
        disabled.setAlphaF(colour.alphaF() / 3)
    return _icon(name, colour.rgba(), disabled.rgba())
