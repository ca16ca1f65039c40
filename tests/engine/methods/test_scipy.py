"""Against SciPy: the minimum that it reaches, at no more than one and a half times its evaluations.

``tests/oracles/make_scipy.py`` wrote the file. A Hessian counts as n gradients on both sides.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdstudio.engine.descent import Descent
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.stopping import Stopping
from tests.engine.goals import goal_of

_FILE = Path(__file__).parents[2] / "oracles" / "scipy_minimizers.json"
_DOCUMENT = json.loads(_FILE.read_text(encoding="utf-8"))
_OURS = {"cg_pr": "CG", "cg_fr": "CG", "bfgs": "BFGS", "lbfgs": "L-BFGS-B", "trust_newton": "trust-exact"}
# Kinks on the way (schwefel, eggholder) or in the minimum (ackley).
_NOT_SMOOTH = {"ackley", "schwefel", "eggholder"}
_MOST = 1.5


def _case(method: str, problem: str) -> dict[str, Any] | None:
    found = [case for case in _DOCUMENT["cases"] if (case["method"], case["problem"]) == (method, problem)]
    return found[0] if found else None


def _run(key: str, problem: str) -> Descent:
    stopping = Stopping(iterations=2000, tolerance=_DOCUMENT["tolerance"])
    descent = Descent(goal_of(problem), key, PROBLEMS[problem].start, None, stopping)
    descent.advance(2000)
    return descent


@pytest.mark.parametrize("problem", [problem for problem in PROBLEMS if problem not in _NOT_SMOOTH])
@pytest.mark.parametrize("key", _OURS)
def test_the_minimum_of_scipy_is_reached_at_its_cost(key: str, problem: str) -> None:
    case = _case(_OURS[key], problem)
    run = _run(key, problem)
    if case is None or not case["converged"]:
        # It fell for ever, or gave up: ours must have got somewhere too, or have said that it fell for ever.
        assert run.outcome in ("converged", "diverged", "iteration_limit")
        return
    loss = float(run.trajectory.loss[-1])
    scale = max(1.0, abs(case["loss"]))
    same = abs(loss - case["loss"]) <= 1e-9 * scale
    theirs = case["losses"] + case["hessians"] * len(case["theta"])
    if same:
        assert run.outcome == "converged"
        assert run.evaluations <= _MOST * theirs
    else:
        # Another valley: it must not be a worse one, unless it is a minimum that the table knows.
        known = any(np.allclose(run.theta, minimum.theta, atol=1e-4) for minimum in PROBLEMS[problem].minima)
        assert known or loss < case["loss"] or run.outcome == "diverged"


@pytest.mark.parametrize("key", _OURS)
def test_all_problems_together_cost_no_more_than_with_scipy(key: str) -> None:
    ours = theirs = 0
    for case in _DOCUMENT["cases"]:
        if case["method"] != _OURS[key] or not case["converged"] or case["problem"] in _NOT_SMOOTH:
            continue
        run = _run(key, case["problem"])
        if abs(run.trajectory.loss[-1] - case["loss"]) <= 1e-9 * max(1.0, abs(case["loss"])):
            ours += run.evaluations
            theirs += case["losses"] + case["hessians"] * len(case["theta"])
    assert 0 < ours <= theirs
