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
_SHORT_HEAD, _APART, _NOTE = 18.0, 28.0, 22.0
# Sides of a cell: the least that is worth looking at, and that from which on there is room for a heading.
_LEAST, _COMFORTABLE = 15.0, 24.0
_SIZES = (TICK + 1, TICK, TICK - 2, TICK - 3)


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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where confusion matrices stand.

    Parameters
    ----------
    shown : int
        How many there is room for.
    columns : int
        How many stand side by side.
    cell : float
        Side of a cell in pixels.
    names : float
        Room left of the cells for the names of classes.
    head : float
        Room above them for what the columns are.
    """

    shown: int
    columns: int
    cell: float
    names: float
    head: float


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

    def layout(self, count: int) -> Layout:
        """Return how matrices are laid out: as many of `count` as fit, in the rows in which their cells are largest."""
        best = self._layout(1, 1, count > 1)
        for shown in range(count, 1, -1):
            found = max(
                (self._layout(shown, rows, shown < count) for rows in range(1, shown + 1)), key=lambda each: each.cell
            )
            if found.cell >= _LEAST:
                return found
        return best

    def _layout(self, shown: int, rows: int, more: bool) -> Layout:
        columns, classes = -(-shown // rows), max(len(self.scene.classes), 1)
        width = (self.size[0] - 2 * _PAD - (columns - 1) * _APART) / columns
        height = (self.size[1] - _PAD - (_NOTE if more else 0.0)) / rows
        widest = max((text_width(name, sans(TICK)) for name in self.scene.classes), default=0.0)
        names = min(widest, _LONGEST * width) + 8
        across = min((width - names) / classes, _LARGEST)
        # where cells are small their heading is the first to go
        roomy = (height - _TITLE - _HEAD - _PAD) / classes
        head = _HEAD if roomy >= min(across, _COMFORTABLE) else _SHORT_HEAD
        cell = max(min(across, (height - _TITLE - head - _PAD) / classes), 2.0)
        return Layout(shown, -(-shown // rows), cell, names, head)

    def ground(self, painter: QPainter) -> None:
        """Paint the ground."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the matrices."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        matrices = self.scene.matrices(cursor)
        layout = self.layout(len(matrices))
        side = layout.names + layout.cell * len(self.scene.classes)
        down = _TITLE + layout.head + layout.cell * len(self.scene.classes) + _PAD
        for number, matrix in enumerate(matrices[:layout.shown]):
            row, column = divmod(number, layout.columns)
            in_row = min(layout.columns, layout.shown - row * layout.columns)
            left = (self.size[0] - in_row * side - (in_row - 1) * _APART) / 2
            self._draw(painter, matrix, layout, left + column * (side + _APART), _PAD + row * down)
        if layout.shown < len(matrices):
            text = translate("Scene", "{count} of {all} matrices: there is no room for more").format(
                count=layout.shown, all=len(matrices))
            draw_text(painter, _PAD, self.size[1] - _NOTE / 2, text, sans(TICK), self.theme.muted)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def _draw(self, painter: QPainter, matrix: Confusion, layout: Layout, left: float, top: float) -> None:
        theme, classes, cell, names = self.theme, self.scene.classes, layout.cell, layout.names
        inner, first, middle = left + names, top + _TITLE + layout.head, top + _TITLE / 2
        part = translate("Scene", "held out") if matrix.held_out else translate("Scene", "training")
        draw_marker(painter, left + 7, middle, matrix.slot, theme)
        room = names + cell * len(classes) - 20
        # which samples they are is told by no marker: the name of the run is what may be cut
        label = _short(matrix.label, room - text_width(f" · {part}", sans(TICK + 1, 500)), TICK + 1)
        title = _short(f"{label} · {part}", room, TICK + 1)
        draw_text(painter, left + 20, middle, title, sans(TICK + 1, 500), theme.text)
        if layout.head == _HEAD:
            across, head = inner + cell * len(classes) / 2, translate("Scene", "taken for")
            draw_text(painter, across, top + _TITLE + 7, head, sans(TICK, italic=True), theme.muted, "centre")
        for code, name in enumerate(classes):
            x, y = inner + (code + 0.5) * cell, first + (code + 0.5) * cell
            if cell >= TICK:
                draw_text(painter, inner - 7, y, _short(name, names - 7, TICK), sans(TICK), theme.muted, "right")
            if cell >= 16 or text_width(name, sans(TICK)) <= cell - 2:
                draw_text(painter, x, first - 9, _short(name, cell - 2, TICK), sans(TICK), theme.muted, "centre")
        self._draw_cells(painter, matrix, inner, first, cell)

    def _draw_cells(self, painter: QPainter, matrix: Confusion, left: float, top: float, cell: float) -> None:
        theme, counts = self.theme, np.asarray(matrix.counts)
        parts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        painter.setPen(Qt.PenStyle.NoPen)
        widest = f"{int(counts.max(initial=0))}"
        sizes = [size for size in _SIZES if text_width(widest, sans(size)) <= cell - 3]
        size = sizes[0] if sizes else _SIZES[-1]
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
