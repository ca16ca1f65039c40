"""A typeset equation in the colour of the text around it.

The drawing comes as SVG from elsewhere: typesetting is no business of a widget.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

SMALLEST_SCALE = 0.6


@dataclass(frozen=True, slots=True)
class Equation:
    """A typeset equation: its drawing as SVG in one colour, and the same in words or LaTeX for those who listen.

    Without a drawing it is a line of words, shown as text.
    """

    svg: bytes
    text: str


class EquationView(QWidget):
    """Shows one equation at its natural size, smaller where there is less room; empty without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._equation: Equation | None = None
        self._renderer = QSvgRenderer(self)
        self._picture: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def equation(self) -> Equation | None:
        """Return what is shown."""
        return self._equation

    def setEquation(self, equation: Equation | None) -> None:
        """Show `equation`; None or a drawing that cannot be read leaves the widget empty."""
        if equation == self._equation:
            return
        self._equation = equation
        self._renderer.load(QByteArray(equation.svg if equation else b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
        self._picture = None
        text = equation.text if equation else ""
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        """Natural size of the drawing."""
        return self._natural() if self._equation else QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the equation, or the left part of it that there is room for."""
        del event
        if self._equation is None or self._natural().isEmpty():
            return
        if self._picture is None:
            self._picture = self._draw()
        QPainter(self).drawImage(0, 0, self._picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the drawing into the new width."""
        super().resizeEvent(event)
        self._picture = None
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the new colour of the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._picture = None
            self.update()

    def _natural(self) -> QSize:
        return self._renderer.defaultSize() if self._renderer.isValid() else QSize(0, 0)

    def _scale(self) -> float:
        natural = self._natural().width()
        return 1.0 if natural <= self.width() else max(SMALLEST_SCALE, self.width() / natural)

    def _fit(self) -> None:
        height = self._natural().height() * self._scale() if self._equation else 0
        self.setFixedHeight(round(height))

    def _draw(self) -> QImage:
        ratio = self.devicePixelRatioF()
        picture = QImage(
            round(self.width() * ratio), max(1, round(self.height() * ratio)), QImage.Format.Format_ARGB32_Premultiplied
        )
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        scale, natural = self._scale(), self._natural()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(0, 0, natural.width() * scale, natural.height() * scale))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(self.rect(), self.window().palette().color(QPalette.ColorRole.WindowText))
        painter.end()
        return picture
