"""One step of Adam on the 101,770 parameters of a 784-128-10 network: against copying memory and against PyTorch."""

from __future__ import annotations

import statistics
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.recipe import Recipe, composition
from tests.bench.c_loop import BETA1, BETA2, EPSILON, LEARNING_RATE
from tests.bench.child import Child
from tests.bench.measure import Figure, at_most, given, interleaved, left_out

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_PARAMETERS = 101_770
_STEPS = 1001
_NUMBERS = {"learning_rate": LEARNING_RATE, "beta1": BETA1, "beta2": BETA2, "epsilon": EPSILON, "amsgrad": 0.0}


class _Copy:
    """Copies as much as Adam touches: it reads four arrays and writes three, a copy reads as much as it writes."""

    def __init__(self) -> None:
        numbers = 7 * _PARAMETERS // 2
        self._source, self._target = np.ones((2, numbers), dtype=np.float32)

    def __call__(self) -> None:
        """Copy."""
        np.copyto(self._target, self._source)


def _against_torch(ours: FusedUpdate, gradient: np.ndarray[tuple[int], np.dtype[np.float32]], python: str) -> Figure:
    ratios = []
    with Child(python, "torch_fused.py", _PARAMETERS) as child:
        child.ask("warm up")
        for _ in range(9):
            (own,) = interleaved(200, lambda: ours.step(gradient))
            answer = child.ask("measure")
            ratios.append(own / answer["seconds"])
    name = f"our step on one core / torch.optim.Adam(fused=True), {answer['version']} on {answer['threads']} cores"
    return at_most(name, statistics.median(ratios), 1.0, "x")


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    theta = np.ones(_PARAMETERS, dtype=np.float32)
    gradient = np.linspace(-1.0, 1.0, _PARAMETERS, dtype=np.float32)
    ours = FusedUpdate(composition(Recipe("adam")).rule, _NUMBERS, theta)
    own, copied = interleaved(_STEPS, lambda: ours.step(gradient), _Copy())
    figures = [
        given("our step of 101,770 parameters, float32", own * 1e6, "µs"),
        at_most("our step / copying the memory it touches", own / copied, 1.2, "x"),
    ]
    torch = settings.torch or (settings.python if find_spec("torch") else None)
    if torch is None:
        name = "our step / torch.optim.Adam(fused=True)"
        return [*figures, left_out(name, "there is no PyTorch; name a Python that has it with --torch")]
    return [*figures, _against_torch(ours, gradient, torch)]
