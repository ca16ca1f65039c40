"""Many minima: a descent ends in the nearest of them unless something carries it on."""

from __future__ import annotations

from gdstudio.engine.functions.references import SURVEY
from gdstudio.engine.problems import Minimum, ProblemRow
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

ROWS: tuple[ProblemRow, ...] = (
    ProblemRow(
        key="griewank",
        name=QT_TRANSLATE_NOOP("Problems", "Griewank"),
        text="1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))",
        domain=((-10.0, 10.0), (-10.0, 10.0)),
        start=(5.2, 2.0),
        minima=(
            Minimum((0.0, 0.0), 0.0),
            Minimum((3.1400226338955397, 4.438444480920714), 0.007396040334115082),
            Minimum((3.1400226338955397, -4.438444480920714), 0.007396040334115082),
            Minimum((-3.1400226338955397, 4.438444480920714), 0.007396040334115082),
            Minimum((-3.1400226338955397, -4.438444480920714), 0.007396040334115082),
            Minimum((6.280045279379904, 0.0), 0.009864672061006214),
            Minimum((-6.280045279379904, 0.0), 0.009864672061006214),
        ),
        learning_rates={
            "gd": 0.02, "momentum": 0.005, "momentum_ema": 0.04, "nesterov": 0.005,
            "rmsprop": 0.005, "adam": 0.01,
        },
        reference=(
            "A. O. Griewank, Generalized descent for global optimization, Journal of Optimization "
            "Theory and Applications 34, 1981"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Many wells of nearly the same depth: the losses barely tell which of them is the best.",
        ),
    ),
    ProblemRow(
        key="levy",
        name=QT_TRANSLATE_NOOP("Problems", "Levy"),
        text=(
            "sin(pi*(x + 3)/4)^2 + (x - 1)^2/16*(1 + 10*sin(pi*(x + 3)/4 + 1)^2)"
            " + (y - 1)^2/16*(1 + sin(pi*(y + 3)/2)^2)"
        ),
        domain=((-6.0, 6.0), (-6.0, 6.0)),
        start=(-2.65, 3.7),
        minima=(Minimum((1.0, 1.0), 0.0),),
        scale="log",
        learning_rates={
            "gd": 0.1, "momentum": 0.01, "momentum_ema": 0.1, "nesterov": 0.01,
            "rmsprop": 0.015, "adam": 0.03,
        },
        reference=(
            "A. V. Levy and A. Montalvo, The tunneling algorithm for the global minimization of "
            "functions, SIAM Journal on Scientific and Statistical Computing 6, 1985"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Parallel ridges cross a broad bowl, and what looks like progress may end between two of them.",
        ),
    ),
    ProblemRow(
        key="rastrigin",
        name=QT_TRANSLATE_NOOP("Problems", "Rastrigin"),
        text="20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        start=(2.4, 1.6),
        minima=(
            Minimum((0.0, 0.0), 0.0),
            Minimum((0.9949586376523348, 0.0), 0.9949590570932914),
            Minimum((-0.9949586376523348, 0.0), 0.9949590570932914),
            Minimum((0.0, 0.9949586376523348), 0.9949590570932914),
            Minimum((0.0, -0.9949586376523348), 0.9949590570932914),
        ),
        learning_rates={
            "gd": 2.5e-5, "momentum": 6e-6, "momentum_ema": 6e-5, "nesterov": 8e-6,
            "rmsprop": 0.001, "adam": 0.002,
        },
        reference="L. A. Rastrigin, Systems of Extremal Control, Nauka, 1974",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Every descent ends in the well nearest to its start, and there are a great many wells.",
        ),
    ),
    ProblemRow(
        key="ackley",
        name=QT_TRANSLATE_NOOP("Problems", "Ackley"),
        text="20*(1 - exp(-0.2*hypot(x, y)/sqrt(2))) + e - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
        domain=((-4.0, 4.0), (-4.0, 4.0)),
        start=(-2.6, 1.4),
        minima=(Minimum((0.0, 0.0), 0.0),),
        learning_rates={
            "gd": 0.002, "momentum": 0.01, "momentum_ema": 0.1, "nesterov": 0.001,
            "rmsprop": 0.003, "adam": 0.22,
        },
        reference="D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing, Kluwer, 1987",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Small wells cover a wide funnel: only momentum or large steps feel the funnel beneath.",
        ),
    ),
    ProblemRow(
        key="schwefel",
        name=QT_TRANSLATE_NOOP("Problems", "Schwefel"),
        text="837.9657745448674 - x*sin(sqrt(abs(x))) - y*sin(sqrt(abs(y)))",
        domain=((-500.0, 500.0), (-500.0, 500.0)),
        start=(285.0, 315.0),
        minima=(
            Minimum((420.96874635998205, 420.96874635998205), 0.0),
            Minimum((-302.52493561191176, 420.96874635998205), 118.43833461443788),
            Minimum((420.96874635998205, -302.52493561191176), 118.43833461443788),
            Minimum((203.81425264889447, 420.96874635998205), 217.1396693905729),
            Minimum((420.96874635998205, 203.81425264889447), 217.1396693905729),
        ),
        learning_rates={
            "gd": 0.05, "momentum": 0.015, "momentum_ema": 0.12, "nesterov": 0.015,
            "rmsprop": 0.25, "adam": 0.5,
        },
        reference="H.-P. Schwefel, Numerical Optimization of Computer Models, Wiley, 1981",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "The second best minimum lies far from the best, in another corner: good is no sign of near.",
        ),
    ),
    ProblemRow(
        key="eggholder",
        name=QT_TRANSLATE_NOOP("Problems", "Eggholder"),
        text="-x*sin(sqrt(abs(x - y - 47))) - (y + 47)*sin(sqrt(abs(x/2 + y + 47)))",
        domain=((-512.0, 512.0), (-512.0, 512.0)),
        start=(330.0, 355.0),
        minima=(
            Minimum((512.0, 404.2318051137578), -959.6406627208509),
            Minimum((482.3533104647884, 432.87899894548343), -956.9182316246655),
            Minimum((439.48099726945344, 453.97743475400256), -935.3379515605802),
            Minimum((-465.6941515451357, 385.71669978348035), -894.5789003905999),
        ),
        learning_rates={
            "gd": 0.1, "momentum": 0.02, "momentum_ema": 0.2, "nesterov": 0.02,
            "rmsprop": 0.3, "adam": 0.5,
        },
        reference=SURVEY,
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Crumpled at every scale, and its lowest point lies on the edge of the square.",
        ),
    ),
)
