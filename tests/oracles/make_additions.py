"""Writes what PyTorch makes of clipping and weight decay, which the tests hold ours against.

PyTorch is an oracle, never a dependency: this script is called by hand in an environment of its own, with
``pip install torch==2.13.0 numpy`` and ``python tests/oracles/make_additions.py``, and its result is kept.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

# By name, for nothing else in the project knows of it and its types.
torch: Any = import_module("torch")

STEPS = 200
KEPT = (1, 2, 3, 5, 10, 20, 50, 100, 150, 200)
FUNCTIONS: dict[str, tuple[str, Any, tuple[float, float]]] = {
    "rosenbrock": ("(1-x)^2 + 100*(y-x^2)^2", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "ill_conditioned": ("0.5*x^2 + 500*y^2", lambda x, y: 0.5 * x**2 + 500 * y**2, (3.0, -0.7)),
}

SGD, ADAM, ADAMW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
CLIP_NORM, CLIP_VALUE = torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad_value_
# Our optimizer and settings, PyTorch's, and what is done to the gradient before each step.
CASES: list[tuple[str, dict[str, float], Any, dict[str, Any], list[tuple[Any, float]]]] = [
    ("gd", {"learning_rate": 1e-2, "clip_norm": 1.5}, SGD, {"lr": 1e-2}, [(CLIP_NORM, 1.5)]),
    ("gd", {"learning_rate": 1e-2, "clip_value": 0.8}, SGD, {"lr": 1e-2}, [(CLIP_VALUE, 0.8)]),
    (
        "adam", {"learning_rate": 0.05, "clip_value": 30.0, "clip_norm": 20.0}, ADAM, {"lr": 0.05},
        [(CLIP_VALUE, 30.0), (CLIP_NORM, 20.0)],
    ),
    ("gd", {"learning_rate": 1e-3, "weight_decay": 0.2}, SGD, {"lr": 1e-3, "weight_decay": 0.2}, []),
    (
        "momentum", {"learning_rate": 1e-4, "weight_decay": 0.3, "dampening": 0.2, "nesterov": 0.0}, SGD,
        {"lr": 1e-4, "momentum": 0.9, "dampening": 0.2, "weight_decay": 0.3}, [],
    ),
    (
        "momentum", {"learning_rate": 1e-4, "weight_decay": 0.3, "nesterov": 1.0, "clip_norm": 50.0}, SGD,
        {"lr": 1e-4, "momentum": 0.9, "nesterov": True, "weight_decay": 0.3}, [(CLIP_NORM, 50.0)],
    ),
    ("adam", {"learning_rate": 0.05, "weight_decay": 0.1}, ADAM, {"lr": 0.05, "weight_decay": 0.1}, []),
    (
        "adam", {"learning_rate": 0.05, "weight_decay": 0.1, "amsgrad": 1.0}, ADAM,
        {"lr": 0.05, "weight_decay": 0.1, "amsgrad": True}, [],
    ),
    (
        "adam", {"learning_rate": 0.05, "weight_decay": 0.1, "decoupled": 1.0}, ADAMW,
        {"lr": 0.05, "weight_decay": 0.1}, [],
    ),
    (
        "nadam", {"learning_rate": 0.02, "weight_decay": 0.1, "decoupled": 1.0}, torch.optim.NAdam,
        {"lr": 0.02, "weight_decay": 0.1, "decoupled_weight_decay": True}, [],
    ),
]


def _iterates(
    function: Any, start: tuple[float, ...], optimizer: Any, settings: dict[str, Any], clips: list[tuple[Any, float]]
) -> list[list[float]]:
    """Return the iterates at the steps of `KEPT`."""
    theta = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start]
    steps = optimizer(theta, foreach=False, **settings)
    rows = []
    for step in range(1, STEPS + 1):
        steps.zero_grad()
        function(*theta).backward()
        for clip, bound in clips:
            clip(theta, bound, foreach=False)
        steps.step()
        if step in KEPT:
            rows.append([value.item() for value in theta])
    return rows


def main() -> None:
    """Write the file beside this one."""
    # NAdam keeps a product of its own in the default type.
    torch.set_default_dtype(torch.float64)
    cases = [
        {
            "optimizer": key, "function": name, "text": text, "start": start, "hyperparameters": ours,
            "theta": _iterates(function, start, optimizer, theirs, clips),
        }
        for key, ours, optimizer, theirs, clips in CASES
        for name, (text, function, start) in FUNCTIONS.items()
    ]
    document = {"torch": torch.__version__, "steps": KEPT, "cases": cases}
    text = json.dumps(document, indent=1, allow_nan=False)
    Path(__file__).with_name("torch_additions.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
