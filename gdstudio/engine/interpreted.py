"""The same calls as the machine code, by NumPy: easy to debug, and used where llvmlite is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.kernels import STOP_CAUSES, StateLayout, gradient_norm
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.program import LOSS_IS_NEW
from gdstudio.engine.matrices import block_inputs, of_blocks
from gdstudio.engine.update_rule import SMALLEST_POWER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Batches, Limits, PointFunction, Rows
    from gdstudio.engine.objective import Objective
    from gdstudio.engine.update_rule import UpdateRule

    Floats = NDArray[np.float64]
    Value = Floats | np.float64
    Apply = Callable[[str, list[Value]], Value]
    Derivative = Callable[[str, Floats], Floats]
    # The samples of each batch of an iteration; None where it takes all the data.
    Chosen = list[NDArray[np.int64]] | None


def _sequential_sum(values: Floats) -> np.float64:
    """Return the sum from first to last; NumPy's own adds in pairs."""
    total: np.float64 = np.add.accumulate(values)[-1]
    return total


def _vector(value: Floats | np.float64, dimension: int) -> Floats:
    return np.array(np.broadcast_to(value, (dimension,)), dtype=np.float64)


def _mean_over(batches: Chosen, values: Callable[[NDArray[np.int64] | None], Floats]) -> Floats:
    """Return the mean of what `values` gives for each batch, added from first to last; for all the data if None."""
    if batches is None:
        return values(None)
    total: Floats = np.add.accumulate([values(rows) for rows in batches])[-1]
    return total / len(batches)


def _loss_then_gradient(objective: Objective, theta: Floats, rows: NDArray[np.int64] | None) -> Floats:
    loss, gradient = objective.loss_and_gradient(theta, rows)
    return np.concatenate(([loss], gradient))


class InterpretedDescend:
    """Executes an update rule step by step; see `kernels.DescendKernel`."""

    def __init__(self, rule: UpdateRule) -> None:
        self._rule = rule

    def __call__(
        self, count: int, state: Floats, hyperparameters: Floats, objective: Objective, limits: Limits, rows: Rows,
        batches: Batches | None, normal: Floats | None = None,
    ) -> tuple[int, int]:
        """Advance `state` in place by up to `count` iterations; return those made and the cause."""
        layout = StateLayout(objective.dimension, self._rule)
        with np.errstate(all="ignore"):
            for made in range(count):
                noise = None if normal is None else normal[made]
                rate = self._step(layout, state, hyperparameters, objective, batches, made, noise)
                if rate is not None:
                    rows.own[0][made] = rate
                rows.theta[made] = state[layout.theta]
                if batches is not None and not batches.evaluated[made + 1] and _within(state[layout.theta], limits):
                    rows.loss[made] = rows.gradient_norm[made] = np.nan
                    state[layout.since_best] += 1.0
                    continue
                cause = record_and_test(layout, state, objective, limits, rows, made)
                if cause is not None:
                    return made + 1, STOP_CAUSES.index(cause)
        return count, 0

    def _step(
        self, layout: StateLayout, state: Floats, hyperparameters: Floats, objective: Objective,
        batches: Batches | None, made: int, normal: Floats | None,
    ) -> Floats | np.float64 | None:
        """Make one update and return the learning rate, where the equations assign it."""
        theta, gradient = state[layout.theta].copy(), state[layout.gradient].copy()
        chosen = None
        if batches is not None:
            first, last = batches.groups[made], batches.groups[made + 1]
            chosen = np.split(batches.indices, batches.offsets[first:last + 1])[1:-1]
            both = _mean_over(chosen, lambda rows: _loss_then_gradient(objective, theta, rows))
            batches.loss[made], gradient = both[0], both[1:]
        if self._rule.needs_lasso:
            gradient = objective.smooth_gradient(theta, gradient)
        state[layout.step] += 1.0
        n = layout.dimension
        place = layout.rule
        values: dict[str, Floats | np.float64] = {
            "theta": theta, "g": gradient, "t": state[layout.step], "loss": state[layout.loss],
        }
        values[LOSS_IS_NEW] = np.float64(batches is None or batches.evaluated[made])
        if normal is not None:
            values["normal"] = normal
        if self._rule.needs_lasso:
            values["lasso"] = objective.lasso
        if self._rule.needs_matrix:
            values |= block_inputs(objective.blocks, theta.dtype)
        values |= dict(zip(self._rule.hyperparameters, hyperparameters, strict=True))
        targets = [layout.theta]
        for name in self._rule.vector_state:
            values[name] = state[place:place + n].copy()
            targets.append(slice(place, place + n))
            place += n
        for name in self._rule.scalar_state:
            values[name] = state[place]
            targets.append(slice(place, place + 1))
            place += 1

        def derivative_at(operation: str, point: Floats) -> Floats:
            if operation == "gradient":
                slopes = _mean_over(chosen, lambda rows: objective.loss_and_gradient(point, rows)[1])
                return objective.smooth_gradient(point, slopes) if self._rule.needs_lasso else slopes
            return _mean_over(chosen, lambda rows: objective.hessian_diagonal(point, rows))

        def apply(operation: str, operands: list[Value]) -> Value:
            if OPERATIONS[operation].needs_blocks:
                numbers = [float(operand) for operand in operands[1:]]
                return of_blocks(operation, _vector(operands[0], n), numbers, objective.blocks)
            return _apply(operation, operands, n, derivative_at)

        results = values_of(self._rule, values, state[place:], apply)
        rate = self._rule.program.rate
        for node, target in zip(self._rule.outputs, targets, strict=rate is None):
            state[target] = results[node]
        return None if rate is None else results[rate]


