"""Element-wise optimizers of optax on Rosenbrock in a compiled ``lax.scan``; run by an interpreter that has them.

Takes the number of iterations on the command line. For each line on its input, the name of an optimizer, it prints
one JSON object: the version, and the seconds of one compiled call that records every iterate.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any


def _descend(jax: Any, optax: Any, optimizer: Any, iterations: int) -> Any:
    numpy = jax.numpy

    def loss(theta: Any) -> Any:
        return (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2

    slope = jax.value_and_grad(loss)

    def step(carry: Any, _: Any) -> Any:
        theta, gradient, state = carry
        updates, state = optimizer.update(gradient, state, theta)
        theta = optax.apply_updates(theta, updates)
        value, gradient = slope(theta)
        return (theta, gradient, state), (theta, value, numpy.sqrt(numpy.sum(gradient * gradient)))

    def run(start: Any) -> Any:
        return jax.lax.scan(step, (start, slope(start)[1], optimizer.init(start)), length=iterations)[1]

    return jax.jit(run)


def main() -> None:
    """Measure what is asked for until the input ends."""
    jax: Any = import_module("jax")
    optax: Any = import_module("optax")
    jax.config.update("jax_enable_x64", True)
    iterations = int(sys.argv[1])
    optimizers = {
        "gd": optax.sgd(1e-3),
        "adam": optax.adam(1e-3),
        "rmsprop": optax.rmsprop(1e-2, decay=0.99, eps=1e-8, momentum=0.0),
        "adagrad": optax.adagrad(1e-2, initial_accumulator_value=0.0, eps=1e-10),
        "lion": optax.lion(1e-3, b1=0.9, b2=0.99),
    }
    runs = {name: _descend(jax, optax, optimizer, iterations) for name, optimizer in optimizers.items()}
    start = jax.numpy.array([-1.2, 1.0])
    for line in sys.stdin:
        begun = time.perf_counter()
        jax.block_until_ready(runs[line.strip()](start))
        seconds = time.perf_counter() - begun
        print(json.dumps({"version": optax.__version__, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
