"""Second derivatives of an objective, exact: the graph of the loss differentiated twice.

They are a program like any other, with the Hessian's upper triangle in the place of the gradient, so that the
machine code and the interpreter of the gradient evaluate them too, data and all. A model that is no formula has its
own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import value_and_gradient_kernel
from gdstudio.engine.language.derivative import gradient, hessian
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import Interpreter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective, ObjectiveProgram

    Floats = NDArray[np.float64]

#: The Hessian of a model that is no formula has so many rows at most: with more, its factors take seconds.
MOST_ROWS = 1000


@lru_cache(maxsize=64)
def second_derivatives(program: ObjectiveProgram) -> ObjectiveProgram:
    """Return `program` with the upper triangle of its Hessian, row after row, in the place of its gradient.

    It has a graph of its own, for graphs are shared between threads and must not grow under another's eyes.

    Raises
    ------
    StudioError
        Where the second derivatives grow beyond the bound of a graph.
    """
    read = formula(program.formula.text, bounded=False)
    inputs = [read.graph.input(name) for name in program.variables]
    rows = hessian(read.graph, gradient(read.graph, read.loss, inputs), inputs)
    nodes = tuple(node for index, row in enumerate(rows) for node in row[index:])
    return replace(
        program, formula=read, gradient=nodes, interpreter=Interpreter(read.graph, [read.loss, *nodes])
    )


def hessian_function(objective: Objective, machine: bool) -> Callable[[Floats], Floats]:
    """Return the function that maps a point, shape (n,), to the Hessian there, shape (n, n), symmetric to the bit.

    Raises
    ------
    StudioError
        As `second_derivatives`.
    """
    if not objective.program.is_formula:
        # loaded already, for there is one of it
        from gdstudio.engine.models.softmax import SoftmaxObjective

        assert isinstance(objective, SoftmaxObjective)
        return objective.hessian
    program = second_derivatives(objective.program)
    upper = value_and_gradient_kernel(program, machine)(replace(objective, program=program))
    n = objective.dimension
    places = np.triu_indices(n)

    def at(theta: Floats) -> Floats:
        matrix = np.empty((n, n))
        matrix[places] = upper(theta)[1]
        matrix.T[places] = matrix[places]
        return matrix

    return at


def refuse_too_many(program: ObjectiveProgram, asker: str) -> None:
    """Do nothing if the Hessian of a model that is no formula is small enough for `asker`, which needs it.

    A formula has bounds of its own, see `second_derivatives`.

    Raises
    ------
    StudioError
        Where it would have more than `MOST_ROWS` rows.
    """
    dimension = len(program.variables)
    if not program.is_formula and dimension > MOST_ROWS:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{asker} needs the matrix of all second derivatives, which is for at most {most} parameters, "
                "but there are {dimension}: choose another optimizer."
            ),
            asker=asker, most=MOST_ROWS, dimension=dimension,
        )
