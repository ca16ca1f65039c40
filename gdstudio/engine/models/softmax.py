"""Softmax regression: the probability of each class from a matrix of weights, and how well it meets the data.

It is no formula, for its parameters are a matrix and a vector; the loss, its gradient and its Hessian are written out
here. The weights ``W`` of shape (features, classes) and the intercepts ``b`` of shape (classes,) lie one behind the
other in the flat vector, so that both together are one matrix with a row more, and the features have a column of ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar, NoReturn

import numpy as np

from gdstudio.engine.blocks import Block, Blocks
from gdstudio.engine.errors import StudioError
from gdstudio.engine.models.penalties import PENALTIES, PenaltyOfWeights
from gdstudio.engine.models.softmax_hessian import cross_entropy_hessian
from gdstudio.engine.objective import Objective, ObjectiveProgram
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from gdstudio.engine.models.penalties import Penalty, PenaltyRow

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

# A gradient is added up in blocks of samples for which a product of matrices has about so many terms: in the nearest
# caches, in one thread, and so the same whatever the number of threads.
_PRODUCTS_AT_ONCE, _LEAST_SAMPLES = 200_000, 64
# The loss at many points is worked out for so many logits at once.
_LOGITS_AT_ONCE = 1 << 22


class SoftmaxProgram(ObjectiveProgram):
    """What stands in the place of a formula: names, shapes, and the penalty of one weight.

    Whatever asks for the formula itself is told that there is none.
    """

    is_formula: ClassVar[bool] = False
    is_convex: ClassVar[bool] = True

    def __init__(self, features: int, classes: int, penalty: PenaltyRow | None) -> None:
        self.shape = (features + 1, classes)
        self.penalty = None if penalty is None else PenaltyOfWeights(penalty)
        self._penalty_row = penalty

    def __repr__(self) -> str:
        """Return what it is made of; the inherited one would ask for the formula."""
        return f"SoftmaxProgram(shape={self.shape})"

    @property
    def formula(self) -> NoReturn:
        """Refused: there is none."""
        self._refuse()

    @property
    def gradient(self) -> NoReturn:
        """Refused: there is none."""
        self._refuse()

    @property
    def interpreter(self) -> NoReturn:
        """Refused: there is none."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{model} is no formula, which is what this needs: take another model."),
            model="softmax",
        )

    @cached_property
    def blocks(self) -> Blocks:
        """The weights ``W`` and the intercepts ``b``."""
        rows, classes = self.shape
        return Blocks((Block("W", (rows - 1, classes)), Block("b", (classes,))))

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Names of all their numbers."""
        return self.blocks.component_names

    @property
    def parameters(self) -> tuple[str, ...]:
        """The numbers of the penalty."""
        row = self._penalty_row
        return () if row is None else tuple(parameter.key for parameter in row.parameters)

    @property
    def columns(self) -> tuple[str, ...]:
        """None has a name in here: the data are one matrix."""
        return ()

    @property
    def lasso(self) -> str | None:
        """How strongly the penalty takes the sizes of the weights."""
        return None if self._penalty_row is None else self._penalty_row.lasso

    @cached_property
    def unpenalized(self) -> tuple[str, ...]:
        """The intercepts."""
        return self.blocks.blocks[1].component_names


softmax_program = lru_cache(maxsize=32)(SoftmaxProgram)


@dataclass(frozen=True, eq=False)
class SoftmaxObjective(Objective):
    """The mean cross-entropy of softmax regression over data, with the penalty of the weights.

    `data` has a row for each feature, then one of the right classes, 0 and up: shape (features + 1, samples).
    """

    program: SoftmaxProgram

    @property
    def sample_cost(self) -> float:
        """How long the loss of one sample takes: mostly the exponentials of its classes, by NumPy."""
        return 30.0 * self.program.shape[1] + self.dimension / 4.0

    @cached_property
    def inputs(self) -> Floats:
        """The features of each sample and a one, shape (samples, features + 1), C-contiguous."""
        assert self.data is not None
        rows = np.empty((self.data.shape[1], self.data.shape[0]))
        rows[:, :-1] = self.data[:-1].T
        rows[:, -1] = 1.0
        return rows

    @cached_property
    def right(self) -> Integers:
        """The right class of each sample."""
        assert self.data is not None
        right: Integers = self.data[-1].astype(np.int64)
        return right

    def loss_and_gradient(self, theta: ArrayLike, rows: Integers | None = None) -> tuple[float, Floats]:
        """Return the loss and its gradient; see `Objective.loss_and_gradient`."""
        point = np.asarray(theta, dtype=np.float64)
        inputs, right = self._samples(rows)
        matrix = point.reshape(self.program.shape)
        total, slopes = 0.0, np.zeros(matrix.shape)
        at_once = max(_LEAST_SAMPLES, _PRODUCTS_AT_ONCE // matrix.size)
        with np.errstate(all="ignore"):
            for begin in range(0, len(right), at_once):
                some = slice(begin, begin + at_once)
                total += _add_cross_entropy(inputs[some], right[some], matrix, slopes)
            gradient = slopes.ravel() / len(right)
            loss = total / len(right) + self.add_penalty(point, gradient)
        return loss, gradient

    def add_penalty(self, theta: Floats, gradient: Floats) -> float:
        """Add the slopes of the penalty to `gradient`, shape (n,), in place, and return the penalty."""
        if self.program.penalty is None:
            return 0.0
        weights = self.program.blocks.blocks[0].size
        cost, slope, _ = self.program.penalty(theta[:weights], self.parameter_values)
        gradient[:weights] += slope
        return cost

    def sample_gradients(self, theta: ArrayLike, rows: Integers) -> Floats:
        """Return the gradient of each of some samples at one point, shape (len(rows), n)."""
        point = np.asarray(theta, dtype=np.float64)
        inputs, right = self._samples(rows)
        with np.errstate(all="ignore"):
            wrong = _probabilities(inputs, point.reshape(self.program.shape))
            wrong[np.arange(len(right)), right] -= 1.0
            gradients = (inputs[:, :, None] * wrong[:, None, :]).reshape(len(right), -1)
            slope = np.zeros(len(point))
            self.add_penalty(point, slope)
        return np.asarray(gradients + slope)

    def hessian_diagonal(self, theta: ArrayLike, rows: Integers | None = None) -> Floats:
        """Return the diagonal of the Hessian, shape (n,); arguments as of `loss_and_gradient`."""
        point = np.asarray(theta, dtype=np.float64)
        inputs, right = self._samples(rows)
        with np.errstate(all="ignore"):
            each = _probabilities(inputs, point.reshape(self.program.shape))
            entries = (((inputs * inputs).T @ (each * (1.0 - each))) / len(right)).ravel()
            if self.program.penalty is not None:
                weights = self.program.blocks.blocks[0].size
                entries[:weights] += self.program.penalty(point[:weights], self.parameter_values)[2]
        return entries

    def hessian(self, theta: ArrayLike) -> Floats:
        """Return the Hessian over all the data, shape (n, n), symmetric to the bit."""
        point = np.asarray(theta, dtype=np.float64)
        with np.errstate(all="ignore"):
            matrix = cross_entropy_hessian(self.inputs, _probabilities(self.inputs, point.reshape(self.program.shape)))
            if self.program.penalty is not None:
                weights = self.program.blocks.blocks[0].size
                bend = self.program.penalty(point[:weights], self.parameter_values)[2]
                matrix[np.arange(weights), np.arange(weights)] += bend
        return matrix

    def losses(self, thetas: ArrayLike) -> Floats:
        """Return the loss at many points: shape (..., n) in, (...) out."""
        points = np.asarray(thetas, dtype=np.float64)
        flat = points.reshape(-1, points.shape[-1])
        features, classes = self.program.shape
        found = np.empty(len(flat))
        at_once = max(1, _LOGITS_AT_ONCE // (len(self.right) * classes))
        for begin in range(0, len(flat), at_once):
            block = flat[begin:begin + at_once]
            with np.errstate(all="ignore"):
                side_by_side = block.reshape(-1, features, classes).transpose(1, 0, 2).reshape(features, -1)
                logits = (self.inputs @ side_by_side).reshape(len(self.right), -1, classes)
                logits -= logits.max(axis=-1, keepdims=True)
                of_right = logits[np.arange(len(self.right)), :, self.right]
                found[begin:begin + at_once] = np.mean(np.log(_exponentials(logits)) - of_right, axis=0)
                if self.program.penalty is not None:
                    found[begin:begin + at_once] += [self.add_penalty(point, np.zeros_like(point)) for point in block]
        return found.reshape(points.shape[:-1])

    def _samples(self, rows: Integers | None) -> tuple[Floats, Integers]:
        return (self.inputs, self.right) if rows is None else (self.inputs[rows], self.right[rows])


def _add_cross_entropy(inputs: Floats, right: Integers, matrix: Floats, slopes: Floats) -> float:
    """Add the slopes of the cross-entropy of some samples to `slopes` and return the sum of their cross-entropies."""
    # With the classes first, for then what goes through them works on samples side by side.
    logits = np.dot(matrix.T, inputs.T)
    logits -= logits.max(axis=0)
    places = right, np.arange(len(right))
    of_right = logits[places]
    sums = np.exp(logits, out=logits).sum(axis=0)
    logits /= sums
    logits[places] -= 1.0
    slopes += np.dot(inputs.T, logits.T)
    return float(np.log(sums).sum() - of_right.sum())


def _exponentials(logits: Floats) -> Floats:
    """Put the exponentials in the place of `logits` and return their sums over the classes."""
    sums: Floats = np.exp(logits, out=logits).sum(axis=-1)
    return sums


def _probabilities(inputs: Floats, matrix: Floats) -> Floats:
    each: Floats = inputs @ matrix
    # so that no exponential overflows
    each -= each.max(axis=-1, keepdims=True)
    each /= _exponentials(each)[:, None]
    return each


@dataclass(frozen=True, eq=False)
class SoftmaxSpec:
    """Softmax regression for certain columns; see `spec.ModelSpec`, but that there are no texts.

    Attributes
    ----------
    features : tuple of str
        The columns that it predicts from.
    target : str
        The column of classes, 0 and up.
    classes : tuple of str
        Their labels.
    penalty : Penalty or None
        A row of the table of penalties; none that is typed.

    Raises
    ------
    StudioError
        Where the penalty is typed.
    """

    features: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    penalty: Penalty | None = None
    text: ClassVar[None] = None
    prediction: ClassVar[None] = None

    def __post_init__(self) -> None:
        """Refuse what has no names to be made of."""
        if self.penalty is not None and self.penalty.row is None:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "The penalty of {model} is one of {known}, not a formula."),
                model="softmax", known=", ".join(PENALTIES),
            )

    @property
    def program(self) -> SoftmaxProgram:
        """The same object for the same shape and penalty."""
        return softmax_program(
            len(self.features), len(self.classes), None if self.penalty is None else self.penalty.row
        )

    @property
    def columns(self) -> dict[str, str]:
        """The columns that it reads."""
        return {name: name for name in (*self.features, self.target)}

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return self.program.variables

    @property
    def start(self) -> dict[str, float]:
        """Zero for every parameter."""
        return dict.fromkeys(self.variables, 0.0)

    @property
    def parameters(self) -> Mapping[str, float]:
        """The numbers of the penalty."""
        return {} if self.penalty is None else self.penalty.numbers

    @property
    def unpenalized(self) -> tuple[str, ...]:
        """The intercepts."""
        return self.program.unpenalized

    def objective(self, columns: Mapping[str, ArrayLike]) -> SoftmaxObjective:
        """Return the mean loss over data; see `spec.ModelSpec.objective`."""
        data = np.stack([np.asarray(columns[name], dtype=np.float64) for name in self.columns])
        return SoftmaxObjective(self.program, np.array(list(self.parameters.values()), dtype=np.float64), data)

    def predict(self, theta: ArrayLike, columns: Mapping[str, ArrayLike]) -> Floats:
        """Return the probability of each class; see `spec.ModelSpec.predict`.

        Returns
        -------
        ndarray
            Of the shape of the columns, with the classes as last axis.
        """
        inputs = np.stack([*np.broadcast_arrays(*(columns[name] for name in self.features), 1.0)], axis=-1)
        matrix = np.asarray(theta, dtype=np.float64).reshape(self.program.shape)
        with np.errstate(all="ignore"):
            each = _probabilities(inputs.reshape(-1, inputs.shape[-1]).astype(np.float64), matrix)
        return each.reshape(*inputs.shape[:-1], -1)
