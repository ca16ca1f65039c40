"""Which columns of data are drawn, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gdstudio.controllers.content import loss_sign
from gdstudio.controllers.data_points import points_of
from gdstudio.data.edits import Edits
from gdstudio.engine.models.losses import LOSSES
from gdstudio.experiment.document import Data, Problem, Source
from gdstudio.experiment.sampled import sampled


def _problem(model: str | None, key: str, **more: Any) -> Problem:
    return Problem(model=model, data=Data(source=Source(key=key), **more))


def test_a_number_is_drawn_over_the_first_feature() -> None:
    problem = _problem("linear", "diabetes", standardize=True, held_out=0.1)
    points = points_of(problem)
    plain = sampled(_problem("linear", "diabetes")).samples
    assert points.shown == (plain.features[0], plain.target)
    np.testing.assert_allclose(points.xs, plain.values[plain.names.index(plain.features[0])], rtol=1e-12, atol=1e-12)
    assert points.held_out is not None
    assert np.flatnonzero(points.held_out).tolist() == sorted(sampled(problem).samples.held_out.tolist())
    assert points.codes is None


def test_classes_are_drawn_over_the_features_that_tell_them_apart() -> None:
    assert points_of(_problem("logistic", "moons")).shown == ("x1", "x2")
    iris = points_of(_problem("softmax", "iris"))
    assert iris.shown == ("petal_length", "petal_width")
    assert iris.codes is not None
    assert sorted(set(iris.codes.tolist())) == [0, 1, 2]
    digits = points_of(_problem("softmax", "digits"))
    assert digits.xs.std() > 1.0
    assert digits.ys.std() > 1.0


def test_the_axes_stay_while_a_sample_is_dragged_far_away() -> None:
    problem = _problem("softmax", "iris")
    edits = Edits().moved(0, {"petal_length": 1e4, "petal_width": -1e4})
    assert problem.data is not None
    dragged = replace(problem, data=replace(problem.data, edits=edits))
    points = points_of(dragged)
    assert points.shown == ("petal_length", "petal_width")
    assert (points.xs[0], points.ys[0]) == (1e4, -1e4)
    assert points_of(dragged) is points


def test_a_loss_is_called_as_people_call_it() -> None:
    assert loss_sign(Problem(key="rosenbrock")) == "f = "
    assert loss_sign(_problem("linear", "noisy_line")) == "MSE "
    assert loss_sign(replace(_problem("linear", "noisy_line"), loss="absolute")) == "MAE "
    assert loss_sign(replace(_problem("linear", "noisy_line"), penalty="ridge:0.1")) == "loss "
    assert loss_sign(_problem("logistic", "moons")) == "log-loss "
    assert loss_sign(_problem("softmax", "iris")) == "log-loss "
    assert {LOSSES[key].name for key in ("logistic", "cross_entropy")} == {"Log-loss"}
    assert loss_sign(Problem(text="(w*x - y)^2", data=Data(source=Source(key="noisy_line")))) == "loss "
