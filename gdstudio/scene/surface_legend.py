"""Where the legend of the surface stands, and what part of the picture it covers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gdstudio.scene.camera import Viewport
from gdstudio.scene.clutter import BELOW_BUTTONS, left_of_buttons
from gdstudio.scene.legend import LegendRow, capped, legend_size, run_rows

if TYPE_CHECKING:
    from gdstudio.scene.contour import MapScene
    from gdstudio.scene.runs import RunPath

LEGEND_CORNER = (14.0, 12.0)
# The legend's most of the height, and what is kept free beside it for longer numbers.
_PART, _LONGER = 0.4, 8.0
_STEPS = 8


@dataclass(frozen=True, eq=False)
class SurfaceLegend:
    """The legend of some runs in a picture of a size.

    Parameters
    ----------
    runs : tuple of RunPath
        The runs.
    size : tuple of float
        Width and height of the picture in logical pixels.
    """

    runs: tuple[RunPath, ...]
    size: tuple[float, float]

    def rows(self, cursor: int) -> list[LegendRow]:
        """One row for each run, with its loss at an iteration, and no sign before it that would not fit."""
        rows = capped(run_rows(self.runs, cursor), _PART * self.size[1]) if cursor else self._first
        return rows if self._signed else [replace(row, sign="") for row in rows]

    @cached_property
    def _first(self) -> list[LegendRow]:
        return capped(run_rows(self.runs, 0), _PART * self.size[1])

    def _fits(self, rows: list[LegendRow]) -> bool:
        return LEGEND_CORNER[0] + legend_size(rows)[0] + _LONGER <= left_of_buttons(self.size[0])

    @cached_property
    def _signed(self) -> bool:
        return self._fits(self._first) or not self._fits([replace(row, sign="") for row in self._first])

    @cached_property
    def corner(self) -> tuple[float, float]:
        """Upper left corner: below the buttons that float over the view where the legend would reach them."""
        left, top = LEGEND_CORNER
        return (left, top) if self._fits(self.rows(0)) else (left, BELOW_BUTTONS)

    @cached_property
    def covered(self) -> tuple[float, float]:
        """Width and height of the picture's corner that it covers; nothing without runs."""
        width, height = legend_size(self.rows(0))
        if not height:
            return 0.0, 0.0
        # in steps, so that the surface rests while names and numbers change
        step = self.size[0] / _STEPS
        return math.ceil((self.corner[0] + width) / step) * step, self.corner[1] + height


def both(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Return width and height of what covers all that either of two parts of the corner does."""
    return max(first[0], second[0]), max(first[1], second[1])


def viewport_of(scene: MapScene, size: tuple[float, float]) -> Viewport:
    """Return where the surface of a scene is drawn in a picture of a size: clear of the legend."""
    return Viewport(*size, SurfaceLegend(scene.runs, size).covered)
