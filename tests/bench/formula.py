"""A formula typed anew: how long until its machine code runs, and what another thread feels of it."""

from __future__ import annotations

import statistics
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from gdstudio.engine.descent import Descent
from gdstudio.engine.kernels import evaluate_kernel
from gdstudio.engine.objective import objective
from gdstudio.engine.stopping import Stopping
from tests.bench.measure import Figure, at_most, given, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.__main__ import Settings

_REPEATS = 15
_TICK = 0.0005
_RACE = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
_STOPPING = Stopping(iterations=10, tolerance=0.0)
# The number makes each a formula that was never seen.
_TEXTS = ("(1-x)^2 + {number}*(y-x^2)^2", "x^2 + {number}*sin(y)*exp(-x^2) + 10*cos(x*y)")


def _first_steps(text: str, *optimizers: str) -> None:
    goal = objective(text)
    for optimizer in optimizers:
        Descent(goal, optimizer, (0.5, 0.5), stopping=_STOPPING).advance(10)


def _whole_window(text: str) -> None:
    evaluate_kernel(objective(text).program, True)
    _first_steps(text, *_RACE)


def _append_seconds(times: list[float], function: Callable[[], object]) -> None:
    times.append(seconds(function))


def _worst_gap_while(work: threading.Thread) -> float:
    """Return the longest time between two ticks of this thread while `work` is under way."""
    worst, last = 0.0, time.perf_counter()
    work.start()
    while work.is_alive():
        time.sleep(_TICK)
        now = time.perf_counter()
        worst, last = max(worst, now - last), now
    work.join()
    return worst


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    _first_steps("x + y", "adam")
    alone, gaps, all_runs = [], [], []
    beside: list[float] = []
    for repeat in range(_REPEATS):
        for place, template in enumerate(_TEXTS):
            texts = [template.format(number=100 + 10 * repeat + kind) for kind in range(3)]
            alone.append(seconds(partial(_first_steps, texts[0], "adam")))
            work = threading.Thread(target=_append_seconds, args=(beside, partial(_first_steps, texts[1], "adam")))
            gaps.append(_worst_gap_while(work))
            if place == 0:
                all_runs.append(seconds(partial(_whole_window, texts[2])))
    idle = _worst_gap_while(threading.Thread(target=time.sleep, args=(0.3,)))
    return [
        at_most("a new formula of two variables until its machine code has made 10 steps", _ms(alone), 50, "ms"),
        given("the same beside a thread that ticks", _ms(beside), "ms"),
        at_most("worst gap of that thread meanwhile, of 30 formulas", max(gaps) * 1e3, 10, "ms"),
        given("its median", _ms(gaps), "ms"),
        given("worst gap of a thread that ticks beside nothing", idle * 1e3, "ms"),
        given("a new formula with all six optimizers and the kernel of the surface", _ms(all_runs), "ms"),
    ]


def _ms(times: list[float]) -> float:
    return statistics.median(times) * 1e3
