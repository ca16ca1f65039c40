"""Colours for heights: quiet, perceptually uniform maps, so that paths and not the terrain catch the eye.

A map is a few chosen colours. They are mixed in OKLab (Ottosson, 2020), each placed where its lightness
belongs, so that lightness rises linearly with height.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])
_TO_LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])


def oklab(rgb: ArrayLike) -> NDArray[np.float64]:
    """OKLab coordinates (..., 3) of sRGB colours (..., 3) in 0 to 1."""
    colours = np.asarray(rgb, dtype=np.float64)
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    lab: NDArray[np.float64] = np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T
    return lab


def srgb(lab: ArrayLike) -> NDArray[np.float64]:
    """Colours (..., 3) in sRGB, 0 to 1, of OKLab coordinates; what no screen shows is clipped."""
    cones = (np.asarray(lab, dtype=np.float64) @ np.linalg.inv(_TO_LAB).T) ** 3
    linear = np.clip(cones @ np.linalg.inv(_TO_CONES).T, 0.0, 1.0)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of ``"#rrggbb"``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class Colormap:
    """Colours from low to high.

    Parameters
    ----------
    *colours : str
        Two or more, ``"#rrggbb"``, ordered by lightness from dark to light.
    """

    def __init__(self, *colours: str) -> None:
        self.colours: Sequence[str] = colours

    @cached_property
    def table(self) -> NDArray[np.float64]:
        """The map at 1024 even steps, (1024, 3) in 0 to 1."""
        lab = oklab([[part / 255 for part in rgb_of(colour)] for colour in self.colours])
        steps = np.linspace(lab[0, 0], lab[-1, 0], 1024)
        mixed = np.stack([np.interp(steps, lab[:, 0], lab[:, channel]) for channel in range(3)], axis=-1)
        return srgb(mixed)

    def at(self, fractions: ArrayLike) -> NDArray[np.float64]:
        """Colours (..., 3) in 0 to 1 at fractions (...); beyond 0 and 1 the end colours, NaN as 0."""
        scaled = np.nan_to_num(np.asarray(fractions, dtype=np.float64), nan=0.0, posinf=1.0, neginf=0.0)
        indices = np.rint(np.clip(scaled, 0.0, 1.0) * (len(self.table) - 1)).astype(np.intp)
        colours: NDArray[np.float64] = self.table[indices]
        return colours

    def bytes_at(self, fractions: ArrayLike) -> NDArray[np.uint8]:
        """As `at`, in 0 to 255."""
        return np.rint(self.at(fractions) * 255).astype(np.uint8)


DARK_TERRAIN = Colormap(
    "#150d1f", "#2a2147", "#313a69", "#2d5a7e", "#2b7886", "#36918c", "#58a992", "#93c3a4", "#bcd3c4",
)
LIGHT_TERRAIN = Colormap(
    "#2a1d3e", "#3a3f78", "#366190", "#347b9a", "#3a9ca2", "#4fb6a8", "#85d0b2", "#cbe8da",
)
