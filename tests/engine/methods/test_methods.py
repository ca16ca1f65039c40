"""The methods against closed forms, and the laws that hold for every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.methods.quasi_newton import inverse_times, updated_inverse
from gdstudio.engine.methods.table import METHODS
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.stopping import Stopping
from tests.data.tables import columns_of
from tests.engine.agreement import assert_same_bits, is_exact
from tests.engine.goals import goal_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNSTOPPED = Stopping(iterations=200, tolerance=0.0)
_CURVATURES = st.lists(st.floats(0.1, 30.0), min_size=1, max_size=5)


def _descent(key: str, machine: bool | None = None, stopping: Stopping = _UNSTOPPED) -> Descent:
    one = key in METHODS and METHODS[key].only_dimension == 1
    goal = objective("x^4 - 4*x^2 + x" if one else "(1-x)^2 + 100*(y-x^2)^2")
    return Descent(goal, key, (2.1,) if one else (-1.2, 1.0), None, stopping, machine=machine)


def _quadratic(curvatures: list[float], angle: float = 0.3) -> tuple[Objective, np.ndarray, np.ndarray]:
    """Return a quadratic with these curvatures along turned axes, its Hessian and its minimum."""
    n = len(curvatures)
    turn = np.eye(n)
    for index in range(n - 1):
        plane = np.eye(n)
        plane[index:index + 2, index:index + 2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        turn = turn @ plane
    minimum = np.linspace(-1.0, 2.0, n)
    terms = []
    for curvature, axis in zip(curvatures, turn.T, strict=True):
        along = " + ".join(f"({float(axis[i])!r})*(x{i} - ({float(minimum[i])!r}))" for i in range(n))
        terms.append(f"{curvature!r}/2*({along})^2")
    return objective(" + ".join(terms)), turn @ np.diag(curvatures) @ turn.T, minimum


def _run(
    goal: Objective, key: str, settings: Mapping[str, float] | None = None, stopping: Stopping | None = None
) -> Descent:
    start = np.arange(1.0, goal.dimension + 1.0)
    descent = Descent(goal, key, start, settings, stopping or Stopping(iterations=500, tolerance=1e-6))
    descent.advance(500)
    return descent


@settings(max_examples=40, deadline=None)
@given(curvatures=st.lists(st.floats(0.1, 30.0) | st.floats(-30.0, -0.1), min_size=1, max_size=5))
def test_newton_takes_one_step_on_any_quadratic(curvatures: list[float]) -> None:
    goal, _, stationary = _quadratic(curvatures)
    descent = _run(goal, "newton")
    assert descent.theta == pytest.approx(stationary, abs=1e-9)
    assert (descent.outcome, descent.iterations) == ("converged", 1) or stationary == pytest.approx(descent.theta)
    n = goal.dimension
    assert descent.trajectory.evaluations.tolist()[:2] == [1, 1 + n + 1]


@settings(max_examples=40, deadline=None)
@given(curvatures=_CURVATURES)
def test_conjugate_gradients_with_an_exact_search_end_in_n_steps_on_a_quadratic(curvatures: list[float]) -> None:
    goal, _, minimum = _quadratic(curvatures)
    for key in ("cg_fr", "cg_pr"):
        descent = _run(goal, key, {"c1": 1e-8, "c2": 1e-9}, Stopping(iterations=500, tolerance=1e-5))
        assert descent.outcome == "converged"
        assert descent.iterations <= len(curvatures)
        assert descent.theta == pytest.approx(minimum, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(curvatures=_CURVATURES)
def test_quasi_newton_with_an_exact_search_ends_in_n_plus_one_steps_on_a_quadratic(curvatures: list[float]) -> None:
    goal, _, minimum = _quadratic(curvatures)
    for key in ("bfgs", "lbfgs"):
        descent = _run(goal, key, {"c1": 1e-8, "c2": 1e-9}, Stopping(iterations=500, tolerance=1e-5))
        assert descent.outcome == "converged"
        assert descent.iterations <= len(curvatures) + 1
        assert descent.theta == pytest.approx(minimum, abs=1e-3)


def test_bfgs_has_learnt_the_inverse_hessian_of_a_quadratic_after_n_exact_steps() -> None:
    goal, hessian, _ = _quadratic([1.0, 7.0, 20.0])
    descent = _run(goal, "bfgs", {"c1": 1e-8, "c2": 1e-10}, Stopping(iterations=3, tolerance=0.0))
    inverse = descent.take_state().values[-9:].reshape(3, 3)
    assert inverse == pytest.approx(np.linalg.inv(hessian), abs=1e-6)


@given(seed=st.integers(0, 1000), kept=st.integers(1, 6), n=st.integers(1, 5))
def test_the_two_loops_are_the_updates_one_after_another(seed: int, kept: int, n: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(n, n))
    hessian = matrix @ matrix.T + np.eye(n)
    steps = random.normal(size=(kept, n))
    changes = steps @ hessian
    inverse = steps[0] @ changes[0] / (changes[0] @ changes[0]) * np.eye(n)
    for step, change in zip(steps[::-1], changes[::-1], strict=True):
        inverse = updated_inverse(inverse, step, change)
        assert inverse @ change == pytest.approx(step, rel=1e-6, abs=1e-8)
        assert np.array_equal(inverse, inverse.T)
    vector = random.normal(size=n)
    assert inverse_times(vector, steps, changes) == pytest.approx(inverse @ vector, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("key", METHODS)
def test_the_table_has_a_row_for_every_method_and_no_other(key: str) -> None:
    variant = OPTIMIZERS[key].variant()
    assert (variant.method, variant.equations) == (key, "")
    assert {row.variant().method for row in OPTIMIZERS.values()} - {None} == set(METHODS)


@pytest.mark.parametrize("key", METHODS)
@settings(max_examples=15, deadline=None)
@given(counts=st.lists(st.integers(0, 30), max_size=6), taken=st.integers(0, 60), fresh=st.booleans())
def test_portions_and_a_state_put_back_lead_to_the_same_bits(
    key: str, counts: list[int], taken: int, fresh: bool
) -> None:
    whole, parts, run = _descent(key), _descent(key), _descent(key)
    for count in (*counts, 200):
        parts.advance(count)
    whole.advance(200)
    run.advance(taken)
    state = run.take_state()
    run.advance(50)
    resumed = _descent(key) if fresh else run
    resumed.put_state(state)
    resumed.advance(200)
    for other in (parts, resumed):
        assert (other.outcome, other.iterations, other.evaluations) == (
            whole.outcome, whole.iterations, whole.evaluations,
        )
        assert_same_bits(other.take_state().values, whole.take_state().values)
        first = other.trajectory.first_iteration
        for name in whole.trajectory.column_names:
            assert_same_bits(
                np.asarray(other.trajectory.column(name)[1:], dtype=np.float64),
                np.asarray(whole.trajectory.column(name)[first + 1:], dtype=np.float64),
            )


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("key", METHODS)
def test_machine_code_is_the_interpreter(key: str, problem: str) -> None:
    row = PROBLEMS[problem]
    goal = goal_of(problem)
    if METHODS[key].only_dimension not in (None, goal.dimension):
        with pytest.raises(StudioError, match="one variable"):
            Descent(goal, key, row.start)
        return
    compiled, interpreted = (
        Descent(goal, key, row.start, None, Stopping(iterations=25, tolerance=0.0), machine=machine)
        for machine in (True, False)
    )
    compiled.advance(25)
    interpreted.advance(25)
    if is_exact(goal.program.formula.graph, goal.program.outputs):
        assert (compiled.outcome, compiled.evaluations) == (interpreted.outcome, interpreted.evaluations)
        assert_same_bits(compiled.take_state().values, interpreted.take_state().values)
    else:
        assert compiled.trajectory.theta[1] == pytest.approx(interpreted.trajectory.theta[1], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize(
    ("text", "start"),
    [("log(x)^2 + x", 0.3), ("sqrt(x) - x/4 + 1/x", 1e-3), ("exp(exp(x)) + exp(-x)", 2.0), ("1/x^2 + x", 0.01),
     ("x^1.5 - x", 1e-9), ("where(x > 0, x^2, 0/0)", 3.0), ("acos(x) + x^2", -0.5)],
)
def test_what_is_not_finite_is_survived(key: str, text: str, start: float) -> None:
    descent = Descent(objective(text), key, (start,), None, Stopping(iterations=100))
    descent.advance(100)
    last = descent.trajectory.loss[-1]
    assert descent.outcome is not None
    assert np.isfinite(descent.trajectory.loss[:-1]).all()
    # The pure step goes where it must; all others draw back and never go up.
    if key not in ("newton", "sign_search"):
        assert np.isfinite(last)
        assert np.all(np.diff(descent.trajectory.loss) <= 0.0)


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize(("text", "start"), [("log(x)", -1.0), ("1/x", 0.0), ("exp(x)", 1000.0), ("sqrt(x)", 0.0)])
def test_a_start_that_is_not_finite_is_diverged(key: str, text: str, start: float) -> None:
    descent = Descent(objective(text), key, (start,))
    assert (descent.outcome, descent.evaluations, descent.advance(5)) == ("diverged", 1, 0)


@pytest.mark.parametrize("key", METHODS)
def test_batches_are_refused_in_one_sentence_and_all_the_data_at_once_is_not(key: str) -> None:
    goal = objective("(w*x - y)^2", columns=columns_of("noisy_line"))
    with pytest.raises(StudioError, match="needs the loss over all the data at every step: leave out the batch"):
        Descent(goal, key, (0.0,), batch=8)
    whole = Descent(goal, key, (0.0,), batch=64, stopping=Stopping(iterations=300))
    whole.advance(300)
    assert whole.outcome == "converged"


def test_a_singular_hessian_is_said() -> None:
    descent = Descent(objective("x^2 + (y - z)^2"), "newton", (1.0, 2.0, 3.0))
    assert descent.advance(10) == 0
    assert descent.outcome == "singular"
    assert descent.reason == (
        "Singular: after 0 iterations, at loss 2, the Hessian has no inverse, so there is no Newton step from here."
    )
    assert (descent.evaluations, len(descent.trajectory)) == (4, 1)


def test_where_no_step_leads_down_a_run_ends_and_says_so() -> None:
    descent = Descent(objective("x^2 + 1"), "bfgs", (3.0,), None, Stopping(iterations=50, tolerance=0.0))
    descent.advance(50)
    assert descent.outcome == "no_step"
    assert descent.reason.startswith(f"No step: after {descent.iterations} iterations, at loss 1 ")
    assert descent.theta[0] == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("key", ["gd_armijo", "gd_wolfe", "cg_fr", "cg_pr", "trust_newton", "bfgs", "lbfgs"])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_no_accepted_step_goes_up(key: str, problem: str) -> None:
    row = PROBLEMS[problem]
    goal = goal_of(problem)
    descent = Descent(goal, key, row.start, None, Stopping(iterations=300))
    descent.advance(300)
    losses = descent.trajectory.loss
    assert np.all(np.diff(losses) <= 1e-14 * np.maximum(1.0, np.abs(losses[1:])))
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("key", ["momentum", "adam", "nesterov_lookahead", *METHODS])
def test_the_column_of_evaluations_ends_with_those_of_the_run(key: str) -> None:
    descent = _descent(key, stopping=Stopping(iterations=30, tolerance=0.0))
    descent.advance(30)
    column = descent.trajectory.column("evaluations")
    assert column[0] == 1 and np.all(np.diff(column) >= 1)
    assert column.dtype.kind == "i"
    assert column[-1] <= descent.evaluations
    if descent.outcome == "iteration_limit":
        assert column[-1] == descent.evaluations


@example(
    key="trust_newton", text="hypot(x, y) + floor(x)/10", start=(778.0, 1.625), exponent=0.0, tolerance=0.0
)
@settings(max_examples=200, deadline=None)
@given(
    key=st.sampled_from([key for key, method in METHODS.items() if method.only_dimension is None]),
    text=st.sampled_from([
        "(1-x)^2 + 100*(y-x^2)^2", "-x^2 + y", "exp(x*y) - x", "log(x) + y^2", "sin(x)*x^3 + cos(y)",
        "1/(x^2 + y^2)", "sqrt(x) - y^4", "tanh(x)*exp(y) + x^2*y^2", "abs(x) + max(y, -2*y)", "x*y", "0*x + y",
        "hypot(x, y) + floor(x)/10", "x^3*y^3", "where(x > 0, y/x, y^2)",
    ]),
    start=st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), exponent=st.floats(-6.0, 12.0),
    tolerance=st.sampled_from([0.0, 1e-6, 1.0]),
)
def test_a_method_ends_soundly_from_anywhere(
    key: str, text: str, start: tuple[float, float], exponent: float, tolerance: float
) -> None:
    first = OPTIMIZERS[key].hyperparameters[0].key
    runs = []
    for _ in range(2):
        descent = Descent(
            objective(text), key, start, {first: 10.0**exponent}, Stopping(iterations=60, tolerance=tolerance)
        )
        descent.advance(60)
        runs.append(descent)
    descent, path = runs[0], runs[0].trajectory
    assert_same_bits(descent.take_state().values, runs[1].take_state().values)
    sound = bool(np.all(np.isfinite(path.theta)) and np.all(np.isfinite(path.loss)))
    assert descent.outcome is not None
    assert sound or descent.outcome == "diverged"
    assert np.all(np.isfinite(path.loss[:-1]))
    if descent.outcome == "converged":
        assert path.gradient_norm[-1] <= tolerance
    if key != "newton":
        assert np.all(np.diff(path.loss[np.isfinite(path.loss)]) <= 1e-14 * np.abs(path.loss).max())
    assert descent.evaluations <= 1 + 300 * (descent.iterations + 1)
