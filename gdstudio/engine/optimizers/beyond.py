"""Methods that look at more than one gradient: along a line, at curvature, or at a bracket."""

from __future__ import annotations

import math
from dataclasses import replace

from gdstudio.engine.methods.quasi_newton import MOST_MEMORY
from gdstudio.engine.optimizers.numbers import rate
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

_FIRST_TRIAL = QT_TRANSLATE_NOOP("Parameters", "The first step length that the line search tries.")
_NOCEDAL = (
    "J. Nocedal and S. J. Wright, Numerical Optimization, 2nd edition, Springer, 2006, "
    "doi:10.1007/978-0-387-40065-5"
)


def _trial(default: float = 1.0) -> Parameter:
    return replace(rate(default), meaning=_FIRST_TRIAL, open_minimum=True, usual=(1e-4, 10.0))


def _c1() -> Parameter:
    return Parameter(
        key="c1", symbol="c₁", default=1e-4,
        meaning=QT_TRANSLATE_NOOP("Parameters", "What share of the decrease that the slope promises a step must keep."),
        minimum=0.0, maximum=0.5, open_minimum=True, open_maximum=True, usual=(1e-6, 0.3), logarithmic=True,
    )


def _c2(default: float) -> Parameter:
    return Parameter(
        key="c2", symbol="c₂", default=default,
        meaning=QT_TRANSLATE_NOOP(
            "Parameters", "How steep the slope at the end of a step may still be, as a share of the slope before it; "
            "it should be above c₁."
        ),
        minimum=0.0, maximum=1.0, open_minimum=True, open_maximum=True, usual=(0.01, 0.99),
    )


_SHRINK = Parameter(
    key="shrink", symbol="τ", default=0.5,
    meaning=QT_TRANSLATE_NOOP("Parameters", "What a step that is too long is multiplied by."),
    minimum=0.0, maximum=1.0, open_minimum=True, open_maximum=True, usual=(0.1, 0.9),
)
_MEMORY = Parameter(
    key="memory", symbol="m", default=10.0,
    meaning=QT_TRANSLATE_NOOP("Parameters", "How many of the last steps the curvature is learnt from."),
    minimum=1.0, maximum=float(MOST_MEMORY), usual=(1.0, 20.0), integer=True,
)
_RADIUS = Parameter(
    key="radius", symbol="Δ₀", default=1.0,
    meaning=QT_TRANSLATE_NOOP("Parameters", "How far the quadratic model is trusted at first."),
    minimum=0.0, maximum=math.inf, open_minimum=True, open_maximum=True, usual=(1e-3, 100.0), logarithmic=True,
)
_RADIUS_MAX = replace(
    _RADIUS, key="radius_max", symbol="Δₘₐₓ", default=1000.0, usual=(1.0, 1e4),
    meaning=QT_TRANSLATE_NOOP("Parameters", "How far the quadratic model is trusted at most."),
)
_NEWTON_SHARE = replace(
    rate(1.0), meaning=QT_TRANSLATE_NOOP("Parameters", "What share of the Newton step is taken; 1 is the pure step."),
    usual=(0.01, 1.0),
)
_SIGN_STEP = replace(
    rate(0.1), meaning=QT_TRANSLATE_NOOP("Parameters", "The length of the first step."), open_minimum=True,
)
_GROWTH = Parameter(
    key="eta_plus", symbol="η₊", default=1.0,
    meaning=QT_TRANSLATE_NOOP("Parameters", "How many times as long as the last step the next one is."),
    minimum=1.0, maximum=math.inf, open_maximum=True, usual=(1.0, 2.0),
)


