"""Writes the results of PyTorch's optimizers that the tests hold ours against.

PyTorch is an oracle, never a dependency: this script is called by hand in an environment of its own, with
``pip install torch==2.13.0 numpy`` and ``python tests/oracles/make_oracles.py``, and its result is kept.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

# By name, for nothing else in the project knows of it and its types.
torch: Any = import_module("torch")

STEPS = 200
# Enough rows to see where two runs part, few enough to keep the file small.
KEPT = (1, 2, 3, 5, 10, 20, 50, 100, 150, 200)

FUNCTIONS: dict[str, tuple[str, Any, tuple[float, float]]] = {
    "rosenbrock": ("(1-x)^2 + 100*(y-x^2)^2", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "beale": (
        "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2",
        lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
        (1.0, 1.0),
    ),
    "ill_conditioned": ("0.5*x^2 + 500*y^2", lambda x, y: 0.5 * x**2 + 500 * y**2, (3.0, -0.7)),
}

# Our key, what PyTorch calls it, and pairs of our settings and PyTorch's.
SGD, RMSPROP, ADAM = torch.optim.SGD, torch.optim.RMSprop, torch.optim.Adam
OPTIMIZERS: list[tuple[str, Any, list[tuple[dict[str, float], dict[str, Any]]]]] = [
    ("gd", SGD, [({}, {}), ({"learning_rate": 1.7e-3}, {"lr": 1.7e-3})]),
    (
        "momentum", SGD,
        [
            ({"learning_rate": 1e-4}, {"lr": 1e-4, "momentum": 0.9}),
            ({"learning_rate": 3e-4, "momentum": 0.37}, {"lr": 3e-4, "momentum": 0.37}),
        ],
    ),
    (
        "nesterov", SGD,
        [
            ({"learning_rate": 1e-4}, {"lr": 1e-4, "momentum": 0.9, "nesterov": True}),
            ({"learning_rate": 3e-4, "momentum": 0.37}, {"lr": 3e-4, "momentum": 0.37, "nesterov": True}),
        ],
    ),
    (
        "rmsprop", RMSPROP,
        [
            ({}, {}),
            ({"learning_rate": 0.05, "rho": 0.7, "epsilon": 1e-3}, {"lr": 0.05, "alpha": 0.7, "eps": 1e-3}),
        ],
    ),
    (
        "adam", ADAM,
        [
            ({}, {}),
            (
                {"learning_rate": 0.05, "beta1": 0.3, "beta2": 0.77, "epsilon": 1e-3},
                {"lr": 0.05, "betas": (0.3, 0.77), "eps": 1e-3},
            ),
        ],
    ),
]


def _trajectory(function: Any, start: tuple[float, ...], optimizer: Any, settings: dict[str, Any]) -> list[list[float]]:
    """Return the iterates at the steps of `KEPT`."""
    theta = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start]
    steps = optimizer(theta, foreach=False, **settings)
    rows = []
    for step in range(1, STEPS + 1):
        steps.zero_grad()
        function(*theta).backward()
        steps.step()
        if step in KEPT:
            rows.append([value.item() for value in theta])
    return rows


def main() -> None:
    """Write the file beside this one."""
    cases = [
        {
            "optimizer": key, "function": name, "text": text, "start": start, "hyperparameters": ours,
            "theta": _trajectory(function, start, optimizer, theirs),
        }
        for key, optimizer, settings in OPTIMIZERS
        for ours, theirs in settings
        for name, (text, function, start) in FUNCTIONS.items()
    ]
    document = {"torch": torch.__version__, "steps": KEPT, "cases": cases}
    text = json.dumps(document, indent=1, allow_nan=False)
    Path(__file__).with_name("torch_optimizers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
