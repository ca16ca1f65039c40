"""What the tests of two evaluators share: where equality is due to the bit, and how both are driven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.descent import Descent
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import UpdateRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.kernels import Rule
    from gdstudio.engine.language.graph import Graph
    from gdstudio.engine.objective import Objective
    from gdstudio.engine.sampling import Batching

# Every evaluator must give the same bits for these: IEEE 754 rounds them correctly, or they do not round at all.
EXACT_OPERATIONS = frozenset({
    "constant", "input", "add", "subtract", "multiply", "divide", "negate", "sqrt", "abs", "sign", "floor", "min",
    "max", "where", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "gradient",
    "hessian_diagonal", "norm", "dot", "sum", "mean",
})
RELATIVE_PER_STEP = 1e-12
# Neither a tolerance nor a limit that is ever reached: what is compared is the arithmetic.
UNSTOPPED = Stopping(iterations=1_000_000, tolerance=0.0)


def is_exact(graph: Graph, outputs: Sequence[int]) -> bool:
    """Tell whether `outputs` need only operations that every evaluator rounds alike."""
    return all(graph.operation(node) in EXACT_OPERATIONS for node in graph.reachable(outputs))


def rule_is_exact(rule: Rule) -> bool:
    """Tell whether equations need only what every evaluator rounds alike; running powers are products."""
    if not isinstance(rule, UpdateRule):
        return True
    powers = {power.node for power in rule.powers}
    graph = rule.program.graph
    return all(graph.operation(node) in EXACT_OPERATIONS for node in rule.order if node not in powers)


def pair(
    objective: Objective, optimizer: str, start: Sequence[float], hyperparameters: Mapping[str, float] | None = None,
    stopping: Stopping = UNSTOPPED, seed: int = 0, batch: int | Batching | None = None,
) -> tuple[Descent, Descent]:
    """Return the same descent twice: executed by machine code, and by the interpreter."""
    compiled, interpreted = (
        Descent(objective, optimizer, start, hyperparameters, stopping, seed, batch, machine)
        for machine in (True, False)
    )
    return compiled, interpreted


def bits(values: NDArray[np.float64] | Sequence[float]) -> list[int]:
    """Return the bits of float64 values, with one pattern for all that are not numbers."""
    array = np.array(values, dtype=np.float64).ravel()
    array[np.isnan(array)] = np.nan
    found: list[int] = array.view(np.int64).tolist()
    return found


def assert_same_bits(one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    """Assert that two arrays agree to the bit; any two that are not numbers are equal."""
    assert one.shape == other.shape
    assert bits(one) == bits(other)


def assert_close(
    one: NDArray[np.float64], other: NDArray[np.float64], relative: float = RELATIVE_PER_STEP, scale: float = 1.0
) -> None:
    """Assert that `one` is `other` within ``relative * max(scale, |other|)``; non-finite values must be the same."""
    finite = np.isfinite(other)
    assert np.array_equal(np.isfinite(one), finite)
    assert bits(one[~finite]) == bits(other[~finite])
    bound = relative * np.maximum(scale, np.abs(other[finite]))
    excess = np.abs(one[finite] - other[finite]) / bound
    if np.any(excess > 1.0):
        worst = int(np.argmax(excess))
        raise AssertionError(f"{one[finite][worst]!r} is not {other[finite][worst]!r}: {excess[worst]:.3g} x the bound")
