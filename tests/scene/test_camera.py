"""The camera against pyqtgraph's, and its own laws."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QVector3D

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.relief import FLOOR, HEIGHT

ANGLES = st.floats(-179, 179)
CORNERS = st.sampled_from([(0.0, 0.0), (300.0, 69.0), (420.0, 112.0)])
ELEVATIONS = st.floats(4, 90)
DISTANCES = st.floats(1.5, 12)


def pyqtgraph_matrices(camera: Camera, viewport: Viewport) -> tuple[np.ndarray, np.ndarray]:
    from pyqtgraph.opengl.GLViewWidget import GLViewMixin

    field = 2 * math.degrees(math.atan(viewport.width / 2 / camera.focal_length(viewport)))
    widget = SimpleNamespace(opts={
        "distance": camera.distance, "fov": field, "elevation": camera.elevation, "azimuth": camera.azimuth,
        "rotationMethod": "euler", "center": QVector3D(*camera.centre),
    })
    whole = (0, 0, viewport.width, viewport.height)
    view = np.array(GLViewMixin.viewMatrix(widget).copyDataTo()).reshape(4, 4)
    projection = np.array(GLViewMixin.projectionMatrix(widget, whole, whole).copyDataTo()).reshape(4, 4)
    return view, projection


@given(ANGLES, ELEVATIONS, st.floats(300, 1500), st.floats(220, 900), CORNERS)
def test_seen_from_home_the_body_keeps_clear_of_what_is_covered(
    azimuth: float, elevation: float, width: float, height: float, covered: tuple[float, float],
) -> None:
    camera = Camera(azimuth=azimuth, elevation=elevation).at_home()
    viewport = Viewport(width, height, covered)
    box = np.array([(x, y, FLOOR + up) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for up in (0.0, HEIGHT)])
    pixels, _ = camera.project(box, viewport)
    assert (pixels >= 0).all()
    assert (pixels <= (width, height)).all()
    free, bare = camera.focal_length(viewport), camera.focal_length(Viewport(width, height))
    assert 0.6 * bare - 1e-9 <= free <= bare
    edge = np.stack([np.linspace(-1, 1, 33), np.full(33, 1.0), np.full(33, FLOOR + HEIGHT)], axis=1)
    turned = edge[:, [1, 0, 2]]
    edges = np.concatenate([edge, edge * (1, -1, 1), turned, turned * (-1, 1, 1)])
    tops, _ = camera.project(edges, viewport)
    hidden = (tops < covered).all(axis=1)
    # too much is covered where even a picture that is far smaller would be hidden: then it stays as large as it is
    assert not hidden.any() or free == bare


@given(ANGLES, ELEVATIONS, DISTANCES)
def test_matrices_are_those_of_pyqtgraph(azimuth: float, elevation: float, distance: float) -> None:
    camera = Camera((0.1, -0.2, 0.3), distance, elevation, azimuth)
    viewport = Viewport(700, 500)
    view, projection = pyqtgraph_matrices(camera, viewport)
    np.testing.assert_allclose(camera.view_matrix(), view, atol=2e-5)
    np.testing.assert_allclose(camera.projection_matrix(viewport), projection, rtol=2e-4, atol=2e-4)


@given(ANGLES, ELEVATIONS, DISTANCES, st.tuples(*[st.floats(-1, 1)] * 3))
def test_a_projected_point_lies_on_the_ray_through_its_pixel(
    azimuth: float, elevation: float, distance: float, point: tuple[float, float, float],
) -> None:
    camera = Camera(distance=distance + 2, elevation=elevation, azimuth=azimuth)
    viewport = Viewport(640, 480, (300.0, 112.0))
    pixels, depth = camera.project(np.array(point), viewport)
    origin, direction = camera.ray(float(pixels[0]), float(pixels[1]), viewport)
    assert depth > 0
    offset = np.array(point) - origin
    np.testing.assert_allclose(offset - (offset @ direction) * direction, 0, atol=1e-9)


@given(CORNERS)
def test_the_matrices_project_as_project_does(covered: tuple[float, float]) -> None:
    camera, viewport = Camera(), Viewport(800, 500, covered)
    points = np.random.default_rng(1).uniform(-1, 1, (50, 3))
    homogeneous = np.concatenate([points, np.ones((50, 1))], axis=1)
    clip = homogeneous @ (camera.projection_matrix(viewport) @ camera.view_matrix()).T
    device = clip[:, :2] / clip[:, 3:]
    expected = np.stack([(device[:, 0] + 1) / 2 * 800, (1 - device[:, 1]) / 2 * 500], axis=1)
    np.testing.assert_allclose(camera.project(points, viewport)[0], expected, atol=1e-9)


def test_the_centre_is_drawn_in_the_middle() -> None:
    camera, viewport = Camera(), Viewport(800, 600)
    pixels, _ = camera.project(np.array(camera.centre), viewport)
    np.testing.assert_allclose(pixels, (400, 300), atol=1e-9)


def test_what_is_behind_the_camera_has_no_pixel() -> None:
    camera = Camera()
    behind = camera.position() * 2
    assert np.isnan(camera.project(behind, Viewport(100, 100))[0]).all()


def test_orbit_stays_above_the_floor_and_zoom_within_reach() -> None:
    camera = Camera()
    assert camera.orbited(0, -500).elevation > 0
    assert camera.orbited(0, 500).elevation == 90
    assert camera.zoomed(1e-9).distance > 1
    assert camera.zoomed(1e9).distance < 20
    assert camera.orbited(360, 0).azimuth == pytest.approx(camera.azimuth)


def test_pan_moves_the_picture_by_as_many_pixels() -> None:
    camera, viewport = Camera(), Viewport(640, 480)
    before, _ = camera.project(np.array(camera.centre), viewport)
    moved = camera.panned(12, 7, viewport)
    after, _ = moved.project(np.array(camera.centre), viewport)
    np.testing.assert_allclose(after - before, (12, -7), atol=1e-6)
