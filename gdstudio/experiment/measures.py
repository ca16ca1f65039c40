"""How well an iterate predicts: the metrics of a loss over data, on the samples it learns from and those held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.analysis.metrics import classification_metrics, regression_metrics
from gdstudio.experiment.build import data_of
from gdstudio.experiment.sampled import sampled

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.experiment.document import Problem
    from gdstudio.experiment.sampled import SampledLoss

    Floats = NDArray[np.float64]


def metrics_of(problem: Problem, theta: Floats) -> dict[str, dict[str, float] | None] | None:
    """Return the metrics at `theta`, shape (n,), for "train" and "held_out" samples.

    Returns
    -------
    dict or None
        For each of the two r2, rmse and mae, or accuracy and log_loss; None for "held_out" where no sample is. None in
        all where there are no data, or a typed loss compares nothing with its target.
    """
    if data_of(problem) is None:
        return None
    loss = sampled(problem)
    samples = loss.samples
    train = measured(loss, theta, samples.columns(samples.train))
    if train is None:
        return None
    aside = samples.held_out
    held_out = measured(loss, theta, samples.columns(aside)) if len(aside) else None
    return {"train": train, "held_out": held_out}


def measured(loss: SampledLoss, theta: Floats, columns: Mapping[str, Floats]) -> dict[str, float] | None:
    """Return the metrics at `theta` on some samples, given by column; None where nothing is predicted."""
    prediction = loss.model.predict(theta, columns)
    if prediction is None:
        return None
    measure = classification_metrics if loss.task in ("binary", "classes") else regression_metrics
    return measure(prediction, columns[loss.samples.target])
