"""Adam from 65,536 starts, 200 steps each: our machine code on all cores against JAX and against NumPy."""

from __future__ import annotations

import os
import statistics
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.engine.many_starts import ManyStarts
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.recipe import Recipe, composition
from tests.bench.c_loop import BETA1, BETA2, EPSILON, LEARNING_RATE
from tests.bench.child import Child
from tests.bench.measure import Figure, at_least, given, left_out, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.bench.__main__ import Settings

    Floats = NDArray[np.float64]

_SIDE, _ITERATIONS = 256, 200
_STEPS_OF_NUMPY = 20
_REPEATS = 7
_STARTS_AT_ONCE = 2048
_FUNCTIONS = {
    "rosenbrock": ("(1-x)^2 + 100*(y-x^2)^2", 2),
    "rastrigin": ("20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)", 6),
    "ackley": ("-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20", 6),
}


def _starts() -> Floats:
    axis = np.linspace(-2.0, 2.0, _SIDE)
    return np.stack([grid.ravel() for grid in np.meshgrid(axis, axis)], axis=-1)


class _Ours:
    def __init__(self, goal: Objective, pool: ThreadPoolExecutor) -> None:
        numbers = [LEARNING_RATE, BETA1, BETA2, EPSILON, 0.0]
        self.work = ManyStarts(goal, composition(Recipe("adam")).rule, numbers, _starts(), _ITERATIONS)
        self._pool = pool

    def __call__(self) -> None:
        """Descend from all starts on all cores."""
        for _ in self._pool.map(self.work.descend, self.work.spans(_STARTS_AT_ONCE)):
            pass


def _expressions() -> None:
    """Make `_STEPS_OF_NUMPY` steps on Rosenbrock as one writes them, every result a new array."""
    theta = np.ascontiguousarray(_starts().T)
    m, v = np.zeros((2, *theta.shape))
    for t in range(1, _STEPS_OF_NUMPY + 1):
        x, y = theta
        g = np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g**2
        m_hat, v_hat = m / (1 - BETA1**t), v / (1 - BETA2**t)
        theta = theta - LEARNING_RATE * m_hat / (np.sqrt(v_hat) + EPSILON)


class _Numpy:
    """The same arithmetic on arrays of all starts, every result in a buffer that is there already."""

    def __init__(self, name: str) -> None:
        self._gradient = {"rosenbrock": self._rosenbrock, "rastrigin": self._rastrigin, "ackley": self._ackley}[name]
        self._start = np.ascontiguousarray(_starts().T)
        self.theta, self._g, self._m, self._v, self._a, self._b = np.ones((6, *self._start.shape))
        self._r, self._s = np.ones((2, self._start.shape[1]))

    def __call__(self) -> None:
        """Make `_STEPS_OF_NUMPY` steps from all starts."""
        theta, g, m, v, a, b = self.theta, self._g, self._m, self._v, self._a, self._b
        theta[:], m[:], v[:] = self._start, 0.0, 0.0
        for t in range(1, _STEPS_OF_NUMPY + 1):
            self._gradient()
            np.add(np.multiply(m, BETA1, out=m), np.multiply(g, 1 - BETA1, out=a), out=m)
            np.multiply(np.multiply(g, g, out=a), 1 - BETA2, out=a)
            np.add(np.multiply(v, BETA2, out=v), a, out=v)
            np.sqrt(np.divide(v, 1 - BETA2**t, out=b), out=b)
            np.add(b, EPSILON, out=b)
            np.multiply(np.divide(m, 1 - BETA1**t, out=a), LEARNING_RATE, out=a)
            np.subtract(theta, np.divide(a, b, out=a), out=theta)

    def _rosenbrock(self) -> None:
        (x, y), (gx, gy), rise = self.theta, self._g, self._r
        np.subtract(y, np.multiply(x, x, out=rise), out=rise)
        np.multiply(rise, 200.0, out=gy)
        np.multiply(np.multiply(gy, x, out=gx), -2.0, out=gx)
        np.add(gx, np.multiply(np.subtract(x, 1.0, out=rise), 2.0, out=rise), out=gx)

    def _rastrigin(self) -> None:
        theta, g, a = self.theta, self._g, self._a
        np.multiply(np.sin(np.multiply(theta, 2 * np.pi, out=a), out=a), 20 * np.pi, out=a)
        np.add(np.multiply(theta, 2.0, out=g), a, out=g)

    def _ackley(self) -> None:
        theta, g, a, b, r, s = self.theta, self._g, self._a, self._b, self._r, self._s
        np.multiply(theta, 2 * np.pi, out=a)
        np.cos(a, out=b)
        np.exp(np.multiply(np.add(b[0], b[1], out=s), 0.5, out=s), out=s)
        np.multiply(np.multiply(np.sin(a, out=a), s, out=a), np.pi, out=a)
        np.multiply(theta, theta, out=b)
        np.sqrt(np.multiply(np.add(b[0], b[1], out=r), 0.5, out=r), out=r)
        np.divide(np.multiply(np.exp(np.multiply(r, -0.2, out=s), out=s), 2.0, out=s), r, out=s)
        np.add(np.multiply(theta, s, out=g), a, out=g)


