"""The table of models that can be fitted to data; a model is added as one row.

A row gives its loss as text in the formula language, so that machine code, typeset equations and exports know
nothing of models. Softmax regression alone is no formula: its parameters are matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.models.losses import REGRESSION
from gdstudio.engine.models.row import INTERCEPT, ModelRow
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEGREE = Parameter(
    key="degree", symbol="d", default=2.0,
    meaning=QT_TRANSLATE_NOOP("Parameters", "The highest power of each feature in the polynomial."),
    minimum=1.0, maximum=20.0, usual=(1.0, 10.0), integer=True,
)


def _linear_names(features: Sequence[str], degree: int) -> tuple[str, ...]:
    del degree
    return (INTERCEPT, *(f"w_{name}" for name in features))


def _linear(features: Mapping[str, str], degree: int) -> str:
    del degree
    return " + ".join((INTERCEPT, *(f"w_{name}*{column}" for name, column in features.items())))


def _polynomial_names(features: Sequence[str], degree: int) -> tuple[str, ...]:
    return (INTERCEPT, *(f"w_{name}_{power}" for name in features for power in range(1, degree + 1)))


def _polynomial(features: Mapping[str, str], degree: int) -> str:
    terms = (
        f"w_{name}_{power}*{column}" + (f"^{power}" if power > 1 else "")
        for name, column in features.items() for power in range(1, degree + 1)
    )
    return " + ".join((INTERCEPT, *terms))


_ROWS = (
    ModelRow(
        key="linear", name=QT_TRANSLATE_NOOP("Models", "Linear regression"), task="regression",
        remark=QT_TRANSLATE_NOOP("Models", "A weight for each feature and an intercept: the loss is a bowl."),
        reference="A. M. Legendre: Nouvelles méthodes pour la détermination des orbites des comètes, 1805",
        losses=REGRESSION, variables=_linear_names, formula=_linear,
    ),
    ModelRow(
        key="polynomial", name=QT_TRANSLATE_NOOP("Models", "Polynomial"), task="regression",
        remark=QT_TRANSLATE_NOOP("Models", "Powers of each feature up to a degree: the bowl becomes a narrow valley."),
        reference="J. D. Gergonne: Application de la méthode des moindres quarrés à l'interpolation des suites, "
        "Annales de mathématiques pures et appliquées 6 (1815) 242-252",
        losses=REGRESSION, variables=_polynomial_names, formula=_polynomial, own_options=(DEGREE,),
    ),
    ModelRow(
        key="exponential", name=QT_TRANSLATE_NOOP("Models", "Exponential decay"), task="regression",
        remark=QT_TRANSLATE_NOOP("Models", "A height and a rate of decay: the valley is curved."),
        reference="D. M. Bates and D. G. Watts: Nonlinear regression analysis and its applications, 1988",
        losses=REGRESSION, variables=lambda features, degree: ("a", "b"),
        formula=lambda features, degree: f"a*exp(-b*{next(iter(features.values()))})", intercept=None,
        most_features=1,
    ),
    ModelRow(
        key="sine", name=QT_TRANSLATE_NOOP("Models", "Sine"), task="regression",
        remark=QT_TRANSLATE_NOOP("Models", "A height, a frequency and a phase: most starts end in a wrong frequency."),
        reference="D. M. Bates and D. G. Watts: Nonlinear regression analysis and its applications, 1988",
        losses=REGRESSION, variables=lambda features, degree: ("a", "b", "c"),
        formula=lambda features, degree: f"a*sin(b*{next(iter(features.values()))} + c)",
        start={"a": 1.0, "b": 1.0}, intercept=None, most_features=1,
    ),
    ModelRow(
        key="logistic", name=QT_TRANSLATE_NOOP("Models", "Logistic regression"), task="binary",
        remark=QT_TRANSLATE_NOOP("Models", "The probability of one of two classes, parted by a straight boundary."),
        reference="D. R. Cox: The regression analysis of binary sequences, Journal of the Royal Statistical Society B "
        "20 (1958) 215-242",
        losses=("logistic",), variables=_linear_names, formula=_linear,
    ),
    ModelRow(
        key="softmax", name=QT_TRANSLATE_NOOP("Models", "Softmax regression"), task="classes",
        remark=QT_TRANSLATE_NOOP("Models", "The probability of each of several classes, from a matrix of weights."),
        reference="C. M. Bishop: Pattern recognition and machine learning, 2006, section 4.3.4",
        losses=("cross_entropy",), variables=lambda features, degree: ("W", "b"), formula=None,
    ),
)

#: Key to row, in the order of menus.
MODELS: dict[str, ModelRow] = {row.key: row for row in _ROWS}
