"""The surface's mesh and floor through OpenGL; labels, paths and marks are painted over it elsewhere.

Colours hold the light already and are uploaded once for each landscape. The matrices are those of the
scene's camera, so that what is painted over the mesh lies where it belongs.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from OpenGL import GL
from pyqtgraph.opengl import GLLinePlotItem, GLMeshItem, GLViewWidget, shaders
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QMatrix4x4, QSurfaceFormat

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.colormap import rgb_of
from gdstudio.scene.floor import GLOW_RADIUS, floor_lines
from gdstudio.scene.theme import DARK

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.relief import Relief
    from gdstudio.scene.theme import Theme

_SPOKES, _RINGS = 48, 8
_MOST_CELLS = 220


def surface_format() -> QSurfaceFormat:
    """Return what to ask of OpenGL: version 2.1 is enough, with depth and smooth edges."""
    form = QSurfaceFormat()
    form.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    form.setVersion(2, 1)
    form.setDepthBufferSize(24)
    form.setSamples(4)
    return form


@cache
def _backdrop_shader() -> shaders.ShaderProgram:
    """Return the program that draws vertices where they are on screen, whatever the camera.

    All contexts share their programs, so one serves every view, as pyqtgraph's own do.
    """
    return shaders.ShaderProgram("gdstudio_backdrop", [
        shaders.VertexShader("""
            attribute vec4 a_position;
            attribute vec4 a_color;
            varying vec4 v_color;
            void main() {
                v_color = a_color;
                gl_Position = a_position;
            }
        """),
        shaders.FragmentShader("""
            #ifdef GL_ES
            precision mediump float;
            #endif
            varying vec4 v_color;
            void main() {
                gl_FragColor = v_color;
            }
        """),
    ])


class SurfaceCanvas(GLViewWidget):  # type: ignore[misc]  # pyqtgraph brings no types
    """Draws the mesh of a relief and the floor under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFormat(surface_format())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._camera = Camera()
        self._viewport = Viewport(1.0, 1.0)
        self._theme: Theme = DARK
        self._shown: tuple[Relief | None, Theme] | None = None
        self._made: _Made | None = None
        self._placed: tuple[Viewport, Theme] | None = None
        self._backdrop = GLMeshItem(smooth=True, computeNormals=False, shader=_backdrop_shader())
        self._backdrop.setGLOptions({GL.GL_DEPTH_TEST: False, GL.GL_BLEND: False, GL.GL_CULL_FACE: False})
        self._backdrop.setDepthValue(-20)
        self._floor = GLLinePlotItem(mode="lines", width=1.0, antialias=True, glOptions="translucent")
        self._floor.setDepthValue(-10)
        self._mesh = GLMeshItem(smooth=True, computeNormals=False, glOptions="opaque")
        for item in (self._backdrop, self._floor, self._mesh):
            self.addItem(item)

    def show_relief(self, relief: Relief | None, theme: Theme) -> None:
        """Show a relief in a theme's colours; nothing is uploaded where neither has changed."""
        if self._shown is not None and self._shown[0] is relief and self._shown[1] is theme:
            return
        self._shown = (relief, theme)
        self._theme = theme
        self.setBackgroundColor(QColor(theme.window))
        self._mesh.setVisible(relief is not None)
        self._floor.setVisible(relief is not None)
        if relief is not None:
            self._upload(relief, theme)

    def prepare(self, relief: Relief, theme: Theme) -> None:
        """Make now what `show_relief` would make of them; any thread may do so."""
        self._made = _Made(relief, theme)

    def _upload(self, relief: Relief, theme: Theme) -> None:
        made = self._made
        if made is None or made.relief is not relief or made.theme is not theme:
            made = self._made = _Made(relief, theme)
        self._mesh.setMeshData(
            vertexes=made.vertices, faces=made.faces, vertexColors=made.colours, smooth=True, computeNormals=False,
        )
        red, green, blue = rgb_of(theme.floor)
        self._floor.setData(
            pos=floor_lines(relief.landscape).reshape(-1, 3).astype(np.float32),
            color=(red / 255, green / 255, blue / 255, 1.0),
        )

    def look(self, camera: Camera, viewport: Viewport) -> None:
        """Look from a camera, the scene centred in a viewport."""
        if (camera, viewport) != (self._camera, self._viewport):
            self._camera, self._viewport = camera, viewport
            self.update()
        if self._placed != (viewport, self._theme):
            self._placed = (viewport, self._theme)
            vertices, faces, colours = _glow(viewport, self._theme)
            self._backdrop.setMeshData(
                vertexes=vertices, faces=faces, vertexColors=colours, smooth=True, computeNormals=False,
            )

    def viewMatrix(self) -> QMatrix4x4:
        """Return the camera's matrix."""
        return QMatrix4x4(*self._camera.view_matrix().ravel().tolist())

    def projectionMatrix(self, region: object, viewport: object) -> QMatrix4x4:
        """Return the projection of the scene's camera; the whole view is always drawn."""
        del region, viewport
        return QMatrix4x4(*self._camera.projection_matrix(self._viewport).ravel().tolist())


