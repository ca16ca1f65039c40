"""Means over samples as functions of their own: eight samples in the lanes of a vector, a partial sum in each lane.

Called, not inlined: a kernel may need several, and what a call costs is little beside a loop over samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.machine.emitter import Emitter, constant
from gdstudio.engine.machine.lanes import LaneEmitter, ScalarEmitter
from gdstudio.engine.machine.rule_lanes import NodeLanes, Spread, uniform_nodes
from gdstudio.engine.objective import PARTIAL_SUMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.objective import ObjectiveProgram

_DATA = "ptr %columns, i64 %rows, ptr %indices"
# Nothing changes when it is added, not even the sign of a zero.
_NEUTRAL = -0.0


def numbers_of(program: ObjectiveProgram) -> list[str]:
    """Return the names that a mean's arguments have inside it: variables, then parameters."""
    return [f"%a{index}" for index in range(len(program.variables) + len(program.parameters))]


class MeanFunction:
    """IR of ``void name(theta..., parameters..., ptr columns, i64 rows, ptr indices, i64 begin, i64 end, ptr out)``.

    The means of the nodes `outputs` over the samples ``indices[begin:end]``, or ``begin:end`` themselves where not
    `indexed`, added in the order of `objective.PARTIAL_SUMS`. What is the same for all samples is computed once.

    Parameters
    ----------
    program : ObjectiveProgram
        The loss.
    name : str
        Of the function.
    outputs : sequence of int
        Nodes.
    indexed : bool
        Whether samples are picked by `indices`.
    """

    def __init__(self, program: ObjectiveProgram, name: str, outputs: Sequence[int], *, indexed: bool) -> None:
        self._program = program
        self._name = name
        self._outputs = outputs
        self._indexed = indexed
        self._outer = ScalarEmitter("e")
        self._inner = LaneEmitter(PARTIAL_SUMS)

    def text(self) -> tuple[dict[str, str], set[str]]:
        """Return the function and those that it calls, by name, and the declarations that they need."""
        inner, outer, outputs = self._inner, self._outer, range(len(self._outputs))
        places = [
            outer.assign(f"getelementptr inbounds double, ptr %columns, i64 {outer.assign(f'mul i64 %rows, {index}')}")
            for index in range(len(self._program.columns))
        ]
        columns = self._gathered(places) if self._indexed else self._loaded(places)
        values = self._nodes(columns)
        summed = [inner.binary("fadd", f"%sum{index}", value) for index, value in enumerate(values)]
        kept = [inner.select("%taken", total, f"%sum{index}") for index, total in enumerate(summed)]
        neutral = inner.number(_NEUTRAL)
        arguments = "".join(f"double {number}, " for number in numbers_of(self._program))
        whole = [
            f"define internal void @{self._name}({arguments}{_DATA}, i64 %begin, i64 %end, ptr noalias %out) "
            "noinline nounwind {",
            "entry:", *outer.lines, "  %last = sub i64 %end, 1", "  br label %before",
            "before:", "  br label %head",
            "head:", "  %k = phi i64 [ %begin, %before ], [ %next, %latch ]",
            *(f"  %sum{index} = phi {inner.kind} [ {neutral}, %before ], [ {kept[index]}, %latch ]"
              for index in outputs),
            "  %left = sub i64 %end, %k", "  %more = icmp sgt i64 %left, 0", "  br i1 %more, label %body, label %done",
            "body:", *inner.lines, "  br label %latch",
            "latch:", f"  %next = add i64 %k, {PARTIAL_SUMS}", "  br label %head",
            "done:", *self._ending(), "}",
        ]
        return {**inner.functions, self._name: "\n".join(whole)}, outer.declarations | inner.declarations

    def _lanes_taken(self) -> None:
        """Emit ``%taken``: which lanes of this block have a sample."""
        inner = self._inner
        steps = ", ".join(f"i64 {lane}" for lane in range(inner.width))
        first = inner.assign(f"insertelement {inner.integers} poison, i64 %left, i64 0")
        zeros = f"<{inner.width} x i32> zeroinitializer"
        left = inner.assign(f"shufflevector {inner.integers} {first}, {inner.integers} poison, {zeros}")
        inner.line(f"%taken = icmp slt {inner.integers} <{steps}>, {left}")

    def _loaded(self, places: Sequence[str]) -> list[str]:
        """Emit the columns of a block of samples that follow one another; the last block may be short."""
        inner = self._inner
        inner.line(f"%whole = icmp sge i64 %left, {inner.width}")
        inner.line("br i1 %whole, label %plain, label %short")
        inner.label("plain")
        plain = [inner.load_lanes(inner.element(place, "%k")) for place in places]
        inner.line("br label %loaded")
        inner.label("short")
        short = self._gathered(places, known=False)
        inner.line("br label %loaded")
        inner.label("loaded")
        both = zip(plain, short, strict=True)
        columns = [inner.assign(f"phi {inner.kind} [ {one}, %plain ], [ {other}, %short ]") for one, other in both]
        self._lanes_taken()
        return columns

    def _gathered(self, places: Sequence[str], *, known: bool = True) -> list[str]:
        """Emit the columns of samples one by one; lanes without one repeat the last, for its values are harmless."""
        inner = self._inner
        columns = ["poison"] * len(places)
        for lane in range(inner.width):
            place = inner.assign(f"add i64 %k, {lane}")
            place = inner.assign(f"call i64 @llvm.smin.i64(i64 {place}, i64 %last)")
            row = inner.load("%indices", place, "i64") if self._indexed else place
            for index, column in enumerate(places):
                value = inner.load(column, row)
                columns[index] = inner.assign(
                    f"insertelement {inner.kind} {columns[index]}, double {value}, i64 {lane}"
                )
        inner.declarations.add("declare i64 @llvm.smin.i64(i64, i64)")
        if known:
            self._lanes_taken()
        return columns

    def _nodes(self, columns: Sequence[str]) -> list[str]:
        """Emit the graph: by single numbers what no column enters, by vectors the rest."""
        program, inner = self._program, self._inner
        graph = program.formula.graph
        given = dict(zip((*program.variables, *program.parameters), numbers_of(program), strict=True))
        data = dict(zip(program.columns, columns, strict=True))
        needed = graph.reachable(self._outputs)
        nodes = NodeLanes(graph, self._outer, inner, Spread(self._outer, inner))
        uniform = uniform_nodes(graph, needed, data.keys())
        values: dict[int, str] = {}
        for node in needed:
            if node in uniform:
                nodes.emit_uniform(node, given)
            elif graph.operation(node) == "input":
                values[node] = data[graph.name(node)]
            else:
                values[node] = nodes.apply(node, [values.get(below) for below in graph.operands(node)])
        return [values[node] if node in values else nodes.lanes(node) for node in self._outputs]

    def _ending(self) -> list[str]:
        """Return the lines that combine the partial sums and store the means."""
        emitter = ScalarEmitter("z")
        count = emitter.assign(f"sitofp i64 {emitter.assign('sub i64 %end, %begin')} to double")
        for index in range(len(self._outputs)):
            total, width = f"%sum{index}", PARTIAL_SUMS
            while width > 1:
                kind, width = f"<{width} x double>", width // 2
                lower, upper = (
                    ", ".join(f"i32 {lane}" for lane in range(first, first + width)) for first in (0, width)
                )
                parts = [
                    emitter.assign(f"shufflevector {kind} {total}, {kind} poison, <{width} x i32> <{lanes}>")
                    for lanes in (lower, upper)
                ]
                total = emitter.assign(f"fadd <{width} x double> {parts[0]}, {parts[1]}")
            single = emitter.assign(f"extractelement <1 x double> {total}, i64 0")
            emitter.store(emitter.binary("fdiv", single, count), "%out", index)
        emitter.line("ret void")
        return emitter.lines


