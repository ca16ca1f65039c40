"""The one optimizer of whole matrices: listed with its equations, and refused on formulas, which have none."""

from __future__ import annotations

import math
from dataclasses import replace

from gdstudio.engine.optimizers.numbers import NESTEROV_SWITCH, epsilon, momentum, rate, size, weight_decay
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_LEGEND = """\
# G is the gradient of a matrix of weights, X' the transpose of X: of U and U' the one with fewer rows is taken
"""
_ORTHOGONAL = """\
X = U / max(norm(U), epsilon)
# ns_steps times
A = X X'
X = muon_a X + (muon_b A + muon_c A A) X
"""
_MUON = _LEGEND + """\
M = momentum * M + (1 - momentum) * G
U = where(nesterov == 1, momentum * M + (1 - momentum) * G, M)
""" + _ORTHOGONAL + """\
theta = (1 - learning_rate * weight_decay) * theta - learning_rate * sqrt(max(1, rows / columns)) * X"""
_KERAS_MUON = _LEGEND + """\
M = momentum * M + G
U = where(nesterov == 1, momentum * M + G, M)
""" + _ORTHOGONAL.replace("max(norm(U), epsilon)", "(norm(U) + 1e-7)") + """\
theta = (1 - learning_rate * weight_decay) * theta - learning_rate * rms_rate * sqrt(max(rows, columns)) * X"""
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
_RMS_RATE = size(
    "rms_rate", "ρ", 0.2,
    QT_TRANSLATE_NOOP("Parameters", "The mean size that a step of rate 1 has in each weight."), (0.0, 1.0),
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
                "pytorch", "",
                (rate(1e-3), momentum(0.95), _NESTEROV, weight_decay(0.1), *_QUINTIC, epsilon(1e-7)),
                "torch.optim.Muon", shown_equations=_MUON,
            ),
            Variant(
                "keras", "",
                (rate(1e-3), momentum(0.95), _NESTEROV, weight_decay(4e-3), *_QUINTIC, _RMS_RATE),
                "keras.optimizers.Muon", shown_equations=_KERAS_MUON,
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Turns the velocity of a weight matrix into the nearest orthogonal matrix and steps along it."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Anything that is no matrix: vectors, biases, variables of a formula."),
        refusal=QT_TRANSLATE_NOOP(
            "Errors", "Muon works on matrices only: it makes a matrix of weights orthogonal, and a formula has none."
        ),
    ),
)
