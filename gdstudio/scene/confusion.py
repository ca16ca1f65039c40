"""Confusion matrices: how many samples of each class a classifier takes for which."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter

from gdstudio.scene.lettering import TICK, draw_text, sans, shortened, text_width
from gdstudio.scene.marks import draw_marker
from gdstudio.scene.pathway import mixed
from gdstudio.scene.strokes import fill_rect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gdstudio.scene.lettering import Face
    from gdstudio.scene.theme import Theme

translate = QCoreApplication.translate
_TITLE, _HEAD, _PAD, _GAP, _LARGEST, _LONGEST = 24.0, 34.0, 10.0, 1.5, 64.0, 0.3
_SHORT_HEAD, _APART, _NOTE, _MARK = 18.0, 20.0, 22.0, 20.0
# Height of cells from which on there is room for a heading, and room about a number in one, across and down.
_COMFORTABLE, _ABOUT = 24.0, (2.2, 4.0)
# How much wider than high cells may be for the sake of the names of classes.
_WIDEST = 3.0
# Sizes of numbers, down to the least that can be read.
_SIZES = (TICK + 1, TICK, TICK - 1, TICK - 2)
_DOT = " · "


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

    classes: tuple[str, ...]
    matrices: Callable[[int], tuple[Confusion, ...]]
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
    cell : tuple of float
        Width and height of a cell in pixels: a square, or wider where numbers or names need it.
    letters : int
        Size of the numbers in pixels; 0 where cells have no room for any that can be read.
    whole : bool
        Whether all names of classes are written whole.
    names : float
        Room left of the cells for the names of classes.
    head : float
        Room above them for what the columns are.
    slot : float
        Width that there is for one matrix and its title.
    """

    shown: int
    columns: int
    cell: tuple[float, float]
    letters: int
    whole: bool
    names: float
    head: float
    slot: float


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """One cell: of which matrix, which samples taken for which, and its left, top, width and height in pixels."""

    matrix: Confusion
    row: int
    column: int
    box: tuple[float, float, float, float]


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

    def layout(self, count: int, most: int, title: float = 0.0) -> Layout:
        """Return how matrices are laid out: as many of `count` as fit, in the rows in which they are read best.

        Parameters
        ----------
        count : int
            How many there are.
        most : int
            The largest number that a cell may come to hold.
        title : float
            Width of the longest title in pixels.
        """
        widest = max("0123456789", key=lambda digit: text_width(digit, sans(TICK))) * len(str(most))
        for shown in range(count, 0, -1):
            found = max(
                (self._layout(shown, rows, shown < count, widest) for rows in range(1, shown + 1)),
                key=lambda each: (each.letters, each.whole, min(each.slot, title), each.cell[1]),
            )
            if found.letters:
                return found
        return self._layout(1, 1, True, widest)

    def _layout(self, shown: int, rows: int, more: bool, widest: str) -> Layout:
        columns, classes = -(-shown // rows), max(len(self.scene.classes), 1)
        width = (self.size[0] - 2 * _PAD - (columns - 1) * _APART) / columns
        whole, noted = (self.size[1] - _PAD) / rows, (self.size[1] - _PAD - _NOTE) / rows
        height = noted if more else whole
        longest = max((text_width(name, sans(TICK)) for name in self.scene.classes), default=0.0)
        names = max(min(longest, _LONGEST * width), text_width(_is(), _heading())) + 8
        across = min(max((width - names) / classes, 2.0), _LARGEST)
        # where cells are small their heading is the first to go, and one line below all matrices says the same
        roomy = (height - _TITLE - _HEAD - _PAD) / classes
        head = _HEAD if roomy >= min(across, _COMFORTABLE) or (rows == 1 and not more) else _SHORT_HEAD
        height = height if head == _HEAD else noted
        down = min(max((height - _TITLE - head - _PAD) / classes, 2.0), across)
        rooms = {letters: text_width(widest, sans(letters)) + _ABOUT[0] for letters in _SIZES}
        fit = [letters for letters in _SIZES if rooms[letters] <= across and letters + _ABOUT[1] <= down]
        letters = fit[0] if fit else 0
        wide = min(across, max(down, rooms.get(letters, 0.0), min(longest + 4, _WIDEST * down)))
        written = longest <= min(names - 7, wide - 2)
        return Layout(shown, columns, (wide, down), letters, written, names, head, width)

    def ground(self, painter: QPainter) -> None:
        """Paint the ground."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint the matrices."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        matrices = self.scene.matrices(cursor)
        layout, places = self._placed(matrices)
        for matrix, label, place in zip(matrices, labels_in(matrices, layout.slot), places, strict=False):
            self._draw(painter, matrix, label, layout, place)
        text = shortened(self.note(layout, len(places), len(matrices)), self.size[0] - 2 * _PAD, sans(TICK))
        draw_text(painter, _PAD, self.size[1] - _NOTE / 2, text, sans(TICK), self.theme.muted)

    def note(self, layout: Layout, drawn: int, count: int) -> str:
        """Return what is said below all matrices, in the longest wording that there is room for.

        Parameters
        ----------
        layout : Layout
            How they are laid out.
        drawn, count : int
            How many are drawn, and how many there are.
        """
        wordings: list[list[str]] = [[], []]
        if drawn and layout.head != _HEAD:
            wordings[0].append(translate("Scene", "rows: what it is · columns: what it is taken for"))
            wordings[1].append(translate("Scene", "rows: is · columns: taken for"))
        if drawn < count:
            numbers = {"count": drawn, "all": count}
            wordings[0].append(
                translate("Scene", "{count} of {all} matrices: there is no room for more").format(**numbers))
            wordings[1].append(translate("Scene", "{count} of {all} matrices").format(**numbers))
        if drawn and not layout.letters:
            for wording in wordings:
                wording.append(translate("Scene", "point to a cell to read its number"))
        longest, shortest = (" · ".join(wording) for wording in wordings)
        return longest if text_width(longest, sans(TICK)) <= self.size[0] - 2 * _PAD else shortest

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def cell_at(self, x: float, y: float, cursor: int) -> Cell | None:
        """Return the cell under a pixel at an iteration; None beside them."""
        matrices, classes = self.scene.matrices(cursor), len(self.scene.classes)
        layout, places = self._placed(matrices)
        width, height = layout.cell
        for matrix, (left, top) in zip(matrices, places, strict=False):
            inner, first = left + layout.names, top + _TITLE + layout.head
            row, column = math.floor((y - first) / height), math.floor((x - inner) / width)
            if 0 <= row < classes and 0 <= column < classes:
                return Cell(matrix, row, column, (inner + column * width, first + row * height, width, height))
        return None

    def said_of(self, cell: Cell) -> list[str]:
        """Return what there is to read of a cell, in lines."""
        counts, classes = np.asarray(cell.matrix.counts), self.scene.classes
        return [
            translate("Scene", "{name} taken for {other}").format(name=classes[cell.row], other=classes[cell.column]),
            translate("Scene", "{count} of {all} samples").format(
                count=int(counts[cell.row, cell.column]), all=int(counts[cell.row].sum())),
            f"{cell.matrix.label} · {_part(cell.matrix)}",
        ]

    def _placed(self, matrices: tuple[Confusion, ...]) -> tuple[Layout, list[tuple[float, float]]]:
        """Return how and where matrices are drawn: the upper left corners of those that are."""
        # no cell of a row ever holds more than all of its samples: numbers rest in size while they change
        most = max((int(matrix.counts.sum(axis=1).max(initial=0)) for matrix in matrices), default=0)
        title = max((_title_width(matrix) for matrix in matrices), default=0.0)
        layout, classes = self.layout(len(matrices), most, title), len(self.scene.classes)
        side = max(layout.names + layout.cell[0] * classes, min(title, layout.slot))
        down = _TITLE + layout.head + layout.cell[1] * classes + _PAD
        places = []
        for number in range(min(layout.shown, len(matrices))):
            row, column = divmod(number, layout.columns)
            in_row = min(layout.columns, layout.shown - row * layout.columns)
            left = (self.size[0] - in_row * side - (in_row - 1) * _APART) / 2
            places.append((left + column * (side + _APART), _PAD + row * down))
        return layout, places

    def _draw(
        self, painter: QPainter, matrix: Confusion, label: str, layout: Layout, place: tuple[float, float]
    ) -> None:
        theme, classes, (width, height), names = self.theme, self.scene.classes, layout.cell, layout.names
        left, top = place
        inner, first, middle = left + names, top + _TITLE + layout.head, top + _TITLE / 2
        draw_marker(painter, left + 7, middle, matrix.slot, theme)
        room, part, bold = layout.slot - _MARK, _part(matrix), _bold()
        # which samples they are is told by no marker: the name of the run is what may be cut
        label = shortened(label, room - text_width(f" · {part}", bold), bold)
        draw_text(painter, left + _MARK, middle, shortened(f"{label} · {part}", room, bold), bold, theme.text)
        if layout.head == _HEAD:
            across = inner + width * len(classes) / 2
            draw_text(painter, across, top + _TITLE + 7, _taken_for(), _heading(), theme.muted, "centre")
            draw_text(painter, inner - 7, first - 9, _is(), _heading(), theme.muted, "right")
        for code, name in enumerate(classes):
            x, y = inner + (code + 0.5) * width, first + (code + 0.5) * height
            if height >= TICK:
                short = shortened(name, names - 7, sans(TICK))
                draw_text(painter, inner - 7, y, short, sans(TICK), theme.muted, "right")
            if width >= 16 or text_width(name, sans(TICK)) <= width - 2:
                name = shortened(name, width - 2, sans(TICK))
                draw_text(painter, x, first - 9, name, sans(TICK), theme.muted, "centre")
        self._draw_cells(painter, matrix, layout, inner, first)

    def _draw_cells(self, painter: QPainter, matrix: Confusion, layout: Layout, left: float, top: float) -> None:
        theme, counts, (width, height) = self.theme, np.asarray(matrix.counts), layout.cell
        parts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        for (row, column), count in np.ndenumerate(counts):
            part = float(parts[row, column])
            strong = theme.accent if row == column else theme.error
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mixed(theme.raised, strong, part**0.7 * 0.85 if row == column else part**0.5 * 0.85))
            x, y = left + column * width, top + row * height
            painter.drawRoundedRect(QRectF(x, y, width - _GAP, height - _GAP), 3, 3)
            if count and layout.letters:
                name = (theme.plot if theme.dark else "#ffffff") if part > 0.55 else theme.text
                middle = x + (width - _GAP) / 2, y + (height - _GAP) / 2
                draw_text(painter, *middle, f"{int(count)}", sans(layout.letters), name, "centre")


def labels_in(matrices: Sequence[Confusion], room: float) -> list[str]:
    """Return what the matrices are called: where a title is wider than `room`, without the parts that all share.

    Parts stand apart by a dot. What runs begin with goes first, else what they end with.
    """
    labels = [matrix.label for matrix in matrices]
    parts = [label.split(_DOT) for label in labels]
    if len({*labels}) < 2 or max(map(_title_width, matrices)) <= room:
        return labels
    if same := _shared(parts):
        return [_DOT.join(each[same:] or each[-1:]) for each in parts]
    same = _shared([each[::-1] for each in parts])
    return [_DOT.join(each[:len(each) - same] or each[:1]) for each in parts]


def _shared(every: Sequence[Sequence[str]]) -> int:
    """Return with how many parts all begin alike."""
    return sum(1 for _ in takewhile(lambda place: len({*place}) == 1, zip(*every, strict=False)))


def _title_width(matrix: Confusion) -> float:
    return _MARK + text_width(f"{matrix.label} · {_part(matrix)}", _bold())


def _part(matrix: Confusion) -> str:
    return translate("Scene", "held out") if matrix.held_out else translate("Scene", "training")


def _taken_for() -> str:
    return translate("Scene", "taken for")


def _is() -> str:
    return translate("Scene", "is")


def _bold() -> Face:
    return sans(TICK + 1, 500)


def _heading() -> Face:
    return sans(TICK, italic=True)
