"""Many starts at once by NumPy: where llvmlite is missing, and what the machine code is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.interpreted import values_of
from gdstudio.engine.language.interpreter import Interpreter, evaluate
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.program import LOSS_IS_NEW
from gdstudio.engine.objective import mean_over_samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.interpreted import Value
    from gdstudio.engine.objective import Objective
    from gdstudio.engine.update_rule import UpdateRule

    Floats = NDArray[np.float64]

_LANES, _BLOCK = 1, 4096


class InterpretedDescendMany:
    """See `many_starts.ManyKernel`; in here a vector has the shape (starts, n), a number of each start (starts, 1)."""

    lanes, block = _LANES, _BLOCK

    def __init__(self, rule: UpdateRule) -> None:
        self._rule = rule

    def __call__(
        self, span: tuple[int, int], iterations: int, hyperparameters: Floats, objective: Objective, starts: Floats,
        theta: Floats, loss: Floats, norm: Floats, cancelled: NDArray[np.int64],
    ) -> None:
        """Descend from the starts ``span[0]:span[1]``."""
        at = np.ascontiguousarray(starts[:, slice(*span)].T)
        rule = self._rule
        after = rule.program.next_state
        values = dict(zip(rule.hyperparameters, map(np.float64, hyperparameters), strict=True))
        state: dict[str, Floats] = {}
        for name in (*rule.vector_state, *rule.scalar_state):
            width = at.shape[1] if name in rule.vector_state else 1
            state[name] = np.zeros((len(at), width))
            if name in rule.initial:
                first = rule.initial[name]
                state[name][:] = evaluate(first.graph, [first.loss], {**values, "theta": at})[0]
        powers = np.ones(len(rule.powers))

        def apply(operation: str, operands: list[Value]) -> Value:
            if not OPERATIONS[operation].elementwise:
                operands = [np.broadcast_to(operand, at.shape) for operand in operands]
            return _apply(operation, operands, objective)

        with np.errstate(all="ignore"):
            for step in range(1, iterations + 1):
                if cancelled[0]:
                    break
                first_loss, slopes = _derivative(objective, at, objective.program.outputs)
                given: dict[str, Value] = {
                    **values, **state, "theta": at, "g": slopes, "loss": first_loss, "t": np.float64(step),
                    LOSS_IS_NEW: np.float64(1.0),
                }
                results = values_of(rule, given, powers, apply)
                at = np.array(np.broadcast_to(results[rule.program.theta], at.shape))
                for name, old in state.items():
                    state[name] = np.array(np.broadcast_to(results[after[name]], old.shape))
            value, slopes = _derivative(objective, at, objective.program.outputs)
            theta[:, slice(*span)] = at.T
            loss[slice(*span)] = value[:, 0]
            norm[slice(*span)] = np.sqrt(_sum(slopes * slopes))[:, 0]


def _sum(values: Floats) -> Floats:
    """Return sums over the last axis from first to last, kept as length 1."""
    return np.add.accumulate(values, axis=-1)[:, -1:]


def _apply(operation: str, operands: list[Value], objective: Objective) -> Value:
    if operation == "gradient":
        return _derivative(objective, np.asarray(operands[0]), objective.program.outputs)[1]
    if operation == "hessian_diagonal":
        outputs = (objective.program.formula.loss, *objective.program.curvature)
        return _derivative(objective, np.asarray(operands[0]), outputs)[1]
    if operation == "norm":
        return np.sqrt(_sum(np.asarray(operands[0] * operands[0])))
    if operation == "dot":
        return _sum(np.asarray(operands[0] * operands[1]))
    if operation == "sum":
        return _sum(np.asarray(operands[0]))
    if operation == "mean":
        entries = np.asarray(operands[0])
        return np.asarray(_sum(entries) / entries.shape[1])
    result: Value = OPERATIONS[operation].function(*operands)
    return result


def _derivative(objective: Objective, at: Floats, outputs: tuple[int, ...] | list[int]) -> tuple[Floats, Floats]:
    """Return the first of `outputs`, shape (starts, 1), and the others, shape (starts, n), at the points `at`."""
    program = objective.program
    samples = 1 if objective.data is None else objective.data.shape[1]
    given: dict[str, Floats | float] = dict(zip(program.variables, (column[:, None] for column in at.T), strict=True))
    given |= dict(zip(program.parameters, objective.parameter_values.tolist(), strict=True))
    if objective.data is not None:
        given |= dict(zip(program.columns, objective.data, strict=True))
    found = Interpreter(program.formula.graph, outputs).run(given)
    columns = [np.broadcast_to(np.asarray(value, dtype=np.float64), (len(at), samples)) for value in found]
    if objective.data is not None:
        columns = [mean_over_samples(column, samples)[:, None] for column in columns]
    return columns[0], np.concatenate(columns[1:], axis=1)
