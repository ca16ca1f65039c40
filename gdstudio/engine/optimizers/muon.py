"""The one optimizer of whole matrices: each is made orthogonal, and what is no matrix is left to Adam.

Blocks of parameters have a row for each input, as in Keras. PyTorch's weights are their transpose: its shape factor,
``max(1, rows / columns)`` there, has outputs above inputs, which are columns above rows here.
"""

from __future__ import annotations

import math
from dataclasses import replace

from gdstudio.engine.optimizers.numbers import (
    NESTEROV_SWITCH,
    beta1,
    beta2,
    epsilon,
    momentum,
    rate,
    size,
    switch,
    weight_decay,
)
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# Vectors go to torch.optim.AdamW, as PyTorch's documentation says.
_MUON = """\
M = momentum * M + (1 - momentum) * g
U = where(nesterov == 1, momentum * M + (1 - momentum) * g, M)
X = newton_schulz(U / max(block_norm(U), epsilon), muon_a, muon_b, muon_c, ns_steps)
larger = max(block_rows, block_columns)
size = where(adjust_lr_fn == 1, 0.2 * sqrt(larger), sqrt(max(1, block_columns / block_rows)))
m = beta1 * m + (1 - beta1) * g
v = beta2 * v + (1 - beta2) * g^2
u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + adam_epsilon)
decay = where(in_matrix == 1, weight_decay, adam_lr_ratio * adam_weight_decay)
step = where(in_matrix == 1, size * X, adam_lr_ratio * u)
theta = (1 - learning_rate * decay) * theta - learning_rate * step"""
# What is no matrix has the momentum of Adam in the same place, and decays at the whole rate whatever its own.
_KERAS_MUON = """\
M = where(in_matrix == 1, momentum * M + g, beta1 * M + (1 - beta1) * g)
U = where(nesterov == 1, momentum * M + g, M)
X = newton_schulz(U / (block_norm(U) + 1e-7), muon_a, muon_b, muon_c, ns_steps)
size = where(rms_rate > 0, rms_rate * sqrt(max(block_rows, block_columns)), 1)
v = beta2 * v + (1 - beta2) * g^2
u = sqrt(1 - beta2^t) / (1 - beta1^t) * M / (sqrt(v) + epsilon)
decay = where(in_matrix == 1, weight_decay, adam_weight_decay)
step = where(in_matrix == 1, size * X, adam_lr_ratio * u)
theta = (1 - learning_rate * decay) * theta - learning_rate * step"""
_NESTEROV = replace(NESTEROV_SWITCH, default=1.0)
_COEFFICIENT = QT_TRANSLATE_NOOP("Parameters", "Coefficient of the polynomial that makes the velocity orthogonal.")
_QUINTIC = (
    *(
        Parameter(key, symbol, _COEFFICIENT, default, -math.inf, math.inf, (-10.0, 10.0))
        for key, symbol, default in (("muon_a", "a", 3.4445), ("muon_b", "b", -4.7750), ("muon_c", "c", 2.0315))
    ),
    Parameter(
        "ns_steps", "k", QT_TRANSLATE_NOOP("Parameters", "How many times the polynomial is applied."), 5.0, 1.0, 99.0,
        (1.0, 10.0), integer=True,
    ),
)
_ADJUST = switch(
    "adjust_lr_fn",
    QT_TRANSLATE_NOOP("Parameters", "How steps follow the shape of a matrix: 0 original, 1 match_rms_adamw."),
)
_RMS_RATE = size(
    "rms_rate", "ρ", 0.2,
    QT_TRANSLATE_NOOP("Parameters", "The mean size that a step of rate 1 has in each weight; 0 leaves it as it is."),
    (0.0, 1.0),
)
_ADAM_RATIO = size(
    "adam_lr_ratio", "r", 1.0,
    QT_TRANSLATE_NOOP("Parameters", "The rate of what is no matrix, in units of the learning rate."), (0.0, 10.0),
)


def _adam_decay(default: float) -> Parameter:
    return replace(
        weight_decay(default), key="adam_weight_decay", symbol="λ′",
        meaning=QT_TRANSLATE_NOOP("Parameters", "How strongly what is no matrix is pulled towards zero."),
    )


ROWS = (
    OptimizerRow(
        key="muon",
        name=QT_TRANSLATE_NOOP("Optimizers", "Muon"),
        words=QT_TRANSLATE_NOOP("Optimizers", "orthogonal matrices, Newton-Schulz"),
        family="since_2020",
        year=2024,
        authors="K. Jordan et al.",
        reference="Muon: An optimizer for hidden layers in neural networks, 2024; J. Liu et al., 2025, "
        "arXiv:2502.16982",
        variants=(
            Variant(
                "pytorch", _MUON,
                (
                    rate(1e-3), momentum(0.95), _NESTEROV, weight_decay(0.1), *_QUINTIC, epsilon(1e-7), _ADJUST,
                    _ADAM_RATIO, beta1(), beta2(), replace(epsilon(1e-8), key="adam_epsilon", symbol="ε′"),
                    _adam_decay(1e-2),
                ),
                "torch.optim.Muon, not in bfloat16; AdamW for vectors",
            ),
            Variant(
                "keras", _KERAS_MUON,
                (
                    rate(1e-3), momentum(0.95), _NESTEROV, weight_decay(4e-3), *_QUINTIC, _RMS_RATE, _ADAM_RATIO,
                    beta1(), beta2(), epsilon(1e-7), _adam_decay(4e-3),
                ),
                "keras.optimizers.Muon, its norm in float64 too",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Turns the velocity of a weight matrix into the nearest orthogonal matrix and steps along it."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Anything that is no matrix (vectors and biases are left to Adam), and the last layer of a "
            "network."
        ),
        rate_like=("adam", 1.0),
        needs_matrix=True,
    ),
)
