"""What the tests of parity and the script that makes their oracles share for optimizers of matrices.

Gradients of a tall, a wide and a square matrix, with the vectors between them, as in a network; and softmax regression
of a few samples, with its gradient by hand.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.oracles.parity_cases import STEPS, Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = dict[str, tuple[int, ...]]

# A matrix has a row for each input and a column for each output; all lie one behind another, row by row.
LAYERS: dict[str, Shapes] = {
    "tall": {"W": (9, 4), "b": (4,)},
    "wide": {"W": (3, 7), "b": (7,)},
    "layers": {"V": (6, 5), "a": (5,), "S": (5, 5), "b": (5,), "W": (5, 2), "c": (2,)},
}
FEATURES, CLASSES, SAMPLES = 5, 3, 40
SOFTMAX: Shapes = {"W": (FEATURES, CLASSES), "b": (CLASSES,)}
# The closed loop is compared at the last of these that it reaches without chaos.
MATRIX_HORIZONS = (2, 5, 10, 20, 50, 100)
_POLYNOMIAL = {"muon_a": 2.0, "muon_b": -1.5, "muon_c": 0.5, "ns_steps": 9.0}
_ADAM = {"adam_lr_ratio": 0.3, "beta1": 0.6, "beta2": 0.93, "adam_weight_decay": 0.2}
_WITHOUT = {"learning_rate": 0.02, "momentum": 0.6, "nesterov": 0.0, "weight_decay": 0.3, "ns_steps": 3.0}
MATRIX_ODD: dict[tuple[str, str], tuple[dict[str, float], ...]] = {
    ("muon", "pytorch"): (
        {**_WITHOUT, "epsilon": 0.9}, {"learning_rate": 0.01, "adjust_lr_fn": 1.0, "adam_epsilon": 1e-3, **_ADAM},
        {"learning_rate": 0.02, **_POLYNOMIAL},
    ),
    ("muon", "keras"): (
        {**_WITHOUT, "rms_rate": 0.0}, {"learning_rate": 0.01, "rms_rate": 0.5, "epsilon": 1e-3, **_ADAM},
        {"learning_rate": 0.02, **_POLYNOMIAL},
    ),
}
# Optimizer, convention, number of its settings (0 are the defaults), settings.
MATRIX_CASES: tuple[tuple[str, str, int, dict[str, float]], ...] = tuple(
    (optimizer, convention, number, settings)
    for (optimizer, convention), odd in MATRIX_ODD.items()
    for number, settings in enumerate(({}, *odd))
)


def parts(flat: NDArray[Any], shapes: Shapes) -> list[NDArray[Any]]:
    """Return the blocks of a flat vector as arrays of their shapes."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes.values(), strict=True)]


def matrix_streams(*, single: bool = False) -> dict[str, Stream]:
    """Return recorded gradients by layers and kind: slopes of a bowl around points that close in on its end, or noise.

    `single` rounds them to float32.
    """
    random = np.random.default_rng(31)
    kind = np.float32 if single else np.float64
    found = {}
    for name, shapes in LAYERS.items():
        size = sum(math.prod(shape) for shape in shapes.values())
        start = 2.0 * random.random(size) - 1.0
        steepness = 10.0 ** (3.0 * random.random(size) - 1.0)
        spread = 1.0 / (1.0 + np.arange(STEPS))
        slopes = steepness * spread[:, None] * (4.0 * random.random((STEPS, size)) - 2.0)
        noise = random.random((STEPS, size)) + random.random((STEPS, size)) - 1.0
        for key, gradients in (("slopes", slopes), ("noise", noise)):
            found[f"{name} {key}"] = Stream(
                start.astype(kind), gradients.astype(kind), np.zeros((STEPS, size), dtype=kind)
            )
    return found


def softmax_data() -> tuple[Floats, NDArray[np.int64]]:
    """Return the features, shape (SAMPLES, FEATURES), and the class of each sample; no hyperplanes part these."""
    random = np.random.default_rng(32)
    return 2.0 * random.random((SAMPLES, FEATURES)) - 1.0, random.integers(0, CLASSES, SAMPLES)


def softmax_gradient(theta: Floats) -> Floats:
    """Return the gradient of the mean cross-entropy at flat parameters, shape (n,)."""
    inputs, right = softmax_data()
    weights, intercepts = parts(theta, SOFTMAX)
    logits = np.asarray(inputs @ weights + intercepts, dtype=np.float64)
    each = np.exp(logits - logits.max(axis=1, keepdims=True))
    each /= each.sum(axis=1, keepdims=True)
    each[np.arange(SAMPLES), right] -= 1.0
    each /= SAMPLES
    return np.concatenate([(inputs.T @ each).ravel(), each.sum(axis=0)])
