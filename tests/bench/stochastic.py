"""Steps of linear regression with one sample each, over 10,000 samples: ours against C and PyTorch.

The loss over all samples is evaluated at epoch ends on every side. Against C there are two figures: the kernels alone,
where both are given the same order of samples, and whole runs, in which both shuffle before each epoch and get their
memory from the system, as whoever runs once does.
"""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.descent import Descent
from gdstudio.engine.kernels import Batches, Rows, StateLayout, descend_kernel
from gdstudio.engine.objective import objective
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.sampling import Batching, Sampler
from gdstudio.engine.stopping import Stopping
from tests.bench.c_loop import FLAGS, CLimits, compiler
from tests.bench.child import Child
from tests.bench.measure import Figure, at_least, at_most, given, interleaved, left_out, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.__main__ import Settings

_SAMPLES, _EPOCHS = 10_000, 50
_ITERATIONS = _SAMPLES * _EPOCHS
_RATE = 0.01
_REPEATS = 21
_SOURCE = Path(__file__).with_name("stochastic.c")
_NAME = f"SGD with batches of 1 on a line, {_SAMPLES:,} samples"

_RANDOM = np.random.default_rng(0)
_X = _RANDOM.normal(size=_SAMPLES)
_Y = 2.0 * _X + 1.0 + 0.1 * _RANDOM.normal(size=_SAMPLES)
_GOAL = objective("(w*x + b - y)^2", columns={"x": _X, "y": _Y})
_STOPPING = Stopping(iterations=_ITERATIONS, tolerance=0.0)


_DRAWN = Sampler(_SAMPLES, Batching(1), 0).batches(0, _ITERATIONS)


class _Buffers:
    """What both sides fill."""

    def __init__(self) -> None:
        self.theta, self.batch_loss = np.empty((_ITERATIONS, 2)), np.empty(_ITERATIONS)
        self.loss, self.norm = np.empty(_ITERATIONS), np.empty(_ITERATIONS)

    def touch(self) -> None:
        """Have all the memory before the clock starts."""
        for array in (self.theta, self.batch_loss, self.loss, self.norm):
            array.fill(1.0)


class _Kernel:
    """Our kernel alone, the order of samples given."""

    def __init__(self) -> None:
        self.buffers = _Buffers()
        self.buffers.touch()
        rule = composition(Recipe("gd")).rule
        self._kernel = descend_kernel(_GOAL.program, rule, True, True)
        theta = np.zeros(2)
        loss, gradient = _GOAL.loss_and_gradient(theta)
        self._hyperparameters = np.array([_RATE])
        self._first = StateLayout(2, rule).initial(theta, loss, gradient, self._hyperparameters)
        self.limits = _STOPPING.limits(theta, loss)
        evaluated = np.zeros(_ITERATIONS + 1, dtype=np.bool_)
        evaluated[::_SAMPLES] = True
        self._batches = Batches(*_DRAWN, evaluated, self.buffers.batch_loss)

    def __call__(self) -> None:
        """Make all iterations from the start."""
        rows = Rows(self.buffers.theta, self.buffers.loss, self.buffers.norm)
        made = self._kernel(
            _ITERATIONS, self._first.copy(), self._hyperparameters, _GOAL, self.limits, rows, self._batches
        )
        assert made == (_ITERATIONS, 0)


class _InC:
    """The loop in C: alone with an order that is given, or `whole`, shuffling and with memory of its own."""

    def __init__(self, library: ctypes.CDLL, limits: CLimits, *, whole: bool) -> None:
        self.buffers = _Buffers()
        self.buffers.touch()
        self._function = library.descend
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        self._function.restype = number
        self._function.argtypes = [number, number, pointer, pointer, ctypes.c_double, *[pointer] * 8]
        self._limits = limits
        self._whole = whole
        self._order = np.empty(_SAMPLES, dtype=np.int64)

    def __call__(self) -> None:
        """Make all iterations from the start."""
        cause = ctypes.c_int(0)
        buffers = _Buffers() if self._whole else self.buffers
        made = self._function(
            _ITERATIONS, _SAMPLES, _X.ctypes.data, _Y.ctypes.data, _RATE, ctypes.addressof(self._limits),
            None if self._whole else _DRAWN.indices.ctypes.data, self._order.ctypes.data,
            buffers.theta.ctypes.data, buffers.batch_loss.ctypes.data, buffers.loss.ctypes.data,
            buffers.norm.ctypes.data, ctypes.addressof(cause),
        )
        assert (made, cause.value) == (_ITERATIONS, 0)


