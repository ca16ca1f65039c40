"""The loss and its derivatives at one point: what a line search calls, again and again.

The buffers and their addresses are made once for each use, so that a call costs little more than the arithmetic.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.emitter import Emitter
from gdstudio.engine.machine.functions import ObjectiveCalls, module_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.kernels import PointFunction
    from gdstudio.engine.objective import Objective, ObjectiveProgram


def _text(program: ObjectiveProgram) -> str:
    emitter = Emitter()
    calls = ObjectiveCalls(program)
    emitter.label("entry")
    theta = [emitter.load("%theta", index) for index in range(len(program.variables))]
    parameters = [emitter.load("%param", index) for index in range(len(program.parameters))]
    calls.full(emitter, "%out", theta, parameters)
    emitter.line("ret void")
    head = (
        "define void @value_and_gradient(i64 %rows, ptr noalias %theta, ptr noalias %param, ptr noalias %columns, "
        "ptr noalias %out) nounwind {"
    )
    kernel = "\n".join([head, *emitter.lines, "}"])
    return module_text([*calls.functions.values(), kernel], emitter.declarations | calls.declarations)


class MachineValueAndGradient:
    """The compiled function; see `kernels.ValueAndGradientKernel`."""

    def __init__(self, program: ObjectiveProgram) -> None:
        self._outputs = len(program.outputs)
        arguments = [ctypes.c_int64, *[ctypes.c_void_p] * 4]
        self._compiled = compile_ir(_text(program), "value_and_gradient", None, arguments)

    def __call__(self, objective: Objective) -> PointFunction:
        """Return the function of a point, with the numbers and the data of `objective`."""
        # Held by the function: the machine code, and the arrays behind the addresses.
        compiled = self._compiled
        point, out = np.empty(objective.dimension), np.empty(self._outputs)
        addresses = (
            point.ctypes.data, objective.parameter_values.ctypes.data,
            0 if objective.data is None else objective.data.ctypes.data, out.ctypes.data,
        )

        def at(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            point[:] = theta
            compiled.call(objective.samples or 0, *addresses)
            return float(out[0]), out[1:].copy()

        return at
