"""What a typed loss predicts: the P of a residual ``P - y`` or ``y - P``, found in its graph.

The fitted line can then be drawn, and R² be told, without anybody having to say what the model is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.language.derivative import gradient
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import Interpreter

if TYPE_CHECKING:
    from gdstudio.engine.language.formula import Formula
    from gdstudio.engine.language.graph import Graph
    from gdstudio.engine.objective import ObjectiveProgram

_SUMS = ("add", "subtract", "negate")
# At how many places it is looked whether a loss is least on its prediction, and how far beside it.
_LOOKS, _LOOK_SEED, _ASIDE = 8, 5, 1e-3


def prediction_of(program: ObjectiveProgram, target: str) -> Formula | None:
    """Return what `program` compares the column `target` with, or None where there is no one such thing.

    A residual is a sum in which the target stands once, with either sign, and nothing else depends on it; all the
    residuals of a loss must say the same, and a parameter must decide it.

    Returns
    -------
    Formula or None
        The program's, in a graph of its own, with the prediction in the place of the loss.
    """
    if target not in program.columns:
        return None
    read = formula(program.formula.text, bounded=False)
    graph = read.graph
    column = graph.input(target)
    below = graph.reachable([read.loss])
    found: dict[int, tuple[list[int], list[int]]] = {}
    for node in below:
        terms = _terms(graph, node)
        if terms is not None and _is_residual(graph, terms, column):
            found[node] = terms
    inner = {operand for node in found for operand in graph.operands(node) if operand in found}
    predictions = {_other_side(graph, *terms, column) for node, terms in found.items() if node not in inner}
    variables = {graph.input(name) for name in program.variables}
    # 1 - y in a loss of classes is no residual: nothing is predicted where no parameter decides it
    predictions = {node for node in predictions if variables & {*graph.reachable([node])}}
    prediction = predictions.pop() if len(predictions) == 1 else None
    return None if prediction is None or not _is_best(read, prediction, target) else replace(read, loss=prediction)


def _is_best(read: Formula, prediction: int, target: str) -> bool:
    """Whether the loss is nowhere lower beside its prediction than on it, by a look at some places."""
    places = np.random.Generator(np.random.Philox(_LOOK_SEED)).uniform(0.1, 2.0, (len(read.inputs), _LOOKS))
    values = dict(zip(read.inputs, places, strict=True))
    with np.errstate(all="ignore"):
        met = np.broadcast_to(Interpreter(read.graph, [prediction]).run(values)[0], (_LOOKS,))
        loss = Interpreter(read.graph, [read.loss])
        beside = [
            np.broadcast_to(loss.run({**values, target: met + way * (1.0 + np.abs(met))})[0], (_LOOKS,))
            for way in (0.0, -_ASIDE, _ASIDE)
        ]
        known = np.all(np.isfinite(beside), axis=0)
        return bool(np.all(beside[0][known] <= np.minimum(beside[1], beside[2])[known]))


def intercepts_of(program: ObjectiveProgram, target: str) -> tuple[str, ...]:
    """Return the variables that shift the prediction of a typed loss as a whole, which no penalty should touch.

    Where nothing is known of the prediction it is the variable called ``b``, if there is one.
    """
    prediction = prediction_of(program, target)
    if prediction is None:
        return tuple(name for name in program.variables if name == "b")
    graph = prediction.graph
    slopes = gradient(graph, prediction.loss, [graph.input(name) for name in program.variables])
    return tuple(
        name for name, slope in zip(program.variables, slopes, strict=True)
        if graph.is_constant(slope) and not graph.is_constant(slope, 0.0)
    )


def _terms(graph: Graph, node: int) -> tuple[list[int], list[int]] | None:
    """Return what a sum adds and what it subtracts; None where the node is no sum."""
    if graph.operation(node) not in _SUMS:
        return None
    added: list[int] = []
    subtracted: list[int] = []
    pending = [(node, False)]
    while pending:
        term, turned = pending.pop()
        operation = graph.operation(term)
        if operation not in _SUMS:
            (subtracted if turned else added).append(term)
        elif operation == "negate":
            pending.append((graph.operands(term)[0], not turned))
        else:
            left, right = graph.operands(term)
            pending += [(right, turned != (operation == "subtract")), (left, turned)]
    return added, subtracted


def _is_residual(graph: Graph, terms: tuple[list[int], list[int]], column: int) -> bool:
    every = terms[0] + terms[1]
    others = [term for term in every if term != column]
    return len(others) == len(every) - 1 and bool(others) and column not in graph.reachable(others)


def _other_side(graph: Graph, added: list[int], subtracted: list[int], column: int) -> int:
    """Return what the target is compared with: the other terms, with the sign that they have against it."""
    with_sign, against = (added, subtracted) if column in subtracted else (subtracted, added)
    against = [term for term in against if term != column]
    total: int | None = None
    for term in with_sign:
        total = term if total is None else graph.apply("add", total, term)
    for term in against:
        total = graph.apply("negate", term) if total is None else graph.apply("subtract", total, term)
    assert total is not None
    return total
