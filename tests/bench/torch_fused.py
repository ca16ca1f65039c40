"""One step of ``torch.optim.Adam(fused=True)`` on a vector of float32; run by whichever interpreter has PyTorch.

Takes the number of parameters on the command line. For each line on its input it prints one JSON object: the version,
its threads, and the median seconds of a step.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from importlib import import_module
from typing import Any

_STEPS = 200


def main() -> None:
    """Measure whenever asked, until the input ends."""
    torch: Any = import_module("torch")
    theta = torch.ones(int(sys.argv[1]), requires_grad=True)
    theta.grad = torch.linspace(-1.0, 1.0, theta.numel())
    optimizer = torch.optim.Adam([theta], lr=1e-3, fused=True)
    for _ in sys.stdin:
        taken = []
        for _ in range(_STEPS):
            begun = time.perf_counter()
            optimizer.step()
            taken.append(time.perf_counter() - begun)
        answer = {"version": torch.__version__, "threads": torch.get_num_threads(), "seconds": statistics.median(taken)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
