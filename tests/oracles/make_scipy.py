"""Writes what SciPy's minimisers reach, and at what cost, on every problem of the table.

SciPy is an oracle, never a dependency: this script is called by hand from the root of the project in an
environment of its own, with ``pip install scipy==1.17.1 numpy`` and ``python -m tests.oracles.make_scipy``, and its
result is kept. SciPy gets the same loss and gradient as our methods, by the interpreter, and the same test to stop:
the Euclidean norm of the gradient at an accepted iterate.
"""

from __future__ import annotations

import json
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from gdstudio.engine.curvatures import hessian_function
from gdstudio.engine.functions import PROBLEMS
from tests.engine.goals import goal_of

# By name, for nothing else in the project knows of it and its types.
scipy: Any = import_module("scipy")
optimize: Any = import_module("scipy.optimize")

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
        found = optimize.minimize(
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


def _descended(problem: str) -> dict[str, Any]:
    """Return what steps along the gradient reach whose lengths SciPy's search finds, by the strong Wolfe conditions."""
    goal = goal_of(problem)
    theta = np.array(PROBLEMS[problem].start)
    (loss, gradient), before, evaluations, steps = goal.loss_and_gradient(theta), None, 1, 0
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        while np.linalg.norm(gradient) > TOLERANCE and steps < ITERATIONS:
            length, losses, gradients, *_ = optimize.line_search(
                lambda point: goal.loss_and_gradient(point)[0], lambda point: goal.loss_and_gradient(point)[1],
                theta, -gradient, gradient, loss, before, c1=1e-4, c2=0.9,
            )
            evaluations += max(losses, gradients)
            if length is None:
                break
            theta, before, steps = theta - length * gradient, loss, steps + 1
            loss, gradient = goal.loss_and_gradient(theta)
    return {
        "problem": problem, "method": "line_search", "theta": theta.tolist(), "loss": loss,
        "converged": bool(np.linalg.norm(gradient) <= TOLERANCE), "iterations": steps, "losses": evaluations,
        "gradients": evaluations, "hessians": 0,
    }


def _roots(problem: str) -> list[float]:
    """Return the root of the derivative that lies downhill of the start, if there is just one variable."""
    goal = goal_of(problem)
    if goal.dimension != 1:
        return []

    def slope(x: float) -> float:
        return float(goal.loss_and_gradient(np.array([x]))[1][0])

    end = start = PROBLEMS[problem].start[0]
    while slope(end) * slope(start) > 0.0:
        end -= 0.01 * np.sign(slope(start))
    return [optimize.bisect(slope, *sorted((end, end + 0.01 * np.sign(slope(start)))), xtol=1e-15)]


def main() -> None:
    """Write the file beside this one."""
    cases = [_minimised(problem, method) for problem in PROBLEMS for method in METHODS]
    cases += [_descended(problem) for problem in PROBLEMS]
    sound = [case for case in cases if np.isfinite(case["loss"])]
    roots = {problem: root for problem in PROBLEMS for root in _roots(problem)}
    document = {"scipy": scipy.__version__, "tolerance": TOLERANCE, "roots": roots, "cases": sound}
    text = json.dumps(document, indent=1, allow_nan=False)
    Path(__file__).with_name("scipy_minimizers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
