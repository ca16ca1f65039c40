"""An epoch of mini-batches of softmax regression on the handwritten digits, against PyTorch."""

from __future__ import annotations

import statistics
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.datasets import DATASETS, table_of_dataset
from gdstudio.engine.descent import Descent
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.softmax import SoftmaxObjective
from gdstudio.engine.sampling import Batching, Sampler
from gdstudio.engine.stopping import Stopping
from tests.bench.child import Child
from tests.bench.measure import Figure, given, left_out, seconds

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_BATCH, _LEARNING_RATE, _SEED = 32, 0.01, 1
_REPEATS = 41
_LIMIT = 3.0


def _digits() -> SoftmaxObjective:
    table, row = table_of_dataset("digits"), DATASETS["digits"]
    features = [name for name in table.names if name != row.target]
    classes = [str(label) for label in range(10)]
    goal = MODELS["softmax"].build(features, row.target, classes).objective(
        {name: table.column(name) / (1.0 if name == row.target else 16.0) for name in table.names}
    )
    assert isinstance(goal, SoftmaxObjective)
    return goal


def _epoch(goal: SoftmaxObjective) -> tuple[float, Descent]:
    """Return how long one epoch takes from zero, with the loss over all the data at its end, and the run."""
    per_epoch = -(-len(goal.right) // _BATCH)
    run = Descent(
        goal, "gd", np.zeros(goal.dimension), {"learning_rate": _LEARNING_RATE},
        Stopping(iterations=10 * per_epoch, tolerance=0.0), _SEED, _BATCH,
    )
    return seconds(lambda: run.advance(per_epoch)), run


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    name = "one epoch of PyTorch's eager SGD, batch 32, digits / ours"
    goal = _digits()
    torch = settings.torch or (settings.python if find_spec("torch") else None)
    if torch is None:
        alone = statistics.median(_epoch(goal)[0] for _ in range(_REPEATS))
        reason = "there is no PyTorch; name a Python that has it with --torch"
        return [given("one epoch of ours", alone * 1e3, "ms"), left_out(name, reason)]
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder, Child(torch, "torch_softmax.py") as child:
        path = Path(folder) / "digits.npz"
        order = Sampler(len(goal.right), Batching(_BATCH), _SEED).batches(0, -(-len(goal.right) // _BATCH)).indices
        np.savez(path, features=goal.inputs[:, :-1], classes=goal.right, order=order)
        for _ in range(_REPEATS):
            taken, run = _epoch(goal)
            answer = child.ask(str(path))
            assert np.allclose(run.theta, answer["theta"], rtol=1e-9, atol=1e-12)
            ours.append(taken)
            theirs.append(answer["seconds"])
    mine, other = statistics.median(ours[1:]), statistics.median(theirs[1:])
    return [
        given("one epoch of ours", mine * 1e3, "ms"),
        given(f"one epoch of PyTorch {answer['version']}, one thread", other * 1e3, "ms"),
        Figure(name, f"{other / mine:.3g} x", f"at least {_LIMIT:g} x", other / mine >= _LIMIT),
    ]
