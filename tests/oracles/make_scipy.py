"""Writes what SciPy's minimisers reach, and at what cost, on every problem of the table.

SciPy is an oracle, never a dependency: this script is called by hand from the root of the project in an
environment of its own, with ``pip install scipy==1.17.1 numpy`` and ``python -m tests.oracles.make_scipy``, and its
result is kept. SciPy gets the same loss and gradient as our methods, by the interpreter, and the same test to stop:
the Euclidean norm of the gradient at an accepted iterate.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from gdstudio.engine.curvatures import hessian_function
from gdstudio.engine.functions import PROBLEMS
from tests.engine.goals import goal_of

# By name, for nothing else in the project knows of it and its types.
scipy: Any = import_module("scipy")
minimize: Any = import_module("scipy.optimize").minimize

TOLERANCE = 1e-6
ITERATIONS = 2_000
# SciPy's own defaults but for the tests to stop, which are all left to the callback.
METHODS: dict[str, dict[str, Any]] = {
    "CG": {"gtol": 0.0, "maxiter": ITERATIONS},
    "BFGS": {"gtol": 0.0, "maxiter": ITERATIONS},
    "L-BFGS-B": {"gtol": 0.0, "ftol": 0.0, "maxcor": 10, "maxiter": ITERATIONS, "maxfun": 10 * ITERATIONS},
    "trust-exact": {"gtol": 0.0, "maxiter": ITERATIONS},
}


def _minimised(problem: str, method: str) -> dict[str, Any]:
    goal = goal_of(problem)
    last: dict[str, Any] = {}

    def value(theta: Any) -> Any:
        return goal.loss_and_gradient(theta)

    def stop_when_flat(intermediate_result: Any) -> None:
        last["theta"] = np.array(intermediate_result.x)
        if np.linalg.norm(goal.loss_and_gradient(last["theta"])[1]) <= TOLERANCE:
            raise StopIteration

    second = {"hess": hessian_function(goal, machine=False)} if method == "trust-exact" else {}
    with np.errstate(all="ignore"):
        found = minimize(
            value, np.array(PROBLEMS[problem].start), jac=True, method=method, callback=stop_when_flat,
            options=METHODS[method], **second,
        )
    theta = last.get("theta", found.x)
    loss, gradient = goal.loss_and_gradient(theta)
    return {
        "problem": problem, "method": method, "theta": theta.tolist(), "loss": loss,
        "converged": bool(np.linalg.norm(gradient) <= TOLERANCE), "iterations": int(found.nit),
        "losses": int(found.nfev), "gradients": int(found.njev), "hessians": int(getattr(found, "nhev", 0)),
    }


def main() -> None:
    """Write the file beside this one."""
    cases = [_minimised(problem, method) for problem in PROBLEMS for method in METHODS]
    sound = [case for case in cases if np.isfinite(case["loss"])]
    document = {"scipy": scipy.__version__, "tolerance": TOLERANCE, "cases": sound}
    text = json.dumps(document, indent=1, allow_nan=False)
    Path(__file__).with_name("scipy_minimizers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
