"""The loss and its gradient as internal functions that every kernel calls; LLVM inlines those without data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.machine.emitter import Emitter, emit_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.objective import ObjectiveProgram


# What a branch says with ``!prof !0``: it goes to its first label but for the rarest exception; ``!1``: to its second.
_UNLIKELY = '!0 = !{!"branch_weights", i32 1000000, i32 1}\n!1 = !{!"branch_weights", i32 1, i32 1000000}'


def point_function(program: ObjectiveProgram, name: str, outputs: Sequence[int]) -> tuple[str, set[str]]:
    """IR of ``void name(theta..., parameters..., ptr out)`` for a loss without data.

    It stores the values of the nodes `outputs` at ``out[0]``, ``out[1]``...

    Returns
    -------
    tuple
        The function's text and the declarations that it needs.
    """
    emitter = Emitter()
    names = (*program.variables, *program.parameters)
    inputs = {given: f"%a{index}" for index, given in enumerate(names)}
    for index, value in enumerate(emit_nodes(emitter, program.formula.graph, outputs, inputs)):
        emitter.store(value, "%out", index)
    emitter.line("ret void")
    arguments = "".join(f"double {inputs[given]}, " for given in names)
    head = f"define internal void @{name}({arguments}ptr noalias %out) alwaysinline nounwind {{"
    return "\n".join([head, "entry:", *emitter.lines, "}"]), emitter.declarations


class ObjectiveCalls:
    """Emits calls of an objective inside a kernel, with or without data behind it.

    A kernel that reads data has the arguments ``%columns`` and ``%rows``, and ``%indices``, ``%offsets`` and
    ``%groups`` where it takes batches of samples.

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
        self.program = program
        self.outputs = program.outputs if outputs is None else outputs
        self.name = name
        self.functions: dict[str, str] = {}
        self.declarations: set[str] = set()
        if not program.columns:
            point, self.declarations = point_function(program, f"{name}_point", self.outputs)
            self.functions[f"{name}_point"] = point
            return
        # loaded where it is wanted: most losses have no data
        from gdstudio.engine.machine.means import MeanFunction, group_function

        for suffix, indexed in (("mean", False), ("batch_mean", True))[:1 + batched]:
            mean = MeanFunction(program, f"{name}_{suffix}", self.outputs, indexed=indexed)
            functions, declarations = mean.text()
            self.functions |= functions
            self.declarations |= declarations
        if batched:
            group = group_function(program, f"{name}_group", f"{name}_batch_mean", len(self.outputs))
            self.functions[f"{name}_group"] = group

    def full(self, emitter: Emitter, out: str, theta: Sequence[str], parameters: Sequence[str]) -> list[str]:
        """Call the objective over all the data; return its outputs."""
        given = "".join(f"double {value}, " for value in (*theta, *parameters))
        if self.program.columns:
            span = "ptr null, i64 0, i64 %rows"
            emitter.line(f"call void @{self.name}_mean({given}ptr %columns, i64 %rows, {span}, ptr {out})")
        else:
            emitter.line(f"call void @{self.name}_point({given}ptr {out})")
        return [emitter.load(out, index) for index in range(len(self.outputs))]

    def batch(self, emitter: Emitter, out: str, theta: Sequence[str], parameters: Sequence[str]) -> list[str]:
        """Call the objective over the batches of iteration ``%i``.

        A single sample is evaluated on the spot: its means are its values, to the bit.
        """
        first = emitter.load("%groups", "%i", "i64")
        last = emitter.load("%groups", emitter.assign("add i64 %i, 1"), "i64")
        begin = emitter.load("%offsets", first, "i64")
        end = emitter.load("%offsets", emitter.assign(f"add i64 {first}, 1"), "i64")
        alone = emitter.assign(f"icmp eq i64 {emitter.assign(f'sub i64 {last}, {first}')}, 1")
        small = emitter.assign(f"icmp eq i64 {emitter.assign(f'sub i64 {end}, {begin}')}, 1")
        single, several, done = (f"{kind}{first[1:]}" for kind in ("single_", "several_", "averaged_"))
        condition = emitter.assign(f"and i1 {alone}, {small}")
        emitter.line(f"br i1 {condition}, label %{single}, label %{several}, !prof !0")
        emitter.label(several)
        given = "".join(f"double {value}, " for value in (*theta, *parameters))
        emitter.line(
            f"call void @{self.name}_group({given}ptr %columns, i64 %rows, ptr %indices, ptr %offsets, "
            f"i64 {first}, i64 {last}, ptr {out})"
        )
        means = [emitter.load(out, index) for index in range(len(self.outputs))]
        emitter.line(f"br label %{done}")
        emitter.label(single)
        values = self._sample(emitter, emitter.load("%indices", begin, "i64"), (*theta, *parameters))
        emitter.line(f"br label %{done}_at_once")
        emitter.label(f"{done}_at_once")
        emitter.line(f"br label %{done}")
        emitter.label(done)
        return [
            emitter.assign(f"phi double [ {mean}, %{several} ], [ {value}, %{done}_at_once ]")
            for mean, value in zip(means, values, strict=True)
        ]

    def _sample(self, emitter: Emitter, row: str, numbers: Sequence[str]) -> list[str]:
        """Emit the objective for one sample."""
        program = self.program
        inputs = dict(zip((*program.variables, *program.parameters), numbers, strict=True))
        for index, name in enumerate(program.columns):
            first = emitter.assign(f"mul i64 %rows, {index}")
            inputs[name] = emitter.load("%columns", emitter.assign(f"add i64 {first}, {row}"))
        return emit_nodes(emitter, program.formula.graph, self.outputs, inputs)


def module_text(functions: Sequence[str], declarations: set[str]) -> str:
    """Return a module of `functions` and the functions that they call outside it."""
    return "\n".join([*sorted(declarations), *functions, _UNLIKELY]) + "\n"
