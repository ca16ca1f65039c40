"""What a method is, what it works with, and what it hands back.

A method keeps everything that it remembers in the flat state, so that taking and putting back a state is one
copy and leads to the same bits. Sums go from first to last, so that a run does not depend on the processor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Limits, PointFunction

    Floats = NDArray[np.float64]


class Iterate(NamedTuple):
    """A point with the loss and the gradient there."""

    theta: Floats
    loss: float
    gradient: Floats


class Step(NamedTuple):
    """An accepted step: where it led, how long it was, and numbers for the columns of its own.

    `length` is what the column `learning_rate` shows: the multiple of the search direction, or the radius.
    """

    iterate: Iterate
    length: float
    columns: tuple[float, ...] = ()


class NoStep(Exception):
    """There is no next step; `cause` is one of `kernels.STOP_CAUSES`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Measure:
    """Evaluates the objective and counts what that costs in gradients.

    A Hessian counts as n gradients: so many passes over the graph it takes.

    Parameters
    ----------
    loss_and_gradient : callable
        Of a point.
    hessian : callable, optional
        Of a point; for methods that need it.
    limits : Limits
        Beyond which a run has diverged.
    """

    def __init__(
        self, loss_and_gradient: PointFunction, hessian: Callable[[Floats], Floats] | None, limits: Limits
    ) -> None:
        self._loss_and_gradient = loss_and_gradient
        self._hessian = hessian
        self.limits = limits
        self.evaluations = 0

    def at(self, theta: Floats) -> Iterate:
        """Return the iterate at `theta`."""
        self.evaluations += 1
        loss, gradient = self._loss_and_gradient(theta)
        return Iterate(theta, loss, gradient)

    def hessian(self, theta: Floats) -> Floats:
        """Return the matrix of second derivatives at `theta`, shape (n, n)."""
        assert self._hessian is not None, "the method has not said that it needs a Hessian"
        self.evaluations += len(theta)
        return self._hessian(theta)


class Method(Protocol):
    """One way to get from an iterate to the next."""

    needs_hessian: bool
    columns: tuple[str, ...]
    only_dimension: int | None

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers, all zero at first."""

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Return the next iterate, having written into `memory`, shape (state_size,), what the next step needs.

        Raises
        ------
        NoStep
            Where there is none.
        """


class PlainMethod:
    """What most methods have in common: no Hessian, no columns of their own, any dimension, nothing remembered."""

    needs_hessian: bool = False
    columns: tuple[str, ...] = ()
    only_dimension: int | None = None

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 0


def dot(left: Floats, right: Floats) -> float:
    """Return the scalar product, added from first to last."""
    return float(np.add.accumulate(left * right)[-1])


def times(matrix: Floats, vector: Floats) -> Floats:
    """Return matrix times vector, each row added from first to last."""
    product: Floats = np.add.accumulate(matrix * vector, axis=1)[:, -1]
    return product
