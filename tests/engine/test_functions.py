"""Every row of the table of problems, against the literature and by its own promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.optimizers import OPTIMIZERS
from tests.data.tables import columns_of
from tests.engine.function_oracles import ORACLES, bowl

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.engine.problems import ProblemRow

    Array = NDArray[np.float64]

_WELL_KNOWN = {
    "parabola", "three_variables", "rosenbrock", "himmelblau", "beale", "booth", "matyas", "three_hump_camel",
    "six_hump_camel", "goldstein_price", "mccormick", "styblinski_tang", "rastrigin", "ackley", "griewank", "levy",
    "easom", "eggholder", "schwefel", "bowl", "saddle", "monkey_saddle", "plateau", "ravine", "two_minima", "line_fit",
}
_OPTIMIZERS = ("gd", "momentum", "momentum_ema", "nesterov", "rmsprop", "adam")
# The lowest point of the eggholder is lowest only within its square: outside, the loss goes on falling.
_ON_THE_EDGE = {("eggholder", 0)}
# Without a lower bound a descent leaves its domain sooner or later, so that it cannot come to rest.
_UNBOUNDED = {"saddle", "monkey_saddle", "three_variables"}
_FLAT = {"plateau", "easom"}
_MINIMA = [(key, number) for key, row in PROBLEMS.items() for number in range(len(row.minima))]
_INNER_MINIMA = [pair for pair in _MINIMA if pair not in _ON_THE_EDGE]


def _objective(row: ProblemRow, **numbers: float) -> Objective:
    values = {parameter.key: parameter.default for parameter in row.parameters} | numbers
    return objective(row.text, values, columns_of(row.dataset) if row.dataset else None)


def _points(row: ProblemRow, count: int) -> Array:
    low, high = np.array(row.domain).T
    return np.random.default_rng(7).uniform(low, high, (count, len(row.domain)))


def _size(row: ProblemRow) -> float:
    """Return the typical size of the terms that a loss is the sum of: what its rounding is relative to."""
    return max(1.0, float(np.max(np.abs(_objective(row).losses(_points(row, 200))))))


def test_the_table_holds_the_well_known_problems() -> None:
    assert set(PROBLEMS) >= _WELL_KNOWN
    assert len(PROBLEMS) >= 27
    assert set(ORACLES) == {key for key, row in PROBLEMS.items() if row.dataset is None}


def test_names_are_unique() -> None:
    names = [row.name for row in PROBLEMS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", PROBLEMS)
def test_a_row_is_complete(key: str) -> None:
    row = PROBLEMS[key]
    goal = _objective(row)
    assert row.key == key
    assert len(row.text) <= 1000
    assert row.reference
    assert row.remark.endswith(".") and row.remark.count(". ") == 0
    assert goal.dimension == len(row.domain) == len(row.start) <= 20
    assert all(low < high for low, high in row.domain)
    assert all(low < value < high for value, (low, high) in zip(row.start, row.domain, strict=True))
    assert set(_OPTIMIZERS) <= set(row.learning_rates) <= set(OPTIMIZERS)
    assert all(rate > 0 for rate in row.learning_rates.values())
    assert np.isfinite(goal.losses(_points(row, 200))).all()


@pytest.mark.parametrize("key", [key for key, row in PROBLEMS.items() if len(row.domain) == 2 and not row.dataset])
def test_a_surface_has_the_axes_x_and_y(key: str) -> None:
    assert _objective(PROBLEMS[key]).variables == ("x", "y")


@pytest.mark.parametrize("key", [key for key, row in PROBLEMS.items() if row.scale == "log"])
def test_a_logarithmic_surface_is_nowhere_negative(key: str) -> None:
    row = PROBLEMS[key]
    assert _objective(row).losses(_points(row, 2000)).min() >= 0


@pytest.mark.parametrize("key", ORACLES)
def test_the_text_is_the_function_of_the_literature(key: str) -> None:
    row = PROBLEMS[key]
    points = _points(row, 500)
    expected = ORACLES[key](points)
    np.testing.assert_allclose(_objective(row).losses(points), expected, rtol=1e-12, atol=1e-13 * _size(row))


@pytest.mark.parametrize(("condition", "angle"), [(1.0, 0.0), (1000.0, -75.0), (50.0, 90.0), (1e6, 360.0)])
def test_the_bowl_follows_its_parameters(condition: float, angle: float) -> None:
    row = PROBLEMS["bowl"]
    points = _points(row, 100)
    losses = _objective(row, condition=condition, angle=angle).losses(points)
    np.testing.assert_allclose(losses, bowl(points, condition, angle), rtol=1e-9, atol=1e-12)


def test_the_gradient_of_three_variables_is_the_one_of_the_textbook() -> None:
    _, gradient = _objective(PROBLEMS["three_variables"]).loss_and_gradient([1.0, 1.0, 1.0])
    assert gradient.tolist() == [4.0, 12.0, 21.0]


@pytest.mark.parametrize(("key", "number"), _MINIMA)
def test_the_loss_at_a_minimum(key: str, number: int) -> None:
    row = PROBLEMS[key]
    minimum = row.minima[number]
    tolerance = 1e-12 * max(1.0, abs(minimum.loss)) if key != "schwefel" else 1e-15 * _size(row)
    assert float(_objective(row).losses(minimum.theta)) == pytest.approx(minimum.loss, rel=0, abs=tolerance)
    assert all(low <= value <= high for value, (low, high) in zip(minimum.theta, row.domain, strict=True))


@pytest.mark.parametrize(("key", "number"), _INNER_MINIMA)
def test_the_gradient_vanishes_at_a_minimum(key: str, number: int) -> None:
    row = PROBLEMS[key]
    goal = _objective(row)
    typical = max(float(np.linalg.norm(goal.loss_and_gradient(point)[1])) for point in _points(row, 50))
    _, gradient = goal.loss_and_gradient(row.minima[number].theta)
    assert np.max(np.abs(gradient)) <= 1e-13 * max(1.0, typical)


@pytest.mark.parametrize(("key", "number"), _MINIMA)
def test_nothing_near_a_minimum_lies_lower(key: str, number: int) -> None:
    row = PROBLEMS[key]
    minimum = row.minima[number]
    low, high = np.array(row.domain).T
    width = high - low
    steps = np.random.default_rng(3).uniform(-1.0, 1.0, (400, len(row.domain)))
    for reach in (1e-2, 1e-3, 1e-4):
        near = np.clip(np.asarray(minimum.theta) + reach * width * steps, low, high)
        assert _objective(row).losses(near).min() >= minimum.loss - 1e-15 * _size(row)


@pytest.mark.parametrize("key", [key for key in PROBLEMS if key not in _UNBOUNDED])
def test_the_first_minimum_is_the_lowest_in_the_domain(key: str) -> None:
    row = PROBLEMS[key]
    lowest = row.minima[0].loss
    assert lowest == min(minimum.loss for minimum in row.minima)
    assert _objective(row).losses(_points(row, 50_000)).min() >= lowest


def test_the_line_fit_ends_at_the_least_squares_line() -> None:
    row = PROBLEMS["line_fit"]
    data = columns_of("noisy_line")
    fitted = np.linalg.lstsq(np.stack([data["x"], np.ones_like(data["x"])], axis=1), data["y"])[0]
    assert _objective(row).variables == ("w", "b")
    np.testing.assert_allclose(row.minima[0].theta, fitted, rtol=1e-12)


def _update(optimizer: str) -> Callable[[int, Array], Array]:
    """Return the update direction of each optimizer's definition, with the usual hyperparameters."""
    first: Array = np.zeros(())
    second: Array = np.zeros(())

    def direction(step: int, g: Array) -> Array:
        nonlocal first, second
        if optimizer == "gd":
            return g
        if optimizer == "rmsprop":
            second = 0.99 * second + 0.01 * g**2
            return np.asarray(g / (np.sqrt(second) + 1e-8))
        if optimizer == "adam":
            first, second = 0.9 * first + 0.1 * g, 0.999 * second + 0.001 * g**2
            return np.asarray(first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8))
        first = 0.9 * first + (0.1 * g if optimizer == "momentum_ema" else g)
        return g + 0.9 * first if optimizer == "nesterov" else first

    return direction


