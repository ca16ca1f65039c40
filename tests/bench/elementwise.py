"""Element-wise optimizers on a function of two variables: our machine code against C and against optax."""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.kernels import Rows, StateLayout, descend_kernel
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.stopping import Stopping
from tests.bench.c_loop import FLAGS, START, CLimits, compiler
from tests.bench.child import Child
from tests.bench.measure import Figure, at_least, at_most, given, interleaved, left_out, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.__main__ import Settings

_ITERATIONS = 200_000
_REPEATS = 31
_TURNS = 9
_OPTIMIZERS = ("gd", "adam", "rmsprop", "adagrad", "lion")
_SOURCE = Path(__file__).with_name("elementwise.c")


class _Buffers:
    """What both sides fill, allocated and touched beforehand."""

    def __init__(self) -> None:
        self.rows = Rows(np.ones((_ITERATIONS, 2)), np.ones(_ITERATIONS), np.ones(_ITERATIONS))


class _Ours(_Buffers):
    def __init__(self, optimizer: str) -> None:
        super().__init__()
        self._objective = objective("(1-x)^2 + 100*(y-x^2)^2")
        rule = composition(Recipe(optimizer)).rule
        self._kernel = descend_kernel(self._objective.program, rule, False, True)
        theta = np.array(START)
        loss, gradient = self._objective.loss_and_gradient(theta)
        parameters = OPTIMIZERS[optimizer].variant(None).hyperparameters
        self.numbers = np.array([parameter.default for parameter in parameters])
        self._first = StateLayout(2, rule).initial(theta, loss, gradient, self.numbers)
        self.limits = Stopping(iterations=_ITERATIONS, tolerance=0.0).limits(theta, loss)

    def __call__(self) -> None:
        """Make all iterations from the start."""
        made = self._kernel(
            _ITERATIONS, self._first.copy(), self.numbers, self._objective, self.limits, self.rows, None
        )
        assert made == (_ITERATIONS, 0)


class _InC(_Buffers):
    def __init__(self, library: ctypes.CDLL, optimizer: str, ours: _Ours) -> None:
        super().__init__()
        self._function = getattr(library, optimizer)
        self._function.restype = ctypes.c_int64
        self._function.argtypes = [ctypes.c_int64, *[ctypes.c_void_p] * 7]
        self._numbers = ours.numbers
        self._start = np.array(START)
        self._limits = CLimits(0.0, np.inf, ours.limits.theta_bound, ours.limits.loss_bound, 0)

    def __call__(self) -> None:
        """Make all iterations from the start."""
        cause = ctypes.c_int(0)
        made = self._function(
            _ITERATIONS, self._start.ctypes.data, self._numbers.ctypes.data, ctypes.addressof(self._limits),
            self.rows.theta.ctypes.data, self.rows.loss.ctypes.data, self.rows.gradient_norm.ctypes.data,
            ctypes.addressof(cause),
        )
        assert (made, cause.value) == (_ITERATIONS, 0)


def _libraries() -> dict[str, ctypes.CDLL]:
    """Compile the loops in C, for each choice of flags."""
    libraries = {}
    with tempfile.TemporaryDirectory() as folder:
        for index, (name, flags) in enumerate(FLAGS.items()):
            path = Path(folder, f"elementwise{index}.so")
            command = ["cc", *flags, "-shared", "-fPIC", "-o", str(path), str(_SOURCE), "-lm"]
            subprocess.run(command, check=True, capture_output=True)
            libraries[name] = ctypes.CDLL(str(path))
    return libraries


def _against_c(optimizer: str, ours: _Ours, loops: dict[str, _InC]) -> list[Figure]:
    own, *theirs = interleaved(_REPEATS, ours, *loops.values())
    for loop in loops.values():
        assert np.allclose(loop.rows.theta[:100], ours.rows.theta[:100], rtol=1e-9)
    return [
        given(f"one iteration of our {optimizer}", own / _ITERATIONS * 1e9, "ns"),
        *(at_most(f"{optimizer}: our kernel / C {flags}", own / taken, 1.2, "x")
          for flags, taken in zip(loops, theirs, strict=True)),
    ]


def _against_optax(
    kernels: dict[str, _Ours], loops: dict[str, dict[str, _InC]], python: str | None
) -> list[Figure]:
    """Return how many times as long as our kernels optax takes, and beside it as the loops in C."""
    if python is None:
        return [left_out("optax in a compiled scan / our kernel", "there is no JAX; name a Python with --jax")]
    figures = []
    with Child(python, "optax_loop.py", _ITERATIONS) as child:
        for name, kernel in kernels.items():
            child.ask(name)
            sides: dict[str, Callable[[], object]] = {"our kernel": kernel}
            sides |= {f"C {flags}": loop for flags, loop in loops[name].items()}
            turns = [(child.ask(name), {side: seconds(run) for side, run in sides.items()}) for _ in range(_TURNS)]
            for side in sides:
                ratio = statistics.median(answer["seconds"] / taken[side] for answer, taken in turns)
                title = f"{name}: optax {turns[0][0]['version']} in a compiled scan / {side}"
                figures.append(at_least(title, ratio, 5, "x") if side == "our kernel" else given(title, ratio, "x"))
    return figures


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    kernels = {name: _Ours(name) for name in _OPTIMIZERS}
    libraries = {} if compiler() is None else _libraries()
    loops = {
        name: {flags: _InC(library, name, kernel) for flags, library in libraries.items()}
        for name, kernel in kernels.items()
    }
    figures = [] if libraries else [left_out("our kernel / C", "there is no C compiler (cc)")]
    for name, kernel in kernels.items():
        figures += _against_c(name, kernel, loops[name])
    return figures + _against_optax(kernels, loops, settings.jax or (settings.python if find_spec("optax") else None))