def _times_ours(numpy: Callable[[], None], ours: _Ours) -> float:
    """Return how many times as long a step of `numpy` takes, measured in turn."""
    ratios = []
    for _ in range(_REPEATS + 1):
        own, theirs = seconds(ours), seconds(numpy)
        ratios.append(theirs / _STEPS_OF_NUMPY / (own / _ITERATIONS))
    return statistics.median(ratios[1:])


def _against_numpy(name: str, ours: _Ours) -> list[Figure]:
    numpy = _Numpy(name)
    reused = _times_ours(numpy, ours)
    check = ManyStarts(
        ours.work.objective, composition(Recipe("adam")).rule, ours.work.hyperparameters, _starts(), _STEPS_OF_NUMPY
    )
    check.descend(check.spans(1 << 20)[0])
    assert np.allclose(check.ends.theta, numpy.theta.T, rtol=1e-6, atol=1e-6)
    figures = [at_least(f"{name}: NumPy, every result in a buffer that is there / ours", reused, 20, "x")]
    if name == "rosenbrock":
        figures.append(at_least(f"{name}: NumPy as one writes it / ours", _times_ours(_expressions, ours), 20, "x"))
    return figures


def _against_jax(name: str, ours: _Ours, child: Child, limit: float) -> Figure:
    child.ask(name)
    ratios = []
    for _ in range(_REPEATS):
        own = seconds(ours)
        answer: dict[str, Any] = child.ask(name)
        ratios.append(answer["seconds"] / own)
    if name == "rosenbrock":
        assert np.isclose(answer["loss"], ours.work.ends.loss.mean(), rtol=1e-9)
    title = f"{name}: jax.vmap and scan ({answer['version']}, float64) / ours"
    return at_least(title, statistics.median(ratios), limit, "x")


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    jax = settings.jax or (settings.python if find_spec("jax") else None)
    figures = []
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        sides = {name: _Ours(objective(text), pool) for name, (text, _) in _FUNCTIONS.items()}
        for name, ours in sides.items():
            ours()
            each = statistics.median(seconds(ours) for _ in range(_REPEATS)) / _ITERATIONS / _SIDE**2
            figures.append(given(f"{name}: one step of one start of {_SIDE**2:,}, {cores} threads", each * 1e9, "ns"))
            figures += _against_numpy(name, ours)
        if jax is None:
            figures.append(left_out("jax.vmap and scan / ours", "there is no JAX; name a Python with --jax"))
        else:
            with Child(jax, "jax_many_starts.py", _SIDE**2, _ITERATIONS) as child:
                figures += [
                    _against_jax(name, ours, child, _FUNCTIONS[name][1]) for name, ours in sides.items()
                ]
    return figures
