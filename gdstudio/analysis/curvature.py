"""How a loss curves at a point, and how large a learning rate that curvature allows.

The Hessian is exact: the graph of the loss differentiated twice, executed as machine code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.curvatures import hessian_function
from gdstudio.engine.kernels import machine_available

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

    Floats = NDArray[np.float64]

#: Eigenvalues are given for so many variables at most.
MOST_EIGENVALUES = 20


@dataclass(frozen=True, eq=False)
class Curvature:
    """The second derivatives at one point.

    Attributes
    ----------
    hessian : ndarray, shape (n, n)
        Symmetric; not finite where the loss is not.
    eigenvalues : ndarray, shape (n,), or None
        Ascending and finite; None where the Hessian or one of them is not finite or n is above `MOST_EIGENVALUES`.
    eigenvectors : ndarray, shape (n, n), or None
        Column i belongs to eigenvalue i; its largest component is positive.
    """

    hessian: Floats
    eigenvalues: Floats | None
    eigenvectors: Floats | None

    @property
    def largest(self) -> float:
        """The largest eigenvalue; not a number where there is none."""
        return math.nan if self.eigenvalues is None else float(self.eigenvalues[-1])


def curvature(objective: Objective, theta: Sequence[float] | Floats, machine: bool | None = None) -> Curvature:
    """Return the Hessian at `theta`, shape (n,), with its eigenvalues and eigenvectors.

    Parameters
    ----------
    objective : Objective
        What is differentiated; over all the data where it has data.
    theta : sequence of float, shape (n,)
        The point.
    machine : bool or None
        Whether to execute machine code; None takes it where it can be made.

    Raises
    ------
    StudioError
        Where the second derivatives grow beyond the bound of a graph.
    """
    use_machine = machine_available() if machine is None else machine
    with np.errstate(all="ignore"):
        hessian = hessian_function(objective, use_machine)(np.array(theta, dtype=np.float64))
    if len(hessian) > MOST_EIGENVALUES or not np.all(np.isfinite(hessian)):
        return Curvature(hessian, None, None)
    with np.errstate(all="ignore"):
        values, vectors = np.linalg.eigh(hessian)
    # The eigenvalues of a finite matrix may be beyond all numbers.
    if not np.all(np.isfinite(values)):
        return Curvature(hessian, None, None)
    largest = vectors[np.argmax(np.abs(vectors), axis=0), np.arange(len(values))]
    return Curvature(hessian, values + 0.0, vectors * np.where(largest < 0.0, -1.0, 1.0))


def stability_limit(optimizer: str, hyperparameters: Mapping[str, float]) -> float | None:
    """Return the product of learning rate and eigenvalue that a method must stay below on a quadratic.

    Along an eigenvector each of these methods is a linear recurrence; it shrinks while all roots of its
    characteristic polynomial lie within the unit circle, and the one that leaves first leaves through -1: the
    iterates alternate.

    Parameters
    ----------
    optimizer : str
        Key of the table of optimizers.
    hyperparameters : mapping of str to float
        All of its numbers.

    Returns
    -------
    float or None
        None where theory gives no such bound for the method.

    References
    ----------
    Gradient descent, 2: Y. Nesterov, Introductory Lectures on Convex Optimization, 2004, section 1.2.3. Momentum,
    2 (1 + μ), and Nesterov, 2 (1 + μ) / (1 + 2 μ): J. M. Cohen et al., Gradient descent on neural networks typically
    occurs at the edge of stability, 2021, arXiv:2103.00065, appendix B. Averaged, 2 (1 + β) / (1 - β): J. M. Cohen
    et al., Adaptive gradient methods at the edge of stability, 2022, arXiv:2207.14484. With dampening: the same
    polynomial with the gradient's weight 1 - τ.
    """
    limit = _LIMITS.get(optimizer)
    return None if limit is None else limit(hyperparameters)


def largest_stable_rate(optimizer: str, hyperparameters: Mapping[str, float], eigenvalue: float) -> float | None:
    """Return the learning rate at and above which a method no longer converges on a quadratic.

    Parameters
    ----------
    optimizer, hyperparameters
        As for `stability_limit`.
    eigenvalue : float
        The largest of the Hessian. Weight decay in the gradient adds to it, for it is one parabola more in the loss;
        around gradient descent, but no other method, so does decay that is apart from the gradient.

    Returns
    -------
    float or None
        None where theory gives none for the method, or the curvature is not positive.
    """
    limit = stability_limit(optimizer, hyperparameters)
    return limit / eigenvalue if limit is not None and 0.0 < eigenvalue < math.inf else None


def _momentum(numbers: Mapping[str, float]) -> float:
    momentum, kept = numbers["momentum"], 1.0 - numbers.get("dampening", 0.0)
    if numbers.get("nesterov", 0.0):
        return 2.0 * (1.0 + momentum) / (1.0 + momentum * (1.0 + kept))
    return 2.0 * (1.0 + momentum) / kept if kept else math.inf


def _nesterov(numbers: Mapping[str, float]) -> float:
    return 2.0 * (1.0 + numbers["momentum"]) / (1.0 + 2.0 * numbers["momentum"])


def _average(numbers: Mapping[str, float]) -> float:
    return 2.0 * (1.0 + numbers["beta"]) / (1.0 - numbers["beta"])


_LIMITS: dict[str, Callable[[Mapping[str, float]], float]] = {
    "gd": lambda _: 2.0,
    "momentum": _momentum,
    "momentum_ema": _average,
    "nesterov": _nesterov,
    "nesterov_lookahead": _nesterov,
}
