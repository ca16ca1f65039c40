"""Descents from many starts at once, of which only the ends are kept: basins of attraction, fair comparisons.

The engine starts no threads: whoever has some divides the starts among them, see `analysis.many_starts`. The starts
of one call depend on nothing but themselves, so that any division gives the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import machine_available
from gdstudio.engine.stopping import LOSS_BOUND, THETA_BOUND
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.engine.update_rule import UpdateRule

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from gdstudio.engine.kernels import Rule
    from gdstudio.engine.objective import Objective, ObjectiveProgram

    Floats = NDArray[np.float64]


class ManyKernel(Protocol):
    """Descends from a span of the starts.

    Attributes
    ----------
    lanes : int
        Spans begin and end at multiples of it.
    block : int
        Starts that are worked on together; a good span is a multiple of it.
    """

    lanes: int
    block: int

    def __call__(
        self, span: tuple[int, int], iterations: int, hyperparameters: Floats, objective: Objective, starts: Floats,
        theta: Floats, loss: Floats, norm: Floats, cancelled: NDArray[np.int64],
    ) -> None:
        """Fill ``theta[:, span]``, ``loss[span]`` and ``norm[span]``.

        `starts` and `theta` have the shape (n, m), m a multiple of `lanes`. Where ``cancelled[0]`` is set from
        another thread, the call soon returns, with what was reached so far.
        """


@lru_cache(maxsize=32)
def many_kernel(program: ObjectiveProgram, rule: UpdateRule, machine: bool) -> ManyKernel:
    """Return the kernel for a loss and an optimizer: machine code, or NumPy where `machine` is false."""
    if machine:
        from gdstudio.engine.machine.descend_many import MachineDescendMany

        return MachineDescendMany(program, rule)
    from gdstudio.engine.interpreted_many import InterpretedDescendMany

    return InterpretedDescendMany(rule)


@dataclass(frozen=True)
class Ends:
    """Where descents from m starts have come to.

    Attributes
    ----------
    theta : ndarray, shape (m, n)
        The last parameters.
    loss, gradient_norm : ndarray, shape (m,)
        There.
    diverged : ndarray of bool, shape (m,)
        Whether a parameter, the loss or the gradient lies beyond the bounds of `stopping` at the end.
    complete : bool
        Whether all iterations were made; not where the call was cancelled.
    """

    theta: Floats
    loss: Floats
    gradient_norm: Floats
    diverged: NDArray[np.bool_]
    complete: bool


class ManyStarts:
    """The work of one call, divided into spans of starts that can be done in any order and in any thread.

    Parameters
    ----------
    objective : Objective
        What is minimised; over all its data, where it has some.
    rule : UpdateRule
        The optimizer's equations.
    hyperparameters : array_like, shape (len(rule.hyperparameters),)
        Their numbers.
    starts : array_like, shape (m, n)
        Where the descents begin.
    iterations : int
        How many each makes.
    machine : bool or None
        Whether to execute machine code; None takes it where it can be made.

    Raises
    ------
    StudioError
        Where the starts have another number of parameters, the optimizer is no set of equations, or it needs noise,
        matrices or the penalty by itself.
    """

    def __init__(
        self, objective: Objective, rule: Rule, hyperparameters: ArrayLike, starts: ArrayLike, iterations: int,
        machine: bool | None = None,
    ) -> None:
        given = np.asarray(starts, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != objective.dimension:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "The starts must be rows of {wanted} numbers ({names}), but their shape is {shape}."
                ),
                wanted=objective.dimension, names=", ".join(objective.variables), shape=given.shape,
            )
        if not isinstance(rule, UpdateRule):
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "Many starts at once need an optimizer that is a set of equations, but this one searches "
                    "its own step."
                )
            )
        if rule.needs_noise:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Many starts at once have no gradient noise: leave it out.")
            )
        if rule.needs_lasso:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Many starts at once have no proximal step: leave it out.")
            )
        if rule.needs_matrix:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "Many starts at once take each parameter by itself, but this optimizer works on "
                    "matrices: take another."
                )
            )
        self.objective = objective
        self.iterations = iterations
        self.hyperparameters = np.ascontiguousarray(hyperparameters, dtype=np.float64)
        self.kernel = many_kernel(objective.program, rule, machine_available() if machine is None else machine)
        self.count = len(given)
        lanes = self.kernel.lanes
        # A row for each variable, filled up with the last start to whole vectors.
        self._starts = np.empty((objective.dimension, -(-self.count // lanes) * lanes))
        self._starts[:, :self.count] = given.T
        self._starts[:, self.count:] = given[-1:].T
        self._theta = np.empty_like(self._starts)
        self._loss, self._norm = np.empty((2, self._starts.shape[1]))
        self._cancelled = np.zeros(1, dtype=np.int64)
        self._done: set[tuple[int, int]] = set()

    def spans(self, most: int) -> list[tuple[int, int]]:
        """Return spans of at most `most` starts (but at least a block) that together are all."""
        size = max(1, most // self.kernel.block) * self.kernel.block
        total = self._starts.shape[1]
        return [(first, min(first + size, total)) for first in range(0, total, size)]

    def descend(self, span: tuple[int, int]) -> int:
        """Descend from the starts in `span`, without the interpreter's lock; return how many they are."""
        self.kernel(
            span, self.iterations, self.hyperparameters, self.objective, self._starts, self._theta, self._loss,
            self._norm, self._cancelled,
        )
        return min(span[1], self.count) - span[0]

    def cancel(self) -> None:
        """Make every call of `descend` under way return soon; may be called from any thread."""
        self._cancelled[0] = 1

    @property
    def ends(self) -> Ends:
        """Where all descents have come to, after all spans are done."""
        theta = np.ascontiguousarray(self._theta[:, :self.count].T)
        loss, norm = self._loss[:self.count], self._norm[:self.count]
        with np.errstate(invalid="ignore"):
            largest = np.maximum(1.0, np.abs(self._starts[:, :self.count]).max(axis=0))
            first = np.maximum(1.0, np.abs(self.objective.losses(self._starts[:, :self.count].T)))
            within = (np.abs(theta) <= THETA_BOUND * largest[:, None]).all(axis=1)
            sound = within & (np.abs(loss) <= LOSS_BOUND * first) & (norm < np.inf)
        return Ends(theta, loss, norm, ~sound, not self._cancelled[0])
