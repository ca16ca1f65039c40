"""How well an iterate predicts: the metrics of a loss over data, on the samples it learns from and those held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.analysis.metrics import classification_metrics, regression_metrics
from gdstudio.experiment.build import data_of
from gdstudio.experiment.sampled import sampled

if TYPE_CHECKING:
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
    train = _metrics(loss, theta, loss.samples.train)
    if train is None:
        return None
    held_out = _metrics(loss, theta, loss.samples.held_out) if len(loss.samples.held_out) else None
    return {"train": train, "held_out": held_out}


def _metrics(loss: SampledLoss, theta: Floats, rows: NDArray[np.int64]) -> dict[str, float] | None:
    columns = loss.samples.columns(rows)
    prediction = loss.model.predict(theta, columns)
    if prediction is None:
        return None
    measure = classification_metrics if loss.task in ("binary", "classes") else regression_metrics
    return measure(prediction, columns[loss.samples.target])
