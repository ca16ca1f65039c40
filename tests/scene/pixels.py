"""Drawings as arrays of pixels, for tests that compare pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QPainter

if TYPE_CHECKING:
    from collections.abc import Callable


def array_of(image: QImage) -> np.ndarray:
    """Red, green and blue (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    memory = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.width(), 4)
    return memory[..., 2::-1].astype(np.float64)


def painted(paint: Callable[[QPainter], None], width: int, height: int, ratio: float = 1.0) -> np.ndarray:
    """Return what a function paints on black."""
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0xFF000000)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return array_of(image)


def difference(first: np.ndarray, second: np.ndarray) -> float:
    """Mean absolute difference, 0 to 255."""
    return float(np.abs(first - second).mean())


def near(pixels: np.ndarray, colour: str, tolerance: float = 12.0) -> np.ndarray:
    """Where a colour is, (height, width)."""
    wanted = np.array([int(colour[k:k + 2], 16) for k in (1, 3, 5)], dtype=np.float64)
    return np.abs(pixels - wanted).max(axis=-1) <= tolerance
