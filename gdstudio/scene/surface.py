"""The loss surface in three dimensions: the same drawing over OpenGL, without it, and on paper."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdstudio.scene.floor import PlacedLabel, draw_backdrop, draw_floor, draw_floor_labels, placed_labels
from gdstudio.scene.held import draw_held
from gdstudio.scene.legend import LegendRow, draw_legend, legend_row_at
from gdstudio.scene.lettering import TICK, draw_text, sans, text_width
from gdstudio.scene.marks import draw_ball, draw_hidden_star, draw_ring, draw_star
from gdstudio.scene.pathway import draw_solid, faint_pen, mixed
from gdstudio.scene.polylines import NO_LINES, Lines
from gdstudio.scene.relief import Relief
from gdstudio.scene.search_marks import draw_look
from gdstudio.scene.strokes import draw_lines, is_vector, quads_of, round_pen
from gdstudio.scene.surface_legend import LEGEND_CORNER, SurfaceLegend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QPolygonF

    from gdstudio.scene.camera import Camera, Viewport
    from gdstudio.scene.contour import MapScene
    from gdstudio.scene.relief import Draped
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

translate = QCoreApplication.translate
CELLS = 72
"""Cells along each axis on screen without OpenGL."""
PAPER_CELLS = 104
"""Cells along each axis in pictures."""
# A pixel, if what stands there is drawn at all, and how opaque.
Mark = tuple[tuple[float, float] | None, float]

_LINE = 18.0
_HIDDEN_PART = 0.5


class SurfaceDrawing:
    """A surface with its runs, prepared.

    Parameters
    ----------
    scene : MapScene
        What to show.
    theme : Theme
        In which colours.
    viewport : Viewport
        Where: the size in logical pixels.
    camera : Camera
        From where.
    cells : int
        Cells of the mesh along each axis.
    legend : bool
        Whether the legend is drawn.
    earlier : SurfaceDrawing or None
        A drawing whose parts may be used again where they have not changed.
    """

    def __init__(
        self, scene: MapScene, theme: Theme, viewport: Viewport, camera: Camera, *, cells: int = CELLS,
        legend: bool = True, earlier: SurfaceDrawing | None = None,
    ) -> None:
        self.scene = scene
        self.theme = theme
        self.viewport = viewport
        self.camera = camera
        self.cells = cells
        self.legend = legend
        self._paths: dict[RunPath, tuple[Lines, Lines]] = {}
        self._stood: tuple[int, list[Mark]] | None = None
        if earlier is None or earlier.scene.landscape is not scene.landscape:
            self.relief = Relief(scene.landscape) if scene.landscape is not None else None
            return
        self.relief = earlier.relief
        if self.same_ground(earlier):
            self._paths = {run: earlier._paths[run] for run in scene.runs if run in earlier._paths}
            # worked out before, and the same wherever the runs are
            same = ["_labels", "_stars"]
            if scene.runs is earlier.scene.runs:
                self._stood = earlier._stood
                same.append("_legend")
            if scene.start == earlier.scene.start:
                same.append("_rings")
            vars(self).update({name: vars(earlier)[name] for name in same if name in vars(earlier)})

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in logical pixels."""
        return self.viewport.width, self.viewport.height

    def same_ground(self, other: SurfaceDrawing) -> bool:
        """Whether the ground of another drawing looks like this one's."""
        return (
            self.scene.landscape is other.scene.landscape and self.theme is other.theme
            and self.viewport == other.viewport and self.camera == other.camera and self.cells == other.cells
        )

    def ground(self, painter: QPainter) -> None:
        """Paint what does not move with the cursor: backdrop, floor, mesh and tick labels."""
        self.terrain(painter)
        if self.scene.landscape is not None:
            self.labels(painter)

    def terrain(self, painter: QPainter) -> None:
        """Paint what of the ground holds no text: backdrop, floor and mesh."""
        draw_backdrop(painter, self.viewport, self.theme)
        if self.scene.landscape is not None:
            draw_floor(painter, self.scene.landscape, self.camera, self.viewport, self.theme)
            self.mesh(painter)

    def labels(self, painter: QPainter) -> None:
        """Write the tick labels, the variables' names, and where the others are held."""
        draw_floor_labels(painter, self._labels, self.theme)
        if self.scene.landscape is not None:
            left, below = LEGEND_CORNER[0] + 2, self.viewport.height - 16
            ends = [label.left for label in self._labels if abs(label.y - below) < _LINE]
            room = min([self.viewport.width - left, *ends]) - left - 10
            draw_held(painter, left, below, self.scene.landscape.held, room, self.theme.text)
            if self.scene.landscape.scale == "log":
                self._say_height(painter, left, below - (_LINE if self.scene.landscape.held else 0.0))

    def _say_height(self, painter: QPainter, x: float, y: float) -> None:
        """Say that heights are logarithmic, unless a tick label stands there."""
        text = translate("Scene", "height: log f")
        right = x + text_width(text, sans(TICK))
        if not any(label.left < right + 10 and abs(label.y - y) < _LINE for label in self._labels):
            draw_text(painter, x, y, text, sans(TICK), self.theme.muted)

    @cached_property
    def _labels(self) -> tuple[PlacedLabel, ...]:
        if self.scene.landscape is None:
            return ()
        return placed_labels(self.scene.landscape, self.camera, self.viewport)

    def mesh(self, painter: QPainter) -> None:
        """Paint the surface, far cells first, each edged in its own colour so that no seams show."""
        polygons, colours = self._mesh
        brush, pen, draw = painter.setBrush, painter.setPen, painter.drawPolygon
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(Qt.PenStyle.SolidLine)
        edge.setWidthF(0.7 if is_vector(painter) else 1.0)
        edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        for polygon, colour in zip(polygons, colours, strict=True):
            edge.setColor(colour)
            pen(edge)
            brush(colour)
            draw(polygon)
        painter.restore()

    @cached_property
    def _mesh(self) -> tuple[list[QPolygonF], list[QColor]]:
        if self.relief is None:
            return [], []
        vertices, normals = self.relief.grid(self.cells)
        pixels, _ = self.camera.project(vertices, self.viewport)
        corners = np.stack([pixels[:-1, :-1], pixels[:-1, 1:], pixels[1:, 1:], pixels[1:, :-1]], axis=2)
        shades = self.relief.colours(vertices, normals, self.theme)
        shades = (shades[:-1, :-1] + shades[:-1, 1:] + shades[1:, 1:] + shades[1:, :-1]) / 4
        middles = (vertices[:-1, :-1, :2] + vertices[1:, 1:, :2]) / 2
        # over one floor, whatever is nearer the camera's foot can only hide what is farther from it
        order = np.argsort(-np.linalg.norm(middles - self.camera.position()[:2], axis=-1).ravel(), kind="stable")
        corners, shades = corners.reshape(-1, 4, 2)[order], shades.reshape(-1, 3)[order]
        whole = np.isfinite(corners).all(axis=(1, 2)) & np.isfinite(shades).all(axis=1)
        tints = np.rint(shades[whole] * 255).astype(int).tolist()
        return quads_of(corners[whole]), [QColor(*tint) for tint in tints]

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint minima, the start, paths, balls and the legend."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.relief is not None:
            painter.save()
            painter.setClipRect(0, 0, int(self.viewport.width) + 1, int(self.viewport.height) + 1)
            self._draw_marks(painter)
            self._draw_paths(painter, cursor)
            painter.restore()
        if self.legend:
            draw_legend(painter, *self.legend_corner, self.legend_rows(cursor), self.theme)

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        self.ground(painter)
        self.live(painter, self.scene.cursor)

    def with_runs(self, runs: tuple[RunPath, ...]) -> SurfaceDrawing:
        """Return the same drawing with other runs, their paths prepared; any thread may do so."""
        other = SurfaceDrawing(
            replace(self.scene, runs=runs), self.theme, self.viewport, self.camera, cells=self.cells,
            legend=self.legend, earlier=self,
        )
        other.prepare()
        return other

    def prepare(self) -> None:
        """Work out now what painting would when it is needed; any thread may do so before others have the drawing."""
        if self.relief is not None:
            for run in self.scene.runs:
                if run.visible and len(run):
                    self._path(run)
        # looked up to be kept
        _ = self._stars, self._rings, self._balls(self.scene.cursor)

    def legend_rows(self, cursor: int) -> list[LegendRow]:
        """One row for each run, with its loss at an iteration."""
        return self._legend.rows(cursor)

    @property
    def legend_corner(self) -> tuple[float, float]:
        """Upper left corner of the legend."""
        return self._legend.corner

    @property
    def covered(self) -> tuple[float, float]:
        """Width and height of the corner that the legend covers."""
        return self._legend.covered

    @cached_property
    def _legend(self) -> SurfaceLegend:
        return SurfaceLegend(self.scene.runs, self.size)

    def legend_row_at(self, x: float, y: float) -> int | None:
        """Return the legend's row under a pixel."""
        if not self.legend:
            return None
        left, top = self.legend_corner
        return legend_row_at(self.legend_rows(0), x - left, y - top)

    def start_pixel(self) -> tuple[float, float] | None:
        """Return where the ring at the start is drawn; None where it is not."""
        if self.relief is None or self.scene.start is None:
            return None
        return self._pixel(self.relief.place(*self.scene.start))

    def variables_at(self, x: float, y: float) -> tuple[float, float] | None:
        """Return the point of the surface under a pixel, as values of the variables; None beside it."""
        return None if self.relief is None else self.relief.met_by(*self.camera.ray(x, y, self.viewport))

    def _pixel(self, point: NDArray[np.float64]) -> tuple[float, float] | None:
        pixels, _ = self.camera.project(point, self.viewport)
        return (float(pixels[0]), float(pixels[1])) if np.isfinite(pixels).all() else None

    def _draw_marks(self, painter: QPainter) -> None:
        assert self.relief is not None
        for pixel, opacity in self._stars:
            if pixel is not None:
                (draw_star if opacity == 1.0 else draw_hidden_star)(painter, *pixel, self.theme)
        for pixel, opacity in self._rings:
            if pixel is not None:
                painter.setOpacity(opacity)
                draw_ring(painter, *pixel, self.theme)
        painter.setOpacity(1.0)

    @cached_property
    def _stars(self) -> list[Mark]:
        """Where and how opaque the known minima are drawn."""
        return self._stand([*self.relief.landscape.minima]) if self.relief is not None else []

    @cached_property
    def _rings(self) -> list[Mark]:
        """Where and how opaque the start is drawn."""
        return self._stand([] if self.scene.start is None else [np.asarray(self.scene.start)])

    @property
    def _drawn(self) -> list[RunPath]:
        """The runs that are drawn, what lies on top at last."""
        return [run for run in reversed(self.scene.runs) if run.visible and len(run)]

    def _balls(self, cursor: int) -> list[Mark]:
        """Where and how opaque the runs stand at an iteration."""
        if self._stood is None or self._stood[0] != cursor:
            self._stood = cursor, self._stand([run.points[run.at(cursor), :2] for run in self._drawn])
        return self._stood[1]

    def _stand(self, places: Sequence[NDArray[np.float64]]) -> list[Mark]:
        """Where and how opaque what stands at each place is drawn; nowhere where it is off the surface."""
        if self.relief is None or not len(places):
            return []
        points = self.relief.place(*np.stack(places).T)
        pixels, _ = self.camera.project(points, self.viewport)
        whole = np.asarray(np.isfinite(pixels).all(axis=1))
        hidden = np.zeros(len(points), dtype=bool)
        hidden[whole] = self.relief.hidden(points[whole], self.camera)
        return [
            ((float(x), float(y)) if drawn else None, _HIDDEN_PART if behind else 1.0)
            for (x, y), drawn, behind in zip(pixels, whole, hidden, strict=True)
        ]

    def _draw_paths(self, painter: QPainter, cursor: int) -> None:
        assert self.relief is not None
        runs = self._drawn
        for run in runs:
            seen, unseen = self._path(run)
            draw_lines(painter, seen, faint_pen(run.slot, self.theme))
            shade = mixed(self.theme.run_colour(run.slot), self.theme.terrain.colours[2], 0.55)
            draw_lines(painter, unseen.until(run.at(cursor)), round_pen(shade, 1.0))
        for run in runs:
            draw_solid(painter, self._behind(run, run.at(cursor)), run.slot, self.theme)
        for run, (pixel, opacity) in zip(runs, self._balls(cursor), strict=True):
            if pixel is not None:
                painter.setOpacity(opacity)
                draw_ball(painter, *pixel, run.slot, self.theme)
                self._draw_look(painter, run, cursor, pixel)
        painter.setOpacity(1.0)

    def _draw_look(self, painter: QPainter, run: RunPath, cursor: int, at: tuple[float, float]) -> None:
        """Draw where the next step of a run looks ahead to, on the surface."""
        if run.ahead is None or self.relief is None:
            return
        ahead = self._pixel(self.relief.place(*run.ahead[run.at(cursor), :2]))
        if ahead is not None:
            draw_look(painter, at, ahead, run.slot, self.theme, (0.0, self.viewport.width))

    def _behind(self, run: RunPath, row: int) -> Lines:
        """Return the visible path from the start to iterate `row`, exactly."""
        assert self.relief is not None
        before = self._path(run)[0].until(row)
        if self.relief.draped(run).drawn_before(row) == row:
            return before
        return before.joined(self._split(self.relief.rest(run, row))[0])

    def _path(self, run: RunPath) -> tuple[Lines, Lines]:
        """Return the parts of a path that are seen and that the surface hides."""
        assert self.relief is not None
        if run not in self._paths:
            self._paths[run] = self._split(self.relief.draped(run))
        return self._paths[run]

    def _split(self, draped: Draped) -> tuple[Lines, Lines]:
        assert self.relief is not None
        if not len(draped.ends):
            return NO_LINES, NO_LINES
        pixels, _ = self.camera.project(draped.ends, self.viewport)
        lines = Lines(pixels.reshape(-1, 4), draped.iterates)
        hidden = self.relief.occlusion(self.camera).hides(draped.ends[..., :2].mean(axis=1))
        whole = np.isfinite(lines.ends).all(axis=1)
        return lines.where(whole & ~hidden), lines.where(whole & hidden)
