"""One step of an optimizer on a long vector of parameters whose gradient comes from elsewhere, as in a network.

Every rule that treats each parameter by itself becomes one pass over memory; one that looks at all of them, or at a
gradient elsewhere, is executed by NumPy.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import gradient_norm, machine_available
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.program import GRADIENT, LASSO, LOSS, LOSS_IS_NEW, NORMAL, PARAMETERS, STEP
from gdstudio.engine.matrices import block_inputs, of_blocks
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.engine.update_rule import SMALLEST_POWER, UpdateRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.blocks import Blocks
    from gdstudio.engine.kernels import Rule

    Floats = NDArray[np.float64]
    Vector = NDArray[np.float32] | NDArray[np.float64]
    # An operation, "gradient" or "hessian_diagonal", and a point.
    Elsewhere = Callable[[str, Any], Vector]


class UpdateKernel(Protocol):
    """Makes one step of all parameters."""

    def __call__(
        self, hyperparameters: Floats, before: Floats, after: Floats, arrays: Sequence[NDArray[Any]],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """Update in place.

        `before` has the steps made, the scalar state and the running powers; `after` receives them. `arrays` are
        theta, the gradient and the vectors of the state.
        """


def _refuse_unfit(rule: Rule) -> UpdateRule:
    """Return `rule`, if derivatives are all that it needs."""
    if isinstance(rule, UpdateRule) and not rule.inputs & {LASSO, LOSS, LOSS_IS_NEW, NORMAL}:
        return rule
    raise StudioError(
        QT_TRANSLATE_NOOP(
            "Errors", "This optimizer looks at the loss, its penalty, or at random numbers: it cannot update a vector "
            "of which nothing but gradients is known."
        )
    )


def is_elementwise(rule: UpdateRule) -> bool:
    """Tell whether a rule treats each parameter by itself."""
    operations = {rule.program.graph.operation(node) for node in rule.order}
    return all(OPERATIONS[key].elementwise for key in operations if key in OPERATIONS)


@lru_cache(maxsize=32)
def update_kernel(
    rule: UpdateRule, dtype: np.dtype[Any], machine: bool, blocks: Blocks | None = None
) -> UpdateKernel:
    """Return the kernel of a rule for vectors of `dtype`: machine code, or NumPy where that is not for it."""
    if machine and is_elementwise(rule) and not rule.needs_matrix:
        from gdstudio.engine.machine.update import MachineUpdate

        return MachineUpdate(rule, dtype)
    return _InterpretedUpdate(rule, dtype, blocks)


class FusedUpdate:
    """An optimizer at work on a vector of parameters.

    Parameters
    ----------
    rule : UpdateRule
        The optimizer's equations.
    hyperparameters : mapping of str to float
        The numbers in them; may be changed in `hyperparameters` between two steps.
    theta : ndarray of float32 or float64, shape (n,)
        The parameters, updated in place; contiguous.
    machine : bool or None
        Whether to execute machine code; None takes it where it can be made. Rules that are not element-wise do
        without.
    blocks : Blocks or None
        How the parameters are divided into matrices and vectors; None for one vector.

    Raises
    ------
    StudioError
        Where the rule looks at more than derivatives.
    """

    def __init__(
        self, rule: Rule, hyperparameters: Mapping[str, float], theta: Vector, machine: bool | None = None,
        blocks: Blocks | None = None,
    ) -> None:
        fit = _refuse_unfit(rule)
        assert not fit.needs_matrix or blocks is not None, "these equations ask which parameters are a matrix"
        assert theta.ndim == 1 and theta.flags.c_contiguous and theta.dtype in (np.float32, np.float64)
        self._rule = fit
        assert blocks is None or blocks.size == len(theta)
        self._kernel = update_kernel(fit, theta.dtype, machine_available() if machine is None else machine, blocks)
        self.hyperparameters = np.array([hyperparameters[name] for name in fit.hyperparameters], dtype=np.float64)
        self.theta = theta
        self.state = {name: np.zeros_like(theta) for name in fit.vector_state}
        self._before, self._after = np.zeros((2, 1 + len(fit.scalar_state) + len(fit.powers)))
        self._begin()

    def _begin(self) -> None:
        rule = self._rule
        given = {PARAMETERS: self.theta, **dict(zip(rule.hyperparameters, self.hyperparameters, strict=True))}
        for name, first in rule.initial.items():
            (value,) = evaluate(first.graph, [first.loss], given)
            if name in self.state:
                self.state[name][:] = value
            else:
                self._before[1 + rule.scalar_state.index(name)] = value
        self._before[1 + len(rule.scalar_state):] = 1.0

    @property
    def steps(self) -> int:
        """How many steps have been made."""
        return int(self._before[0])

    def take_state(self) -> tuple[NDArray[Any], ...]:
        """Return a copy of all that the next steps depend on but gradients and hyperparameters."""
        return tuple(array.copy() for array in (self.theta, self._before, *self.state.values()))

    def put_state(self, state: tuple[NDArray[Any], ...]) -> None:
        """Go on from `state`, of this update or of another of the same rule, length and type."""
        for array, value in zip((self.theta, self._before, *self.state.values()), state, strict=True):
            array[:] = value

    def step(self, gradient: Vector, elsewhere: Elsewhere | None = None) -> None:
        """Make one step.

        Parameters
        ----------
        gradient : ndarray, of the shape and type of `theta`
            At the present parameters.
        elsewhere : callable, optional
            Of ``"gradient"`` or ``"hessian_diagonal"`` and a point: those derivatives there, for equations that ask
            for them.
        """
        assert gradient.shape == self.theta.shape and gradient.dtype == self.theta.dtype
        assert gradient.flags.c_contiguous
        arrays = (self.theta, gradient, *self.state.values())
        self._kernel(self.hyperparameters, self._before, self._after, arrays, elsewhere)
        self._before, self._after = self._after, self._before


class _InterpretedUpdate:
    """The same by NumPy: the single numbers in float64, the vectors in their own type."""

    def __init__(self, rule: UpdateRule, dtype: np.dtype[Any], blocks: Blocks | None) -> None:
        self._rule = rule
        self._blocks = blocks
        self._dtype = dtype
        self._powers = {power.node: (index, power.base) for index, power in enumerate(rule.powers)}

    def __call__(
        self, hyperparameters: Floats, before: Floats, after: Floats, arrays: Sequence[NDArray[Any]],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """Update in place; see `UpdateKernel`."""
        rule, graph = self._rule, self._rule.program.graph
        count = 1 + len(rule.scalar_state)
        given: dict[str, Any] = dict(zip(rule.hyperparameters, hyperparameters, strict=True))
        given |= dict(zip(rule.scalar_state, before[1:count], strict=True))
        names = (PARAMETERS, GRADIENT, *rule.vector_state)
        given |= {name: array.copy() for name, array in zip(names, arrays, strict=True)}
        given[STEP] = before[0] + 1.0
        if self._blocks is not None and rule.needs_matrix:
            given |= block_inputs(self._blocks, self._dtype)
        values: dict[int, Any] = {}
        powers = before[count:].copy()
        with np.errstate(all="ignore"):
            for node in rule.order:
                operation = graph.operation(node)
                if node in self._powers:
                    index, base = self._powers[node]
                    product = powers[index] * values[base]
                    powers[index] = values[node] = np.float64(0.0) if abs(product) < SMALLEST_POWER else product
                elif operation == "constant":
                    values[node] = np.float64(graph.value(node))
                elif operation == "input":
                    values[node] = given[graph.name(node)]
                elif operation in ("gradient", "hessian_diagonal"):
                    assert elsewhere is not None, "these equations ask for derivatives at another point"
                    values[node] = elsewhere(operation, values[graph.operands(node)[0]])
                else:
                    operands = [values[below] for below in graph.operands(node)]
                    values[node] = self._apply(operation, operands, len(arrays[0]))
        next_state = rule.program.next_state
        results = {name: values[next_state[name]] for name in rule.vector_state}
        results[PARAMETERS] = values[rule.program.theta]
        for name, array in zip(names, arrays, strict=True):
            if name in results:
                array[:] = results[name]
        after[0] = before[0] + 1.0
        after[1:count] = [values[next_state[name]] for name in rule.scalar_state]
        after[count:] = powers

    def _apply(self, operation: str, operands: list[Any], length: int) -> Any:
        if OPERATIONS[operation].needs_blocks:
            assert self._blocks is not None
            vector = np.array(np.broadcast_to(operands[0], (length,)), dtype=self._dtype)
            return of_blocks(operation, vector, [float(number) for number in operands[1:]], self._blocks)
        if not OPERATIONS[operation].elementwise:
            return _whole(operation, operands, length)
        if any(np.ndim(operand) for operand in operands):
            operands = [
                operand if np.ndim(operand) or np.asarray(operand).dtype == np.bool_ else self._dtype.type(operand)
                for operand in operands
            ]
        return OPERATIONS[operation].function(*operands)


def _whole(operation: str, operands: Sequence[Any], length: int) -> np.float64:
    """Return a number that is made of all parameters, added in float64 from first to last as in a descent."""
    vectors = [np.broadcast_to(operand, (length,)).astype(np.float64) for operand in operands]
    if operation == "norm":
        return np.float64(gradient_norm(vectors[0]))
    product = vectors[0] * vectors[1] if operation == "dot" else vectors[0]
    total: np.float64 = np.add.accumulate(product)[-1]
    return np.float64(total / length) if operation == "mean" else total
