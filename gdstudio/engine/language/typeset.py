r"""The LaTeX of formulas, gradients and optimizers, as a textbook prints them.

The graph stores what is computed: ``x*x``, constants in the order in which they were met. What is printed
gathers that again: x^{2}, one number in front, fractions in place of divisions, and no bracket that is not
needed. Nothing here changes the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.language.derivative import gradient
from gdstudio.engine.language.notation import latex_of_name
from gdstudio.engine.language.program import REASSIGNABLE
from gdstudio.engine.language.writer import TooLongError, Writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.language.formula import Formula
    from gdstudio.engine.language.program import Program

_LONGEST = 600
_MOST_COMPONENTS = 6
_ELLIPSIS = r"\ldots"


def latex_of_gradient(formula: Formula) -> str:
    r"""Return ``f'(x) = ...``, or the partial derivatives below one another, so that they suit a narrow column.

    Parameters
    ----------
    formula : Formula
        With at least one variable; its graph gets the nodes of the gradient.

    Raises
    ------
    StudioError
        When the gradient exceeds the bound of the graph.
    """
    graph = formula.graph
    nodes = gradient(graph, formula.loss, [graph.input(name) for name in formula.inputs])
    writer = Writer(graph, {}, rearranges=True)
    if len(nodes) == 1:
        return f"f'({latex_of_name(formula.inputs[0])}) = {_shortened(writer, nodes[0])}"
    shown = list(zip(formula.inputs, nodes, strict=True))[:_MOST_COMPONENTS]
    rows = [
        rf"\frac{{\partial f}}{{\partial {latex_of_name(name)}}} &= {_shortened(writer, node)}" for name, node in shown
    ]
    if len(nodes) > _MOST_COMPONENTS:
        rows.append(r"&\;\; \vdots")
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


def latex_of_program(program: Program, symbols: Mapping[str, str]) -> list[str]:
    r"""Return one line of LaTeX per assignment.

    Parameters
    ----------
    program : Program
        The equations of an optimizer.
    symbols : mapping of str to str
        LaTeX for names that have a symbol of their own, such as ``{"learning_rate": r"\eta"}``.

    Returns
    -------
    list of str
        State and what is given with ``\leftarrow``, all else with ``=``; what would be too long to read is \ldots.
    """
    graph = program.graph
    lines = []
    known: dict[int, str] = {}
    names = {graph.name(n): n for n in range(len(graph)) if graph.operation(n) == "input"}
    for name, node in names.items():
        if name in symbols:
            known[node] = symbols[name]
    for assignment in program.assignments:
        target = symbols.get(assignment.target, latex_of_name(assignment.target))
        is_kept = assignment.target in program.state or assignment.target in REASSIGNABLE
        sign = r"\leftarrow" if is_kept else "="
        lines.append(f"{target} {sign} {_shortened(Writer(graph, known, rearranges=False), assignment.node)}")
        if graph.operands(assignment.node):
            known[assignment.node] = target
    return lines


def _shortened(writer: Writer, node: int) -> str:
    try:
        text = writer.expression(node)
    except TooLongError:
        return _ELLIPSIS
    return text if len(text) <= _LONGEST else _ELLIPSIS
