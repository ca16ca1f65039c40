"""What is told of predictions beside the loss."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gdstudio.analysis.metrics import (
    classification_metrics,
    confusion_matrix,
    predicted_classes,
    regression_metrics,
)

_NUMBERS = st.floats(-1e6, 1e6)


def test_regression_metrics_are_those_of_their_definitions() -> None:
    found = regression_metrics([2.5, 0.0, 2.0, 8.0], [3.0, -0.5, 2.0, 7.0])
    assert found["r2"] == pytest.approx(1.0 - 1.5 / 29.1875)
    assert found["rmse"] == pytest.approx(math.sqrt(1.5 / 4.0))
    assert found["mae"] == 0.5


@given(arrays.arrays(np.float64, st.integers(2, 20), elements=_NUMBERS))
def test_the_target_itself_is_all_right_and_its_mean_explains_nothing(target: np.ndarray) -> None:
    exact = regression_metrics(target, target)
    assert exact["rmse"] == exact["mae"] == 0.0
    if np.ptp(target) > 1e-3:
        assert exact["r2"] == 1.0
        mean = np.full_like(target, target.mean())
        assert regression_metrics(mean, target)["r2"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("target", [[3.0], [1.1, 1.1, 1.1]])
def test_where_all_targets_are_alike_nothing_is_explained(target: list[float]) -> None:
    assert math.isnan(regression_metrics(np.zeros(len(target)), target)["r2"])


def test_a_prediction_that_is_no_number_is_said_to_be_none() -> None:
    found = regression_metrics([math.nan, 1.0], [0.0, 1.0])
    assert all(math.isnan(value) for value in found.values())
    assert regression_metrics([math.inf, 1.0], [0.0, 1.0])["rmse"] == math.inf
    each = classification_metrics([[math.nan, math.nan], [0.25, 0.75]], [0, 1])
    assert each["accuracy"] == 0.5 and math.isnan(each["log_loss"])


def test_classification_metrics_are_those_of_their_definitions() -> None:
    each = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.4, 0.5, 0.1], [0.2, 0.2, 0.6]])
    found = classification_metrics(each, [0, 2, 0, 1])
    assert found["accuracy"] == 0.5
    assert found["log_loss"] == pytest.approx(-np.mean(np.log([0.7, 0.6, 0.4, 0.2])))
    np.testing.assert_array_equal(confusion_matrix(each, [0, 2, 0, 1], 3), [[1, 1, 0], [0, 0, 1], [0, 0, 1]])


@given(arrays.arrays(np.float64, st.integers(1, 20), elements=st.floats(0.0, 1.0)), st.data())
def test_one_probability_is_that_of_class_1_of_two(yes: np.ndarray, data: st.DataObject) -> None:
    target = data.draw(arrays.arrays(np.float64, len(yes), elements=st.sampled_from([0.0, 1.0])))
    both = np.stack([1.0 - yes, yes], axis=1)
    assert classification_metrics(yes, target) == classification_metrics(both, target)
    matrix = confusion_matrix(yes, target, 2)
    assert matrix.sum() == len(yes)
    assert np.trace(matrix) / len(yes) == pytest.approx(classification_metrics(yes, target)["accuracy"])
    np.testing.assert_array_equal(predicted_classes(yes), yes > 0.5)
    assert 0.0 <= classification_metrics(yes, target)["log_loss"] <= 37.0
