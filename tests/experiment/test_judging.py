"""Verdicts of finished runs: what of the document reaches the test that fires."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import gdstudio
from gdstudio.analysis import ending
from gdstudio.engine.errors import StudioError


def test_a_known_minimum_is_named() -> None:
    result = gdstudio.run("himmelblau", optimizer="bfgs")
    assert result.verdict == "minimum"
    assert "the known minimum 3 of 4" in result.verdict_reason
    assert result.eigenvalues == pytest.approx((70.7143547, 133.7856152))


@pytest.mark.parametrize("condition", [1.0, 40.0])
def test_a_minimum_that_the_numbers_of_the_problem_do_not_move_is_known(condition: float) -> None:
    result = gdstudio.run("bowl", optimizer="newton", condition=condition)
    assert "known minimum 1 of 1" in result.verdict_reason


def test_every_verdict_by_a_run() -> None:
    found = {
        gdstudio.run(formula="x^2", optimizer="gd", learning_rate=0.1).verdict,
        gdstudio.run(formula="x^2 - y^2", start=(0.5, 0.0), optimizer="gd", learning_rate=0.1).verdict,
        gdstudio.run(formula="-x^2", start=0, optimizer="gd").verdict,
        gdstudio.run(formula="tanh(x)^2", start=30, optimizer="gd").verdict,
        gdstudio.run("parabola", optimizer="gd", learning_rate=0.2, iterations=200).verdict,
        gdstudio.run("parabola", optimizer="gd", learning_rate=0.21).verdict,
        gdstudio.run(formula="x^2", optimizer="gd", learning_rate=1e-4, iterations=50).verdict,
        gdstudio.run(formula="x^4/4 - x^2/2", start=0.3, optimizer="gd", learning_rate=1.85, tolerance=0).verdict,
    }
    assert found == {
        "minimum", "saddle", "maximum", "plateau", "oscillating", "diverging", "descending", "cycling",
    }


def test_the_largest_stable_rate_is_that_of_theory() -> None:
    result = gdstudio.run("parabola", optimizer="gd", learning_rate=0.21)
    assert "the largest stable learning rate is 0.2, and 0.21 was used" in result.verdict_reason


def test_theory_knows_the_rate_that_a_schedule_made() -> None:
    # The rate that is set is stable; what the schedule makes of it is not.
    result = gdstudio.run("parabola", optimizer="gd", learning_rate=0.1, schedule="formula:2.1*learning_rate")
    assert "the largest stable learning rate is 0.2, and 0.21 was used" in result.verdict_reason
    warming = gdstudio.run("parabola", optimizer="gd", learning_rate=0.21, warmup=10)
    assert "and 0.21 was used" in warming.verdict_reason


@pytest.mark.parametrize(
    ("optimizer", "around"),
    [
        ("gd", {"wrap": "lookahead:k=2,alpha=1"}), ("gd", {"noise": 0.0}), ("gd", {"wrap": "sam"}),
        ("momentum", {"weight_decay": 1.0, "decoupled": 1.0}),
        ("momentum", {"weight_decay": 1.0, "convention": "keras"}),
    ],
)
def test_of_what_is_around_an_optimizer_theory_says_nothing(optimizer: str, around: dict[str, Any]) -> None:
    result = gdstudio.run("parabola", optimizer=optimizer, learning_rate=0.5, **around)
    assert result.verdict == "diverging"
    assert "stable" not in result.verdict_reason


@pytest.mark.parametrize(
    ("optimizer", "numbers", "rate"),
    [
        ("gd", {}, 2.0 / 11.0), ("gd", {"decoupled": 1.0}, 2.0 / 11.0), ("gd", {"convention": "keras"}, 2.0 / 11.0),
        ("momentum", {"momentum": 0.5}, 3.0 / 11.0), ("nesterov", {"momentum": 0.5}, 1.5 / 11.0),
        ("nesterov_lookahead", {"momentum": 0.5}, 1.5 / 11.0),
    ],
)
def test_weight_decay_adds_to_the_curvature(optimizer: str, numbers: dict[str, Any], rate: float) -> None:
    unstable = gdstudio.run("parabola", optimizer=optimizer, learning_rate=1.02 * rate, weight_decay=1.0, **numbers)
    assert unstable.verdict == "diverging"
    assert f"curvature 10 there and weight decay 1, which adds to it, the largest stable learning rate is {rate:.4g}" \
        in unstable.verdict_reason
    stable = gdstudio.run("parabola", optimizer=optimizer, learning_rate=0.98 * rate, weight_decay=1.0, **numbers)
    assert (stable.outcome, stable.verdict) == ("converged", "minimum")


def test_a_proximal_step_leaves_gradient_descent_its_limit() -> None:
    lasso: dict[str, Any] = {"model": "linear", "data": "noisy_line", "penalty": "lasso:0.1", "wrap": "proximal"}
    unstable = gdstudio.run(**lasso, optimizer="gd", learning_rate=0.75)
    assert unstable.verdict == "diverging"
    assert "the largest stable learning rate is 0.7269, and 0.75 was used" in unstable.verdict_reason
    # It may be caught by the edge of the penalty, every other step.
    caught = gdstudio.run(**lasso, optimizer="gd", learning_rate=0.73)
    assert caught.verdict == "oscillating"
    assert "the eigenvalue 2.751 has reached 2 / learning rate = 2.74" in caught.verdict_reason
    assert gdstudio.run(**lasso, optimizer="gd", learning_rate=0.72).verdict == "minimum"
    faster = gdstudio.run(**lasso, optimizer="momentum", learning_rate=4.0)
    assert faster.verdict == "diverging" and "stable" not in faster.verdict_reason


def test_what_holds_a_run_at_rest_is_said() -> None:
    loss: dict[str, Any] = {"formula": "(x-3)^2", "start": 1, "iterations": 3000}
    decayed = gdstudio.run(**loss, optimizer="nesterov", learning_rate=0.05, weight_decay=0.5)
    assert decayed.verdict == "descending"
    assert "It no longer moves" in decayed.verdict_reason and "Weight decay 0.5 holds it" in decayed.verdict_reason
    # a path of rounding is no cycle
    keras = gdstudio.run(**loss, optimizer="momentum", convention="keras", learning_rate=0.05, weight_decay=1.0)
    assert keras.verdict == "descending" and "Weight decay 1 holds it" in keras.verdict_reason
    slowed = gdstudio.run(**loss, optimizer="adam", schedule="exponential:factor=0.5")
    assert "It no longer moves: the learning rate is " in slowed.verdict_reason
    dropped = gdstudio.run(
        model="linear", data="noisy_line", penalty="lasso:0.1", optimizer="gd", wrap="proximal", schedule="plateau",
        learning_rate=0.1,
    )
    assert "It no longer moves: the learning rate is 1e-08" in dropped.verdict_reason


def test_softmax_regression_has_a_verdict_and_eigenvalues() -> None:
    result = gdstudio.run(model="softmax", data="iris", optimizer="lbfgs")
    assert (result.outcome, result.verdict) == ("converged", "minimum")
    assert result.eigenvalues is not None and len(result.eigenvalues) == 15
    assert max(map(abs, result.eigenvalues[:5])) < 1e-15


def test_a_loss_that_is_not_finite_has_no_eigenvalues() -> None:
    assert gdstudio.run(formula="log(x)", start=-1, optimizer="gd").eigenvalues is None


def test_a_hessian_beyond_all_bounds_leaves_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StudioError("The formula grows beyond all bounds.")

    result = gdstudio.run("bowl", optimizer="gd", iterations=3)
    monkeypatch.setattr(ending, "curvature", refuse)
    assert (result.verdict, result.eigenvalues) == ("descending", None)


def test_it_is_found_when_it_is_asked_for() -> None:
    code = (
        "import sys; from gdstudio.cli import main\n"
        "main(['run', '--problem', 'bowl'])\n"
        "print('gdstudio.analysis.verdicts' in sys.modules, 'gdstudio.experiment.judging' in sys.modules)\n"
        "main(['run', '--problem', 'bowl', '--json'])\n"
        "print('gdstudio.analysis.verdicts' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "True"
    assert "False False" in lines


def test_a_run_that_only_the_noise_of_batches_moves_is_told_so() -> None:
    result = gdstudio.run(model="linear", data="noisy_line", batch=1, optimizer="gd", iterations=2000)
    assert result.verdict == "cycling"
    assert result.verdict_reason.startswith("The noise of batches keeps it moving: its last 500 steps")
