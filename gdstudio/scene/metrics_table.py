"""The metrics of every run as a table: what people ask of a fit, on the training rows and on those held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.lettering import draw_text, mono, sans, shortened
from gdstudio.scene.marks import draw_marker
from gdstudio.scene.strokes import draw_line, fill_rect
from gdstudio.scene.ticks import number_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.scene.theme import Theme

translate = QCoreApplication.translate
_PAD, _HEAD, _ROW, _BETWEEN, _INDENT, _WIDEST, _NARROWEST = 16.0, 30.0, 22.0, 9.0, 20.0, 112.0, 62.0


@dataclass(frozen=True, slots=True)
class MetricsRow:
    """The metrics of one run.

    Parameters
    ----------
    label : str
        Name of the run that people read.
    slot : int
        Its colour and marker.
    training : tuple of float
        Value of each metric on the training rows; NaN where there is none.
    held_out : tuple of float or None
        And on those held out, where there are any.
    """

    label: str
    slot: int
    training: tuple[float, ...]
    held_out: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class MetricsScene:
    """Metrics of several runs.

    Parameters
    ----------
    names : tuple of str
        What the metrics are called.
    rows : callable
        Takes an iteration, gives a row for each visible run.
    cursor : int
        The iteration shown.
    every : int
        One in so many samples is looked at.
    """

    names: tuple[str, ...]
    rows: Callable[[int], tuple[MetricsRow, ...]]
    cursor: int = 0
    every: int = 1


class MetricsDrawing:
    """A table of metrics, prepared.

    Parameters
    ----------
    scene : MetricsScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    """

    def __init__(self, scene: MetricsScene, theme: Theme, size: tuple[float, float]) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size

    @property
    def column(self) -> float:
        """Width of the column of one metric."""
        names = max(len(self.scene.names), 1)
        return max(min((self.size[0] - 2 * _PAD) * 0.7 / names, _WIDEST), _NARROWEST)

    def ground(self, painter: QPainter) -> None:
        """Paint the head of the table."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, name in enumerate(self.scene.names):
            draw_text(painter, self._right(index), _HEAD / 2 + 3, name, sans(12), self.theme.muted, "right")
        if self.scene.every > 1:
            text = translate("Scene", "1 in {count} samples").format(count=self.scene.every)
            draw_text(painter, _PAD, _HEAD / 2 + 3, text, sans(12), self.theme.muted)
        draw_line(painter, _PAD, _HEAD + 0.5, self.size[0] - _PAD, _HEAD + 0.5, QPen(QColor(self.theme.line), 1))

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the rows that there is room for."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = _HEAD + _BETWEEN
        for row in self.scene.rows(cursor):
            height = _ROW * (1 if row.held_out is None else 3) + _BETWEEN
            if top + height - _BETWEEN > self.size[1]:
                break
            self._draw(painter, row, top)
            top += height

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def _right(self, index: int) -> float:
        return self.size[0] - _PAD - (len(self.scene.names) - 1 - index) * self.column

    def _draw(self, painter: QPainter, row: MetricsRow, top: float) -> None:
        theme, y = self.theme, top + _ROW / 2
        draw_marker(painter, _PAD + 6, y, row.slot, theme)
        room = self.size[0] - 2 * _PAD - _INDENT
        if row.held_out is None:
            room = self._right(0) - self.column - _PAD - _INDENT + 12
        bold = sans(13, 500)
        draw_text(painter, _PAD + _INDENT, y, shortened(row.label, room, bold), bold, theme.text)
        if row.held_out is None:
            self._draw_values(painter, row.training, y, theme.text)
            return
        parts = (
            (translate("Scene", "training"), row.training, theme.text),
            (translate("Scene", "held out"), row.held_out, theme.muted),
        )
        for name, values, colour in parts:
            y += _ROW
            draw_text(painter, _PAD + _INDENT, y, name, sans(12), theme.muted)
            self._draw_values(painter, values, y, colour)

    def _draw_values(self, painter: QPainter, values: tuple[float, ...], y: float, colour: str) -> None:
        for index, value in enumerate(values):
            draw_text(painter, self._right(index), y, number_text(value), mono(12), colour, "right")
