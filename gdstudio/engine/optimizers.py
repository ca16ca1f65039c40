"""The table of optimizers: each row is its equations, as the textbook prints them, and what to say of them.

Everything else follows from a row: the interpreter and the machine code, the panel, the command line, the
tests and the documentation. Defaults and arithmetic are PyTorch's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

Family = Literal["first_order", "adaptive"]

FAMILY_NAMES: dict[Family, str] = {
    "first_order": QT_TRANSLATE_NOOP("Optimizers", "First order"),
    "adaptive": QT_TRANSLATE_NOOP("Optimizers", "Adaptive"),
}


@dataclass(frozen=True, slots=True)
class OptimizerRow:
    """An optimizer that the program knows by name.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, context ``Optimizers``.
    equations : str
        One assignment a line. `g` is the gradient at the old `theta`, `t` the step from 1; a name read
        before it is assigned is state and starts at zero.
    hyperparameters : tuple of Parameter
        Its numbers, `learning_rate` first.
    family : str
        Key of `FAMILY_NAMES`.
    year : int
        Of first publication.
    reference : str
        Authors and paper.
    intuition : str
        One plain sentence, context ``Optimizers``.
    """

    key: str
    name: str
    equations: str
    hyperparameters: tuple[Parameter, ...]
    family: Family
    year: int
    reference: str
    intuition: str

    def hyperparameter(self, key: str) -> Parameter | None:
        """Return the hyperparameter called `key`, or None."""
        return next((parameter for parameter in self.hyperparameters if parameter.key == key), None)


LEARNING_RATE = Parameter(
    key="learning_rate", symbol="η", default=1e-3,
    meaning=QT_TRANSLATE_NOOP("Parameters", "How far a step goes along the update direction."),
    minimum=0.0, maximum=math.inf, open_maximum=True, usual=(1e-5, 1.0), logarithmic=True,
)


def _rate(default: float) -> Parameter:
    return replace(LEARNING_RATE, default=default)


def _decay(key: str, symbol: str, default: float, meaning: str) -> Parameter:
    return Parameter(
        key=key, symbol=symbol, default=default, meaning=meaning,
        minimum=0.0, maximum=1.0, open_maximum=True, usual=(0.0, 0.999),
    )


MOMENTUM = _decay(
    "momentum", "μ", 0.9,
    QT_TRANSLATE_NOOP("Parameters", "How much of the previous velocity is kept at each step."),
)
MEAN_SQUARE_WEIGHT = QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean squared gradient.")
EPSILON = Parameter(
    key="epsilon", symbol="ε", default=1e-8,
    meaning=QT_TRANSLATE_NOOP("Parameters", "A small number that keeps the division from blowing up."),
    minimum=0.0, maximum=1.0, usual=(1e-12, 1e-2), logarithmic=True,
)

_ROWS = (
    OptimizerRow(
        key="gd",
        name=QT_TRANSLATE_NOOP("Optimizers", "Gradient descent"),
        equations="theta = theta - learning_rate * g",
        hyperparameters=(_rate(1e-3),),
        family="first_order",
        year=1847,
        reference="A. Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, 1847",
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Steps straight downhill, the farther the steeper the slope."),
    ),
    OptimizerRow(
        key="momentum",
        name=QT_TRANSLATE_NOOP("Optimizers", "Momentum"),
        equations="v = momentum * v + g\ntheta = theta - learning_rate * v",
        hyperparameters=(_rate(1e-3), MOMENTUM),
        family="first_order",
        year=1964,
        reference="B. T. Polyak, Some methods of speeding up the convergence of iteration methods, 1964, "
        "doi:10.1016/0041-5553(64)90137-5",
        intuition=QT_TRANSLATE_NOOP("Optimizers", "Rolls like a heavy ball: past gradients add up to a velocity."),
    ),
    OptimizerRow(
        key="momentum_ema",
        name=QT_TRANSLATE_NOOP("Optimizers", "Momentum (average)"),
        equations="v = beta * v + (1 - beta) * g\ntheta = theta - learning_rate * v",
        hyperparameters=(
            _rate(1e-3),
            _decay(
                "beta", "β", 0.9, QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the averaged gradient.")
            ),
        ),
        family="first_order",
        year=1964,
        reference="B. T. Polyak, 1964, doi:10.1016/0041-5553(64)90137-5, written as an exponential moving average",
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Follows the running average of the gradients instead of the last one."
        ),
    ),
    OptimizerRow(
        key="nesterov",
        name=QT_TRANSLATE_NOOP("Optimizers", "Nesterov momentum"),
        equations="v = momentum * v + g\ntheta = theta - learning_rate * (g + momentum * v)",
        hyperparameters=(_rate(1e-3), MOMENTUM),
        family="first_order",
        year=1983,
        reference="Y. Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), "
        "1983; in the form of I. Sutskever et al., ICML 2013",
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Momentum that corrects itself with the newest gradient before it overshoots."
        ),
    ),
    OptimizerRow(
        key="rmsprop",
        name=QT_TRANSLATE_NOOP("Optimizers", "RMSProp"),
        equations="s = rho * s + (1 - rho) * g^2\ntheta = theta - learning_rate * g / (sqrt(s) + epsilon)",
        hyperparameters=(
            _rate(1e-2),
            _decay("rho", "ρ", 0.99, MEAN_SQUARE_WEIGHT),
            EPSILON,
        ),
        family="adaptive",
        year=2012,
        reference="T. Tieleman and G. Hinton, Lecture 6.5: RMSProp, COURSERA Neural Networks for Machine Learning, "
        "2012",
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Divides each coordinate by the recent size of its gradient, so all move alike."
        ),
    ),
    OptimizerRow(
        key="adam",
        name=QT_TRANSLATE_NOOP("Optimizers", "Adam"),
        equations=(
            "m = beta1 * m + (1 - beta1) * g\n"
            "v = beta2 * v + (1 - beta2) * g^2\n"
            "m_hat = m / (1 - beta1^t)\n"
            "v_hat = v / (1 - beta2^t)\n"
            "theta = theta - learning_rate * m_hat / (sqrt(v_hat) + epsilon)"
        ),
        hyperparameters=(
            _rate(1e-3),
            _decay("beta1", "β₁", 0.9, QT_TRANSLATE_NOOP("Parameters", "Weight of the past in the mean gradient.")),
            _decay("beta2", "β₂", 0.999, MEAN_SQUARE_WEIGHT),
            EPSILON,
        ),
        family="adaptive",
        year=2014,
        reference="D. P. Kingma and J. Ba, Adam: A method for stochastic optimization, 2014, arXiv:1412.6980",
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers",
            "Keeps a running mean of the gradient and of its square; each coordinate moves about η, "
            "whatever its scale.",
        ),
    ),
)

OPTIMIZERS: dict[str, OptimizerRow] = {row.key: row for row in _ROWS}
