"""Adaptive methods for special ends: huge models and batches, sparse data, steadier or mixed averages."""

from __future__ import annotations

import math

from gdstudio.engine.optimizers.numbers import (
    beta1,
    beta2,
    epsilon,
    initial_accumulator,
    rate,
    share,
    size,
    weight_decay,
)
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# PyTorch takes the size of theta before the decay.
_ADAFACTOR = """\
fresh = t^beta2_decay
rate = max(epsilon_2, sqrt(mean(theta^2))) * min(learning_rate, 1 / sqrt(t))
v = (1 - fresh) * v + fresh * g^2
u = g / sqrt(max(v, epsilon_1^2))
decayed = theta * (1 - learning_rate * weight_decay)
theta = decayed - rate / max(1, sqrt(mean(u^2)) / clip_threshold) * u"""
_KERAS_ADAFACTOR = """\
fresh = t^beta2_decay
rate = max(epsilon_2, sqrt(mean(theta^2))) * min(learning_rate, 1 / sqrt(t))
v = (1 - fresh) * v + fresh * (g^2 + epsilon_1)
u = g / sqrt(v)
theta = theta - rate / max(1, sqrt(mean(u^2)) / clip_threshold) * u"""
_FTRL = """\
s_next = s + g^2
sigma = (s_next^(-learning_rate_power) - s^(-learning_rate_power)) / learning_rate
z = z + g - sigma * theta
s = s_next
curvature = s_next^(-learning_rate_power) / learning_rate + 2 * l2_regularization_strength
kept = min(max(z, -l1_regularization_strength), l1_regularization_strength)
theta = (kept - z) / curvature"""
_LAMB = """\
m = beta1 * m + (1 - beta1) * g
v = beta2 * v + (1 - beta2) * g^2
u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
ratio = where(norm(theta) > 0, where(norm(u) > 0, norm(theta) / norm(u), 1), 1)
theta = theta - ratio * learning_rate * u"""
_YOGI = """\
m = beta1 * m + (1 - beta1) * g
v = v - (1 - beta2) * sign(v - g^2) * g^2
m_hat = m / (1 - beta1^t)
v_hat = v / (1 - beta2^t)
theta = theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)"""
_QHADAM = """\
m = beta1 * m + (1 - beta1) * g
v = beta2 * v + (1 - beta2) * g^2
m_hat = (1 - nu1) * g + nu1 * m / (1 - beta1^t)
v_hat = (1 - nu2) * g^2 + nu2 * v / (1 - beta2^t)
theta = theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)"""
_BETA2_DECAY = Parameter(
    key="beta2_decay", symbol="c", default=-0.8,
    meaning=QT_TRANSLATE_NOOP("Parameters", "Power of t with which the newest squared gradient loses weight."),
    minimum=-math.inf, maximum=0.0, open_minimum=True, usual=(-1.0, 0.0),
)
_EPSILON_2 = size(
    "epsilon_2", "ε₂", 1e-3,
    QT_TRANSLATE_NOOP("Parameters", "The least size of the parameters that a step is measured by."), (1e-6, 1e-1),
)
_CLIP = size(
    "clip_threshold", "d", 1.0,
    QT_TRANSLATE_NOOP("Parameters", "The root mean square above which an update is scaled down."), (0.1, 10.0),
)
_POWER = Parameter(
    key="learning_rate_power", symbol="p", default=-0.5,
    meaning=QT_TRANSLATE_NOOP("Parameters", "Power of the accumulator with which the rate falls."),
    minimum=-math.inf, maximum=0.0, open_minimum=True, usual=(-1.0, 0.0),
)


def _epsilon_1(default: float) -> Parameter:
    return size(
        "epsilon_1", "ε₁", default,
        QT_TRANSLATE_NOOP("Parameters", "A tiny number that keeps squared gradients above zero."), (1e-30, 1e-3),
    )


