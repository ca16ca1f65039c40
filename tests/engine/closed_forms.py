"""What no library has, written out in NumPy with derivatives by hand, and how far our paths are from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.descent import Descent
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.stopping import Stopping
from tests.oracles.parity_cases import PROBLEMS, Problem, error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VERSION = f"numpy {np.__version__}"


def _hessian(problem: Problem, theta: Floats) -> Floats:
    """Return the derivatives of the gradient by a complex step, which has no error but rounding."""
    tiny = 1e-100
    columns = [problem.gradient(theta + 1j * tiny * axis).imag / tiny for axis in np.eye(len(theta))]
    return np.stack(columns, axis=1)


def _newton(problem: Problem, theta: Floats) -> Iterator[Floats]:
    while True:
        theta = theta - np.linalg.solve(_hessian(problem, theta), problem.gradient(theta))
        yield theta


def _barzilai_borwein(problem: Problem, theta: Floats) -> Iterator[Floats]:
    slope, rate = problem.gradient(theta), OPTIMIZERS["barzilai_borwein"].hyperparameters[0].default
    while True:
        before, slope_before = theta, slope
        theta = theta - rate * slope
        yield theta
        slope = problem.gradient(theta)
        rise = np.dot(theta - before, slope - slope_before)
        rate = np.dot(theta - before, theta - before) / rise if rise > 0.0 else rate


def _armijo(problem: Problem, theta: Floats) -> Iterator[Floats]:
    while True:
        slope, length = problem.gradient(theta), 1.0
        while problem.loss(theta - length * slope) > problem.loss(theta) - 1e-4 * length * np.dot(slope, slope):
            length /= 2.0
        theta = theta - length * slope
        yield theta


# The reference, and how many steps are compared: Newton's method is at its end after these, and later steps of
# Barzilai and Borwein's depend on the last bits of the first.
CLOSED_FORMS: dict[str, tuple[Callable[[Problem, Floats], Iterator[Floats]], int]] = {
    "barzilai_borwein": (_barzilai_borwein, 8), "gd_armijo": (_armijo, 200), "newton": (_newton, 10),
}


def path_error(key: str, name: str) -> float:
    """Return the largest ``|a - b| / max(1, |b|)`` of all iterates down a problem."""
    problem = PROBLEMS[name]
    reference, steps = CLOSED_FORMS[key]
    descent = Descent(objective(problem.text), key, problem.start, None, Stopping(iterations=steps, tolerance=0.0))
    descent.advance(steps)
    ours = descent.trajectory.theta[1:]
    theirs = reference(problem, np.array(problem.start))
    return max(error(one, other) for one, other in zip(ours, theirs, strict=False))
