"""Residuals and predictions: what is where, and what rests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gdstudio.scene.predictions import Predicted, PredictionsDrawing, PredictionsScene
from gdstudio.scene.theme import DARK, LIGHT
from tests.scene.pixels import difference, painted
from tests.scene.points import predictions

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = 480.0, 320.0


def test_a_right_prediction_lies_on_the_diagonal_and_has_no_residual() -> None:
    actual = np.linspace(-1, 2, 7)
    right = (Predicted("run", 0, actual),)
    diagonal = PredictionsDrawing(PredictionsScene("actual", actual, None, lambda at: right), DARK, SIZE)
    ((_, pixels),) = diagonal.places(0)
    data = np.array([diagonal.frame.data(x, y) for x, y in pixels])
    np.testing.assert_allclose(data[:, 0], data[:, 1], atol=1e-9)
    residuals = PredictionsDrawing(PredictionsScene("residuals", actual, None, lambda at: right), DARK, SIZE)
    ((_, pixels),) = residuals.places(0)
    np.testing.assert_allclose(pixels[:, 1], residuals.frame.y(0.0))
    np.testing.assert_allclose(pixels[:, 0], [residuals.frame.x(value) for value in actual])


def test_a_residual_is_what_was_measured_less_what_is_predicted() -> None:
    scene = PredictionsScene("residuals", np.array([3.0, 0.0]), None, lambda at: (Predicted("r", 0, np.ones(2)),))
    drawing = PredictionsDrawing(scene, DARK, SIZE)
    ((_, pixels),) = drawing.places(0)
    assert drawing.frame.data(*pixels[0]) == pytest.approx((1.0, 2.0))
    assert drawing.frame.data(*pixels[1]) == pytest.approx((1.0, -1.0))


def test_the_axes_rest_while_predictions_move() -> None:
    drawing = PredictionsDrawing(predictions(), DARK, SIZE)
    frame = drawing.frame
    drawing.places(0)
    drawing.places(50)
    assert drawing.frame == frame
    assert drawing.same_ground(PredictionsDrawing(replace(predictions(), cursor=7), DARK, SIZE))
    assert not drawing.same_ground(PredictionsDrawing(predictions("actual"), DARK, SIZE))
    assert not drawing.same_ground(PredictionsDrawing(predictions(), LIGHT, SIZE))


def test_points_beyond_the_edges_are_counted() -> None:
    scene = predictions()
    far = replace(scene, predicted=lambda at: (Predicted("run", 0, np.full(len(scene.actual), 1e9)),))
    none = replace(scene, predicted=lambda at: ())
    pictures = [painted(PredictionsDrawing(each, LIGHT, SIZE).paint, 480, 320) for each in (far, none)]
    corner = np.s_[265:290, 52:260]
    assert difference(pictures[0][corner], pictures[1][corner]) > 3.0


def test_the_nearest_of_all_runs() -> None:
    drawing = PredictionsDrawing(predictions(), DARK, SIZE)
    for run, pixels in drawing.places(20):
        x, y = pixels[9].tolist()
        found = drawing.nearest(x, y, 20)
        assert found is not None
        assert found[0].label == run.label
        assert found[1] == 9
    assert drawing.nearest(0, 0, 20) is None
    wild = PredictionsScene("actual", np.ones(2), None, lambda at: (Predicted("r", 0, np.full(2, np.nan)),))
    assert PredictionsDrawing(wild, DARK, SIZE).nearest(10, 10, 0) is None
    assert np.isfinite(painted(PredictionsDrawing(wild, DARK, SIZE).paint, 480, 320)).all()
