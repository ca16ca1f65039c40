"""An epoch of softmax regression by PyTorch in one thread, written as usual; run by whichever interpreter has PyTorch.

For each line on its input, the path of a file of features, classes and the order of samples, it makes one epoch from
zero and prints one JSON object: the version, the seconds that it took, and the parameters reached.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

import numpy as np

_BATCH, _LEARNING_RATE = 32, 0.01


def main() -> None:
    """Measure whenever asked, until the input ends."""
    torch: Any = import_module("torch")
    # More threads help nothing at this size, and wait for one another where the machine is busy.
    torch.set_num_threads(1)
    for line in sys.stdin:
        with np.load(line.strip()) as file:
            features, classes, order = (torch.from_numpy(file[name]) for name in ("features", "classes", "order"))
        model = torch.nn.Linear(features.shape[1], int(classes.max()) + 1, dtype=torch.float64)
        torch.nn.init.zeros_(model.weight)
        torch.nn.init.zeros_(model.bias)
        optimizer = torch.optim.SGD(model.parameters(), lr=_LEARNING_RATE)
        loss_of = torch.nn.CrossEntropyLoss()
        begun = time.perf_counter()
        for first in range(0, len(order), _BATCH):
            rows = order[first:first + _BATCH]
            optimizer.zero_grad()
            loss_of(model(features[rows]), classes[rows]).backward()
            optimizer.step()
        seconds = time.perf_counter() - begun
        theta = [*model.weight.detach().T.flatten().tolist(), *model.bias.tolist()]
        print(json.dumps({"version": torch.__version__, "seconds": seconds, "theta": theta}), flush=True)


if __name__ == "__main__":
    main()
