"""Gradients around the edges of a penalty on sizes, as `Objective` has them too; for the lasso and its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.machine.emitter import constant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.machine.emitter import Emitter


def smooth_gradient(
    emitter: Emitter, theta: Sequence[str], gradient: Sequence[str], lasso: Sequence[str]
) -> list[str]:
    """Emit the gradient without that of the penalty; see `Objective.smooth_gradient`."""
    slopes = []
    for value, slope, strength in zip(theta, gradient, lasso, strict=True):
        pull = emitter.binary("fmul", strength, emitter.operation("sign", [value]))
        slopes.append(emitter.binary("fsub", slope, pull))
    return slopes


def least_gradient(
    emitter: Emitter, theta: Sequence[str], gradient: Sequence[str], lasso: Sequence[str]
) -> list[str]:
    """Emit the subgradient of least norm but for its signs; see `Objective.least_gradient`."""
    zero, slopes = constant(0.0), []
    for value, slope, strength in zip(theta, gradient, lasso, strict=True):
        beyond = emitter.binary("fsub", emitter.call("llvm.fabs.f64", slope), strength)
        beyond = emitter.select(emitter.compare("olt", beyond, zero), zero, beyond)
        slopes.append(emitter.select(emitter.compare("oeq", value, zero), beyond, slope))
    return slopes
