"""The kernel of a descent: one start, every iterate recorded.

All parameters and all state are unrolled into local variables that LLVM keeps in registers; a step of Adam
on a function of two variables takes about as long as the same loop in C.
"""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.language.norms import LEAST_SUM
from gdstudio.engine.language.program import LOSS_IS_NEW
from gdstudio.engine.machine.compiler import compile_ir
from gdstudio.engine.machine.emitter import Emitter, condition, constant
from gdstudio.engine.machine.functions import ObjectiveCalls, module_text
from gdstudio.engine.machine.lasso import least_gradient, smooth_gradient
from gdstudio.engine.update_rule import SMALLEST_POWER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Batches, Limits, Rows
    from gdstudio.engine.objective import Objective, ObjectiveProgram
    from gdstudio.engine.update_rule import UpdateRule

_POINTERS = (
    "state", "hyper", "param", "limits", "theta_out", "loss_out", "norm_out", "outcome",
    "columns", "indices", "offsets", "groups", "evaluated", "batch_loss_out", "normal", "lasso", "rate_out",
)


class _DescendWriter:
    """Writes the IR of one kernel; what is mutable across iterations lives in slots that become registers."""

    def __init__(self, program: ObjectiveProgram, rule: UpdateRule, batched: bool) -> None:
        self.program = program
        self.rule = rule
        self.batched = batched
        self.n = len(program.variables)
        self.calls = ObjectiveCalls(program, batched=batched)
        self.curvature = (
            ObjectiveCalls(program, program.curvature, batched=batched, name="curvature")
            if rule.needs_curvature else None
        )
        self.emitter = Emitter()
        # theta, gradient, loss, norm, step, best, since_best and the rule's state, one slot each.
        self.size = 2 * self.n + 5 + rule.state_size(self.n)

    def text(self) -> str:
        emitter = self.emitter
        self._entry()
        emitter.label("body")
        emitter.line("%i = phi i64 [ 0, %entry ], [ %i_next, %latch ]")
        self._step()
        loss, gradient = self._evaluate_and_record()
        self._stop_tests(loss, gradient)
        self._exit()
        pointers = ", ".join(f"ptr noalias %{name}" for name in _POINTERS)
        head = f"define i64 @descend(i64 %count, i64 %rows, {pointers}) nounwind {{"
        kernel = "\n".join([head, *emitter.lines, "}"])
        functions = {"descend": kernel}
        for calls in filter(None, (self.calls, self.curvature)):
            functions |= calls.functions
            emitter.declarations |= calls.declarations
        return module_text(list(functions.values()), emitter.declarations)

    def _entry(self) -> None:
        emitter = self.emitter
        emitter.label("entry")
        self.out = emitter.assign(f"alloca [{self.n + 1} x double]")
        self.slots = [emitter.assign("alloca double") for _ in range(self.size)]
        for index, slot in enumerate(self.slots):
            emitter.store(emitter.load("%state", index), slot)
        self.hyper = {name: emitter.load("%hyper", index) for index, name in enumerate(self.rule.hyperparameters)}
        self.parameters = [emitter.load("%param", index) for index in range(len(self.program.parameters))]
        self.lasso = [emitter.load("%lasso", index) if self.program.lasso else constant(0.0) for index in range(self.n)]
        self.tolerance, self.patience, wanted, self.theta_bound, self.loss_bound = (
            emitter.load("%limits", index) for index in range(5)
        )
        self.sign_change = emitter.compare("une", wanted, constant(0.0))
        # 0 and below mean off for the tolerance, as an exact zero of the gradient would else always stop.
        self.aimed = emitter.compare("ogt", self.tolerance, constant(0.0))
        least = constant(math.sqrt(LEAST_SUM))
        self.looked_at = emitter.select(emitter.compare("ogt", self.tolerance, least), self.tolerance, least)
        emitter.line("%any = icmp sgt i64 %count, 0")
        emitter.line("br i1 %any, label %body, label %exhausted")

    def _slots(self, first: int) -> list[str]:
        """Return current values of the n slots from `first` on."""
        return [self.emitter.load(slot) for slot in self.slots[first:first + self.n]]

    def _step(self) -> None:
        """One update: from theta and its gradient to the next theta and state."""
        emitter, n = self.emitter, self.n
        theta, gradient = self._slots(0), self._slots(n)
        step = emitter.binary("fadd", emitter.load(self.slots[2 * n + 2]), constant(1.0))
        emitter.store(step, self.slots[2 * n + 2])
        if self.batched:
            loss, *gradient = self.calls.batch(emitter, self.out, theta, self.parameters)
            emitter.store(loss, "%batch_loss_out", "%i")
        if self.rule.needs_lasso:
            gradient = smooth_gradient(emitter, theta, gradient, self.lasso)
        inputs: dict[str, list[str]] = {
            "g": gradient, "theta": theta, "t": [step], "loss": [emitter.load(self.slots[2 * n])],
            "loss_is_new": [constant(1.0)], "lasso": self.lasso,
        }
        if self.batched and LOSS_IS_NEW in self.rule.inputs:
            flag = emitter.load("%evaluated", "%i", "i8")
            inputs["loss_is_new"] = [emitter.assign(f"uitofp i8 {flag} to double")]
        if self.rule.needs_noise:
            row = emitter.element("%normal", emitter.assign(f"mul i64 %i, {n}"))
            inputs["normal"] = [emitter.load(row, index) for index in range(n)]
        inputs |= {name: [value] for name, value in self.hyper.items()}
        place = 2 * n + 5
        for name in self.rule.vector_state:
            inputs[name] = self._slots(place)
            place += n
        for name in self.rule.scalar_state:
            inputs[name] = [emitter.load(self.slots[place])]
            place += 1
        self.power_slots = self.slots[place:]
        values = self._rule_nodes(inputs)
        targets = [self.slots[:n]]
        place = 2 * n + 5
        for _ in self.rule.vector_state:
            targets.append(self.slots[place:place + n])
            place += n
        for _ in self.rule.scalar_state:
            targets.append(self.slots[place:place + 1])
            place += 1
        rate = self.rule.program.rate
        if rate is not None:
            emitter.store(values[rate][0], "%rate_out", "%i")
        for node, slots in zip(self.rule.outputs, targets, strict=rate is None):
            results = values[node] if len(values[node]) == len(slots) else values[node] * len(slots)
            for value, slot in zip(results, slots, strict=True):
                emitter.store(value, slot)

    def _rule_nodes(self, inputs: dict[str, list[str]]) -> dict[int, list[str]]:
        """Emit the update rule: for each node its value for each parameter, or one value for all."""
        graph = self.rule.program.graph
        powers = {power.node: index for index, power in enumerate(self.rule.powers)}
        values: dict[int, list[str]] = {}
        for node in self.rule.order:
            operation = graph.operation(node)
            if operation == "constant":
                values[node] = [constant(graph.value(node))]
            elif operation == "input":
                values[node] = inputs[graph.name(node)]
            elif node in powers:
                values[node] = [self._running_power(powers[node], values)]
            else:
                values[node] = self._rule_operation(node, [values[below] for below in graph.operands(node)])
        return values

    def _running_power(self, index: int, values: dict[int, list[str]]) -> str:
        slot = self.power_slots[index]
        (base,) = values[self.rule.powers[index].base]
        emitter = self.emitter
        product = emitter.binary("fmul", emitter.load(slot), base)
        gone = emitter.compare("olt", emitter.call("llvm.fabs.f64", product), constant(SMALLEST_POWER))
        power = emitter.select(gone, constant(0.0), product)
        emitter.store(power, slot)
        return power

    def _rule_operation(self, node: int, operands: list[list[str]]) -> list[str]:
        emitter = self.emitter
        graph = self.rule.program.graph
        operation = graph.operation(node)
        spread = [values if len(values) == self.n else values * self.n for values in operands]
        if operation == "gradient":
            slopes = self._derivative(self.calls, spread[0])[1:]
            return smooth_gradient(emitter, spread[0], slopes, self.lasso) if self.rule.needs_lasso else slopes
        if operation == "hessian_diagonal" and self.curvature is not None:
            return self._derivative(self.curvature, spread[0])
        if operation == "sum":
            return [emitter.sum(spread[0])]
        if operation == "norm":
            return [emitter.norm(spread[0])]
        if operation == "dot":
            return [emitter.sum([emitter.binary("fmul", *pair) for pair in zip(*spread, strict=True)])]
        if operation == "mean":
            return [emitter.binary("fdiv", emitter.sum(spread[0]), constant(float(self.n)))]
        width = max(len(values) for values in operands)
        results = []
        for place in range(width):
            single = [values[place if len(values) > 1 else 0] for values in operands]
            if operation == "where":
                single[0] = condition(emitter, graph, graph.operands(node)[0], single[0])
            results.append(emitter.operation(operation, single))
        return results

    def _derivative(self, calls: ObjectiveCalls, point: list[str]) -> list[str]:
        """Call a derivative of the loss, over the batch where there is one."""
        if self.batched:
            return calls.batch(self.emitter, self.out, point, self.parameters)
        return calls.full(self.emitter, self.out, point, self.parameters)

    def _evaluate_and_record(self) -> tuple[str, list[str]]:
        """Record the new iterate; its norm by plain squares, which `_stop_tests` looks at again where they may err."""
        emitter, n = self.emitter, self.n
        theta = self._slots(0)
        first = emitter.assign(f"mul i64 %i, {n}")
        row = emitter.element("%theta_out", first)
        for index, value in enumerate(theta):
            emitter.store(value, row, index)
        if self.batched:
            self._pass_over(theta)
        previous = emitter.load(self.slots[n])
        loss, *gradient = self.calls.full(emitter, self.out, theta, self.parameters)
        emitter.store(loss, "%loss_out", "%i")
        for value, slot in zip((*gradient, loss), self.slots[n:2 * n + 1], strict=True):
            emitter.store(value, slot)
        self.slopes = (previous, gradient[0])
        self.theta = theta
        return loss, gradient if self.program.lasso is None else least_gradient(emitter, theta, gradient, self.lasso)

    def _pass_over(self, theta: list[str]) -> None:
        """Go on with the next iteration where all the data are not to be looked at and all parameters are in bounds."""
        emitter = self.emitter
        flag = emitter.load("%evaluated", emitter.assign("add i64 %i, 1"), "i8")
        wanted = emitter.assign(f"icmp ne i8 {flag}, 0")
        emitter.line(f"br i1 {wanted}, label %look_at_all, label %look_at_theta, !prof !1")
        emitter.label("look_at_theta")
        for value in theta:
            size = emitter.call("llvm.fabs.f64", value)
            self._branch_if(emitter.compare("ugt", size, self.theta_bound), "look_at_all")
        for column in ("%loss_out", "%norm_out"):
            emitter.store(constant(math.nan), column, "%i")
        since = self.slots[2 * self.n + 4]
        emitter.store(emitter.binary("fadd", emitter.load(since), constant(1.0)), since)
        emitter.line("br label %latch")
        emitter.label("look_at_all")

    def _record_norm(self, norm: str) -> None:
        self.emitter.store(norm, "%norm_out", "%i")
        self.emitter.store(norm, self.slots[2 * self.n + 1])

    def _turned(self, before: str, after: str) -> str:
        """Whether a derivative changed its sign; by comparisons, for the product of two tiny ones is zero."""
        emitter, zero = self.emitter, constant(0.0)
        ways = []
        for low, high in ((before, after), (after, before)):
            below, above = emitter.compare("olt", low, zero), emitter.compare("ogt", high, zero)
            ways.append(emitter.assign(f"and i1 {below}, {above}"))
        return emitter.assign(f"or i1 {ways[0]}, {ways[1]}")

    def _stop_tests(self, loss: str, gradient: list[str]) -> None:
        """Leave the loop with the cause that wins: diverged, converged, bracketed, stalled.

        Branches that are hardly ever taken ask for everything, so also whether the plain squares of the norm can be
        trusted; nothing waits for them, as it would for one condition made of all. Behind them stands what is exact.
        """
        emitter = self.emitter
        norm = emitter.square_root(emitter.sum_of_squares(gradient))
        self._record_norm(norm)
        waited = self._iterations_without_a_best(loss)
        for value, bound in ((loss, self.loss_bound), *((value, self.theta_bound) for value in self.theta)):
            self._branch_if(emitter.compare("ugt", emitter.call("llvm.fabs.f64", value), bound))
        self._branch_if(emitter.compare("uge", norm, constant(math.inf)))
        self._branch_if(emitter.compare("ole", norm, self.looked_at))
        self._branch_if(emitter.compare("oge", waited, self.patience))
        emitter.line(f"br i1 {self.sign_change}, label %look, label %latch, !prof !1")
        emitter.label("look")
        self._look(loss, gradient, emitter.compare("oge", waited, self.patience))

    def _branch_if(self, condition: str, block: str = "look") -> None:
        """Go to `block`, which looks closely, where the i1 `condition` holds; it hardly ever does."""
        following = f"on{self.emitter.name()[1:]}"
        self.emitter.line(f"br i1 {condition}, label %{block}, label %{following}, !prof !1")
        self.emitter.label(following)

    def _look(self, loss: str, gradient: list[str], idle: str) -> None:
        """Find the cause that wins, exactly, or go on."""
        emitter = self.emitter
        norm = emitter.norm(gradient)
        self._record_norm(norm)
        sound = emitter.compare("olt", norm, constant(math.inf))
        for value, bound in ((loss, self.loss_bound), *((value, self.theta_bound) for value in self.theta)):
            within = emitter.compare("ole", emitter.call("llvm.fabs.f64", value), bound)
            sound = emitter.assign(f"and i1 {sound}, {within}")
        turned = emitter.assign(f"and i1 {self._turned(*self.slopes)}, {self.sign_change}")
        converged = emitter.assign(f"and i1 {self.aimed}, {emitter.compare('ole', norm, self.tolerance)}")
        cause = emitter.assign(f"select i1 {idle}, i64 4, i64 0")
        cause = emitter.assign(f"select i1 {turned}, i64 3, i64 {cause}")
        cause = emitter.assign(f"select i1 {converged}, i64 2, i64 {cause}")
        cause = emitter.assign(f"select i1 {sound}, i64 {cause}, i64 1")
        emitter.line(f"br i1 {emitter.assign(f'icmp ne i64 {cause}, 0')}, label %stopped, label %latch")
        emitter.label("stopped")
        emitter.store(cause, "%outcome", kind="i64")
        emitter.line("%i_last = add i64 %i, 1")
        emitter.line("br label %finish")

    def _iterations_without_a_best(self, loss: str) -> str:
        """Take over a loss that is the best so far; return for how many iterations there was none."""
        emitter = self.emitter
        best, since = self.slots[2 * self.n + 3:2 * self.n + 5]
        old_best = emitter.load(best)
        better = emitter.compare("olt", loss, old_best)
        emitter.store(emitter.select(better, loss, old_best), best)
        longer = emitter.binary("fadd", emitter.load(since), constant(1.0))
        waited = emitter.select(better, constant(0.0), longer)
        emitter.store(waited, since)
        return waited

    def _exit(self) -> None:
        emitter = self.emitter
        emitter.label("latch")
        emitter.line("%i_next = add nuw nsw i64 %i, 1")
        emitter.line("%more = icmp slt i64 %i_next, %count")
        emitter.line("br i1 %more, label %body, label %exhausted")
        emitter.label("exhausted")
        emitter.store("0", "%outcome", kind="i64")
        emitter.line("br label %finish")
        emitter.label("finish")
        emitter.line("%made = phi i64 [ %count, %exhausted ], [ %i_last, %stopped ]")
        for index, slot in enumerate(self.slots):
            emitter.store(emitter.load(slot), "%state", index)
        emitter.line("ret i64 %made")


