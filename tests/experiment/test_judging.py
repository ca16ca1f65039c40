"""Verdicts of finished runs: what of the document reaches the test that fires."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import gdstudio
from gdstudio.analysis import verdicts
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


@pytest.mark.parametrize("around", [{"wrap": "lookahead:k=2,alpha=1"}, {"noise": 0.0}, {"weight_decay": 0.0}])
def test_of_what_is_around_an_optimizer_theory_says_nothing(around: dict[str, Any]) -> None:
    result = gdstudio.run("parabola", optimizer="gd", learning_rate=0.5, **around)
    assert result.verdict == "diverging"
    assert "stable" not in result.verdict_reason


def test_a_loss_that_is_not_finite_has_no_eigenvalues() -> None:
    assert gdstudio.run(formula="log(x)", start=-1, optimizer="gd").eigenvalues is None


def test_a_hessian_beyond_all_bounds_leaves_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StudioError("The formula grows beyond all bounds.")

    result = gdstudio.run("bowl", optimizer="gd", iterations=3)
    monkeypatch.setattr(verdicts, "curvature", refuse)
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
