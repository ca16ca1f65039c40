"""Where the panels of a curve stand: beside the curve, the marks on it and the ways between its iterates.

The curve counts for more than all else, so a panel rests where it is while a start is dragged along the curve.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.scene.remarks import emptiest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.pathway import Pathway

INSET = 10.0
"""How near the edges of the plot panels stand, in pixels."""
# How near the curve they come, half a ball; and in what steps the legend moves along the top.
_CLEAR, _STEP = 7.0, 24.0
# What floats over a view at its upper right, with words in it and, where the view is narrow, without.
_BUTTONS, _FEWER_BUTTONS, _NARROW = 270.0, 140.0, 620.0
BELOW_BUTTONS = 52.0
"""Where what floats over a view at its upper right has ended, in pixels from above."""
_LONGEST, _SAMPLES = 300, 12


def left_of_buttons(width: float) -> float:
    """Return where the buttons begin that float over a view of a width."""
    return width - (_BUTTONS if width >= _NARROW else _FEWER_BUTTONS)


class Clutter:
    """What is drawn in a plot of one variable, as pixels.

    Parameters
    ----------
    frame : Frame
        The plot.
    width : float
        Width of the whole picture.
    curve : ndarray, (n, 2)
        The curve.
    marks : ndarray, (k, 2)
        Minima, the start, and what else is a place of its own.
    ways : sequence of Pathway
        The runs.
    """

    def __init__(
        self, frame: Frame, width: float, curve: NDArray[np.float64], marks: NDArray[np.float64],
        ways: Sequence[Pathway],
    ) -> None:
        self._frame = frame
        self._width = width
        self._curve = curve[np.isfinite(curve).all(axis=1)]
        self._marks = marks
        self._ways = ways

    @cached_property
    def _rest(self) -> NDArray[np.float64]:
        """Marks, iterates and their ways; places where something stands count several times."""
        parts = [np.repeat(self._marks, _SAMPLES, axis=0)]
        along = np.linspace(0.0, 1.0, _SAMPLES)[:, None, None]
        for way in self._ways:
            ends = way.lines.ends[:_LONGEST]
            parts.append((ends[:, :2] + along * (ends[:, 2:] - ends[:, :2])).reshape(-1, 2))
            parts.append(np.repeat(way.pixels[way.chosen[:_LONGEST]], _SAMPLES, axis=0))
        drawn = np.concatenate(parts)
        return drawn[np.isfinite(drawn).all(axis=1)]

    def legend_corner(self, size: tuple[float, float]) -> tuple[float, float]:
        """Return where a legend hides least: along the top, left of the buttons or below them."""
        frame = self._frame
        left, right = frame.left + INSET, frame.right - INSET - size[0]
        buttons = left_of_buttons(self._width)
        across = [left, *np.arange(left + _STEP, right, _STEP), right]
        places = [(float(x), 12.0) for x in across if x == left or left < x <= buttons - size[0]]
        places += [(float(x), BELOW_BUTTONS) for x in across if x > left]
        return emptiest(places, size, self._curve, self._rest, margin=_CLEAR)

    def remarks_corner(
        self, size: tuple[float, float], legend: tuple[float, float, float, float], above: float
    ) -> tuple[float, float] | None:
        """Return the corner where remarks hide least; None where the legend leaves them none.

        Parameters
        ----------
        size : tuple of float
            Width and height of the remarks.
        legend : tuple of float
            Left, top, width and height of the legend.
        above : float
            What is left free below them, in pixels.
        """
        frame, (x, y, width, height) = self._frame, legend
        left, right = frame.left + INSET, frame.right - INSET - size[0]
        low = frame.bottom - above - size[1]
        corners = [(left, low), (right, low), (right, BELOW_BUTTONS), (left, y + height + INSET)]
        free = [
            corner for corner in corners
            if corner[1] + size[1] <= low + size[1] and not (
                corner[0] < x + width + INSET and x < corner[0] + size[0] + INSET
                and corner[1] < y + height + INSET and y < corner[1] + size[1] + INSET
            )
        ]
        return emptiest(free, size, self._curve, self._rest, margin=_CLEAR) if free else None
