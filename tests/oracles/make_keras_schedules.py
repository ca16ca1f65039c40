"""Writes the learning rates of Keras' schedules that the tests hold ours against, where ours can say the same.

Keras is an oracle, never a dependency: call this by hand with ``pip install keras==3.15.1 jax==0.10.2`` and
``KERAS_BACKEND=jax JAX_ENABLE_X64=1 python tests/oracles/make_keras_schedules.py``; its result is kept.

Keras takes cosines, and the lesser of two numbers, in single precision, whatever they have; here both are taken in
float64.

Keras' step is 0 at the first update, where our `t` is 1. It counts decay in stretches of ``decay_steps``: a rate of
ours is theirs for one step. Its cosine rests at its end, where PyTorch's and ours turns up again, so that it is
compared up to there. Its warm-up comes before the decay and not over it, which is written as a formula. What ours
cannot say is left out: polynomials that cycle, and restarts whose height falls.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

# By name, for nothing else in the project knows of it and its types.
keras: Any = import_module("keras")
schedules: Any = import_module("keras.optimizers.schedules")
jax_numpy: Any = import_module("jax.numpy")

UPDATES = 400
_WARM = "(t - 1)/40"
_FALL = "0.37*(0.45*(1 + cos(pi*min(t - 41, 300)/300)) + 0.1)"


# Our text, the base learning rate, Keras' class, its arguments, and how many updates are alike in both.
CASES: tuple[tuple[str, float, str, dict[str, Any], int], ...] = (
    ("exponential:factor=0.99", 0.01, "ExponentialDecay", {"decay_steps": 1, "decay_rate": 0.99}, UPDATES),
    (f"exponential:factor={0.5**(1 / 64)!r}", 0.7, "ExponentialDecay", {"decay_steps": 64, "decay_rate": 0.5}, UPDATES),
    (
        "step:size=30,factor=0.83", 0.0137, "ExponentialDecay",
        {"decay_steps": 30, "decay_rate": 0.83, "staircase": True}, UPDATES,
    ),
    # A boundary is the last step with the rate before it.
    (
        "multistep:milestones=31/81,factor=0.1", 0.1, "PiecewiseConstantDecay",
        {"boundaries": [30, 80], "values": [0.1, 0.01, 0.001]}, UPDATES,
    ),
    (
        "multistep:milestones=4/112/251,factor=0.5", 0.8, "PiecewiseConstantDecay",
        {"boundaries": [3, 111, 250], "values": [0.8, 0.4, 0.2, 0.1]}, UPDATES,
    ),
    ("polynomial:iterations=100", 0.05, "PolynomialDecay", {"decay_steps": 100, "end_learning_rate": 0.0}, UPDATES),
    (
        "polynomial:iterations=333,power=2.3,end=0.0011", 0.019, "PolynomialDecay",
        {"decay_steps": 333, "end_learning_rate": 0.0011, "power": 2.3}, UPDATES,
    ),
    (
        "polynomial:iterations=350,power=0.5,end=0.1", 0.019, "PolynomialDecay",
        {"decay_steps": 350, "end_learning_rate": 0.1, "power": 0.5}, UPDATES,
    ),
    ("inverse_time:rate=0.01", 0.1, "InverseTimeDecay", {"decay_steps": 1, "decay_rate": 0.01}, UPDATES),
    (f"inverse_time:rate={0.7 / 32!r}", 1.3, "InverseTimeDecay", {"decay_steps": 32, "decay_rate": 0.7}, UPDATES),
    ("cosine:iterations=400", 0.1, "CosineDecay", {"decay_steps": 400}, UPDATES),
    ("cosine:iterations=37,end=0.0026", 0.013, "CosineDecay", {"decay_steps": 37, "alpha": 0.2}, 38),
    (
        f"formula:where(t - 1 < 40, learning_rate + (0.37 - learning_rate)*{_WARM}, {_FALL})", 0.02, "CosineDecay",
        {"decay_steps": 300, "alpha": 0.1, "warmup_target": 0.37, "warmup_steps": 40}, UPDATES,
    ),
    (
        "cosine_restarts:first=50", 0.1, "CosineDecayRestarts", {"first_decay_steps": 50, "t_mul": 1.0}, UPDATES
    ),
    (
        "cosine_restarts:first=7,multiplier=2,end=0.0031", 0.031, "CosineDecayRestarts",
        {"first_decay_steps": 7, "t_mul": 2.0, "alpha": 0.1}, UPDATES,
    ),
)


def _rates(name: str, base: float, arguments: dict[str, Any], count: int) -> list[float]:
    """Return the rate of each update; not a number where it is another's."""
    first = {} if name == "PiecewiseConstantDecay" else {"initial_learning_rate": base}
    schedule = getattr(schedules, name)(**first, **arguments)
    found = [keras.ops.convert_to_numpy(schedule(step)) for step in range(UPDATES)]
    assert all(rate.dtype == np.float64 for rate in found)
    return [float(rate) if step < count else np.nan for step, rate in enumerate(found)]


def _manner(arguments: dict[str, Any]) -> str:
    """Return what is to be said besides the name of a class."""
    if "warmup_target" in arguments:
        return ", with warm-up"
    return "(staircase=True)" if arguments.get("staircase") else ""


def main() -> None:
    """Write the file beside this one."""
    keras.config.set_floatx("float64")
    ops = keras.src.ops
    ops.cos, ops.minimum = jax_numpy.cos, jax_numpy.minimum
    cases = [
        {"schedule": text, "learning_rate": base, "oracle": f"keras.optimizers.schedules.{name}{_manner(arguments)}"}
        for text, base, name, arguments, _ in CASES
    ]
    rates = np.array([_rates(name, base, arguments, count) for _, base, name, arguments, count in CASES])
    np.savez_compressed(
        Path(__file__).with_name("keras_schedules.npz"), cases=json.dumps(cases), rates=rates,
        version=f"keras {keras.__version__}",
    )


if __name__ == "__main__":
    main()
