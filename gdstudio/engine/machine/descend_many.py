"""The kernel of many starts: vectors of starts innermost, and only where each of them ends is kept.

Starts are taken in blocks whose state fits the processor's nearest cache. A block makes all its iterations before the
next begins: an outer loop over steps, in which what is the same for all starts is computed once, and an inner one
over the block's vectors.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.language.program import GRADIENT, LOSS, LOSS_IS_NEW, PARAMETERS, STEP
from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.emitter import constant
from gdstudio.engine.machine.functions import module_text
from gdstudio.engine.machine.lanes import LaneEmitter, ScalarEmitter, register_bytes
from gdstudio.engine.machine.objective_lanes import ObjectiveLanes
from gdstudio.engine.machine.rule_lanes import NodeLanes, RuleLanes, Spread, uniform_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective, ObjectiveProgram
    from gdstudio.engine.update_rule import UpdateRule

    Floats = NDArray[np.float64]

# Half of a first-level cache of 32 KiB: the other half is for the stack and for what is fetched ahead.
_BLOCK_BYTES = 16 * 1024
_MOST_VECTORS, _FEWEST_VECTORS = 32, 4
# Vectors that go through a step side by side: what one waits for, the other computes.
_TOGETHER = 2
_POINTERS = ("hyper", "param", "columns", "starts", "theta_out", "loss_out", "norm_out", "scratch", "cancelled")


class _DescendManyWriter:
    """Writes the IR, by an emitter for each level: the function, a step, and a vector of starts."""

    def __init__(self, program: ObjectiveProgram, rule: UpdateRule) -> None:
        self.program = program
        self.rule = rule
        self.n = len(program.variables)
        self.entry, self.step = ScalarEmitter("e"), ScalarEmitter("s")
        self.inner = LaneEmitter(_TOGETHER * register_bytes() // 8)
        self.steps = RuleLanes(rule, self.n, self.step, self.inner)
        self.varying_state = tuple(name for name in rule.scalar_state if name in self.steps.varying)
        self.uniform_state = tuple(name for name in rule.scalar_state if name not in self.steps.varying)
        # In the scratch memory: theta, then the state, `block` numbers each.
        self.rows = self.n * (1 + len(rule.vector_state)) + len(self.varying_state)
        vectors = _BLOCK_BYTES // (self.rows * self.inner.width * 8)
        self.block = self.inner.width * min(_MOST_VECTORS, max(_FEWEST_VECTORS, vectors))
        self.hyper = {name: self.entry.load("%hyper", index) for index, name in enumerate(rule.hyperparameters)}
        parameters = [self.entry.load("%param", index) for index in range(len(program.parameters))]
        self.objective = ObjectiveLanes(program, self.entry, self.inner, parameters)
        self.slots = [self.entry.assign("alloca double") for _ in (*self.uniform_state, *rule.powers)]
        self.memory = [self.entry.element("%scratch", row * self.block) for row in range(self.rows)]

    def text(self) -> str:
        """Return the module."""
        begin = self._loop("begin", self._begin)
        step = self._loop("step", self._step)
        end = self._loop("end", self._end)
        uniform = self._begin_uniform()
        body = [
            "entry:", *self.entry.lines, "  br label %blocks",
            "blocks:", "  %first = phi i64 [ %from, %entry ], [ %following, %end_done ]",
            f"  %following = add i64 %first, {self.block}", "  %left = sub i64 %to, %first",
            f"  %whole = icmp sgt i64 %left, {self.block}", f"  %here = select i1 %whole, i64 {self.block}, i64 %left",
            *uniform, *begin, "  br label %steps",
            "steps:", "  %k = phi i64 [ 0, %begin_done ], [ %k_next, %step_done ]", "  %k_next = add i64 %k, 1",
            "  %stop = load volatile i64, ptr %cancelled", "  %goes = icmp eq i64 %stop, 0",
            "  %more = icmp slt i64 %k, %iterations", "  %on = and i1 %goes, %more",
            "  br i1 %on, label %go, label %stepped",
            "go:", "  %t = sitofp i64 %k_next to double", *self.step.lines, *step, "  br label %steps",
            "stepped:", *end, "  %another = icmp slt i64 %following, %to",
            "  br i1 %another, label %blocks, label %finish",
            "finish:", "  ret void",
        ]
        pointers = ", ".join(f"ptr noalias %{name}" for name in _POINTERS)
        numbers = "i64 %from, i64 %to, i64 %stride, i64 %iterations, i64 %rows"
        # Aligned as a vector is, since registers that are saved there would else straddle two lines of the cache.
        head = f"define void @descend_many({numbers}, {pointers}) nounwind alignstack({register_bytes()}) {{"
        declarations = self.entry.declarations | self.step.declarations | self.inner.declarations
        return module_text([*self.inner.functions.values(), "\n".join([head, *body, "}"])], declarations)

    def _loop(self, name: str, write: Callable[[str], None]) -> list[str]:
        """Return the loop over the vectors of a block; `write` emits its body, given the place in the block."""
        inner = self.inner
        inner.lines = []
        write(f"%{name}_at")
        body = inner.lines
        return [
            f"  br label %{name}_enter", f"{name}_enter:", f"  br label %{name}_body", f"{name}_body:",
            f"  %{name}_at = phi i64 [ 0, %{name}_enter ], [ %{name}_next, %{name}_latch ]", *body,
            f"  br label %{name}_latch", f"{name}_latch:", f"  %{name}_next = add i64 %{name}_at, {inner.width}",
            f"  %{name}_more = icmp slt i64 %{name}_next, %here",
            f"  br i1 %{name}_more, label %{name}_body, label %{name}_done", f"{name}_done:",
        ]

    def _outside(self, pointer: str, row: int, place: str) -> str:
        """Return the address of a vector in an array of `stride` numbers a row."""
        inner = self.inner
        first = inner.assign(f"add i64 %first, {place}")
        if row:
            first = inner.assign(f"add i64 {first}, {inner.assign(f'mul i64 %stride, {row}')}")
        return inner.element(pointer, first)

    def _read(self, row: int, count: int, place: str) -> list[str]:
        """Load `count` rows of the scratch memory."""
        inner = self.inner
        return [inner.load_lanes(inner.element(address, place)) for address in self.memory[row:row + count]]

    def _write(self, row: int, values: Sequence[str], place: str) -> None:
        for value, address in self._places(row, values, place):
            self.inner.store_lanes(value, address)

    def _places(self, row: int, values: Sequence[str], place: str) -> list[tuple[str, str]]:
        """Return each of `values` with its address in the scratch memory."""
        rows = self.memory[row:row + len(values)]
        return [(value, self.inner.element(address, place)) for value, address in zip(values, rows, strict=True)]

    def _begin(self, place: str) -> None:
        """Load the starts and set the state to what it begins with."""
        inner, n = self.inner, self.n
        theta = [inner.load_lanes(self._outside("%starts", row, place)) for row in range(n)]
        self._write(0, theta, place)
        row = n
        for name in self.rule.vector_state:
            self._write(row, [self._initial(name, value) for value in theta], place)
            row += n
        for name in self.varying_state:
            self._write(row, [self._initial(name, theta[0])], place)
            row += 1

    def _initial(self, name: str, theta: str | None) -> str:
        """Return what a state begins with in the lanes that begin at `theta`, or the number for all where None."""
        if name not in self.rule.initial:
            return constant(0.0) if theta is None else self.inner.number(0.0)
        first = self.rule.initial[name]
        nodes = NodeLanes(first.graph, self.entry, self.inner, Spread(self.entry, self.inner))
        values: dict[int, str] = {}
        needed = first.graph.reachable([first.loss])
        uniform = uniform_nodes(first.graph, needed, (PARAMETERS,))
        for node in needed:
            if node in uniform:
                nodes.emit_uniform(node, self.hyper)
            elif first.graph.operation(node) == "input" and theta is not None:
                values[node] = theta
            else:
                values[node] = nodes.apply(node, [values.get(below) for below in first.graph.operands(node)])
        if theta is None:
            return nodes.uniform[first.loss]
        return values[first.loss] if first.loss in values else nodes.lanes(first.loss)

    def _begin_uniform(self) -> list[str]:
        """Return the lines that set, before a block, the state that is the same for all starts."""
        values = [self._initial(name, None) for name in self.uniform_state] + [constant(1.0) for _ in self.rule.powers]
        return [f"  store double {value}, ptr {slot}" for value, slot in zip(values, self.slots, strict=True)]

    def _step(self, place: str) -> None:
        """Emit one step of one vector of starts, what is the same for all of them before it."""
        self.inner.shortly(lambda: self._after(place))
        after = self.rule.program.next_state
        for name, slot in zip(self.uniform_state, self.slots, strict=False):
            self.step.store(self.steps.nodes.uniform[after[name]], slot)

    def _after(self, place: str) -> list[tuple[str, str]]:
        """Emit the state after a step of one vector; return it with its addresses."""
        rule, n, step = self.rule, self.n, self.step
        theta = self._read(0, n, place)
        graph = rule.program.graph
        read = {graph.name(node) for node in rule.order if graph.operation(node) == "input"}
        outputs = [*self.program.gradient, *([self.program.formula.loss] if LOSS in read else [])]
        slopes = self.objective.at(theta, outputs)
        inputs = {PARAMETERS: theta, GRADIENT: slopes[:n], LOSS: slopes[n:]}
        row = n
        for name in rule.vector_state:
            inputs[name] = self._read(row, n, place)
            row += n
        for name in self.varying_state:
            inputs[name] = self._read(row, 1, place)
            row += 1
        singles = self.hyper | {STEP: "%t", LOSS_IS_NEW: constant(1.0)}
        count = len(self.uniform_state)
        singles |= {name: step.load(slot) for name, slot in zip(self.uniform_state, self.slots[:count], strict=True)}
        values = self.steps.emit(inputs, singles, self.slots[count:], self.objective)
        after = rule.program.next_state
        written = self._places(0, self.steps.vectors(rule.program.theta, values), place)
        row = n
        for name in rule.vector_state:
            written += self._places(row, self.steps.vectors(after[name], values), place)
            row += n
        for name in self.varying_state:
            written += self._places(row, self.steps.vectors(after[name], values)[:1], place)
            row += 1
        return written

    def _end(self, place: str) -> None:
        """Hand out where the starts of a vector have come to."""
        inner, n = self.inner, self.n
        theta = self._read(0, n, place)
        loss, *slopes = self.objective.at(theta, self.program.outputs)
        for row, value in enumerate(theta):
            inner.store_lanes(value, self._outside("%theta_out", row, place))
        inner.store_lanes(loss, self._outside("%loss_out", 0, place))
        inner.store_lanes(inner.norm(slopes), self._outside("%norm_out", 0, place))


class MachineDescendMany:
    """The compiled kernel, called with arrays; see `many_starts.ManyKernel`."""

    def __init__(self, program: ObjectiveProgram, rule: UpdateRule) -> None:
        writer = _DescendManyWriter(program, rule)
        self.lanes = writer.inner.width
        self.block = writer.block
        self._scratch = writer.rows * writer.block + self.lanes
        arguments = [*[ctypes.c_int64] * 5, *[ctypes.c_void_p] * len(_POINTERS)]
        self._compiled = compile_ir(writer.text(), "descend_many", None, arguments)

    def __call__(
        self, span: tuple[int, int], iterations: int, hyperparameters: Floats, objective: Objective, starts: Floats,
        theta: Floats, loss: Floats, norm: Floats, cancelled: NDArray[np.int64],
    ) -> None:
        """Descend from the starts ``span[0]:span[1]``, multiples of `lanes`; see `many_starts.ManyKernel`."""
        scratch = np.empty(self._scratch)
        # Of the same alignment as a vector.
        first = scratch.ctypes.data + -scratch.ctypes.data % (8 * self.lanes)
        data = objective.data
        self._compiled.call(
            *span, starts.shape[1], iterations, objective.samples or 0,
            hyperparameters.ctypes.data, objective.parameter_values.ctypes.data,
            0 if data is None else data.ctypes.data,
            starts.ctypes.data, theta.ctypes.data, loss.ctypes.data, norm.ctypes.data, first, cancelled.ctypes.data,
        )
