"""Pictures of the views as PNG, SVG and PDF: the drawings of the screen, painted once more.

SVG and PDF are vectors throughout. Letters in SVG are outlines, because the file cannot carry the fonts; PDF
embeds them.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.atomic import written_whole
from gdstudio.scene.lettering import load_fonts

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.scene.theme import Theme

PICTURE_ENDINGS = (".png", ".svg", ".pdf")
"""What a file's name may end with, in lower case."""
_RESOLUTION = 96
_POINTS = 72 / _RESOLUTION
_LARGEST = 16_384


class Picture(Protocol):
    """A drawing that stands still."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in logical pixels."""

    @property
    def theme(self) -> Theme:
        """The colours it is drawn with."""

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""


def ending_of(path: str | os.PathLike[str]) -> str:
    """Return the ending of a picture's name, in lower case.

    Raises
    ------
    StudioError
        If no picture is written with that ending.
    """
    ending = PurePath(path).suffix.lower()
    if ending not in PICTURE_ENDINGS:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "A picture is written to a file that ends with {endings}, not {file}."),
            endings=", ".join(PICTURE_ENDINGS), file=shown(os.fspath(path)),
        )
    return ending


def export(picture: Picture, path: str | os.PathLike[str], scale: float = 1.0) -> None:
    """Write a picture; what stood at `path` is replaced only when the new file is whole.

    Parameters
    ----------
    picture : Picture
        What to paint: a prepared drawing of any view.
    path : path-like
        Where to; the ending says in which format.
    scale : float
        Pixels of the file for each logical pixel, 1 to 4; only PNG has pixels.

    Raises
    ------
    StudioError
        If the ending is unknown, the picture too large, or the file cannot be written.
    """
    ending = ending_of(path)
    load_fonts()
    contents = {".png": _png, ".svg": _svg, ".pdf": _pdf}[ending](picture, scale)
    with written_whole(path) as temporary:
        temporary.write_bytes(contents)


def export_image(image: QImage, path: str | os.PathLike[str]) -> None:
    """Write pixels that are there already, such as a screenshot of the window, as PNG.

    Raises
    ------
    StudioError
        If the ending is not ``.png`` or the file cannot be written.
    """
    if PurePath(path).suffix.lower() != ".png":
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "A screenshot is written to a file that ends with .png, not {file}."),
            file=shown(os.fspath(path)),
        )
    with written_whole(path) as temporary:
        temporary.write_bytes(_encoded(image))


def rendered(picture: Picture, scale: float = 1.0) -> QImage:
    """Return a picture as pixels, `scale` of them for each logical pixel.

    Raises
    ------
    StudioError
        If it would have more pixels along one side than an image can.
    """
    width, height = (round(length * scale) for length in picture.size)
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "A picture has 1 to {largest} pixels along each side, not {width} x {height}."),
            largest=_LARGEST, width=width, height=height,
        )
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is not enough memory for a picture of {width} x {height} pixels."),
            width=width, height=height,
        )
    image.setDevicePixelRatio(scale)
    image.fill(QColor(picture.theme.window))
    _paint(picture, QPainter(image))
    return image


def _paint(picture: Picture, painter: QPainter) -> None:
    try:
        picture.paint(painter)
    finally:
        painter.end()


def _png(picture: Picture, scale: float) -> bytes:
    return _encoded(rendered(picture, scale))


def _encoded(image: QImage) -> bytes:
    return _collected(lambda buffer: QImageWriter(buffer, QByteArray(b"png")).write(image))


def _svg(picture: Picture, scale: float) -> bytes:
    del scale
    width, height = picture.size

    def write(buffer: QBuffer) -> None:
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        generator.setOutputDevice(buffer)
        # without these one logical pixel would not be one unit of the file
        generator.setResolution(_RESOLUTION)
        generator.setTitle("Gradient Descent Studio")
        generator.setDescription("")
        generator.setSize(QSize(round(width), round(height)))
        generator.setViewBox(QRect(0, 0, round(width), round(height)))
        _paint(picture, QPainter(generator))

    # the generator writes millimetres, which readers turn into differing numbers of pixels
    head = f'width="{round(width)}" height="{round(height)}"'.encode()
    return re.sub(rb'width="[\d.]+mm" height="[\d.]+mm"', head, _collected(write), count=1)


def _pdf(picture: Picture, scale: float) -> bytes:
    del scale
    width, height = picture.size

    def write(buffer: QBuffer) -> None:
        writer = QPdfWriter(buffer)
        writer.setResolution(_RESOLUTION)
        writer.setCreator("Gradient Descent Studio")
        page = QPageSize(QSizeF(width * _POINTS, height * _POINTS), QPageSize.Unit.Point, "",
                         QPageSize.SizeMatchPolicy.ExactMatch)
        writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
        painter = QPainter(writer)
        # pages have whole points: stretch by less than half of one, so that no edge stays white
        painter.scale(writer.width() / width, writer.height() / height)
        _paint(picture, painter)

    return _collected(write)


def _collected(write: Callable[[QBuffer], object]) -> bytes:
    memory = QByteArray()
    buffer = QBuffer(memory)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write(buffer)
    buffer.close()
    return bytes(memory.data())
