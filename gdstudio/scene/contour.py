"""The contour map: bands of equal loss, and the runs that descend across them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QColor, QPainter

from gdstudio.scene.axes import Frame, draw_axis_names, draw_tick_labels, framed
from gdstudio.scene.ghost import Ghost, draw_ghost
from gdstudio.scene.held import draw_held
from gdstudio.scene.lettering import TICK, TICK_LINE, draw_text, sans, shortened, text_width
from gdstudio.scene.marks import draw_ring, draw_star
from gdstudio.scene.pathway import draw_ahead, draw_behind, pathway
from gdstudio.scene.search_marks import draw_flat_looks
from gdstudio.scene.strokes import fill_rect, polygon_path
from gdstudio.scene.ticks import Tick, fitted, linear_ticks, log_ticks, number_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainterPath

    from gdstudio.scene.landscape import Landscape
    from gdstudio.scene.pathway import Pathway
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

translate = QCoreApplication.translate
_TOP, _BOTTOM, _LEFT = 12.0, 30.0, 44.0
_BAR, _BAR_GAP = 10.0, 12.0
# Left free beside the vertical axis' name and what stands in the other corner: margins, and a gap that sets them apart.
_APART = 40.0


@dataclass(frozen=True, eq=False)
class MapScene:
    """Runs over a landscape: what the contour map and the surface show.

    Parameters
    ----------
    landscape : Landscape or None
        The heights; without them there is nothing to draw on.
    runs : tuple of RunPath
        The runs, the first drawn on top.
    cursor : int
        The iteration shown.
    start : tuple of float or None
        Where the descent begins.
    ghost : callable or None
        Takes an iteration, gives the loss of its batch over the same variables; None where there is nothing to show.
    """

    landscape: Landscape | None = None
    runs: tuple[RunPath, ...] = ()
    cursor: int = 0
    start: tuple[float, float] | None = None
    ghost: Callable[[int], Ghost | None] | None = None


class ContourDrawing:
    """A contour map, prepared.

    Parameters
    ----------
    scene : MapScene
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    extent : tuple of float or None
        The part shown: x from, x to, y from, y to; the landscape's own where None.
    earlier : ContourDrawing or None
        A drawing whose bands and paths may be used again where they have not changed.
    """

    def __init__(
        self, scene: MapScene, theme: Theme, size: tuple[float, float],
        extent: tuple[float, float, float, float] | None = None, earlier: ContourDrawing | None = None,
    ) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size
        self.extent = extent
        self._kept: tuple[int, Ghost | None] | None = None
        if earlier is not None and earlier.same_place(self):
            self.frame = earlier.frame
        kept = earlier.ways if earlier is not None and earlier.frame == self.frame else []
        self._known = {way.run: way for way in kept}
        if earlier is not None and earlier.same_bands(self) and "areas" in vars(earlier):
            self.areas = earlier.areas

    @cached_property
    def ways(self) -> list[Pathway]:
        """The runs in pixels, in their order."""
        return [self._known.get(run) or pathway(run, self.frame) for run in self.scene.runs]

    def same_place(self, other: ContourDrawing) -> bool:
        """Whether everything of another drawing lies where it does in this one."""
        mine, its = self.scene.landscape, other.scene.landscape
        return mine is its and self.extent == other.extent and self.size == other.size

    def same_bands(self, other: ContourDrawing) -> bool:
        """Whether the bands of another drawing lie where this one's do."""
        return self.scene.landscape is other.scene.landscape and self.frame == other.frame

    def same_ground(self, other: ContourDrawing) -> bool:
        """Whether the ground of another drawing looks like this one's."""
        return self.same_bands(other) and self.theme is other.theme and self.size == other.size

    @cached_property
    def frame(self) -> Frame:
        """The plot's frame."""
        landscape = self.scene.landscape
        extent = self.extent or (landscape.extent if landscape is not None else (-1.0, 1.0, -1.0, 1.0))
        width, height = self.size
        labels = [text_width(label, sans(TICK)) for _, label in self._bar_labels]
        right = _BAR_GAP + _BAR + 14 + max(labels, default=20.0)
        return framed((width, height), (_LEFT, _TOP, right, _BOTTOM), extent)

    @cached_property
    def areas(self) -> list[tuple[int, QPainterPath]]:
        """The bands as filled areas in pixels, lowest first."""
        landscape = self.scene.landscape
        if landscape is None:
            return []
        return [
            (band, polygon_path(self.frame.pixels(points), offsets))
            for band, parts in enumerate(landscape.filled) for points, offsets in parts
        ]

    def ground(self, painter: QPainter) -> None:
        """Paint the bands, the axes and the colour bar."""
        self.terrain(painter)
        self.labels(painter)

    def terrain(self, painter: QPainter) -> None:
        """Paint what of the ground holds no text: the bands, and the colour bar."""
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        landscape = self.scene.landscape
        if landscape is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.frame
        fill_rect(painter, frame.left, frame.top, frame.width, frame.height, self.theme.raised)
        painter.save()
        painter.setClipRect(frame.rectangle)
        colours = self._band_colours(landscape)
        for band, area in self.areas:
            # an edge in the band's own colour closes the seam that antialiasing leaves between neighbours
            painter.setPen(colours[band])
            painter.setBrush(colours[band])
            painter.drawPath(area)
        painter.restore()
        step = frame.height / len(colours)
        for band, colour in reversed(list(enumerate(colours))):
            top = frame.bottom - (band + 1) * step
            # each covers all below it, so that no seam shows
            painter.fillRect(QRectF(frame.right + _BAR_GAP, top, _BAR, frame.bottom - top), colour)

    def labels(self, painter: QPainter) -> None:
        """Write at the colour bar, at the axes, and where the other variables are held."""
        landscape, frame = self.scene.landscape, self.frame
        if landscape is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for fraction, label in self._bar_labels:
            y = min(max(frame.bottom - fraction * frame.height, frame.top + 4), frame.bottom - 3)
            draw_text(painter, frame.right + _BAR_GAP + _BAR + 6, y, label, sans(TICK), self.theme.muted)
        draw_tick_labels(painter, frame, frame.x_ticks(), frame.y_ticks(), self.theme, self.size[0])
        draw_axis_names(painter, frame, landscape.names, self.theme)
        room = frame.width - _APART - text_width(landscape.names[1], sans(TICK + 1, 500))
        theme = self.theme
        draw_held(painter, frame.right - 7, frame.top + 11, landscape.held, room, theme.text, "right", theme.casing)
        if landscape.flat:
            text = shortened(translate("Scene", "the loss is the same everywhere"), frame.width - 8, sans(TICK))
            middle = frame.left + frame.width / 2, frame.top + 0.25 * frame.height
            draw_text(painter, *middle, text, sans(TICK), theme.text, "centre", theme.casing)

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint minima, paths, the start and the balls."""
        landscape = self.scene.landscape
        if landscape is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self.frame.rectangle)
        visible = [way for way in self.ways if way.run.visible and len(way.run)]
        ghost = self.ghost(cursor)
        if ghost is not None:
            draw_ghost(painter, self.frame, ghost, self.theme)
        draw_ahead(painter, visible, self.theme)
        for x, y in self.frame.pixels(landscape.minima):
            if self.frame.holds(x, y):
                draw_star(painter, x, y, self.theme)
        if self.scene.start is not None:
            (place,) = self.frame.pixels(np.array([self.scene.start]))
            draw_ring(painter, float(place[0]), float(place[1]), self.theme)
        draw_behind(painter, visible, cursor, self.theme)
        draw_flat_looks(painter, self.frame, self.scene.runs, cursor, self.theme)
        painter.restore()

    def ghost(self, cursor: int) -> Ghost | None:
        """Return the loss of the batch at an iteration; None where there is nothing to show."""
        if self.scene.ghost is None:
            return None
        if self._kept is None or self._kept[0] != cursor:
            self._kept = cursor, self.scene.ghost(cursor)
        return self._kept[1]

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def with_runs(self, runs: tuple[RunPath, ...]) -> ContourDrawing:
        """Return the same drawing with other runs, their paths prepared; any thread may do so."""
        scene = replace(self.scene, runs=runs)
        other = ContourDrawing(scene, self.theme, self.size, self.extent, earlier=self)
        other.prepare()
        return other

    def prepare(self) -> None:
        """Work out now what painting would when it is needed; any thread may do so before others have the drawing.

        Its frame alone measures text and has to be known.
        """
        for way in self.ways:
            way.prepare()

    def _band_colours(self, landscape: Landscape) -> list[QColor]:
        middles = (landscape.bands[1:] + landscape.bands[:-1]) / 2
        return [QColor(*rgb) for rgb in self.theme.terrain.bytes_at(landscape.fraction(middles)).tolist()]

    @cached_property
    def _bar_labels(self) -> list[tuple[float, str]]:
        """Fractions of the colour bar and what stands there."""
        landscape, height = self.scene.landscape, self.size[1] - _TOP - _BOTTOM
        if landscape is None:
            return []
        low, high = landscape.low_high
        most = max(2, int(height / 52))

        def ticks(count: int) -> list[Tick]:
            if landscape.scale == "linear":
                return linear_ticks(low, high, count)
            losses = landscape.floor + np.array([0.0, *(tick.value for tick in self._decades(count - 1))])
            heights = landscape.show(losses)
            return [
                Tick(float(height), number_text(float(loss), 3, short=True))
                for loss, height in zip(losses, heights, strict=True) if low <= height <= high
            ]

        found = fitted(ticks, lambda s: (s - low) / (high - low) * height, lambda _: TICK_LINE, most, 8.0)
        return [((tick.value - low) / (high - low), tick.label) for tick in found]

    def _decades(self, count: int) -> list[Tick]:
        """At most `count` powers of ten above the floor, where the logarithm has left the offset behind."""
        landscape = self.scene.landscape
        if landscape is None:
            return []
        top = float(landscape.loss_of(landscape.low_high[1])) - landscape.floor
        return log_ticks(landscape.offset, top, count)
