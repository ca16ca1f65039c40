"""The one method beyond first order that is equations: it reads the curvature off its way."""

from __future__ import annotations

from gdstudio.engine.optimizers.numbers import rate
from gdstudio.engine.optimizers.row import OptimizerRow, Variant
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# Where the slope did not rise along the last step there is no curvature to learn from: the rate stays.
_BARZILAI_BORWEIN = """\
step = theta - theta_before
rise = dot(step, g - g_before)
learned = where(rise > 0, dot(step, step) / rise, rate)
rate = where(t == 1, learning_rate, learned)
theta_before = theta
g_before = g
theta = theta - rate * g"""

ROWS = (
    OptimizerRow(
        key="barzilai_borwein",
        name=QT_TRANSLATE_NOOP("Optimizers", "Barzilai-Borwein"),
        words=QT_TRANSLATE_NOOP("Optimizers", "spectral step length, two-point step size"),
        family="beyond_first_order",
        year=1988,
        authors="J. Barzilai and J. M. Borwein",
        reference="Two-point step size gradient methods, 1988, doi:10.1093/imanum/8.1.141",
        variants=(
            Variant("author", _BARZILAI_BORWEIN, (rate(1e-3),), "numpy, the paper's formula"),
        ),
        intuition=QT_TRANSLATE_NOOP(
            "Optimizers", "Gradient descent that reads the curvature off its last step and takes its rate from it."
        ),
        not_for=QT_TRANSLATE_NOOP("Optimizers", "Batches of data: noise in the gradients ruins the curvature."),
        rate_like=("gd", 1.0),
    ),
)
