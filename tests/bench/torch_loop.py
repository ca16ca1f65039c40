"""Adam on Rosenbrock by PyTorch as everybody writes it; run by whichever interpreter has PyTorch.

Prints one JSON object: the version, and the median time of an iteration in seconds.
"""

from __future__ import annotations

import json
import statistics
import time
from importlib import import_module
from typing import Any

_ITERATIONS, _REPEATS = 300, 9


def _run(torch: Any) -> float:
    theta = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=1e-3)
    path, losses, norms = [], [], []
    begun = time.perf_counter()
    for _ in range(_ITERATIONS):
        optimizer.zero_grad()
        x, y = theta
        loss = (1 - x) ** 2 + 100 * (y - x**2) ** 2
        loss.backward()
        optimizer.step()
        path.append(theta.tolist())
        losses.append(loss.item())
        norms.append(theta.grad.norm().item())
    return (time.perf_counter() - begun) / _ITERATIONS


def main() -> None:
    """Measure and print."""
    torch: Any = import_module("torch")
    _run(torch)
    median = statistics.median(_run(torch) for _ in range(_REPEATS))
    print(json.dumps({"version": torch.__version__, "seconds": median}))


if __name__ == "__main__":
    main()
