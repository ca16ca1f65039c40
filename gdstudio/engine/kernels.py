"""What every way of executing a descent has in common: layout of the state, arguments, outcome codes.

The machine code and the interpreter are two implementations of one call. `Descent` does not know which of
them it drives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from gdstudio.engine.language.norms import norm

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.engine.methods.rule import MethodRule
    from gdstudio.engine.objective import Objective, ObjectiveProgram
    from gdstudio.engine.update_rule import UpdateRule

    Rule: TypeAlias = UpdateRule | MethodRule
    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

# Codes that a kernel returns, in the order in which the causes win over one another.
# The last two come from methods that found no next step, before it was made.
STOP_CAUSES: tuple[str | None, ...] = (
    None, "diverged", "converged", "bracketed", "stalled", "singular", "no_step",
)


class StateLayout:
    """Where things lie in the flat state of a descent of `dimension` parameters.

    ``theta[n], gradient[n], loss, gradient_norm, step, best_loss, since_best, rule state...``: all float64, so
    that taking and putting back a state is one copy.

    Gradient, loss and norm are those over all the data where they were last evaluated, which is at `theta` unless
    batches leave it out, see `Batches`. `since_best` counts all iterations since the best loss that was seen.
    """

    def __init__(self, dimension: int, rule: Rule) -> None:
        self.dimension = dimension
        self.theta = slice(0, dimension)
        self.gradient = slice(dimension, 2 * dimension)
        self.loss, self.norm, self.step, self.best, self.since_best, self.rule = range(2 * dimension, 2 * dimension + 6)
        self.size = self.rule + rule.state_size(dimension)
        self._rule = rule

    def initial(self, theta: Floats, loss: float, gradient: Floats, hyperparameters: Floats) -> Floats:
        """Return the state before the first step."""
        state = np.zeros(self.size)
        state[self.theta] = theta
        state[self.gradient] = gradient
        state[self.loss] = state[self.best] = loss
        state[self.norm] = gradient_norm(gradient)
        self._rule.initial_state(state[self.rule:], theta, hyperparameters)
        return state


def gradient_norm(gradient: Floats) -> float:
    """Return the Euclidean norm, to the bit as the machine code has it."""
    return float(norm(gradient))


@dataclass(frozen=True)
class Limits:
    """The numbers that a kernel tests each iterate against, see `stopping.Stopping`."""

    tolerance: float
    patience: float
    stop_at_sign_change: bool
    theta_bound: float
    loss_bound: float

    def array(self) -> Floats:
        """As the kernel's argument."""
        return np.array(
            [self.tolerance, self.patience, float(self.stop_at_sign_change), self.theta_bound, self.loss_bound]
        )


@dataclass(frozen=True)
class Rows:
    """Views of the trajectory that a kernel fills, one row for each iteration it makes.

    `own` are the columns that the rule fills itself, in the order of its `columns`.
    """

    theta: Floats
    loss: Floats
    gradient_norm: Floats
    own: tuple[Floats, ...] = ()


@dataclass(frozen=True)
class Batches:
    """The samples of each iteration, and where all the data are looked at.

    Iteration i follows the mean of the mean gradients of the batches ``groups[i]`` to ``groups[i + 1] - 1``, and batch
    j has the samples ``indices[offsets[j]:offsets[j + 1]]``. The loss and gradient over all the data are evaluated,
    recorded and tested where ``evaluated[i + 1]``, and where a parameter is beyond its bound; else their rows are not
    a number; ``evaluated[0]`` tells whether they were at the iterate before the first. `loss` receives the mean of the
    mean losses of the batches, at the parameters before the step.
    """

    indices: Integers
    offsets: Integers
    groups: Integers
    evaluated: NDArray[np.bool_]
    loss: Floats


class DescendKernel(Protocol):
    """Makes up to `count` iterations, recording each."""

    def __call__(
        self, count: int, state: Floats, hyperparameters: Floats, objective: Objective, limits: Limits, rows: Rows,
        batches: Batches | None, normal: Floats | None = None,
    ) -> tuple[int, int]:
        """Advance `state` in place.

        `normal`, shape (count, n), are the random numbers of each iteration, for rules that need noise.

        Returns
        -------
        tuple
            Iterations made, and an index into `STOP_CAUSES`.
        """


class EvaluateKernel(Protocol):
    """The loss at many points."""

    def __call__(self, objective: Objective, thetas: Floats) -> Floats:
        """Losses, shape (points,), at `thetas`, shape (points, n)."""


PointFunction: TypeAlias = "Callable[[Floats], tuple[float, Floats]]"


class ValueAndGradientKernel(Protocol):
    """The loss and its derivatives at single points."""

    def __call__(self, objective: Objective) -> PointFunction:
        """Return the function of a point, shape (n,), that gives the loss and the gradient, shape (n,), there."""


@lru_cache(maxsize=1)
def machine_available() -> bool:
    """Whether machine code can be made here."""
    return find_spec("llvmlite") is not None


@lru_cache(maxsize=64)
def descend_kernel(program: ObjectiveProgram, rule: Rule, batched: bool, machine: bool) -> DescendKernel:
    """Return the kernel for a loss and an optimizer: machine code, or the interpreter where `machine` is false.

    Raises
    ------
    StudioError
        Where a method cannot descend there, see `methods.kernel.refuse_unfit`.
    """
    from gdstudio.engine.methods.rule import MethodRule

    if isinstance(rule, MethodRule):
        from gdstudio.engine.methods.kernel import MethodDescend

        return MethodDescend(program, rule, batched, machine)
    if not program.is_formula:
        from gdstudio.engine.models.softmax_kernel import softmax_descend

        return softmax_descend(rule, machine)
    if machine:
        from gdstudio.engine.machine.descend import MachineDescend

        return MachineDescend(program, rule, batched)
    from gdstudio.engine.interpreted import InterpretedDescend

    return InterpretedDescend(rule)


@lru_cache(maxsize=64)
def evaluate_kernel(program: ObjectiveProgram, machine: bool) -> EvaluateKernel:
    """Return the kernel that evaluates a loss at many points."""
    if machine and program.is_formula:
        from gdstudio.engine.machine.evaluate import MachineEvaluate

        return MachineEvaluate(program)
    from gdstudio.engine.interpreted import interpreted_evaluate

    return interpreted_evaluate


@lru_cache(maxsize=64)
def value_and_gradient_kernel(program: ObjectiveProgram, machine: bool) -> ValueAndGradientKernel:
    """Return what evaluates a loss and its derivatives at single points."""
    if machine and program.is_formula:
        from gdstudio.engine.machine.value_and_gradient import MachineValueAndGradient

        return MachineValueAndGradient(program)
    from gdstudio.engine.interpreted import interpreted_value_and_gradient

    return interpreted_value_and_gradient
