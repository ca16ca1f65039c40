"""Saddles and plateaus: the gradient vanishes where there is no minimum."""

from __future__ import annotations

from gdstudio.engine.problems import Minimum, ProblemRow
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

ROWS: tuple[ProblemRow, ...] = (
    ProblemRow(
        key="saddle",
        name=QT_TRANSLATE_NOOP("Problems", "Saddle"),
        text="x^2 - y^2",
        domain=((-2.0, 2.0), (-2.0, 2.0)),
        start=(1.7, 0.001),
        minima=(),
        learning_rates={
            "gd": 0.0036, "momentum": 0.00035, "momentum_ema": 0.0035, "nesterov": 0.00035,
            "rmsprop": 0.0012, "adam": 0.0011,
        },
        reference=(
            "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, MIT Press, 2016, section 8.2.3"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Descent lingers where the gradient vanishes, though there is a way down on both sides.",
        ),
    ),
    ProblemRow(
        key="monkey_saddle",
        name=QT_TRANSLATE_NOOP("Problems", "Monkey saddle"),
        text="x^3 - 3*x*y^2",
        domain=((-1.5, 1.5), (-1.5, 1.5)),
        start=(1.2, 0.02),
        minima=(),
        learning_rates={
            "gd": 0.0012, "momentum": 0.00014, "momentum_ema": 0.0014, "nesterov": 0.00014,
            "rmsprop": 0.001, "adam": 0.0009,
        },
        reference="D. Hilbert and S. Cohn-Vossen, Geometry and the Imagination, 1932",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "At its centre slope and curvature vanish together: neither shows the way down.",
        ),
    ),
    ProblemRow(
        key="plateau",
        name=QT_TRANSLATE_NOOP("Problems", "Cliff, plateau and well"),
        text="1/(1 + exp(3*(x + 3))) + 1 - exp(-((x - 2)^2 + y^2)/2)",
        domain=((-5.0, 4.5), (-3.5, 3.5)),
        start=(-3.6, 0.9),
        minima=(Minimum((2.0000009177038733, 0.0), 3.059018058342657e-7),),
        learning_rates={
            "gd": 0.15, "momentum": 0.04, "momentum_ema": 0.3, "nesterov": 0.04,
            "rmsprop": 0.01, "adam": 0.06,
        },
        reference="Made for this program; on flat regions see Deep Learning, 2016, section 8.2.3",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Plain descent creeps across the plateau, momentum carries the speed of the cliff over it.",
        ),
    ),
    ProblemRow(
        key="easom",
        name=QT_TRANSLATE_NOOP("Problems", "Easom"),
        text="-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
        domain=((0.0, 6.5), (0.0, 6.5)),
        start=(1.9, 4.1),
        minima=(Minimum((3.141592653589793, 3.141592653589793), -1.0),),
        learning_rates={
            "gd": 0.012, "momentum": 0.005, "momentum_ema": 0.04, "nesterov": 0.005,
            "rmsprop": 0.003, "adam": 0.005,
        },
        reference=(
            "E. E. Easom, A survey of global optimization techniques, University of Louisville, 1990"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "A single narrow well in a vast plain: far from it there is no slope to follow.",
        ),
    ),
)