_HESSIAN = "# H is the matrix of second derivatives at theta\n"
_ALONG_GRADIENT = """\
loss_next <= loss - c1 * alpha * dot(g, g)
"""
_ALONG_D = """\
# alpha is a step length with
loss_next <= loss + c1 * alpha * dot(g, d)
abs(dot(g_next, d)) <= c2 * abs(dot(g, d))
theta = theta + alpha * d
"""
_BEGINS_ANEW = "# beta is 0 at first, after some rounds of n steps, and where d would not lead down\n"
_ARMIJO = (
    "# alpha is the first of learning_rate, shrink * learning_rate, shrink^2 * learning_rate, ... with\n"
    + _ALONG_GRADIENT + "theta = theta - alpha * g"
)
_WOLFE = (
    "# alpha is a step length with\n" + _ALONG_GRADIENT
    + "abs(dot(g_next, g)) <= c2 * dot(g, g)\ntheta = theta - alpha * g"
)
_FLETCHER_REEVES = """\
beta = dot(g, g) / dot(g_old, g_old)
""" + _BEGINS_ANEW + """\
d = beta * d - g
""" + _ALONG_D + "g_old = g"
_POLAK_RIBIERE = _FLETCHER_REEVES.replace(
    "dot(g, g) / dot(g_old, g_old)", "max(0, dot(g, g - g_old) / dot(g_old, g_old))"
)
_NEWTON = _HESSIAN + """\
H p = -g
theta = theta + learning_rate * p"""
_TRUST_REGION = _HESSIAN + """\
model = dot(g, p) + dot(p, H p) / 2
# p is where the model is least with
norm(p) <= delta
share = (loss_next - loss) / model
theta = where(share > 0.15, theta + p, theta)
delta = where(share < 0.25, norm(p) / 4, delta)
delta = where(share > 0.75, min(2 * delta, radius_max), delta)
# delta begins at radius, and doubles only where p reaches as far"""
_BFGS = """\
# B stands for the inverse of the second derivatives: I at first, then times dot(s, y) / dot(y, y)
d = -(B g)
""" + _ALONG_D + """\
s = alpha * d
y = g_next - g
rho = 1 / dot(s, y)
B = (I - rho s y') B (I - rho y s') + rho s s'"""
_LBFGS = """\
d = -g
# with s and y of each of the last memory steps, newest first
a = dot(s, d) / dot(s, y)
d = d - a * y
# with those of the newest step
d = d * dot(s, y) / dot(y, y)
# with those of each again, oldest first
d = d + (a - dot(y, d) / dot(s, y)) * s
""" + _ALONG_D + """\
s = alpha * d
y = g_next - g"""
_SIGN_SEARCH = """\
# until the sign of g changes; step begins at learning_rate
theta = theta - step * sign(g)
step = eta_plus * step
# then low and high are the last two places, with g < 0 at low and g > 0 at high
theta = (low + high) / 2
low = where(g_next < 0, theta, low)
high = where(g_next > 0, theta, high)"""


def _method(key: str, hyperparameters: tuple[Parameter, ...], oracle: str, shown: str) -> tuple[Variant, ...]:
    return (Variant("author", "", hyperparameters, oracle, method=key, shown_equations=shown),)