def values_of(rule: UpdateRule, inputs: Mapping[str, Value], powers: Floats, apply: Apply) -> dict[int, Value]:
    """Return the value of every node of a rule at one step.

    Parameters
    ----------
    rule : UpdateRule
        Whose nodes.
    inputs : mapping of str to ndarray or float64
        State, hyperparameters and what is given, by name.
    powers : ndarray, shape (len(rule.powers),)
        The running products, advanced in place.
    apply : callable
        Returns the value of an operation from those of its operands.
    """
    graph = rule.program.graph
    power_at = {power.node: index for index, power in enumerate(rule.powers)}
    values: dict[int, Value] = {}
    for node in rule.order:
        operation = graph.operation(node)
        if operation == "constant":
            values[node] = np.float64(graph.value(node))
        elif operation == "input":
            values[node] = inputs[graph.name(node)]
        elif node in power_at:
            index = power_at[node]
            product = powers[index] * values[rule.powers[index].base]
            powers[index] = 0.0 if abs(product) < SMALLEST_POWER else product
            values[node] = powers[index]
        else:
            values[node] = apply(operation, [values[below] for below in graph.operands(node)])
    return values


def _apply(
    operation: str, operands: list[Floats | np.float64], n: int, derivative_at: Derivative
) -> Floats | np.float64:
    if operation in ("gradient", "hessian_diagonal"):
        return derivative_at(operation, _vector(operands[0], n))
    if operation == "norm":
        return np.float64(gradient_norm(_vector(operands[0], n)))
    if operation == "dot":
        return _sequential_sum(_vector(operands[0], n) * _vector(operands[1], n))
    if operation == "sum":
        return _sequential_sum(_vector(operands[0], n))
    if operation == "mean":
        return np.float64(_sequential_sum(_vector(operands[0], n)) / n)
    result: Floats | np.float64 = OPERATIONS[operation].function(*operands)
    return result


def record_and_test(
    layout: StateLayout, state: Floats, objective: Objective, limits: Limits, rows: Rows, made: int
) -> str | None:
    """Evaluate the new iterate, complete its row and return the cause to stop, if any."""
    theta = state[layout.theta]
    before = state[layout.gradient][0]
    loss, gradient = objective.loss_and_gradient(theta)
    norm = gradient_norm(objective.least_gradient(theta, gradient))
    rows.loss[made], rows.gradient_norm[made] = loss, norm
    state[layout.gradient], state[layout.loss], state[layout.norm] = gradient, loss, norm
    better = loss < state[layout.best]
    state[layout.since_best] = 0.0 if better else state[layout.since_best] + 1.0
    if better:
        state[layout.best] = loss
    # By comparisons, for the product of two tiny slopes is zero.
    turned = bool(before < 0.0 < gradient[0] or gradient[0] < 0.0 < before)
    return stop_cause(theta, loss, norm, turned, float(state[layout.since_best]), limits)


def _within(theta: Floats, limits: Limits) -> bool:
    return bool(np.all(np.abs(theta) <= limits.theta_bound))


def stop_cause(
    theta: Floats, loss: float, norm: float, turned: bool, since_best: float, limits: Limits
) -> str | None:
    """Why to stop at an iterate, the strongest cause first; None to go on.

    `turned` tells whether the first derivative changed its sign in the step, `since_best` is the number of
    iterations without a decrease of the best loss.
    """
    if not (_within(theta, limits) and abs(loss) <= limits.loss_bound and norm < np.inf):
        return "diverged"
    if limits.tolerance > 0.0 and norm <= limits.tolerance:
        return "converged"
    if limits.stop_at_sign_change and turned:
        return "bracketed"
    if since_best >= limits.patience:
        return "stalled"
    return None


def interpreted_evaluate(objective: Objective, thetas: Floats) -> Floats:
    """Losses, shape (points,), at `thetas`, shape (points, n)."""
    return objective.losses(thetas)


def interpreted_value_and_gradient(objective: Objective) -> PointFunction:
    """Return the function of a point; see `kernels.ValueAndGradientKernel`."""
    return objective.loss_and_gradient
