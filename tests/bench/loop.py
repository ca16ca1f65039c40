"""One run of a million iterations: our machine code and `gdstudio.run` against C and PyTorch."""

from __future__ import annotations

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import gdstudio
from gdstudio.engine.kernels import Rows, StateLayout, descend_kernel
from gdstudio.engine.objective import objective
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.stopping import Stopping
from tests.bench.c_loop import BETA1, BETA2, EPSILON, FLAGS, LEARNING_RATE, START, CLoop, compiler
from tests.bench.measure import Figure, at_least, at_most, given, interleaved, left_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.__main__ import Settings

_ITERATIONS = 1_000_000
_REPEATS = 31


class _Kernel:
    """Our kernel with buffers allocated beforehand, as the loop in C has them."""

    def __init__(self) -> None:
        self._objective = objective("(1-x)^2 + 100*(y-x^2)^2")
        rule = composition(Recipe("adam")).rule
        self._kernel = descend_kernel(self._objective.program, rule, False, True)
        theta = np.array(START)
        loss, gradient = self._objective.loss_and_gradient(theta)
        # The last is amsgrad.
        self._hyperparameters = np.array([LEARNING_RATE, BETA1, BETA2, EPSILON, 0.0])
        self._first = StateLayout(2, rule).initial(theta, loss, gradient, self._hyperparameters)
        self._limits = Stopping(iterations=_ITERATIONS, tolerance=0.0).limits(theta, loss)
        self.rows = Rows(np.ones((_ITERATIONS, 2)), np.ones(_ITERATIONS), np.ones(_ITERATIONS))

    def __call__(self) -> None:
        """Make all iterations from the start."""
        state = self._first.copy()
        result = self._kernel(
            _ITERATIONS, state, self._hyperparameters, self._objective, self._limits, self.rows, None
        )
        assert result == (_ITERATIONS, 0)


def _whole_call() -> None:
    result = gdstudio.run(problem="rosenbrock", start=START, iterations=_ITERATIONS, tolerance=0.0)
    path = result.trajectory
    for column in (path.theta, path.loss, path.gradient_norm, path.learning_rate):
        assert len(column) == _ITERATIONS + 1


def _against_c(kernel: _Kernel) -> list[Figure]:
    name = "Adam on Rosenbrock, 10^6 iterations recorded"
    if compiler() is None:
        return [left_out(f"{name}: our kernel / C", "there is no C compiler (cc)")]
    loops = {flags: CLoop(_ITERATIONS, arguments) for flags, arguments in FLAGS.items()}
    sides: list[Callable[[], object]] = [kernel, *loops.values(), _whole_call]
    ours, *theirs, whole = interleaved(_REPEATS, *sides)
    for loop in loops.values():
        assert np.allclose(loop.theta[:1000], kernel.rows.theta[:1000], rtol=1e-9)
    figures = [given("one iteration of our kernel", ours / _ITERATIONS * 1e9, "ns")]
    for flags, taken in zip(loops, theirs, strict=True):
        figures.append(given(f"one iteration of C {flags}", taken / _ITERATIONS * 1e9, "ns"))
        figures.append(at_most(f"{name}: our kernel / C {flags}", ours / taken, 1.3, "x"))
    figures += [
        at_most(f"gdstudio.run, 10^6 iterations, whole call / C {flags}", whole / taken, 2.0, "x")
        for flags, taken in zip(loops, theirs, strict=True)
    ]
    return figures


def _against_torch(kernel: _Kernel, torch: str | None) -> Figure:
    name = "PyTorch's eager Adam on Rosenbrock / our kernel"
    if torch is None:
        return left_out(name, "there is no PyTorch; name a Python that has it with --torch")
    script = Path(__file__).with_name("torch_loop.py")
    found = json.loads(subprocess.run([torch, str(script)], check=True, capture_output=True, text=True).stdout)
    (ours,) = interleaved(_REPEATS, kernel)
    ratio = found["seconds"] / (ours / _ITERATIONS)
    return at_least(f"{name} ({found['version']}, {found['seconds'] * 1e6:.0f} µs)", ratio, 2000, "x")


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    kernel = _Kernel()
    torch = settings.torch or (settings.python if find_spec("torch") else None)
    return [*_against_c(kernel), _against_torch(kernel, torch)]
