"""Verdicts: cases built to trip each test, which none of the other tests mistakes for its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.analysis.reasons import REASONS
from gdstudio.analysis.verdicts import VERDICTS, Run, Verdict, firing, verdict
from gdstudio.engine.descent import Descent
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.objective import objective
from gdstudio.engine.problems import Minimum
from gdstudio.engine.recipe import Addition, Recipe
from gdstudio.engine.stopping import Stopping
from tests.data.tables import columns_of
from tests.engine.goals import goal_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Case:
    """A run that was built to get a verdict by one test."""

    verdict: str
    test: str
    text: str
    start: Sequence[float]
    optimizer: str = "gd"
    numbers: Mapping[str, float] = field(default_factory=dict)
    iterations: int = 500
    tolerance: float = 1e-6
    minima: tuple[Minimum, ...] = ()
    domain: tuple[tuple[float, float], ...] | None = None
    additions: tuple[Addition, ...] = ()
    # of single samples, where there are data
    columns: Mapping[str, NDArray[np.float64]] | None = None
    # the strength with which the loss takes the sizes of all parameters
    lasso: str | None = None


def _rate(rate: float, **more: float) -> dict[str, float]:
    return {"learning_rate": rate, **more}


_BOWL = "x^2/2 + 5*y^2"
_ROSENBROCK = "(1-x)^2 + 100*(y-x^2)^2"
CASES = {
    # thrown out
    "gd thrown out": Case("diverging", "rises_unstable", _BOWL, (1.0, 1.0), "gd", _rate(0.25)),
    "gd just above": Case("diverging", "rises_unstable", "5*x^2", (1.8,), "gd", _rate(0.201), 200),
    "momentum": Case("diverging", "rises_unstable", _BOWL, (1.0, 1.0), "momentum", _rate(0.4)),
    "nesterov": Case("diverging", "rises_unstable", _BOWL, (1.0, 1.0), "nesterov", _rate(0.15)),
    "steep walls": Case("diverging", "rises_unstable", _ROSENBROCK, (-1.2, 1.0), "gd", _rate(0.01)),
    "no theory": Case("diverging", "rises", "sqrt(1 + x^2)", (1.5,), "newton"),
    "no rate": Case(
        "diverging", "rate_undefined", _BOWL, (1.0, 1.0), "gd", _rate(0.1),
        additions=(Addition("formula", "0.1/sqrt(3 - t)"),),
    ),
    "out of the domain": Case("diverging", "undefined", "log(x)", (1.0,), "gd", _rate(0.5)),
    "onto a kink": Case("diverging", "undefined", "sqrt(x^2)", (1.0,), "gd", _rate(0.125)),
    "saddle's way down": Case("diverging", "runs_away", "x^2 - y^2", (1.0, 0.1), "gd", _rate(0.1)),
    "line search falls for ever": Case("diverging", "runs_away", "x^2 - y^2", (1.0, 0.1), "bfgs"),
    # to and fro
    "gd at the limit": Case("oscillating", "alternates_at_limit", "5*x^2", (1.8,), "gd", _rate(0.2)),
    "gd in a ravine": Case("oscillating", "alternates_at_limit", "x^2/200 + 5*y^2", (1.0, 1.0), "gd", _rate(0.2)),
    "gd in a curved wall": Case("oscillating", "alternates_at_limit", "x^4/4 - x^2/2", (1.5,), "gd", _rate(1.2)),
    "momentum at the limit": Case(
        "oscillating", "alternates_at_limit", "5*x^2", (1.8,), "momentum", _rate(0.3, momentum=0.5),
    ),
    "signs": Case("oscillating", "alternates", "x^2", (1.03,), "signsgd", _rate(0.1)),
    # minima
    "known": Case("minimum", "known_minimum", "x^2", (1.0,), "gd", _rate(0.1), minima=(Minimum((0.0,), 0.0),)),
    "flat and known": Case(
        "minimum", "known_minimum", "x^4", (1.0,), "gd", _rate(0.1), 100_000, minima=(Minimum((0.0,), 0.0),),
    ),
    "kink and known": Case(
        "minimum", "known_minimum", "abs(x)", (1.0000001,), "gd", _rate(0.125), 8, minima=(Minimum((0.0,), 0.0),),
    ),
    "some at edges": Case(
        "minimum", "held", "(x - 2)^2 + (y - x/10)^2 + abs(x) + abs(y)", (1.0, 1.0), "adam", _rate(0.05), 2000,
        additions=(Addition("proximal"),), lasso="1",
    ),
    "curved down along an edge": Case(
        "minimum", "held", "(x - 2)^2 - y^2/2 + abs(x) + abs(y)", (1.0, 0.3), "gd", _rate(0.1),
        additions=(Addition("proximal"),), lasso="1",
    ),
    "all at edges": Case(
        "minimum", "all_held", "x^2 + x*y + y + 3*abs(x) + 3*abs(y)", (1.0, 1.0), "momentum", _rate(0.05), 2000,
        additions=(Addition("proximal"),), lasso="3",
    ),
    "second of two": Case(
        "minimum", "known_minimum", "x^4 - 2*x^2", (0.5,), "bfgs",
        minima=(Minimum((-1.0,), -1.0), Minimum((1.0,), -1.0)),
    ),
    "unknown": Case("minimum", "curved_up", _BOWL, (1.0, 1.0), "gd", _rate(0.1)),
    "flat, but a minimum": Case("minimum", "curved_up", "x^4 + y^2", (0.5, 1.0), "gd", _rate(0.1), 100_000),
    "very flat": Case("minimum", "curved_up_one", "1000*x^8", (0.2,), "gd", _rate(0.1), 100_000, 1e-4),
    "one variable": Case("minimum", "curved_up_one", "x^2 + x", (1.0,), "gd", _rate(0.1)),
    "newton to a flat minimum": Case("minimum", "curved_up_one", "x^4", (1.0,), "newton"),
    "flat and lopsided": Case("minimum", "curved_up_one", "x^4 + x^5", (0.5,), "newton", tolerance=1e-4),
    "trough": Case("minimum", "curved_up", "(x - y)^2", (1.0, 0.5), "gd", _rate(0.1)),
    # stationary, but no minimum
    "saddle": Case("saddle", "both_ways", "x^2 - y^2", (1.0, 0.0), "gd", _rate(0.1)),
    "newton to a saddle": Case("saddle", "both_ways", "x^2 - y^2 + x^4", (1.0, 0.5), "newton"),
    "newton to an inflection": Case("saddle", "turns_one", "x^3", (1.0,), "newton"),
    "from above": Case("saddle", "turns_one", "x^3", (1.0,), "gd", _rate(0.1), 100_000),
    "from below": Case("saddle", "turns_one", "x^3", (-1.0,), "newton"),
    "inflection of degree five": Case("saddle", "turns_one", "(x - 2)^5", (3.0,), "newton"),
    "bent trough": Case("saddle", "turns", "x^3 + (y - x)^2", (1.0, 0.5), "newton"),
    "newton to a maximum": Case("maximum", "curved_down", "cos(x) + cos(y)", (0.4, -0.3), "newton"),
    "start on a top": Case("maximum", "curved_down_one", "-x^2", (0.0,), "gd", _rate(0.1)),
    "plateau": Case("plateau", "straight", "1 - exp(-(x^2 + y^2)/2)", (9.0, 2.0), "gd", _rate(0.1)),
    "slope of a plateau": Case("plateau", "straight", "1 - exp(-(x^2 + y^2)/2)", (4.1, 3.9), "gd", _rate(0.1)),
    "between narrow wells": Case(
        "plateau", "recedes", "-exp(-40*((x - 1)^2 + y^2)) - exp(-40*((x + 1)^2 + y^2))", (0.3, 0.1), "gd", _rate(1e-3),
    ),
    "tail of a narrow well": Case("plateau", "recedes", "1 - exp(-400*x^2)", (0.22,), "gd", _rate(1e-4)),
    "tail of a decay": Case("plateau", "recedes", "exp(-50*x)", (0.4,), "gd", _rate(1e-5)),
    "straight in one variable": Case("plateau", "straight_one", "1 - exp(-x^2/2)", (9.0,), "gd", _rate(0.1)),
    "monkey saddle": Case("plateau", "straight", "x^3 - 3*x*y^2", (0.0, 0.0), "gd", _rate(0.1)),
    # round and round
    "over an edge": Case(
        "cycling", "returns", "(x - 2)^2 + (y - x/10)^2 + abs(x) + abs(y)", (1.0, 1.0), "gd", _rate(0.1),
        lasso="1",
    ),
    "chaos": Case("cycling", "returns", "x^4/4 - x^2/2", (0.3,), "gd", _rate(1.85), 1000, 0.0),
    "orbit": Case("cycling", "returns", "(x^2 + y^2)/2", (1.0, 0.0), "momentum", _rate(0.5, momentum=0.9999999)),
    "single samples": Case(
        "cycling", "wanders", "(w*x + b - y)^2", (0.0, 0.0), "gd", _rate(0.05), 2000, columns=columns_of("noisy_line"),
    ),
    # on the way
    "valley": Case("descending", "on_the_way", _ROSENBROCK, (-1.2, 1.0), "gd", _rate(0.001)),
    "slow": Case("descending", "on_the_way", _BOWL, (1.0, 1.0), "gd", _rate(0.001)),
    "slow with a known minimum": Case(
        "descending", "on_the_way", "x^2", (1.0,), "gd", _rate(0.001), minima=(Minimum((0.0,), 0.0),),
    ),
    "decaying zigzag": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", _rate(0.19), 60),
    "zigzag a hundredth narrower a step": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", _rate(0.199), 100),
    "the same for long": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", _rate(0.199), 1000),
    "zigzag a thousandth narrower a step": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", _rate(0.1999), 300),
    "signs ever shorter": Case(
        "descending", "on_the_way", "x^2", (1.03,), "signsgd", _rate(0.1, schedule_factor=0.99), 100,
        additions=(Addition("exponential"),),
    ),
    "decaying spiral": Case("descending", "on_the_way", "(x^2 + y^2)/2", (1.0, 0.0), "momentum", _rate(0.05), 100),
    "no step made": Case("descending", "no_step_made", "x^2", (1.0,), "gd", _rate(0.1), 0),
    "one step": Case("descending", "on_the_way", "x^2", (1.0,), "gd", _rate(0.1), 1),
    "still sliding down": Case("descending", "on_the_way", "x^2 - y^2", (1.0, 0.1), "gd", _rate(0.1), 40),
}


def _made(case: Case) -> Run:
    goal = objective(case.text, columns=case.columns)
    if case.lasso is not None:
        goal = replace(goal, program=replace(goal.program, lasso=case.lasso))
    descent = Descent(
        goal, Recipe(case.optimizer, additions=case.additions), case.start,
        case.numbers, Stopping(iterations=case.iterations, tolerance=case.tolerance),
        batch=None if case.columns is None else 1,
    )
    descent.advance(case.iterations)
    return Run(
        descent.objective, descent.trajectory, case.optimizer, descent.hyperparameters, descent.outcome, case.minima,
        case.domain, case.tolerance,
    )


def _of(name: str) -> Verdict:
    return verdict(_made(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_a_case_trips_its_own_test(name: str) -> None:
    found = _of(name)
    assert (found.key, found.test) == (CASES[name].verdict, CASES[name].test), found.reason


@pytest.mark.parametrize("name", CASES)
def test_a_case_trips_no_other_test(name: str) -> None:
    fired = firing(_made(CASES[name]))
    wanted = CASES[name].verdict
    assert fired[:1] == ([] if wanted == "descending" else [wanted])
    # To and fro is also a way to stay in a region, the simplest; the order decides.
    allowed = {"cycling"} if wanted == "oscillating" else set()
    assert set(fired[1:]) <= allowed


def test_every_verdict_and_every_test_has_a_case() -> None:
    assert [case.verdict for case in CASES.values()] == sorted(
        (case.verdict for case in CASES.values()), key=VERDICTS.index
    )
    assert {case.verdict for case in CASES.values()} == set(VERDICTS)
    assert {case.test for case in CASES.values()} == set(REASONS)


def test_the_order_is_that_of_the_precedence() -> None:
    assert VERDICTS == (
        "diverging", "oscillating", "minimum", "saddle", "maximum", "plateau", "cycling", "descending",
    )


def test_a_known_minimum_wins_over_plateau() -> None:
    unknown = _made(Case("", "", "x^4", (0.5,), "newton", tolerance=1e-12))
    assert verdict(unknown).key == "plateau"
    with_minimum = Run(
        unknown.objective, unknown.trajectory, "newton", unknown.hyperparameters, unknown.outcome,
        (Minimum((0.0,), 0.0),), ((-20.0, 20.0),), 1e-12,
    )
    assert firing(with_minimum) == ["minimum", "plateau"]
    assert verdict(with_minimum).test == "known_minimum"


def test_reasons_name_the_numbers() -> None:
    assert _of("gd just above").reason == (
        "The loss grows from iteration 0 on, from 16.2 to 867: with curvature 10 there the largest stable learning "
        "rate is 0.2, and 0.201 was used."
    )
    assert _of("gd in a ravine").reason == (
        "The last 40 steps go to and fro, each the reverse of the one before (cosine -1.000 or less), 2 wide and no "
        "narrower at the end: the eigenvalue 10 has reached 2 / learning rate = 10."
    )
    assert _of("second of two").reason.startswith("Within ")
    assert "of the known minimum 2 of 2, at (1) with loss -1; the gradient norm is " in _of("second of two").reason
    assert "eigenvalues -2 to 2." in _of("saddle").reason
    assert "no eigenvalue is positive: -1 to -1." in _of("newton to a maximum").reason


def test_the_iteration_from_which_it_diverges_is_the_one_with_the_lowest_loss() -> None:
    # Along the valley first, then the wall throws it out.
    run = _made(Case("", "", "x^4 + 50*y^2", (-2.0, 1e-9), "gd", _rate(0.021), 300))
    found = verdict(run)
    assert found.key == "diverging"
    row = found.details["iteration"]
    assert isinstance(row, int)
    losses = run.trajectory.loss
    assert row > 0 and losses[row] == losses[np.isfinite(losses)].min()
    assert np.all(np.diff(losses[row:row + 10]) >= 0.0)


def test_what_grows_until_it_is_no_number_is_thrown_out_all_the_same() -> None:
    assert _of("out of the domain").reason == (
        "In iteration 2 the loss or its gradient is no finite number: the loss is nan, the gradient norm 2."
    )
    grown = verdict(_made(Case("", "", "x^4 - x^2", (9.0,), "gd", _rate(1e300))))
    assert (grown.key, grown.test) == ("diverging", "rises_unstable")


def test_eigenvalues_beyond_all_numbers_are_none() -> None:
    found = verdict(_made(Case("", "", "8e307*(x + y)^2", (0.0, 0.0), "gd", _rate(0.1))))
    assert (found.key, found.eigenvalues) == ("descending", None)


@pytest.mark.parametrize(
    ("text", "start", "optimizer", "rate"),
    [
        ("tan(x) + y", (1e308, 1e308), "gd", 1e10), ("exp(x) + y^2", (1e-308, 1e154), "momentum", 1.0),
        ("floor(x)*1e10 + y", (-1.0, -1e308), "signsgd", 0.1),
    ],
)
def test_a_path_too_long_for_numbers_has_a_verdict(
    text: str, start: tuple[float, float], optimizer: str, rate: float
) -> None:
    assert verdict(_made(Case("", "", text, start, optimizer, _rate(rate), 300))).key in VERDICTS


def test_eigenvalues_are_those_at_the_last_iterate() -> None:
    assert _of("unknown").eigenvalues == pytest.approx((1.0, 10.0))
    assert _of("slow").eigenvalues == pytest.approx((1.0, 10.0))


def test_a_loss_that_is_not_finite_has_no_eigenvalues() -> None:
    found = verdict(_made(Case("", "", "log(x)", (-1.0,), "gd", _rate(0.1))))
    assert (found.key, found.eigenvalues) == ("diverging", None)


@pytest.mark.parametrize("problem", [key for key, row in PROBLEMS.items() if row.minima])
def test_a_method_that_converged_on_a_listed_problem_names_its_minimum(problem: str) -> None:
    row = PROBLEMS[problem]
    descent = Descent(goal_of(problem), "bfgs", row.start, None, Stopping(iterations=500))
    descent.advance(500)
    run = Run(
        descent.objective, descent.trajectory, "bfgs", descent.hyperparameters, descent.outcome, row.minima, row.domain,
        1e-6,
    )
    found = verdict(run)
    assert found.key == "minimum", found.reason
    inside = any(np.allclose(descent.theta, minimum.theta, atol=1e-3) for minimum in row.minima)
    assert found.test == ("known_minimum" if inside else "curved_up")
