"""What of runs and of their rule of stopping is carried over to another problem."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.experiment.build import PROXIMAL, has_lasso, hyperparameters_of, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.stopping import Stopping
    from gdstudio.experiment.document import Experiment, Problem, Run

# Rates that suit a problem and no other.
_RATES = ("learning_rate", "schedule_peak")


def afresh(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs without what happened in them."""
    return tuple(replace(run, changes=()) for run in runs)


def without_idle_steps(runs: Sequence[Run], problem: Problem) -> tuple[Run, ...]:
    """Return the runs without the proximal step where the problem has no penalty that it could take."""
    if has_lasso(problem):
        return tuple(runs)
    return tuple(
        replace(run, additions=tuple(each for each in run.additions if each.key != PROXIMAL)) for run in runs
    )


def suited(runs: Sequence[Run], samples: int | None) -> tuple[Run, ...]:
    """Return the runs for another problem: the learning rate is its own again, batches fit its data."""
    return tuple(
        replace(run, hyperparameters={
            name: value for name, value in run.hyperparameters.items() if name not in _RATES
        })
        for run in with_fitting_batches(runs, samples)
    )


def with_fitting_batches(runs: Sequence[Run], samples: int | None) -> tuple[Run, ...]:
    """Return the runs, without what happened in them, with batches smaller than their data; None takes all."""
    return tuple(
        replace(run, batch=run.batch if samples is not None and run.batch is not None and run.batch < samples else None)
        for run in afresh(runs)
    )


def kept_runs(experiment: Experiment) -> tuple[Run, ...]:
    """Return the runs for a formula that grew out of the present problem: the rates that suited it stay."""
    if row_of(experiment.problem) is None:
        return afresh(experiment.runs)
    kept = []
    for run in afresh(experiment.runs):
        values = hyperparameters_of(experiment.problem, run)
        # Of some methods that search their own step there is none.
        rate = {"learning_rate": values["learning_rate"]} if "learning_rate" in values else {}
        kept.append(replace(run, hyperparameters={**run.hyperparameters, **rate}))
    return tuple(kept)


def fitting(stopping: Stopping, dimension: int) -> Stopping:
    """Return `stopping` without what `dimension` variables cannot have."""
    return stopping if dimension == 1 else replace(stopping, stop_at_sign_change=False)
