"""The loop: state in, iterations made, state out; deterministic to the bit.

A descent owns its trajectory and knows nothing of clocks, threads or windows. Whoever drives it calls
`advance` with as many iterations as suit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.interpreted import stop_cause
from gdstudio.engine.kernels import STOP_CAUSES, Batches, StateLayout, descend_kernel, machine_available
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.sampling import Sampler
from gdstudio.engine.stopping import OUTCOMES, Stopping
from gdstudio.engine.trajectory import Trajectory
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count
from gdstudio.engine.update_rule import rule_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective

# Batches are prepared for so many samples at once: bounded memory, and few calls.
_SAMPLES_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Change:
    """A hyperparameter set while a run was under way: `value` holds from the step after `iteration` on."""

    iteration: int
    name: str
    value: float


@dataclass(frozen=True)
class DescentState:
    """Everything that the rest of a run depends on."""

    iteration: int
    values: NDArray[np.float64]
    hyperparameters: NDArray[np.float64]
    changes: tuple[Change, ...]
    outcome: str | None


class Descent:
    """One optimizer going down one objective.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    optimizer : str
        Key of the table of optimizers.
    start : sequence of float, shape (n,)
        Where it begins.
    hyperparameters : mapping of str to float
        Values that differ from the table's defaults.
    stopping : Stopping
        When it ends.
    seed : int
        Of the order of samples.
    batch : int or None
        Samples in a batch; None takes all.
    machine : bool or None
        Whether to execute machine code; None takes it where it can be made.

    Raises
    ------
    StudioError
        Where the start, a hyperparameter or the batch does not fit.
    """

    def __init__(
        self, objective: Objective, optimizer: str, start: Sequence[float] | NDArray[np.float64],
        hyperparameters: Mapping[str, float] | None = None, stopping: Stopping | None = None, seed: int = 0,
        batch: int | None = None, machine: bool | None = None,
    ) -> None:
        self.objective = objective
        self.optimizer = OPTIMIZERS[optimizer]
        self.stopping = stopping or Stopping()
        self.rule = rule_of(optimizer)
        given = dict(hyperparameters or {})
        self._hyperparameters = np.array(
            [row.check(given.pop(row.key, row.default)) for row in self.optimizer.hyperparameters]
        )
        if given:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{optimizer} has no hyperparameter called {name}; it has {known}."),
                optimizer=optimizer, name=next(iter(given)), known=", ".join(self.rule.hyperparameters),
            )
        theta = _checked_start(start, objective.variables)
        self._sampler = _sampler(objective, batch, seed)
        use_machine = machine_available() if machine is None else machine
        self._kernel = descend_kernel(objective.program, self.rule, self._sampler is not None, use_machine)
        self._layout = StateLayout(objective.dimension, self.rule)
        loss, gradient = objective.loss_and_gradient(theta)
        self._state = self._layout.initial(theta, loss, gradient)
        self._limits = self.stopping.limits(theta, loss)
        self._first = (loss, float(np.max(np.abs(theta))))
        self.changes: tuple[Change, ...] = ()
        self.iterations = 0
        self.trajectory = Trajectory(
            objective.blocks, self.stopping.iterations + 1, batched=self._sampler is not None
        )
        self.trajectory.append(theta, loss, float(self._state[self._layout.norm]))
        self.outcome = stop_cause(theta, loss, float(self._state[self._layout.norm]), False, 0.0, self._limits)
        self._end_at_limit()

    @property
    def hyperparameters(self) -> dict[str, float]:
        """The values that the next step uses."""
        return dict(zip(self.rule.hyperparameters, self._hyperparameters.tolist(), strict=True))

    @property
    def evaluations(self) -> int:
        """Gradients computed, those of the start and of the last iterate included."""
        return 1 + self.iterations * self.rule.gradients_per_step

    @property
    def theta(self) -> NDArray[np.float64]:
        """A copy of the current parameters, shape (n,)."""
        return self._state[self._layout.theta].copy()

    @property
    def iterations_per_epoch(self) -> int | None:
        """Iterations that pass over the data once; None where there is no data."""
        if self.objective.samples is None:
            return None
        return self._sampler.iterations_per_epoch if self._sampler else 1

    def advance(self, count: int) -> int:
        """Make up to `count` iterations and return how many were made; fewer where the run ends."""
        made = 0
        while made < count and self.outcome is None:
            wanted = min(count - made, self.stopping.iterations - self.iterations)
            made += self._advance_once(wanted)
        return made

    def _advance_once(self, wanted: int) -> int:
        batches = None
        if self._sampler is not None:
            wanted = min(wanted, max(1, _SAMPLES_AT_ONCE // self._sampler.batch))
        rows, batch_loss = self.trajectory.free_rows(wanted)
        if self._sampler is not None and batch_loss is not None:
            batches = Batches(*self._sampler.batches(self.iterations, wanted), loss=batch_loss)
        made, cause = self._kernel(
            wanted, self._state, self._hyperparameters, self.objective, self._limits, rows, batches
        )
        self.trajectory.extend(made, float(self._hyperparameters[0]))
        self.iterations += made
        self.outcome = STOP_CAUSES[cause]
        self._end_at_limit()
        return made

    def _end_at_limit(self) -> None:
        if self.outcome is None and self.iterations >= self.stopping.iterations:
            self.outcome = "iteration_limit"

    def change(self, name: str, value: float) -> None:
        """Set a hyperparameter from the next step on, and log it.

        Raises
        ------
        StudioError
            Where the optimizer has none of that name, or the value is outside its range.
        """
        row = self.optimizer.hyperparameter(name)
        if row is None:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{optimizer} has no hyperparameter called {name}; it has {known}."),
                optimizer=self.optimizer.key, name=name, known=", ".join(self.rule.hyperparameters),
            )
        self._hyperparameters[self.rule.hyperparameters.index(name)] = row.check(value)
        self.changes = (*self.changes, Change(self.iterations, name, float(value)))

    def take_state(self) -> DescentState:
        """Return a copy of all that the rest of the run depends on."""
        return DescentState(
            self.iterations, self._state.copy(), self._hyperparameters.copy(), self.changes, self.outcome
        )

    def put_state(self, state: DescentState) -> None:
        """Go on from `state`, taken from this run or from another of the same experiment.

        The trajectory is cut after the state's iterate; where it does not reach that far, it begins there.
        """
        self.iterations = state.iteration
        self._state[:] = state.values
        self._hyperparameters[:] = state.hyperparameters
        self.changes = state.changes
        self.outcome = state.outcome
        row = state.iteration - self.trajectory.first_iteration
        if 0 <= row < len(self.trajectory):
            self.trajectory.truncate(row + 1)
            return
        self.trajectory.restart(state.iteration)
        layout = self._layout
        self.trajectory.append(self.theta, float(self._state[layout.loss]), float(self._state[layout.norm]))

    @property
    def reason_details(self) -> dict[str, float | int | None]:
        """The numbers that the sentence of the outcome names."""
        last = self.trajectory.theta[-2:, 0]
        return {
            "iterations": Count(self.iterations),
            "loss": float(self._state[self._layout.loss]),
            "norm": float(self._state[self._layout.norm]),
            "best": float(self._state[self._layout.best]),
            "largest": float(np.max(np.abs(self._state[self._layout.theta]))),
            "first_loss": self._first[0],
            "first_largest": self._first[1],
            "tolerance": self.stopping.tolerance,
            "patience": None if self.stopping.patience is None else Count(self.stopping.patience),
            "low": float(np.min(last)),
            "high": float(np.max(last)),
        }

    @property
    def reason(self) -> str:
        """Why the run ended, in one English sentence with its numbers; empty while it has not."""
        return OUTCOMES[self.outcome].format(**self.reason_details) if self.outcome else ""


def _checked_start(
    start: Sequence[float] | NDArray[np.float64], variables: tuple[str, ...]
) -> NDArray[np.float64]:
    theta = np.array(start, dtype=np.float64).ravel()
    if len(theta) != len(variables):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "The start has {given:# number|# numbers}, but there {wanted:is # variable|are # variables}: {names}.",
            ),
            given=Count(len(theta)), wanted=Count(len(variables)), names=", ".join(variables),
        )
    if not np.all(np.isfinite(theta)):
        worst = variables[int(np.argmin(np.isfinite(theta)))]
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The start must be finite, but that of {name} is not."), name=worst
        )
    return theta


def _sampler(objective: Objective, batch: int | None, seed: int) -> Sampler | None:
    """Return the source of batches, or None where every step takes all there is."""
    if batch is None:
        return None
    if objective.samples is None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "A batch of {batch} was asked for, but this problem has no data: leave it out."
            ),
            batch=batch,
        )
    if not 1 <= batch <= objective.samples:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The batch must have 1 to {samples} samples, not {batch}."),
            samples=objective.samples, batch=batch,
        )
    return None if batch == objective.samples else Sampler(objective.samples, batch, seed)