class _Runs:
    """Whole runs, each of another seed, so that no order of samples is known from the run before."""

    def __init__(self) -> None:
        self._seed = 0

    def __call__(self) -> None:
        """Make all iterations from the start, with memory of its own."""
        self._seed += 1
        descent = Descent(_GOAL, "gd", (0.0, 0.0), {"learning_rate": _RATE}, _STOPPING, self._seed, 1)
        assert descent.advance(_ITERATIONS) == _ITERATIONS


def _libraries() -> dict[str, ctypes.CDLL]:
    """Compile the loop in C, for each choice of flags."""
    libraries = {}
    with tempfile.TemporaryDirectory() as folder:
        for index, (name, flags) in enumerate(FLAGS.items()):
            path = Path(folder, f"stochastic{index}.so")
            command = ["cc", *flags, "-shared", "-fPIC", "-o", str(path), str(_SOURCE), "-lm"]
            subprocess.run(command, check=True, capture_output=True)
            libraries[name] = ctypes.CDLL(str(path))
    return libraries


def _against_c(kernel: _Kernel, runs: _Runs) -> list[Figure]:
    if compiler() is None:
        return [left_out(f"{_NAME}: ours / C", "there is no C compiler (cc)")]
    libraries = _libraries()
    limits = CLimits(0.0, np.inf, kernel.limits.theta_bound, kernel.limits.loss_bound, 0)
    alone_in_c = [_InC(library, limits, whole=False) for library in libraries.values()]
    whole_in_c = [_InC(library, limits, whole=True) for library in libraries.values()]
    sides: list[Callable[[], object]] = [kernel, runs, *alone_in_c, *whole_in_c]
    alone, whole, *theirs = interleaved(_REPEATS, *sides)
    for loop in alone_in_c:
        assert np.allclose(loop.buffers.theta, kernel.buffers.theta, rtol=1e-9)
        assert np.allclose(loop.buffers.loss, kernel.buffers.loss, rtol=1e-9, equal_nan=True)
    figures = [
        given("one step of our kernel", alone / _ITERATIONS * 1e9, "ns"),
        given("one step of a whole run", whole / _ITERATIONS * 1e9, "ns"),
    ]
    for flags, part, all_of_it in zip(libraries, theirs, theirs[len(libraries):], strict=False):
        figures += [
            given(f"one step of the loop in C {flags}", part / _ITERATIONS * 1e9, "ns"),
            given(f"one step of a whole run in C {flags}", all_of_it / _ITERATIONS * 1e9, "ns"),
            at_most(f"{_NAME}: our kernel / C {flags}", alone / part, 2.0, "x"),
            at_most(f"{_NAME}: our whole run / C {flags}", whole / all_of_it, 2.0, "x"),
        ]
    return figures


def _against_torch(runs: _Runs, python: str | None) -> Figure:
    name = "PyTorch's eager SGD, a step / a step of our whole run"
    if python is None:
        return left_out(name, "there is no PyTorch; name a Python that has it with --torch")
    with Child(python, "torch_stochastic.py", _SAMPLES) as child:
        child.ask("")
        pairs = [(child.ask(""), seconds(runs) / _ITERATIONS) for _ in range(5)]
    ratio = statistics.median(answer["seconds"] / own for answer, own in pairs)
    taken = statistics.median(answer["seconds"] for answer, _ in pairs) * 1e6
    return at_least(f"{name} ({pairs[0][0]['version']}, {taken:.0f} µs)", ratio, 1000, "x")


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    kernel, runs = _Kernel(), _Runs()
    torch = settings.torch or (settings.python if find_spec("torch") else None)
    return [*_against_c(kernel, runs), _against_torch(runs, torch)]