def group_function(program: ObjectiveProgram, name: str, mean: str, outputs: int) -> str:
    """IR of the same with the arguments ``..., ptr offsets, i64 first, i64 last, ptr out`` in the end.

    The mean of what the function `mean` gives for the batches ``offsets[first:last + 1]``, added from first to last.
    """
    emitter = Emitter()
    arguments = "".join(f"double {number}, " for number in numbers_of(program))
    emitter.label("entry")
    part = emitter.assign(f"alloca [{outputs} x double]")
    for index in range(outputs):
        emitter.store(constant(_NEUTRAL), "%out", index)
    emitter.line("br label %head")
    emitter.label("head")
    emitter.line("%j = phi i64 [ %first, %entry ], [ %next, %body ]")
    emitter.line("%more = icmp slt i64 %j, %last")
    emitter.line("br i1 %more, label %body, label %done")
    emitter.label("body")
    emitter.line("%next = add i64 %j, 1")
    begin, end = emitter.load("%offsets", "%j", "i64"), emitter.load("%offsets", "%next", "i64")
    emitter.line(f"call void @{mean}({arguments}{_DATA}, i64 {begin}, i64 {end}, ptr {part})")
    for index in range(outputs):
        emitter.store(emitter.binary("fadd", emitter.load("%out", index), emitter.load(part, index)), "%out", index)
    emitter.line("br label %head")
    emitter.label("done")
    count = emitter.assign(f"sitofp i64 {emitter.assign('sub i64 %last, %first')} to double")
    for index in range(outputs):
        emitter.store(emitter.binary("fdiv", emitter.load("%out", index), count), "%out", index)
    emitter.line("ret void")
    head = (
        f"define internal void @{name}({arguments}{_DATA}, ptr %offsets, i64 %first, i64 %last, ptr noalias %out) "
        "noinline nounwind {"
    )
    return "\n".join([head, *emitter.lines, "}"])
