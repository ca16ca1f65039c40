"""What is added to a loss to keep weights small: ready rows, or a text that a person types.

A row says what one weight ``w`` costs, so that a formula can add it up over its weights by name and a matrix of
weights by array.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.derivative import gradient
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.interpreter import Interpreter
from gdstudio.engine.language.tokens import near_matches, shortened
from gdstudio.engine.optimizers.numbers import share, size
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.parameters import Parameter

    Floats = NDArray[np.float64]

WEIGHT = "w"
#: What the lasso takes of one weight, which has an edge at zero.
SIZE = f"abs({WEIGHT})"


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """A penalty that the program knows by name.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, context ``Models``.
    parts : tuple of (str, str)
        Factors, and what one weight ``w`` adds to the sum behind each.
    parameters : tuple of Parameter
        Its numbers, in the order in which they are written behind the key.
    reference : str
        Where it comes from.
    """

    key: str
    name: str
    parts: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]
    reference: str

    @property
    def lasso(self) -> str | None:
        """How strongly it takes the size of a weight, as text of its numbers; None where it has no such part."""
        return next((factor for factor, term in self.parts if term == SIZE), None)

    def text_over(self, weights: Sequence[str], names: Mapping[str, str]) -> str:
        """Return the penalty of the variables `weights` as text, ``strength*(w_x^2 + w_z^2)``.

        `names` says what each parameter is called in the text.
        """
        written = []
        for factor, term in self.parts:
            terms = (named(term, {**names, WEIGHT: weight}) for weight in weights)
            written.append(f"{named(factor, names)}*({' + '.join(terms)})")
        return " + ".join(written)


def named(text: str, names: Mapping[str, str]) -> str:
    """Return a text of parameters in which each has the name that `names` says, if it says one."""
    return _NAME.sub(lambda match: names.get(match[0], match[0]), text)


_NAME = re.compile(r"[A-Za-z]\w*")
_STRENGTH = size(
    "strength", "λ", 0.1, QT_TRANSLATE_NOOP("Parameters", "How strongly the penalty keeps the weights small."),
    (1e-4, 10.0),
)
_RATIO = share(
    "ratio", "ρ", 0.5, QT_TRANSLATE_NOOP("Parameters", "Which part of the elastic-net penalty is that of the lasso.")
)
_ROWS = (
    PenaltyRow(
        key="ridge", name=QT_TRANSLATE_NOOP("Models", "Ridge"), parts=(("strength", "w^2"),), parameters=(_STRENGTH,),
        reference="A. E. Hoerl and R. W. Kennard: Ridge regression, Technometrics 12 (1970) 55-67",
    ),
    PenaltyRow(
        key="lasso", name=QT_TRANSLATE_NOOP("Models", "Lasso"), parts=(("strength", SIZE),),
        parameters=(_STRENGTH,),
        reference="R. Tibshirani: Regression shrinkage and selection via the lasso, Journal of the Royal Statistical "
        "Society B 58 (1996) 267-288",
    ),
    PenaltyRow(
        key="elastic_net", name=QT_TRANSLATE_NOOP("Models", "Elastic net"),
        parts=(("strength*ratio", SIZE), ("strength*(1 - ratio)/2", "w^2")), parameters=(_STRENGTH, _RATIO),
        reference="H. Zou and T. Hastie: Regularization and variable selection via the elastic net, Journal of the "
        "Royal Statistical Society B 67 (2005) 301-320",
    ),
)

PENALTIES: dict[str, PenaltyRow] = {row.key: row for row in _ROWS}


class PenaltyOfWeights:
    """A penalty as function of a matrix of weights: what one weight costs is a formula."""

    def __init__(self, row: PenaltyRow) -> None:
        names = {parameter.key: parameter.key for parameter in row.parameters}
        read = formula(row.text_over([WEIGHT], names))
        weight = read.graph.input(WEIGHT)
        (slope,) = gradient(read.graph, read.loss, [weight])
        (bend,) = gradient(read.graph, slope, [weight])
        self._names = tuple(names)
        self._interpreter = Interpreter(read.graph, [read.loss, slope, bend])

    def __call__(self, weights: Floats, numbers: Floats) -> tuple[float, Floats, Floats]:
        """Return the penalty of `weights`, and its first and second derivatives by each."""
        values = {WEIGHT: weights, **dict(zip(self._names, numbers.tolist(), strict=True))}
        cost, slope, bend = (np.broadcast_to(value, weights.shape) for value in self._interpreter.run(values))
        return float(cost.sum()), slope, bend


@dataclass(frozen=True)
class Penalty:
    """A penalty as chosen: a row with its numbers, or typed text.

    Attributes
    ----------
    row : PenaltyRow or None
        None where it is typed.
    numbers : mapping of str to float
        A value for each parameter of the row.
    text : str
        As typed, where there is no row.
    """

    row: PenaltyRow | None
    numbers: Mapping[str, float] = field(default_factory=dict)
    text: str = ""

    def check_names(self, variables: Collection[str], columns: Collection[str]) -> None:
        """See that a typed penalty is one of `variables` alone.

        Raises
        ------
        StudioError
            Where it names a column, or what is no variable.
        """
        if self.row is not None:
            return
        for name in formula(self.text).inputs:
            if name in variables:
                continue
            if name in columns:
                template = QT_TRANSLATE_NOOP(
                    "Errors", "A penalty is of the parameters alone, but {name} is a column: leave it out; try {known}."
                )
            else:
                template = QT_TRANSLATE_NOOP(
                    "Errors", "The penalty names {name}, which is no parameter of the loss; try {known}."
                )
            known = near_matches(name, variables) or ", ".join(list(variables)[:6])
            raise StudioError(template, name=shortened(name), known=known)


def read_penalty(text: str) -> Penalty:
    """Read a penalty: ``ridge:0.1``, ``elastic_net:0.1,0.5``, a key alone, or a formula of the parameters.

    Raises
    ------
    FormulaError
        Where it is no key and no formula.
    StudioError
        Where there is no such key, or its numbers are too many, no numbers or outside their range.
    """
    key, colon, rest = (part.strip() for part in text.partition(":"))
    if key in PENALTIES:
        row = PENALTIES[key]
        return Penalty(row, _numbers(row, rest.split(",") if rest else []))
    if colon:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no penalty called {name}; try {known}."),
            name=shortened(key), known=near_matches(key, PENALTIES) or ", ".join(PENALTIES),
        )
    formula(text)
    return Penalty(None, text=text)


def _numbers(row: PenaltyRow, written: Sequence[str]) -> dict[str, float]:
    """Return the value of each parameter of `row`; what is not written is its default."""
    names = [parameter.key for parameter in row.parameters]
    if len(written) > len(names):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} takes {wanted}, and nothing behind: {example}."),
            name=row.key, wanted=", ".join(names),
            example=f"{row.key}:" + ",".join(f"{parameter.default:g}" for parameter in row.parameters),
        )
    found = {parameter.key: parameter.default for parameter in row.parameters}
    for parameter, value in zip(row.parameters, written, strict=False):
        try:
            number = float(value)
        except ValueError:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "The {name} of {penalty} is a number, not {value}."),
                name=parameter.key, penalty=row.key, value=shortened(value.strip()) or "''",
            ) from None
        found[parameter.key] = parameter.check(number)
    return found
