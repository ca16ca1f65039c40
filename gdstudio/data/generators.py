"""Makes the data sets that are made up: the same seed and numbers give the same bits.

Each function returns the columns by name, the target last. Labels alternate from row to row, so that the classes are as
large as they can be alike and even an order that is never shuffled meets them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]

_LINE_SLOPE, _LINE_INTERCEPT = 1.5, 0.5
# How far an outlier lies from the line, at least and at most: beyond the noise, still in the picture.
_OUTLIER_DISTANCE = (4.0, 8.0)
_BLOB_DISTANCE = 3.0
# Where the arms of the spirals begin, as a fraction of their length: at the very centre nobody could tell them apart.
_SPIRAL_BEGIN = 0.1


def _randomness(seed: float) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(int(seed)))


def noisy_line(samples: float, noise: float, outliers: float, seed: float) -> Columns:
    """Return ``y = 1.5 x + 0.5`` at evenly spaced x in [-2, 2] with normal noise of standard deviation `noise`.

    Of the samples, a fraction `outliers` is moved up or down by 4 to 8.
    """
    count, randomness = int(samples), _randomness(seed)
    x = np.linspace(-2.0, 2.0, count)
    y = _LINE_SLOPE * x + _LINE_INTERCEPT + noise * randomness.standard_normal(count)
    moved = randomness.permutation(count)[:round(outliers * count)]
    distances = randomness.uniform(*_OUTLIER_DISTANCE, count) * randomness.choice((-1.0, 1.0), count)
    y[moved] += distances[moved]
    return {"x": x, "y": y}


def correlated(samples: float, correlation: float, noise: float, seed: float) -> Columns:
    """Return ``y = 2 x1 - x2 + 0.5`` plus noise, where x1 and x2 are standard normal with the given correlation."""
    x1, other, error = _randomness(seed).standard_normal((3, int(samples)))
    x2 = correlation * x1 + np.sqrt(1.0 - correlation**2) * other
    return {"x1": x1, "x2": x2, "y": 2.0 * x1 - x2 + 0.5 + noise * error}


def badly_scaled(samples: float, scale: float, noise: float, seed: float) -> Columns:
    """Return ``y = 2 x1 + 3 x2 / scale + 1`` plus noise; x1 is standard normal, x2 so many times as large."""
    x1, other, error = _randomness(seed).standard_normal((3, int(samples)))
    return {"x1": x1, "x2": scale * other, "y": 2.0 * x1 + 3.0 * other + 1.0 + noise * error}


def moons(samples: float, noise: float, seed: float) -> Columns:
    """Return two half circles of radius 1, each reaching into the other, with normal noise."""
    label, randomness = _labels(samples, 2), _randomness(seed)
    angle = randomness.uniform(0.0, np.pi, len(label))
    x1 = np.where(label == 0.0, np.cos(angle), 1.0 - np.cos(angle))
    x2 = np.where(label == 0.0, np.sin(angle), 0.5 - np.sin(angle))
    return _labelled(x1, x2, label, noise, randomness)


def circles(samples: float, factor: float, noise: float, seed: float) -> Columns:
    """Return a circle of radius 1 and one of radius `factor` within it, with normal noise."""
    label, randomness = _labels(samples, 2), _randomness(seed)
    angle = randomness.uniform(0.0, 2.0 * np.pi, len(label))
    radius = np.where(label == 0.0, 1.0, factor)
    return _labelled(radius * np.cos(angle), radius * np.sin(angle), label, noise, randomness)


def xor(samples: float, noise: float, seed: float) -> Columns:
    """Return a square of side 2, labelled 1 where just one coordinate is positive, with normal noise after that."""
    quadrant, randomness = _labels(samples, 4), _randomness(seed)
    right, up = quadrant % 2.0, quadrant // 2.0
    x1, x2 = randomness.uniform(0.0, 1.0, (2, len(quadrant)))
    return _labelled(x1 - (right == 0.0), x2 - (up == 0.0), np.where(right == up, 0.0, 1.0), noise, randomness)


def blobs(samples: float, classes: float, spread: float, seed: float) -> Columns:
    """Return normal clouds of standard deviation `spread`, their centres evenly spaced on a circle of radius 3."""
    label, randomness = _labels(samples, int(classes)), _randomness(seed)
    angle = 2.0 * np.pi * (label / classes + 0.25)
    return _labelled(_BLOB_DISTANCE * np.cos(angle), _BLOB_DISTANCE * np.sin(angle), label, spread, randomness)


def spirals(samples: float, turns: float, noise: float, seed: float) -> Columns:
    """Return two arms of a spiral of radius 1, one opposite the other, with normal noise."""
    label, randomness = _labels(samples, 2), _randomness(seed)
    # the square root makes them as dense outside as within
    along = np.sqrt(randomness.uniform(_SPIRAL_BEGIN**2, 1.0, len(label)))
    angle = 2.0 * np.pi * turns * along + np.pi * label
    return _labelled(along * np.cos(angle), along * np.sin(angle), label, noise, randomness)


def _labels(samples: float, classes: int) -> NDArray[np.float64]:
    return np.arange(int(samples), dtype=np.float64) % classes


def _labelled(
    x1: NDArray[np.float64], x2: NDArray[np.float64], label: NDArray[np.float64], noise: float,
    randomness: np.random.Generator,
) -> Columns:
    errors = noise * randomness.standard_normal((2, len(label)))
    return {"x1": x1 + errors[0], "x2": x2 + errors[1], "label": label}
