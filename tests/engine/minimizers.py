"""Runs the methods where ``tests/oracles/make_scipy.py`` had SciPy's run. A Hessian counts as n gradients on both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdstudio.engine.descent import Descent
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.stopping import Stopping
from tests.engine.goals import goal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = Path(__file__).parents[1] / "oracles" / "scipy_minimizers.json"
_DOCUMENT = json.loads(_FILE.read_text(encoding="utf-8"))
VERSION = f"scipy {_DOCUMENT['scipy']}"
# Our methods, and what SciPy calls the one that each is held against.
OURS = {
    "cg_pr": "CG", "cg_fr": "CG", "bfgs": "BFGS", "lbfgs": "L-BFGS-B", "trust_newton": "trust-exact",
    "gd_wolfe": "line_search",
}
# Kinks on the way (schwefel, eggholder) or in the minimum (ackley).
_NOT_SMOOTH = {"ackley", "schwefel", "eggholder"}
SMOOTH = tuple(problem for problem in PROBLEMS if problem not in _NOT_SMOOTH)
# Losses that are no farther apart than this share are of the same minimum.
_SAME = 1e-9


def case(key: str, problem: str) -> dict[str, Any] | None:
    """Return what SciPy made of a problem, or None where it fell for ever."""
    found = [row for row in _DOCUMENT["cases"] if (row["method"], row["problem"]) == (OURS[key], problem)]
    return found[0] if found else None


def cost(row: dict[str, Any]) -> int:
    """Return how many gradients SciPy took."""
    return int(row["losses"] + row["hessians"] * len(row["theta"]))


def run(key: str, problem: str) -> Descent:
    """Return our run to the same tolerance."""
    stopping = Stopping(iterations=2000, tolerance=_DOCUMENT["tolerance"])
    descent = Descent(goal_of(problem), key, PROBLEMS[problem].start, None, stopping)
    descent.advance(2000)
    return descent


def root_errors() -> dict[str, float]:
    """Return how far, for each problem of one variable, our search by signs ends from the root that SciPy finds."""
    found = {}
    for problem, root in _DOCUMENT["roots"].items():
        descent = Descent(
            goal_of(problem), "sign_search", PROBLEMS[problem].start, None, Stopping(iterations=200, tolerance=0.0)
        )
        descent.advance(200)
        found[problem] = float(abs(descent.theta[0] - root) / max(1.0, abs(root)))
    return found


def loss_error(descent: Descent, row: dict[str, Any]) -> float:
    """Return ``|a - b| / max(1, |b|)`` of the losses reached."""
    return float(abs(descent.trajectory.loss[-1] - row["loss"]) / max(1.0, abs(row["loss"])))


def is_same(descent: Descent, row: dict[str, Any]) -> bool:
    """Tell whether both have reached the same minimum."""
    return loss_error(descent, row) <= _SAME


def same_minima(key: str) -> Iterator[tuple[Descent, dict[str, Any]]]:
    """Yield our run and SciPy's, wherever both have reached the same minimum."""
    for problem in SMOOTH:
        row = case(key, problem)
        if row is not None and row["converged"]:
            descent = run(key, problem)
            if is_same(descent, row):
                yield descent, row
