"""Evaluation of the graph with NumPy: the definition of what every other evaluator must compute.

It serves until machine code is ready and where there is none. The walk over the graph is done once, when
an `Interpreter` is made; running it again only calls the functions of the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.engine.language.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from gdstudio.engine.language.graph import Graph


class Interpreter:
    """A plan for evaluating some nodes of a graph, made once and run often.

    Intermediate results give their place to later ones, so that a large grid needs only the memory of what
    is alive at once.

    Parameters
    ----------
    graph : Graph
        The graph; nodes added later do not matter.
    outputs : sequence of int
        The nodes wanted.
    gradient : callable, optional
        What the operation "gradient" of an optimizer's equations calls with a point of shape (..., n).
    """

    def __init__(
        self,
        graph: Graph,
        outputs: Sequence[int],
        gradient: Callable[[Any], Any] | None = None,
    ) -> None:
        nodes = graph.reachable(outputs)
        places = _places(graph, nodes, outputs)
        self._constants = [
            (places[node], np.float64(graph.value(node)))
            for node in nodes
            if graph.operation(node) == "constant"
        ]
        self._inputs = [
            (places[node], graph.name(node)) for node in nodes if graph.operation(node) == "input"
        ]
        self._steps: list[tuple[Callable[..., Any], int, tuple[int, ...]]] = []
        for node in nodes:
            operation = graph.operation(node)
            if operation not in ("constant", "input"):
                function = OPERATIONS[operation].function
                if operation == "gradient" and gradient is not None:
                    function = gradient
                operand_places = tuple(places[operand] for operand in graph.operands(node))
                self._steps.append((function, places[node], operand_places))
        self._outputs = [places[node] for node in outputs]
        self._size = max(places.values(), default=-1) + 1

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs that the outputs depend on."""
        return tuple(name for _, name in self._inputs)

    def run(self, values: Mapping[str, ArrayLike]) -> list[NDArray[np.float64] | np.float64]:
        """Evaluate the outputs.

        Parameters
        ----------
        values : mapping of str to array_like
            A scalar or an array for each input; arrays broadcast against one another.

        Returns
        -------
        list of float64 or ndarray of float64
            One for each output; a scalar where the output depends on scalars alone. Overflow gives inf and
            an undefined value gives nan, silently.
        """
        cells: list[Any] = [None] * self._size
        for place, number in self._constants:
            cells[place] = number
        for place, name in self._inputs:
            value = values[name]
            cells[place] = value if type(value) is np.float64 else np.asarray(value, dtype=np.float64)[()]
        with np.errstate(all="ignore"):
            for function, place, operands in self._steps:
                if len(operands) == 2:
                    cells[place] = function(cells[operands[0]], cells[operands[1]])
                elif len(operands) == 1:
                    cells[place] = function(cells[operands[0]])
                else:
                    cells[place] = function(*[cells[operand] for operand in operands])
        return [np.asarray(cells[place], dtype=np.float64)[()] for place in self._outputs]


def _places(graph: Graph, nodes: Sequence[int], outputs: Sequence[int]) -> dict[int, int]:
    """Give each node a cell; a cell is free again after the last use of its operation's result.

    Constants, inputs and outputs keep theirs.
    """
    last_use = {operand: node for node in nodes for operand in graph.operands(node)}
    kept = set(outputs)
    places: dict[int, int] = {}
    free: list[int] = []
    size = 0
    for node in nodes:
        if free and graph.operation(node) not in ("constant", "input"):
            places[node] = free.pop()
        else:
            places[node] = size
            size += 1
        free.extend(
            places[operand]
            for operand in set(graph.operands(node))
            if last_use[operand] == node and operand not in kept and graph.operands(operand)
        )
    return places


def evaluate(
    graph: Graph, outputs: Sequence[int], values: Mapping[str, ArrayLike]
) -> list[NDArray[np.float64] | np.float64]:
    """Evaluate nodes once; see `Interpreter.run`."""
    return Interpreter(graph, outputs).run(values)
