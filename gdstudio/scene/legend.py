"""The legend: who is who, and what each run's loss is at the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from gdstudio.scene.lettering import draw_text, mono, sans, text_width
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


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One row: name, style slot, value as text, and whether the run is drawn."""

    label: str
    slot: int
    value: str
    visible: bool = True


def run_rows(runs: Sequence[RunPath], cursor: int) -> list[LegendRow]:
    """One row for each run, with its loss at an iteration."""
    return [
        LegendRow(run.label, run.slot, _value(run, cursor), run.visible)
        for run in runs
    ]


def _value(run: RunPath, cursor: int) -> str:
    """Return a run's loss as text, or its bracket where it has one."""
    bracket = bracket_at(run, cursor)
    if bracket is not None:
        return " … ".join(number_text(end, 3) for end in bracket)
    return f"f = {number_text(run.loss(cursor))}" if len(run) else ""


def legend_size(rows: Sequence[LegendRow], title: str = "") -> tuple[float, float]:
    """Width and height of a legend, in pixels; nothing without rows."""
    if not rows:
        return 0.0, 0.0
    lines = len(rows) + (1 if title else 0)
    names = max(min(text_width(row.label, sans(13)), _LONGEST) for row in rows)
    # values keep their column while digits come and go
    values = max(max(text_width(row.value, mono(12)) for row in rows), text_width("f = 0.0000", mono(12)))
    return 2 * _PAD_X + _MARK + names + _GAP + values, 2 * _PAD_Y + ROW * lines


def legend_row_at(rows: Sequence[LegendRow], x: float, y: float) -> int | None:
    """Return the row under a point relative to the legend's corner, None beside it."""
    width, height = legend_size(rows)
    if not (0 <= x <= width and _PAD_Y <= y < height - _PAD_Y):
        return None
    return min(int((y - _PAD_Y) / ROW), len(rows) - 1)


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
    if title:
        draw_text(painter, x + _PAD_X, y + _PAD_Y + ROW / 2, title, sans(12), theme.muted)
    for index, row in enumerate(rows, start=1 if title else 0):
        middle = y + _PAD_Y + ROW * (index + 0.5)
        painter.setOpacity(1.0 if row.visible else 0.4)
        draw_marker(painter, x + _PAD_X + 5.5, middle, row.slot, theme)
        label = _shortened(row.label)
        draw_text(painter, x + _PAD_X + _MARK, middle, label, sans(13), theme.text)
        if row.visible:
            draw_text(painter, x + width - _PAD_X, middle, row.value, mono(12), theme.text, "right")
    painter.restore()


def _shortened(label: str) -> str:
    if text_width(label, sans(13)) <= _LONGEST:
        return label
    while label and text_width(label + "…", sans(13)) > _LONGEST:
        label = label[:-1]
    return label.rstrip() + "…"
