"""Losses over data: the mean over the samples of a data set, or over a batch of them."""

from __future__ import annotations

from gdstudio.engine.problems import Minimum, ProblemRow
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

ROWS: tuple[ProblemRow, ...] = (
    ProblemRow(
        key="line_fit",
        name=QT_TRANSLATE_NOOP("Problems", "Line through noisy points"),
        text="(w*x + b - y)^2",
        domain=((-2.5, 4.5), (-2.2, 3.2)),
        start=(-1.5, -1.0),
        minima=(Minimum((1.5338099887569097, 0.6205743737242148), 0.16405712988030513),),
        learning_rates={
            "gd": 0.005, "momentum": 0.001, "momentum_ema": 0.01, "nesterov": 0.001,
            "rmsprop": 0.012, "adam": 0.03,
        },
        dataset="noisy_line",
        reference=(
            "A. M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, 1805"
        ),
        remark=QT_TRANSLATE_NOOP(
            "Problems",
            "Fitting a line is descent in a bowl whose axes are the slope w and the intercept b.",
        ),
    ),
)
