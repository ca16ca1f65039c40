"""The data themselves: points, what each run has made of them by an iteration, residuals, the samples of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QPainter

from gdstudio.scene.axes import Frame, draw_axis_names, draw_grid, draw_tick_labels, framed
from gdstudio.scene.class_legend import class_legend_size, draw_class_legend
from gdstudio.scene.decision import boundary_lines, draw_areas
from gdstudio.scene.pathway import draw_solid, mixed
from gdstudio.scene.point_marks import DOT, Marks, MarksLayer, draw_marks, radius_for
from gdstudio.scene.polylines import NO_LINES, Lines, clipped, lines_between, thinned
from gdstudio.scene.remarks import emptiest
from gdstudio.scene.strokes import draw_lines, fill_rect, round_pen
from gdstudio.scene.theme import marker_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.scene.decision import Field
    from gdstudio.scene.theme import Theme

    Floats = NDArray[np.float64]
    Rows = NDArray[np.intp]

Extent = tuple[float, float, float, float]

MOST_RESIDUALS = 500
"""With more points than this no residuals are drawn: they would hide the points."""
_TOP, _BOTTOM, _LEFT, _RIGHT = 10.0, 30.0, 52.0, 20.0
_MARGIN, _INSET, _LIT, _NEAR = 0.06, 10.0, 1.5, 9.0


@dataclass(frozen=True, eq=False)
class Fit:
    """What one run has made of the data.

    Parameters
    ----------
    label : str
        Name of the run that people read.
    slot : int
        Its colour and marker.
    line : ndarray, (n, 2), or None
        The fitted curve; what is not finite breaks it.
    field : Field or None
        What a classifier says of every place.
    """

    label: str
    slot: int
    line: Floats | None = None
    field: Field | None = None


@dataclass(frozen=True, eq=False)
class Moment:
    """What there is to see at one iteration.

    Parameters
    ----------
    fits : tuple of Fit
        The visible runs, the first drawn on top; of the first that has one the field is shown.
    predicted : ndarray, (points,), or None
        What one run predicts for each point: residuals are drawn to it.
    batch : ndarray or None
        Numbers of the rows of the batch that makes the next step; None where it is all of them.
    slot : int
        Colour of the run whose batch it is.
    """

    fits: tuple[Fit, ...] = ()
    predicted: Floats | None = None
    batch: Rows | None = None
    slot: int = 0


def _nothing(cursor: int, extent: Extent) -> Moment:
    del cursor, extent
    return Moment()


@dataclass(frozen=True, eq=False)
class DataSpace:
    """Points, and what the runs have made of them.

    Parameters
    ----------
    names : tuple of str
        What is shown along each axis: a feature and the target, or two features.
    xs, ys : ndarray, (points,)
        Where the points are; drawings know by identity what has not changed.
    held_out : ndarray of bool, (points,), or None
        Which are not trained on: drawn hollow.
    codes : ndarray of int, (points,), or None
        Class of each point from 0, for a classifier.
    classes : tuple of str
        What the classes are called.
    rows : ndarray of int, (points,), or None
        Number of each point's row, increasing; 0, 1, ... where None.
    moment : callable
        Takes an iteration and the extent shown (x from, x to, y from, y to), gives what there is to see; called
        whenever either changes.
    cursor : int
        The iteration shown.
    """

    names: tuple[str, str] = ("x", "y")
    xs: Floats = field(default_factory=lambda: np.empty(0))
    ys: Floats = field(default_factory=lambda: np.empty(0))
    held_out: NDArray[np.bool_] | None = None
    codes: Rows | None = None
    classes: tuple[str, ...] = ()
    rows: Rows | None = None
    moment: Callable[[int, Extent], Moment] = _nothing
    cursor: int = 0

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.xs)

    def number(self, index: int) -> int:
        """Return the number of a point's row."""
        return index if self.rows is None else int(self.rows[index])

    def indices(self, rows: Rows) -> Rows:
        """Return which points the rows of these numbers are; rows without a point are left out."""
        numbers = np.arange(len(self)) if self.rows is None else self.rows
        places = np.searchsorted(numbers, rows)
        there = places < len(numbers)
        return np.asarray(places[there][numbers[places[there]] == np.asarray(rows)[there]])

    def same_points(self, other: DataSpace) -> bool:
        """Whether the points of another content are these."""
        return (
            self.xs is other.xs and self.ys is other.ys and self.codes is other.codes
            and self.held_out is other.held_out and (self.names, self.classes) == (other.names, other.classes)
        )

    @cached_property
    def extent(self) -> Extent:
        """The rectangle that shows all points, with a margin."""
        return (*spread(self.xs), *spread(self.ys))


def spread(values: Floats, margin: float = _MARGIN) -> tuple[float, float]:
    """Return a range that holds values (n,) with a margin; -1 to 1 where there are none."""
    found = values[np.isfinite(values)]
    if not found.size:
        return -1.0, 1.0
    low, high = float(found.min()), float(found.max())
    room = margin * (high - low) if high > low else max(0.5 * abs(high), 0.5)
    return low - room, high + room


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
        if earlier is not None and earlier.same_ground(self):
            self.frame, self.pixels, self._layer = earlier.frame, earlier.pixels, earlier._layer
            if earlier.scene is scene:
                self._kept = earlier._kept

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

    def with_scene(self, scene: DataSpace, ratio: float) -> DataDrawing | None:
        """Return the drawing of another scene on the same axes, prepared for a screen; None where the axes change.

        Any thread may do so; `ratio` is how many pixels the screen has for each logical one.
        """
        if (self.extent or self.scene.extent) != (self.extent or scene.extent):
            return None
        other = DataDrawing(scene, self.theme, self.size, self.extent, earlier=self)
        other.frame = self.frame
        other._layer.prepare(ratio)
        other.moment(scene.cursor)
        return other

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
        fill_rect(painter, 0, 0, *self.size, self.theme.plot)
        frame = self.frame
        across, down = frame.x_ticks(), frame.y_ticks()
        draw_grid(painter, frame, across, down, self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tick_labels(painter, frame, across, down, self.theme, self.size[0])

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint areas, residuals, points, fits and the batch."""
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
        draw_axis_names(painter, frame, self.scene.names, self.theme)
        if self.scene.classes:
            draw_class_legend(painter, *self.legend_corner, self.scene.classes, self.theme)

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
                found.append(Marks(self.pixels[part], name, marker, hollow))
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
