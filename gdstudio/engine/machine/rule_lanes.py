"""An update rule emitted for vectors of starts or of parameters: what is the same in all lanes is computed once.

Hyperparameters, the step and all that follows from them alone are *uniform*: they are emitted as single numbers
before the loop over vectors, and spread over a vector where one needs them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from gdstudio.engine.machine.emitter import condition, constant
from gdstudio.engine.machine.lanes import LaneEmitter, has_fused_multiply_add
from gdstudio.engine.machine.quotient import divisor
from gdstudio.engine.update_rule import SMALLEST_POWER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gdstudio.engine.language.graph import Graph
    from gdstudio.engine.machine.emitter import Emitter
    from gdstudio.engine.machine.quotient import Divisor
    from gdstudio.engine.update_rule import UpdateRule

_COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})


def uniform_nodes(
    graph: Graph, nodes: Collection[int], varying: Collection[str], known: Collection[int] = ()
) -> set[int]:
    """Return those of `nodes`, ascending, that no input called in `varying` and no whole vector enters.

    `known` are nodes that are uniform, whatever they are made of.
    """
    uniform: set[int] = set()
    for node in nodes:
        operation = graph.operation(node)
        if node in known:
            steady = True
        elif operation == "input":
            steady = graph.name(node) not in varying
        elif operation in ("gradient", "hessian_diagonal", "norm", "dot", "sum", "mean"):
            steady = False
        else:
            steady = all(below in uniform for below in graph.operands(node))
        if steady:
            uniform.add(node)
    return uniform


def rooted_nodes(graph: Graph, nodes: Collection[int], outputs: Collection[int]) -> frozenset[int]:
    """Return those of `nodes` of which nothing but square roots are taken."""
    rooted = {graph.operands(node)[0] for node in nodes if graph.operation(node) == "sqrt"}
    others = {below for node in nodes if graph.operation(node) != "sqrt" for below in graph.operands(node)}
    return frozenset(rooted - others - set(outputs))


class Spread:
    """Spreads single numbers over vectors, each once, before the loop that needs them.

    Parameters
    ----------
    outer : Emitter
        Writes what stands before the loop.
    inner : LaneEmitter
        Writes the loop's body.
    """

    def __init__(self, outer: Emitter, inner: LaneEmitter) -> None:
        self._outer = outer
        self._vectors = LaneEmitter(inner.width, inner.scalar, host=outer)
        self._made: dict[str, str] = {}
        self._divisors: dict[str, Divisor] = {}

    def __call__(self, value: str) -> str:
        """Return the vector that has the double `value` in every lane."""
        if value not in self._made:
            narrow = self._vectors.scalar == "float"
            single = self._outer.assign(f"fptrunc double {value} to float") if narrow else value
            self._made[value] = self._vectors.spread(single)
        return self._made[value]

    def divisor(self, value: str) -> Divisor:
        """Return what division by the double `value` in every lane needs."""
        if value not in self._divisors:
            self._divisors[value] = divisor(self._vectors, self(value))
        return self._divisors[value]


class NodeLanes:
    """Emits the nodes of a graph, uniform ones by `outer`, the others by `inner`.

    Parameters
    ----------
    graph : Graph
        Whose nodes they are.
    outer, inner
        As of `Spread`.
    spread : Spread
        Between the two.
    rooted : frozenset of int
        Nodes of which nothing but square roots are taken.
    """

    def __init__(
        self, graph: Graph, outer: Emitter, inner: LaneEmitter, spread: Spread, rooted: frozenset[int] = frozenset()
    ) -> None:
        self.graph = graph
        self.outer = outer
        self.inner = inner
        self.spread = spread
        self._rooted = rooted
        self.uniform: dict[int, str] = {}
        self._numbers: dict[str, str] = {}

    def emit_uniform(self, node: int, inputs: Mapping[str, str]) -> None:
        """Emit a uniform node as a double (comparisons as an i1)."""
        graph = self.graph
        operation = graph.operation(node)
        if operation == "constant":
            self.uniform[node] = constant(graph.value(node))
        elif operation == "input":
            self.uniform[node] = inputs[graph.name(node)]
        else:
            operands = [self.uniform[below] for below in graph.operands(node)]
            if operation == "where":
                operands[0] = condition(self.outer, graph, graph.operands(node)[0], operands[0])
            self.uniform[node] = self.outer.operation(operation, operands)

    def lanes(self, node: int) -> str:
        """Return a uniform node, spread over a vector."""
        if self.graph.operation(node) == "constant":
            return self.inner.number(self.graph.value(node))
        return self.spread(self.uniform[node])

    def apply(self, node: int, operands: Sequence[str | None]) -> str:
        """Emit an element-wise node for one vector; `operands` are None where they are uniform."""
        graph, inner = self.graph, self.inner
        below = graph.operands(node)
        if graph.operation(node) == "divide" and operands[0] is not None and operands[1] is None:
            return self._quotient(operands[0], below[1], node in self._rooted)
        if graph.operation(node) != "where":
            return inner.operation(graph.operation(node), [
                self.lanes(under) if value is None else value for under, value in zip(below, operands, strict=True)
            ])
        chosen, otherwise = (
            self.lanes(under) if value is None else value
            for under, value in zip(below[1:], operands[1:], strict=True)
        )
        if operands[0] is None:
            single = condition(self.outer, graph, below[0], self.uniform[below[0]])
            return inner.assign(f"select i1 {single}, {inner.kind} {chosen}, {inner.kind} {otherwise}")
        held = operands[0]
        if graph.operation(below[0]) not in _COMPARISONS:
            held = inner.compare("une", held, inner.number(0.0))
        return inner.select(held, chosen, otherwise)

    def _quotient(self, numerator: str, divisor: int, rooted: bool) -> str:
        """Divide by a uniform node; by fused multiplications, where that is faster."""
        graph, inner = self.graph, self.inner
        value = self.uniform[divisor]
        plain = graph.operation(divisor) == "constant" and math.frexp(graph.value(divisor))[0] in (0.5, -0.5)
        if plain or not has_fused_multiply_add():
            return inner.binary("fdiv", numerator, self.lanes(divisor))
        return inner.quotient(numerator, self.spread.divisor(value), rooted=rooted)


class PointLanes(Protocol):
    """What a rule may ask of the objective at a point of lanes."""

    def gradient(self, point: Sequence[str]) -> list[str]:
        """Return the partial derivatives."""

    def hessian_diagonal(self, point: Sequence[str]) -> list[str]:
        """Return the second derivatives by each variable."""


class RuleLanes:
    """Emits one step of an update rule.

    Parameters
    ----------
    rule : UpdateRule
        The equations.
    width : int
        How many vectors a vector of the equations is: the number of parameters where lanes are starts, 1 where
        they are parameters.
    outer, inner
        As of `Spread`.
    """

    def __init__(self, rule: UpdateRule, width: int, outer: Emitter, inner: LaneEmitter) -> None:
        self.rule = rule
        self.width = width
        self.graph = rule.program.graph
        rooted = rooted_nodes(self.graph, rule.order, rule.outputs)
        self.nodes = NodeLanes(self.graph, outer, inner, Spread(outer, inner), rooted)
        self.varying = self._varying()
        self.uniform = self._uniform(self.varying)

    def _uniform(self, varying: Collection[str]) -> set[int]:
        return uniform_nodes(self.graph, self.rule.order, varying, {power.node for power in self.rule.powers})

    def _varying(self) -> set[str]:
        """Return the inputs that differ from lane to lane; the state that stays uniform is found as a fixpoint."""
        varying = {"g", "theta", "loss", "normal", *self.rule.vector_state}
        while True:
            uniform = self._uniform(varying)
            after = self.rule.program.next_state
            found = {name for name in self.rule.scalar_state if after[name] not in uniform} - varying
            if not found:
                return varying
            varying |= found

    def emit(
        self, inputs: Mapping[str, Sequence[str]], singles: Mapping[str, str], powers: Sequence[str],
        point: PointLanes | None,
    ) -> dict[int, list[str]]:
        """Emit a step; return the vectors of each node that varies, one or `width` of them.

        Parameters
        ----------
        inputs : mapping of str to sequence of str
            Vectors of each varying input.
        singles : mapping of str to str
            Values of each uniform input.
        powers : sequence of str
            Addresses of the running powers, advanced.
        point : PointLanes or None
            The objective, where the rule may ask for it.
        """
        addresses = {power.node: address for power, address in zip(self.rule.powers, powers, strict=True)}
        values: dict[int, list[str]] = {}
        for node in self.rule.order:
            if node in self.nodes.uniform:
                continue
            if node in addresses:
                self._advance(node, addresses[node])
            elif node in self.uniform:
                self.nodes.emit_uniform(node, singles)
            elif self.graph.operation(node) == "input":
                values[node] = list(inputs[self.graph.name(node)])
            else:
                values[node] = self._operation(node, values, point)
        return values

    def _advance(self, node: int, address: str) -> None:
        """Multiply a running power by its base, as the kernel of one start does."""
        outer = self.nodes.outer
        base = next(power.base for power in self.rule.powers if power.node == node)
        product = outer.binary("fmul", outer.load(address), self.nodes.uniform[base])
        gone = outer.compare("olt", outer.call("llvm.fabs.f64", product), constant(SMALLEST_POWER))
        power = outer.select(gone, constant(0.0), product)
        outer.store(power, address)
        self.nodes.uniform[node] = power

    def vectors(self, node: int, values: Mapping[int, Sequence[str]]) -> list[str]:
        """Return a node as `width` vectors, whatever it is."""
        found = list(values[node]) if node in values else [self.nodes.lanes(node)]
        return found if len(found) == self.width else found * self.width

    def _operation(self, node: int, values: Mapping[int, list[str]], point: PointLanes | None) -> list[str]:
        operation = self.graph.operation(node)
        below = self.graph.operands(node)
        if point is not None and operation == "gradient":
            return point.gradient(self.vectors(below[0], values))
        if point is not None and operation == "hessian_diagonal":
            return point.hessian_diagonal(self.vectors(below[0], values))
        if operation in ("norm", "dot", "sum", "mean"):
            return [self._whole(operation, [self.vectors(under, values) for under in below])]
        found = [values.get(under) for under in below]
        width = max(len(vectors) for vectors in found if vectors is not None)
        return [
            self.nodes.apply(node, [
                None if vectors is None else vectors[place if len(vectors) > 1 else 0] for vectors in found
            ])
            for place in range(width)
        ]

    def _whole(self, operation: str, operands: Sequence[Sequence[str]]) -> str:
        """Emit what looks at all parameters of a start, added from first to last as ever."""
        inner = self.nodes.inner
        if operation == "norm":
            return inner.norm(operands[0])
        if operation == "dot":
            return inner.sum([inner.binary("fmul", *pair) for pair in zip(*operands, strict=True)])
        total = inner.sum(operands[0])
        return total if operation == "sum" else inner.binary("fdiv", total, inner.number(float(self.width)))
