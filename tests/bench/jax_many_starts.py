"""Adam from many starts by ``jax.vmap`` and ``lax.scan``; run by whichever interpreter has JAX.

Takes the number of starts and of iterations on the command line. For each line on its input, the name of a function,
it prints one JSON object: the version, the seconds of one compiled call, and sums over where the starts end.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8


def _functions(numpy: Any) -> dict[str, Any]:
    """Return the losses of two variables."""
    turn = 2 * numpy.pi

    def rosenbrock(x: Any, y: Any) -> Any:
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def rastrigin(x: Any, y: Any) -> Any:
        return 20 + x**2 - 10 * numpy.cos(turn * x) + y**2 - 10 * numpy.cos(turn * y)

    def ackley(x: Any, y: Any) -> Any:
        waves = (numpy.cos(turn * x) + numpy.cos(turn * y)) / 2
        return -20 * numpy.exp(-0.2 * numpy.sqrt((x**2 + y**2) / 2)) - numpy.exp(waves) + numpy.e + 20

    return {"rosenbrock": rosenbrock, "rastrigin": rastrigin, "ackley": ackley}


def _descend(jax: Any, loss: Any, iterations: int) -> Any:
    """Return the compiled function of all x and all y that gives the last x, y and losses.

    Each variable has an array of its own: nearly twice as fast as one array of pairs.
    """
    numpy, tree = jax.numpy, jax.tree_util.tree_map
    gradient = jax.grad(loss, argnums=(0, 1))

    def step(carry: Any, t: Any) -> Any:
        theta, m, v = carry
        g = gradient(*theta)
        m = tree(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, g)
        v = tree(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, g)
        scale1, scale2 = 1 - BETA1**t, 1 - BETA2**t

        def update(theta: Any, m: Any, v: Any) -> Any:
            return theta - LEARNING_RATE * (m / scale1) / (numpy.sqrt(v / scale2) + EPSILON)

        return (tree(update, theta, m, v), m, v), None

    def run(x: Any, y: Any) -> Any:
        steps = numpy.arange(1, iterations + 1, dtype=x.dtype)
        zero = (numpy.zeros_like(x), numpy.zeros_like(y))
        (theta, _, _), _ = jax.lax.scan(step, ((x, y), zero, zero), steps)
        return theta, loss(*theta)

    return jax.jit(jax.vmap(run))


def main() -> None:
    """Measure what is asked for until the input ends."""
    jax: Any = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    count, iterations = map(int, sys.argv[1:3])
    functions = _functions(jax.numpy)
    compiled = {name: _descend(jax, loss, iterations) for name, loss in functions.items()}
    side = int(count**0.5)
    grid = jax.numpy.linspace(-2.0, 2.0, side)
    starts = [axis.ravel() for axis in jax.numpy.meshgrid(grid, grid)]
    for line in sys.stdin:
        run = compiled[line.strip()]
        begun = time.perf_counter()
        theta, losses = jax.block_until_ready(run(*starts))
        seconds = time.perf_counter() - begun
        found = {"version": jax.__version__, "seconds": seconds, "loss": float(losses.mean())}
        print(json.dumps({**found, "theta": float(theta[0].sum() + theta[1].sum())}), flush=True)


if __name__ == "__main__":
    main()
