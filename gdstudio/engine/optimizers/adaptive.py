"""Methods that scale each parameter by what its gradients were, before Adam: AdaGrad, Adadelta, RMSProp."""

from __future__ import annotations

from gdstudio.engine.optimizers.numbers import epsilon, initial_accumulator, momentum, rate, rho, size, switch
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_ADAGRAD = """\
s = s + g^2
rate = learning_rate / (1 + (t - 1) * learning_rate_decay)
theta = theta - rate * g / (sqrt(s) + epsilon)"""
_KERAS_ADAGRAD = "s = s + g^2\ntheta = theta - learning_rate * g / sqrt(s + epsilon)"
_ADADELTA = """\
s = rho * s + (1 - rho) * g^2
change = sqrt(d + epsilon) / sqrt(s + epsilon) * g
d = rho * d + (1 - rho) * change^2
theta = theta - learning_rate * change"""
_RMSPROP = """\
s = rho * s + (1 - rho) * g^2
mean_g = rho * mean_g + (1 - rho) * g
variance = where(centered == 1, s - mean_g^2, s)
v = momentum * v + g / (sqrt(variance) + epsilon)
theta = theta - learning_rate * v"""
_KERAS_RMSPROP = """\
s = rho * s + (1 - rho) * g^2
mean_g = rho * mean_g + (1 - rho) * g
variance = where(centered == 1, s - mean_g^2, s)
v = momentum * v + learning_rate * g / sqrt(variance + epsilon)
theta = theta - v"""
_CENTERED = switch(
    "centered",
    QT_TRANSLATE_NOOP("Parameters", "1 divides by the variance of the gradient, 0 by its mean square."),
)
_RATE_DECAY = size(
    "learning_rate_decay", "γ", 0.0,
    QT_TRANSLATE_NOOP("Parameters", "How fast the rate falls with the number of steps."), (0.0, 0.1),
)

ROWS = (
    OptimizerRow(
        key="adagrad",
        name=QT_TRANSLATE_NOOP("Optimizers", "AdaGrad"),
        family="adaptive",
        year=2011,
        authors="J. Duchi, E. Hazan and Y. Singer",
        reference="Adaptive subgradient methods for online learning and stochastic optimization, JMLR 12, 2011, "
        "https://jmlr.org/papers/v12/duchi11a.html",
        variants=(
            Variant(
                "pytorch", _ADAGRAD, (rate(1e-2), _RATE_DECAY, initial_accumulator(0.0), epsilon(1e-10)),
                "torch.optim.Adagrad", {"s": "initial_accumulator"},
            ),
            Variant(
                "keras", _KERAS_ADAGRAD, (rate(1e-3), initial_accumulator(0.1), epsilon(1e-7)),
                "keras.optimizers.Adagrad", {"s": "initial_accumulator"},
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Remembers how much each parameter has been pushed; those pushed often move less and less."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Long runs: its memory only grows, and its steps die out."),
        rate_like=("adam", 10.0),
    ),
    OptimizerRow(
        key="adadelta",
        name=QT_TRANSLATE_NOOP("Optimizers", "Adadelta"),
        family="adaptive",
        year=2012,
        authors="M. D. Zeiler",
        reference="ADADELTA: An adaptive learning rate method, 2012, arXiv:1212.5701",
        variants=(
            Variant("pytorch", _ADADELTA, (rate(1.0), rho(0.9), epsilon(1e-6)), "torch.optim.Adadelta"),
            Variant("keras", _ADADELTA, (rate(1e-3), rho(0.95), epsilon(1e-7)), "keras.optimizers.Adadelta"),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Finds the length of its steps from its own past steps, so that no rate need be chosen."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Runs in a hurry: its first steps have about the size of √ε."),
    ),
    OptimizerRow(
        key="rmsprop",
        name=QT_TRANSLATE_NOOP("Optimizers", "RMSProp"),
        family="adaptive",
        year=2012,
        authors="T. Tieleman and G. Hinton",
        reference="Lecture 6.5: RMSProp, COURSERA Neural Networks for Machine Learning, 2012; "
        "centred by A. Graves, 2013, arXiv:1308.0850",
        variants=(
            Variant(
                "pytorch", _RMSPROP, (rate(1e-2), rho(0.99), epsilon(1e-8), momentum(0.0), _CENTERED),
                "torch.optim.RMSprop",
            ),
            Variant(
                "keras", _KERAS_RMSPROP, (rate(1e-3), rho(0.9), epsilon(1e-7), momentum(0.0), _CENTERED),
                "keras.optimizers.RMSprop",
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Divides each coordinate by the recent size of its gradient, so all move alike."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Precise answers at a constant rate: near the minimum its steps keep the size of the rate."
        ),
    ),
)
