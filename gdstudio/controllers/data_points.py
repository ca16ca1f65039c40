"""Where the samples of a loss over data are drawn: two of their columns, in the units of their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.experiment.recent import Recent
from gdstudio.experiment.sampled import sampled
from gdstudio.experiment.suited import unedited

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.experiment.document import Problem
    from gdstudio.experiment.sampled import SampledLoss

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Points:
    """The samples as points.

    Attributes
    ----------
    shown : tuple of str
        The columns along the two axes.
    xs, ys : ndarray, (samples,)
        Where each sample is.
    held_out : ndarray of bool, (samples,), or None
        Which are not trained on; None where all are.
    codes : ndarray of int, (samples,), or None
        Class of each from 0, for a classifier.
    """

    shown: tuple[str, str]
    xs: Floats
    ys: Floats
    held_out: NDArray[np.bool_] | None
    codes: Rows | None


def points_of(problem: Problem) -> Points:
    """Return the points of a problem over data, the same object for the same: drawings tell by that what is new."""
    return _points(sampled(problem), _shown(unedited(problem)))


@lru_cache(maxsize=4)
def _points(loss: SampledLoss, shown: tuple[str, str]) -> Points:
    samples, aside = loss.samples, None
    if len(samples.held_out):
        aside = np.zeros(samples.values.shape[1], dtype=np.bool_)
        aside[samples.held_out] = True
    return Points(shown, in_source(loss, shown[0]), in_source(loss, shown[1]), aside, _codes(loss))


def _codes(loss: SampledLoss) -> Rows | None:
    if loss.task not in ("binary", "classes"):
        return None
    return np.asarray(loss.samples.values[loss.samples.names.index(loss.samples.target)].astype(np.int64))


def _columns_shown(problem: Problem) -> tuple[str, str]:
    loss = sampled(problem)
    features, codes = features_of(loss), _codes(loss)
    if codes is None or len(features) < 2:
        return features[0], loss.samples.target
    return (features[0], features[1]) if len(features) == 2 else _most_telling(loss, features, codes)


def _most_telling(loss: SampledLoss, features: tuple[str, ...], codes: Rows) -> tuple[str, str]:
    """Return the two features, in their order, whose means differ most from class to class for how far they spread."""
    values = np.stack([loss.samples.values[loss.samples.names.index(name)] for name in features])
    spread, middle, apart = values.var(axis=1), values.mean(axis=1), np.zeros(len(features))
    for code in np.unique(codes):
        inside = values[:, codes == code]
        apart += inside.shape[1] * (inside.mean(axis=1) - middle) ** 2
    told = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    first, second = sorted(np.argsort(-told, kind="stable")[:2].tolist())
    return features[first], features[second]


# Of the data as they came: the axes stay while a sample is dragged.
_shown: Recent[Problem, tuple[str, str]] = Recent(_columns_shown, 6)


def features_of(loss: SampledLoss) -> tuple[str, ...]:
    """Return the columns that a loss predicts from, those of a typed one in its own order."""
    read = [name for name in loss.model.columns.values() if name != loss.samples.target]
    return tuple(read) or loss.samples.names[:1]


def in_source(loss: SampledLoss, name: str) -> Floats:
    """Return a column in the units of its source: not standardised."""
    samples = loss.samples
    values: Floats = samples.values[samples.names.index(name)]
    if samples.scaling is None or name not in samples.features:
        return values
    place = samples.features.index(name)
    return np.asarray(values * samples.scaling.std[place] + samples.scaling.mean[place])


def as_read(loss: SampledLoss, name: str, values: Floats) -> Floats:
    """Return numbers in the units of the source as the loss reads them."""
    samples = loss.samples
    if samples.scaling is None or name not in samples.features:
        return values
    place = samples.features.index(name)
    return np.asarray((values - samples.scaling.mean[place]) / samples.scaling.std[place])
