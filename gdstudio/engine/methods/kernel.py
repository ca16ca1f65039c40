"""Executes a method: the same call, the same rows and the same tests to stop as the equations have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.curvatures import hessian_function, refuse_too_many
from gdstudio.engine.interpreted import stop_cause
from gdstudio.engine.kernels import STOP_CAUSES, StateLayout, gradient_norm, value_and_gradient_kernel
from gdstudio.engine.methods.method import Iterate, Measure, NoStep
from gdstudio.engine.methods.rule import refuse_unfit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Batches, Limits, Rows
    from gdstudio.engine.methods.method import Step
    from gdstudio.engine.methods.rule import MethodRule
    from gdstudio.engine.objective import Objective, ObjectiveProgram

    Floats = NDArray[np.float64]


class MethodDescend:
    """Executes a method step by step; see `kernels.DescendKernel`.

    Raises
    ------
    StudioError
        As `refuse_unfit` and `refuse_too_many`.
    """

    def __init__(self, program: ObjectiveProgram, rule: MethodRule, batched: bool, machine: bool) -> None:
        refuse_unfit(rule, len(program.variables), batched=batched)
        if rule.method.needs_hessian:
            refuse_too_many(program, rule.key)
        self._rule = rule
        self._machine = machine
        self._loss_and_gradient = value_and_gradient_kernel(program, machine)

    def __call__(
        self, count: int, state: Floats, hyperparameters: Floats, objective: Objective, limits: Limits, rows: Rows,
        batches: Batches | None, normal: Floats | None = None,
    ) -> tuple[int, int]:
        """Advance `state` in place by up to `count` iterations; return those made and the cause."""
        del normal
        layout = StateLayout(objective.dimension, self._rule)
        settings = dict(zip(self._rule.hyperparameters, hyperparameters.tolist(), strict=True))
        method = self._rule.method
        hessian = hessian_function(objective, self._machine) if method.needs_hessian else None
        measure = Measure(self._loss_and_gradient(objective), hessian, limits)
        before = float(state[layout.rule])
        with np.errstate(all="ignore"):
            for made in range(count):
                at = Iterate(state[layout.theta].copy(), float(state[layout.loss]), state[layout.gradient].copy())
                try:
                    step = method.step(at, state[layout.rule + 1:], settings, measure)
                except NoStep as stop:
                    state[layout.rule] = before + measure.evaluations
                    return made, STOP_CAUSES.index(stop.cause)
                state[layout.rule] = before + measure.evaluations
                cause = _record_and_test(layout, state, step, objective, limits, rows, made)
                if cause is not None:
                    return made + 1, STOP_CAUSES.index(cause)
        return count, 0


def _record_and_test(
    layout: StateLayout, state: Floats, step: Step, objective: Objective, limits: Limits, rows: Rows, made: int
) -> str | None:
    """Make the step's iterate the current one, write its row and return the cause to stop, if any."""
    theta, loss, gradient = step.iterate
    norm = gradient_norm(objective.least_gradient(theta, gradient))
    rows.theta[made], rows.loss[made], rows.gradient_norm[made] = theta, loss, norm
    numbers = (step.length, 1.0 + float(state[layout.rule]), *step.columns)
    for column, number in zip(rows.own, numbers, strict=True):
        column[made] = number
    slope_before, slope = float(state[layout.gradient][0]), float(gradient[0])
    state[layout.theta], state[layout.gradient], state[layout.loss], state[layout.norm] = theta, gradient, loss, norm
    state[layout.step] += 1.0
    better = loss < state[layout.best]
    state[layout.since_best] = 0.0 if better else state[layout.since_best] + 1.0
    if better:
        state[layout.best] = loss
    turned = slope_before < 0.0 < slope or slope < 0.0 < slope_before
    return stop_cause(theta, loss, norm, turned, float(state[layout.since_best]), limits)
