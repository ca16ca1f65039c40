"""A few minima: the question is which of them a descent finds."""

from __future__ import annotations

from gdstudio.engine.functions.references import SURVEY
from gdstudio.engine.problems import Minimum, ProblemRow
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

ROWS: tuple[ProblemRow, ...] = (
    ProblemRow(
        key="double_well",
        name=QT_TRANSLATE_NOOP("Problems", "Double well"),
        text="x^4 - 4*x^2 + x",
        domain=((-2.3, 2.3),),
        start=(2.1,),
        minima=(
            Minimum((-1.4729976011140302,), -5.444192066610897),
            Minimum((1.346997408527774,), -2.6185559807652474),
        ),
        learning_rates={
            "gd": 0.001, "momentum": 0.02, "momentum_ema": 0.02, "nesterov": 0.0005,
            "rmsprop": 0.005, "adam": 0.01,
        },
        reference="Made for this program",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Plain descent stops in the first well; enough momentum rolls on into the deeper one.",
        ),
    ),
    ProblemRow(
        key="forrester",
        name=QT_TRANSLATE_NOOP("Problems", "Forrester"),
        text="(6*x - 2)^2*sin(12*x - 4)",
        domain=((0.0, 1.0),),
        start=(0.5,),
        minima=(
            Minimum((0.7572487578418559,), -6.0207400557670825),
            Minimum((0.14258918932471631,), -0.9863254063210815),
        ),
        learning_rates={
            "gd": 0.00015, "momentum": 0.00012, "momentum_ema": 0.0003, "nesterov": 0.00012,
            "rmsprop": 0.0008, "adam": 0.0015,
        },
        reference=(
            "A. I. J. Forrester, A. Sóbester and A. J. Keane, Engineering Design via Surrogate "
            "Modelling, Wiley, 2008"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Near x = 1/3 the curve is flat without being a minimum; a little more speed gets across.",
        ),
    ),
    ProblemRow(
        key="two_minima",
        name=QT_TRANSLATE_NOOP("Problems", "Two unequal minima"),
        text="x^4 - 2*x^2 + 0.4*x + 2*(y - 0.3*x)^2",
        domain=((-2.0, 2.0), (-1.6, 1.6)),
        start=(1.5, -1.1),
        minima=(
            Minimum((-1.0466805318046022, -0.31400415954138067), -1.4095442952001458),
            Minimum((0.9456492739235914, 0.28369478217707744), -0.6105577670951382),
        ),
        learning_rates={
            "gd": 0.003, "momentum": 0.0008, "momentum_ema": 0.006, "nesterov": 0.0008,
            "rmsprop": 0.006, "adam": 0.015,
        },
        reference="Made for this program",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Which of the two minima is found depends on the side from which the descent starts.",
        ),
    ),
    ProblemRow(
        key="himmelblau",
        name=QT_TRANSLATE_NOOP("Problems", "Himmelblau"),
        text="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-0.5, -1.0),
        minima=(
            Minimum((3.0, 2.0), 0.0),
            Minimum((3.5844283403304917, -1.8481265269644036), 0.0),
            Minimum((-3.779310253377747, -3.2831859912861696), 0.0),
            Minimum((-2.805118086952745, 3.131312518250573), 0.0),
        ),
        scale="log",
        learning_rates={
            "gd": 0.0004, "momentum": 0.00015, "momentum_ema": 0.001, "nesterov": 0.00012,
            "rmsprop": 0.008, "adam": 0.015,
        },
        reference="D. M. Himmelblau, Applied Nonlinear Programming, McGraw-Hill, 1972",
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Four equally good minima around a hill: a small change of the start changes the end.",
        ),
    ),
    ProblemRow(
        key="three_hump_camel",
        name=QT_TRANSLATE_NOOP("Problems", "Three-hump camel"),
        text="2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        domain=((-2.3, 2.3), (-2.3, 2.3)),
        start=(1.1, 2.0),
        minima=(
            Minimum((0.0, 0.0), 0.0),
            Minimum((1.7475523458302888, -0.8737761729151444), 0.2986384422368598),
            Minimum((-1.7475523458302888, 0.8737761729151444), 0.2986384422368598),
        ),
        scale="log",
        learning_rates={
            "gd": 0.006, "momentum": 0.0012, "momentum_ema": 0.012, "nesterov": 0.0015,
            "rmsprop": 0.01, "adam": 0.025,
        },
        reference=SURVEY,
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "The best minimum lies between two that are almost as good.",
        ),
    ),
    ProblemRow(
        key="six_hump_camel",
        name=QT_TRANSLATE_NOOP("Problems", "Six-hump camel"),
        text="(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
        domain=((-2.1, 2.1), (-1.2, 1.2)),
        start=(1.2, 1.0),
        minima=(
            Minimum((0.08984201310031806, -0.7126564030207396), -1.0316284534898774),
            Minimum((-0.08984201310031806, 0.7126564030207396), -1.0316284534898774),
            Minimum((-1.703606714969981, 0.7960835686726251), -0.21546382438371764),
            Minimum((1.703606714969981, -0.7960835686726251), -0.21546382438371764),
            Minimum((1.6071047529201972, 0.5686514548841314), 2.1042503103112584),
            Minimum((-1.6071047529201972, -0.5686514548841314), 2.1042503103112584),
        ),
        learning_rates={
            "gd": 0.002, "momentum": 0.0005, "momentum_ema": 0.005, "nesterov": 0.0006,
            "rmsprop": 0.004, "adam": 0.006,
        },
        reference=(
            "L. C. W. Dixon and G. P. Szegö (editors), Towards Global Optimisation 2, North-Holland, "
            "1978"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Six minima in three pairs, because turning the plane by half a turn changes nothing.",
        ),
    ),
    ProblemRow(
        key="mccormick",
        name=QT_TRANSLATE_NOOP("Problems", "McCormick"),
        text="sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1",
        domain=((-1.5, 4.0), (-3.0, 4.0)),
        start=(-1.0, 3.0),
        minima=(
            Minimum((-0.5471975511965977, -1.5471975511965979), -1.9132229549810364),
            Minimum((2.5943951023931953, 1.5943951023931955), 1.2283696986087567),
        ),
        learning_rates={
            "gd": 0.012, "momentum": 0.005, "momentum_ema": 0.04, "nesterov": 0.005,
            "rmsprop": 0.025, "adam": 0.06,
        },
        reference=SURVEY,
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "A trough with waves on its floor: the descent turns sharply once it has reached the floor.",
        ),
    ),
    ProblemRow(
        key="styblinski_tang",
        name=QT_TRANSLATE_NOOP("Problems", "Styblinski-Tang"),
        text="(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        domain=((-4.5, 4.5), (-4.5, 4.5)),
        start=(-0.5, 0.0),
        minima=(
            Minimum((-2.903534027771177, -2.903534027771177), -78.33233140754282),
            Minimum((-2.903534027771177, 2.746802770990837), -64.19561235905536),
            Minimum((2.746802770990837, -2.903534027771177), -64.19561235905536),
            Minimum((2.746802770990837, 2.746802770990837), -50.05889331056788),
        ),
        learning_rates={
            "gd": 0.0008, "momentum": 0.00025, "momentum_ema": 0.0025, "nesterov": 0.0003,
            "rmsprop": 0.008, "adam": 0.012,
        },
        reference=(
            "M. A. Styblinski and T.-S. Tang, Experiments in nonconvex optimization, Neural Networks 3, "
            "1990"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Each variable chooses one of two wells, so there are four ends, and one is best.",
        ),
    ),
    ProblemRow(
        key="branin",
        name=QT_TRANSLATE_NOOP("Problems", "Branin"),
        text="(5/pi*x - 5.1/(4*pi^2)*x^2 + y - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
        domain=((-5.0, 10.0), (0.0, 15.0)),
        start=(5.5, 13.0),
        minima=(
            Minimum((-3.141592653589793, 12.275), 0.39788735772973816),
            Minimum((3.141592653589793, 2.275), 0.39788735772973816),
            Minimum((9.42477796076938, 2.475), 0.39788735772973816),
        ),
        scale="log",
        learning_rates={
            "gd": 0.008, "momentum": 0.0015, "momentum_ema": 0.015, "nesterov": 0.002,
            "rmsprop": 0.03, "adam": 0.2,
        },
        reference=(
            "F. H. Branin, 1972, in the form of L. C. W. Dixon and G. P. Szegö (editors), Towards "
            "Global Optimisation 2, 1978"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Three equally good minima along a bent valley: optimizers part ways from the same start.",
        ),
    ),
    ProblemRow(
        key="goldstein_price",
        name=QT_TRANSLATE_NOOP("Problems", "Goldstein-Price"),
        text=(
            "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
            "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))"
        ),
        domain=((-2.0, 2.0), (-2.0, 2.0)),
        start=(-1.4, -1.6),
        minima=(
            Minimum((0.0, -1.0), 3.0),
            Minimum((-0.6, -0.4), 30.0),
            Minimum((1.8, 0.2), 84.0),
            Minimum((1.2, 0.8), 840.0),
        ),
        scale="log",
        learning_rates={
            "gd": 1e-5, "momentum": 3e-6, "momentum_ema": 3e-5, "nesterov": 3e-6,
            "rmsprop": 0.025, "adam": 0.12,
        },
        reference=(
            "A. A. Goldstein and J. F. Price, On descent from local minima, Mathematics of Computation "
            "25, 1971"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Heights from three to a million: plain descent needs tiny steps to survive the slopes.",
        ),
    ),
)
