"""The loss and its gradient as an internal function that every kernel calls (and LLVM inlines)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.machine.emitter import Emitter, constant, emit_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.objective import ObjectiveProgram


# What a branch says with ``!prof !0``: it goes to its first label but for the rarest exception; ``!1``: to its second.
_UNLIKELY = '!0 = !{!"branch_weights", i32 1000000, i32 1}\n!1 = !{!"branch_weights", i32 1, i32 1000000}'


def point_function(program: ObjectiveProgram, name: str, *, with_gradient: bool) -> tuple[str, set[str]]:
    """IR of ``void name(theta..., parameters..., columns..., ptr out)`` for one sample or none.

    It stores the loss at ``out[0]`` and, `with_gradient`, the partial derivatives after it.

    Returns
    -------
    tuple
        The function's text and the declarations that it needs.
    """
    emitter = Emitter()
    names = (*program.variables, *program.parameters, *program.columns)
    inputs = {given: f"%a{index}" for index, given in enumerate(names)}
    outputs = program.outputs if with_gradient else program.outputs[:1]
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
    """

    def __init__(self, program: ObjectiveProgram, *, with_gradient: bool = True, batched: bool = False) -> None:
        self.program = program
        self.outputs = 1 + len(program.variables) if with_gradient else 1
        point, self.declarations = point_function(program, "point", with_gradient=with_gradient)
        self.functions = [point]
        if program.columns:
            self.functions.append(mean_function(program, "mean", "point", outputs=self.outputs, indexed=False))
            if batched:
                self.functions.append(
                    mean_function(program, "batch_mean", "point", outputs=self.outputs, indexed=True)
                )

    def full(self, emitter: Emitter, out: str, theta: Sequence[str], parameters: Sequence[str]) -> list[str]:
        """Call the objective over all the data; return loss and partial derivatives."""
        given = "".join(f"double {value}, " for value in (*theta, *parameters))
        if self.program.columns:
            emitter.line(f"call void @mean({given}ptr %columns, i64 %rows, ptr null, i64 0, i64 %rows, ptr {out})")
        else:
            emitter.line(f"call void @point({given}ptr {out})")
        return [emitter.load(out, index) for index in range(self.outputs)]

    def batch(
        self, emitter: Emitter, out: str, theta: Sequence[str], parameters: Sequence[str], span: tuple[str, str]
    ) -> list[str]:
        """Call the objective over the samples ``%indices[begin:end]``."""
        given = "".join(f"double {value}, " for value in (*theta, *parameters))
        emitter.line(
            f"call void @batch_mean({given}ptr %columns, i64 %rows, ptr %indices, "
            f"i64 {span[0]}, i64 {span[1]}, ptr {out})"
        )
        return [emitter.load(out, index) for index in range(self.outputs)]


def module_text(functions: Sequence[str], declarations: set[str]) -> str:
    """Return a module of `functions` and the functions that they call outside it."""
    return "\n".join([*sorted(declarations), *functions, _UNLIKELY]) + "\n"
