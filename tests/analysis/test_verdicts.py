"""Verdicts: cases built to trip each test, which none of the other tests mistakes for its own."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.analysis.ending import Run
from gdstudio.analysis.reasons import REASONS
from gdstudio.analysis.verdicts import VERDICTS, Verdict, firing, verdict
from gdstudio.engine.descent import Descent
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.models import MODELS
from gdstudio.engine.problems import Minimum
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment import document
from gdstudio.experiment.judging import verdict_of
from gdstudio.experiment.run import run_experiment
from tests.analysis.verdict_cases import CASES, Case, made, rated
from tests.engine.goals import goal_of


def _of(name: str) -> Verdict:
    return verdict(made(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_a_case_trips_its_own_test(name: str) -> None:
    found = _of(name)
    assert (found.key, found.test) == (CASES[name].verdict, CASES[name].test), found.reason


@pytest.mark.parametrize("name", CASES)
def test_a_case_trips_no_other_test(name: str) -> None:
    fired = firing(made(CASES[name]))
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
    unknown = made(Case("", "", "x^4", (0.5,), "newton", tolerance=1e-12))
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
    assert "no eigenvalue exceeds 1e-06: -1 to -1." in _of("newton to a maximum").reason
    assert "no eigenvalue is below -1e-05: 1 to 10." in _of("unknown").reason
    assert _of("decay lowers the limit").reason == (
        "The loss grows from iteration 0 on, from 16.2 to 1.51e+16: with curvature 10 there and weight decay 1, which "
        "adds to it, the largest stable learning rate is 0.1818, and 0.19 was used."
    )
    assert _of("decayed at rest").reason == (
        "It no longer moves: in its last 250 steps no parameter changed by more than 0. Weight decay 0.5 holds it "
        "where the gradient norm is 1.2, at loss 0.36."
    )


def test_a_run_that_has_ended_is_never_told_that_it_has_not() -> None:
    ended = [name for name, case in CASES.items() if made(case).outcome not in (None, "iteration_limit")]
    assert len(ended) > 20
    assert not [name for name in ended if _of(name).test == "on_the_way"]


def test_the_common_shift_of_softmax_leaves_a_minimum_a_minimum() -> None:
    random = np.random.Generator(np.random.Philox(3))
    columns = {"x": random.standard_normal(40), "kind": random.integers(0, 3, 40).astype(float)}
    goal = MODELS["softmax"].build(("x",), "kind", ("a", "b", "c")).objective(columns)
    found = verdict(made(Case("", "", "", (0.0,) * 6, "lbfgs", goal=goal)))
    assert (found.key, found.test) == ("minimum", "curved_up")
    assert found.eigenvalues is not None
    assert found.eigenvalues[:2] == pytest.approx([0.0, 0.0], abs=1e-15) and found.eigenvalues[2] > 1e-3


def test_the_iteration_from_which_it_diverges_is_the_one_with_the_lowest_loss() -> None:
    # Along the valley first, then the wall throws it out.
    run = made(Case("", "", "x^4 + 50*y^2", (-2.0, 1e-9), "gd", rated(0.021), 300))
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
    grown = verdict(made(Case("", "", "x^4 - x^2", (9.0,), "gd", rated(1e300))))
    assert (grown.key, grown.test) == ("diverging", "rises_unstable")


def test_eigenvalues_beyond_all_numbers_are_none() -> None:
    found = verdict(made(Case("", "", "8e307*(x + y)^2", (0.0, 0.0), "gd", rated(0.1))))
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
    assert verdict(made(Case("", "", text, start, optimizer, rated(rate), 300))).key in VERDICTS


def test_eigenvalues_are_those_at_the_last_iterate() -> None:
    assert _of("unknown").eigenvalues == pytest.approx((1.0, 10.0))
    assert _of("slow").eigenvalues == pytest.approx((1.0, 10.0))
    assert _of("many variables").eigenvalues is None


def test_a_loss_that_is_not_finite_has_no_eigenvalues() -> None:
    found = verdict(made(Case("", "", "log(x)", (-1.0,), "gd", rated(0.1))))
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


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("iterations", [300, 620])
def test_where_the_loss_is_known_at_epochs_only_what_is_between_counts_for_nothing(seed: int, iterations: int) -> None:
    problem = document.Problem(
        model="linear", data=document.Data(source=document.Source(key="noisy_line", numbers={"samples": 5000.0}))
    )
    run = document.Run(optimizer="gd", batch=8, hyperparameters={"learning_rate": 0.05})
    experiment = document.Experiment(
        problem=problem, start=(0.5, 1.5), runs=(run,), seed=seed, stopping=Stopping(iterations=iterations)
    )
    found = verdict_of(run_experiment(experiment))
    assert (found.key, found.test) == ("descending", "on_the_way_from")
    assert "in iteration 0" in found.reason
