"""Fits by descent against closed forms, and against scikit-learn's in a file that is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.engine.descent import Descent
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.penalties import read_penalty
from gdstudio.engine.recipe import Addition, Recipe
from gdstudio.engine.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.models.softmax import SoftmaxSpec
    from gdstudio.engine.models.spec import ModelSpec

    Floats = NDArray[np.float64]

_FILE = Path(__file__).parents[2] / "oracles" / "sklearn_fits.json"
_ORACLES = json.loads(_FILE.read_text(encoding="utf-8"))
_FEATURES = np.array(_ORACLES["data"]["features"])
_NAMES = tuple(f"x{index}" for index in range(_FEATURES.shape[1]))
# Where the loss has edges a step of constant length never comes to rest.
_WITH_EDGES = ("quantile", "absolute")


def _columns(target: str) -> dict[str, Floats]:
    return {**dict(zip(_NAMES, _FEATURES.T, strict=True)), target: np.array(_ORACLES["data"][target])}


def _spec(case: Mapping[str, Any]) -> ModelSpec | SoftmaxSpec:
    penalty = read_penalty(case["penalty"]) if "penalty" in case else None
    labels = {"binary": ("no", "yes"), "classes": ("low", "middle", "high")}.get(case["target"], ())
    return MODELS[case["model"]].build(
        _NAMES, case["target"], labels, case.get("loss"), case.get("options"), penalty
    )


def _fitted(
    spec: ModelSpec | SoftmaxSpec, columns: Mapping[str, Floats], recipe: Recipe, numbers: Mapping[str, float],
    iterations: int,
) -> Descent:
    run = Descent(
        spec.objective(columns), recipe, tuple(spec.start.values()), numbers,
        Stopping(iterations=iterations, tolerance=0.0),
    )
    run.advance(iterations)
    return run


@pytest.mark.parametrize("case", _ORACLES["cases"], ids=lambda case: case["name"])
def test_a_fit_is_that_of_scikit_learn(case: dict[str, Any]) -> None:
    spec = _spec(case)
    columns = _columns(case["target"])
    recipe, numbers, iterations = Recipe("gd"), {"learning_rate": 0.15}, 4_000
    if case["name"] in _WITH_EDGES:
        recipe = Recipe("gd", additions=(Addition("exponential"),))
        numbers, iterations = {"learning_rate": 0.5, "schedule_factor": 0.999}, 40_000
    if case["model"] != "linear":
        numbers, iterations = {"learning_rate": 1.0}, 30_000
    if case.get("proximal"):
        recipe = replace(recipe, additions=(Addition("proximal"),))
    run = _fitted(spec, columns, recipe, numbers, iterations)
    weights, intercept = np.array(case["weights"]), np.array(case["intercept"])
    if case["model"] == "softmax":
        wanted = np.concatenate([weights.T.ravel(), intercept])
    else:
        wanted = np.concatenate([np.atleast_1d(intercept), weights.ravel()])
    np.testing.assert_allclose(run.theta, wanted, rtol=1e-6, atol=1e-7)
    if case.get("proximal"):
        np.testing.assert_array_equal(run.theta == 0.0, wanted == 0.0)
        assert np.any(run.theta == 0.0)
        assert run.trajectory.gradient_norm[-1] < 1e-12
    if "probabilities" in case:
        likely = np.array(case["probabilities"])
        predicted = spec.predict(run.theta, columns)
        assert predicted is not None
        np.testing.assert_allclose(predicted, likely[:, 1] if case["model"] == "logistic" else likely, rtol=1e-6)


def test_linear_regression_solves_the_normal_equations() -> None:
    spec = MODELS["linear"].build(_NAMES, "target")
    run = _fitted(spec, _columns("target"), Recipe("gd"), {"learning_rate": 0.15}, 4_000)
    design = np.column_stack([np.ones(len(_FEATURES)), _FEATURES])
    target = np.array(_ORACLES["data"]["target"])
    solution = np.linalg.solve(design.T @ design, design.T @ target)
    np.testing.assert_allclose(run.theta, solution, rtol=1e-11)
    residual = design @ solution - target
    assert run.trajectory.loss[-1] == pytest.approx(np.mean(residual * residual), rel=1e-13)


def test_ridge_solves_its_normal_equations_and_leaves_the_intercept_alone() -> None:
    strength = 0.7
    spec = MODELS["linear"].build(_NAMES, "target", penalty=read_penalty(f"ridge:{strength}"))
    run = _fitted(spec, _columns("target"), Recipe("gd"), {"learning_rate": 0.15}, 4_000)
    design = np.column_stack([np.ones(len(_FEATURES)), _FEATURES])
    pull = len(design) * strength * np.diag([0.0, 1.0, 1.0, 1.0])
    solution = np.linalg.solve(design.T @ design + pull, design.T @ np.array(_ORACLES["data"]["target"]))
    np.testing.assert_allclose(run.theta, solution, rtol=1e-11)


def test_a_polynomial_solves_the_normal_equations_of_its_powers() -> None:
    x = np.linspace(-1.5, 1.5, 40)
    columns = {"x": x, "y": np.sin(2.0 * x) + 0.3 * x**2}
    spec = MODELS["polynomial"].build(("x",), "y", options={"degree": 4.0})
    run = _fitted(spec, columns, Recipe("newton"), {}, 3)
    design = np.stack([x**power for power in range(5)], axis=1)
    solution = np.linalg.solve(design.T @ design, design.T @ columns["y"])
    np.testing.assert_allclose(run.theta, solution, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("model", "truth", "curve"),
    [
        ("exponential", (2.5, 0.8), lambda x, a, b: a * np.exp(-b * x)),
        ("sine", (1.7, 1.3, 0.4), lambda x, a, b, c: a * np.sin(b * x + c)),
    ],
)
def test_a_curve_without_noise_is_found_again_from_the_start_of_its_row(
    model: str, truth: tuple[float, ...], curve: Any
) -> None:
    x = np.linspace(0.0, 4.0, 50)
    columns = {"x": x, "y": curve(x, *truth)}
    spec = MODELS[model].build(("x",), "y")
    run = _fitted(spec, columns, Recipe("gd"), {"learning_rate": 0.1}, 30_000)
    np.testing.assert_allclose(run.theta, truth, rtol=1e-8)
    predicted = spec.predict(run.theta, columns)
    assert predicted is not None
    np.testing.assert_allclose(predicted, columns["y"], rtol=1e-7, atol=1e-9)
