"""The loss over a grid of one or two of its variables: what surfaces, contour maps and curves are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.kernels import evaluate_kernel, machine_available

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

    Floats = NDArray[np.float64]


def losses(objective: Objective, thetas: Floats) -> Floats:
    """Return the losses (points,) at `thetas` (points, n), by machine code where it can be made."""
    return evaluate_kernel(objective.program, machine_available())(objective, thetas)


def grid(
    objective: Objective, theta: Sequence[float] | Floats, shown: tuple[int, int],
    x_range: tuple[float, float], y_range: tuple[float, float], shape: tuple[int, int],
) -> tuple[Floats, Floats, Floats]:
    """Evaluate the loss on a rectangle of two of its variables.

    Parameters
    ----------
    objective : Objective
        Of at least two variables.
    theta : sequence of float, (n,)
        Values of the variables that are not shown.
    shown : tuple of int
        Indices of the variables along x and y.
    x_range, y_range : tuple of float
        The rectangle.
    shape : tuple of int
        Points along x and along y.

    Returns
    -------
    tuple of ndarray
        xs (nx,), ys (ny,) and losses (ny, nx).
    """
    xs, ys = np.linspace(*x_range, shape[0]), np.linspace(*y_range, shape[1])
    points = np.tile(np.asarray(theta, dtype=np.float64), (shape[0] * shape[1], 1))
    points[:, shown[0]] = np.tile(xs, shape[1])
    points[:, shown[1]] = np.repeat(ys, shape[0])
    return xs, ys, losses(objective, points).reshape(shape[1], shape[0])


def line(objective: Objective, x_range: tuple[float, float], count: int) -> tuple[Floats, Floats]:
    """Return xs (count,) and the losses there, for an objective of one variable."""
    xs = np.linspace(*x_range, count)
    return xs, losses(objective, xs[:, None])


def slopes(objective: Objective, xs: Floats) -> Floats:
    """Return the derivative at `xs` (points,) of an objective of one variable that has no data."""
    numbers = dict(zip(objective.program.parameters, objective.parameter_values.tolist(), strict=True))
    _, slope = objective.program.interpreter.run({objective.variables[0]: xs, **numbers})
    return np.array(np.broadcast_to(slope, xs.shape), dtype=np.float64)
