r"""Writes one node of a graph as LaTeX: a sum of products of powers.

Sums and products are gathered without recursion, since a chain of them may be long; what nests for other
reasons (functions, brackets) is bounded, and what is too long to be read raises `TooLongError`.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from gdstudio.engine.language.notation import in_brackets, latex_of_name, latex_of_number
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.products import Product, gathered, ratio_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.language.graph import Graph

_MOST_NODES = 1_500
# in braces it is a sign; without them renderers space it as if something stood before it
_LEADING_MINUS = "{-}"
_DEEPEST = 40
_SYMBOL, _SUM, _FUNCTION = range(3)
_COMPARISON_SIGNS = {
    "less": ("<", r"\geq"),
    "less_equal": (r"\leq", ">"),
    "greater": (">", r"\leq"),
    "greater_equal": (r"\geq", "<"),
    "equal": ("=", r"\neq"),
    "not_equal": (r"\neq", "="),
}
_ENCLOSED = {
    "sqrt": r"\sqrt{%s}",
    "cbrt": r"\sqrt[3]{%s}",
    "abs": r"\left|%s\right|",
    "floor": r"\left\lfloor %s \right\rfloor",
    "norm": r"\left\lVert %s \right\rVert",
    "block_norm": r"\left\lVert %s \right\rVert_{F}",
    "gradient": r"\nabla f%s",
    "dot": r"\left\langle %s \right\rangle",
}


class TooLongError(Exception):
    """What was to be written is too long or too deep for anybody to read."""


class Writer:
    """Writes nodes of one graph.

    Parameters
    ----------
    graph : Graph
        The graph.
    known : mapping of int to str
        LaTeX for nodes that have a name, written in place of what they are unless asked for themselves.
    rearranges : bool
        Whether like terms are added and factors put into a textbook's order; a typed formula is left in
        its own.
    """

    def __init__(self, graph: Graph, known: Mapping[int, str], rearranges: bool) -> None:
        self._graph = graph
        self._known = known
        self._rearranges = rearranges
        self._visited = 0
        self._depth = 0
        self._root = -1

    def expression(self, node: int) -> str:
        """Return a node as LaTeX.

        Raises
        ------
        TooLongError
            When it is too long.
        """
        self._visited = 0
        self._depth = 0
        self._root = node
        return self._sum(node)

    def _visit(self) -> None:
        self._visited += 1
        if self._visited > _MOST_NODES:
            raise TooLongError

    def _is_known(self, node: int) -> bool:
        return node in self._known and node != self._root

    def _sum(self, node: int) -> str:
        """Write a node, gathering the sum that it is."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TooLongError
        text = ""
        for product in self._terms(node):
            is_negative, term = self._product(product)
            if text:
                text += f" - {term}" if is_negative else f" + {term}"
            else:
                text = _LEADING_MINUS + term if is_negative else term
        self._depth -= 1
        return text or "0"

    def _terms(self, node: int) -> list[Product]:
        """Return the terms of a sum, like ones added."""
        graph = self._graph
        terms: list[Product] = []
        pending = [(node, 1.0)]
        while pending:
            current, sign = pending.pop()
            self._visit()
            is_atom = self._is_known(current) or graph.expansion(current) is not None
            operation = "" if is_atom else graph.operation(current)
            guarded = graph.guarded(current)
            if guarded is not None:
                pending.append((guarded, sign))
            elif operation == "negate":
                pending.append((graph.operands(current)[0], -sign))
            elif operation in ("add", "subtract") and (sign > 0.0 or self._rearranges):
                left, right = graph.operands(current)
                pending.append((right, sign if operation == "add" else -sign))
                pending.append((left, sign))
            else:
                product = self._factors(current)
                product.above *= sign
                terms.append(product)
        return gathered(terms) if self._rearranges else terms

    def _factors(self, node: int) -> Product:
        """Return a product with its numbers gathered and equal factors counted."""
        graph = self._graph
        product = Product()
        pending = [(node, 1.0)]
        while pending:
            current, exponent = pending.pop()
            self._visit()
            expanded = graph.expansion(current)
            operation = graph.operation(current)
            guarded = graph.guarded(current)
            if self._is_known(current):
                product.multiply(current, exponent)
            elif guarded is not None:
                pending.append((guarded, exponent))
            elif expanded is not None and expanded[0] == "power":
                base, power = expanded[1]
                product.multiply(base, exponent * graph.value(power))
            elif operation == "power" and graph.is_constant(graph.operands(current)[1]):
                base, power = graph.operands(current)
                product.multiply(base, exponent * graph.value(power))
            elif expanded is not None or operation not in ("negate", "multiply", "divide", "constant"):
                product.multiply(current, exponent)
            elif operation == "constant":
                if not product.scale(graph.value(current), exponent):
                    product.multiply(current, exponent)
            elif operation == "negate":
                product.above = -product.above
                pending.append((graph.operands(current)[0], exponent))
            else:
                left, right = graph.operands(current)
                pending.append((right, exponent if operation == "multiply" else -exponent))
                pending.append((left, exponent))
        return product

    def _product(self, product: Product) -> tuple[bool, str]:
        """Return whether a product is negative, and its LaTeX without the sign."""
        number, below = product.above, product.below
        is_negative = math.copysign(1.0, number) * math.copysign(1.0, below) < 0.0
        above_number, below_number = ratio_of(abs(number), abs(below))
        nodes = list(product.powers)
        if self._rearranges:
            nodes.sort(key=self._rank)
        upper = [(node, product.powers[node]) for node in nodes if product.powers[node] > 0.0]
        lower = [(node, -product.powers[node]) for node in nodes if product.powers[node] < 0.0]
        if not lower and not below_number:
            return is_negative, self._row(above_number, upper, is_alone=not is_negative)
        if not lower and not _is_short(above_number):
            return is_negative, self._row(rf"\frac{{{above_number}}}{{{below_number}}}", upper, False)
        upper_text = self._row(above_number, upper, is_alone=True)
        lower_text = self._row(below_number, lower, is_alone=True)
        return is_negative, rf"\frac{{{upper_text}}}{{{lower_text}}}"

    def _rank(self, node: int) -> tuple[int, int]:
        """Return where a factor stands in a textbook: symbols in order, then brackets, then functions."""
        operation = self._graph.operation(node)
        if self._is_known(node) or operation in ("input", "constant"):
            return _SYMBOL, node
        is_sum = operation in ("add", "subtract") and not self._graph.expansion(node)
        return (_SUM if is_sum else _FUNCTION), 0

    def _row(self, number: str, powers: list[tuple[int, float]], is_alone: bool) -> str:
        """Return factors side by side; one that is alone needs no brackets."""
        is_one = number in ("", "1")
        if not powers:
            return number or "1"
        if is_alone and is_one and len(powers) == 1 and powers[0][1] == 1.0:
            return self._factor(powers[0][0], 1.0, is_alone=True)
        parts = [] if is_one else [number]
        parts += [self._factor(node, exponent, is_alone=False) for node, exponent in powers]
        text = parts[0]
        for previous, part in pairwise(parts):
            if part[0].isdigit() or part.startswith(r"\frac"):
                text += r" \cdot "
            elif r"\mathrm" in previous or part.startswith((r"\mathrm", r"\operatorname")):
                text += r"\,"
            else:
                text += " "
            text += part
        return text

    def _factor(self, node: int, exponent: float, is_alone: bool) -> str:
        """Return a power of a node."""
        graph = self._graph
        operation = graph.operation(node)
        expanded = graph.expansion(node)
        name = OPERATIONS[expanded[0]].latex if expanded else ""
        if self._is_known(node) or operation == "input":
            text = self._known.get(node) or latex_of_name(graph.name(node))
            return text if exponent == 1.0 else f"{text}^{{{_exponent(exponent)}}}"
        if not name and operation in OPERATIONS and not expanded:
            name = OPERATIONS[operation].latex
        if name and operation != "exp":
            operands = expanded[1] if expanded else self._gathered_operands(node)
            raised = "" if exponent == 1.0 else f"^{{{_exponent(exponent)}}}"
            return name + raised + in_brackets(", ".join(map(self._sum, operands)))
        text = self._enclosed(node) if operation in _ENCLOSED else self._other(node)
        is_whole = is_alone or operation in _ENCLOSED or (operation in ("exp", "power") and exponent == 1.0)
        if operation == "constant" and graph.value(node) >= 0.0:
            is_whole = r"\frac" not in text
        if operation == "where":
            return text if exponent == 1.0 and is_alone else _raised(in_brackets(text), exponent)
        return _raised(text if is_whole else in_brackets(text), exponent)

    def _gathered_operands(self, node: int) -> list[int]:
        """Return the operands of a function; min of min is one min of more."""
        graph = self._graph
        operation = graph.operation(node)
        if operation not in ("min", "max"):
            return list(graph.operands(node))
        found: list[int] = []
        pending = [node]
        while pending:
            current = pending.pop()
            self._visit()
            if graph.operation(current) == operation and (current == node or not self._is_known(current)):
                pending.extend(reversed(graph.operands(current)))
            else:
                found.append(current)
        return found

    def _enclosed(self, node: int) -> str:
        operation = self._graph.operation(node)
        text = ", ".join(map(self._sum, self._graph.operands(node)))
        return _ENCLOSED[operation] % (in_brackets(text) if operation == "gradient" else text)

    def _other(self, node: int) -> str:
        """Return what is neither symbol nor named function, without brackets."""
        graph = self._graph
        operation = graph.operation(node)
        operands = graph.operands(node)
        if operation == "exp":
            return f"e^{{{self._sum(operands[0])}}}"
        if operation == "power":
            return f"{self._factor(operands[0], 1.0, is_alone=False)}^{{{self._sum(operands[1])}}}"
        if operation == "where":
            condition, chosen, otherwise = operands
            return (
                rf"\begin{{cases}} {self._sum(chosen)}, & {self._condition(condition)} \\ "
                rf"{self._sum(otherwise)}, & {self._condition(condition, is_met=False)} \end{{cases}}"
            )
        if operation in _COMPARISON_SIGNS:
            return self._condition(node)
        if operation == "constant":
            sign = _LEADING_MINUS if graph.value(node) < 0.0 else ""
            return sign + latex_of_number(abs(graph.value(node)))
        return self._sum(node)

    def _condition(self, node: int, is_met: bool = True) -> str:
        left, right = self._graph.operands(node)
        sign = _COMPARISON_SIGNS[self._graph.operation(node)][not is_met]
        return f"{self._sum(left)} {sign} {self._sum(right)}"


def _is_short(number: str) -> bool:
    """Tell whether a numerator of this number looks well with letters behind it."""
    return len(number) <= 4


def _exponent(exponent: float) -> str:
    return ("-" if exponent < 0.0 else "") + latex_of_number(abs(exponent))


def _raised(text: str, exponent: float) -> str:
    return text if exponent == 1.0 else f"{text}^{{{_exponent(exponent)}}}"
