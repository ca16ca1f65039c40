"""The legend of classes: colour and mark of each, in a small panel over the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.lettering import TICK, draw_text, sans, shortened, text_width
from gdstudio.scene.marks import marker_path
from gdstudio.scene.strokes import colour
from gdstudio.scene.theme import marker_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.scene.theme import Theme

_ROW, _PAD_X, _PAD_Y, _MARK, _MOST, _LONGEST = 17.0, 10.0, 6.0, 17.0, 10, 150.0
# From so many rows on they stand in two columns where their names are so short.
_MANY, _SHORT, _APART = 6, 70.0, 12.0

translate = QCoreApplication.translate


def _named(classes: Sequence[str]) -> list[str]:
    """Return what stands in each row: of many classes the last row says how many are left out."""
    if len(classes) <= _MOST:
        return list(classes)
    more = translate("Legend", "and {count} more").format(count=len(classes) - _MOST + 1)
    return [*classes[:_MOST - 1], more]


def class_legend_size(classes: Sequence[str]) -> tuple[float, float]:
    """Width and height in pixels; nothing without classes."""
    if not classes:
        return 0.0, 0.0
    rows = _named(classes)
    columns, column = _columns(rows)
    return 2 * _PAD_X + columns * column - _APART, 2 * _PAD_Y + _ROW * -(-len(rows) // columns)


def _columns(rows: Sequence[str]) -> tuple[int, float]:
    """Return how many columns there are, and from where to where each reaches with the room beside it."""
    widest = max(min(text_width(row, sans(TICK + 1)), _LONGEST) for row in rows)
    return 2 if len(rows) >= _MANY and widest <= _SHORT else 1, _MARK + widest + _APART


def class_at(classes: Sequence[str], x: float, y: float) -> int | None:
    """Return the class whose row is at a place relative to the legend's corner, None beside it."""
    width, height = class_legend_size(classes)
    if not (0 <= x <= width and _PAD_Y <= y < height - _PAD_Y):
        return None
    rows = _named(classes)
    columns, column = _columns(rows)
    row = int((y - _PAD_Y) / _ROW) + -(-len(rows) // columns) * min(int(max(x - _PAD_X, 0) / column), columns - 1)
    return row if row < len(rows) and (len(classes) <= _MOST or row < _MOST - 1) else None


def draw_class_legend(
    painter: QPainter, x: float, y: float, classes: Sequence[str], theme: Theme, chosen: int | None = None,
) -> None:
    """Draw it with its upper left corner at a place; the row of the class `chosen` stands out."""
    if not classes:
        return
    width, height = class_legend_size(classes)
    rows = _named(classes)
    columns, column = _columns(rows)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(theme.line), 1))
    painter.setBrush(colour(theme.panel, 0.9))
    painter.drawRoundedRect(QRectF(x + 0.5, y + 0.5, width - 1, height - 1), 7, 7)
    for code, row in enumerate(rows):
        across, down = divmod(code, -(-len(rows) // columns))
        left, middle = x + _PAD_X + across * column, y + _PAD_Y + _ROW * (down + 0.5)
        weight = 600 if code == chosen else 400
        if len(classes) <= _MOST or code < _MOST - 1:
            path = marker_path(marker_of(code), 4.2).translated(QPointF(left + 4.5, middle))
            painter.fillPath(path, QColor(theme.class_colour(code)))
        room = column - _MARK - _APART
        label = shortened(row, room + 1, sans(TICK + 1))
        draw_text(painter, left + _MARK, middle, label, sans(TICK + 1, weight), theme.text)
    painter.restore()
