"""An optimizer's equations, analysed for execution.

The interpreter and the machine code must agree on what is a vector, what is state and where it lies, and
both keep ``beta^t`` as a running product: faster than a power, and right when a person changes beta during
a run (the bias correction then uses the weights that were really applied).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.program import BLOCK_INPUTS, LASSO, NORMAL, RATE, Program, program, vector_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.language.formula import Formula
    from gdstudio.engine.language.graph import Graph

# A running power smaller than every normal number is taken as zero: a product with a subnormal number, which
# beta^t would stay for ever after some thousand steps, takes the processor longer than all the rest of a step.
SMALLEST_POWER = sys.float_info.min


@dataclass(frozen=True, slots=True)
class RunningPower:
    """The node ``base^t``, kept as a product that is multiplied by `base` at every step."""

    node: int
    base: int


@dataclass(frozen=True, eq=False)
class UpdateRule:
    """A program of equations with the layout of its state.

    The state of a rule for n parameters is one flat vector: `vector_state` names n numbers each,
    `scalar_state` one each, then the running powers, one each, 1 at first. A state begins at zero, or with the
    value of its formula in `initial`, of hyperparameters and of the start `theta`.
    """

    program: Program
    vectors: frozenset[int]
    vector_state: tuple[str, ...]
    scalar_state: tuple[str, ...]
    powers: tuple[RunningPower, ...]
    hyperparameters: tuple[str, ...]
    gradients_per_step: int
    diagonals_per_step: int
    initial: Mapping[str, Formula] = field(default_factory=dict)

    @property
    def needs_curvature(self) -> bool:
        """Whether the equations ask for the diagonal of the Hessian."""
        return self.diagonals_per_step > 0

    def evaluations_per_step(self, dimension: int) -> int:
        """How many gradients a step on `dimension` parameters costs: the diagonal of a Hessian as many as these.

        Both branches of a ``where`` are computed at every step, so both count, whichever is taken.
        """
        return self.gradients_per_step + self.diagonals_per_step * dimension

    @cached_property
    def needs_noise(self) -> bool:
        """Whether the equations ask for random numbers."""
        return NORMAL in self.inputs

    @cached_property
    def needs_lasso(self) -> bool:
        """Whether the equations see to the penalty on sizes themselves: gradients are without it."""
        return LASSO in self.inputs

    @cached_property
    def needs_matrix(self) -> bool:
        """Whether the equations ask which parameters are a matrix."""
        operations = {self.program.graph.operation(node) for node in self.order}
        asking = any(OPERATIONS[key].needs_blocks for key in operations if key in OPERATIONS)
        return asking or not self.inputs.isdisjoint(BLOCK_INPUTS)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """All names that the equations read as they are before the step."""
        graph = self.program.graph
        return frozenset(graph.name(node) for node in self.order if graph.operation(node) == "input")

    @property
    def columns(self) -> tuple[str, ...]:
        """The learning rate, where the equations assign it; else it follows from the settings."""
        return () if self.program.rate is None else (RATE,)

    @property
    def outputs(self) -> list[int]:
        """The nodes that a step must compute: the next theta, the next state in its order, the rate if assigned."""
        after = self.program.next_state
        return [
            self.program.theta,
            *(after[name] for name in self.vector_state),
            *(after[name] for name in self.scalar_state),
            *([] if self.program.rate is None else [self.program.rate]),
        ]

    @property
    def power_names(self) -> tuple[str, ...]:
        """What each running power is a power of, as text that is the same in every rule that keeps it."""
        return tuple(_written(self.program.graph, power.base) for power in self.powers)

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

    def places(self, dimension: int) -> dict[str, slice]:
        """Where each name of the state lies; a running power is called as its base with ``^t``."""
        names = [(name, dimension) for name in self.vector_state]
        names += [(name, 1) for name in (*self.scalar_state, *(f"{name}^t" for name in self.power_names))]
        found, begin = {}, 0
        for name, length in names:
            found[name] = slice(begin, begin + length)
            begin += length
        return found

    def initial_state(
        self, state: NDArray[np.float64], theta: NDArray[np.float64], hyperparameters: NDArray[np.float64]
    ) -> None:
        """Write what the state of the rule begins with into `state`, shape (state_size(n),), zero so far."""
        dimension = len(theta)
        given = {"theta": theta, **dict(zip(self.hyperparameters, hyperparameters, strict=True))}
        for name, first in self.initial.items():
            (value,) = evaluate(first.graph, [first.loss], given)
            if name in self.vector_state:
                place = self.vector_state.index(name) * dimension
                state[place:place + dimension] = value
            else:
                state[len(self.vector_state) * dimension + self.scalar_state.index(name)] = value
        if self.powers:
            state[-len(self.powers):] = 1.0


def carried_state(
    new: UpdateRule, old: UpdateRule, state: NDArray[np.float64], theta: NDArray[np.float64],
    hyperparameters: NDArray[np.float64], step: float,
) -> NDArray[np.float64]:
    """Return the state of the rule `new` that goes on where `old` has `state`, shape (old.state_size(n),).

    What has the same name in both keeps its value; what is new begins as at a start from `theta`, and a running
    power that is new is what it would have become in `step` steps.
    """
    dimension = len(theta)
    after = np.zeros(new.state_size(dimension))
    new.initial_state(after, theta, hyperparameters)
    places, before = new.places(dimension), old.places(dimension)
    for name, place in places.items():
        if name in before and place.stop - place.start >= before[name].stop - before[name].start:
            after[place] = state[before[name]]
    given = dict(zip(new.hyperparameters, hyperparameters, strict=True))
    for name, power in zip(new.power_names, new.powers, strict=True):
        if f"{name}^t" not in before:
            (base,) = evaluate(new.program.graph, [power.base], given)
            with np.errstate(all="ignore"):
                value = float(base) ** step
            after[places[f"{name}^t"]] = 0.0 if value < SMALLEST_POWER else value
    return after


def _steady_inputs(graph: Graph, node: int, hyperparameters: frozenset[str]) -> bool:
    """Whether `node` depends on hyperparameters and constants only."""
    return all(
        graph.name(below) in hyperparameters
        for below in graph.reachable([node])
        if graph.operation(below) == "input"
    )


def _written(graph: Graph, node: int) -> str:
    """Return an expression of hyperparameters and constants as text, for comparison only."""
    operation = graph.operation(node)
    if operation == "constant":
        return repr(graph.value(node))
    if operation == "input":
        return graph.name(node)
    return f"{operation}({', '.join(_written(graph, operand) for operand in graph.operands(node))})"


def _needed_state(parsed: Program) -> set[str]:
    """Return the state that the next theta, after however many steps, depends on."""
    graph = parsed.graph
    needed: set[str] = set()
    pending = [parsed.theta]
    while pending:
        inputs = {graph.name(node) for node in graph.reachable(pending) if graph.operation(node) == "input"}
        found = (inputs & parsed.next_state.keys()) - needed
        needed |= found
        pending = [parsed.next_state[name] for name in found]
    return needed


def update_rule(
    equations: str, hyperparameters: tuple[str, ...], initial: Mapping[str, str] | None = None,
    switches: Mapping[str, float] | None = None, *, reassigning: bool = False,
) -> UpdateRule:
    """Analyse `equations`, in which `hyperparameters` are the names of numbers that people set.

    `initial` says where a state begins, as an expression of hyperparameters and `theta`. `switches` are those
    hyperparameters that become part of the equations with their present values: what they turn off costs nothing,
    and has no state. `reassigning` is as for `program`.

    Raises
    ------
    FormulaError
        Where the equations cannot be read.
    """
    parsed = program(equations, hyperparameters, switches=switches, reassigning=reassigning)
    if switches:
        unswitched = program(equations, hyperparameters, reassigning=reassigning)
        idle = _needed_state(unswitched) - _needed_state(parsed)
        parsed = replace(
            parsed, state=tuple(name for name in parsed.state if name not in idle),
            next_state={name: node for name, node in parsed.next_state.items() if name not in idle},
            assignments=tuple(line for line in parsed.assignments if line.target not in idle),
        )
    graph = parsed.graph
    vectors = frozenset(vector_nodes(parsed))
    after = parsed.next_state
    steady = frozenset(hyperparameters)
    rates = [] if parsed.rate is None else [parsed.rate]
    reached = graph.reachable([parsed.theta, *after.values(), *rates])
    operations = [graph.operation(node) for node in reached]
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
        gradients_per_step=1 + operations.count("gradient"),
        diagonals_per_step=operations.count("hessian_diagonal"),
        initial={name: formula(text) for name, text in (initial or {}).items() if name in state},
    )
