r"""The LaTeX of formulas, gradients and optimizers, as a textbook prints them.

The graph stores what is computed: ``x*x``, constants in the order in which they were met. What is printed
gathers that again: x^{2}, one number in front, fractions in place of divisions, and no bracket that is not
needed. Nothing here changes the graph.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gdstudio.engine.language.derivative import gradient
from gdstudio.engine.language.graph import Graph
from gdstudio.engine.language.notation import latex_of_name
from gdstudio.engine.language.operations import FUNCTIONS, VECTOR_FUNCTIONS
from gdstudio.engine.language.parser import parse
from gdstudio.engine.language.program import BLOCK_INPUTS, REASSIGNABLE
from gdstudio.engine.language.syntax import build
from gdstudio.engine.language.writer import TooLongError, Writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.language.formula import Formula
    from gdstudio.engine.language.program import Program

_RELATION = re.compile(r" (=|<=) ")
_SIDE_BY_SIDE = re.compile(r"(?<=[\w)]) (?=[\w(])")
_WORD = re.compile(r"\w+")
_TRANSPOSED = "_transposed"
_LONGEST = 600
_MOST_COMPONENTS = 6
# Words, and no letters with subscripts.
_BLOCK_WORDS = {name: rf"\text{{{name.replace('_', ' ')}}}" for name in BLOCK_INPUTS}
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
    symbols = {**_BLOCK_WORDS, **symbols}
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


def latex_of_shown(text: str, symbols: Mapping[str, str], switches: Mapping[str, float]) -> list[str | None]:
    r"""Return the LaTeX of each line of equations that are there to be read; see `Variant.shown_equations`.

    Parameters
    ----------
    text : str
        The equations.
    symbols : mapping of str to str
        As for `latex_of_program`.
    switches : mapping of str to float
        Names that are written as numbers.

    Returns
    -------
    list of str or None
        What is read before it is assigned with ``\leftarrow``; None for a line of words.
    """
    lines = text.split("\n")
    kept: set[str] = set()
    read: set[str] = set()
    for line in lines:
        target, _, right = line.partition(" = ")
        read |= set() if line.startswith("#") else set(_WORD.findall(right or line))
        kept |= {target} & read
    return [None if line.startswith("#") else _latex_of_relation(line, kept, symbols, switches) for line in lines]


def _latex_of_relation(line: str, kept: set[str], symbols: Mapping[str, str], switches: Mapping[str, float]) -> str:
    graph = Graph()
    known: dict[int, str] = {}

    def named(name: str, _: int) -> int:
        if name in switches:
            return graph.constant(switches[name])
        node = graph.input(name)
        plain = name.removesuffix(_TRANSPOSED)
        known[node] = symbols.get(plain, latex_of_name(plain)) + (r"^{\top}" if plain != name else "")
        return node

    left, sign, right = _RELATION.split(line.replace("'", _TRANSPOSED), maxsplit=1)
    sides = []
    for side in (left, right):
        side = _SIDE_BY_SIDE.sub(" * ", side)
        node, _ = build(parse(side, FUNCTIONS | VECTOR_FUNCTIONS), graph, named)
        sides.append(Writer(graph, known, rearranges=False).expression(node))
    shown = r"\le" if sign == "<=" else r"\leftarrow" if left in kept else "="
    return f"{sides[0]} {shown} {sides[1]}"


def _shortened(writer: Writer, node: int) -> str:
    try:
        text = writer.expression(node)
    except TooLongError:
        return _ELLIPSIS
    return text if len(text) <= _LONGEST else _ELLIPSIS
