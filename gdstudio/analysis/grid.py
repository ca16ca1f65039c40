"""The loss over one or two of its variables: the heights that surfaces, contour maps and curves show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.kernels import evaluate_kernel, machine_available

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

    Floats = NDArray[np.float64]
    Range = tuple[float, float]


def grid(
    objective: Objective, theta: Sequence[float] | Floats, shown: tuple[int, int], x_range: Range, y_range: Range,
    shape: tuple[int, int],
) -> tuple[Floats, Floats, Floats]:
    """Evaluate the loss over two variables, all others held.

    Parameters
    ----------
    objective : Objective
        Of at least two variables.
    theta : sequence of float, shape (n,)
        Values of the variables that are held.
    shown : tuple of int
        Indices of the two that vary.
    x_range, y_range : tuple of float
        From where to where each of them goes.
    shape : tuple of int
        How many values (nx, ny) of each, at least 2.

    Returns
    -------
    xs : ndarray, shape (nx,)
    ys : ndarray, shape (ny,)
    z : ndarray, shape (ny, nx)
        Losses; not finite where the loss is not.
    """
    xs, ys = np.linspace(*x_range, shape[0]), np.linspace(*y_range, shape[1])
    thetas = np.empty((len(ys), len(xs), objective.dimension))
    thetas[:] = np.asarray(theta, dtype=np.float64)
    thetas[:, :, shown[0]] = xs
    thetas[:, :, shown[1]] = ys[:, None]
    losses = _losses(objective, thetas.reshape(-1, objective.dimension))
    return xs, ys, losses.reshape(len(ys), len(xs))


def line(objective: Objective, x_range: Range, points: int) -> tuple[Floats, Floats]:
    """Evaluate the loss of one variable at so many values, ends included.

    Returns
    -------
    xs : ndarray, shape (points,)
    z : ndarray, shape (points,)
        Losses; not finite where the loss is not.
    """
    xs = np.linspace(*x_range, points)
    return xs, _losses(objective, xs[:, None])


def slopes(objective: Objective, xs: Floats) -> Floats:
    """Return the derivative of a loss of one variable without data at `xs`, both of shape (points,)."""
    numbers = dict(zip(objective.program.parameters, objective.parameter_values.tolist(), strict=True))
    derivative = objective.program.interpreter.run({objective.variables[0]: xs, **numbers})[1]
    return np.array(np.broadcast_to(derivative, xs.shape), dtype=np.float64)


def _losses(objective: Objective, thetas: Floats) -> Floats:
    return evaluate_kernel(objective.program, machine_available())(objective, thetas)
