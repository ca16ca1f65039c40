"""The penalty of the lasso by a proximal step: ISTA around gradient descent, the right minimum around the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.analysis.many_starts import descend_many
from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.language.program import program
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.penalties import read_penalty
from gdstudio.engine.objective import Objective, objective, objective_program
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.engine.sampling import Batching
from gdstudio.engine.stopping import Stopping
from tests.engine.agreement import UNSTOPPED, assert_close, assert_same_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MACHINE = pytest.mark.parametrize("machine", [True, False])
_PROXIMAL = (Addition("proximal"),)
_AROUND_GD = Recipe("gd", additions=_PROXIMAL)
_NAMES = ("x0", "x1", "x2")


def _with_intercept(strength: float = 0.5) -> Objective:
    """Return squares of two weights, which the lasso takes, and of an intercept, which it leaves alone."""
    text = "(w-2)^2 + (v-0.1)^2 + (b-3)^2 + strength*(abs(w) + abs(v))"
    return Objective(objective_program(text, ("strength",), (), ("b",), lasso="strength"), np.array([strength]))


def _columns(samples: int = 48) -> dict[str, Floats]:
    """Return features that are orthogonal to one another and to a one, each of mean square 1, and a target."""
    random = np.random.Generator(np.random.Philox(3))
    basis = np.linalg.qr(np.column_stack([np.ones(samples), random.standard_normal((samples, 3))]))[0]
    features = basis[:, 1:] * np.sqrt(samples)
    target = 0.7 + features @ np.array([1.5, -0.4, 0.05]) + 0.2 * random.standard_normal(samples)
    return {**dict(zip(_NAMES, features.T, strict=True)), "y": target}


def _regression(penalty: str) -> Objective:
    return MODELS["linear"].build(_NAMES, "y", penalty=read_penalty(penalty)).objective(_columns())


def _soft(values: Floats, bound: Floats | float) -> Floats:
    return np.asarray(np.sign(values) * np.maximum(np.abs(values) - bound, 0.0))


@_MACHINE
@pytest.mark.parametrize("penalty", ["lasso:0.6", "elastic_net:0.6,0.75"])
def test_around_gradient_descent_it_is_ista(penalty: str, machine: bool) -> None:
    goal, theta, rate = _regression(penalty), np.array([0.3, -1.0, 2.0, 0.4]), 0.07
    share = 1.0 if penalty.startswith("lasso") else 0.75
    columns = _columns()
    design = np.column_stack([np.ones(48), *(columns[name] for name in _NAMES)])
    weights = np.array([0.0, 1.0, 1.0, 1.0])
    run = Descent(goal, _AROUND_GD, theta, {"learning_rate": rate}, UNSTOPPED, machine=machine)
    run.advance(60)
    found, losses = [theta], []
    for _ in range(61):
        residual = design @ theta - columns["y"]
        ridge = 0.6 * (1.0 - share) * weights
        losses.append(
            np.mean(residual**2) + 0.6 * share * np.sum(weights * np.abs(theta)) + np.sum(ridge / 2.0 * theta**2)
        )
        smooth = 2.0 * design.T @ residual / 48 + ridge * theta
        theta = _soft(theta - rate * smooth, rate * 0.6 * share * weights)
        found.append(theta)
    assert_close(run.trajectory.theta, np.array(found[:61]), 1e-12)
    # What is shown is the loss with the penalty.
    assert_close(run.trajectory.loss, np.array(losses), 1e-12)
    assert np.any(run.trajectory.theta[-1] == 0.0)


@_MACHINE
@given(strength=st.floats(0.0, 4.0), rate=st.floats(0.05, 0.9))
@settings(max_examples=25, deadline=None)
def test_of_orthogonal_features_it_finds_the_shortened_weights(machine: bool, strength: float, rate: float) -> None:
    columns = _columns()
    plain = np.array([np.mean(columns[name] * columns["y"]) for name in _NAMES])
    run = Descent(
        _regression(f"lasso:{strength!r}"), _AROUND_GD, (1.0, 1.0, 1.0, 1.0), {"learning_rate": rate},
        Stopping(iterations=5000, tolerance=1e-9), machine=machine,
    )
    run.advance(5000)
    assert run.outcome == "converged"
    wanted = _soft(plain, strength / 2.0)
    np.testing.assert_allclose(run.theta, [np.mean(columns["y"]), *wanted], rtol=0.0, atol=1e-8)
    assert np.array_equal(run.theta[1:] == 0.0, wanted == 0.0) or np.any(np.abs(np.abs(plain) - strength / 2) < 1e-8)


@_MACHINE
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "nesterov", "nesterov_lookahead", "adam", "nadam"])
def test_around_any_optimizer_it_rests_at_the_minimum_alone(optimizer: str, machine: bool) -> None:
    run = Descent(
        _with_intercept(), Recipe(optimizer, additions=_PROXIMAL), (5.0, 5.0, 5.0), {"learning_rate": 0.02},
        Stopping(iterations=30_000, tolerance=1e-10), machine=machine,
    )
    run.advance(30_000)
    assert run.outcome == "converged"
    assert_close(run.theta, np.array([1.75, 0.0, 3.0]), 1e-9)
    assert run.theta[1] == 0.0 and not np.signbit(run.theta[1])
    assert run.trajectory.gradient_norm[-1] <= 1e-10


@pytest.mark.parametrize("batch", [None, 7, Batching(5, accumulate=3), Batching(1, "replacement")], ids=str)
@pytest.mark.parametrize("additions", [(), ("clip_norm", "sam", "noise", "exponential", "lookahead")], ids=len)
def test_both_executions_are_one_to_the_bit(batch: int | Batching | None, additions: tuple[str, ...]) -> None:
    recipe = Recipe("nesterov_lookahead", additions=(*_PROXIMAL, *map(Addition, additions)))
    goal, start = _regression("lasso:0.8"), (0.3, 0.0, 0.1, -1.0)
    runs = [
        Descent(goal, recipe, start, {"learning_rate": 0.02}, UNSTOPPED, 4, batch, machine)
        for machine in (True, False)
    ]
    for run in runs:
        run.advance(90)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta)
    assert_same_bits(runs[0].trajectory.gradient_norm, runs[1].trajectory.gradient_norm)
    assert_same_bits(runs[0].take_state().values, runs[1].take_state().values)


@_MACHINE
def test_of_single_samples_it_is_proximal_stochastic_descent(machine: bool) -> None:
    goal = _regression("lasso:0.8")
    bare = MODELS["linear"].build(_NAMES, "y").objective(_columns())
    one = Batching(1, "sequential")
    run = Descent(goal, _AROUND_GD, (0.0,) * 4, {"learning_rate": 0.02}, UNSTOPPED, 4, one, machine)
    run.advance(100)
    theta, found = np.zeros(4), [np.zeros(4)]
    for step in range(100):
        slope = bare.loss_and_gradient(theta, np.array([step % 48]))[1]
        theta = _soft(theta - 0.02 * slope, 0.02 * goal.lasso)
        found.append(theta)
    assert_close(run.trajectory.theta, np.array(found), 1e-12)


@_MACHINE
def test_it_follows_a_schedule(machine: bool) -> None:
    recipe = Recipe("gd", additions=(*_PROXIMAL, Addition("exponential")))
    numbers = {"learning_rate": 0.1, "schedule_factor": 0.5}
    goal = Objective(objective_program("0*x + abs(x)", lasso="1"), np.empty(0))
    run = Descent(goal, recipe, (1.0,), numbers, UNSTOPPED, machine=machine)
    run.advance(3)
    assert_close(run.trajectory.theta[:, 0], np.array([1.0, 0.9, 0.85, 0.825]), 1e-15)


@_MACHINE
def test_it_comes_before_lookahead(machine: bool) -> None:
    recipe = Recipe("gd", additions=(Addition("lookahead"), *_PROXIMAL))
    numbers = {"learning_rate": 0.05, "lookahead_k": 6.0, "lookahead_alpha": 0.3}
    run = Descent(_with_intercept(), recipe, (5.0, 5.0, 5.0), numbers, UNSTOPPED, machine=machine)
    run.advance(60)
    fast = slow = np.full(3, 5.0)
    found = [fast]
    for step in range(1, 61):
        fast = _soft(fast - 0.05 * 2.0 * (fast - np.array([2.0, 0.1, 3.0])), 0.05 * np.array([0.5, 0.5, 0.0]))
        if step % 6 == 0:
            fast = slow = slow + 0.3 * (fast - slow)
        found.append(fast)
    assert_close(run.trajectory.theta, np.array(found), 1e-12)


@_MACHINE
def test_a_loss_without_the_lasso_is_descended_on_as_without_the_step(machine: bool) -> None:
    ways = (_AROUND_GD, Recipe("gd"))
    runs = [
        Descent(objective("x^2 + y^4"), way, (1.0, -2.0), {"learning_rate": 0.01}, UNSTOPPED, machine=machine)
        for way in ways
    ]
    for run in runs:
        run.advance(50)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta)


@_MACHINE
@pytest.mark.parametrize("optimizer", ["gd", "bfgs"])
def test_at_an_edge_the_norm_is_that_of_the_least_subgradient(optimizer: str, machine: bool) -> None:
    # At zero the slope of v is -0.2, which the penalty outweighs, and that of w is -4, which it does not.
    run = Descent(_with_intercept(), optimizer, (0.0, 0.0, 3.0), {}, Stopping(iterations=5), machine=machine)
    assert run.trajectory.gradient_norm[0] == pytest.approx(3.5)
    there = Descent(_with_intercept(), optimizer, (1.75, 0.0, 3.0), {}, Stopping(iterations=5), machine=machine)
    assert there.outcome == "converged" and there.iterations == 0
    # Beside the edge the slope is what it is.
    beside = Descent(_with_intercept(), optimizer, (1.75, 1e-9, 3.0), {}, Stopping(iterations=5), machine=machine)
    assert beside.trajectory.gradient_norm[0] == pytest.approx(0.3)


@given(
    theta=st.lists(st.sampled_from([0.0, -0.0, 1.5, -2.0]), min_size=2, max_size=2),
    slopes=st.lists(st.floats(-5.0, 5.0), min_size=2, max_size=2), strength=st.floats(0.0, 3.0),
)
def test_no_subgradient_is_shorter_than_the_least(theta: list[float], slopes: list[float], strength: float) -> None:
    goal = _with_intercept(strength)
    place, smooth = np.array([*theta, 1.0]), np.array([*slopes, 0.25])
    least = goal.least_gradient(place, smooth + goal.lasso * np.sign(place))
    for place_of_edge in np.linspace(-1.0, 1.0, 21):
        chosen = np.where(place == 0.0, place_of_edge, np.sign(place))
        assert np.linalg.norm(least) <= np.linalg.norm(smooth + goal.lasso * chosen) + 1e-12
    # It is one of them.
    edge = (least - smooth)[:2]
    assert np.all(np.abs(edge) <= strength + 1e-12)
    np.testing.assert_allclose(goal.smooth_gradient(place, smooth + goal.lasso * np.sign(place)), smooth, atol=1e-14)


@_MACHINE
def test_the_strength_is_that_of_the_penalty_while_it_is_dragged(machine: bool) -> None:
    for strength in (0.1, 1.0, 6.0):
        goal = _with_intercept(strength)
        run = Descent(goal, _AROUND_GD, (5.0,) * 3, {"learning_rate": 0.1}, UNSTOPPED, machine=machine)
        run.advance(300)
        assert_close(run.theta, np.array([*_soft(np.array([2.0, 0.1]), strength / 2), 3.0]), 1e-12)


def test_where_the_penalty_is_not_known_it_is_refused() -> None:
    made = composition(_AROUND_GD)
    numbers = {parameter.key: parameter.default for parameter in made.parameters}
    with pytest.raises(StudioError, match="looks at the loss, its penalty, or at random numbers"):
        FusedUpdate(made.rule, numbers, np.zeros(3))
    with pytest.raises(StudioError, match="Many starts at once have no proximal step: leave it out"):
        descend_many(_with_intercept(), _AROUND_GD, np.zeros((2, 3)), numbers, 40)


def test_the_strength_is_given_and_not_assigned() -> None:
    assert program("theta = theta - learning_rate * lasso * g", ("learning_rate",)).state == ()
    with pytest.raises(FormulaError, match="lasso is given, not assigned; choose another name"):
        program("lasso = 1\ntheta = theta - g", ())
