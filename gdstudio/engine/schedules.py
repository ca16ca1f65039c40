"""The table of schedules: how the learning rate goes from step to step, as equations of `t`.

A schedule assigns `learning_rate` anew, above the optimizer's equations; on the right `learning_rate` is the number
that was set. `t` is 1 at the first update, so a schedule of PyTorch's that is stepped once an update is read at t - 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdstudio.engine.additions_row import AdditionRow, Part
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.language.formula import formula
from gdstudio.engine.language.tokens import near_matches, shortened, tokens
from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable

#: What the numbers of a schedule begin with: ``size`` of a schedule is the hyperparameter ``schedule_size``.
PREFIX = "schedule_"
MOST_MILESTONES = 20
# What a formula for the rate may read.
_READABLE = ("t", "learning_rate")

_STEP = """\
learning_rate = learning_rate * schedule_factor^floor((t - 1) / schedule_size)"""
# The power is a running product: a factor that is changed during a run acts from then on.
_EXPONENTIAL = """\
learning_rate = learning_rate * schedule_factor^t / schedule_factor"""
_INVERSE_TIME = """\
learning_rate = learning_rate / (1 + schedule_rate * (t - 1))"""
_POLYNOMIAL = """\
schedule_left = 1 - min(t - 1, schedule_iterations) / schedule_iterations
learning_rate = schedule_end + (learning_rate - schedule_end) * schedule_left^schedule_power"""
_COSINE = """\
schedule_turn = pi * (t - 1) / schedule_iterations
learning_rate = schedule_end + (learning_rate - schedule_end) * (1 + cos(schedule_turn)) / 2"""
# Of cycles that grow the number follows from a logarithm; the little that is added keeps it from being one too low.
_COSINE_RESTARTS = """\
schedule_growth = schedule_multiplier - 1
schedule_elapsed = (t - 1) / schedule_first
schedule_grown = log(1 + schedule_elapsed * schedule_growth) / log(schedule_multiplier)
schedule_cycle = floor(where(schedule_growth == 0, schedule_elapsed, schedule_grown + 1e-10))
schedule_length = schedule_multiplier^schedule_cycle
schedule_begin = where(schedule_growth == 0, schedule_cycle, (schedule_length - 1) / schedule_growth)
schedule_turn = pi * (t - 1 - schedule_first * schedule_begin) / (schedule_first * schedule_length)
learning_rate = schedule_end + (learning_rate - schedule_end) * (1 + cos(schedule_turn)) / 2"""
_ONE_CYCLE = """\
schedule_top = schedule_pct_start * schedule_iterations - 1
schedule_up = (t - 1) / schedule_top
schedule_down = min(1, (t - 1 - schedule_top) / (schedule_iterations - 1 - schedule_top))
schedule_low = schedule_peak / schedule_div_factor
schedule_last = schedule_low / schedule_final_div_factor
schedule_rise = schedule_peak + (schedule_low - schedule_peak) / 2 * (cos(pi * schedule_up) + 1)
schedule_fall = schedule_last + (schedule_peak - schedule_last) / 2 * (cos(pi * schedule_down) + 1)
learning_rate = where(t - 1 < schedule_top, schedule_rise, schedule_fall)"""
# The loss of this update decides on the rate of the next, where it is a new one. As in PyTorch a loss is better by a
# share of 1e-4 at least, and a rate is not reduced by less than 1e-8.
_PLATEAU = """\
learning_rate = learning_rate * schedule_scale
schedule_better = where(loss < schedule_best * (1 - 1e-4), loss_is_new, 0)
schedule_best = where(schedule_better == 1, loss, schedule_best)
schedule_waited = where(schedule_better == 1, 0, schedule_bad + loss_is_new)
schedule_enough = where(schedule_waited > schedule_patience, 1, 0)
schedule_bad = where(schedule_enough == 1, 0, schedule_waited)
schedule_lower = where(learning_rate - learning_rate * schedule_factor > 1e-8, schedule_factor, 1)
schedule_scale = where(schedule_enough == 1, schedule_scale * schedule_lower, schedule_scale)"""


def _count(
    name: str, symbol: str, default: float, meaning: str, usual: tuple[float, float], least: int = 1
) -> Parameter:
    return Parameter(
        key=PREFIX + name, symbol=symbol, default=default, meaning=meaning, minimum=float(least), maximum=1e8,
        usual=usual, logarithmic=usual[0] > 0.0, integer=True,
    )


def _size(name: str, symbol: str, default: float, meaning: str, usual: tuple[float, float]) -> Parameter:
    return Parameter(
        key=PREFIX + name, symbol=symbol, default=default, meaning=meaning, minimum=0.0, maximum=math.inf,
        open_maximum=True, usual=usual, logarithmic=usual[0] > 0.0,
    )


def _divisor(name: str, symbol: str, default: float, meaning: str, usual: tuple[float, float]) -> Parameter:
    return Parameter(
        key=PREFIX + name, symbol=symbol, default=default, meaning=meaning, minimum=0.0, maximum=math.inf,
        open_minimum=True, open_maximum=True, usual=usual, logarithmic=True,
    )


def _factor(default: float, below: float = math.inf) -> Parameter:
    return Parameter(
        key=PREFIX + "factor", symbol="γ", default=default,
        meaning=QT_TRANSLATE_NOOP("Parameters", "What the learning rate is multiplied by each time."),
        minimum=0.0, maximum=below, open_minimum=True, open_maximum=True, usual=(0.01, 0.9999), logarithmic=True,
    )


def _iterations(meaning: str) -> Parameter:
    return _count("iterations", "T", 1000.0, meaning, (10.0, 1e5))


_END = _size(
    "end", "η₁", 0.0, QT_TRANSLATE_NOOP("Parameters", "The learning rate that the schedule falls to."), (0.0, 0.1)
)
_TO_THE_END = QT_TRANSLATE_NOOP("Parameters", "Iterations until the end is reached.")


_SGDR = "I. Loshchilov and F. Hutter, SGDR: Stochastic gradient descent with warm restarts, 2017, arXiv:1608.03983"
_ONE_CYCLE_NUMBERS = (
    _iterations(QT_TRANSLATE_NOOP("Parameters", "Iterations of the whole cycle.")),
    _divisor(
        "peak", "η₀", 0.01,
        QT_TRANSLATE_NOOP("Parameters", "The largest learning rate; unless said it is the one that is set."),
        (1e-5, 1.0),
    ),
    Parameter(
        key="schedule_pct_start", symbol="p", default=0.3,
        meaning=QT_TRANSLATE_NOOP("Parameters", "The share of the cycle in which the learning rate rises."),
        minimum=0.0, maximum=1.0, open_maximum=True, usual=(0.05, 0.95),
    ),
    _divisor(
        "div_factor", "d", 25.0,
        QT_TRANSLATE_NOOP("Parameters", "By what the peak is divided for the first learning rate."), (1.0, 1000.0),
    ),
    _divisor(
        "final_div_factor", "d₁", 1e4,
        QT_TRANSLATE_NOOP("Parameters", "By what the first learning rate is divided for the last."), (1.0, 1e6),
    ),
)


def _milestone(number: int) -> Parameter:
    return _count(
        f"milestone{number}", f"m{number}", 50.0 * number - 20.0,
        QT_TRANSLATE_NOOP("Parameters", "An iteration after which the learning rate is multiplied by the factor."),
        (1.0, 1e4), least=0,
    )


def _multistep(text: str) -> Part:
    """Return the equations for as many milestones as `text` says."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_MILESTONES):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "multistep has 1 to {most} milestones, not {count}."),
            most=MOST_MILESTONES, count=text[:20],
        )
    milestones = tuple(_milestone(number) for number in range(1, int(text) + 1))
    passed = " + ".join(f"where(t > {milestone.key}, 1, 0)" for milestone in milestones)
    before = f"schedule_passed = {passed}\nlearning_rate = learning_rate * schedule_factor^schedule_passed"
    return Part(before, parameters=(*milestones, _factor(0.1)))


