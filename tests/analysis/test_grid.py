"""Heights and slopes against closed forms."""

from __future__ import annotations

import numpy as np

from gdstudio.analysis.grid import grid, line, slopes
from gdstudio.engine.objective import objective
from gdstudio.experiment.build import objective_of
from gdstudio.experiment.document import Problem


def test_the_grid_has_one_row_for_each_y_and_one_column_for_each_x() -> None:
    xs, ys, z = grid(objective("x + 100*y"), (0.0, 0.0), (0, 1), (0.0, 2.0), (-1.0, 1.0), (3, 5))
    assert xs.tolist() == [0.0, 1.0, 2.0]
    assert ys.tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert np.array_equal(z, xs[None, :] + 100 * ys[:, None])


def test_the_variables_that_are_not_shown_are_held() -> None:
    loss = objective("a + 10*b + 100*c + 1000*d")
    xs, ys, z = grid(loss, (1.0, 2.0, 3.0, 4.0), (3, 1), (0.0, 1.0), (5.0, 6.0), (2, 3))
    assert np.allclose(z, 1.0 + 10 * ys[:, None] + 300.0 + 1000 * xs[None, :])


def test_the_kernel_agrees_with_the_interpreter() -> None:
    loss = objective("sin(x)*exp(y) + x^3")
    xs, ys, z = grid(loss, (0.0, 0.0), (0, 1), (-2.0, 2.0), (-1.0, 1.0), (17, 9))
    every = np.stack(np.meshgrid(xs, ys), axis=-1)
    assert np.allclose(z, loss.losses(every), rtol=1e-13)


def test_a_loss_over_data_is_averaged() -> None:
    loss = objective_of(Problem(key="line_fit"))
    xs, ys, z = grid(loss, (0.0, 0.0), (0, 1), (0.0, 2.0), (0.0, 1.0), (4, 3))
    assert z[1, 2] == loss.loss_and_gradient((xs[2], ys[1]))[0]


def test_where_the_loss_is_not_finite_neither_is_the_height() -> None:
    _, _, z = grid(objective("log(x) + y"), (1.0, 1.0), (0, 1), (-1.0, 1.0), (0.0, 1.0), (3, 2))
    assert not np.isfinite(z[:, :2]).any()
    assert np.isfinite(z[:, 2]).all()


def test_a_line_and_its_slopes() -> None:
    loss = objective("5*x^2", {}, None)
    xs, z = line(loss, (-1.0, 1.0), 5)
    assert np.array_equal(z, 5 * xs**2)
    assert np.allclose(slopes(loss, xs), 10 * xs)


def test_a_constant_slope_is_as_long_as_the_line_and_parameters_count() -> None:
    loss = objective("k*x", {"k": 3.0})
    assert slopes(loss, np.linspace(0.0, 1.0, 7)).tolist() == [3.0] * 7
