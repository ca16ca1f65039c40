"""The gradient of linear regression over 10^6 samples of 10 features, against the two matrix products it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.kernels import value_and_gradient_kernel
from gdstudio.engine.objective import Objective, objective_program
from tests.bench.measure import Figure, at_most, given, interleaved

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_SAMPLES, _FEATURES = 1_000_000, 10
_REPEATS = 15


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    random = np.random.default_rng(0)
    data = random.normal(size=(_FEATURES + 1, _SAMPLES))
    weights = [f"w_{index}*x_{index}" for index in range(_FEATURES)]
    columns = (*(f"x_{index}" for index in range(_FEATURES)), "y")
    program = objective_program(f"({' + '.join(weights)} - y)^2", columns=columns, bounded=False)
    ours = value_and_gradient_kernel(program, True)(Objective(program, np.empty(0), data))
    theta, rest = random.normal(size=_FEATURES), np.empty(_SAMPLES)
    # Both ways of laying out a matrix; the faster one counts.
    by_columns = data[:_FEATURES].T
    by_rows = np.ascontiguousarray(by_columns)
    found = np.empty(_FEATURES)

    def products(matrix: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
        np.matmul(matrix, theta, out=rest)
        np.matmul(rest, matrix, out=found)

    gradient, columnwise, rowwise = interleaved(
        _REPEATS, lambda: ours(theta), lambda: products(by_columns), lambda: products(by_rows)
    )
    expected = 2.0 * (by_rows @ theta - data[-1]) @ by_rows / _SAMPLES
    assert np.allclose(ours(theta)[1], expected, rtol=1e-9)
    name = "loss and gradient of 10^6 x 10"
    return [
        given(f"{name}, ours", gradient * 1e3, "ms"),
        given("two matrix products, features contiguous", columnwise * 1e3, "ms"),
        given("two matrix products, samples contiguous", rowwise * 1e3, "ms"),
        at_most(f"{name} / the two matrix products", gradient / min(columnwise, rowwise), 1.5, "x"),
    ]