class MachineDescend:
    """The compiled kernel, called with arrays; see `kernels.DescendKernel`."""

    def __init__(self, program: ObjectiveProgram, rule: UpdateRule, batched: bool) -> None:
        ir = _DescendWriter(program, rule, batched).text()
        arguments = [ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * len(_POINTERS)]
        self._compiled = compile_ir(ir, "descend", ctypes.c_int64, arguments)

    def __call__(
        self, count: int, state: NDArray[np.float64], hyperparameters: NDArray[np.float64], objective: Objective,
        limits: Limits, rows: Rows, batches: Batches | None, normal: NDArray[np.float64] | None = None,
    ) -> tuple[int, int]:
        """Advance `state` in place by up to `count` iterations; return those made and the cause."""
        outcome = np.zeros(1, dtype=np.int64)
        arrays = [
            state, hyperparameters, objective.parameter_values, limits.array(),
            rows.theta, rows.loss, rows.gradient_norm, outcome, objective.data,
            *((None,) * 5 if batches is None else (
                batches.indices, batches.offsets, batches.groups, batches.evaluated, batches.loss
            )),
            normal, objective.lasso, rows.own[0] if rows.own else None,
        ]
        addresses = [0 if array is None else array.ctypes.data for array in arrays]
        made = self._compiled.call(count, objective.samples or 0, *addresses)
        return int(made), int(outcome[0])
