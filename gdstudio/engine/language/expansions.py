"""How some operations are rewritten into more primitive ones when they enter the graph.

What is expanded here needs no code in the interpreter or in the machine-code generator, and both agree to
the last bit on integer powers, because neither ever calls a library's power function for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.engine.language.graph import Graph

    Expansion = Callable[[Graph, tuple[int, ...]], int | None]
else:
    Expansion = Callable

LARGEST_EXPANDED_EXPONENT = 64


def power(graph: Graph, operands: tuple[int, ...]) -> int | None:
    """Expand an integer power with ``|exponent| <= 64`` by repeated squaring; leave any other alone."""
    base, exponent_node = operands
    if graph.operation(exponent_node) != "constant":
        return None
    exponent = graph.value(exponent_node)
    if not (exponent.is_integer() and abs(exponent) <= LARGEST_EXPANDED_EXPONENT):
        return None
    if exponent == 0.0:
        return graph.constant(1.0)
    product = _positive_power(graph, base, int(abs(exponent)))
    return product if exponent > 0.0 else graph.apply("divide", graph.constant(1.0), product)


def _positive_power(graph: Graph, base: int, exponent: int) -> int:
    """Multiply the repeated squares of `base` that the binary digits of `exponent` name."""
    square = base
    product: int | None = None
    while True:
        if exponent & 1:
            product = square if product is None else graph.apply("multiply", product, square)
        exponent >>= 1
        if not exponent:
            break
        square = graph.apply("multiply", square, square)
    assert product is not None
    return product


def sigmoid(graph: Graph, operands: tuple[int, ...]) -> int:
    """1 / (1 + exp(-x)): right in both tails, for exp may become infinite."""
    one = graph.constant(1.0)
    decay = graph.apply("exp", graph.apply("negate", operands[0]))
    return graph.apply("divide", one, graph.apply("add", one, decay))


def softplus(graph: Graph, operands: tuple[int, ...]) -> int:
    """max(x, 0) + log1p(exp(-abs(x))): log(1 + exp(x)) that neither overflows nor loses its tail."""
    decay = graph.apply("exp", graph.apply("negate", graph.apply("abs", operands[0])))
    return graph.apply("add", relu(graph, operands), graph.apply("log1p", decay))


def relu(graph: Graph, operands: tuple[int, ...]) -> int:
    """max(x, 0)."""
    return graph.apply("max", operands[0], graph.constant(0.0))
