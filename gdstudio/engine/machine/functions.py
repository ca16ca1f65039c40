"""The loss and its gradient as an internal function that every kernel calls (and LLVM inlines)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.machine.emitter import Emitter, constant, emit_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.objective import ObjectiveProgram


# What a branch says with ``!prof !0``: it goes to its first label but for the rarest exception; ``!1``: to its second.
_UNLIKELY = '!0 = !{!"branch_weights", i32 1000000, i32 1}\n!1 = !{!"branch_weights", i32 1, i32 1000000}'


def point_function(program: ObjectiveProgram, name: str, outputs: Sequence[int]) -> tuple[str, set[str]]:
    """IR of ``void name(theta..., parameters..., columns..., ptr out)`` for one sample or none.

    It stores the values of the nodes `outputs` at ``out[0]``, ``out[1]``...

    Returns
    -------
    tuple
        The function's text and the declarations that it needs.
    """
    emitter = Emitter()
    names = (*program.variables, *program.parameters, *program.columns)
    inputs = {given: f"%a{index}" for index, given in enumerate(names)}
    for index, value in enumerate(emit_nodes(emitter, program.formula.graph, outputs, inputs)):
        emitter.store(value, "%out", index)
    emitter.line("ret void")
    arguments = "".join(f"double {inputs[given]}, " for given in names)
    head = f"define internal void @{name}({arguments}ptr noalias %out) alwaysinline nounwind {{"
    return "\n".join([head, "entry:", *emitter.lines, "}"]), emitter.declarations


def mean_function(program: ObjectiveProgram, name: str, point: str, *, outputs: int, indexed: bool) -> str:
    """IR of ``void name(theta..., parameters..., ptr columns, i64 rows, ptr indices, i64 begin, i64 end, ptr out)``.

    The mean of `outputs` results of the function `point` over the samples ``indices[begin:end]``, or
    ``begin:end`` themselves where not `indexed`, added from first to last.
    """
    emitter = Emitter()
    names = (*program.variables, *program.parameters)
    given = [f"%a{index}" for index in range(len(names))]
    sums = [emitter.assign("alloca double") for _ in range(outputs)]
    for pointer in sums:
        emitter.store(constant(0.0), pointer)
    sample = emitter.assign(f"alloca [{outputs} x double]")
    emitter.line("br label %head")
    emitter.label("head")
    emitter.line("%k = phi i64 [ %begin, %entry ], [ %next, %body ]")
    emitter.line("%more = icmp slt i64 %k, %end")
    emitter.line("br i1 %more, label %body, label %done")
    emitter.label("body")
    row = emitter.load("%indices", "%k", "i64") if indexed else "%k"
    columns = []
    for index in range(len(program.columns)):
        first = emitter.assign(f"mul i64 %rows, {index}")
        columns.append(emitter.load("%columns", emitter.assign(f"add i64 {first}, {row}")))
    arguments = "".join(f"double {value}, " for value in (*given, *columns))
    emitter.line(f"call void @{point}({arguments}ptr {sample})")
    for index, pointer in enumerate(sums):
        emitter.store(emitter.binary("fadd", emitter.load(pointer), emitter.load(sample, index)), pointer)
    emitter.line("%next = add i64 %k, 1")
    emitter.line("br label %head")
    emitter.label("done")
    emitter.line("%span = sub i64 %end, %begin")
    emitter.line("%count = sitofp i64 %span to double")
    for index, pointer in enumerate(sums):
        emitter.store(emitter.binary("fdiv", emitter.load(pointer), "%count"), "%out", index)
    emitter.line("ret void")
    listed = "".join(f"double {value}, " for value in given)
    head = (
        f"define internal void @{name}({listed}ptr %columns, i64 %rows, ptr %indices, i64 %begin, i64 %end, "
        "ptr noalias %out) alwaysinline nounwind {"
    )
    return "\n".join([head, "entry:", *emitter.lines, "}"])


class ObjectiveCalls:
    """Emits calls of an objective inside a kernel, with or without data behind it.

    A kernel that reads data has the arguments ``%columns`` and ``%rows``, and ``%indices`` where it takes
    batches of samples.

    Parameters
    ----------
    program : ObjectiveProgram
        The loss.
    outputs : sequence of int, optional
        The nodes that a call returns; the loss and its partial derivatives where not given.
    batched : bool
        Whether means over batches are called for.
    name : str
        What the functions' names begin with; one kernel may have several.
    """

    def __init__(
        self, program: ObjectiveProgram, outputs: Sequence[int] | None = None, *, batched: bool = False,
        name: str = "loss",
    ) -> None:
        outputs = program.outputs if outputs is None else outputs
        self.program = program
        self.outputs = len(outputs)
        self.name = name
        point, self.declarations = point_function(program, f"{name}_point", outputs)
        self.functions = [point]
        if program.columns:
            for suffix, indexed in (("mean", False), ("batch_mean", True))[:1 + batched]:
                self.functions.append(
                    mean_function(
                        program, f"{name}_{suffix}", f"{name}_point", outputs=self.outputs, indexed=indexed
                    )
                )

    def full(self, emitter: Emitter, out: str, theta: Sequence[str], parameters: Sequence[str]) -> list[str]:
        """Call the objective over all the data; return its outputs."""
        given = "".join(f"double {value}, " for value in (*theta, *parameters))
        if self.program.columns:
            span = "ptr null, i64 0, i64 %rows"
            emitter.line(f"call void @{self.name}_mean({given}ptr %columns, i64 %rows, {span}, ptr {out})")
        else:
            emitter.line(f"call void @{self.name}_point({given}ptr {out})")
        return [emitter.load(out, index) for index in range(self.outputs)]

    def batch(
        self, emitter: Emitter, out: str, theta: Sequence[str], parameters: Sequence[str], span: tuple[str, str]
    ) -> list[str]:
        """Call the objective over the samples ``%indices[begin:end]``."""
        given = "".join(f"double {value}, " for value in (*theta, *parameters))
        emitter.line(
            f"call void @{self.name}_batch_mean({given}ptr %columns, i64 %rows, ptr %indices, "
            f"i64 {span[0]}, i64 {span[1]}, ptr {out})"
        )
        return [emitter.load(out, index) for index in range(self.outputs)]


def module_text(functions: Sequence[str], declarations: set[str]) -> str:
    """Return a module of `functions` and the functions that they call outside it."""
    return "\n".join([*sorted(declarations), *functions, _UNLIKELY]) + "\n"
