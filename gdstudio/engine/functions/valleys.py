"""Bowls and valleys: one minimum, and the question is how fast it is reached."""

from __future__ import annotations

from gdstudio.engine.functions.references import LIBRARY, SURVEY
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.problems import Minimum, ProblemRow
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_CONDITION = Parameter(
    key="condition",
    symbol="κ",
    meaning=QT_TRANSLATE_NOOP("Parameters", "How many times as curved the steep axis is as the flat one."),
    default=10.0,
    minimum=1.0,
    maximum=1e6,
    usual=(1.0, 1000.0),
    logarithmic=True,
)

_ANGLE = Parameter(
    key="angle",
    symbol="φ",
    meaning=QT_TRANSLATE_NOOP("Parameters", "How far the bowl is turned, in degrees."),
    default=30.0,
    minimum=-360.0,
    maximum=360.0,
    usual=(-90.0, 90.0),
)

_CHAIN = " + ".join(f"(1 - x{i})^2 + 100*(x{i + 1} - x{i}^2)^2" for i in range(1, 10))

ROWS: tuple[ProblemRow, ...] = (
    ProblemRow(
        key="parabola",
        name=QT_TRANSLATE_NOOP("Problems", "Parabola"),
        text="5*x^2",
        domain=((-2.2, 2.2),),
        start=(1.8,),
        minima=(Minimum((0.0,), 0.0),),
        learning_rates={
            "gd": 0.002, "momentum": 0.001, "momentum_ema": 0.01, "nesterov": 0.001,
            "rmsprop": 0.01, "adam": 0.02,
        },
        reference="Made for this program: the derivative 10 x is that of the first lesson",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "The simplest descent: a step is learning rate times slope, so it shrinks with the slope.",
        ),
    ),
    ProblemRow(
        key="bowl",
        name=QT_TRANSLATE_NOOP("Problems", "Tilted bowl"),
        text=(
            "((x*cos(angle*pi/180) + y*sin(angle*pi/180))^2/condition"
            " + (y*cos(angle*pi/180) - x*sin(angle*pi/180))^2)/2"
        ),
        domain=((-4.0, 4.0), (-4.0, 4.0)),
        start=(3.3, -1.2),
        minima=(Minimum((0.0, 0.0), 0.0),),
        learning_rates={
            "gd": 0.1, "momentum": 0.02, "momentum_ema": 0.2, "nesterov": 0.025,
            "rmsprop": 0.02, "adam": 0.08,
        },
        parameters=(_CONDITION, _ANGLE),
        reference=(
            "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, MIT Press, 2016, section 8.2.1"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "The larger the condition number, the longer plain descent takes along the flat axis.",
        ),
    ),
    ProblemRow(
        key="booth",
        name=QT_TRANSLATE_NOOP("Problems", "Booth"),
        text="(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        domain=((-5.0, 7.0), (-3.0, 9.0)),
        start=(-4.2, 3.5),
        minima=(Minimum((1.0, 3.0), 0.0),),
        scale="log",
        learning_rates={
            "gd": 0.006, "momentum": 0.0012, "momentum_ema": 0.01, "nesterov": 0.0012,
            "rmsprop": 0.03, "adam": 0.1,
        },
        reference=SURVEY,
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "A stretched bowl: first down the steep sides, then slowly along the floor.",
        ),
    ),
    ProblemRow(
        key="matyas",
        name=QT_TRANSLATE_NOOP("Problems", "Matyas"),
        text="0.26*(x^2 + y^2) - 0.48*x*y",
        domain=((-6.0, 6.0), (-6.0, 6.0)),
        start=(1.5, 5.2),
        minima=(Minimum((0.0, 0.0), 0.0),),
        learning_rates={
            "gd": 0.3, "momentum": 0.06, "momentum_ema": 0.6, "nesterov": 0.06,
            "rmsprop": 0.025, "adam": 0.15,
        },
        reference=SURVEY,
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Almost a trough: one direction is 25 times as curved as the other.",
        ),
    ),
    ProblemRow(
        key="sum_squares",
        name=QT_TRANSLATE_NOOP("Problems", "Weighted squares in five variables"),
        text="x1^2 + 2*x2^2 + 3*x3^2 + 4*x4^2 + 5*x5^2",
        domain=((-3.0, 3.0),) * 5,
        start=(2.5, -2.0, 1.5, 2.0, -2.5),
        minima=(Minimum((0.0,) * 5, 0.0),),
        learning_rates={
            "gd": 0.006, "momentum": 0.0012, "momentum_ema": 0.012, "nesterov": 0.0012,
            "rmsprop": 0.012, "adam": 0.025,
        },
        reference=LIBRARY,
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Each variable has a curvature of its own, and one learning rate has to serve them all.",
        ),
    ),
    ProblemRow(
        key="three_variables",
        name=QT_TRANSLATE_NOOP("Problems", "Three variables"),
        text="2*x^2 + 6*z^2 + 7*m^3",
        domain=((-1.5, 1.5),) * 3,
        start=(1.0,) * 3,
        minima=(),
        learning_rates={
            "gd": 0.003, "momentum": 0.00025, "momentum_ema": 0.0025, "nesterov": 0.0003,
            "rmsprop": 0.01, "adam": 0.025,
        },
        reference="Made for this program; at (1, 1, 1) its gradient is (4, 12, 21)",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "A zero gradient need not be a minimum: along m the loss falls without end below zero.",
        ),
    ),
    ProblemRow(
        key="ravine",
        name=QT_TRANSLATE_NOOP("Problems", "Winding ravine"),
        text="x^2/4 + sqrt(1 + 25*(y - sin(x))^2) - 1",
        domain=((-4.0, 4.0), (-3.0, 3.0)),
        start=(-3.5, -1.7),
        minima=(Minimum((0.0, 0.0), 0.0),),
        scale="log",
        learning_rates={
            "gd": 0.03, "momentum": 0.005, "momentum_ema": 0.05, "nesterov": 0.005,
            "rmsprop": 0.01, "adam": 0.05,
        },
        reference="Made for this program; on ill-conditioning see Deep Learning, 2016, section 8.2.1",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Steep walls force small steps, while the way out leads along a floor that hardly slopes.",
        ),
    ),
    ProblemRow(
        key="rosenbrock",
        name=QT_TRANSLATE_NOOP("Problems", "Rosenbrock valley"),
        text="(1 - x)^2 + 100*(y - x^2)^2",
        domain=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.2, 1.0),
        minima=(Minimum((1.0, 1.0), 0.0),),
        scale="log",
        learning_rates={
            "gd": 0.001, "momentum": 0.0005, "momentum_ema": 0.005, "nesterov": 0.0005,
            "rmsprop": 0.006, "adam": 0.05,
        },
        reference=(
            "H. H. Rosenbrock, An automatic method for finding the greatest or least value of a "
            "function, The Computer Journal 3, 1960"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Finding the curved valley is easy, following it to the minimum is what takes so long.",
        ),
    ),
    ProblemRow(
        key="rosenbrock_10",
        name=QT_TRANSLATE_NOOP("Problems", "Rosenbrock valley in ten variables"),
        text=_CHAIN,
        domain=((-2.0, 2.0),) * 10,
        start=(-1.2, 1.0) * 5,
        minima=(
            Minimum((1.0,) * 10, 0.0),
            Minimum(
                (
                    -0.9932633728563689, 0.9966060394434352, 0.9982406113911125, 0.9989884337678007,
                    0.999226153439665, 0.9990736481633443, 0.9984541774029088, 0.9970562516630377,
                    0.9941793752280661, 0.9883926301288679,
                ),
                3.986579112347138,
            ),
        ),
        scale="log",
        learning_rates={
            "gd": 0.001, "momentum": 0.0003, "momentum_ema": 0.003, "nesterov": 0.0003,
            "rmsprop": 0.01, "adam": 0.1,
        },
        reference=(
            "Y.-W. Shang and Y.-H. Qiu, A note on the extended Rosenbrock function, Evolutionary "
            "Computation 14, 2006"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Ten variables in a chain: each can settle only after its neighbour has.",
        ),
    ),
    ProblemRow(
        key="beale",
        name=QT_TRANSLATE_NOOP("Problems", "Beale"),
        text="(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        domain=((-1.0, 4.5), (-1.5, 2.0)),
        start=(1.0, 1.4),
        minima=(Minimum((3.0, 0.5), 0.0),),
        scale="log",
        learning_rates={
            "gd": 0.01, "momentum": 0.001, "momentum_ema": 0.01, "nesterov": 0.001,
            "rmsprop": 0.01, "adam": 0.05,
        },
        reference=(
            "E. M. L. Beale, On an iterative method for finding a local minimum of a function of more "
            "than one variable, 1958"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Steep at the corners and nearly flat in the middle: no single learning rate suits both.",
        ),
    ),
)
