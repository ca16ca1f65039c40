"""The legend: who is who, and what each run's loss is at the cursor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter, QPen

from gdstudio.scene.lettering import draw_text, mono, sans, shortened, text_width
from gdstudio.scene.marks import draw_marker
from gdstudio.scene.search_marks import bracket_at
from gdstudio.scene.strokes import colour
from gdstudio.scene.ticks import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

ROW = 21.5
_PAD_X, _PAD_Y, _GAP, _MARK = 14.0, 7.0, 14.0, 22.0
_LONGEST = 220.0
# The longest number that is no exception: the column rests while digits come and go.
_WIDEST = "0.0001234"
_REST = -1

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One row: name, style slot, value as text, whether the run is drawn, and what stands before the value."""

    label: str
    slot: int
    value: str
    visible: bool = True
    sign: str = ""


def run_rows(runs: Sequence[RunPath], cursor: int) -> list[LegendRow]:
    """One row for each run, with its loss at an iteration."""
    return [_row(run, cursor) for run in runs]


def _row(run: RunPath, cursor: int) -> LegendRow:
    """Return a run's row: with its loss, or with its bracket where it has one."""
    row = LegendRow(run.label, run.slot, "", run.visible)
    bracket = bracket_at(run, cursor)
    if bracket is not None:
        return replace(row, value=" … ".join(number_text(end, 3) for end in bracket))
    if not len(run):
        return row
    value, since = number_text(run.loss(cursor)), run.known_since(cursor)
    if since is not None:
        value = translate("Legend", "{loss} at {iteration}").format(loss=value, iteration=since)
    return replace(row, value=value, sign=run.sign)


def capped(rows: list[LegendRow], room: float) -> list[LegendRow]:
    """Return the rows that a height has room for; where that is not all, the last says how many are left out."""
    most = max(int((room - 2 * _PAD_Y) / ROW), 2)
    if len(rows) <= most:
        return rows
    more = translate("Legend", "and {count} more").format(count=len(rows) - most + 1)
    return [*rows[:most - 1], LegendRow(more, _REST, "")]


def legend_size(rows: Sequence[LegendRow], title: str = "") -> tuple[float, float]:
    """Width and height of a legend, in pixels; nothing without rows."""
    if not rows:
        return 0.0, 0.0
    lines = len(rows) + (1 if title else 0)
    names = max(min(text_width(row.label, sans(13)), _LONGEST) for row in rows)
    values = max(_value_width(row) for row in rows)
    return 2 * _PAD_X + _MARK + names + _GAP + values, 2 * _PAD_Y + ROW * lines


def _value_width(row: LegendRow) -> float:
    return text_width(row.sign, mono(12)) + max(text_width(row.value, mono(12)), text_width(_WIDEST, mono(12)))


def legend_row_at(rows: Sequence[LegendRow], x: float, y: float) -> int | None:
    """Return the row under a point relative to the legend's corner, None beside it."""
    width, height = legend_size(rows)
    if not (0 <= x <= width and _PAD_Y <= y < height - _PAD_Y):
        return None
    row = min(int((y - _PAD_Y) / ROW), len(rows) - 1)
    return row if rows[row].slot != _REST else None


def draw_legend(
    painter: QPainter, x: float, y: float, rows: Sequence[LegendRow], theme: Theme, title: str = "",
) -> None:
    """Draw the legend with its upper left corner at a place; `title` heads it."""
    if not rows:
        return
    width, height = legend_size(rows, title)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(theme.line), 1))
    painter.setBrush(colour(theme.panel, 0.93))
    painter.drawRoundedRect(QRectF(x + 0.5, y + 0.5, width - 1, height - 1), 8, 8)
    room = max(map(_value_width, rows))
    if title:
        draw_text(painter, x + _PAD_X, y + _PAD_Y + ROW / 2, title, sans(12), theme.muted)
    for index, row in enumerate(rows, start=1 if title else 0):
        middle = y + _PAD_Y + ROW * (index + 0.5)
        painter.setOpacity(1.0 if row.visible else 0.4)
        label = shortened(row.label, _LONGEST, sans(13))
        if row.slot == _REST:
            draw_text(painter, x + _PAD_X + _MARK, middle, label, sans(12), theme.muted)
            continue
        draw_marker(painter, x + _PAD_X + 5.5, middle, row.slot, theme)
        draw_text(painter, x + _PAD_X + _MARK, middle, label, sans(13), theme.text)
        if row.visible:
            _draw_value(painter, x + width - _PAD_X, middle, row, room, theme)
    painter.restore()


def _draw_value(painter: QPainter, right: float, y: float, row: LegendRow, room: float, theme: Theme) -> None:
    """Write a value: with its sign from the left of the column, so that it stands still, or at the right."""
    if row.sign:
        draw_text(painter, right - room, y, row.sign + row.value, mono(12), theme.text)
    else:
        draw_text(painter, right, y, row.value, mono(12), theme.text, "right")
