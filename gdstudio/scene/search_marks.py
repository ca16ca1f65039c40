"""What some methods know besides where they are: the bracket of a search, the point that a step looks ahead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.strokes import colour, fill_rect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

Place = tuple[float, float]

translate = QCoreApplication.translate
_LOOK = 4.2
# Between the circle and its name.
_BESIDE = 10.0


def bracket_at(run: RunPath, cursor: int) -> Place | None:
    """Return the ends of a run's bracket at an iteration; None where it has none yet."""
    if run.bracket is None or not len(run):
        return None
    low, high = run.bracket[run.at(cursor)]
    return (float(low), float(high)) if np.isfinite(low) and np.isfinite(high) else None


def draw_brackets(
    painter: QPainter, frame: Frame, runs: Iterable[RunPath], cursor: int, theme: Theme, *, told: float | None = None
) -> None:
    """Draw the bracket of every visible run that has one as an upright band; say what it is at the height `told`."""
    for run in runs:
        ends = bracket_at(run, cursor) if run.visible else None
        if ends is None:
            continue
        left, right = np.clip([frame.x(ends[0]), frame.x(ends[1])], frame.left, frame.right)
        shade = colour(theme.run_colour(run.slot), 0.24)
        # a bracket that has become narrower than a pixel is still seen
        width = max(float(right - left), 1.5)
        painter.fillRect(QRectF(float(left), frame.top, width, frame.height), shade)
        edge = QPen(QColor(theme.run_colour(run.slot)), 1.0)
        painter.setPen(edge)
        for x in (float(left), float(left) + width):
            painter.drawLine(QPointF(x, frame.top), QPointF(x, frame.bottom))
        if told is not None:
            _write(painter, frame, (float(left + right) / 2, told), theme, run)


def _write(painter: QPainter, frame: Frame, place: Place, theme: Theme, run: RunPath) -> None:
    text = translate("Scene", "the sign changed: a minimum lies between")
    width = text_width(text, sans(TICK))
    left = min(max(place[0] - width / 2, frame.left + 4), max(frame.right - width - 4, frame.left + 4))
    _write_backed(painter, left, min(place[1], frame.bottom - 12), text, theme, theme.run_colour(run.slot))


def _write_backed(painter: QPainter, left: float, y: float, text: str, theme: Theme, name: str) -> None:
    """Write a line in the colour `name` where anything may lie beneath."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    backing = QColor(theme.plot)
    backing.setAlphaF(0.8)
    width = text_width(text, sans(TICK)) + 8
    fill_rect(painter, left - 4, y - 9, width, 18, backing.name(QColor.NameFormat.HexArgb))
    painter.restore()
    draw_text(painter, left, y, text, sans(TICK), name, "left")


def draw_look(painter: QPainter, at: Place, ahead: Place, slot: int, theme: Theme, sides: tuple[float, float]) -> None:
    """Draw the point at which a step takes its gradient: an open circle, joined to where the run is, and its name.

    `sides` are where the picture begins and ends: the name stands on the side away from the run, if it fits there.
    """
    if not np.isfinite([*at, *ahead]).all():
        return
    ends = [QPointF(*np.clip(place, -1e5, 1e5)) for place in (at, ahead)]
    for width, tint in ((4.0, colour(theme.casing, 0.8)), (1.6, QColor(theme.run_colour(slot)))):
        line = QPen(tint, width, Qt.PenStyle.DotLine if width < 2 else Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(line)
        painter.drawLine(*ends)
        painter.setPen(QPen(tint, width + 0.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ends[1], _LOOK, _LOOK)
    _name_look(painter, at, ahead, theme, sides)


def _name_look(painter: QPainter, at: Place, ahead: Place, theme: Theme, sides: tuple[float, float]) -> None:
    text = translate("Scene", "look-ahead")
    reach, width = _LOOK + _BESIDE, text_width(text, sans(TICK))
    left, right = min(at[0], ahead[0]) - reach, max(at[0], ahead[0]) + reach
    on_right = right + width <= sides[1] and (ahead[0] >= at[0] or left - width < sides[0])
    _write_backed(painter, right if on_right else left - width, ahead[1], text, theme, theme.text)


def draw_flat_looks(painter: QPainter, frame: Frame, runs: Iterable[RunPath], cursor: int, theme: Theme) -> None:
    """Draw the look-ahead points of visible runs in a flat plot of two variables."""
    for run in runs:
        if run.visible and run.ahead is not None and len(run):
            row = run.at(cursor)
            at, ahead = frame.pixels(np.stack([run.points[row, :2], run.ahead[row, :2]]))
            ends = (float(at[0]), float(at[1])), (float(ahead[0]), float(ahead[1]))
            draw_look(painter, *ends, run.slot, theme, (frame.left, frame.right))
