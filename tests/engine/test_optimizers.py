"""The optimizers against formulas written here, against PyTorch's frozen results, and against what is known."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import CONVENTION_NAMES, EQUATIONS, FAMILY_NAMES, OPTIMIZERS, RUNNABLE
from gdstudio.engine.optimizers.decay import by_convention, decay_offered
from tests.engine.agreement import UNSTOPPED, assert_close
from tests.oracles.parity_settings import CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 200
_RELATIVE = 1e-10
_ORACLES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "torch_optimizers.json").read_text(encoding="utf-8")
)


def _rosenbrock_gradient(theta: Floats) -> Floats:
    x, y = theta
    return np.array([-2.0 * (1.0 - x) - 400.0 * x * (y - x**2), 200.0 * (y - x**2)])


# Six methods that every textbook has, written as its loop once more: (gradient, state) -> change of theta. The whole
# table is held against libraries, see test_parity.
def _gd(g: Floats, state: dict[str, Any], learning_rate: float) -> Floats:
    del state
    return learning_rate * g


def _momentum(g: Floats, state: dict[str, Any], learning_rate: float, momentum: float) -> Floats:
    state["v"] = momentum * state.get("v", 0.0) + g
    return np.asarray(learning_rate * state["v"])


def _momentum_ema(g: Floats, state: dict[str, Any], learning_rate: float, beta: float) -> Floats:
    state["v"] = beta * state.get("v", 0.0) + (1.0 - beta) * g
    return np.asarray(learning_rate * state["v"])


def _nesterov(g: Floats, state: dict[str, Any], learning_rate: float, momentum: float) -> Floats:
    state["v"] = momentum * state.get("v", 0.0) + g
    return np.asarray(learning_rate * (g + momentum * state["v"]))


def _rmsprop(g: Floats, state: dict[str, Any], learning_rate: float, rho: float, epsilon: float) -> Floats:
    state["s"] = rho * state.get("s", 0.0) + (1.0 - rho) * g**2
    return np.asarray(learning_rate * g / (np.sqrt(state["s"]) + epsilon))


def _adam(
    g: Floats, state: dict[str, Any], learning_rate: float, beta1: float, beta2: float, epsilon: float
) -> Floats:
    state["t"] = state.get("t", 0) + 1
    state["m"] = beta1 * state.get("m", 0.0) + (1.0 - beta1) * g
    state["v"] = beta2 * state.get("v", 0.0) + (1.0 - beta2) * g**2
    mean, square = state["m"] / (1.0 - beta1 ** state["t"]), state["v"] / (1.0 - beta2 ** state["t"])
    return np.asarray(learning_rate * mean / (np.sqrt(square) + epsilon))


_UPDATES: dict[str, Callable[..., Floats]] = {
    "gd": _gd, "momentum": _momentum, "momentum_ema": _momentum_ema, "nesterov": _nesterov, "rmsprop": _rmsprop,
    "adam": _adam,
}
_ODD: dict[str, dict[str, float]] = {
    "gd": {"learning_rate": 3e-4},
    "momentum": {"learning_rate": 2e-4, "momentum": 0.55},
    "momentum_ema": {"learning_rate": 2e-3, "beta": 0.81},
    "nesterov": {"learning_rate": 2e-4, "momentum": 0.55},
    "rmsprop": {"learning_rate": 3e-3, "rho": 0.83, "epsilon": 1e-4},
    "adam": {"learning_rate": 0.02, "beta1": 0.6, "beta2": 0.93, "epsilon": 1e-5},
}


def _cases() -> Iterator[Any]:
    for key, odd in _ODD.items():
        defaults = {parameter.key: parameter.default for parameter in OPTIMIZERS[key].hyperparameters}
        yield pytest.param(key, {name: defaults[name] for name in odd | {"learning_rate": 0.0}}, id=key)
        yield pytest.param(key, odd, id=f"{key}-odd")


def _descent(text: str, optimizer: str, start: tuple[float, ...], **hyperparameters: float) -> Descent:
    return Descent(objective(text), optimizer, start, hyperparameters, UNSTOPPED)


def test_what_is_written_here_once_more_is_in_the_table() -> None:
    assert set(_UPDATES) == set(_ODD) <= set(EQUATIONS)


@pytest.mark.parametrize(("optimizer", "hyperparameters"), list(_cases()))
def test_the_iterates_are_those_of_the_textbook(optimizer: str, hyperparameters: dict[str, float]) -> None:
    start = (-0.4, 0.3)
    descent = _descent("(1-x)^2 + 100*(y-x^2)^2", optimizer, start, **hyperparameters)
    descent.advance(_STEPS)
    found, state = descent.trajectory.theta, dict[str, Any]()
    # From iterate to iterate, for chaos makes the last bits grow along a path.
    wanted = [theta - _UPDATES[optimizer](_rosenbrock_gradient(theta), state, **hyperparameters) for theta in found]
    assert np.all(np.isfinite(found))
    assert np.array_equal(found[0], start)
    assert_close(found[1:], np.array(wanted[:-1]), 1e-12)


@pytest.mark.parametrize(
    "case", _ORACLES["cases"],
    ids=lambda case: f"{case['optimizer']}-{case['function']}-{len(case['hyperparameters'])}",
)
def test_the_iterates_are_those_of_pytorch(case: dict[str, Any]) -> None:
    descent = _descent(case["text"], case["optimizer"], tuple(case["start"]), **case["hyperparameters"])
    descent.advance(max(_ORACLES["steps"]))
    assert_close(descent.trajectory.theta[_ORACLES["steps"]], np.array(case["theta"]), _RELATIVE)


def test_pytorch_s_results_cover_the_optimizers_that_it_has() -> None:
    covered = {case["optimizer"] for case in _ORACLES["cases"]}
    assert covered == {"gd", "momentum", "nesterov", "rmsprop", "adam"}
    assert {case["function"] for case in _ORACLES["cases"]} == {"rosenbrock", "beale", "ill_conditioned"}


def test_the_defaults_are_those_that_pytorch_s_results_were_made_with() -> None:
    made_with = {
        "gd": {"learning_rate": 1e-3},
        "momentum": {"learning_rate": 1e-3, "momentum": 0.9},
        "momentum_ema": {"learning_rate": 1e-3, "beta": 0.9},
        "nesterov": {"learning_rate": 1e-3, "momentum": 0.9},
        "rmsprop": {"learning_rate": 1e-2, "rho": 0.99, "epsilon": 1e-8},
        "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    }
    for key, numbers in made_with.items():
        defaults = {parameter.key: parameter.default for parameter in OPTIMIZERS[key].hyperparameters}
        # What PyTorch's results were made without is off.
        assert defaults == numbers | dict.fromkeys(defaults.keys() - numbers.keys(), 0.0), key


def test_a_convention_is_asked_for_by_name() -> None:
    row = OPTIMIZERS["adam"]
    assert row.conventions == ("pytorch", "keras")
    assert row.variant() is row.variant("pytorch") is row.variants[0]
    assert {parameter.key: parameter.default for parameter in row.variant("keras").hyperparameters}["epsilon"] == 1e-7
    assert (row.equations, row.hyperparameters) == (row.variants[0].equations, row.variants[0].hyperparameters)
    with pytest.raises(StudioError, match=r"lion has no convention called pytorch; it has keras\."):
        OPTIMIZERS["lion"].variant("pytorch")
    goal = objective("5*x^2")
    ours, theirs = (Descent(goal, "gd", (1.0,), convention=convention) for convention in (None, "keras"))
    assert (ours.hyperparameters, theirs.hyperparameters) == ({"learning_rate": 1e-3}, {"learning_rate": 1e-2})


def test_a_state_begins_where_its_row_says() -> None:
    goal, start = objective("x^2 + 3*y^2"), (1.0, -2.0)
    free = Descent(goal, "schedule_free_sgd", start, {"learning_rate": 0.1}, UNSTOPPED)
    free.advance(1)
    # z begins at the start, and the first average is z alone.
    assert_close(free.theta, np.array([1.0 - 0.2, -2.0 + 1.2]), 1e-15)
    grown = Descent(goal, "adagrad", start, {"learning_rate": 0.1, "initial_accumulator": 7.0}, UNSTOPPED)
    grown.advance(1)
    slope = np.array([2.0, -12.0])
    assert_close(grown.theta, np.array(start) - 0.1 * slope / (np.sqrt(7.0 + slope**2) + 1e-10), 1e-15)


@pytest.mark.parametrize("machine", [True, False])
def test_the_first_curvature_of_sophia_is_the_diagonal_of_the_hessian(machine: bool) -> None:
    settings = {"learning_rate": 1.0, "beta2": 0.0, "gamma": 1.0, "beta1": 0.0, "clip_threshold": 100.0}
    descent = Descent(objective("x^4 + 3*x*y^2"), "sophia", (1.0, 2.0), settings, UNSTOPPED, machine=machine)
    descent.advance(1)
    # The first step knows no curvature and is clipped; the second divides by that of the start.
    assert descent.theta.tolist() == [1.0 - 100.0, 2.0 - 100.0]
    x, y = descent.theta
    descent.advance(1)
    slope = np.array([4 * x**3 + 3 * y**2, 6 * x * y])
    assert_close(descent.theta, np.array([x, y]) - np.clip(slope / np.array([12.0, 6.0]), -100.0, 100.0), 1e-14)


def test_barzilai_and_borwein_read_the_curvature_off_the_last_step() -> None:
    descent = _descent("0.5*x^2 + 5*y^2 + x*y", "barzilai_borwein", (3.0, 1.0), learning_rate=0.05)
    descent.advance(12)
    found = descent.trajectory.theta
    matrix = np.array([[1.0, 1.0], [1.0, 10.0]])
    rate = 0.05
    for before, after in itertools.pairwise(found):
        assert_close(after, before - rate * matrix @ before, 1e-12)
        step = after - before
        rate = float(step @ step / (step @ matrix @ step))
    assert float(np.max(np.abs(found[-1]))) < 1e-6


@settings(max_examples=60, deadline=None)
@given(
    rate=st.floats(1e-4, 0.19), curvatures=st.tuples(st.floats(0.1, 10.0), st.floats(0.1, 10.0)),
    start=st.tuples(st.floats(-5.0, 5.0), st.floats(-5.0, 5.0)),
)
def test_gradient_descent_on_a_quadratic_shrinks_each_axis_by_its_factor(
    rate: float, curvatures: tuple[float, float], start: tuple[float, float]
) -> None:
    goal = objective("0.5*a*x^2 + 0.5*b*y^2", dict(zip("ab", curvatures, strict=True)))
    descent = Descent(goal, "gd", start, {"learning_rate": rate}, UNSTOPPED)
    descent.advance(100)
    factors = 1.0 - rate * np.array(curvatures)
    wanted = np.array(start) * factors ** np.arange(101)[:, None]
    assert_close(descent.trajectory.theta, wanted, 1e-11)
    curve = 0.5 * np.sum(np.array(curvatures) * wanted**2, axis=1)
    assert_close(descent.trajectory.loss, curve, 1e-11)
    norms = np.sqrt(np.sum((np.array(curvatures) * wanted) ** 2, axis=1))
    assert_close(descent.trajectory.gradient_norm, norms, 1e-10)


@settings(max_examples=50, deadline=None)
@given(x=st.floats(-100.0, 100.0).filter(lambda x: abs(x) > 1e-2), rate=st.floats(1e-5, 10.0))
def test_the_first_step_of_adam_has_the_size_of_the_learning_rate(x: float, rate: float) -> None:
    descent = _descent("5*x^2", "adam", (x,), learning_rate=rate)
    descent.advance(1)
    step = float(descent.trajectory.theta[1, 0] - x)
    assert math.isclose(step, -math.copysign(rate, x), rel_tol=1e-6, abs_tol=1e-13 * abs(x))


@settings(max_examples=50, deadline=None)
@given(beta=st.floats(0.0, 0.98), rate=st.floats(1e-5, 2e-4))
def test_the_average_is_momentum_with_a_rescaled_rate(beta: float, rate: float) -> None:
    text, start = "(1-x)^2 + 100*(y-x^2)^2", (-0.5, 0.5)
    plain = _descent(text, "momentum", start, learning_rate=rate * (1.0 - beta), momentum=beta)
    averaged = _descent(text, "momentum_ema", start, learning_rate=rate, beta=beta)
    plain.advance(60)
    averaged.advance(60)
    assert_close(averaged.trajectory.theta, plain.trajectory.theta, 1e-9)


def test_momentum_of_zero_is_gradient_descent_to_the_bit() -> None:
    start, rate = (-1.2, 1.0), 1e-3
    plain = _descent("(1-x)^2 + 100*(y-x^2)^2", "gd", start, learning_rate=rate)
    plain.advance(100)
    for optimizer, name in (("momentum", "momentum"), ("momentum_ema", "beta"), ("nesterov", "momentum")):
        other = _descent("(1-x)^2 + 100*(y-x^2)^2", optimizer, start, learning_rate=rate, **{name: 0.0})
        other.advance(100)
        assert np.array_equal(other.trajectory.theta, plain.trajectory.theta), optimizer


def test_nesterov_looks_ahead_along_its_velocity() -> None:
    # In the variable of the look-ahead point, PyTorch's form is the classical one of Nesterov.
    rate, momentum, curvature = 0.01, 0.8, 7.0
    descent = _descent("3.5*x^2", "nesterov", (2.0,), learning_rate=rate, momentum=momentum)
    descent.advance(80)
    x, velocity = 2.0, 0.0
    looked_at = [x]
    for _ in range(80):
        # A step from x along the velocity with the gradient at the point ahead of it.
        ahead = x + momentum * velocity
        velocity = momentum * velocity - rate * curvature * ahead
        x += velocity
        looked_at.append(x + momentum * velocity)
    assert_close(descent.trajectory.theta[:, 0], np.array(looked_at), 1e-12)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_a_row_of_the_table_is_whole(key: str) -> None:
    row = OPTIMIZERS[key]
    assert row.key == key
    assert row.family in FAMILY_NAMES
    assert row.name and row.authors and row.reference
    for sentence in (row.intuition, row.not_for):
        assert sentence.endswith(".") and sentence.count(". ") == 0
    assert 1600 < row.year <= 2026
    assert len(set(row.conventions)) == len(row.conventions)
    assert set(row.conventions) <= set(CONVENTION_NAMES)
    for variant in row.variants:
        assert variant.oracle
        assert variant.hyperparameters[0].key == "learning_rate" or variant.method
        assert bool(variant.equations) != bool(variant.method)
        assert bool(variant.shown_equations) != bool(variant.equations)
        for parameter in variant.hyperparameters:
            assert parameter.check(parameter.default) == parameter.default
            low, high = parameter.usual
            assert parameter.minimum <= low < high <= parameter.maximum
            assert not parameter.logarithmic or low > 0.0
            assert variant.hyperparameter(parameter.key) is parameter
    assert row.hyperparameter("no_such") is None


def test_the_weight_decay_that_a_library_offers_is_off_and_was_held_against_it() -> None:
    held = {(optimizer, convention) for optimizer, convention, _, settings in CASES if "weight_decay" in settings}
    for row in RUNNABLE.values():
        for variant in row.variants:
            offered = decay_offered(row, variant)
            names = [parameter.key for parameter in offered]
            assert all(parameter.default == 0.0 for parameter in offered)
            assert names in ([], ["weight_decay"], ["weight_decay", "decoupled"])
            if names:
                assert (row.key, variant.convention) in held
            else:
                own = variant.hyperparameter("weight_decay")
                # neither PyTorch's Rprop nor its L-BFGS has one, nor has any of optax's that stands here
                assert own or row.key in ("rprop", "lbfgs") or variant.convention == "author"
    adam = {key: sorted(having) for key, having in by_convention(OPTIMIZERS["adam"]).items()}
    assert (adam["weight_decay"], adam["decoupled"]) == (["keras", "pytorch"], ["pytorch"])


def test_a_hyperparameter_has_one_symbol_and_one_range_in_all_conventions_of_an_optimizer() -> None:
    for row in OPTIMIZERS.values():
        for one, other in itertools.combinations(row.variants, 2):
            for parameter in one.hyperparameters:
                same = other.hyperparameter(parameter.key)
                assert same is None or replace(same, default=parameter.default) == parameter


def test_a_hyperparameter_is_called_alike_by_all_that_have_it() -> None:
    common = {
        "learning_rate", "momentum", "dampening", "nesterov", "beta1", "beta2", "beta3", "rho", "epsilon",
        "weight_decay", "learning_rate_decay", "initial_accumulator", "momentum_decay", "eta_minus", "eta_plus",
        "step_min", "step_max", "nu", "memory", "centered", "amsgrad", "clip_threshold", "c1", "c2",
    }
    # Those of one method, as its library or paper calls them.
    own = {
        "momentum_ema": "beta", "asgd": "lambd alpha t0", "qhadam": "nu1 nu2", "sophia": "gamma update_interval",
        "ftrl": "learning_rate_power l1_regularization_strength l2_regularization_strength",
        "adafactor": "beta2_decay epsilon_1 epsilon_2", "prodigy": "d0 d_coef", "trust_newton": "radius radius_max",
        "gd_armijo": "shrink",
        "muon": "muon_a muon_b muon_c ns_steps adjust_lr_fn rms_rate adam_lr_ratio adam_epsilon adam_weight_decay",
    }
    for key, row in OPTIMIZERS.items():
        names = {parameter.key for variant in row.variants for parameter in variant.hyperparameters}
        assert names <= {*common, *own.get(key, "").split()}, key
        assert names >= set(own.get(key, "").split())


def test_another_s_rate_is_one_that_problems_suggest() -> None:
    suggested = set(next(iter(PROBLEMS.values())).learning_rates)
    assert {row.rate_like[0] for row in OPTIMIZERS.values() if row.rate_like} <= suggested
