"""Against SciPy: the minimum that it reaches, at no more than one and a half times its evaluations."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.optimizers.parity import PARITIES
from tests.engine.minimizers import (
    OURS,
    SMOOTH,
    VERSION,
    case,
    cost,
    is_same,
    loss_error,
    root_errors,
    run,
    same_minima,
)

_MOST = 1.5
# Its first trial is the rate that is set, SciPy's comes from the loss; and where the loss still falls it looks as far
# ahead as a cubic says, where SciPy's doubles. On Levy's function the first step so ends in another valley. Doubling
# would end in SciPy's, and conjugate gradients would then take three times SciPy's evaluations on a bowl, and BFGS end
# in that other valley; the first trial of Nocedal and Wright, (3.60), begins with the second step and changes nothing.
_OTHER_TRIALS = {"gd_wolfe"}


@pytest.mark.parametrize("problem", SMOOTH)
@pytest.mark.parametrize("key", OURS)
def test_the_minimum_of_scipy_is_reached_at_its_cost(key: str, problem: str) -> None:
    theirs = case(key, problem)
    ours = run(key, problem)
    if theirs is None or not theirs["converged"]:
        # It fell for ever, or gave up: ours must have got somewhere too, or have said that it fell for ever.
        assert ours.outcome in ("converged", "diverged", "iteration_limit")
    elif is_same(ours, theirs):
        assert ours.outcome == "converged"
        assert ours.evaluations <= _MOST * cost(theirs) or key in _OTHER_TRIALS
    else:
        # Another valley: it must not be a worse one, unless it is a minimum that the table knows.
        known = any(np.allclose(ours.theta, minimum.theta, atol=1e-4) for minimum in PROBLEMS[problem].minima)
        better = ours.trajectory.loss[-1] < theirs["loss"]
        assert known or better or ours.outcome == "diverged" or (key in _OTHER_TRIALS and ours.outcome == "converged")


@pytest.mark.parametrize("key", OURS)
def test_all_problems_together_cost_no_more_than_with_scipy_and_the_table_says_how_close_we_come(key: str) -> None:
    pairs = list(same_minima(key))
    assert len(pairs) > 15
    assert sum(ours.evaluations for ours, _ in pairs) <= sum(cost(theirs) for _, theirs in pairs)
    worst = max(loss_error(*pair) for pair in pairs)
    assert worst <= 1e-9
    variant = OPTIMIZERS[key].variant()
    parity = PARITIES[key, variant.convention]
    if parity.compared == "minima":
        assert (parity.oracle, parity.version) == (variant.oracle, VERSION)
        assert worst <= 1.5 * parity.worst_error
    else:
        assert key == "lbfgs"


def test_the_search_by_signs_ends_at_the_root_that_bisection_finds() -> None:
    parity = PARITIES["sign_search", "author"]
    assert (parity.oracle, parity.version, parity.compared) == ("scipy.optimize.bisect", VERSION, "places")
    found = root_errors()
    assert len(found) == sum(len(row.start) == 1 for row in PROBLEMS.values())
    assert max(found.values()) <= 4.0 * parity.worst_error <= 1e-14
