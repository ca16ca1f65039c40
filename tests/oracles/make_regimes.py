"""Writes what PyTorch makes of full, stochastic and mini-batches, which the tests hold ours against.

PyTorch is an oracle, never a dependency: this script is called by hand in an environment of its own, with
``pip install torch==2.13.0 numpy`` and ``python tests/oracles/make_regimes.py``, and its result is kept. The order of
samples is ours, drawn from NumPy's Philox with the key (seed, stream) and the epoch in the counter; what becomes of it
is PyTorch's: batches, the short one, and gradients that add up.
"""

from __future__ import annotations

import itertools
import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# By name, for nothing else in the project knows of it and its types.
torch: Any = import_module("torch")

SAMPLES, SEED = 53, 20
UPDATES = 60
KEPT = (1, 2, 3, 5, 7, 8, 9, 15, 16, 30, 54, 60)
STREAMS = {"shuffled": 1, "shuffled_once": 1, "replacement": 3}

PROBLEMS: dict[str, tuple[str, Any, tuple[float, ...]]] = {
    "plane": (
        "(b + w_u*u + w_v*v - y)^2", lambda theta, u, v, y: (theta[0] + theta[1] * u + theta[2] * v - y) ** 2,
        (0.5, -1.0, 2.0),
    ),
    "decay": (
        "(a*exp(-c*u) + d*v - y)^2",
        lambda theta, u, v, y: (theta[0] * torch.exp(-theta[1] * u) + theta[2] * v - y) ** 2, (1.0, 0.2, 0.0),
    ),
}
OPTIMIZERS: dict[str, tuple[dict[str, float], Any, dict[str, float]]] = {
    "gd": ({"learning_rate": 0.02}, torch.optim.SGD, {"lr": 0.02}),
    "momentum": ({"learning_rate": 5e-3, "nesterov": 0.0}, torch.optim.SGD, {"lr": 5e-3, "momentum": 0.9}),
    "adam": ({"learning_rate": 0.03}, torch.optim.Adam, {"lr": 0.03}),
}
# Size of a batch, order, whether the short batch is dropped, batches an update.
REGIMES: tuple[tuple[int | None, str, bool, int], ...] = (
    (None, "shuffled", False, 1),
    (1, "shuffled", False, 1),
    (1, "shuffled_once", False, 1),
    (1, "sequential", False, 1),
    (1, "replacement", False, 1),
    (1, "shuffled", False, 3),
    (8, "shuffled", False, 1),
    (8, "shuffled", True, 1),
    (8, "shuffled", False, 3),
    (8, "shuffled", True, 4),
    (8, "shuffled_once", False, 1),
    (8, "shuffled_once", True, 3),
    (8, "sequential", False, 1),
    (8, "sequential", True, 3),
    (8, "replacement", False, 1),
    (8, "replacement", True, 3),
)


def _data() -> dict[str, Any]:
    random = np.random.default_rng(5)
    u, v = random.uniform(-1.0, 1.5, SAMPLES), random.normal(size=SAMPLES)
    return {"u": u, "v": v, "y": 1.0 - 2.0 * u + 0.5 * v + 0.3 * random.normal(size=SAMPLES)}


def _order(order: str, epoch: int) -> list[int]:
    if order == "sequential":
        return list(range(SAMPLES))
    key = np.array([SEED, STREAMS[order]], dtype=np.uint64)
    time = 0 if order == "shuffled_once" else epoch
    random = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, time]))
    drawn = random.integers(0, SAMPLES, SAMPLES) if order == "replacement" else random.permutation(SAMPLES)
    return [int(sample) for sample in drawn]


def _updates(
    dataset: Any, size: int | None, order: str, drop_last: bool, accumulate: int
) -> Iterator[list[Sequence[Any]]]:
    """Yield the batches of each update, epoch after epoch."""
    for epoch in itertools.count():
        samples = list(range(SAMPLES)) if size is None else _order(order, epoch)
        batches = list(
            torch.utils.data.DataLoader(dataset, batch_size=size or SAMPLES, sampler=samples, drop_last=drop_last)
        )
        for first in range(0, len(batches), accumulate):
            yield batches[first:first + accumulate]


def _run(
    loss: Any, start: tuple[float, ...], optimizer: Any, settings: dict[str, float], regime: Any
) -> dict[str, list[Any]]:
    """Return the iterates, the loss over the batches of the step to each, and that over all the data."""
    dataset = torch.utils.data.TensorDataset(*(torch.tensor(column) for column in _data().values()))
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    steps = optimizer([theta], foreach=False, **settings)
    found: dict[str, list[Any]] = {"theta": [], "batch_loss": [], "loss": []}
    for update, batches in enumerate(itertools.islice(_updates(dataset, *regime), UPDATES), start=1):
        steps.zero_grad()
        seen = 0.0
        for batch in batches:
            mean = loss(theta, *batch).mean() / len(batches)
            mean.backward()
            seen += mean.item()
        steps.step()
        if update in KEPT:
            found["theta"].append(theta.tolist())
            found["batch_loss"].append(seen)
            found["loss"].append(loss(theta, *dataset.tensors).mean().item())
    return found


def main() -> None:
    """Write the file beside this one."""
    torch.set_default_dtype(torch.float64)
    cases = [
        {
            "optimizer": key, "problem": name, "text": text, "start": start, "hyperparameters": ours, "size": regime[0],
            "order": regime[1], "drop_last": regime[2], "accumulate": regime[3],
            **_run(loss, start, theirs, settings, regime),
        }
        for name, (text, loss, start) in PROBLEMS.items()
        for key, (ours, theirs, settings) in OPTIMIZERS.items()
        for regime in REGIMES
    ]
    columns = {name: column.tolist() for name, column in _data().items()}
    document = {
        "torch": torch.__version__, "seed": SEED, "updates": KEPT, "columns": columns, "cases": cases,
    }
    text = json.dumps(document, indent=None, allow_nan=False)
    Path(__file__).with_name("torch_regimes.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
