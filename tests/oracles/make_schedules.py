"""Writes the learning rates of PyTorch's schedulers that the tests hold ours against.

PyTorch is an oracle, never a dependency: this script is called by hand in an environment of its own, with
``pip install torch==2.13.0 numpy`` and ``python tests/oracles/make_schedules.py``, and its result is kept.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

# By name, for nothing else in the project knows of it and its types.
torch: Any = import_module("torch")
schedulers: Any = import_module("torch.optim.lr_scheduler")

UPDATES = 400

# Our text, the base learning rate, PyTorch's class and its arguments.
CASES: tuple[tuple[str, float, str, dict[str, Any]], ...] = (
    ("step:size=30", 0.1, "StepLR", {"step_size": 30}),
    ("step:size=7,factor=0.83", 0.0137, "StepLR", {"step_size": 7, "gamma": 0.83}),
    ("step:size=1,factor=1.01", 3e-5, "StepLR", {"step_size": 1, "gamma": 1.01}),
    ("multistep:milestones=30/80", 0.1, "MultiStepLR", {"milestones": [30, 80]}),
    (
        "multistep:milestones=3/3/7/111/250,factor=0.37", 0.77, "MultiStepLR",
        {"milestones": [3, 3, 7, 111, 250], "gamma": 0.37},
    ),
    ("exponential:factor=0.99", 0.01, "ExponentialLR", {"gamma": 0.99}),
    ("exponential:factor=0.7351", 1.7, "ExponentialLR", {"gamma": 0.7351}),
    ("polynomial:iterations=100", 0.05, "PolynomialLR", {"total_iters": 100}),
    ("polynomial:iterations=333,power=2.3", 0.019, "PolynomialLR", {"total_iters": 333, "power": 2.3}),
    ("polynomial:iterations=500,power=0.5", 0.019, "PolynomialLR", {"total_iters": 500, "power": 0.5}),
    ("cosine:iterations=400", 0.1, "CosineAnnealingLR", {"T_max": 400}),
    ("cosine:iterations=37,end=0.0021", 0.013, "CosineAnnealingLR", {"T_max": 37, "eta_min": 0.0021}),
    ("cosine:iterations=73,end=0.3", 0.1, "CosineAnnealingLR", {"T_max": 73, "eta_min": 0.3}),
    ("cosine_restarts:first=50", 0.1, "CosineAnnealingWarmRestarts", {"T_0": 50}),
    (
        "cosine_restarts:first=7,multiplier=2,end=0.0013", 0.031, "CosineAnnealingWarmRestarts",
        {"T_0": 7, "T_mult": 2, "eta_min": 0.0013},
    ),
    (
        "cosine_restarts:first=1,multiplier=3,end=1e-5", 0.7, "CosineAnnealingWarmRestarts",
        {"T_0": 1, "T_mult": 3, "eta_min": 1e-5},
    ),
    ("one_cycle:iterations=400,peak=0.1", 0.004, "OneCycleLR", {"max_lr": 0.1, "total_steps": 400}),
    (
        "one_cycle:iterations=401,peak=0.37,pct_start=0.217,div_factor=7.3,final_div_factor=111", 0.1, "OneCycleLR",
        {"max_lr": 0.37, "total_steps": 401, "pct_start": 0.217, "div_factor": 7.3, "final_div_factor": 111.0},
    ),
    (
        "one_cycle:iterations=400,peak=2.5,pct_start=0.0,final_div_factor=3", 0.1, "OneCycleLR",
        {"max_lr": 2.5, "total_steps": 400, "pct_start": 0.0, "final_div_factor": 3.0},
    ),
    ("plateau:patience=10", 0.1, "ReduceLROnPlateau", {}),
    ("plateau:patience=3,factor=0.57", 0.0123, "ReduceLROnPlateau", {"patience": 3, "factor": 0.57}),
    ("plateau:patience=0,factor=0.21", 0.9, "ReduceLROnPlateau", {"patience": 0, "factor": 0.21}),
)


def losses() -> Any:
    """Return losses with falls, plateaus, improvements below and above the threshold, and noise; shape (UPDATES,)."""
    t = np.arange(UPDATES)
    falling = 3.0 * 0.93 ** np.minimum(t, 90) + 0.5 * (t >= 150)
    barely = 1.0 - 0.4e-4 * (t % 50)
    noise = 1.0 + 0.02 * np.sin(17.0 * t) * (t > 220)
    return falling * barely * noise


def _rates(name: str, base: float, arguments: dict[str, Any]) -> list[float]:
    """Return the rate of each update; the scheduler is stepped once after it."""
    theta = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([theta], lr=base)
    extra = {"cycle_momentum": False} if name == "OneCycleLR" else {}
    scheduler = getattr(schedulers, name)(optimizer, **arguments, **extra)
    rates = []
    for loss in losses().tolist():
        rates.append(float(optimizer.param_groups[0]["lr"]))
        theta.grad = torch.ones_like(theta)
        optimizer.step()
        if name == "ReduceLROnPlateau":
            scheduler.step(loss)
        elif len(rates) < UPDATES:
            scheduler.step()
    return rates


def main() -> None:
    """Write the file beside this one."""
    cases = [{"schedule": text, "learning_rate": base, "oracle": name} for text, base, name, _ in CASES]
    rates = np.array([_rates(name, base, arguments) for _, base, name, arguments in CASES])
    np.savez_compressed(
        Path(__file__).with_name("torch_schedules.npz"), cases=json.dumps(cases), rates=rates, losses=losses(),
        torch=torch.__version__,
    )


if __name__ == "__main__":
    main()
