"""The picture of data space: axes, points, fits and residuals, the batch; at rest painted by another thread."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QImage, QPainter

from gdstudio.engine.translatable import Count
from gdstudio.scene.axes import Frame, draw_axis_names, draw_grid, draw_tick_labels, framed
from gdstudio.scene.class_legend import class_legend_size, draw_class_legend
from gdstudio.scene.data_space import MOST_RESIDUALS
from gdstudio.scene.decision import boundary_lines, draw_areas
from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.pathway import draw_solid, mixed
from gdstudio.scene.point_marks import DOT, Marks, MarksLayer, blank, draw_marks, radius_for, ratio_of
from gdstudio.scene.polylines import NO_LINES, Lines, clipped, lines_between, thinned
from gdstudio.scene.remarks import emptiest
from gdstudio.scene.strokes import draw_lines, fill_rect, is_vector, round_pen
from gdstudio.scene.theme import marker_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.data_space import DataSpace, Extent, Fit, Moment
    from gdstudio.scene.theme import Theme
    from gdstudio.scene.ticks import Tick

    Floats = NDArray[np.float64]
    Rows = NDArray[np.intp]

translate = QCoreApplication.translate
_TOP, _BOTTOM, _LEFT, _RIGHT = 10.0, 30.0, 52.0, 20.0
_INSET, _LIT, _NEAR = 10.0, 1.5, 9.0
# Points that a line of words keeps out of the way of, at least, where there are very many.
_LOOKED_AT = 4096


class DataDrawing:
    """Data space, prepared.

    Parameters
    ----------
    scene : DataSpace
        What to show.
    theme : Theme
        In which colours.
    size : tuple of float
        Width and height in logical pixels.
    extent : tuple of float or None
        The part shown; all points where None.
    earlier : DataDrawing or None
        A drawing whose points may be used again where they have not changed.
    """

    def __init__(
        self, scene: DataSpace, theme: Theme, size: tuple[float, float], extent: Extent | None = None,
        earlier: DataDrawing | None = None,
    ) -> None:
        self.scene = scene
        self.theme = theme
        self.size = size
        self.extent = extent
        self._kept: tuple[int, Moment, tuple[Lines, ...]] | None = None
        # All in the frame but its text at one iteration, and the screen's pixels for each logical one.
        self._still: tuple[int, float, QImage] | None = None
        if earlier is not None and earlier.same_ground(self):
            self.frame, self.pixels, self._layer = earlier.frame, earlier.pixels, earlier._layer
            if earlier.scene is scene:
                self._kept, self._still = earlier._kept, earlier._still

    def same_ground(self, other: DataDrawing) -> bool:
        """Whether axes and points of another drawing look like this one's."""
        return (
            self.scene.same_points(other.scene) and self.theme is other.theme and self.size == other.size
            and (self.extent or self.scene.extent) == (other.extent or other.scene.extent)
        )

    @cached_property
    def frame(self) -> Frame:
        """The plot's frame."""
        return framed(self.size, (_LEFT, _TOP, _RIGHT, _BOTTOM), self.extent or self.scene.extent)

    @cached_property
    def ticks(self) -> tuple[list[Tick], list[Tick]]:
        """What stands at the horizontal and at the vertical axis."""
        return self.frame.x_ticks(), self.frame.y_ticks()

    @cached_property
    def pixels(self) -> Floats:
        """The points in pixels, (points, 2)."""
        return self.frame.pixels(np.stack([self.scene.xs, self.scene.ys], axis=1))

    @cached_property
    def _layer(self) -> MarksLayer:
        return MarksLayer(self.size, self._marks(), self.theme.plot)

    def moment(self, cursor: int) -> Moment:
        """Return what there is to see at an iteration."""
        return self._at(cursor)[0]

    def _at(self, cursor: int) -> tuple[Moment, tuple[Lines, ...]]:
        """Return what there is to see at an iteration, and its fits as they are drawn."""
        kept = self._kept
        if kept is None or kept[0] != cursor:
            moment = self.scene.moment(cursor, self.frame.extent)
            kept = self._kept = cursor, moment, tuple(self._lines(fit) for fit in moment.fits)
        return kept[1:]

    def with_scene(self, scene: DataSpace, ratio: float) -> DataDrawing:
        """Return the drawing of another scene, prepared for a screen: all of it on the same axes, else its points.

        Any thread may do so that was given a drawing with its `ticks`, which measure text; `ratio` is how many pixels
        the screen has for each logical one.
        """
        other = DataDrawing(scene, self.theme, self.size, self.extent, earlier=self)
        if other.frame == self.frame:
            other.frame, other.ticks = self.frame, self.ticks
            other._still = scene.cursor, ratio, other._at_rest(scene.cursor, ratio)
        else:
            other._layer.prepare(ratio)
        return other

    def _at_rest(self, cursor: int, ratio: float) -> QImage:
        """Return the picture at an iteration as pixels; only what lies in the frame is in it, and no text."""
        image = blank(self.size, ratio, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self._grid(painter)
        self._plot(painter, cursor)
        painter.end()
        return image

    def _draw_still(self, painter: QPainter, image: QImage, ratio: float) -> None:
        """Draw what of a picture lies in the frame, pixel for pixel."""
        frame = self.frame
        touched = QRectF(frame.left * ratio, frame.top * ratio, frame.width * ratio, frame.height * ratio)
        part = QRectF(touched.toAlignedRect())
        place = QRectF(part.left() / ratio, part.top() / ratio, part.width() / ratio, part.height() / ratio)
        painter.drawImage(place, image, part)

    def nearest(self, x: float, y: float, within: float = _NEAR) -> int | None:
        """Return the point nearest to a pixel; None where none is so near."""
        if not len(self.scene):
            return None
        apart = np.square(self.pixels - (x, y)).sum(axis=1)
        index = int(np.nanargmin(apart)) if np.isfinite(apart).any() else 0
        return index if apart[index] <= within * within else None

    def inside(self, left: float, top: float, right: float, bottom: float) -> Rows:
        """Return the points in a rectangle of pixels."""
        with np.errstate(invalid="ignore"):
            held = (self.pixels >= (left, top)) & (self.pixels <= (right, bottom))
        return np.flatnonzero(held.all(axis=1))

    def ground(self, painter: QPainter) -> None:
        """Paint the axes."""
        self._grid(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, self.frame, *self.ticks, self.theme, self.size[0])

    def _grid(self, painter: QPainter) -> None:
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        draw_grid(painter, self.frame, *self.ticks, self.theme)

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint areas, residuals, points, fits and the batch."""
        still = self._still
        if still is not None and still[0] == cursor and not is_vector(painter) and still[1] == ratio_of(painter):
            self._draw_still(painter, still[2], still[1])
        else:
            self._plot(painter, cursor)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_axis_names(painter, self.frame, self.scene.names, self.theme)
        self._say_slice(painter)
        if self.scene.classes:
            draw_class_legend(painter, *self.legend_corner, self.scene.classes, self.theme)

    def _plot(self, painter: QPainter, cursor: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        (moment, lines), frame = self._at(cursor), self.frame
        painter.save()
        painter.setClipRect(frame.rectangle)
        shown = next((fit.field for fit in moment.fits if fit.field is not None), None)
        if shown is not None:
            draw_areas(painter, frame, shown, self.theme)
        self._draw_residuals(painter, moment)
        self._layer.draw(painter)
        for fit, drawn in reversed([*zip(moment.fits, lines, strict=True)]):
            draw_solid(painter, drawn, fit.slot, self.theme)
        if moment.batch is not None:
            radius = _LIT * max(radius_for(len(self.scene)), 0.7 * DOT)
            draw_marks(painter, self.size, self._lit(moment, moment.batch), self.theme.rim, radius)
        painter.restore()

    @cached_property
    def slice_note(self) -> str:
        """Return what is said of the features that no axis shows, in the longest wording that there is room for."""
        others = self.scene.others
        if not others:
            return ""
        wordings = (
            translate(
                "Scene", "slice: {others:the other feature|the # other features} at {others:its mean|their means}"),
            translate("Scene", "slice: {others:# other|# others} at {others:its mean|their means}"),
        )
        room = self.frame.width - self._name_width - 3 * _INSET
        said = (wording.format(others=Count(others)) for wording in wordings)
        return next((each for each in said if text_width(each, sans(TICK)) <= room), "")

    @property
    def _name_width(self) -> float:
        return text_width(self.scene.names[0], sans(TICK, 500, italic=True))

    @cached_property
    def _slice_place(self) -> tuple[float, float]:
        """Upper left corner of that note: below or above, beside the names of the axes, where there are few points."""
        width, frame = text_width(self.slice_note, sans(TICK)), self.frame
        beside = frame.right - _INSET - self._name_width - _INSET - width
        places = [
            (frame.left + 7, frame.bottom - 20), (beside, frame.bottom - 20), (frame.right - 6 - width, frame.top + 2)
        ]
        return emptiest(places, (width, 18.0), self.pixels[::max(len(self.pixels) // _LOOKED_AT, 1)])

    def _say_slice(self, painter: QPainter) -> None:
        if self.slice_note:
            left, top = self._slice_place
            draw_text(painter, left, top + 9, self.slice_note, sans(TICK), self.theme.text, "left", self.theme.casing)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    @cached_property
    def legend_corner(self) -> tuple[float, float]:
        """Upper left corner of the legend of the classes: where it hides fewest points."""
        width, height = class_legend_size(self.scene.classes)
        frame = self.frame
        columns = frame.right - _INSET - width, frame.left + _INSET
        levels = frame.top + _INSET + 14, frame.bottom - _INSET - 14 - height
        return emptiest([(x, y) for y in levels for x in columns], (width, height), self.pixels)

    def look_of(self, code: int) -> tuple[str, str]:
        """Return colour and marker of a class, or of a point where there are none (code -1)."""
        if code < 0:
            return mixed(self.theme.muted, self.theme.plot, 0.3).name(), "circle"
        return self.theme.class_colour(code), marker_of(code)

    def _groups(self, chosen: Rows) -> list[tuple[int, Rows]]:
        """Divide points by their class."""
        if self.scene.codes is None:
            return [(-1, chosen)]
        codes = self.scene.codes[chosen]
        return [(int(code), chosen[codes == code]) for code in np.unique(codes)]

    def _marks(self) -> list[Marks]:
        held_out, found = self.scene.held_out, []
        everything = np.arange(len(self.scene))
        for hollow in (True, False):
            chosen = everything if held_out is None else everything[held_out == hollow]
            if held_out is None and hollow:
                continue
            for code, part in self._groups(chosen):
                name, marker = self.look_of(code)
                # the chosen ones are in order: all of them need no copy
                pixels = self.pixels if len(part) == len(everything) else self.pixels[part]
                found.append(Marks(pixels, name, marker, hollow))
        return found

    def _lit(self, moment: Moment, batch: Rows) -> list[Marks]:
        colour = self.theme.run_colour(moment.slot)
        groups = self._groups(self.scene.indices(batch))
        if self.scene.codes is None:
            return [Marks(self.pixels[part], colour) for _, part in groups]
        looks = [(*self.look_of(code), part) for code, part in groups]
        return [Marks(self.pixels[part], name, marker, edge=colour) for name, marker, part in looks]

    def _lines(self, fit: Fit) -> Lines:
        frame = self.frame
        if fit.field is not None:
            return boundary_lines(frame, fit.field)
        if fit.line is None:
            return NO_LINES
        pixels = frame.pixels(fit.line)
        chosen = thinned(pixels)
        lines = lines_between(pixels[chosen], chosen)
        return clipped(lines, frame.left - 4, frame.top - 4, frame.right + 4, frame.bottom + 4)

    def _draw_residuals(self, painter: QPainter, moment: Moment) -> None:
        if moment.predicted is None or len(self.scene) > MOST_RESIDUALS:
            return
        ends = np.stack([self.scene.xs, moment.predicted], axis=1)
        both = np.concatenate([self.pixels, self.frame.pixels(ends)], axis=1)
        both = both[np.isfinite(both).all(axis=1)]
        frame = self.frame
        lines = clipped(Lines(both, np.zeros(len(both))), frame.left, frame.top, frame.right, frame.bottom)
        draw_lines(painter, lines, round_pen(mixed(self.theme.muted, self.theme.plot, 0.5).name(), 1.0))