class _Made:
    """The mesh of a relief as the graphics card takes it.

    Parameters
    ----------
    relief : Relief
        The landscape.
    theme : Theme
        In which colours.
    """

    def __init__(self, relief: Relief, theme: Theme) -> None:
        self.relief, self.theme = relief, theme
        rows, columns = relief.heights.shape
        vertices, normals = relief.grid(None if max(rows, columns) <= _MOST_CELLS + 1 else _MOST_CELLS)
        colours = np.ones((*vertices.shape[:2], 4), dtype=np.float32)
        colours[..., :3] = relief.colours(vertices, normals, theme)
        self.vertices = np.ascontiguousarray(np.nan_to_num(vertices), dtype=np.float32).reshape(-1, 3)
        self.faces, self.colours = _faces(vertices), colours.reshape(-1, 4)


def _faces(vertices: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Two triangles for each cell (m, 3), none where a corner is a hole."""
    rows, columns = vertices.shape[:2]
    index = np.arange(rows * columns, dtype=np.uint32).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    whole = np.isfinite(vertices[..., 2]).ravel()
    return np.ascontiguousarray(faces[whole[faces].all(axis=1)])


def _glow(viewport: Viewport, theme: Theme) -> tuple[NDArray[np.float32], NDArray[np.uint32], NDArray[np.float32]]:
    """Rings about the light behind the surface, as the painter's gradient has them, out to beyond the corners."""
    inner, outer = np.array(rgb_of(theme.glow)) / 255, np.array(rgb_of(theme.window)) / 255
    radius = GLOW_RADIUS * max(viewport.width, viewport.height)
    steps = np.append(np.linspace(0.0, 1.0, _RINGS), 4.0)
    angles = np.linspace(0.0, 2 * np.pi, _SPOKES, endpoint=False)
    across, down = viewport.centre
    x = (across + radius * steps[:, None] * np.cos(angles)) / viewport.width * 2 - 1
    y = 1 - (down + radius * steps[:, None] * np.sin(angles)) / viewport.height * 2
    vertices = np.stack([x, y, np.full_like(x, 0.999)], axis=-1).reshape(-1, 3).astype(np.float32)
    part = np.minimum(steps, 1.0)[:, None]
    tints = np.concatenate([inner * (1 - part) + outer * part, np.ones((len(steps), 1))], axis=1)
    colours = np.repeat(tints, _SPOKES, axis=0).astype(np.float32)
    ring, spoke = (part.ravel() for part in np.meshgrid(np.arange(_RINGS), np.arange(_SPOKES), indexing="ij"))
    a, b = ring * _SPOKES + spoke, ring * _SPOKES + (spoke + 1) % _SPOKES
    faces = np.concatenate([np.stack([a, b, b + _SPOKES], axis=1), np.stack([a, b + _SPOKES, a + _SPOKES], axis=1)])
    return vertices, faces.astype(np.uint32), colours
