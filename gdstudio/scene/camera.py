"""The one camera of the 3-D view: with OpenGL and without, on screen and on paper, the picture is the same.

It has the parameters of pyqtgraph's ``GLViewWidget`` (centre, distance, elevation, azimuth, near and far
planes that follow the distance) and computes the same matrices, plus what a widget does not need: a focal
length with which everything fits whatever the viewport's shape, the part of the picture that should stay
clear, projection and rays of whole arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.scene.relief import FLOOR, HEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLOSEST, _FARTHEST = 1.2, 14.0
_LOWEST, _HIGHEST = 4.0, 90.0

TICKS_AWAY, NAMES_AWAY = 0.13, 0.34
"""How far from the floor's edge its tick labels and the variables' names stand."""
# Room about the middles of labels and about all else, across and down, in pixels; and how much of a small
# viewport is left to the body however large its labels are.
_TICK_ROOM, _NAME_ROOM, _BODY_ROOM = (22.0, 12.0), (28.0, 13.0), (10.0, 10.0)
_LEAST_PART = 0.5
# How much smaller all may become for the sake of what is covered, tried in so many steps; how far what is drawn stays
# off it, and points along an edge.
_LEAST_SCALE, _SCALES, _CLEAR, _ALONG = 0.6, 41, 4.0, 21
# A viewport of no size is taken to be this wide and high, in pixels.
_SMALLEST = 32.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """Where a picture is drawn: its size in logical pixels. The scene is centred in it and scaled to it.

    Width and height of what `covered` says of its upper left corner are hidden by something: seen from home, the
    surface keeps clear of it.
    """

    width: float
    height: float
    covered: tuple[float, float] = (0.0, 0.0)

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, in pixels."""
        return self.width / 2, self.height / 2


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at `centre` from `distance`; angles in degrees, `azimuth` 0 looks along -x, 90 along -y.

    From the angles `home`, azimuth and elevation, at the usual distance the floor, its labels and the surface
    fill the viewport; turning does not change the scale, and the distance is a zoom relative to that.
    """

    centre: tuple[float, float, float] = (0.0, 0.0, -0.12)
    distance: float = 4.1
    elevation: float = 44.0
    azimuth: float = -68.0
    home: tuple[float, float] = (-68.0, 44.0)

    def position(self) -> NDArray[np.float64]:
        """Where the camera is, (3,)."""
        elevation, azimuth = math.radians(self.elevation), math.radians(self.azimuth)
        flat = math.cos(elevation)
        direction = (flat * math.cos(azimuth), flat * math.sin(azimuth), math.sin(elevation))
        return np.asarray(self.centre) + self.distance * np.asarray(direction)

    def view_matrix(self) -> NDArray[np.float64]:
        """World to camera, (4, 4), read only; the camera looks along its -z, its y points up."""
        return _view_matrix(self)

    def focal_length(self, viewport: Viewport) -> float:
        """Pixels that a unit spans at unit distance."""
        return self._fit(viewport)[0]

    def middle(self, viewport: Viewport) -> tuple[float, float]:
        """Return the pixel straight ahead."""
        across, down = viewport.centre
        return across, down + self._fit(viewport)[1]

    def _fit(self, viewport: Viewport) -> tuple[float, float]:
        return _fitting(self.home, max(viewport.width, _SMALLEST), max(viewport.height, _SMALLEST), viewport.covered)

    def projection_matrix(self, viewport: Viewport) -> NDArray[np.float64]:
        """Camera to clip space as OpenGL has it, (4, 4)."""
        focal = self.focal_length(viewport)
        near, far = self.distance * 0.001, self.distance * 1000.0
        matrix = np.zeros((4, 4))
        matrix[0, 0] = 2 * focal / viewport.width
        matrix[1, 1] = 2 * focal / viewport.height
        matrix[1, 2] = 2 * self._fit(viewport)[1] / viewport.height
        matrix[2, 2:] = (near + far) / (near - far), 2 * near * far / (near - far)
        matrix[3, 2] = -1.0
        return matrix

    def project(
        self, points: NDArray[np.float64], viewport: Viewport,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return pixels (..., 2), y downwards, and depths (...) of points (..., 3).

        A point at or behind the camera has NaN for its pixels.
        """
        matrix = self.view_matrix()
        seen = points @ matrix[:3, :3].T + matrix[:3, 3]
        depth = -seen[..., 2]
        across, down = self.middle(viewport)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(depth > self.distance * 0.001, self.focal_length(viewport) / depth, np.nan)
        pixels = np.stack([across + scale * seen[..., 0], down - scale * seen[..., 1]], axis=-1)
        return pixels, depth

    def ray(self, x: float, y: float, viewport: Viewport) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Origin (3,) and unit direction (3,) of the ray through a pixel."""
        across, down = self.middle(viewport)
        focal = self.focal_length(viewport)
        seen = np.array([(x - across) / focal, (down - y) / focal, -1.0])
        direction = self.view_matrix()[:3, :3].T @ seen
        return self.position(), direction / np.linalg.norm(direction)

    def orbited(self, azimuth: float, elevation: float) -> Camera:
        """Return the camera turned by these degrees; it stays above the floor."""
        return replace(
            self, azimuth=(self.azimuth + azimuth + 180.0) % 360.0 - 180.0,
            elevation=min(max(self.elevation + elevation, _LOWEST), _HIGHEST),
        )

    def at_home(self) -> Camera:
        """Return the camera with all in view from where it is now."""
        return replace(self, home=(self.azimuth, self.elevation))

    def zoomed(self, factor: float) -> Camera:
        """Return the camera `factor` times as far away, within what is useful."""
        return replace(self, distance=min(max(self.distance * factor, _CLOSEST), _FARTHEST))

    def panned(self, right: float, up: float, viewport: Viewport) -> Camera:
        """Return the camera moved so that the centre's picture moves by these pixels."""
        unit = self.distance / self.focal_length(viewport)
        axes = self.view_matrix()[:2, :3]
        moved = np.asarray(self.centre) - unit * (right * axes[0] + up * axes[1])
        x, y, z = (float(value) for value in np.clip(moved, -2.0, 2.0))
        return replace(self, centre=(x, y, z))


