"""What can be put around an optimizer: against loops written here, PyTorch's frozen results, and the order agreed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.engine.sampling import normal_numbers
from gdstudio.engine.update_rule import UpdateRule
from tests.data.tables import columns_of
from tests.engine.agreement import UNSTOPPED, assert_close, assert_same_bits, rule_is_exact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Chain = Callable[[Floats, Floats, int], Floats]

_ORACLES = json.loads((Path(__file__).parents[1] / "oracles" / "torch_additions.json").read_text(encoding="utf-8"))
_TEXT = "(1-x)^2 + 100*(y-x^2)^2"
_GOAL = objective(_TEXT)
_START = (-0.4, 0.3)
_STEPS = 60
_MACHINE = pytest.mark.parametrize("machine", [True, False])
# All that needs nothing but what every evaluator rounds alike.
_EXACT = ("inverse_time", "warmup", "sam", "noise", "clip_value", "clip_norm", "weight_decay", "proximal", "lookahead")


def _descent(
    optimizer: str, keys: tuple[str, ...], numbers: Mapping[str, float], *, machine: bool | None = None, seed: int = 3
) -> Descent:
    recipe = Recipe(optimizer, additions=tuple(Addition(key) for key in keys))
    return Descent(_GOAL, recipe, _START, numbers, UNSTOPPED, seed, machine=machine)


def _slope(theta: Floats) -> Floats:
    return _GOAL.loss_and_gradient(theta)[1]


def _momentum_loop(chain: Chain, rates: Floats, decay: float = 0.0) -> Floats:
    """Return the iterates of momentum 0.9 whose gradients went through `chain(gradient, theta, step)`."""
    theta, velocity = np.array(_START), np.zeros(2)
    found = [theta]
    for step, rate in enumerate(rates, start=1):
        g = chain(_slope(theta), theta, step)
        theta = theta * (1.0 - rate * decay)
        velocity = 0.9 * velocity + g
        theta = theta - rate * velocity
        found.append(theta)
    return np.array(found)


def _clipped(g: Floats, bound: float) -> Floats:
    return np.asarray(g * min(1.0, bound / (float(np.linalg.norm(g)) + 1e-6)))


def _uphill(g: Floats, theta: Floats, rho: float) -> Floats:
    return _slope(theta + rho * g / (np.linalg.norm(g) + 1e-12))


_CHAINS: dict[str, tuple[dict[str, float], Chain]] = {
    "noise": ({"noise": 0.7}, lambda g, _, step: g + 0.7 * normal_numbers(2, 3, step - 1, 1)[0]),
    "clip_value": ({"clip_value": 5.0}, lambda g, _, __: np.clip(g, -5.0, 5.0)),
    "clip_norm": ({"clip_norm": 5.0}, lambda g, _, __: _clipped(g, 5.0)),
    "weight_decay": ({"weight_decay": 0.5}, lambda g, theta, _: g + 0.5 * theta),
    "sam": ({"sam_rho": 0.03}, lambda g, theta, _: _uphill(g, theta, 0.03)),
}


@_MACHINE
@pytest.mark.parametrize("key", _CHAINS)
def test_what_is_done_to_the_gradient_is_that_of_a_loop(key: str, machine: bool) -> None:
    numbers, chain = _CHAINS[key]
    descent = _descent("momentum", (key,), {"learning_rate": 2e-4, **numbers}, machine=machine)
    descent.advance(_STEPS)
    wanted = _momentum_loop(chain, np.full(_STEPS, 2e-4))
    plain = _momentum_loop(lambda g, _, __: g, np.full(_STEPS, 2e-4))
    assert_close(descent.trajectory.theta, wanted, 1e-11)
    assert np.max(np.abs(wanted - plain)) > 1e-4


@_MACHINE
def test_all_of_it_comes_in_the_agreed_order(machine: bool) -> None:
    numbers = {
        "learning_rate": 2e-3, "warmup": 7.0, "noise": 3.0, "clip_value": 12.0, "clip_norm": 9.0,
        "weight_decay": 0.8, "sam_rho": 0.02,
    }

    def chain(g: Floats, theta: Floats, step: int) -> Floats:
        g = _uphill(g, theta, 0.02) + 3.0 * normal_numbers(2, 3, step - 1, 1)[0]
        return _clipped(np.clip(g, -12.0, 12.0), 9.0) + 0.8 * theta

    def decoupled(g: Floats, theta: Floats, step: int) -> Floats:
        return chain(g, theta, step) - 0.8 * theta

    rates = 2e-3 * np.minimum(1.0, np.arange(1, _STEPS + 1) / 7.0)
    for switch, wanted in ((0.0, _momentum_loop(chain, rates)), (1.0, _momentum_loop(decoupled, rates, 0.8))):
        # Named in the wrong order on purpose.
        keys = ("weight_decay", "clip_norm", "sam", "clip_value", "noise", "warmup")
        descent = _descent("momentum", keys, numbers | {"decoupled": switch}, machine=machine)
        descent.advance(_STEPS)
        assert_close(descent.trajectory.theta, wanted, 1e-10)
        assert_close(descent.trajectory.learning_rate[1:], rates, 1e-15)
        assert np.isnan(descent.trajectory.learning_rate[0])


def test_the_composed_text_is_in_the_agreed_order() -> None:
    keys = ("lookahead", "weight_decay", "clip_norm", "clip_value", "noise", "sam", "warmup", "exponential")
    lines = composition(Recipe("gd", additions=tuple(Addition(key) for key in keys))).equations.split("\n")
    marks = (
        "schedule_factor", "min(1, t / warmup)", "sam_rho", "noise * normal", "clip_value", "clip_norm",
        "g + weight_decay * theta", "learning_rate * weight_decay", "learning_rate * g", "lookahead_k",
    )
    places = [next(number for number, line in enumerate(lines) if mark in line) for mark in marks]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


@_MACHINE
def test_lookahead_is_that_of_a_loop(machine: bool) -> None:
    numbers = {"learning_rate": 3e-4, "lookahead_k": 6.0, "lookahead_alpha": 0.3}
    descent = _descent("momentum", ("lookahead",), numbers, machine=machine)
    descent.advance(_STEPS)
    fast = slow = np.array(_START)
    velocity, found = np.zeros(2), [fast]
    for step in range(1, _STEPS + 1):
        velocity = 0.9 * velocity + _slope(fast)
        fast = fast - 3e-4 * velocity
        if step % 6 == 0:
            fast = slow = slow + 0.3 * (fast - slow)
        found.append(fast)
    assert_close(descent.trajectory.theta, np.array(found), 1e-11)


@_MACHINE
def test_warm_up_grows_evenly_to_the_rate(machine: bool) -> None:
    descent = _descent("gd", ("warmup",), {"learning_rate": 1e-4, "warmup": 4.0}, machine=machine)
    descent.advance(6)
    assert_close(descent.trajectory.learning_rate[1:], 1e-4 * np.array([0.25, 0.5, 0.75, 1.0, 1.0, 1.0]), 1e-15)
    assert "learning_rate" in descent.trajectory.column_names
    assert_same_bits(np.asarray(descent.trajectory.column("learning_rate")), descent.trajectory.learning_rate)
    descent.change("learning_rate", 3e-4)
    descent.advance(1)
    assert descent.trajectory.learning_rate[-1] == 3e-4


def test_the_gradient_at_another_point_is_treated_as_the_gradient_is() -> None:
    numbers = {"learning_rate": 3e-4, "momentum": 0.8, "clip_norm": 4.0, "weight_decay": 0.4, "noise": 0.5}
    descent = _descent("nesterov_lookahead", (), numbers)
    descent.advance(_STEPS)
    theta, velocity, found = np.array(_START), np.zeros(2), []
    for step in range(_STEPS):
        ahead = theta + 0.8 * velocity
        g = _clipped(_slope(ahead) + 0.5 * normal_numbers(2, 3, step, 1)[0], 4.0) + 0.4 * ahead
        velocity = 0.8 * velocity - 3e-4 * g
        theta = theta + velocity
        found.append(theta)
    assert_close(descent.trajectory.theta[1:], np.array(found), 1e-11)
    assert descent.evaluations == 1 + 2 * _STEPS


@pytest.mark.parametrize(
    "case", _ORACLES["cases"],
    ids=lambda case: "-".join([case["optimizer"], case["function"], *sorted(case["hyperparameters"])[:-1]]),
)
def test_clipping_and_decay_are_those_of_pytorch(case: dict[str, Any]) -> None:
    descent = Descent(objective(case["text"]), case["optimizer"], case["start"], case["hyperparameters"], UNSTOPPED)
    descent.advance(max(_ORACLES["steps"]))
    assert_close(descent.trajectory.theta[_ORACLES["steps"]], np.array(case["theta"]), 1e-10)


def test_decoupled_decay_around_adam_is_adamw() -> None:
    numbers = {"learning_rate": 0.01, "weight_decay": 0.3}
    around, own = _descent("adam", (), numbers | {"decoupled": 1.0}), _descent("adamw", (), numbers)
    around.advance(100)
    own.advance(100)
    assert "decoupled" not in own.hyperparameters
    assert_same_bits(around.trajectory.theta, own.trajectory.theta)


def test_keras_decays_decoupled_and_knows_no_switch() -> None:
    recipe = Recipe("gd", "keras", additions=(Addition("weight_decay"),))
    keras = Descent(_GOAL, recipe, _START, {"learning_rate": 1e-3, "weight_decay": 0.5}, UNSTOPPED)
    other = _descent("gd", (), {"learning_rate": 1e-3, "weight_decay": 0.5, "decoupled": 1.0})
    assert list(keras.hyperparameters) == ["learning_rate", "weight_decay"]
    keras.advance(50)
    other.advance(50)
    assert_same_bits(keras.trajectory.theta, other.trajectory.theta)


def _numbers(keys: tuple[str, ...]) -> dict[str, float]:
    strong = {"noise": 2.0, "clip_value": 20.0, "clip_norm": 15.0, "weight_decay": 0.2, "warmup": 9.0}
    return {key: value for key, value in strong.items() if key in keys}


@settings(max_examples=60, deadline=None)
@given(
    optimizer=st.sampled_from(sorted(EQUATIONS)), keys=st.sets(st.sampled_from(_EXACT), min_size=1),
    seed=st.integers(0, 9),
)
def test_both_executions_are_one_to_the_bit(optimizer: str, keys: set[str], seed: int) -> None:
    chosen = tuple(sorted(keys))
    if composition(Recipe(optimizer)).parameter("weight_decay") is not None:
        chosen = tuple(key for key in chosen if key != "weight_decay")
    one, other = (
        _descent(optimizer, chosen, {"learning_rate": 1e-3, **_numbers(chosen)}, machine=machine, seed=seed)
        for machine in (True, False)
    )
    one.advance(25)
    other.advance(25)
    if not rule_is_exact(one.rule):
        return
    assert_same_bits(one.trajectory.theta, other.trajectory.theta)
    assert_same_bits(one.trajectory.learning_rate, other.trajectory.learning_rate)
    assert_same_bits(one.take_state().values, other.take_state().values)


@_MACHINE
def test_noise_belongs_to_seed_and_iteration(machine: bool) -> None:
    numbers = {"learning_rate": 1e-5, "noise": 1.0}
    runs = [_descent("gd", (), numbers, machine=machine, seed=seed) for seed in (3, 3, 4)]
    runs[0].advance(3000)
    while runs[1].iterations < 3000:
        runs[1].advance(777)
    runs[2].advance(3000)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta[:3001])
    assert not np.array_equal(runs[0].trajectory.theta[1:], runs[2].trajectory.theta[1:])
    steps = -np.diff(runs[0].trajectory.theta, axis=0) / 1e-5
    slopes = np.array([_slope(theta) for theta in runs[0].trajectory.theta[:-1]])
    assert_close(steps - slopes, normal_numbers(2, 3, 0, 3000), 1e-8)
    # What is recorded is the gradient itself.
    assert_close(runs[0].trajectory.gradient_norm[:-1], np.linalg.norm(slopes, axis=1), 1e-12)


def test_noise_comes_on_top_of_batches() -> None:
    goal = objective("(w*x + b - y)^2", columns=columns_of("noisy_line"))
    runs = [
        Descent(goal, "adam", (0.0, 0.0), {"learning_rate": 0.01, "noise": 0.5}, UNSTOPPED, 1, 7, machine)
        for machine in (True, False)
    ]
    for run in runs:
        run.advance(80)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta)


def test_sam_leaves_a_stationary_point_where_it_is() -> None:
    descent = Descent(objective("x^2 + y^2"), Recipe("gd", additions=(Addition("sam"),)), (0.0, 0.0), {}, UNSTOPPED)
    descent.advance(3)
    assert not np.any(descent.trajectory.theta)


@pytest.mark.parametrize("key", ADDITIONS)
def test_a_row_of_the_table_is_whole(key: str) -> None:
    row = ADDITIONS[key]
    assert row.key == key and row.name and row.oracle
    assert row.meaning.endswith(".") and row.meaning.count(". ") == 0
    for parameter in row.parameters:
        assert parameter.check(parameter.default) == parameter.default
        low, high = parameter.usual
        assert parameter.minimum <= low < high <= parameter.maximum
        assert not parameter.logarithmic or low > 0.0
    around = composition(Recipe("gd", additions=(Addition(key),)))
    assert [parameter.key for parameter in around.parameters] == [
        "learning_rate", *(parameter.key for parameter in row.parameters)
    ]
    assert isinstance(around.rule, UpdateRule)


@pytest.mark.parametrize("optimizer", EQUATIONS)
def test_everything_fits_around_every_optimizer(optimizer: str) -> None:
    for convention in EQUATIONS[optimizer].conventions:
        bare = composition(Recipe(optimizer, convention))
        keys = [key for key in ADDITIONS if ADDITIONS[key].kind != "schedule" and bare.parameter(key) is None]
        for schedule in (key for key in ADDITIONS if ADDITIONS[key].kind == "schedule"):
            additions = tuple(Addition(key) for key in (*keys, schedule))
            whole = composition(Recipe(optimizer, convention, additions=additions))
            assert whole.parameters[:len(bare.parameters)] == bare.parameters
            assert isinstance(whole.rule, UpdateRule)


@pytest.mark.parametrize(
    ("optimizer", "additions", "message"),
    [
        ("gd", ("nois",), "Nothing called nois can be put around an optimizer; try noise"),
        ("gd", ("noise", "noise"), "noise is there twice"),
        ("gd", ("exponential", "inverse_time"), "two schedules, exponential and inverse_time"),
        ("bfgs", ("noise",), "bfgs searches its own step"),
        ("adamw", ("weight_decay",), "adamw has weight_decay in its own equations"),
        ("adm", (), "no optimizer called adm; try adam"),
    ],
)
def test_what_does_not_fit_is_refused(optimizer: str, additions: tuple[str, ...], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        composition(Recipe(optimizer, additions=tuple(Addition(key) for key in additions)))


def test_a_text_where_none_is_taken_is_refused() -> None:
    with pytest.raises(StudioError, match="clip_norm takes numbers by name only, not 5"):
        composition(Recipe("gd", additions=(Addition("clip_norm", "5"),)))