ROWS = (
    OptimizerRow(
        key="gd_armijo",
        name=QT_TRANSLATE_NOOP("Optimizers", "Gradient descent, backtracking"),
        words=QT_TRANSLATE_NOOP("Optimizers", "line search, Armijo"),
        family="beyond_first_order",
        year=1966,
        authors="L. Armijo",
        reference="Minimization of functions having Lipschitz continuous first partial derivatives, Pacific Journal of "
        "Mathematics 16, 1966, doi:10.2140/pjm.1966.16.1",
        variants=_method("gd_armijo", (_trial(), _c1(), _SHRINK), "numpy, the paper's rule", _ARMIJO),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Tries a long step downhill and shortens it until the loss has really decreased."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Long narrow valleys: every step is safe, yet they still zig-zag from side to side."
        ),
    ),
    OptimizerRow(
        key="gd_wolfe",
        name=QT_TRANSLATE_NOOP("Optimizers", "Gradient descent, Wolfe search"),
        words=QT_TRANSLATE_NOOP("Optimizers", "line search, strong Wolfe conditions"),
        family="beyond_first_order",
        year=1969,
        authors="P. Wolfe",
        reference="Convergence conditions for ascent methods, SIAM Review 11, 1969, doi:10.1137/1011036; "
        "the search of " + _NOCEDAL + ", algorithms 3.5 and 3.6",
        variants=_method(
            "gd_wolfe", (_trial(), _c1(), _c2(0.9)), "scipy.optimize.line_search, along gradients", _WOLFE
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Follows the gradient until the loss has decreased enough and the slope has flattened."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Noisy losses, and narrow valleys, where the direction is what is wrong and not the length."
        ),
    ),
    OptimizerRow(
        key="cg_fr",
        name=QT_TRANSLATE_NOOP("Optimizers", "Conjugate gradients (Fletcher-Reeves)"),
        words=QT_TRANSLATE_NOOP("Optimizers", "CG, line search, nonlinear conjugate gradient"),
        family="beyond_first_order",
        year=1964,
        authors="R. Fletcher and C. M. Reeves",
        reference="Function minimization by conjugate gradients, The Computer Journal 7, 1964, "
        "doi:10.1093/comjnl/7.2.149",
        variants=_method(
            "cg_fr", (_trial(), _c1(), _c2(0.1)), "scipy.optimize.minimize(method='CG')", _FLETCHER_REEVES
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Bends each direction by the one before it, so that no step undoes the progress of the last."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Mini-batches, and long runs far from a quadratic, where it may creep in tiny steps."
        ),
    ),
    OptimizerRow(
        key="cg_pr",
        name=QT_TRANSLATE_NOOP("Optimizers", "Conjugate gradients (Polak-Ribière+)"),
        words=QT_TRANSLATE_NOOP("Optimizers", "CG, PR+, line search, nonlinear conjugate gradient"),
        family="beyond_first_order",
        year=1969,
        authors="E. Polak and G. Ribière",
        reference="Note sur la convergence de méthodes de directions conjuguées, Revue française d'informatique et de "
        "recherche opérationnelle 3, 1969, doi:10.1051/m2an/196903R100351; never negative: J. C. Gilbert and "
        "J. Nocedal, 1992, doi:10.1137/0802003",
        variants=_method(
            "cg_pr", (_trial(), _c1(), _c2(0.1)), "scipy.optimize.minimize(method='CG')", _POLAK_RIBIERE
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Conjugate gradients that forget the old direction as soon as it no longer helps."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Mini-batches: directions are conjugate only if every gradient is of the same loss."
        ),
    ),
    OptimizerRow(
        key="newton",
        name=QT_TRANSLATE_NOOP("Optimizers", "Newton"),
        words=QT_TRANSLATE_NOOP("Optimizers", "second order, Hessian"),
        family="beyond_first_order",
        year=1740,
        authors="I. Newton, J. Raphson and T. Simpson",
        reference="T. Simpson, Essays on Several Curious and Useful Subjects, London, 1740; "
        + _NOCEDAL + ", section 3.3",
        variants=_method("newton", (_NEWTON_SHARE,), "numpy.linalg.solve", _NEWTON),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Jumps to where the parabola fitted to slope and curvature is flat: one step for a quadratic."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Starts far from a minimum: it is drawn to saddles and maxima just as well."
        ),
    ),
    OptimizerRow(
        key="trust_newton",
        name=QT_TRANSLATE_NOOP("Optimizers", "Newton in a trust region"),
        words=QT_TRANSLATE_NOOP("Optimizers", "second order, Hessian, damped Newton"),
        family="beyond_first_order",
        year=1983,
        authors="J. J. Moré and D. C. Sorensen",
        reference="Computing a trust region step, SIAM Journal on Scientific and Statistical Computing 4, 1983, "
        "doi:10.1137/0904038",
        variants=_method(
            "trust_newton", (_RADIUS, _RADIUS_MAX), "scipy.optimize.minimize(method='trust-exact')", _TRUST_REGION
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Newton's step, but never farther than the quadratic model has proved right; leaves saddles."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Many parameters: each step needs the whole Hessian and its eigenvalues."
        ),
    ),
    OptimizerRow(
        key="bfgs",
        name=QT_TRANSLATE_NOOP("Optimizers", "BFGS"),
        words=QT_TRANSLATE_NOOP("Optimizers", "quasi-Newton, line search, second order"),
        family="beyond_first_order",
        year=1970,
        authors="C. G. Broyden, R. Fletcher, D. Goldfarb and D. F. Shanno",
        reference="R. Fletcher, A new approach to variable metric algorithms, The Computer Journal 13, 1970, "
        "doi:10.1093/comjnl/13.3.317; " + _NOCEDAL + ", algorithm 6.1",
        variants=_method("bfgs", (_trial(), _c1(), _c2(0.9)), "scipy.optimize.minimize(method='BFGS')", _BFGS),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Learns the curvature from how the gradient changes, and soon steps like Newton's method."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Mini-batches, and many parameters: it keeps a number for every pair of them."
        ),
    ),
    OptimizerRow(
        key="lbfgs",
        name=QT_TRANSLATE_NOOP("Optimizers", "L-BFGS"),
        words=QT_TRANSLATE_NOOP("Optimizers", "quasi-Newton, line search, limited memory"),
        family="beyond_first_order",
        year=1989,
        authors="D. C. Liu and J. Nocedal",
        reference="On the limited memory BFGS method for large scale optimization, Mathematical Programming 45, 1989, "
        "doi:10.1007/BF01589116",
        variants=(
            Variant(
                "pytorch", "", (_trial(), _MEMORY, _c1(), _c2(0.9)),
                "torch.optim.LBFGS(line_search_fn='strong_wolfe')", method="lbfgs",
                shown_equations=_LBFGS,
            ),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "BFGS from the last few steps alone, so that it suits any number of parameters."
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "Mini-batches: the difference of two noisy gradients is no curvature."
        ),
    ),
    OptimizerRow(
        key="sign_search",
        name=QT_TRANSLATE_NOOP("Optimizers", "Sign search (one variable)"),
        words=QT_TRANSLATE_NOOP("Optimizers", "bisection, bracket, line search"),
        family="beyond_first_order",
        year=1817,
        authors="B. Bolzano",
        reference="Rein analytischer Beweis des Lehrsatzes ..., Prague, 1817: the halving of a bracket with a change "
        "of sign",
        variants=_method("sign_search", (_SIGN_STEP, _GROWTH), "scipy.optimize.bisect", _SIGN_SEARCH),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers",
            "Steps downhill until the slope changes its sign: the minimum lies between, and halving finds it.",
        ),
        not_for=QT_TRANSLATE_NOOP(
            "Optimizers", "More than one variable, and curves with several minima: it finds the first on its way."
        ),
    ),
)
