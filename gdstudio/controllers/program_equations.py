"""From an optimizer's equations to typeset lines; called in the worker thread, as it takes some milliseconds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from gdstudio.controllers.typesetting import equation
from gdstudio.engine.language.program import PARAMETERS, program
from gdstudio.engine.language.typeset import latex_of_program, latex_of_shown
from gdstudio.views.equation import Equation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.engine.language.program import Program
    from gdstudio.engine.own_optimizer import OwnOptimizer
    from gdstudio.engine.parameters import Parameter

_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_PRIME = "\N{PRIME}"
_GREEK = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "η": r"\eta", "κ": r"\kappa",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau",
}

_LETTERS = {word.removeprefix("\\"): letter for letter, word in _GREEK.items()} | {"theta": "θ"}
_NAME = re.compile(r"[A-Za-z]\w*")


def latex_of_symbol(symbol: str) -> str:
    """Return the symbol of a hyperparameter, ``β₁`` or ``ε′``, as LaTeX; empty where it is more than a letter."""
    plain = symbol.rstrip(_PRIME)
    head = plain.rstrip("".join(_SUBSCRIPTS))
    if len(head) != 1:
        return ""
    letter = _GREEK.get(head, head)
    subscript = "".join(_SUBSCRIPTS[each] for each in plain[len(head):])
    return (f"{letter}_{{{subscript}}}" if subscript else letter) + "'" * (len(symbol) - len(plain))


def symbols_of(parameters: Iterable[Parameter]) -> dict[str, str]:
    """Return the LaTeX of the symbols of hyperparameters, by their keys."""
    found = {parameter.key: latex_of_symbol(parameter.symbol) for parameter in parameters}
    return {key: symbol for key, symbol in found.items() if symbol}


def used_lines(read: Program) -> list[bool]:
    """Return of each line whether the parameters depend on it: a switch that is off leaves some that are not used."""
    graph, roots = read.graph, {read.theta}
    while True:
        reached = set(graph.reachable(roots))
        names = {graph.name(node) for node in reached if graph.operation(node) == "input"}
        more = roots | {node for name, node in read.next_state.items() if name in names}
        if more == roots:
            return [assignment.node in reached for assignment in read.assignments]
        roots = more


def without_aliases(read: Program) -> Program:
    """Return a program without lines that only give another name to what an earlier line has made.

    A switch leaves such lines: ``variance = where(centered == 1, s - mean^2, s)`` is ``s`` where it is off.
    """
    made: set[int] = set()
    kept = []
    for assignment in read.assignments:
        if assignment.node not in made or assignment.target in (*read.state, PARAMETERS):
            kept.append(assignment)
        made.add(assignment.node)
    return replace(read, assignments=tuple(kept))


@lru_cache(maxsize=64)
def typeset_lines(text: str, parameters: tuple[Parameter, ...]) -> tuple[Equation, ...]:
    """Return an optimizer's equations typeset with its switches as they are at first, without what they turn off.

    Raises
    ------
    FormulaError
        Where the equations cannot be read.
    """
    switches = {each.key: each.default for each in parameters if each.is_switch}
    read = program(text, [parameter.key for parameter in parameters], switches=switches)
    needed = without_aliases(read)
    lines = latex_of_program(needed, symbols_of(parameters))
    return tuple(equation(line) for line, used in zip(lines, used_lines(needed), strict=True) if used)


def typeset_shown(text: str, parameters: tuple[Parameter, ...]) -> tuple[Equation, ...]:
    """Return equations that are there to be read, with switches as they are at first; lines of words stay text."""
    switches = {each.key: each.default for each in parameters if each.is_switch}
    typeset = latex_of_shown(text, symbols_of(parameters), switches)
    lines = zip(text.split("\n"), typeset, strict=True)
    return tuple(_words(line, parameters) if latex is None else equation(latex) for line, latex in lines)


def _words(line: str, parameters: Iterable[Parameter]) -> Equation:
    """Return a line of words in which names are the letters that the typeset lines have for them."""
    letters = _LETTERS | {each.key: each.symbol for each in parameters}
    return Equation(b"", _NAME.sub(lambda name: letters.get(name[0], name[0]), line.removeprefix("# ")))


def typeset_own(own: OwnOptimizer) -> tuple[Equation, ...]:
    """Return all equations of a person's own optimizer typeset."""
    read = program(own.equations, [parameter.key for parameter in own.parameters], reassigning=True)
    return tuple(equation(line) for line in latex_of_program(read, symbols_of(own.parameters)))