@lru_cache(maxsize=16)
def _view_matrix(camera: Camera) -> NDArray[np.float64]:
    elevation, azimuth = math.radians(camera.elevation), math.radians(camera.azimuth)
    sin_e, cos_e = math.sin(elevation), math.cos(elevation)
    sin_a, cos_a = math.sin(azimuth), math.cos(azimuth)
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [-sin_a, cos_a, 0.0],
        [-sin_e * cos_a, -sin_e * sin_a, cos_e],
        [cos_e * cos_a, cos_e * sin_a, sin_e],
    ]
    matrix[:3, 3] = -matrix[:3, :3] @ np.asarray(camera.centre) - np.array([0.0, 0.0, camera.distance])
    matrix.flags.writeable = False
    return matrix


@lru_cache(maxsize=64)
def _fitting(
    home: tuple[float, float], width: float, height: float, covered: tuple[float, float],
) -> tuple[float, float]:
    """Return the largest focal length with which all that is drawn fits into a viewport, and how far it moves down.

    Where nothing would do, something is covered rather than all of it small.
    """
    camera = Camera(azimuth=home[0], elevation=home[1])
    points, rooms = _body(camera.position())
    matrix = camera.view_matrix()
    seen = points @ matrix[:3, :3].T + matrix[:3, 3]
    half = np.array([width, height]) / 2
    usable = np.maximum(half - rooms, half * _LEAST_PART)
    flat = seen[:, :2] / -seen[:, 2:]
    with np.errstate(divide="ignore", over="ignore"):
        largest = float(np.min(usable / np.abs(flat)))
    for focal in largest * np.linspace(1.0, _LEAST_SCALE, _SCALES):
        across, up = (focal * _top_of(camera)).T
        under = across - _CLEAR < covered[0] - half[0]
        down = max(float((covered[1] + _CLEAR - half[1] + up[under]).max(initial=0.0)), 0.0)
        if (focal * -flat[:, 1] + down <= usable[:, 1]).all():
            return float(focal), down
    return largest, 0.0


def _top_of(camera: Camera) -> NDArray[np.float64]:
    """Return points (n, 2) along the upper edges of the body, as seen at the focal length 1."""
    along = np.linspace(-1.0, 1.0, _ALONG)
    edges = [[(t, end), (end, t)] for end in (-1.0, 1.0) for t in along]
    points = np.array([(x, y, FLOOR + HEIGHT) for pair in edges for x, y in pair])
    matrix = camera.view_matrix()
    seen = points @ matrix[:3, :3].T + matrix[:3, 3]
    return np.asarray(seen[:, :2] / -seen[:, 2:])


def _body(eye: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points (n, 3) about all that is drawn, seen from `eye`, and the room (n, 2) each needs in pixels."""
    near_x, near_y = (1.0 if eye[0] > 0 else -1.0), (1.0 if eye[1] > 0 else -1.0)
    box = [(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (FLOOR, FLOOR + HEIGHT)]
    ticks = [(x, near_y * (1 + TICKS_AWAY), FLOOR) for x in (-1.0, 1.0)]
    ticks += [(near_x * (1 + TICKS_AWAY), y, FLOOR) for y in (-1.0, 1.0)]
    names = [(0.0, near_y * (1 + NAMES_AWAY), FLOOR), (near_x * (1 + NAMES_AWAY), 0.0, FLOOR)]
    rooms = [_BODY_ROOM] * len(box) + [_TICK_ROOM] * len(ticks) + [_NAME_ROOM] * len(names)
    return np.array(box + ticks + names), np.array(rooms)
