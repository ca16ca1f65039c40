"""Confusion matrices: how many samples of each class a classifier takes for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter

from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.marks import draw_marker
from gdstudio.scene.pathway import mixed
from gdstudio.scene.strokes import fill_rect

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.scene.theme import Theme

translate = QCoreApplication.translate
_TITLE, _HEAD, _PAD, _GAP, _LARGEST, _LONGEST = 24.0, 34.0, 14.0, 1.5, 64.0, 0.3
_LEAST = 17.0


@dataclass(frozen=True, eq=False)
class Confusion:
    """One matrix.

    Parameters
    ----------
    label : str
        Name of the run that people read.
    slot : int
        Its colour and marker.
    counts : ndarray of int, (classes, classes)
        Samples: rows by what they are, columns by what they are taken for.
    held_out : bool
        Whether they are those that are not trained on.
    """

    label: str
    slot: int
    counts: NDArray[np.int64]
    held_out: bool = False


def _nothing(cursor: int) -> tuple[Confusion, ...]:
    del cursor
    return ()


@dataclass(frozen=True, eq=False)
class ConfusionScene:
    """Matrices side by side.

    Parameters
    ----------
    classes : tuple of str
        What the classes are called.
    matrices : callable
        Takes an iteration, gives the matrices, the most important first; as many are drawn as there is room for.
    cursor : int
        The iteration shown.
    """

    classes: tuple[str, ...] = ()
    matrices: Callable[[int], tuple[Confusion, ...]] = _nothing
    cursor: int = 0


class ConfusionDrawing:
    """Confusion matrices, prepared.

    Parameters
    ----------
    scene : ConfusionScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    """

    def __init__(self, scene: ConfusionScene, theme: Theme, size: tuple[float, float]) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size

    def layout(self, count: int) -> tuple[int, float, float]:
        """Return how many matrices of so many fit, the side of a cell, and the room for the names of classes."""
        classes = max(len(self.scene.classes), 1)
        widest = max((text_width(name, sans(TICK)) for name in self.scene.classes), default=0.0)
        for shown in range(max(count, 1), 0, -1):
            width = (self.size[0] - _PAD) / shown - _PAD
            names = min(widest, _LONGEST * width) + 8
            cell = min((width - names) / classes, (self.size[1] - _TITLE - _HEAD - 2 * _PAD) / classes, _LARGEST)
            if cell >= _LEAST or shown == 1:
                return shown, max(cell, 2.0), names
        return 1, _LEAST, widest

    def ground(self, painter: QPainter) -> None:
        """Paint the ground."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the matrices."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        matrices = self.scene.matrices(cursor)
        shown, cell, names = self.layout(len(matrices))
        side = names + cell * len(self.scene.classes)
        left = (self.size[0] - shown * side - (shown - 1) * 2 * _PAD) / 2
        for matrix in matrices[:shown]:
            self._draw(painter, matrix, left, cell, names)
            left += side + 2 * _PAD

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def _draw(self, painter: QPainter, matrix: Confusion, left: float, cell: float, names: float) -> None:
        theme, classes = self.theme, self.scene.classes
        inner, top = left + names, _PAD + _TITLE + _HEAD
        middle = _PAD + _TITLE / 2
        part = translate("Scene", "held out") if matrix.held_out else translate("Scene", "training")
        draw_marker(painter, left + 7, middle, matrix.slot, theme)
        room = names + cell * len(classes) - 20
        title = _short(f"{matrix.label} · {part}", room, TICK + 1)
        draw_text(painter, left + 20, middle, title, sans(TICK + 1, 500), theme.text)
        across = inner + cell * len(classes) / 2
        head = translate("Scene", "taken for")
        draw_text(painter, across, _PAD + _TITLE + 7, head, sans(TICK, italic=True), theme.muted, "centre")
        for code, name in enumerate(classes):
            x, y = inner + (code + 0.5) * cell, top + (code + 0.5) * cell
            if cell >= TICK + 2:
                draw_text(painter, inner - 7, y, _short(name, names - 7, TICK), sans(TICK), theme.muted, "right")
            if cell >= 16:
                draw_text(painter, x, top - 9, _short(name, cell - 2, TICK), sans(TICK), theme.muted, "centre")
        self._draw_cells(painter, matrix, inner, top, cell)

    def _draw_cells(self, painter: QPainter, matrix: Confusion, left: float, top: float, cell: float) -> None:
        theme, counts = self.theme, np.asarray(matrix.counts)
        parts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        painter.setPen(Qt.PenStyle.NoPen)
        size = TICK + 1 if cell >= 34 else TICK if cell >= 24 else TICK - 2
        for (row, column), count in np.ndenumerate(counts):
            part = float(parts[row, column])
            strong = theme.accent if row == column else theme.error
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mixed(theme.raised, strong, part**0.7 * 0.85 if row == column else part**0.5 * 0.85))
            x, y = left + column * cell, top + row * cell
            painter.drawRoundedRect(QRectF(x, y, cell - _GAP, cell - _GAP), 3, 3)
            text = f"{int(count)}"
            if count and text_width(text, sans(size)) <= cell - 2:
                name = (theme.plot if theme.dark else "#ffffff") if part > 0.55 else theme.text
                draw_text(painter, x + (cell - _GAP) / 2, y + (cell - _GAP) / 2, text, sans(size), name, "centre")


def _short(text: str, room: float, size: int) -> str:
    """Return a text shortened to a width in pixels."""
    if text_width(text, sans(size)) <= room:
        return text
    while len(text) > 1 and text_width(text + "…", sans(size)) > room:
        text = text[:-1]
    return text + "…"
