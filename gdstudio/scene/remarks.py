"""What a plot says in words: remarks on a raised panel, in the corner where it hides least."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gdstudio.scene.axes import dashed_pen
from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.marks import draw_arrow, draw_marker
from gdstudio.scene.strokes import colour, draw_line, round_pen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.scene.theme import Theme

_ROW, _PAD_X, _PAD_Y, _SIGN = 18.0, 11.0, 7.0, 26.0
_APART, _AWAY = 16.0, 14.0
_STEP = 24.0


@dataclass(frozen=True, slots=True)
class Remark:
    """One line: what it says, and the sign of what it is about.

    Parameters
    ----------
    text : str
        Translated.
    sign : {"marker", "dot", "dashes", "arrow", "line"}
        How what it is about is drawn in the plot.
    colour : str
        And in which colour.
    slot : int
        Style slot, for a marker.
    """

    text: str
    sign: Literal["marker", "dot", "dashes", "arrow", "line"]
    colour: str
    slot: int = 0


def remarks_size(remarks: Sequence[Remark]) -> tuple[float, float]:
    """Width and height of a panel, in pixels; the width goes in steps, so that it rests while digits change."""
    widest = max((text_width(remark.text, sans(TICK)) for remark in remarks), default=0.0)
    return math.ceil((2 * _PAD_X + _SIGN + widest) / _STEP) * _STEP, remarks_height(len(remarks))


def remarks_height(count: int) -> float:
    """Height of a panel of so many remarks, in pixels."""
    return 2 * _PAD_Y + _ROW * count


def draw_remarks(painter: QPainter, x: float, y: float, remarks: Sequence[Remark], theme: Theme) -> None:
    """Draw a panel of remarks with its upper left corner at a place."""
    width, height = remarks_size(remarks)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(theme.line), 1))
    painter.setBrush(colour(theme.raised, 0.95))
    painter.drawRoundedRect(QRectF(x + 0.5, y + 0.5, width - 1, height - 1), 7, 7)
    for index, remark in enumerate(remarks):
        middle = y + _PAD_Y + _ROW * (index + 0.5)
        _draw_sign(painter, x + _PAD_X, middle, remark, theme)
        draw_text(painter, x + _PAD_X + _SIGN, middle, remark.text, sans(TICK), theme.text)
    painter.restore()


def in_lines(remarks: Sequence[Remark], room: float) -> list[list[Remark]]:
    """Divide remarks that stand side by side into lines of at most a width in pixels, each at least one remark."""
    lines: list[list[Remark]] = []
    left = -math.inf
    for remark in remarks:
        width = _SIGN + text_width(remark.text, sans(TICK)) + _APART
        if width - _APART > left:
            lines.append([])
            left = room
        lines[-1].append(remark)
        left -= width
    return lines


def draw_remarks_in_lines(
    painter: QPainter, x: float, y: float, lines: Sequence[Sequence[Remark]], theme: Theme,
) -> None:
    """Draw lines of remarks side by side from a place on, whose height is the middle of the first line."""
    for line in lines:
        at = x
        for remark in line:
            _draw_sign(painter, at, y, remark, theme)
            draw_text(painter, at + _SIGN, y, remark.text, sans(TICK), theme.text)
            at += _SIGN + text_width(remark.text, sans(TICK)) + _APART
        y += _ROW


def _draw_sign(painter: QPainter, x: float, y: float, remark: Remark, theme: Theme) -> None:
    end = x + _SIGN - 9
    if remark.sign == "marker":
        draw_marker(painter, (x + end) / 2, y, remark.slot, theme, 4.4)
    elif remark.sign == "dot":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(remark.colour))
        painter.drawEllipse(QPointF((x + end) / 2, y), 3.2, 3.2)
    elif remark.sign == "dashes":
        draw_line(painter, x, y, end, y, dashed_pen(remark.colour, 1.8))
    elif remark.sign == "arrow":
        draw_arrow(painter, x, y, end, y, remark.colour, 2.2)
    else:
        draw_line(painter, x, y, end, y, round_pen(remark.colour, 1.8))


def draw_note(
    painter: QPainter, x: float, y: float, lines: Sequence[str], theme: Theme, size: tuple[float, float],
) -> None:
    """Write lines on a panel to the right of a place, or left of it where a picture of a size has no room for it."""
    width = 2 * _PAD_X + max((text_width(line, sans(TICK + 1)) for line in lines), default=0.0)
    height = remarks_height(len(lines))
    left = x + _AWAY if x + _AWAY + width <= size[0] else x - _AWAY - width
    top = min(max(y - height / 2, 2.0), max(size[1] - height - 2.0, 2.0))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(theme.line), 1))
    painter.setBrush(colour(theme.raised, 0.95))
    painter.drawRoundedRect(QRectF(round(left) + 0.5, round(top) + 0.5, width - 1, height - 1), 7, 7)
    for index, line in enumerate(lines):
        middle = round(top) + _PAD_Y + _ROW * (index + 0.5)
        draw_text(painter, round(left) + _PAD_X, middle, line, sans(TICK + 1), theme.muted if index else theme.text)
    painter.restore()


def emptiest(
    corners: Sequence[tuple[float, float]], size: tuple[float, float], *drawn: NDArray[np.float64], margin: float = 0.0
) -> tuple[float, float]:
    """Return the place, of several, where something of a size hides fewest points; the first of equals.

    Parameters
    ----------
    corners : sequence of (float, float)
        Upper left corners to choose from, the most welcome first.
    size : tuple of float
        Width and height in pixels.
    *drawn : ndarray, (n, 2)
        Pixels that should stay in sight, the most important first; a point given twice counts twice.
    margin : float
        How far around it points should stay in sight too.
    """
    # column by column: a tenth of the time that rows of two take, and this is asked for at every new curve
    columns = [np.ascontiguousarray(points.T) for points in drawn]

    def hides(corner: tuple[float, float]) -> tuple[int, ...]:
        left, top = corner[0] - margin, corner[1] - margin
        right, bottom = corner[0] + size[0] + margin, corner[1] + size[1] + margin
        return tuple(
            int(np.count_nonzero((x >= left) & (x <= right) & (y >= top) & (y <= bottom))) for x, y in columns
        )

    return min(corners, key=hides)
