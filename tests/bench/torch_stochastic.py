"""Stochastic steps of linear regression by PyTorch as everybody writes them; run by an interpreter that has it.

Takes the number of samples on the command line. For each line on its input it makes one epoch of steps with one sample
each, in an order of its own, looks at the loss over all samples in the end, and prints one JSON object: the version,
and the seconds of a step.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any


def _epoch(torch: Any, x: Any, y: Any) -> float:
    samples = len(x)
    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=0.01)
    begun = time.perf_counter()
    for k in torch.randperm(samples).tolist():
        optimizer.zero_grad()
        loss = (w * x[k] + b - y[k]) ** 2
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        ((w * x + b - y) ** 2).mean().item()
    return (time.perf_counter() - begun) / samples


def main() -> None:
    """Measure until the input ends."""
    torch: Any = import_module("torch")
    torch.manual_seed(0)
    x = torch.randn(int(sys.argv[1]), dtype=torch.float64)
    y = 2 * x + 1 + 0.1 * torch.randn(len(x), dtype=torch.float64)
    for _ in sys.stdin:
        print(json.dumps({"version": torch.__version__, "seconds": _epoch(torch, x, y)}), flush=True)


if __name__ == "__main__":
    main()