ROWS = (
    OptimizerRow(
        key="adafactor",
        name=QT_TRANSLATE_NOOP("Optimizers", "Adafactor"),
        family="adaptive",
        year=2018,
        authors="N. Shazeer and M. Stern",
        reference="Adafactor: Adaptive learning rates with sublinear memory cost, 2018, arXiv:1804.04235",
        variants=(
            Variant(
                "pytorch", _ADAFACTOR,
                (rate(1e-2), _BETA2_DECAY, _epsilon_1(2.0**-52), _EPSILON_2, _CLIP, weight_decay(0.0)),
                "torch.optim.Adafactor",
            ),
            Variant(
                "keras", _KERAS_ADAFACTOR, (rate(1e-3), _BETA2_DECAY, _epsilon_1(1e-30), _EPSILON_2, _CLIP),
                "keras.optimizers.Adafactor, its means in float64 too",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam without a mean gradient, whose steps are measured by the size of the parameters."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "A few parameters: what it was made for is to save memory where matrices are huge."
        ),
        note=QT_TRANSLATE_NOOP(
            "Optimizers", "Here all parameters are one vector, whose mean squares are all kept: libraries take each "
            "variable by itself, and of a matrix keep rows and columns only, so that on the weights of softmax "
            "regression they go another way."
        ),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="ftrl",
        name=QT_TRANSLATE_NOOP("Optimizers", "FTRL"),
        words=QT_TRANSLATE_NOOP("Optimizers", "follow the regularized leader"),
        family="adaptive",
        year=2013,
        authors="H. B. McMahan et al.",
        reference="Ad click prediction: A view from the trenches, KDD 2013, doi:10.1145/2487575.2488200",
        variants=(
            Variant(
                "keras", _FTRL,
                (
                    rate(1e-3), _POWER, initial_accumulator(0.1),
                    size(
                        "l1_regularization_strength", "λ₁", 0.0,
                        QT_TRANSLATE_NOOP("Parameters", "Strength of the pull that sets parameters to exactly zero."),
                        (0.0, 0.1),
                    ),
                    size(
                        "l2_regularization_strength", "λ₂", 0.0,
                        QT_TRANSLATE_NOOP("Parameters", "Strength of the pull that keeps parameters small."),
                        (0.0, 0.1),
                    ),
                ),
                "keras.optimizers.Ftrl", {"s": "initial_accumulator"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Goes to where the sum of all past slopes, with a growing pull to the path so far, is least."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Starts that matter: it forgets where it began, for all that it knows is the sum of slopes."
        ),
        rate_like=("adam", 10.0),
    ),
    OptimizerRow(
        key="lamb",
        name=QT_TRANSLATE_NOOP("Optimizers", "LAMB"),
        words=QT_TRANSLATE_NOOP("Optimizers", "layer-wise adaptive moments, large batches"),
        family="adaptive",
        year=2019,
        authors="Y. You et al.",
        reference="Large batch optimization for deep learning: Training BERT in 76 minutes, 2019, arXiv:1904.00962",
        variants=(Variant("keras", _LAMB, (rate(1e-3), beta1(), beta2(), epsilon(1e-7)), "keras.optimizers.Lamb"),),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam whose step is a fixed share of the length of the parameter vector."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Minima at or near zero: steps shrink with the parameters themselves."),
        note=QT_TRANSLATE_NOOP(
            "Optimizers", "Here all parameters are one vector: libraries take the length of each variable by itself, "
            "so that on weights and intercepts of softmax regression they go another way."
        ),
    ),
    OptimizerRow(
        key="yogi",
        name=QT_TRANSLATE_NOOP("Optimizers", "Yogi"),
        family="adaptive",
        year=2018,
        authors="M. Zaheer, S. Reddi, D. Sachan, S. Kale and S. Kumar",
        reference="Adaptive methods for nonconvex optimization, NeurIPS 2018, "
        "https://papers.nips.cc/paper/8186-adaptive-methods-for-nonconvex-optimization",
        variants=(
            Variant(
                "author", _YOGI, (rate(1e-2), beta1(), beta2(), epsilon(1e-3), initial_accumulator(1e-6)),
                "optax.yogi", {"m": "initial_accumulator", "v": "initial_accumulator"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Adam whose mean square moves by bounded amounts, so that it cannot collapse."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Gradients that shrink by orders of magnitude: its mean square comes down slowly."
        ),
        rate_like=("adam", 1.0),
    ),
    OptimizerRow(
        key="qhadam",
        name=QT_TRANSLATE_NOOP("Optimizers", "QHAdam"),
        words=QT_TRANSLATE_NOOP("Optimizers", "quasi-hyperbolic Adam"),
        family="adaptive",
        year=2018,
        authors="J. Ma and D. Yarats",
        reference="Quasi-hyperbolic momentum and Adam for deep learning, ICLR 2019, arXiv:1810.06801",
        variants=(
            Variant(
                "author", _QHADAM,
                (
                    rate(1e-3), beta1(0.995), beta2(0.999), epsilon(1e-8),
                    share(
                        "nu1", "ν₁", 0.7,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the mean gradient against the newest one."),
                    ),
                    share(
                        "nu2", "ν₂", 1.0,
                        QT_TRANSLATE_NOOP("Parameters", "Weight of the mean square against the newest one."),
                    ),
                ),
                "qhoptim.pyt.QHAdam",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Adam that mixes the newest gradient into both of its averages."),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "People who want few numbers to tune: it has two more than Adam."),
        rate_like=("adam", 1.0),
    ),
)
