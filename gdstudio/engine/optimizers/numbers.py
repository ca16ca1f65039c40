"""The hyperparameters that many optimizers share: one name, symbol, meaning and range for each, everywhere."""

from __future__ import annotations

import math
from dataclasses import replace

from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_RATE = Parameter(
    key="learning_rate", symbol="η", default=1e-3,
    meaning=QT_TRANSLATE_NOOP("Parameters", "How far a step goes along the update direction."),
    minimum=0.0, maximum=math.inf, open_maximum=True, usual=(1e-5, 1.0), logarithmic=True,
)
_EPSILON = Parameter(
    key="epsilon", symbol="ε", default=1e-8,
    meaning=QT_TRANSLATE_NOOP("Parameters", "A small number that keeps the division from blowing up."),
    minimum=0.0, maximum=1.0, usual=(1e-12, 1e-2), logarithmic=True,
)
MEAN_GRADIENT = QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean gradient.")
MEAN_SQUARE = QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean squared gradient.")
VELOCITY = QT_TRANSLATE_NOOP("Parameters", "How much of the previous velocity is kept at each step.")


def rate(default: float) -> Parameter:
    """Return the learning rate."""
    return replace(_RATE, default=default)


def epsilon(default: float) -> Parameter:
    """Return the small number of a denominator."""
    return replace(_EPSILON, default=default)


def decay(key: str, symbol: str, default: float, meaning: str) -> Parameter:
    """Return a weight of the past, from 0 to below 1."""
    return Parameter(
        key=key, symbol=symbol, default=default, meaning=meaning,
        minimum=0.0, maximum=1.0, open_maximum=True, usual=(0.0, 0.999),
    )


def share(key: str, symbol: str, default: float, meaning: str) -> Parameter:
    """Return a share, from 0 to 1."""
    return Parameter(
        key=key, symbol=symbol, default=default, meaning=meaning, minimum=0.0, maximum=1.0, usual=(0.0, 1.0)
    )


def switch(key: str, meaning: str) -> Parameter:
    """Return a choice of 0 (off) or 1 (on), off at first."""
    return Parameter(
        key=key, symbol=key, default=0.0, meaning=meaning, minimum=0.0, maximum=1.0, usual=(0.0, 1.0), integer=True
    )


NESTEROV_SWITCH = switch(
    "nesterov", QT_TRANSLATE_NOOP("Parameters", "1 corrects the velocity with the newest gradient (Nesterov), 0 not.")
)


def size(key: str, symbol: str, default: float, meaning: str, usual: tuple[float, float]) -> Parameter:
    """Return a number of any size from 0 on; its slider is linear where it begins at 0."""
    return Parameter(
        key=key, symbol=symbol, default=default, meaning=meaning,
        minimum=0.0, maximum=math.inf, open_maximum=True, usual=usual, logarithmic=usual[0] > 0.0,
    )


def momentum(default: float = 0.9) -> Parameter:
    """Return the share of the velocity that is kept."""
    return decay("momentum", "μ", default, VELOCITY)


def beta1(default: float = 0.9) -> Parameter:
    """Return the weight of the past in the mean gradient."""
    return decay("beta1", "β₁", default, MEAN_GRADIENT)


def beta2(default: float = 0.999) -> Parameter:
    """Return the weight of the past in the mean squared gradient."""
    return decay("beta2", "β₂", default, MEAN_SQUARE)


def rho(default: float) -> Parameter:
    """Return the weight of the past in the mean squared gradient, as RMSProp and Adadelta call it."""
    return decay("rho", "ρ", default, MEAN_SQUARE)


def weight_decay(default: float = 0.0) -> Parameter:
    """Return the pull towards zero, for equations that it is part of."""
    return size(
        "weight_decay", "λ", default,
        QT_TRANSLATE_NOOP("Parameters", "How strongly every parameter is pulled towards zero."), (0.0, 0.1),
    )


def initial_accumulator(default: float) -> Parameter:
    """Return what an accumulator begins with."""
    return size(
        "initial_accumulator", "s₀", default,
        QT_TRANSLATE_NOOP("Parameters", "What the accumulator of squared gradients begins with."), (0.0, 1.0),
    )
