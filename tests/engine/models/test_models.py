"""The table of models: its texts, names and starts, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.losses import LOSSES
from gdstudio.engine.models.penalties import read_penalty
from gdstudio.engine.models.spec import ModelSpec
from gdstudio.engine.stopping import Stopping
from tests.engine.agreement import assert_close

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FORMULAS = [key for key, row in MODELS.items() if row.formula is not None]
# A name that is also that of a parameter or of a number must stay a column.
_NAMES = st.sampled_from(["x", "z", "a", "b", "c", "w_x", "w_b", "delta", "quantile", "strength", "b_column", "x_1"])


def _spec(key: str, features: tuple[str, ...], loss: str | None = None, penalty: str | None = None) -> ModelSpec:
    classes = ("no", "yes") if MODELS[key].task == "binary" else ()
    chosen = None if penalty is None else read_penalty(penalty)
    spec = MODELS[key].build(features, "y", classes, loss, penalty=chosen)
    assert isinstance(spec, ModelSpec)
    return spec


def _random_columns(names: tuple[str, ...], seed: int = 1) -> dict[str, Floats]:
    random = np.random.Generator(np.random.Philox(seed))
    columns = {name: random.standard_normal(30) for name in names}
    return {**columns, "y": (random.standard_normal(30) > 0.0).astype(float)}


@pytest.mark.parametrize("key", MODELS)
def test_a_row_is_whole(key: str) -> None:
    row = MODELS[key]
    assert row.key == key and row.name and row.reference and row.task in ("regression", "binary", "classes")
    assert row.remark.endswith(".") and row.remark.count(". ") == 0
    assert row.losses and set(row.losses) <= set(LOSSES)
    for parameter in row.options:
        assert parameter.check(parameter.default) == parameter.default
        low, high = parameter.usual
        assert parameter.minimum <= low < high <= parameter.maximum


@pytest.mark.parametrize("key", LOSSES)
def test_a_loss_is_whole(key: str) -> None:
    row = LOSSES[key]
    assert row.key == key and row.name and row.reference
    assert any(key in model.losses for model in MODELS.values())


def test_the_texts_are_those_of_a_textbook() -> None:
    texts = {key: _spec(key, ("x",)).text for key in _FORMULAS}
    assert texts == {
        "linear": "(b + w_x*x - y)^2",
        "polynomial": "(b + w_x_1*x + w_x_2*x^2 - y)^2",
        "exponential": "(a*exp(-b*x) - y)^2",
        "sine": "(a*sin(b*x + c) - y)^2",
        "logistic": "softplus(b + w_x*x) - y*(b + w_x*x)",
    }
    assert _spec("linear", ("x", "z")).variables == ("b", "w_x", "w_z")
    assert _spec("linear", ("x", "z")).prediction == "b + w_x*x + w_z*z"
    assert _spec("logistic", ("x",)).prediction == "sigmoid(b + w_x*x)"
    assert _spec("sine", ("x",)).start == {"a": 1.0, "b": 1.0, "c": 0.0}
    assert _spec("linear", ("x",), penalty="ridge:0.2").text == "(b + w_x*x - y)^2 + strength*(w_x^2)"


def _numbers(loss: str) -> dict[str, float]:
    return {"huber": {"delta": 1.0}, "quantile": {"quantile": 0.5}}.get(loss, {})


@pytest.mark.parametrize("key", _FORMULAS)
def test_every_model_runs_as_machine_code_as_interpreted(key: str) -> None:
    for loss in MODELS[key].losses:
        for penalty in (None, "elastic_net:0.1,0.3"):
            spec = _spec(key, ("x",), loss, penalty)
            assert spec.variables == spec.program.variables
            assert _numbers(loss).items() <= dict(spec.parameters).items()
            goal = spec.objective(_random_columns(("x",)))
            start = np.linspace(0.3, 0.8, goal.dimension)
            runs = [
                Descent(goal, "gd", start, {"learning_rate": 0.05}, Stopping(iterations=50), 1, 7, machine)
                for machine in (True, False)
            ]
            for run in runs:
                run.advance(50)
            assert_close(runs[0].trajectory.theta, runs[1].trajectory.theta, 1e-12)


@settings(max_examples=60, deadline=None)
@given(
    key=st.sampled_from(["linear", "polynomial", "logistic"]), features=st.lists(_NAMES, min_size=1, max_size=4,
    unique=True), loss=st.integers(0, 3), penalized=st.booleans(),
)
def test_columns_may_be_called_as_parameters_are(
    key: str, features: list[str], loss: int, penalized: bool
) -> None:
    losses = MODELS[key].losses
    spec = _spec(key, tuple(features), losses[loss % len(losses)], "elastic_net" if penalized else None)
    columns = _random_columns(tuple(features))
    assert spec.variables == spec.program.variables
    assert set(spec.columns.values()) == {*features, "y"}
    powers = 2 if key == "polynomial" else 1
    theta = np.linspace(-0.5, 0.7, 1 + powers * len(features))
    score = theta[0] + sum(
        theta[1 + powers * place + power] * columns[name] ** (power + 1)
        for place, name in enumerate(features) for power in range(powers)
    )
    wanted = 1.0 / (1.0 + np.exp(-score)) if key == "logistic" else score
    predicted = spec.predict(theta, columns)
    assert predicted is not None
    np.testing.assert_allclose(predicted, wanted, rtol=1e-12)
    value = spec.objective(columns).loss_and_gradient(theta)[0]
    cost = 0.1 * (0.5 * np.abs(theta[1:]).sum() + 0.25 * (theta[1:] ** 2).sum()) if penalized else 0.0
    assert value == pytest.approx(_mean_loss(losses[loss % len(losses)], score, columns["y"]) + cost, rel=1e-12)


def _mean_loss(loss: str, score: Floats, target: Floats) -> float:
    residual = score - target
    each: Mapping[str, Floats] = {
        "squared": residual**2,
        "absolute": np.abs(residual),
        "huber": np.where(np.abs(residual) <= 1.0, residual**2 / 2.0, np.abs(residual) - 0.5),
        "quantile": np.where(residual > 0.0, 0.5 * residual, -0.5 * residual),
        "logistic": np.logaddexp(0.0, score) - target * score,
    }
    return float(np.mean(each[loss]))


def test_the_quantile_loss_is_that_of_pinball() -> None:
    spec = MODELS["linear"].build(("x",), "y", loss="quantile", options={"quantile": 0.9})
    columns = {"x": np.zeros(2), "y": np.array([1.0, -1.0])}
    # Too low by 1 costs 0.9, too high by 1 costs 0.1.
    assert spec.objective(columns).losses([[0.0, 0.0]])[0] == pytest.approx(0.5)
    assert spec.objective({"x": np.zeros(1), "y": np.ones(1)}).losses([[0.0, 0.0]])[0] == pytest.approx(0.9)


def test_the_logistic_loss_keeps_both_tails() -> None:
    spec = _spec("logistic", ("x",))
    goal = spec.objective({"x": np.array([-1.0, 1.0]), "y": np.array([0.0, 1.0])})
    loss, slopes = goal.loss_and_gradient((0.0, 800.0))
    assert (loss, *slopes) == (0.0, 0.0, 0.0)
    loss, slopes = goal.loss_and_gradient((0.0, -800.0))
    assert loss == 800.0
    np.testing.assert_array_equal(slopes, (0.0, -1.0))
    assert goal.loss_and_gradient((0.0, 40.0))[0] == pytest.approx(np.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize("key", ["linear", "logistic"])
def test_a_model_of_128_features_runs(key: str) -> None:
    features = tuple(f"feature_number_{index}" for index in range(128))
    spec = _spec(key, features)
    assert len(spec.text) > 1_000
    columns = _random_columns(features)
    run = Descent(
        spec.objective(columns), "adam", tuple(spec.start.values()), {"learning_rate": 0.01}, Stopping(iterations=300)
    )
    run.advance(300)
    assert run.trajectory.loss[-1] < 0.1 * run.trajectory.loss[0]


def test_second_derivatives_know_no_bound_of_typed_text() -> None:
    features = tuple(f"feature_number_{index}" for index in range(25))
    spec = _spec("linear", features, penalty="ridge:0.1")
    columns = _random_columns(features)
    run = Descent(spec.objective(columns), "newton", tuple(spec.start.values()), {}, Stopping(iterations=1))
    run.advance(1)
    assert run.trajectory.gradient_norm[1] < 1e-12 * run.trajectory.gradient_norm[0]


@pytest.mark.parametrize(
    ("key", "features", "classes", "keywords", "message"),
    [
        ("linear", (), (), {}, "linear needs a feature to predict from"),
        ("sine", ("x", "z"), (), {}, "sine predicts from one feature, but there are 2: choose one of x, z"),
        ("linear", ("x",), (), {"loss": "logistic"}, "linear is not fitted by a loss called logistic; it has squared"),
        ("linear", ("x",), (), {"loss": "hubert"}, "called hubert; it has huber"),
        ("linear", ("x",), (), {"options": {"degree": 2.0}}, "squared has no number to set, so none called degree"),
        (
            "polynomial", ("x",), (), {"loss": "huber", "options": {"quantile": 0.2}},
            "polynomial with the loss huber has no number called quantile; it has degree, delta",
        ),
        ("polynomial", ("x",), (), {"options": {"degree": 2.5}}, "degree must be a whole number in"),
        ("logistic", ("x",), ("a", "b", "c"), {}, "two classes apart, but the target has 3: take softmax"),
        ("softmax", ("x",), (), {}, "softmax needs a target of two classes or more, not 0"),
        ("softmax", ("x",), ("a", "b"), {"penalty": read_penalty("2*W")}, "ridge, lasso, elastic_net, not a formula"),
        ("linear", ("x",), (), {"penalty": read_penalty("x^2")}, "of the parameters alone, but x is a column"),
        ("linear", ("x",), (), {"penalty": read_penalty("w_z^2")}, "w_z, which is no parameter of the loss; try w_x"),
    ],
)
def test_what_does_not_fit_is_refused(
    key: str, features: tuple[str, ...], classes: tuple[str, ...], keywords: dict[str, Any], message: str
) -> None:
    with pytest.raises(StudioError, match=message):
        MODELS[key].build(features, "y", classes, **keywords)


def test_a_model_of_too_many_parameters_is_refused() -> None:
    with pytest.raises(StudioError, match="polynomial would have 401 parameters here, and at most 256"):
        MODELS["polynomial"].build([f"x{number}" for number in range(20)], "y", options={"degree": 20.0})
