"""The kernel that updates a long vector of parameters by one step of any element-wise rule, in one pass over memory.

Lanes are parameters: 16 of float32 or 8 of float64 in a register of 64 bytes. What is the same for all parameters is
computed in float64 whatever the vectors are, as PyTorch does.
"""

from __future__ import annotations

import ctypes
from functools import partial
from typing import TYPE_CHECKING, Any

from gdstudio.engine.language.program import GRADIENT, PARAMETERS, STEP
from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.emitter import constant
from gdstudio.engine.machine.functions import module_text
from gdstudio.engine.machine.lanes import LaneEmitter, ScalarEmitter, register_bytes
from gdstudio.engine.machine.rule_lanes import RuleLanes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.engine.fused_update import Elsewhere
    from gdstudio.engine.update_rule import UpdateRule

_COPY = "call void @llvm.memcpy.p0.p0.i64(ptr {target}, ptr {source}, i64 %bytes, i1 false)"


class _UpdateWriter:
    """Writes the IR: single numbers first, then the loop, which is gone through again for what fills no vector."""

    def __init__(self, rule: UpdateRule, dtype: np.dtype[Any]) -> None:
        self.rule = rule
        self.bytes = dtype.itemsize
        self.entry = ScalarEmitter("e")
        self.inner = LaneEmitter(register_bytes() // self.bytes, "float" if self.bytes == 4 else "double")
        self.names = (PARAMETERS, GRADIENT, *rule.vector_state)

    def text(self) -> str:
        """Return the module."""
        self._singles()
        steps = RuleLanes(self.rule, 1, self.entry, self.inner)
        self.inner.shortly(lambda: self._after(steps))
        for index, name in enumerate(self.rule.scalar_state, start=1):
            self.entry.store(steps.nodes.uniform[self.rule.program.next_state[name]], "%after", index)
        width, count = self.inner.width, len(self.names)
        buffers = [self.entry.assign(f"alloca {self.inner.kind}, align {register_bytes()}") for _ in range(count)]
        for buffer in buffers:
            self.entry.line(f"store {self.inner.kind} {self.inner.number(1.0)}, ptr {buffer}")
        arrays = [f"%a{index}" for index in range(count)]
        tails = [f"%tail{index}" for index in range(count)]
        lines = [
            "entry:", *self.entry.lines,
            f"  %over = srem i64 %length, {width}", "  %whole = sub i64 %length, %over",
            f"  %bytes = mul i64 %over, {self.bytes}",
            *(f"  {tail} = getelementptr {self.inner.scalar}, ptr {array}, i64 %whole"
              for tail, array in zip(tails, arrays, strict=True)),
            "  br label %pass",
            "pass:", "  %again = phi i1 [ false, %entry ], [ true, %rest ]",
            *(f"  %b{index} = phi ptr [ {array}, %entry ], [ {buffer}, %rest ]"
              for index, (array, buffer) in enumerate(zip(arrays, buffers, strict=True))),
            "  %begin = phi i64 [ 0, %entry ], [ 0, %rest ]",
            f"  %end = phi i64 [ %whole, %entry ], [ {width}, %rest ]",
            "  %any = icmp slt i64 %begin, %end", "  br i1 %any, label %body, label %passed",
            "body:", "  %i = phi i64 [ %begin, %pass ], [ %i_next, %latch ]", *self.inner.lines, "  br label %latch",
            "latch:", f"  %i_next = add i64 %i, {width}", "  %more = icmp slt i64 %i_next, %end",
            "  br i1 %more, label %body, label %passed",
            "passed:", "  br i1 %again, label %back, label %first",
            "first:", "  %none = icmp eq i64 %over, 0", "  br i1 %none, label %finish, label %rest",
            "rest:",
            *("  " + _COPY.format(target=buffer, source=tail) for buffer, tail in zip(buffers, tails, strict=True)),
            "  br label %pass",
            "back:",
            *("  " + _COPY.format(target=tail, source=buffer) for buffer, tail in zip(buffers, tails, strict=True)),
            "  br label %finish", "finish:", "  ret void",
        ]
        pointers = ", ".join(f"ptr noalias {array}" for array in arrays)
        head = (
            "define void @update(i64 %length, ptr noalias %hyper, ptr noalias %before, ptr noalias %after, "
            f"{pointers}) nounwind alignstack({register_bytes()}) {{"
        )
        copy = "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)"
        declarations = self.entry.declarations | self.inner.declarations | {copy}
        return module_text([*self.inner.functions.values(), "\n".join([head, *lines, "}"])], declarations)

    def _singles(self) -> None:
        """Read the numbers that are the same for all parameters: step, scalar state, running powers."""
        entry, rule = self.entry, self.rule
        self.single = {name: entry.load("%hyper", index) for index, name in enumerate(rule.hyperparameters)}
        self.single[STEP] = entry.binary("fadd", entry.load("%before"), constant(1.0))
        entry.store(self.single[STEP], "%after")
        for index, name in enumerate(rule.scalar_state, start=1):
            self.single[name] = entry.load("%before", index)
        first = 1 + len(rule.scalar_state)
        self.powers = []
        for index in range(first, first + len(rule.powers)):
            value = entry.load("%before", index)
            self.powers.append(entry.element("%after", index))
            entry.store(value, self.powers[-1])

    def _after(self, steps: RuleLanes) -> list[tuple[str, str]]:
        """Emit the update of one vector; return the results with their addresses."""
        inner, rule = self.inner, self.rule
        inputs = {
            name: [inner.load_lanes(inner.element(f"%b{index}", "%i", inner.scalar))]
            for index, name in enumerate(self.names)
        }
        values = steps.emit(inputs, self.single, self.powers, None)
        after = rule.program.next_state
        results = {PARAMETERS: rule.program.theta, **{name: after[name] for name in rule.vector_state}}
        return [
            (steps.vectors(results[name], values)[0], inner.element(f"%b{index}", "%i", inner.scalar))
            for index, name in enumerate(self.names) if name in results
        ]


class MachineUpdate:
    """The compiled kernel; see `fused_update.UpdateKernel`."""

    def __init__(self, rule: UpdateRule, dtype: np.dtype[Any]) -> None:
        writer = _UpdateWriter(rule, dtype)
        pointers = 3 + len(writer.names)
        arguments = [ctypes.c_int64, *[ctypes.c_void_p] * pointers]
        self._compiled = compile_ir(writer.text(), "update", None, arguments)

    def __call__(
        self, hyperparameters: NDArray[np.float64], before: NDArray[np.float64],
        after: NDArray[np.float64], arrays: Sequence[NDArray[Any]], elsewhere: Elsewhere | None = None,
    ) -> None:
        """Update in place."""
        del elsewhere
        self.bound(hyperparameters, before, after, arrays)()

    def bound(
        self, hyperparameters: NDArray[np.float64], before: NDArray[np.float64], after: NDArray[np.float64],
        arrays: Sequence[NDArray[Any]],
    ) -> Callable[[], None]:
        """Return a call that updates these very arrays, for steps so short that finding them takes as long.

        The arrays must outlive it, in their places.
        """
        addresses = [array.ctypes.data for array in (hyperparameters, before, after, *arrays)]
        return partial(self._compiled.call, len(arrays[0]), *addresses)
