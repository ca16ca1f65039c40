"""An optimizer's equations, analysed for execution.

The interpreter and the machine code must agree on what is a vector, what is state and where it lies, and
both keep ``beta^t`` as a running product: faster than a power, and right when a person changes beta during
a run (the bias correction then uses the weights that were really applied).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gdstudio.engine.language.program import Program, program, vector_nodes
from gdstudio.engine.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from gdstudio.engine.language.graph import Graph

# A running power smaller than every normal number is taken as zero: a product with a subnormal number, which
# beta^t would stay for ever after some thousand steps, takes the processor longer than all the rest of a step.
SMALLEST_POWER = sys.float_info.min
# What the equations may read besides state and hyperparameters.
GIVEN = ("g", "t", "theta")


@dataclass(frozen=True, slots=True)
class RunningPower:
    """The node ``base^t``, kept as a product that is multiplied by `base` at every step."""

    node: int
    base: int


@dataclass(frozen=True, eq=False)
class UpdateRule:
    """A program of equations with the layout of its state.

    The state of a rule for n parameters is one flat vector: `vector_state` names n numbers each,
    `scalar_state` one each, all zero at first, then the running powers, one each, 1 at first.
    """

    program: Program
    vectors: frozenset[int]
    vector_state: tuple[str, ...]
    scalar_state: tuple[str, ...]
    powers: tuple[RunningPower, ...]
    hyperparameters: tuple[str, ...]
    gradients_per_step: int

    @property
    def outputs(self) -> list[int]:
        """The nodes that a step must compute: the next theta, then the next state in its order."""
        after = self.program.next_state
        return [
            self.program.theta,
            *(after[name] for name in self.vector_state),
            *(after[name] for name in self.scalar_state),
        ]

    @property
    def order(self) -> list[int]:
        """All nodes needed, operands first; what lies below a running power only as far as its base."""
        graph = self.program.graph
        power_of = {power.node: power for power in self.powers}
        needed: set[int] = set()
        stack = self.outputs + [power.base for power in self.powers]
        while stack:
            node = stack.pop()
            if node in needed:
                continue
            needed.add(node)
            if node not in power_of:
                stack.extend(graph.operands(node))
        return sorted(needed)

    def state_size(self, dimension: int) -> int:
        """How many numbers the state has for `dimension` parameters."""
        return len(self.vector_state) * dimension + len(self.scalar_state) + len(self.powers)


def _steady_inputs(graph: Graph, node: int, hyperparameters: frozenset[str]) -> bool:
    """Whether `node` depends on hyperparameters and constants only."""
    return all(
        graph.name(below) in hyperparameters
        for below in graph.reachable([node])
        if graph.operation(below) == "input"
    )


def update_rule(equations: str, hyperparameters: tuple[str, ...]) -> UpdateRule:
    """Analyse `equations`, in which `hyperparameters` are the names of numbers that people set.

    Raises
    ------
    FormulaError
        Where the equations cannot be read.
    """
    parsed = program(equations, given=hyperparameters)
    graph = parsed.graph
    vectors = frozenset(vector_nodes(parsed))
    after = parsed.next_state
    steady = frozenset(hyperparameters)
    reached = graph.reachable([parsed.theta, *after.values()])
    powers = tuple(
        RunningPower(node, graph.operands(node)[0])
        for node in reached
        if graph.operation(node) == "power"
        and graph.operation(graph.operands(node)[1]) == "input"
        and graph.name(graph.operands(node)[1]) == "t"
        and _steady_inputs(graph, graph.operands(node)[0], steady)
    )
    inputs = {graph.name(node): node for node in reached if graph.operation(node) == "input"}
    state = [name for name in parsed.state if name in after]
    vector_state = tuple(name for name in state if after[name] in vectors or inputs.get(name) in vectors)
    return UpdateRule(
        program=parsed,
        vectors=vectors,
        vector_state=vector_state,
        scalar_state=tuple(name for name in state if name not in vector_state),
        powers=powers,
        hyperparameters=hyperparameters,
        gradients_per_step=1 + sum(graph.operation(node) == "gradient" for node in reached),
    )


@lru_cache(maxsize=256)
def rule_of(optimizer: str) -> UpdateRule:
    """Return the analysed equations of the optimizer with the key `optimizer`."""
    row = OPTIMIZERS[optimizer]
    return update_rule(row.equations, tuple(parameter.key for parameter in row.hyperparameters))
