"""What people ask for beside the loss: how well predictions meet what was to be predicted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# A probability nearer to 0 is taken as this, so that one sample that is surely wrong leaves the log-loss a number.
LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


def regression_metrics(prediction: ArrayLike, target: ArrayLike) -> dict[str, float]:
    """Return ``r2``, ``rmse`` and ``mae``.

    R² is the share of the target's variance that is explained; it is not a number where all targets are alike.

    Parameters
    ----------
    prediction, target : array_like, shape (rows,)
        At least one row.
    """
    wanted = np.asarray(target, dtype=np.float64)
    with np.errstate(all="ignore"):
        residual = np.asarray(prediction, dtype=np.float64) - wanted
        square = float(np.mean(residual * residual))
        spread = float(np.mean((wanted - wanted.mean()) ** 2))
        return {
            "r2": 1.0 - square / spread if np.ptp(wanted) > 0.0 and spread > 0.0 else math.nan,
            "rmse": math.sqrt(square) if square >= 0.0 else math.nan,
            "mae": float(np.mean(np.abs(residual))),
        }


def classification_metrics(probabilities: ArrayLike, target: ArrayLike) -> dict[str, float]:
    """Return ``accuracy`` and ``log_loss``.

    Parameters
    ----------
    probabilities : array_like, shape (rows,) or (rows, classes)
        Of class 1 of two, or of each class.
    target : array_like, shape (rows,)
        The place of the right class, 0 and up; at least one row.
    """
    each, right = _of_each_class(probabilities), np.asarray(target).astype(np.int64)
    of_right = np.clip(each[np.arange(len(right)), right], LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)
    return {
        "accuracy": float(np.mean(predicted_classes(probabilities) == right)),
        "log_loss": float(-np.mean(np.log(of_right))),
    }


def predicted_classes(probabilities: ArrayLike) -> NDArray[np.int64]:
    """Return the most probable class of each row, the first of equals; `probabilities` as of `classification_metrics`.

    Where it is not a number the class is -1, which is never right.
    """
    each = _of_each_class(probabilities)
    chosen = np.argmax(each, axis=1)
    return np.where(np.isnan(each).any(axis=1), -1, chosen)


def confusion_matrix(probabilities: ArrayLike, target: ArrayLike, classes: int) -> NDArray[np.int64]:
    """Return how many samples of each class, by rows, are taken for which, by columns: shape (classes, classes)."""
    chosen, right = predicted_classes(probabilities), np.asarray(target).astype(np.int64)
    known = chosen >= 0
    counts = np.bincount(right[known] * classes + chosen[known], minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int64)


def _of_each_class(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Return probabilities of shape (rows, classes)."""
    given = np.asarray(probabilities, dtype=np.float64)
    return np.stack([1.0 - given, given], axis=1) if given.ndim == 1 else given
