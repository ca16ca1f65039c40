"""Products with their numbers gathered and equal factors counted: what typesetting makes of the graph."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from gdstudio.engine.language.notation import latex_of_number, simple_ratio


@dataclass
class Product:
    """A signed number, a ratio of two, times powers of nodes in order of appearance."""

    above: float = 1.0
    below: float = 1.0
    powers: dict[int, float] = field(default_factory=dict)

    def scale(self, value: float, exponent: float) -> bool:
        """Take a number in; tell whether it could be (a division by zero is left as it is)."""
        if exponent == 1.0:
            self.above *= value
        elif exponent == -1.0 and value != 0.0:
            self.below *= value
        else:
            return False
        return True

    def multiply(self, node: int, exponent: float) -> None:
        """Take a power of a node in; powers that cancel go away."""
        total = self.powers.get(node, 0.0) + exponent
        if total:
            self.powers[node] = total
        else:
            del self.powers[node]


def gathered(terms: list[Product]) -> list[Product]:
    """Add like terms, in order of first appearance; what cancels is left out."""
    sums: dict[frozenset[tuple[int, float]], Product] = {}
    for term in terms:
        like = frozenset(term.powers.items())
        total = sums.setdefault(like, Product(0.0, 1.0, term.powers))
        if total.below == term.below:
            total.above += term.above
        else:
            total.above = total.above / total.below + term.above / term.below
            total.below = 1.0
    return [total for total in sums.values() if total.above != 0.0]


def ratio_of(above: float, below: float) -> tuple[str, str]:
    """Return the LaTeX of a ratio of numbers in lowest terms; a numerator of one is empty."""
    if above.is_integer() and below.is_integer() and max(above, below) < 1e15:
        divisor = math.gcd(int(above), int(below))
        above, below = above / divisor, below / divisor
    elif below != 1.0 and math.isfinite(above / below) and "." in simple_ratio(below)[0]:
        above, below = above / below, 1.0
    if not (math.isfinite(above) and math.isfinite(below)):
        return latex_of_number(above / below), ""
    upper, lower = simple_ratio(above)
    if below != 1.0:
        lower = latex_of_number(below) if not lower else rf"{lower} \cdot {latex_of_number(below)}"
    return upper, lower
