"""The one camera of the 3-D view: with OpenGL and without, on screen and on paper, the picture is the same.

It has the parameters of pyqtgraph's ``GLViewWidget`` (centre, distance, elevation, azimuth, field of view,
near and far planes that follow the distance) and computes the same matrices, plus what a widget does not
need: the part of the picture that should stay clear, projection and rays of whole arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLOSEST, _FARTHEST = 1.2, 14.0
_LOWEST, _HIGHEST = 4.0, 90.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """Where a picture is drawn: its size in logical pixels and margins that other things cover.

    The scene is centred in, and scaled to, what the margins leave.
    """

    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of what the margins leave, in pixels."""
        return (self.left + self.width - self.right) / 2, (self.top + self.height - self.bottom) / 2

    @property
    def extent(self) -> float:
        """Half of the clear part's shorter side, height counted a third more: surfaces lie flat."""
        across = self.width - self.left - self.right
        down = self.height - self.top - self.bottom
        return max(min(across, down * 4 / 3), 32.0) / 2


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at `centre` from `distance`; angles in degrees, `azimuth` 0 looks along -x, 90 along -y."""

    centre: tuple[float, float, float] = (0.0, 0.0, -0.12)
    distance: float = 4.1
    elevation: float = 44.0
    azimuth: float = -68.0
    field_of_view: float = 45.0

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
        return viewport.extent / math.tan(math.radians(self.field_of_view) / 2)

    def projection_matrix(self, viewport: Viewport) -> NDArray[np.float64]:
        """Camera to clip space as OpenGL has it, (4, 4)."""
        focal = self.focal_length(viewport)
        across, down = viewport.centre
        near, far = self.distance * 0.001, self.distance * 1000.0
        matrix = np.zeros((4, 4))
        matrix[0, 0] = 2 * focal / viewport.width
        matrix[0, 2] = 1 - 2 * across / viewport.width
        matrix[1, 1] = 2 * focal / viewport.height
        matrix[1, 2] = 2 * down / viewport.height - 1
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
        across, down = viewport.centre
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(depth > self.distance * 0.001, self.focal_length(viewport) / depth, np.nan)
        pixels = np.stack([across + scale * seen[..., 0], down - scale * seen[..., 1]], axis=-1)
        return pixels, depth

    def ray(self, x: float, y: float, viewport: Viewport) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Origin (3,) and unit direction (3,) of the ray through a pixel."""
        across, down = viewport.centre
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
