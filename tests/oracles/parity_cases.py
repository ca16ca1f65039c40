"""What the tests of parity and the script that makes their oracles share: gradients, problems and settings.

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
    gradient: Callable[[Floats], Floats]
    curvature: Callable[[Floats], Floats]


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


def _beale_gradient(theta: Floats) -> Floats:
    terms = _beale_terms(theta)
    return np.array([sum(2.0 * f * fx for f, fx, _, _ in terms), sum(2.0 * f * fy for f, _, fy, _ in terms)])


def _beale_curvature(theta: Floats) -> Floats:
    terms = _beale_terms(theta)
    return np.array(
        [sum(2.0 * fx * fx for _, fx, _, _ in terms), sum(2.0 * (fy * fy + f * fyy) for f, _, fy, fyy in terms)]
    )


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
        "(1-x)^2 + 100*(y-x^2)^2", (-1.2, 1.0), (1.0, 1.0), _rosenbrock_gradient, _rosenbrock_curvature
    ),
    "beale": Problem(
        "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2", (0.6, 0.4), (3.0, 0.5), _beale_gradient,
        _beale_curvature,
    ),
    "rotated_bowl": Problem(
        "+".join(
            f"{curvature / 2.0!r}*({name}-0.2*({_SUM}))^2"
            for name, curvature in zip(_LETTERS, _CURVATURES, strict=True)
        ),
        (1.0, -1.0, 0.5, 2.0, -0.3, 0.7, -1.6, 1.1, 0.2, -0.8), (0.0,) * 10, _bowl_gradient, _bowl_curvature,
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


# Settings that differ from the defaults, for each optimizer in each convention. `weight_decay` and `decoupled`
# are the common ones where an optimizer has none of its own. The defaults themselves are always tried too.
ODD: dict[tuple[str, str], tuple[dict[str, float], ...]] = {
    ("gd", "pytorch"): ({"learning_rate": 1.7e-3, "weight_decay": 0.1},),
    ("gd", "keras"): ({"learning_rate": 1.7e-3, "weight_decay": 0.1, "decoupled": 1.0},),
    ("momentum", "pytorch"): (
        {"learning_rate": 3e-4, "momentum": 0.37, "dampening": 0.6},
        {"learning_rate": 3e-4, "momentum": 0.8, "nesterov": 1.0, "weight_decay": 0.03},
    ),
    ("momentum", "keras"): (
        {"learning_rate": 3e-4, "momentum": 0.37, "weight_decay": 0.03, "decoupled": 1.0},
        {"learning_rate": 3e-4, "momentum": 0.8, "nesterov": 1.0},
    ),
    ("momentum_ema", "author"): ({"learning_rate": 2e-3, "beta": 0.81},),
    ("nesterov", "pytorch"): ({"learning_rate": 2e-4, "momentum": 0.55, "weight_decay": 0.05},),
    ("nesterov", "keras"): ({"learning_rate": 2e-4, "momentum": 0.55}, {"learning_rate": 2e-4, "weight_decay": 0.05}),
    ("nesterov_lookahead", "author"): ({"learning_rate": 2e-4, "momentum": 0.55},),
    ("asgd", "pytorch"): (
        {"learning_rate": 1e-3, "lambd": 0.05, "alpha": 0.6, "t0": 50.0},
        {"learning_rate": 1e-3, "weight_decay": 0.05},
    ),
    ("rprop", "pytorch"): (
        {"learning_rate": 0.03, "eta_minus": 0.4, "eta_plus": 1.4, "step_min": 1e-3, "step_max": 0.5},
    ),
    ("signsgd", "author"): ({"learning_rate": 3e-3},),
    ("signum", "author"): ({"learning_rate": 3e-3, "momentum": 0.6},),
    ("qhm", "author"): ({"learning_rate": 2e-3, "momentum": 0.8, "nu": 0.4}, {"weight_decay": 0.1}),
    ("adagrad", "pytorch"): (
        {"learning_rate": 0.1, "learning_rate_decay": 0.02, "initial_accumulator": 0.3, "epsilon": 1e-3},
        {"weight_decay": 0.1},
    ),
    ("adagrad", "keras"): (
        {"learning_rate": 0.1, "initial_accumulator": 0.3, "epsilon": 1e-3},
        {"weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adadelta", "pytorch"): ({"learning_rate": 0.7, "rho": 0.8, "epsilon": 1e-4}, {"weight_decay": 0.1}),
    ("adadelta", "keras"): (
        {"learning_rate": 0.7, "rho": 0.8, "epsilon": 1e-4}, {"learning_rate": 0.1, "weight_decay": 0.1},
    ),
    ("rmsprop", "pytorch"): (
        {"learning_rate": 3e-3, "rho": 0.83, "epsilon": 1e-4, "centered": 1.0},
        {"learning_rate": 3e-3, "momentum": 0.7, "weight_decay": 0.1},
        {"learning_rate": 3e-3, "momentum": 0.5, "centered": 1.0, "epsilon": 1e-2},
    ),
    ("rmsprop", "keras"): (
        {"learning_rate": 3e-3, "rho": 0.83, "epsilon": 1e-4, "centered": 1.0},
        {"learning_rate": 3e-3, "momentum": 0.7, "weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 3e-3, "momentum": 0.5, "centered": 1.0, "epsilon": 1e-2},
    ),
    ("adam", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-5},
        {"learning_rate": 0.01, "amsgrad": 1.0, "weight_decay": 0.1},
        {"learning_rate": 0.01, "weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adam", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3},
        {"learning_rate": 0.01, "amsgrad": 1.0},
        {"learning_rate": 0.01, "weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adamw", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-5, "weight_decay": 0.3},
        {"learning_rate": 0.01, "amsgrad": 1.0},
    ),
    ("adamw", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "weight_decay": 0.3},
        {"learning_rate": 0.01, "amsgrad": 1.0},
    ),
    ("adamax", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("adamax", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("nadam", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "momentum_decay": 0.05},
        {"weight_decay": 0.1}, {"weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("nadam", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("nadamw", "pytorch"): (
        {
            "learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "momentum_decay": 0.05,
            "weight_decay": 0.2,
        },
    ),
    ("amsgrad", "pytorch"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("amsgrad", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
    ),
    ("radam", "pytorch"): (
        {"learning_rate": 0.002, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
        {"weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adafactor", "pytorch"): (
        {"learning_rate": 0.05, "beta2_decay": -0.5, "epsilon_2": 0.05, "clip_threshold": 1.5, "weight_decay": 0.1},
        {"epsilon_1": 0.3},
    ),
    ("adafactor", "keras"): (
        {"learning_rate": 0.05, "beta2_decay": -0.5, "epsilon_1": 0.02, "epsilon_2": 0.05, "clip_threshold": 0.7},
        {"learning_rate": 0.05, "weight_decay": 0.1},
    ),
    ("ftrl", "keras"): (
        {
            "learning_rate": 0.05, "learning_rate_power": -0.7, "initial_accumulator": 0.4,
            "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.02,
        },
        {"learning_rate": 0.05, "weight_decay": 0.1},
    ),
    ("lamb", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3}, {"weight_decay": 0.1},
        {"learning_rate": 0.01, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4},
    ),
    ("yogi", "author"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-2, "initial_accumulator": 0.1},
    ),
    ("qhadam", "author"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-3, "nu1": 0.5, "nu2": 0.8},
        {"weight_decay": 0.1},
    ),
    ("adabelief", "author"): (
        {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-4},
        {"learning_rate": 0.01, "weight_decay": 0.1, "decoupled": 1.0},
    ),
    ("adan", "author"): (
        {"learning_rate": 0.02, "beta1": 0.9, "beta2": 0.7, "beta3": 0.95, "epsilon": 1e-3, "weight_decay": 0.2},
    ),
    ("lion", "keras"): (
        {"learning_rate": 0.003, "beta1": 0.6, "beta2": 0.8}, {"weight_decay": 0.1, "decoupled": 1.0},
        {"learning_rate": 0.003, "beta1": 0.7, "beta2": 0.9},
    ),
    ("sophia", "author"): (
        {
            "learning_rate": 0.02, "beta1": 0.6, "beta2": 0.9, "epsilon": 1e-3, "gamma": 0.5, "clip_threshold": 2.0,
            "update_interval": 3.0,
        },
    ),
    ("prodigy", "author"): (
        {
            "learning_rate": 0.5, "beta1": 0.8, "beta2": 0.99, "beta3": 0.9, "epsilon": 1e-4, "weight_decay": 0.05,
            "d0": 1e-3, "d_coef": 0.5,
        },
    ),
    ("schedule_free_sgd", "author"): (
        {"learning_rate": 1e-3}, {"learning_rate": 2e-3, "momentum": 0.6, "weight_decay": 0.1},
    ),
    ("schedule_free_adamw", "author"): (
        {"learning_rate": 0.02, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3, "weight_decay": 0.2},
    ),
    ("schedule_free_adamw", "keras"): (
        {"learning_rate": 0.02, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3},
        {"learning_rate": 0.02, "weight_decay": 0.2},
    ),
}
# Cases of a row of Keras that optax has too, and that are held against optax: optimizer and number.
OPTAX_TOO = {("lamb", 3), ("lion", 3)}
# In the order of the table: optimizer, convention, number of its settings (0 are the defaults), settings.
CASES: tuple[tuple[str, str, int, dict[str, float]], ...] = tuple(
    (optimizer, convention, number, settings)
    for (optimizer, convention), odd in ODD.items()
    for number, settings in enumerate(({}, *odd))
)


def error(ours: NDArray[Any], theirs: NDArray[Any]) -> float:
    """Return the largest ``|a - b| / max(1, |b|)``."""
    return float(np.max(np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))))
