"""Writes what scikit-learn fits to fixed data, which the tests hold ours against.

scikit-learn is an oracle, never a dependency: this script is called by hand from the root of the project in an
environment of its own, with ``pip install scikit-learn==1.9.1`` and ``python tests/oracles/make_fits.py``, and its
result is kept. Its objectives differ from ours by factors, which the settings of each case convert: ours is the mean
loss plus the penalty.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

# By name, for nothing else in the project knows of it and its types.
sklearn: Any = import_module("sklearn")
linear_model: Any = import_module("sklearn.linear_model")

SAMPLES = 60
SLOPES = (1.4, -0.7, 0.05)
ALPHA, RATIO, STRONG = 0.03, 0.4, 0.35
EPSILON = 1.3


def _data() -> dict[str, Any]:
    """Return three correlated features, a target with noise and outliers, and classes."""
    random = np.random.Generator(np.random.Philox(7))
    features = random.standard_normal((SAMPLES, 3)) @ np.array([[1.0, 0.5, 0.0], [0.0, 0.8, 0.3], [0.0, 0.0, 1.2]])
    target = 0.6 + features @ np.array(SLOPES) + 0.3 * random.standard_normal(SAMPLES)
    target[::13] += 4.0 * random.standard_normal(len(target[::13]))
    score = features @ np.array([1.0, -1.0, 0.5]) + random.standard_normal(SAMPLES)
    return {
        "features": features, "target": target, "binary": (score > 0.2).astype(int),
        "classes": np.digitize(score, (-0.8, 0.7)),
    }


def _regressions(features: Any, target: Any) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return by name a fitted regression, and what ours is called with."""
    count = len(target)
    tight = {"tol": 1e-15, "max_iter": 1_000_000}
    huber = linear_model.HuberRegressor(epsilon=EPSILON, alpha=0.0, tol=1e-13, max_iter=100_000)
    huber.fit(features, target)
    return {
        "linear": (linear_model.LinearRegression(), {}),
        "ridge": (linear_model.Ridge(alpha=9.0, tol=1e-14), {"penalty": f"ridge:{9.0 / count!r}"}),
        # scikit-learn halves the mean square.
        "lasso": (
            linear_model.Lasso(alpha=STRONG, **tight),
            {"penalty": f"lasso:{2.0 * STRONG!r}", "proximal": True},
        ),
        "elastic_net": (
            linear_model.ElasticNet(alpha=ALPHA, l1_ratio=RATIO, **tight),
            {"penalty": f"elastic_net:{2.0 * ALPHA!r},{RATIO!r}"},
        ),
        "elastic_net_with_zeros": (
            linear_model.ElasticNet(alpha=STRONG, l1_ratio=RATIO, **tight),
            {"penalty": f"elastic_net:{2.0 * STRONG!r},{RATIO!r}", "proximal": True},
        ),
        # It fits a scale as well; for that scale its weights are those of the Huber loss.
        "huber": (huber, {"loss": "huber", "options": {"delta": EPSILON * huber.scale_}}),
        "quantile": (
            linear_model.QuantileRegressor(quantile=0.8, alpha=0.0, solver="highs"),
            {"loss": "quantile", "options": {"quantile": 0.8}},
        ),
        "absolute": (
            linear_model.QuantileRegressor(quantile=0.5, alpha=0.0, solver="highs"), {"loss": "absolute"},
        ),
    }


def _classifiers(count: int) -> dict[str, tuple[Any, dict[str, Any], str]]:
    """Return by name a classifier, what ours is called with, and the target."""
    tight = {"solver": "newton-cholesky", "tol": 1e-14, "max_iter": 10_000}
    edged = {"solver": "saga", "tol": 1e-14, "max_iter": 1_000_000, "random_state": 0}
    return {
        "logistic": (linear_model.LogisticRegression(C=np.inf, **tight), {"model": "logistic"}, "binary"),
        "logistic_ridge": (
            linear_model.LogisticRegression(C=0.5, **tight),
            {"model": "logistic", "penalty": f"ridge:{1.0 / count!r}"}, "binary",
        ),
        "softmax_ridge": (
            linear_model.LogisticRegression(C=2.0, **tight),
            {"model": "softmax", "penalty": f"ridge:{0.25 / count!r}"}, "classes",
        ),
        "logistic_lasso": (
            linear_model.LogisticRegression(C=0.1, l1_ratio=1.0, **edged),
            {"model": "logistic", "penalty": f"lasso:{10.0 / count!r}", "proximal": True}, "binary",
        ),
        "softmax_lasso": (
            linear_model.LogisticRegression(C=0.2, l1_ratio=1.0, **edged),
            {"model": "softmax", "penalty": f"lasso:{5.0 / count!r}", "proximal": True}, "classes",
        ),
    }


def main() -> None:
    """Write the file beside this one."""
    data = _data()
    features, cases = data["features"], []
    for name, (regression, ours) in _regressions(features, data["target"]).items():
        fitted = regression.fit(features, data["target"])
        cases.append({
            "name": name, "model": "linear", "target": "target", **ours, "oracle": type(fitted).__name__,
            "weights": fitted.coef_.tolist(), "intercept": float(fitted.intercept_),
        })
    for name, (classifier, ours, target) in _classifiers(SAMPLES).items():
        fitted = classifier.fit(features, data[target])
        cases.append({
            "name": name, "target": target, **ours, "oracle": type(fitted).__name__, "weights": fitted.coef_.tolist(),
            "intercept": fitted.intercept_.tolist(), "probabilities": fitted.predict_proba(features).tolist(),
        })
    document = {
        "sklearn": sklearn.__version__, "data": {key: value.tolist() for key, value in data.items()}, "cases": cases
    }
    text = json.dumps(document, indent=1, allow_nan=False)
    Path(__file__).with_name("sklearn_fits.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
