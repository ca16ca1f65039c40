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
from gdstudio.engine.kernels import STOP_CAUSES, Batches, StateLayout, descend_kernel, gradient_norm, machine_available
from gdstudio.engine.matrices import refuse_without_matrix
from gdstudio.engine.methods.rule import MethodRule
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.sampling import Batching, normal_numbers, sampler
from gdstudio.engine.stopping import OUTCOMES, Stopping
from gdstudio.engine.trajectory import Trajectory
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count
from gdstudio.engine.update_rule import UpdateRule, carried_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Rule
    from gdstudio.engine.objective import Objective

# With batches, the loss and gradient over all the data are evaluated at every iterate of at most so many samples, and
# so many numbers in the gradients of all of them; of more, where an epoch ends and where the run does.
FULL_LOSS_SAMPLES = 2048
FULL_LOSS_NUMBERS = 1 << 16
# Batches are prepared for so many samples at once: bounded memory, and few calls.
_SAMPLES_AT_ONCE = 1 << 16
# So are random numbers.
_NORMALS_AT_ONCE = 1 << 18


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
    optimizer : str or Recipe
        Key of the table of optimizers, or an optimizer with all that is put around it.
    start : sequence of float, shape (n,)
        Where it begins.
    hyperparameters : mapping of str to float
        Values that differ from the table's defaults. One that is called as an addition (``weight_decay``) puts that
        around the optimizer, see `Recipe.reaching`.
    stopping : Stopping
        When it ends.
    seed : int
        Of the order of samples and of gradient noise.
    batch : int, Batching or None
        Samples in a batch, or how the data are divided into batches; None takes all.
    machine : bool or None
        Whether to execute machine code; None takes it where it can be made.
    convention : str or None
        Whose arithmetic and defaults, see `optimizers.row.Variant`; None takes the first that the optimizer has.
        For a `Recipe`, which has its own, it is left out.

    Raises
    ------
    StudioError
        Where the start, a hyperparameter or the batch does not fit, or the recipe does not, see `composition`.
    """

    def __init__(
        self, objective: Objective, optimizer: str | Recipe, start: Sequence[float] | NDArray[np.float64],
        hyperparameters: Mapping[str, float] | None = None, stopping: Stopping | None = None, seed: int = 0,
        batch: int | Batching | None = None, machine: bool | None = None, convention: str | None = None,
    ) -> None:
        self.objective = objective
        recipe = optimizer if isinstance(optimizer, Recipe) else Recipe(optimizer, convention)
        given = dict(hyperparameters or {})
        self.recipe = recipe.reaching(given)
        self.composition = composition(self.recipe)
        self.stopping = stopping or Stopping()
        self._hyperparameters = np.array(
            [row.check(given.pop(row.key, row.default)) for row in self.composition.parameters]
        )
        if given:
            raise self._unknown(next(iter(given)))
        theta = _checked_start(start, objective.variables)
        self._sampler = sampler(objective.samples, batch, seed)
        self._seed = seed
        self._machine = machine_available() if machine is None else machine
        self._take_rule(self.composition.rule_for(self.hyperparameters))
        loss, gradient = objective.loss_and_gradient(theta)
        self._state = self._layout.initial(theta, loss, gradient, self._hyperparameters)
        self._state[self._layout.norm] = gradient_norm(objective.least_gradient(theta, gradient))
        self._limits = self.stopping.limits(theta, loss)
        self._first = (loss, float(np.max(np.abs(theta))))
        self.changes: tuple[Change, ...] = ()
        self.iterations = 0
        self.trajectory = Trajectory(
            objective.blocks, self.stopping.iterations + 1, batched=self._sampler is not None,
            over_data=objective.samples is not None,
            evaluations_per_step=self.rule.evaluations_per_step(objective.dimension), own=self.rule.columns,
        )
        self.trajectory.append(theta, loss, float(self._state[self._layout.norm]))
        self.outcome = stop_cause(theta, loss, float(self._state[self._layout.norm]), False, 0.0, self._limits)
        self._end_at_limit()

    def _take_rule(self, rule: Rule) -> None:
        """Execute `rule` from now on; the state is the caller's to set."""
        if rule.needs_matrix:
            refuse_without_matrix(self.objective.blocks, self.recipe.optimizer)
        self.rule = rule
        self._kernel = descend_kernel(self.objective.program, rule, self._sampler is not None, self._machine)
        self._layout = StateLayout(self.objective.dimension, rule)

    def _unknown(self, name: str) -> StudioError:
        return StudioError(
            QT_TRANSLATE_NOOP("Errors", "{optimizer} has no hyperparameter called {name}; it has {known}."),
            optimizer=self.recipe.optimizer, name=name,
            known=", ".join(row.key for row in self.composition.parameters),
        )

    @property
    def hyperparameters(self) -> dict[str, float]:
        """The values that the next step uses."""
        names = (row.key for row in self.composition.parameters)
        return dict(zip(names, self._hyperparameters.tolist(), strict=True))

    @property
    def evaluations(self) -> int:
        """Gradients computed, those of the start and of the last iterate included; a Hessian counts as n."""
        if isinstance(self.rule, MethodRule):
            return 1 + int(self._state[self._layout.rule])
        return 1 + self.iterations * self.rule.evaluations_per_step(self.objective.dimension)

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

    @property
    def epochs(self) -> int | None:
        """How many times all the data have been passed over; None where there is no data."""
        per_epoch = self.iterations_per_epoch
        return None if per_epoch is None else self.iterations // per_epoch

    def advance(self, count: int) -> int:
        """Make up to `count` iterations and return how many were made; fewer where the run ends."""
        made = 0
        while made < count and self.outcome is None:
            wanted = min(count - made, self.stopping.iterations - self.iterations)
            made += self._advance_once(wanted)
        return made

    def _advance_once(self, wanted: int) -> int:
        if self._sampler is not None:
            wanted = min(wanted, max(1, _SAMPLES_AT_ONCE // self._sampler.samples_per_iteration))
        dimension = self.objective.dimension
        if self.rule.needs_noise:
            wanted = min(wanted, max(1, _NORMALS_AT_ONCE // dimension))
        rows, batch_loss = self.trajectory.free_rows(wanted)
        batches = None
        if self._sampler is not None and batch_loss is not None:
            drawn = self._sampler.batches(self.iterations, wanted)
            evaluated = self._evaluated(self.iterations, wanted + 1)
            batches = Batches(drawn.indices, drawn.offsets, drawn.groups, evaluated, batch_loss)
        normal = normal_numbers(dimension, self._seed, self.iterations, wanted) if self.rule.needs_noise else None
        made, cause = self._kernel(
            wanted, self._state, self._hyperparameters, self.objective, self._limits, rows, batches, normal=normal
        )
        self.trajectory.extend(made, self.hyperparameters.get("learning_rate"))
        self.iterations += made
        self.outcome = STOP_CAUSES[cause]
        self._end_at_limit()
        return made

    def _evaluated(self, first: int, count: int) -> NDArray[np.bool_]:
        """Return whether all the data are looked at at the iterates `first`, `first` + 1..., `count` of them."""
        samples = 0 if self._sampler is None else self._sampler.samples
        few = samples <= FULL_LOSS_SAMPLES and samples * self.objective.dimension <= FULL_LOSS_NUMBERS
        if self._sampler is None or few:
            return np.ones(count, dtype=np.bool_)
        evaluated = np.zeros(count, dtype=np.bool_)
        evaluated[-first % self._sampler.iterations_per_epoch::self._sampler.iterations_per_epoch] = True
        evaluated[self.stopping.iterations - first:] = True
        return evaluated

    def _end_at_limit(self) -> None:
        if self.outcome is None and self.iterations >= self.stopping.iterations:
            self.outcome = "iteration_limit"

    def change(self, name: str, value: float) -> None:
        """Set a hyperparameter from the next step on, and log it.

        A switch changes the equations: what is kept in both keeps its value, what is new begins as at a start.

        Raises
        ------
        StudioError
            Where the optimizer has none of that name, or the value is outside its range.
        """
        row = self.composition.parameter(name)
        if row is None:
            raise self._unknown(name)
        self._hyperparameters[self.composition.parameters.index(row)] = row.check(value)
        self._follow_switches()
        self.changes = (*self.changes, Change(self.iterations, name, float(value)))

    def _follow_switches(self) -> None:
        """Execute the equations that the switches now ask for, from the state that the others have led to."""
        old, rule = self.rule, self.composition.rule_for(self.hyperparameters)
        if rule is old or not isinstance(rule, UpdateRule) or not isinstance(old, UpdateRule):
            return
        state, layout = self._state, self._layout
        theta, step = state[layout.theta], float(state[layout.step])
        own = carried_state(rule, old, state[layout.rule:], theta, self._hyperparameters, step)
        self._state = np.concatenate([state[:layout.rule], own])
        self._take_rule(rule)

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
        self._state = state.values.copy()
        self._hyperparameters[:] = state.hyperparameters
        rule = self.composition.rule_for(self.hyperparameters)
        if rule is not self.rule:
            self._take_rule(rule)
        self.changes = state.changes
        self.outcome = state.outcome
        row = state.iteration - self.trajectory.first_iteration
        if 0 <= row < len(self.trajectory):
            self.trajectory.truncate(row + 1)
            return
        self.trajectory.restart(state.iteration)
        layout = self._layout
        # A run that ended by itself has looked at all the data in the end.
        known = self.outcome is not None or bool(self._evaluated(self.iterations, 1)[0])
        loss, norm = (float(self._state[place]) if known else np.nan for place in (layout.loss, layout.norm))
        self.trajectory.append(self.theta, loss, norm, self.evaluations)

    def _bracket(self) -> tuple[float, float]:
        """Return the first parameter now and where the derivatives were known before, the lower one first."""
        path = self.trajectory
        begin = max(0, len(path) - 1 - (self.iterations_per_epoch or 1))
        known = np.flatnonzero(~np.isnan(path.gradient_norm[begin:-1]))
        ends = path.theta[[len(path) - 1, *(begin + known[-1:])], 0]
        return float(np.min(ends)), float(np.max(ends))

    @property
    def reason_details(self) -> dict[str, float | int | None]:
        """The numbers that the sentence of the outcome names."""
        low, high = self._bracket()
        return {
            "iterations": Count(self.iterations),
            "loss": float(self._state[self._layout.loss]),
            "norm": float(self._state[self._layout.norm]),
            "best": float(self._state[self._layout.best]),
            "largest": float(np.max(np.abs(self._state[self._layout.theta]))),
            "first_loss": self._first[0],
            "first_largest": self._first[1],
            "tolerance": self.stopping.tolerance,
            # more than the patience where the loss is known at the ends of epochs only
            "since_best": Count(self._state[self._layout.since_best]),
            "low": low,
            "high": high,
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