def _path(row: ProblemRow, optimizer: str, iterations: int) -> Array:
    goal, direction = _objective(row), _update(optimizer)
    path = [np.asarray(row.start, dtype=np.float64)]
    for step in range(1, iterations + 1):
        _, gradient = goal.loss_and_gradient(path[-1])
        path.append(path[-1] - row.learning_rates[optimizer] * direction(step, gradient))
    return np.array(path)


@pytest.mark.parametrize("key", PROBLEMS)
@pytest.mark.parametrize("optimizer", _OPTIMIZERS)
def test_the_first_run_visibly_descends(optimizer: str, key: str) -> None:
    row = PROBLEMS[key]
    low, high = np.array(row.domain).T
    path = _path(row, optimizer, 1000)
    losses = _objective(row).losses(path)
    shares = (path - low) / (high - low)
    assert ((shares >= 0) & (shares <= 1)).all(), "leaves the domain"
    assert losses[300] < losses[0] and losses[-1] < losses[0]
    assert np.abs(np.diff(shares, axis=0)).max() < 0.25, "jumps"
    away = np.linalg.norm(shares - shares[-1], axis=1)
    assert away.max() > 0.05, "hardly moves"
    assert np.flatnonzero(away > 0.01).max() >= 40, "is over before one can watch"
    if key not in _UNBOUNDED | _FLAT:
        span = float(losses[0]) - min([0.0, *(minimum.loss for minimum in row.minima)])
        assert losses[0] - losses[300] > 0.05 * span


@pytest.mark.parametrize("condition", [1.0, 100.0, 1000.0])
@pytest.mark.parametrize("optimizer", _OPTIMIZERS)
def test_the_rates_of_the_bowl_serve_every_condition_number(optimizer: str, condition: float) -> None:
    row = PROBLEMS["bowl"]
    goal, direction = _objective(row, condition=condition), _update(optimizer)
    theta = np.asarray(row.start, dtype=np.float64)
    before, _ = goal.loss_and_gradient(theta)
    for step in range(1, 301):
        theta = theta - row.learning_rates[optimizer] * direction(step, goal.loss_and_gradient(theta)[1])
    assert goal.loss_and_gradient(theta)[0] < 0.05 * before