def _formula(text: str) -> Part:
    """Return the equation that makes `text` the learning rate.

    Raises
    ------
    FormulaError
        Where it cannot be read, or reads anything but `t` and `learning_rate`.
    """
    strangers = [name for name in formula(text).inputs if name not in _READABLE]
    if strangers:
        raise FormulaError(
            QT_TRANSLATE_NOOP(
                "Errors", "A schedule is a formula of t and learning_rate; {name} means nothing in it, try {known}."
            ),
            text=text, column=next(token.column for token in tokens(text) if token.text == strangers[0]),
            name=shortened(strangers[0]), known=near_matches(strangers[0], _READABLE) or ", ".join(_READABLE),
        )
    return Part(f"learning_rate = {text.strip(' ')}")


def _row(
    key: str, name: str, meaning: str, part: Part, oracle: str = "closed form", reference: str = "",
    written: Callable[[str], Part] | None = None,
) -> AdditionRow:
    return AdditionRow(key, name, "schedule", meaning, part, reference, oracle, written)


_TORCH = "torch.optim.lr_scheduler."
ROWS = (
    _row(
        "constant", QT_TRANSLATE_NOOP("Optimizers", "Constant"),
        QT_TRANSLATE_NOOP("Optimizers", "The learning rate stays as it is."), Part("learning_rate = learning_rate"),
    ),
    _row(
        "step", QT_TRANSLATE_NOOP("Optimizers", "Steps"),
        QT_TRANSLATE_NOOP("Optimizers", "Multiplies the learning rate by a factor every so many iterations."),
        Part(_STEP, parameters=(
            _count(
                "size", "s", 100.0,
                QT_TRANSLATE_NOOP("Parameters", "Iterations from one drop of the learning rate to the next."),
                (1.0, 1e4),
            ),
            _factor(0.1),
        )),
        _TORCH + "StepLR",
    ),
    _row(
        "multistep", QT_TRANSLATE_NOOP("Optimizers", "Steps at milestones"),
        QT_TRANSLATE_NOOP("Optimizers", "Multiplies the learning rate by a factor after each of the given iterations."),
        _multistep("2"), _TORCH + "MultiStepLR", written=_multistep,
    ),
    _row(
        "exponential", QT_TRANSLATE_NOOP("Optimizers", "Exponential"),
        QT_TRANSLATE_NOOP("Optimizers", "Multiplies the learning rate by a factor after every iteration."),
        Part(_EXPONENTIAL, parameters=(_factor(0.99),)), _TORCH + "ExponentialLR",
    ),
    _row(
        "inverse_time", QT_TRANSLATE_NOOP("Optimizers", "Inverse time"),
        QT_TRANSLATE_NOOP("Optimizers", "Divides the learning rate by a number that grows evenly."),
        Part(_INVERSE_TIME, parameters=(
            _size(
                "rate", "k", 0.01,
                QT_TRANSLATE_NOOP("Parameters", "How much the divisor of the learning rate grows in an iteration."),
                (1e-5, 1.0),
            ),
        )),
        reference="H. Robbins and S. Monro, A stochastic approximation method, 1951, doi:10.1214/aoms/1177729586",
    ),
    _row(
        "polynomial", QT_TRANSLATE_NOOP("Optimizers", "Polynomial"),
        QT_TRANSLATE_NOOP("Optimizers", "Falls to the end as a power of the iterations left, and stays there."),
        Part(_POLYNOMIAL, parameters=(
            _iterations(_TO_THE_END),
            _size(
                "power", "p", 1.0, QT_TRANSLATE_NOOP("Parameters", "The power; 1 falls in a straight line."), (0.0, 4.0)
            ),
            _END,
        )),
        _TORCH + "PolynomialLR",
    ),
    _row(
        "cosine", QT_TRANSLATE_NOOP("Optimizers", "Cosine"),
        QT_TRANSLATE_NOOP(
            "Optimizers", "Falls to the end along half a wave of the cosine, and rises again if the run goes on."
        ),
        Part(_COSINE, parameters=(_iterations(_TO_THE_END), _END)), _TORCH + "CosineAnnealingLR", _SGDR,
    ),
    _row(
        "cosine_restarts", QT_TRANSLATE_NOOP("Optimizers", "Cosine with restarts"),
        QT_TRANSLATE_NOOP("Optimizers", "Falls to the end along half a wave of the cosine, again and again."),
        Part(_COSINE_RESTARTS, parameters=(
            _count("first", "T₀", 100.0, QT_TRANSLATE_NOOP("Parameters", "Iterations of the first fall."), (10.0, 1e4)),
            _count(
                "multiplier", "m", 1.0,
                QT_TRANSLATE_NOOP("Parameters", "How many times as long as the last each fall is."), (1.0, 4.0),
            ),
            _END,
        )),
        _TORCH + "CosineAnnealingWarmRestarts", _SGDR,
    ),
    _row(
        "one_cycle", QT_TRANSLATE_NOOP("Optimizers", "One cycle"),
        QT_TRANSLATE_NOOP(
            "Optimizers", "Rises from a fraction of the peak to it and falls far below where it began, and stays there."
        ),
        Part(_ONE_CYCLE, parameters=_ONE_CYCLE_NUMBERS), _TORCH + "OneCycleLR",
        "L. N. Smith and N. Topin, Super-convergence, 2018, arXiv:1708.07120",
    ),
    _row(
        "plateau", QT_TRANSLATE_NOOP("Optimizers", "On a plateau"),
        QT_TRANSLATE_NOOP("Optimizers", "Multiplies the learning rate by a factor where the loss no longer falls."),
        Part(_PLATEAU, parameters=(
            _count(
                "patience", "n", 10.0,
                QT_TRANSLATE_NOOP("Parameters", "How many losses in a row that are not better are borne."),
                (1.0, 1000.0), least=0,
            ),
            _factor(0.1, below=1.0),
        ), initial={"schedule_scale": "1", "schedule_best": "exp(1000)"}),
        _TORCH + "ReduceLROnPlateau",
    ),
    _row(
        "formula", QT_TRANSLATE_NOOP("Optimizers", "Formula"),
        QT_TRANSLATE_NOOP("Optimizers", "The learning rate is a formula of your own, of t and learning_rate."),
        Part("learning_rate = learning_rate"), written=_formula,
    ),
)
