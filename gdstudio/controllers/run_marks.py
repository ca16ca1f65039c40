"""What is drawn of some methods besides their path: the bracket of a sign search, Nesterov's look-ahead point."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.controllers.content import thinning
from gdstudio.engine.additions import ADDITIONS
from gdstudio.experiment.build import hyperparameters_of, recipe_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.trajectory import Trajectory
    from gdstudio.experiment.document import Experiment
    from gdstudio.scene.runs import RunPath

    Floats = NDArray[np.float64]

_LOOKS_AHEAD = "nesterov_lookahead"
# With these around it, the last step is still the velocity.
_HARMLESS = ("schedule", "warmup", "gradient")
_ENDS = ("bracket_low", "bracket_high")


def with_marks(path: RunPath, experiment: Experiment, index: int, trajectory: Trajectory) -> RunPath:
    """Return a run as the views draw it, with what its method knows besides its path.

    Parameters
    ----------
    path : RunPath
        The run without it.
    experiment : Experiment
        The document that the run belongs to.
    index : int
        Which run.
    trajectory : Trajectory
        All of its iterates.
    """
    bracket = _bracket(trajectory, len(path)) if len(trajectory.variables) == 1 else None
    ahead = _ahead(path, experiment, index, trajectory)
    return path if bracket is None and ahead is None else replace(path, bracket=bracket, ahead=ahead)


def _bracket(trajectory: Trajectory, rows: int) -> Floats | None:
    names = trajectory.column_names
    if not all(end in names for end in _ENDS) or not rows:
        return None
    columns = [np.asarray(trajectory.column(end), dtype=np.float64) for end in _ENDS]
    return thinning(len(trajectory)).of(np.stack(columns, axis=1))


def _ahead(path: RunPath, experiment: Experiment, index: int, trajectory: Trajectory) -> Floats | None:
    """Return where the step after each iterate takes its gradient, in the variables shown."""
    run = experiment.runs[index]
    recipe = recipe_of(run)
    plain = all(ADDITIONS[addition.key].kind in _HARMLESS for addition in recipe.additions)
    if run.equations is not None or run.optimizer != _LOOKS_AHEAD or not plain or not len(path):
        return None
    theta = trajectory.theta
    momentum = np.full(len(theta), hyperparameters_of(experiment.problem, run)["momentum"])
    for change in run.changes:
        if change.name == "momentum":
            momentum[change.iteration:] = change.value
    velocity = np.diff(theta, axis=0, prepend=theta[:1])
    kept = thinning(len(theta)).of(theta + momentum[:, None] * velocity)
    shown = list(experiment.shown) if theta.shape[1] > 1 else [0]
    return kept[:, shown]
