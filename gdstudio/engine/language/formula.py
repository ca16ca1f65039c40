"""A typed loss: its text, its graph, its variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.graph import Graph
from gdstudio.engine.language.parser import parse
from gdstudio.engine.language.syntax import build
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gdstudio.engine.language.syntax import Syntax

MAXIMUM_VARIABLES = 20


@dataclass(frozen=True)
class Formula:
    """A formula that was read.

    Attributes
    ----------
    text : str
        As typed.
    graph : Graph
        Holds the loss; derivatives are added to it.
    loss : int
        The node of the loss.
    inputs : tuple of str
        Names of the variables in order of first appearance; may be empty. A variable counts even where it
        cancels out of the graph, as in ``x - x + y`` or ``x^0``.
    """

    text: str
    graph: Graph
    loss: int
    inputs: tuple[str, ...]


def formula(text: str, *, bounded: bool = True) -> Formula:
    """Read a formula of up to `MAXIMUM_VARIABLES` variables.

    Text that the program itself makes need not be `bounded`: it may be of any length and have any number of variables.

    Raises
    ------
    FormulaError
        Where the text is no formula, with its column.
    """
    syntax = parse(text, bounded=bounded)
    inputs = syntax.names()
    if bounded and len(inputs) > MAXIMUM_VARIABLES:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "The formula has {count} variables; at most {bound} are possible."),
            text=text,
            column=_first_column(syntax, inputs[MAXIMUM_VARIABLES]),
            count=len(inputs),
            bound=MAXIMUM_VARIABLES,
        )
    graph = Graph()
    for name in inputs:
        graph.input(name)
    loss, _ = build(syntax, graph, lambda name, _column: graph.input(name))
    return Formula(text, graph, loss, inputs)


def _first_column(syntax: Syntax, name: str) -> int:
    """Return where a name first stands."""
    return min(step.column for step in syntax.steps if step.operation == "name" and step.name == name)
