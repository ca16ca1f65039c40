"""The loss and its derivatives at a point of lanes: as many starts at once as a vector has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.machine.rule_lanes import NodeLanes, Spread, rooted_nodes, uniform_nodes
from gdstudio.engine.objective import PARTIAL_SUMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdstudio.engine.machine.emitter import Emitter
    from gdstudio.engine.machine.lanes import LaneEmitter
    from gdstudio.engine.objective import ObjectiveProgram


class ObjectiveLanes:
    """Emits an objective; see `rule_lanes.PointLanes`.

    A kernel of data has the arguments ``%columns`` and ``%rows``.

    Parameters
    ----------
    program : ObjectiveProgram
        The loss.
    outer : Emitter
        Writes what is the same at every point, at the beginning of the function.
    inner : LaneEmitter
        Writes the rest.
    parameters : sequence of str
        Values of the problem's own numbers.
    """

    def __init__(
        self, program: ObjectiveProgram, outer: Emitter, inner: LaneEmitter, parameters: Sequence[str]
    ) -> None:
        self.program = program
        self._outer = outer
        self._inner = inner
        self._parameters = dict(zip(program.parameters, parameters, strict=True))
        self._spread = Spread(outer, inner)

    def gradient(self, point: Sequence[str]) -> list[str]:
        """Return the partial derivatives at `point`, vectors of each variable."""
        return self.at(point, self.program.gradient)

    def hessian_diagonal(self, point: Sequence[str]) -> list[str]:
        """Return the second derivatives by each variable at `point`."""
        return self.at(point, self.program.curvature)

    def at(self, point: Sequence[str], outputs: Sequence[int]) -> list[str]:
        """Return the vectors of the nodes `outputs` at `point`: of the formula, or their means over the data."""
        given = dict(zip(self.program.variables, point, strict=True))
        return self._means(given, outputs) if self.program.columns else self._nodes(given, outputs)

    def _nodes(self, given: Mapping[str, str], outputs: Sequence[int]) -> list[str]:
        graph = self.program.formula.graph
        needed = graph.reachable(outputs)
        nodes = NodeLanes(graph, self._outer, self._inner, self._spread, rooted_nodes(graph, needed, outputs))
        uniform = uniform_nodes(graph, needed, given.keys())
        values: dict[int, str] = {}
        for node in needed:
            if node in uniform:
                nodes.emit_uniform(node, self._parameters)
            elif graph.operation(node) == "input":
                values[node] = given[graph.name(node)]
            else:
                values[node] = nodes.apply(node, [values.get(below) for below in graph.operands(node)])
        return [values[node] if node in values else nodes.lanes(node) for node in outputs]

    def _means(self, given: Mapping[str, str], outputs: Sequence[int]) -> list[str]:
        """Emit the loop over all samples, added in the order of `PARTIAL_SUMS`."""
        inner = self._inner
        head, body, done = (inner.fresh_label(name) for name in ("sample", "add", "mean"))
        sums = [self._outer.assign(f"alloca [{PARTIAL_SUMS} x {inner.kind}], align 64") for _ in outputs]
        counter = self._outer.assign("alloca i64")
        for pointer in sums:
            for part in range(PARTIAL_SUMS):
                inner.store_lanes(inner.number(-0.0), inner.element(pointer, part, inner.kind))
        inner.line(f"store i64 0, ptr {counter}")
        inner.line(f"br label %{head}")
        inner.label(head)
        sample = inner.assign(f"load i64, ptr {counter}")
        more = inner.assign(f"icmp slt i64 {sample}, %rows")
        inner.line(f"br i1 {more}, label %{body}, label %{done}")
        inner.label(body)
        columns = {}
        for index, name in enumerate(self.program.columns):
            first = inner.assign(f"mul i64 %rows, {index}")
            value = inner.load("%columns", inner.assign(f"add i64 {first}, {sample}"))
            single = inner.assign(f"insertelement {inner.kind} poison, double {value}, i64 0")
            zeros = f"<{inner.width} x i32> zeroinitializer"
            columns[name] = inner.assign(f"shufflevector {inner.kind} {single}, {inner.kind} poison, {zeros}")
        turn = inner.assign(f"and i64 {sample}, {PARTIAL_SUMS - 1}")
        with inner.plainly():
            values = self._nodes({**given, **columns}, outputs)
        for value, pointer in zip(values, sums, strict=True):
            place = inner.element(pointer, turn, inner.kind)
            inner.store_lanes(inner.binary("fadd", inner.load_lanes(place), value), place)
        inner.line(f"store i64 {inner.assign(f'add i64 {sample}, 1')}, ptr {counter}")
        inner.line(f"br label %{head}")
        inner.label(done)
        count = self._spread(self._outer.assign("sitofp i64 %rows to double"))
        return [inner.binary("fdiv", self._total(pointer), count) for pointer in sums]

    def _total(self, sums: str) -> str:
        """Emit the sum of the partial sums at `sums`, halves upon halves."""
        inner = self._inner
        parts = [inner.load_lanes(inner.element(sums, part, inner.kind)) for part in range(PARTIAL_SUMS)]
        while len(parts) > 1:
            half = len(parts) // 2
            parts = [inner.binary("fadd", *pair) for pair in zip(parts[:half], parts[half:], strict=True)]
        return parts[0]
