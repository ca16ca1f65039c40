"""`gdstudio.run`, as Python code uses it."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from typing import Any

import numpy as np
import pytest

import gdstudio
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.experiment.request import requested
from gdstudio.experiment.run import run_experiment

_FINDING_THEIR_RATE = ("adadelta", "prodigy", "barzilai_borwein")


def test_a_descent_by_hand_is_the_same_to_the_bit() -> None:
    result = gdstudio.run("parabola", start=[4.0], optimizer="gd", learning_rate=0.03, iterations=20, tolerance=0)
    x = [4.0]
    for _ in range(20):
        x.append(x[-1] - 0.03 * (10.0 * x[-1]))
    assert result.trajectory.theta.shape == (21, 1)
    assert np.allclose(result.trajectory.theta[:, 0], x, rtol=1e-14)
    assert np.allclose(result.trajectory.loss, 5 * np.square(x), rtol=1e-14)
    assert np.allclose(result.trajectory.gradient_norm, 10 * np.abs(x), rtol=1e-14)
    assert (result.outcome, result.iterations, result.evaluations) == ("iteration_limit", 20, 21)
    assert result.theta.tolist() == result.trajectory.theta[-1].tolist()
    assert result.loss == result.trajectory.loss[-1]


@pytest.mark.parametrize("key", PROBLEMS)
@pytest.mark.parametrize("optimizer", EQUATIONS)
def test_every_problem_descends_with_every_optimizer_where_nothing_is_set(key: str, optimizer: str) -> None:
    result = gdstudio.run(key, optimizer=optimizer, iterations=300)
    # Those that find their rate themselves run off where there is no ground, or no end to a fall.
    assert result.outcome != "diverged" or optimizer in _FINDING_THEIR_RATE
    assert result.trajectory.theta[0].tolist() == list(PROBLEMS[key].start)
    # Where the start is flat, FTRL begins with a leap to zero.
    assert result.trajectory.loss.min() < result.trajectory.loss[0] or (optimizer, key) == ("ftrl", "easom")
    suggested = PROBLEMS[key].learning_rates
    like, factor = EQUATIONS[optimizer].rate_like or ("", 1.0)
    rate = suggested.get(optimizer, factor * suggested.get(like, EQUATIONS[optimizer].hyperparameters[0].default))
    assert result.trajectory.learning_rate[1] == rate


def test_a_formula_starts_at_one_with_the_optimizers_default() -> None:
    result = gdstudio.run(formula="a^2 + 2*b^2", iterations=3, optimizer="gd")
    assert result.variables == ("a", "b")
    assert result.trajectory.theta[0].tolist() == [1.0, 1.0]
    assert result.trajectory.learning_rate[1:].tolist() == [1e-3] * 3


def test_the_gradient_of_three_variables_is_as_promised() -> None:
    result = gdstudio.run("three_variables", start=(1, 1, 1), optimizer="gd", learning_rate=1.0, iterations=1)
    assert (result.trajectory.theta[0] - result.trajectory.theta[1]).tolist() == [4.0, 12.0, 21.0]


@pytest.mark.parametrize(
    "start", [(2, -3), [2.0, -3.0], np.array([2, -3]), np.array([[2.0, -3.0]])[0], {"b": -3, "a": 2}, (np.int8(2), -3)]
)
def test_a_start_by_order_or_by_name(start: Any) -> None:
    result = gdstudio.run(formula="(a-1)^2 + b^2", start=start, iterations=0)
    assert result.trajectory.theta.tolist() == [[2.0, -3.0]]
    assert (result.outcome, result.evaluations) == ("iteration_limit", 1)


@pytest.mark.parametrize("start", [3, 3.0, np.float64(3), [3.0], {"x": 3}])
def test_one_variable_may_start_at_a_number(start: Any) -> None:
    assert gdstudio.run("parabola", start=start, iterations=0).theta.tolist() == [3.0]


def test_outcomes() -> None:
    assert gdstudio.run("parabola", optimizer="gd", learning_rate=0.1).outcome == "converged"
    assert gdstudio.run("parabola", optimizer="gd", learning_rate=1.0).outcome == "diverged"
    assert gdstudio.run("parabola", optimizer="gd", learning_rate=0.0, patience=5).outcome == "stalled"
    bracketed = gdstudio.run("parabola", optimizer="gd", learning_rate=0.15, stop_at_sign_change=True)
    assert (bracketed.outcome, bracketed.iterations) == ("bracketed", 1)
    assert "after 1 iteration." in gdstudio.run("parabola", optimizer="gd", learning_rate=0.1).reason


def test_batches_follow_the_seed() -> None:
    first, again, other = (gdstudio.run("line_fit", batch=4, seed=seed, iterations=50) for seed in (1, 1, 2))
    assert first.trajectory.theta.tobytes() == again.trajectory.theta.tobytes()
    assert first.trajectory.theta.tobytes() != other.trajectory.theta.tobytes()
    full = gdstudio.run("line_fit", batch="full", iterations=50)
    assert full.trajectory.theta.tobytes() == gdstudio.run("line_fit", iterations=50).trajectory.theta.tobytes()
    assert full.evaluations == 51


def test_a_problems_own_parameters_are_set_like_hyperparameters() -> None:
    result = gdstudio.run("bowl", optimizer="gd", condition=1.0, angle=0.0, learning_rate=1.0, start=(2, 1))
    assert result.iterations == 1
    assert result.experiment.problem.parameters == {"condition": 1.0, "angle": 0.0}
    assert result.experiment.runs[0].hyperparameters == {"learning_rate": 1.0}


def test_only_what_was_set_stands_in_the_experiment() -> None:
    assert gdstudio.run("bowl", iterations=0).experiment.runs[0].hyperparameters == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Nothing says what to minimise: give a listed problem"),
        ({"problem": "bowl", "formula": "x"}, "leave out --problem or --formula"),
        ({"problem": "rosenbrok"}, "no problem called rosenbrok; try rosenbrock"),
        ({"problem": 3}, "problem must be text, not 3"),
        ({"formula": b"x"}, "formula must be text"),
        ({"formula": "x +"}, "missing|end"),
        ({"formula": "1 + 2"}, "no variable"),
        ({"formula": "sin + 1"}, "sin is a function"),
        ({"problem": "bowl", "optimizer": "sgd"}, "no optimizer called sgd; try asgd, gd, signsgd"),
        ({"problem": "bowl", "optimizer": None}, "no optimizer called ''"),
        ({"problem": "bowl", "lerning_rate": 1}, "nothing called lerning_rate to set here; try learning_rate"),
        ({"problem": "bowl", "momentum": 0.9}, "nothing called momentum"),
        ({"problem": "bowl", "learning_rate": "0.1"}, "learning_rate must be a number, not '0.1'"),
        ({"problem": "bowl", "learning_rate": True}, "learning_rate must be a number, not True"),
        ({"problem": "bowl", "learning_rate": -1}, r"learning_rate must lie in \[0, inf\), not -1"),
        ({"problem": "bowl", "learning_rate": float("nan")}, r"finite number in \[0, inf\), not nan"),
        ({"problem": "bowl", "learning_rate": 10**400}, r"finite number in \[0, inf\), not inf"),
        ({"problem": "bowl", "condition": 0.5}, r"condition must lie in \[1, 1e\+06\], not 0.5"),
        ({"problem": "bowl", "start": (1,)}, "The start has 1 number, but there are 2 variables: x, y"),
        ({"problem": "bowl", "start": ()}, "The start has 0 numbers"),
        ({"problem": "bowl", "start": 3.0}, "The start has 1 number"),
        ({"problem": "bowl", "start": "1,2"}, "The start must be a sequence"),
        ({"problem": "bowl", "start": (1, None)}, "start of y must be a number, not None"),
        ({"problem": "bowl", "start": (1, np.inf)}, "start of y must be a finite number, not inf"),
        ({"problem": "bowl", "start": [[1, 2], [3, 4]]}, r"start of x must be a number, not \[1, 2\]"),
        ({"problem": "bowl", "start": {"x": 1}}, "The start lacks y; the variables are x, y"),
        ({"problem": "bowl", "start": {"x": 1, "y": 2, "z": 3}}, "The start names z"),
        ({"problem": "bowl", "iterations": 1.5}, "iterations must be a whole number, not 1.5"),
        ({"problem": "bowl", "iterations": "1e3"}, "iterations must be a number, not '1e3'"),
        ({"problem": "bowl", "iterations": -1}, "iterations must lie between 0 and 100000000, not -1"),
        ({"problem": "bowl", "iterations": 10**400}, "iterations must be a finite number"),
        ({"problem": "bowl", "iterations": 10**20}, r"not 1e\+20"),
        ({"problem": "bowl", "tolerance": -1}, "tolerance must be a finite number, 0 or above, not -1"),
        ({"problem": "bowl", "tolerance": None}, "tolerance must be a number, not None"),
        ({"problem": "bowl", "patience": 0}, "patience must lie between 1 and"),
        ({"problem": "bowl", "stop_at_sign_change": True}, "needs one variable, but there are 2: x, y"),
        ({"problem": "parabola", "stop_at_sign_change": 1}, "must be True or False, not 1"),
        ({"problem": "bowl", "batch": 4}, "no data"),
        ({"problem": "line_fit", "batch": 0}, "batch must lie between 1 and 64, not 0"),
        ({"problem": "line_fit", "batch": 65}, "batch must lie between 1 and 64, not 65"),
        ({"problem": "line_fit", "batch": "half"}, "batch must be a number of samples or full, not half"),
        ({"problem": "bowl", "seed": -1}, "seed must lie between 0 and"),
        ({"problem": "bowl", "seed": 2**63}, "seed must lie between 0 and"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(StudioError, match=message) as caught:
        gdstudio.run(**arguments)
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("start", [range(1, 3), deque([1, 2]), np.array([1, 2], dtype=object), (np.int8(1), 2.0)])
def test_any_sequence_of_numbers_is_a_start(start: Any) -> None:
    assert gdstudio.run("bowl", start=start, iterations=0).theta.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("start", ["12", b"12", {1, 2}, iter([1, 2]), object()])
def test_what_is_no_sequence_is_no_start(start: Any) -> None:
    with pytest.raises(StudioError, match="The start must be a sequence of numbers or a mapping"):
        gdstudio.run("bowl", start=start)


def test_truth_values_of_numpy_are_truth_values() -> None:
    true: Any = np.bool_(True)
    result = gdstudio.run("parabola", optimizer="gd", learning_rate=0.15, stop_at_sign_change=true)
    assert result.outcome == "bracketed"
    assert result.experiment.stopping.stop_at_sign_change is True


def test_switches_may_be_truth_values_and_nothing_else() -> None:
    results = [
        run_experiment(requested(problem="bowl", settings={"amsgrad": value}, iterations=5))
        for value in (True, np.True_, 1)
    ]
    assert [result.hyperparameters["amsgrad"] for result in results] == [1.0, 1.0, 1.0]
    for wrong in ({"beta1": True}, {"condition": True}):
        with pytest.raises(StudioError, match=f"{next(iter(wrong))} must be a number, not True"):
            requested(problem="bowl", settings=wrong)


def test_keras_decays_decoupled_whether_or_not_that_is_said() -> None:
    keras: dict[str, Any] = {"optimizer": "adam", "convention": "keras", "weight_decay": 0.1, "iterations": 20}
    said, unsaid = gdstudio.run("bowl", **keras, decoupled=True), gdstudio.run("bowl", **keras)
    assert said.experiment == unsaid.experiment
    with pytest.raises(StudioError, match="so decoupled is 1 there, not False"):
        gdstudio.run("bowl", **keras, decoupled=False)


def test_whole_floats_and_numbers_of_numpy_are_numbers() -> None:
    given: dict[str, Any] = {"iterations": 1e1, "learning_rate": np.float32(0.5), "seed": np.int64(3)}
    result = gdstudio.run("bowl", **given)
    assert result.iterations == 10


def test_the_result_reproduces_itself() -> None:
    first = gdstudio.run("himmelblau", optimizer="nesterov", iterations=100)
    again = gdstudio.Result.__module__
    assert again == "gdstudio.experiment.run"
    from gdstudio.experiment.run import run_experiment

    assert run_experiment(first.experiment).trajectory.theta.tobytes() == first.trajectory.theta.tobytes()


def test_a_variable_may_be_called_as_anything_of_an_optimizer() -> None:
    result = gdstudio.run(formula="(m-1)^2 + (v-2)^2 + theta^2 + t^2 + g^2", iterations=5)
    assert result.variables == ("m", "v", "theta", "t", "g")


def test_importing_the_package_loads_nothing() -> None:
    code = (
        "import sys, gdstudio\nassert gdstudio.__version__\n"
        "heavy = {'numpy', 'llvmlite', 'msgspec', 'PySide6'} & set(sys.modules)\nassert not heavy, heavy\n"
        "gdstudio.run('bowl', iterations=1)\n"
        "heavy = {'msgspec', 'PySide6', 'psutil'} & set(sys.modules)\nassert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_there_is_nothing_else_in_the_package() -> None:
    with pytest.raises(AttributeError, match="no attribute 'walk'"):
        _ = gdstudio.walk
