"""The test functions once more, in plain NumPy as the literature writes them, to hold the table against.

Every oracle takes `theta` of shape (..., variables) and returns the losses, of shape (...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def _plane(function: Callable[[Array, Array], Array]) -> Callable[[Array], Array]:
    return lambda theta: function(theta[..., 0], theta[..., 1])


def bowl(theta: Array, condition: float = 10.0, angle: float = 30.0) -> Array:
    """Halve the quadratic form of the matrix with eigenvalues 1/condition (along `angle`) and 1."""
    turn = np.deg2rad(angle)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = axes @ np.diag([1.0 / condition, 1.0]) @ axes.T
    return np.asarray(0.5 * np.einsum("...i,ij,...j->...", theta, matrix, theta))


def rosenbrock(theta: Array) -> Array:
    """Sum the valleys of neighbours, in any number of variables."""
    near, following = theta[..., :-1], theta[..., 1:]
    return np.asarray(np.sum(100.0 * np.square(following - np.square(near)) + np.square(1.0 - near), axis=-1))


def _beale(x: Array, y: Array) -> Array:
    targets = (1.5, 2.25, 2.625)
    residuals = [target - x * (1.0 - np.power(y, power)) for power, target in enumerate(targets, start=1)]
    return np.asarray(np.sum(np.square(residuals), axis=0))


def _goldstein_price(x: Array, y: Array) -> Array:
    first = 19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y
    second = 18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y
    return (1 + np.square(x + y + 1) * first) * (30 + np.square(2 * x - 3 * y) * second)


def _styblinski_tang(theta: Array) -> Array:
    return np.asarray(0.5 * np.polyval([1.0, 0.0, -16.0, 5.0, 0.0], theta).sum(axis=-1))


def _branin(x: Array, y: Array) -> Array:
    a, b, c, r, s, t = 1.0, 5.1 / (4 * np.pi**2), 5 / np.pi, 6.0, 10.0, 1 / (8 * np.pi)
    return a * np.square(y - b * np.square(x) + c * x - r) + s * (1 - t) * np.cos(x) + s


def _rastrigin(theta: Array) -> Array:
    return np.asarray(np.sum(10.0 + np.square(theta) - 10.0 * np.cos(2 * np.pi * theta), axis=-1))


def _ackley(theta: Array) -> Array:
    funnel = -20.0 * np.exp(-0.2 * np.sqrt(np.mean(np.square(theta), axis=-1)))
    return np.asarray(funnel - np.exp(np.mean(np.cos(2 * np.pi * theta), axis=-1)) + np.e + 20.0)


def _griewank(theta: Array) -> Array:
    roots = np.sqrt(np.arange(1, theta.shape[-1] + 1))
    return np.asarray(np.sum(np.square(theta), axis=-1) / 4000 - np.prod(np.cos(theta / roots), axis=-1) + 1)


def _levy(theta: Array) -> Array:
    w = 1 + (theta - 1) / 4
    inner = np.square(w[..., :-1] - 1) * (1 + 10 * np.square(np.sin(np.pi * w[..., :-1] + 1)))
    last = np.square(w[..., -1] - 1) * (1 + np.square(np.sin(2 * np.pi * w[..., -1])))
    return np.asarray(np.square(np.sin(np.pi * w[..., 0])) + inner.sum(axis=-1) + last)


def _schwefel(theta: Array) -> Array:
    # 418.98... a variable, so that the loss at the minimum is zero; the papers print fewer digits
    return np.asarray(np.sum(418.98288727243369 - theta * np.sin(np.sqrt(np.abs(theta))), axis=-1))


def _eggholder(x: Array, y: Array) -> Array:
    shifted = y + 47.0
    first = shifted * np.sin(np.sqrt(np.abs(shifted + 0.5 * x)))
    return -first - x * np.sin(np.sqrt(np.abs(x - shifted)))


def _easom(theta: Array) -> Array:
    return np.asarray(-np.prod(np.cos(theta) * np.exp(-np.square(theta - np.pi)), axis=-1))


def _plateau(x: Array, y: Array) -> Array:
    cliff = 0.5 * (1.0 - np.tanh(1.5 * (x + 3.0)))
    return cliff + 1.0 - np.exp(-0.5 * np.square(np.hypot(x - 2.0, y)))


ORACLES: dict[str, Callable[[Array], Array]] = {
    "parabola": lambda theta: 5.0 * np.square(theta[..., 0]),
    "bowl": bowl,
    "booth": _plane(lambda x, y: np.square(x + 2 * y - 7) + np.square(2 * x + y - 5)),
    "matyas": _plane(lambda x, y: 0.26 * (np.square(x) + np.square(y)) - 0.48 * x * y),
    "sum_squares": lambda theta: np.asarray(np.square(theta) @ np.arange(1.0, theta.shape[-1] + 1)),
    "three_variables": lambda theta: 2 * theta[..., 0] ** 2 + 6 * theta[..., 1] ** 2 + 7 * theta[..., 2] ** 3,
    "ravine": _plane(lambda x, y: 0.25 * np.square(x) + np.hypot(1.0, 5.0 * (y - np.sin(x))) - 1.0),
    "rosenbrock": rosenbrock,
    "rosenbrock_10": rosenbrock,
    "beale": _plane(_beale),
    "double_well": lambda theta: np.asarray(np.polyval([1.0, 0.0, -4.0, 1.0, 0.0], theta[..., 0]), dtype=np.float64),
    "forrester": lambda theta: np.square(6 * theta[..., 0] - 2) * np.sin(12 * theta[..., 0] - 4),
    "two_minima": _plane(lambda x, y: np.square(np.square(x) - 1) - 1 + 0.4 * x + 2 * np.square(y - 0.3 * x)),
    "himmelblau": _plane(lambda x, y: np.square(x * x + y - 11) + np.square(x + y * y - 7)),
    "three_hump_camel": _plane(lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2),
    "six_hump_camel": _plane(lambda x, y: 4 * x**2 - 2.1 * x**4 + x**6 / 3 + x * y - 4 * y**2 + 4 * y**4),
    "mccormick": _plane(lambda x, y: np.sin(x + y) + np.square(x - y) - 1.5 * x + 2.5 * y + 1),
    "styblinski_tang": _styblinski_tang,
    "branin": _plane(_branin),
    "goldstein_price": _plane(_goldstein_price),
    "saddle": _plane(lambda x, y: (x - y) * (x + y)),
    "monkey_saddle": _plane(lambda x, y: np.real((x + 1j * y) ** 3)),
    "plateau": _plane(_plateau),
    "easom": _easom,
    "griewank": _griewank,
    "levy": _levy,
    "rastrigin": _rastrigin,
    "ackley": _ackley,
    "schwefel": _schwefel,
    "eggholder": _plane(_eggholder),
}
