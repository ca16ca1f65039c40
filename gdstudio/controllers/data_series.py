"""Losses over the iterations of a run on data: of all training samples, of its batches, of the samples held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from gdstudio.controllers.content import Thinned, evaluations, thinning
from gdstudio.engine.kernels import evaluate_kernel, machine_available
from gdstudio.experiment.build import batching_of, data_of
from gdstudio.experiment.sampled import sampled
from gdstudio.scene.runs import Series, loss_series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective
    from gdstudio.engine.trajectory import Trajectory
    from gdstudio.experiment.document import Experiment
    from gdstudio.scene.runs import RunPath

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

# Evaluations of single samples that a curve of losses may take for what a run does not know, and its points at most.
_MOST_EVALUATIONS, _MOST_POINTS = 2_000_000, 400
# Rows that are looked at to find out whether losses are known at some of them only.
_BEGINNING = 1024


def series_of(experiment: Experiment, index: int, path: RunPath, trajectory: Trajectory) -> tuple[Series, ...]:
    """Return the curves of a run, its loss first.

    Parameters
    ----------
    experiment : Experiment
        The document that the run belongs to.
    index : int
        Which run.
    path : RunPath
        The run as the views draw it.
    trajectory : Trajectory
        All of its iterates.
    """
    if data_of(experiment.problem) is None:
        return (loss_series(path),)
    loss = sampled(experiment.problem)
    epoch = float(batching_of(experiment.runs[index]).iterations_per_epoch(len(loss.samples.train)))
    translate = QCoreApplication.translate
    kept = thinning(len(trajectory))
    series = [_of_all(path, trajectory, kept, loss.objective, epoch)]
    if trajectory.is_batched and trajectory.batch_loss is not None:
        label = translate("Legend", "{run}, batch").format(run=path.label)
        values = kept.of(trajectory.batch_loss)
        series.append(Series(label, path.slot, values, path.visible, kept.stride, kept.last, "faint", epoch=epoch))
    if loss.held_out is not None and len(trajectory):
        label = translate("Legend", "{run}, held out").format(run=path.label)
        rows = _rows(len(trajectory), loss.held_out)
        values = _evaluated(loss.held_out, trajectory, rows)
        series.append(Series(
            label, path.slot, values, path.visible, style="dashed", iterations=rows.astype(np.float64), epoch=epoch,
        ))
    return tuple(series)


def is_known_sometimes(trajectory: Trajectory) -> bool:
    """Return whether the loss of all training samples is known at some iterates only: there are many samples."""
    # gaps begin with the first epoch; a run whose loss is no number has ended there
    return trajectory.is_batched and bool(np.isnan(trajectory.loss[:-1][:_BEGINNING]).any())


def _of_all(path: RunPath, trajectory: Trajectory, kept: Thinned, goal: Objective, epoch: float) -> Series:
    """Return the loss of all training samples: of many, where the run knows it and at some iterates in between."""
    loss = trajectory.loss
    known = np.flatnonzero(~np.isnan(loss))
    if len(known) in (0, len(loss)):
        return Series(path.label, path.slot, kept.of(loss), path.visible, kept.stride, kept.last, epoch=epoch)
    rows = np.union1d(thinning(len(known)).of(known), _rows(len(trajectory), goal))
    values = loss[rows]
    missing = np.isnan(values)
    values[missing] = _evaluated(goal, trajectory, rows[missing])
    return Series(path.label, path.slot, values, path.visible, iterations=rows.astype(np.float64), epoch=epoch)


def _evaluated(goal: Objective, trajectory: Trajectory, rows: Rows) -> Floats:
    """Return a loss at some rows (n,) of a run, (n,)."""
    kernel = evaluate_kernel(goal.program, machine_available())
    return np.asarray(kernel(goal, trajectory.theta[rows]))


def _rows(length: int, goal: Objective) -> Rows:
    """Return at which rows a loss is worked out for a curve: the first, the last and evenly between."""
    points = int(min(max(_MOST_EVALUATIONS // evaluations(goal), 2), _MOST_POINTS, length))
    return np.unique(np.linspace(0, length - 1, points).astype(np.int64))
