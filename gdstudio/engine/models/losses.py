"""How far a prediction is from the target: the losses of one sample that a model may be fitted by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class LossRow:
    """A loss that models are fitted by.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, context ``Models``.
    short : str
        The same in the least room, before a value of its mean.
    text : str
        The loss of one sample in the formula language, where ``{model}`` is what the model computes and ``{target}``
        the name of the target; empty where it is no formula.
    parameters : tuple of Parameter
        The numbers in it.
    reference : str
        Where it comes from.
    """

    key: str
    name: str
    short: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    reference: str = ""


DELTA = Parameter(
    key="delta", symbol="δ", default=1.0,
    meaning=QT_TRANSLATE_NOOP("Parameters", "The residual beyond which the Huber loss grows evenly."),
    minimum=0.0, maximum=math.inf, open_minimum=True, open_maximum=True, usual=(1e-2, 1e2), logarithmic=True,
)
QUANTILE = Parameter(
    key="quantile", symbol="q", default=0.5,
    meaning=QT_TRANSLATE_NOOP("Parameters", "The share of the samples that is to lie below the prediction."),
    minimum=0.0, maximum=1.0, open_minimum=True, open_maximum=True, usual=(0.05, 0.95),
)
_RESIDUAL = "({model} - {target})"
_ROWS = (
    LossRow(
        key="squared", name=QT_TRANSLATE_NOOP("Models", "Mean squared error"),
        short=QT_TRANSLATE_NOOP("Models", "MSE"), text=f"{_RESIDUAL}^2",
        reference="C. F. Gauss: Theoria motus corporum coelestium, 1809",
    ),
    LossRow(
        key="absolute", name=QT_TRANSLATE_NOOP("Models", "Mean absolute error"),
        short=QT_TRANSLATE_NOOP("Models", "MAE"), text=f"abs{_RESIDUAL}",
        reference="P. S. de Laplace: Théorie analytique des probabilités, second supplement, 1818",
    ),
    LossRow(
        key="huber", name=QT_TRANSLATE_NOOP("Models", "Huber loss"), short=QT_TRANSLATE_NOOP("Models", "Huber"),
        text=f"where(abs{_RESIDUAL} <= delta, {_RESIDUAL}^2/2, delta*(abs{_RESIDUAL} - delta/2))",
        parameters=(DELTA,),
        reference="P. J. Huber: Robust estimation of a location parameter, Annals of Mathematical Statistics 35 "
        "(1964) 73-101",
    ),
    LossRow(
        key="quantile", name=QT_TRANSLATE_NOOP("Models", "Quantile loss"),
        short=QT_TRANSLATE_NOOP("Models", "quantile"),
        text=f"max((1 - quantile)*{_RESIDUAL}, -quantile*{_RESIDUAL})",
        parameters=(QUANTILE,),
        reference="R. Koenker and G. Bassett: Regression quantiles, Econometrica 46 (1978) 33-50",
    ),
    LossRow(
        # -log(p) for class 1 and -log(1 - p) for class 0, in the form that neither overflows nor loses its tails.
        key="logistic", name=QT_TRANSLATE_NOOP("Models", "Log-loss"),
        short=QT_TRANSLATE_NOOP("Models", "log-loss"),
        text="softplus({model}) - {target}*({model})",
        reference="D. R. Cox: The regression analysis of binary sequences, Journal of the Royal Statistical Society B "
        "20 (1958) 215-242",
    ),
    LossRow(
        key="cross_entropy", name=QT_TRANSLATE_NOOP("Models", "Log-loss"),
        short=QT_TRANSLATE_NOOP("Models", "log-loss"), text="",
        reference="C. M. Bishop: Pattern recognition and machine learning, 2006, section 4.3.4",
    ),
)

LOSSES: dict[str, LossRow] = {row.key: row for row in _ROWS}
REGRESSION = ("squared", "absolute", "huber", "quantile")
