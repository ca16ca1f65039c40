"""What a descent minimises: a formula of variables, or its mean over the rows of a data set.

A program (text, graph, gradient) is compiled once; the numbers in it that people change, and the data,
are arguments and stand in `Objective`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gdstudio.engine.blocks import Blocks
from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.derivative import gradient
from gdstudio.engine.language.formula import Formula, formula
from gdstudio.engine.language.interpreter import Interpreter, evaluate
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

# A mean over samples is added in so many partial sums, so that processors can add as many at once: sample k of those
# that are averaged goes to partial sum k modulo this number, from first to last, and then each half of the partial
# sums is added to the other half until one is left. A power of two.
PARTIAL_SUMS = 8


@dataclass(frozen=True, eq=False)
class ObjectiveProgram:
    """A loss with its gradient as nodes of one graph, and the roles of the names in it.

    `variables` are what is descended on, in order of first appearance; `parameters` are numbers that people set;
    `columns` are data, one number a sample. `lasso` says, as text of `parameters`, how strongly a penalty in the loss
    takes the sizes of all variables but those that are `unpenalized`, such as an intercept.
    """

    is_formula: ClassVar[bool] = True
    # Whether the loss is known to be convex whatever the data are, with whatever penalty it has.
    is_convex: ClassVar[bool] = False

    formula: Formula
    variables: tuple[str, ...]
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    gradient: tuple[int, ...]
    interpreter: Interpreter
    unpenalized: tuple[str, ...] = ()
    lasso: str | None = None

    @cached_property
    def blocks(self) -> Blocks:
        """The variables, one number each."""
        return Blocks.of_numbers(self.variables)

    @property
    def outputs(self) -> list[int]:
        """The nodes of the loss and of its partial derivatives."""
        return [self.formula.loss, *self.gradient]

    @cached_property
    def curvature(self) -> tuple[int, ...]:
        """The nodes of the second derivative by each variable: the diagonal of the Hessian."""
        graph = self.formula.graph
        return tuple(
            gradient(graph, slope, [graph.input(name)])[0]
            for name, slope in zip(self.variables, self.gradient, strict=True)
        )

    @cached_property
    def curvature_interpreter(self) -> Interpreter:
        """Evaluates `curvature`."""
        return Interpreter(self.formula.graph, self.curvature)


@lru_cache(maxsize=128)
def objective_program(
    text: str, parameters: tuple[str, ...] = (), columns: tuple[str, ...] = (), unpenalized: tuple[str, ...] = (),
    bounded: bool = True, lasso: str | None = None,
) -> ObjectiveProgram:
    """Read and differentiate the loss `text`; where not `bounded`, it is text that the program itself made.

    The other arguments are those of `ObjectiveProgram`.

    Raises
    ------
    FormulaError
        Where `text` cannot be read.
    StudioError
        Where it has no variable, or its derivative grows beyond the bound.
    """
    read = formula(text, bounded=bounded)
    variables = tuple(name for name in read.inputs if name not in parameters and name not in columns)
    if not variables:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The formula has no variable to descend on: use a name, such as x.")
        )
    nodes = gradient(read.graph, read.loss, [read.graph.input(name) for name in variables])
    return ObjectiveProgram(
        formula=read,
        variables=variables,
        parameters=parameters,
        columns=columns,
        gradient=tuple(nodes),
        interpreter=Interpreter(read.graph, [read.loss, *nodes]),
        unpenalized=unpenalized,
        lasso=lasso,
    )


@dataclass(frozen=True, eq=False)
class Objective:
    """A program with the numbers and the data that it is evaluated with.

    Parameters
    ----------
    program : ObjectiveProgram
        What is computed.
    parameter_values : ndarray, shape (len(program.parameters),)
        The problem's own numbers.
    data : ndarray, shape (len(program.columns), samples), or None
        One row of the array for each column of the data set; None where there is no data.
    """

    program: ObjectiveProgram
    parameter_values: NDArray[np.float64]
    data: NDArray[np.float64] | None = None

    @property
    def blocks(self) -> Blocks:
        """How the flat vector of parameters is divided: a formula's variables, in order of first appearance."""
        return self.program.blocks

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the components of the flat vector."""
        return self.blocks.component_names

    @property
    def dimension(self) -> int:
        """Length of the flat vector."""
        return len(self.variables)

    @property
    def samples(self) -> int | None:
        """Number of rows of data, or None where there is none."""
        return None if self.data is None else self.data.shape[1]

    @property
    def sample_cost(self) -> float:
        """How long the loss of one sample takes, about, in units of a short formula."""
        return max(1.0, self.dimension / 8.0)

    @cached_property
    def lasso(self) -> NDArray[np.float64]:
        """How strongly a penalty in the loss takes the size of each parameter; shape (n,), C-contiguous, read-only.

        Where a parameter is zero, that penalty has an edge, and its derivative counts as zero.
        """
        program, strengths = self.program, np.zeros(self.dimension)
        if program.lasso is not None:
            read = formula(program.lasso)
            (strength,) = evaluate(read.graph, [read.loss], self._numbers())
            strengths[[name not in program.unpenalized for name in self.variables]] = strength
        strengths.flags.writeable = False
        return strengths

    def smooth_gradient(self, theta: NDArray[np.float64], gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gradient of the loss without the penalty on sizes from that of the whole; all of shape (n,)."""
        return gradient - self.lasso * np.sign(theta)

    def least_gradient(self, theta: NDArray[np.float64], gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the subgradient of least norm, which is zero at a minimum even where that is an edge of the penalty.

        References
        ----------
        N. Parikh and S. Boyd: Proximal algorithms, Foundations and Trends in Optimization 1 (2014) 127-239, section
        2.3; M. Schmidt, G. Fung and R. Rosales: Fast optimization methods for L1 regularization, ECML 2007, section
        2.2.
        """
        if self.program.lasso is None:
            return gradient
        beyond = np.abs(gradient) - self.lasso
        return np.where(theta == 0.0, np.copysign(np.where(beyond < 0.0, 0.0, beyond), gradient), gradient)

    def loss_and_gradient(
        self, theta: ArrayLike, rows: NDArray[np.int64] | None = None
    ) -> tuple[float, NDArray[np.float64]]:
        """Return the loss and its gradient at one point, by the interpreter.

        Parameters
        ----------
        theta : array_like, shape (n,)
            The point.
        rows : ndarray of int, optional
            Samples to average over; all where not given.

        Returns
        -------
        tuple
            Loss, and gradient of shape (n,).
        """
        point = np.asarray(theta, dtype=np.float64)
        values = self._values(point, rows)
        loss, *partials = self.program.interpreter.run(values)
        if self.data is None:
            return float(loss), np.array([float(partial) for partial in partials])
        count = self.data.shape[1] if rows is None else len(rows)
        means = [float(mean_over_samples(value, count)) for value in (loss, *partials)]
        return means[0], np.array(means[1:])

    def sample_gradients(self, theta: ArrayLike, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the gradient of each of some samples at one point, shape (len(rows), n)."""
        partials = self.program.interpreter.run(self._values(np.asarray(theta, dtype=np.float64), rows))[1:]
        return np.stack([np.broadcast_to(partial, (len(rows),)) for partial in partials], axis=1)

    def hessian_diagonal(
        self, theta: ArrayLike, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Return the diagonal of the Hessian at one point, shape (n,); arguments as of `loss_and_gradient`."""
        values = self._values(np.asarray(theta, dtype=np.float64), rows)
        entries = self.program.curvature_interpreter.run(values)
        if self.data is None:
            return np.array([float(entry) for entry in entries])
        count = self.data.shape[1] if rows is None else len(rows)
        return np.array([float(mean_over_samples(entry, count)) for entry in entries])

    def losses(self, thetas: ArrayLike) -> NDArray[np.float64]:
        """Return the loss at many points: shape (..., n) in, (...) out, by the interpreter."""
        points = np.asarray(thetas, dtype=np.float64)
        shape = points.shape[:-1]
        columns = dict(zip(self.variables, np.moveaxis(points, -1, 0), strict=True))
        if self.data is not None:
            columns = {name: value[..., None] for name, value in columns.items()}
        values = {**columns, **self._numbers(), **self._columns(None)}
        loss = self._loss_interpreter().run(values)[0]
        if self.data is not None:
            count = self.data.shape[1]
            return mean_over_samples(np.broadcast_to(loss, (*shape, count)), count)
        return np.array(np.broadcast_to(loss, shape), dtype=np.float64)

    def _loss_interpreter(self) -> Interpreter:
        return Interpreter(self.program.formula.graph, [self.program.formula.loss])

    def _numbers(self) -> dict[str, float]:
        return dict(zip(self.program.parameters, self.parameter_values.tolist(), strict=True))

    def _columns(self, rows: NDArray[np.int64] | None) -> dict[str, NDArray[np.float64]]:
        if self.data is None:
            return {}
        chosen = self.data if rows is None else self.data[:, rows]
        return dict(zip(self.program.columns, chosen, strict=True))

    def _values(self, theta: NDArray[np.float64], rows: NDArray[np.int64] | None) -> dict[str, ArrayLike]:
        return {**dict(zip(self.variables, theta, strict=True)), **self._numbers(), **self._columns(rows)}


def mean_over_samples(values: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return the mean over `count` samples, added as the machine code adds them, see `PARTIAL_SUMS`.

    Parameters
    ----------
    values : array_like, shape (..., samples) or what is the same for all samples
        A number for each sample; more axes stay.
    """
    given = np.asarray(values, dtype=np.float64)
    every = np.broadcast_to(given, (*given.shape[:-1], count))
    whole = count - count % PARTIAL_SUMS
    # Nothing changes when minus zero is added, not even the sign of a zero.
    sums = np.full((*every.shape[:-1], PARTIAL_SUMS), -0.0)
    with np.errstate(all="ignore"):
        if whole:
            blocks = every[..., :whole].reshape(*every.shape[:-1], -1, PARTIAL_SUMS)
            sums = np.add.accumulate(blocks, axis=-2)[..., -1, :]
        sums[..., :count - whole] += every[..., whole:]
        while sums.shape[-1] > 1:
            half = sums.shape[-1] // 2
            sums = sums[..., :half] + sums[..., half:]
        return np.asarray(sums[..., 0] / count)


def objective(
    text: str,
    parameters: Mapping[str, float] | None = None,
    columns: Mapping[str, ArrayLike] | None = None,
) -> Objective:
    """Make an objective from the text of a loss.

    Parameters
    ----------
    text : str
        The loss; with `columns`, that of one sample.
    parameters : mapping of str to float, optional
        Names in `text` that are numbers to set.
    columns : mapping of str to array_like, optional
        Names in `text` that are data, each of shape (samples,).

    Raises
    ------
    FormulaError, StudioError
        As `objective_program`.
    """
    numbers = dict(parameters or {})
    used = objective_program(text, tuple(numbers), tuple(columns or ()))
    data = None
    if columns:
        data = np.ascontiguousarray(np.stack([np.asarray(column, dtype=np.float64) for column in columns.values()]))
    return Objective(used, np.array(list(numbers.values()), dtype=np.float64), data)
