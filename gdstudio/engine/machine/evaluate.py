"""The kernel that evaluates a loss at many points: the heights of surfaces and contour maps."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.emitter import Emitter
from gdstudio.engine.machine.functions import ObjectiveCalls, module_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective, ObjectiveProgram


def _text(program: ObjectiveProgram) -> str:
    emitter = Emitter()
    calls = ObjectiveCalls(program, program.outputs[:1])
    n = len(program.variables)
    emitter.label("entry")
    out = emitter.assign("alloca double")
    parameters = [emitter.load("%param", index) for index in range(len(program.parameters))]
    emitter.line("br label %head")
    emitter.label("head")
    emitter.line("%i = phi i64 [ 0, %entry ], [ %i_next, %body ]")
    emitter.line("%more = icmp slt i64 %i, %count")
    emitter.line("br i1 %more, label %body, label %done")
    emitter.label("body")
    row = emitter.element("%thetas", emitter.assign(f"mul i64 %i, {n}"))
    theta = [emitter.load(row, index) for index in range(n)]
    emitter.store(calls.full(emitter, out, theta, parameters)[0], "%losses", "%i")
    emitter.line("%i_next = add i64 %i, 1")
    emitter.line("br label %head")
    emitter.label("done")
    emitter.line("ret void")
    head = (
        "define void @evaluate(i64 %count, i64 %rows, ptr noalias %thetas, ptr noalias %param, ptr noalias %columns, "
        "ptr noalias %losses) nounwind {"
    )
    kernel = "\n".join([head, *emitter.lines, "}"])
    return module_text([*calls.functions.values(), kernel], emitter.declarations | calls.declarations)


class MachineEvaluate:
    """The compiled kernel, called with arrays; see `kernels.EvaluateKernel`."""

    def __init__(self, program: ObjectiveProgram) -> None:
        arguments = [ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * 4]
        self._compiled = compile_ir(_text(program), "evaluate", None, arguments)

    def __call__(self, objective: Objective, thetas: NDArray[np.float64]) -> NDArray[np.float64]:
        """Losses, shape (points,), at `thetas`, shape (points, n)."""
        points = np.ascontiguousarray(thetas, dtype=np.float64)
        losses = np.empty(len(points))
        data = 0 if objective.data is None else objective.data.ctypes.data
        self._compiled.call(
            len(points), objective.samples or 0, points.ctypes.data, objective.parameter_values.ctypes.data, data,
            losses.ctypes.data,
        )
        return losses
