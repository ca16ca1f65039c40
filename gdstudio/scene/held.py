"""Where the variables are held that a picture of two cannot show: a line of text beside its axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.ticks import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from gdstudio.scene.lettering import Across, Face

translate = QCoreApplication.translate


def held_text(held: Sequence[tuple[str, float]], room: float) -> str:
    """Return what is said of the variables held: as many of them as there is room for, else how many they are.

    Parameters
    ----------
    held : sequence of (str, float)
        Name and value of each.
    room : float
        Width in pixels.

    Returns
    -------
    str
        Nothing where there are none, or no room even for their number.
    """
    values = [f"{name} = {number_text(value, 3, short=True)}" for name, value in held]
    for count in range(len(values), 0, -1):
        listed = ", ".join(values[:count])
        if count == len(values):
            text = translate("Scene", "at {values}").format(values=listed)
        else:
            text = translate("Scene", "at {values} and {count} more").format(values=listed, count=len(values) - count)
        if text_width(text, _font()) <= room:
            return text
    shortest = translate("Scene", "{count} others held").format(count=len(values))
    return shortest if values and text_width(shortest, _font()) <= room else ""


def draw_held(
    painter: QPainter, x: float, y: float, held: Sequence[tuple[str, float]], room: float, name: str,
    across: Across = "left", halo: str | None = None,
) -> None:
    """Write it in one line: place, colour, alignment and edge are those of `draw_text`."""
    text = held_text(held, room)
    if text:
        draw_text(painter, x, y, text, _font(), name, across, halo)


def _font() -> Face:
    return sans(TICK + 1, 500)
