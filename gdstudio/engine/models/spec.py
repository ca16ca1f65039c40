"""A model made ready for some columns: the text that runs, its variables and where they start, what it predicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import Interpreter
from gdstudio.engine.models.penalties import named
from gdstudio.engine.models.prediction import intercepts_of, prediction_of
from gdstudio.engine.objective import Objective, objective_program
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from gdstudio.engine.language.formula import Formula
    from gdstudio.engine.models.penalties import Penalty
    from gdstudio.engine.objective import ObjectiveProgram

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ModelSpec:
    """A model whose loss is a formula, for certain columns.

    Attributes
    ----------
    text : str
        The loss of one sample with the penalty, in the formula language.
    prediction : str or None
        What the model predicts as text, the probability of class 1 for a binary one; None for a typed loss.
    columns : mapping of str to str
        How the text calls each column that it reads, and the column's own name. The two differ where a parameter
        has the same name.
    target : str or None
        The target's own name; None where a typed loss has none.
    start : mapping of str to float
        Where a descent begins unless said otherwise, for each variable in order.
    parameters : mapping of str to float
        Numbers in the text that people set; a slider changes them without compiling anything.
    unpenalized : tuple of str
        The variables that no penalty touches.
    lasso : str or None
        How strongly a penalty takes the sizes of the others, as text of `parameters`; None where none does.
    """

    text: str
    prediction: str | None
    columns: Mapping[str, str]
    target: str | None
    start: Mapping[str, float]
    parameters: Mapping[str, float] = field(default_factory=dict)
    unpenalized: tuple[str, ...] = ()
    lasso: str | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(self.start)

    @cached_property
    def program(self) -> ObjectiveProgram:
        """The loss with its gradient; the same object for the same text."""
        numbers, columns = tuple(self.parameters), tuple(self.columns)
        return objective_program(self.text, numbers, columns, self.unpenalized, False, self.lasso)

    def objective(self, columns: Mapping[str, ArrayLike]) -> Objective:
        """Return the mean loss over data.

        Parameters
        ----------
        columns : mapping of str to array_like
            By its own name, each column that the model reads, shape (samples,); others may be there.
        """
        data = np.stack([np.asarray(columns[name], dtype=np.float64) for name in self.columns.values()])
        return Objective(self.program, np.array(list(self.parameters.values()), dtype=np.float64), data)

    def predict(self, theta: ArrayLike, columns: Mapping[str, ArrayLike]) -> Floats | None:
        """Return what the model predicts; None where nothing is known of what a typed loss predicts.

        Parameters
        ----------
        theta : array_like, shape (n,)
            The parameters.
        columns : mapping of str to array_like
            By its own name, each feature; others may be there. Together they have one shape.

        Returns
        -------
        ndarray
            Of that shape: predictions, or probabilities of class 1.
        """
        if self._predictor is None:
            return None
        point = np.asarray(theta, dtype=np.float64)
        read = {text: columns[name] for text, name in self.columns.items() if name in columns}
        values = {**dict(zip(self.variables, point, strict=True)), **self.parameters, **read}
        found = self._predictor.run(values)[0]
        return np.array(np.broadcast_to(found, np.broadcast_shapes(*map(np.shape, columns.values()))))

    @cached_property
    def _predictor(self) -> Interpreter | None:
        if self.prediction is not None:
            read: Formula | None = formula(self.prediction, bounded=False)
        else:
            read = None if self.target is None else prediction_of(self.program, self.target)
        return None if read is None else Interpreter(read.graph, [read.loss])


def free_name(name: str, taken: Collection[str], suffix: str) -> str:
    """Return `name`, with `suffix` as often as it takes to be none of `taken`."""
    while name in taken:
        name += suffix
    return name


def columns_read(text: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return those of `columns` that the loss `text` names, in the order of the text.

    Raises
    ------
    FormulaError
        Where the text cannot be read.
    StudioError
        Where it names none.
    """
    used = tuple(name for name in formula(text).inputs if name in columns)
    if not used:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The loss names no column of the data: use some of {known}."),
            known=", ".join(columns[:8]),
        )
    return used


def typed_model(
    text: str, columns: Sequence[str], target: str | None = None, penalty: Penalty | None = None
) -> ModelSpec:
    """Return the model that a typed loss is.

    Parameters
    ----------
    text : str
        The loss of one sample; the names in it that are `columns` are data, all others are its parameters.
    columns : sequence of str
        Names of all columns of the data.
    target : str, optional
        The column that is to be predicted.
    penalty : Penalty, optional
        Added to the loss.

    Raises
    ------
    FormulaError
        Where a text cannot be read.
    StudioError
        Where the loss names no column, or nothing but columns, or the penalty names what is no parameter.
    """
    used = columns_read(text, columns)
    program = objective_program(text, (), used)
    fixed = () if target is None else intercepts_of(program, target)
    whole = penalized_text(text, program.variables, fixed, penalty, columns)
    return ModelSpec(
        text=whole.text, prediction=None, columns={name: name for name in used},
        target=target if target in used else None, start=dict.fromkeys(program.variables, 0.0),
        parameters=whole.numbers, unpenalized=fixed, lasso=whole.lasso,
    )


class Penalized(NamedTuple):
    """A loss with its penalty as text, the numbers of the penalty by their names in it, and its `ModelSpec.lasso`."""

    text: str
    numbers: Mapping[str, float] = MappingProxyType({})
    lasso: str | None = None


def penalized_text(
    text: str, variables: Sequence[str], fixed: Collection[str], penalty: Penalty | None, columns: Collection[str]
) -> Penalized:
    """Return a loss with its penalty.

    Parameters
    ----------
    text : str
        The loss.
    variables : sequence of str
        What it descends on.
    fixed : collection of str
        Those of them that a penalty of the table does not touch.
    penalty : Penalty or None
        The penalty.
    columns : collection of str
        Names that stand for data.

    Raises
    ------
    StudioError
        Where a typed penalty names what is no variable.
    """
    if penalty is None:
        return Penalized(text)
    penalty.check_names(variables, columns)
    if penalty.row is None:
        return Penalized(f"{text} + {penalty.text}")
    weights = [name for name in variables if name not in fixed]
    if not weights:
        return Penalized(text)
    names = {key: free_name(key, {*variables, *columns}, "_of_penalty") for key in penalty.numbers}
    numbers = {names[key]: value for key, value in penalty.numbers.items()}
    lasso = None if penalty.row.lasso is None else named(penalty.row.lasso, names)
    return Penalized(f"{text} + {penalty.row.text_over(weights, names)}", numbers, lasso)
