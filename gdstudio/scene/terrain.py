"""The part of a picture that is costly and holds no text, painted in another thread than the window's.

A new surface takes fifty milliseconds to paint without OpenGL. In the window's thread it would hold up the curves that
are there already, and whatever a person does next. Text stays with the window's thread, where the fonts are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter

from gdstudio.scene.drawing import Drawing


class LayeredDrawing(Drawing, Protocol):
    """A picture whose ground comes in two parts."""

    def prepare(self) -> None:
        """Work out now what painting would when it is needed; any thread may do so before others have the drawing."""

    def terrain(self, painter: QPainter) -> None:
        """Paint what of the ground holds no text."""

    def labels(self, painter: QPainter) -> None:
        """Write what stands on the ground."""


Kind = TypeVar("Kind", bound=LayeredDrawing)


@dataclass(frozen=True)
class Laid(Generic[Kind]):
    """A drawing with part of its ground painted.

    Parameters
    ----------
    drawing : LayeredDrawing
        The drawing, prepared.
    terrain : QImage or None
        Its terrain; None where OpenGL draws that.
    """

    drawing: Kind
    terrain: QImage | None


def laid(drawing: Kind, ratio: float | None) -> Laid[Kind]:
    """Prepare a drawing and paint its terrain; any thread may do so.

    Parameters
    ----------
    drawing : LayeredDrawing
        Nobody else has it yet.
    ratio : float or None
        Pixels of the screen in a logical one; None where no terrain is wanted.
    """
    drawing.prepare()
    return Laid(drawing, None if ratio is None else _painted(drawing, ratio))


def _painted(drawing: LayeredDrawing, ratio: float) -> QImage:
    width, height = drawing.size
    image = QImage(QSize(int(width), int(height)) * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    # the drawing fills all of it, but the last row may be a fraction of a pixel
    image.fill(QColor(drawing.theme.window))
    painter = QPainter(image)
    drawing.terrain(painter)
    painter.end()
    return image
