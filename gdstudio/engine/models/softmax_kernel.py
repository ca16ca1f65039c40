"""The kernel of softmax regression: NumPy for the model, machine code for the update of all parameters at once.

With mini-batches the time of a step is that of calling NumPy, so there are few calls, all into arrays that exist: the
samples of many batches are gathered at once, the matrices stand with the classes first, and what needs no step of its
own (logarithms of the sums, bounds of the parameters) is done for many steps together.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.engine.fused_update import is_elementwise
from gdstudio.engine.interpreted import InterpretedDescend, record_and_test
from gdstudio.engine.kernels import STOP_CAUSES, StateLayout
from gdstudio.engine.language.program import BLOCK_INPUTS, LASSO, LOSS, LOSS_IS_NEW, NORMAL
from gdstudio.engine.models.softmax import SoftmaxObjective

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Batches, DescendKernel, Limits, Rows
    from gdstudio.engine.machine.update import MachineUpdate
    from gdstudio.engine.objective import Objective
    from gdstudio.engine.update_rule import UpdateRule

    Floats = NDArray[np.float64]

# Samples are gathered for so many at once, and bounds tested as often.
_SAMPLES_AT_ONCE = 4096


def softmax_descend(rule: UpdateRule, machine: bool) -> DescendKernel:
    """Return the kernel for an optimizer: the interpreter's, where its equations are not for one pass over memory."""
    beyond = {LASSO, LOSS, LOSS_IS_NEW, NORMAL, *BLOCK_INPUTS}
    if not machine or not is_elementwise(rule) or rule.inputs & beyond or rule.columns:
        return InterpretedDescend(rule)
    return SoftmaxDescend(rule)


class SoftmaxDescend:
    """Executes an element-wise rule; see `kernels.DescendKernel`."""

    def __init__(self, rule: UpdateRule) -> None:
        # llvmlite is not everywhere
        from gdstudio.engine.machine.update import MachineUpdate

        self._rule = rule
        self._update = MachineUpdate(rule, np.dtype(np.float64))

    def __call__(
        self, count: int, state: Floats, hyperparameters: Floats, objective: Objective, limits: Limits, rows: Rows,
        batches: Batches | None, normal: Floats | None = None,
    ) -> tuple[int, int]:
        """Advance `state` in place by up to `count` iterations; return those made and the cause."""
        assert isinstance(objective, SoftmaxObjective) and normal is None
        layout = StateLayout(objective.dimension, self._rule)
        steps = _Steps(self._update, self._rule, layout, state, hyperparameters, objective, batches is not None)
        made = 0
        with np.errstate(all="ignore"):
            while made < count:
                end = made + 1
                evaluated = True
                if batches is not None:
                    end, evaluated = _span(batches, made, count)
                    evaluated |= self._make(steps, objective, batches, rows, limits, made, end)
                    end = made + steps.made
                else:
                    steps.step()
                    rows.theta[made] = steps.theta
                steps.keep()
                unseen = end - made - evaluated
                rows.loss[made:made + unseen] = rows.gradient_norm[made:made + unseen] = np.nan
                state[layout.since_best] += unseen
                made = end
                if evaluated:
                    cause = record_and_test(layout, state, objective, limits, rows, made - 1)
                    if cause is not None:
                        return made, STOP_CAUSES.index(cause)
        return count, 0

    def _make(
        self, steps: _Steps, objective: SoftmaxObjective, batches: Batches, rows: Rows, limits: Limits, begin: int,
        end: int,
    ) -> bool:
        """Make the iterations `begin` to `end` and return whether the last leaves the bounds; none goes beyond it."""
        before = steps.copy()
        _descend(steps, objective, batches, rows, begin, end)
        largest = np.abs(rows.theta[begin:end]).max(axis=1)
        beyond = np.flatnonzero(~(largest <= limits.theta_bound))
        if not len(beyond):
            return False
        # Made again up to there, for the state of the rule is not recorded.
        steps.put(before)
        _descend(steps, objective, batches, rows, begin, begin + int(beyond[0]) + 1)
        return True


def _span(batches: Batches, begin: int, count: int) -> tuple[int, bool]:
    """Return up to which iteration all can be made in a row, and whether all the data are looked at there."""
    offsets, groups = batches.offsets, batches.groups
    samples = offsets[groups[begin + 1:count + 1]] - offsets[groups[begin]]
    end = begin + max(1, int(np.searchsorted(samples, _SAMPLES_AT_ONCE, "right")))
    looked_at = np.flatnonzero(batches.evaluated[begin + 1:end + 1])
    return (begin + int(looked_at[0]) + 1, True) if len(looked_at) else (end, False)


class _Steps:
    """The update, bound to the arrays of one call; `made` counts since the last `keep`."""

    def __init__(
        self, update: MachineUpdate, rule: UpdateRule, layout: StateLayout, state: Floats, hyperparameters: Floats,
        objective: SoftmaxObjective, batched: bool,
    ) -> None:
        n = layout.dimension
        singles = layout.rule + len(rule.vector_state) * n
        self._state, self._layout, self._singles = state, layout, singles
        self.theta = state[layout.theta]
        self.gradient = np.empty(n) if batched else state[layout.gradient]
        vectors = [state[place:place + n] for place in range(layout.rule, singles, n)]
        self._turns = np.empty((2, 1 + layout.size - singles))
        self._turns[0] = [state[layout.step], *state[singles:]]
        arrays = (self.theta, self.gradient, *vectors)
        self._updates = [
            update.bound(hyperparameters, self._turns[turn], self._turns[1 - turn], arrays) for turn in (0, 1)
        ]
        self._turn = 0
        self.made = 0

    def step(self) -> None:
        """Make one step."""
        self._updates[self._turn]()
        self._turn = 1 - self._turn
        self.made += 1

    def copy(self) -> tuple[Floats, Floats]:
        """Return all that the next steps depend on."""
        return self._state.copy(), self._turns[self._turn].copy()

    def put(self, copied: tuple[Floats, Floats]) -> None:
        """Go back to where `copied` was taken."""
        self._state[:], self._turns[self._turn] = copied
        self.made = 0

    def keep(self) -> None:
        """Write into the state what is kept apart from it."""
        self._state[self._layout.step] = self._turns[self._turn][0]
        self._state[self._singles:] = self._turns[self._turn][1:]
        self.made = 0


