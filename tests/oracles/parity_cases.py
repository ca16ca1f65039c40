"""What the tests of parity and the script that makes their oracles share: gradients and problems.

Every case is run twice. Open loop: `STEPS` recorded gradients are fed to both sides. Closed loop: both go down
the problem itself, as far as the library's own end does not depend on the last bits of its gradients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 1000
# After so many recorded gradients the parameters are compared.
CHECKED = (1, 100, 1000)
# A closed loop is compared at the last of these that it reaches without chaos.
HORIZONS = (5, 10, 20, 50, 100, 200, 500, 1000)
BOUND = 1e-10
# The same in float32, open loop only.
SINGLE_STEPS = 100
SINGLE_CHECKED = (1, 10, 100)
SINGLE_BOUND = 1e-5
_LETTERS = "abcdklmnop"
_CURVATURES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)


@dataclass(frozen=True)
class Problem:
    """A function with its derivatives by hand, and as a formula."""

    text: str
    start: tuple[float, ...]
    minimum: tuple[float, ...]
    loss: Callable[[Floats], float]
    gradient: Callable[[Floats], Floats]
    curvature: Callable[[Floats], Floats]


def _rosenbrock(theta: Floats) -> float:
    x, y = theta
    return float((1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x))


def _rosenbrock_gradient(theta: Floats) -> Floats:
    x, y = theta
    return np.array([-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)])


def _rosenbrock_curvature(theta: Floats) -> Floats:
    x, y = theta
    return np.array([2.0 - 400.0 * (y - x * x) + 800.0 * x * x, 200.0])


def _beale_terms(theta: Floats) -> list[tuple[float, float, float, float]]:
    """Return for each of the three squares: its base, its derivatives, and the second one by y."""
    x, y = theta
    return [
        (1.5 - x + x * y, y - 1.0, x, 0.0),
        (2.25 - x + x * y * y, y * y - 1.0, 2.0 * x * y, 2.0 * x),
        (2.625 - x + x * y * y * y, y * y * y - 1.0, 3.0 * x * y * y, 6.0 * x * y),
    ]


def _beale(theta: Floats) -> float:
    return float(sum(f * f for f, *_ in _beale_terms(theta)))


def _beale_gradient(theta: Floats) -> Floats:
    terms = _beale_terms(theta)
    return np.array([sum(2.0 * f * fx for f, fx, _, _ in terms), sum(2.0 * f * fy for f, _, fy, _ in terms)])


def _beale_curvature(theta: Floats) -> Floats:
    terms = _beale_terms(theta)
    return np.array(
        [sum(2.0 * fx * fx for _, fx, _, _ in terms), sum(2.0 * (fy * fy + f * fyy) for f, _, fy, fyy in terms)]
    )


def _bowl(theta: Floats) -> float:
    u = theta - 0.2 * np.add.accumulate(theta)[-1]
    return float(np.add.accumulate(0.5 * np.array(_CURVATURES) * u * u)[-1])


def _bowl_gradient(theta: Floats) -> Floats:
    # u is theta mirrored at the plane across (1, ..., 1): a rotation of the axes that needs no square root.
    u = theta - 0.2 * np.add.accumulate(theta)[-1]
    slope = np.array(_CURVATURES) * u
    return np.asarray(slope - 0.2 * np.add.accumulate(slope)[-1])


def _bowl_curvature(theta: Floats) -> Floats:
    del theta
    curvatures = np.array(_CURVATURES)
    return 0.64 * curvatures + 0.04 * (float(np.sum(curvatures)) - curvatures)


_SUM = "+".join(_LETTERS)
PROBLEMS: dict[str, Problem] = {
    "rosenbrock": Problem(
        "(1-x)^2 + 100*(y-x^2)^2", (-1.2, 1.0), (1.0, 1.0), _rosenbrock, _rosenbrock_gradient,
        _rosenbrock_curvature,
    ),
    "beale": Problem(
        "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2", (0.6, 0.4), (3.0, 0.5), _beale,
        _beale_gradient, _beale_curvature,
    ),
    "rotated_bowl": Problem(
        "+".join(
            f"{curvature / 2.0!r}*({name}-0.2*({_SUM}))^2"
            for name, curvature in zip(_LETTERS, _CURVATURES, strict=True)
        ),
        (1.0, -1.0, 0.5, 2.0, -0.3, 0.7, -1.6, 1.1, 0.2, -0.8), (0.0,) * 10, _bowl, _bowl_gradient,
        _bowl_curvature,
    ),
}


@dataclass(frozen=True)
class Stream:
    """Recorded gradients and curvatures, shape (`STEPS`, n) each, and where the parameters begin."""

    start: NDArray[Any]
    gradients: NDArray[Any]
    curvatures: NDArray[Any]


def streams(*, single: bool = False) -> dict[str, Stream]:
    """Return the recorded gradients: of the problems around points that close in on the minimum, and noise.

    `single` rounds them to float32.
    """
    found = _streams()
    if not single:
        return found
    return {
        name: Stream(*(array.astype(np.float32) for array in (stream.start, stream.gradients, stream.curvatures)))
        for name, stream in found.items()
    }


def _streams() -> dict[str, Stream]:
    random = np.random.default_rng(20)
    found = {}
    for name, problem in PROBLEMS.items():
        size = len(problem.start)
        # From a distance of 1 down to a thousandth of it, so that averages must forget.
        spread = 1.0 / (1.0 + np.arange(STEPS)) ** 1.0
        points = np.array(problem.minimum) + spread[:, None] * (4.0 * random.random((STEPS, size)) - 2.0)
        found[name] = Stream(
            np.array(problem.start), np.array([problem.gradient(point) for point in points]),
            np.array([problem.curvature(point) for point in points]),
        )
    noise = 2.0 * random.random((STEPS, 6)) - 1.0
    # Sums of uniform numbers: close enough to a bell, and the same to the bit everywhere.
    noise = noise + 2.0 * random.random((STEPS, 6)) - 1.0
    found["noise"] = Stream(
        np.array([0.5, -2.0, 1.0, 3.0, -0.1, 0.0]), noise, 0.5 + random.random((STEPS, 6)),
    )
    return found


def error(ours: NDArray[Any], theirs: NDArray[Any]) -> float:
    """Return the largest ``|a - b| / max(1, |b|)``."""
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))))