class _Gathered(NamedTuple):
    """The samples of some batches, one batch behind another.

    `inputs` has the shape (samples, features + 1). `shares` has for each batch a matrix (classes, samples) with one
    over the number of its samples where the class is right, else 0; all of them are one flat array.
    """

    inputs: Floats
    shares: Floats
    offsets: list[int]


def _gather(objective: SoftmaxObjective, batches: Batches, first: int, last: int) -> _Gathered:
    """Return the samples of the batches `first` to `last`, without the last."""
    offsets = batches.offsets[first:last + 1]
    chosen = batches.indices[offsets[0]:offsets[-1]]
    offsets = offsets - offsets[0]
    sizes = np.diff(offsets)
    classes = objective.program.shape[1]
    size = np.repeat(sizes, sizes)
    begin = np.repeat(offsets[:-1], sizes)
    shares = np.zeros(len(chosen) * classes)
    shares[begin * (classes - 1) + objective.right[chosen] * size + np.arange(len(chosen))] = 1.0 / size
    return _Gathered(objective.inputs[chosen], shares, offsets.tolist())


def _descend(
    steps: _Steps, objective: SoftmaxObjective, batches: Batches, rows: Rows, begin: int, end: int
) -> None:
    """Make the iterations `begin` to `end`, recording parameters and losses of batches."""
    groups = batches.groups[begin:end + 1].tolist()
    data = _gather(objective, batches, groups[0], groups[-1])
    evaluate = _BatchLoss(objective, steps.theta, steps.gradient, data)
    for made, (first, last) in enumerate(pairwise(groups), start=begin):
        evaluate.mean_gradient(first - groups[0], last - groups[0])
        steps.step()
        rows.theta[made] = steps.theta
    sums = np.add.reduceat(evaluate.losses(), np.array(groups[:-1]) - groups[0])
    batches.loss[begin:end] = sums / np.diff(groups)


class _BatchLoss:
    """The gradients of batches, written into one array, and their losses, known when all are done."""

    def __init__(self, objective: SoftmaxObjective, theta: Floats, gradient: Floats, data: _Gathered) -> None:
        shape = objective.program.shape
        largest = max(end - begin for begin, end in pairwise(data.offsets))
        self._objective = objective
        self._theta, self._gradient = theta, gradient
        self._transposed, self._slopes = theta.reshape(shape).T, gradient.reshape(shape)
        self._data = data
        self._logits, self._shifts = np.empty(largest * shape[1]), np.empty(largest)
        self._sums = np.empty(data.offsets[-1])
        self._others = np.empty(len(data.offsets) - 1)
        self._total = np.empty_like(gradient)
        self._views: dict[int, tuple[Floats, Floats, Floats]] = {}

    def mean_gradient(self, first: int, last: int) -> None:
        """Write the mean of the gradients of the batches `first` to `last`, without the last."""
        self._one(first)
        if last == first + 1:
            return
        self._total[:] = self._gradient
        for batch in range(first + 1, last):
            self._one(batch)
            self._total += self._gradient
        np.divide(self._total, last - first, out=self._gradient)

    def _one(self, batch: int) -> None:
        data = self._data
        begin, end = data.offsets[batch], data.offsets[batch + 1]
        flat, logits, shifts = self._sized(end - begin)
        inputs = data.inputs[begin:end]
        classes = len(logits)
        shares = data.shares[begin * classes:end * classes]
        sums = self._sums[begin:end]
        np.dot(self._transposed, inputs.T, out=logits)
        np.maximum.reduce(logits, axis=0, out=shifts)
        np.subtract(logits, shifts, out=logits)
        of_right = np.dot(shares, flat)
        np.exp(logits, out=logits)
        np.add.reduce(logits, axis=0, out=sums)
        np.multiply(sums, end - begin, out=shifts)
        np.divide(logits, shifts, out=logits)
        np.subtract(flat, shares, out=flat)
        np.dot(inputs.T, logits.T, out=self._slopes)
        self._others[batch] = self._objective.add_penalty(self._theta, self._gradient) - of_right

    def _sized(self, size: int) -> tuple[Floats, Floats, Floats]:
        """Return the arrays for a batch: flat, as a matrix with the classes first, and one number a sample."""
        if size not in self._views:
            classes = len(self._transposed)
            flat = self._logits[:size * classes]
            self._views[size] = flat, flat.reshape(classes, size), self._shifts[:size]
        return self._views[size]

    def losses(self) -> Floats:
        """Return the loss of each batch, all done."""
        offsets = self._data.offsets
        sums: Floats = np.add.reduceat(np.log(self._sums), offsets[:-1])
        return sums / np.diff(offsets) + self._others
