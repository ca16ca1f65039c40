"""Schedules: those of libraries against frozen results, the others against their closed forms, in runs and in plots."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.additions import ADDITIONS, SCHEDULES
from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.objective import objective
from gdstudio.engine.rates import rates
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.engine.schedule_parity import SCHEDULE_PARITIES
from gdstudio.engine.schedules import MOST_MILESTONES, PREFIX
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import UpdateRule
from gdstudio.experiment.recipe_text import example
from tests.engine.scheduled import cases, rates_under, recipe, recorded, worst_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.scheduled import Case

_CASES = cases()
_BOUND = 1e-12
_STATELESS = [key for key in SCHEDULES if key != "plateau"]


def _is_keras(oracle: str) -> bool:
    return oracle.startswith("keras.")


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case.oracle}:{case.text}")
def test_the_rates_are_those_of_the_library(case: Case) -> None:
    # where Keras' cosine is at its end, it stays there
    assert len(case.rates) == (38 if case.text.startswith("cosine:iterations=37") and _is_keras(case.oracle) else 400)
    assert case.rates[0] != case.rates[-1]
    assert worst_error(case) <= _BOUND


def test_every_schedule_of_pytorch_s_is_held_against_it_and_the_table_says_so() -> None:
    named = {key: row.oracle for key, row in SCHEDULES.items() if row.oracle != "closed form"}
    assert {(case.key, case.oracle) for case in _CASES if not _is_keras(case.oracle)} == set(named.items())
    held = {(key, parity.oracle, parity.version) for key, row in SCHEDULE_PARITIES.items() for parity in row}
    assert held == {(case.key, case.oracle, case.version) for case in _CASES}
    for key, row in SCHEDULE_PARITIES.items():
        assert row[0].oracle == named.get(key, row[0].oracle)
        assert all(parity.worst_error <= _BOUND for parity in row)


def test_every_schedule_of_keras_that_ours_can_express_is_held_against_it() -> None:
    begin = "keras.optimizers.schedules."
    held = {
        key: {parity.oracle.removeprefix(begin) for parity in row if _is_keras(parity.oracle)}
        for key, row in SCHEDULE_PARITIES.items()
    }
    assert {key: names for key, names in held.items() if names} == {
        "exponential": {"ExponentialDecay"}, "step": {"ExponentialDecay(staircase=True)"},
        "multistep": {"PiecewiseConstantDecay"}, "polynomial": {"PolynomialDecay"},
        "inverse_time": {"InverseTimeDecay"}, "cosine": {"CosineDecay"}, "formula": {"CosineDecay, with warm-up"},
        "cosine_restarts": {"CosineDecayRestarts"},
    }


def test_the_table_holds_the_schedules_that_are_promised() -> None:
    promised = {
        "constant": "", "step": "size factor", "multistep": "milestone1 milestone2 factor", "exponential": "factor",
        "inverse_time": "rate", "polynomial": "iterations power end", "cosine": "iterations end",
        "cosine_restarts": "first multiplier end",
        "one_cycle": "iterations peak pct_start div_factor final_div_factor", "plateau": "patience factor",
        "formula": "",
    }
    found = {
        key: " ".join(parameter.key.removeprefix(PREFIX) for parameter in row.parameters)
        for key, row in SCHEDULES.items()
    }
    assert found == promised
    for key, row in SCHEDULES.items():
        assert ADDITIONS[key] is row
        assert (row.key, row.kind) == (key, "schedule")
        assert row.name and row.meaning.endswith(".")
        for parameter in row.parameters:
            assert parameter.key.startswith(PREFIX)
            assert parameter.check(parameter.default) == parameter.default
            assert parameter.usual[0] < parameter.usual[1]


_BASE = 0.0371
_CLOSED: dict[str, Callable[[int], float | None]] = {
    "constant": lambda t: _BASE,
    "inverse_time:rate=0.037": lambda t: _BASE / (1.0 + 0.037 * (t - 1)),
    "polynomial:iterations=77,power=1.7,end=0.003":
        lambda t: 0.003 + (_BASE - 0.003) * (1.0 - min(t - 1, 77) / 77.0) ** 1.7,
    "polynomial:iterations=10,end=0.1": lambda t: 0.1 + (_BASE - 0.1) * (1.0 - min(t - 1, 10) / 10.0),
    "formula:learning_rate / sqrt(t)": lambda t: _BASE / math.sqrt(t),
    "formula: 0.1 * exp(-t/50) + 1e-3": lambda t: 0.1 * math.exp(-t / 50.0) + 1e-3,
    "formula:0.25": lambda t: 0.25,
    # After its end a cycle stays where it ended.
    "one_cycle:iterations=50,peak=0.5,final_div_factor=10": lambda t: 0.5 / 25.0 / 10.0 if t >= 50 else None,
}


@pytest.mark.parametrize("machine", [True, False])
@pytest.mark.parametrize("text", _CLOSED)
def test_the_rates_are_those_of_the_closed_form(text: str, machine: bool) -> None:
    found = recorded(text, _BASE, 300, machine)
    for t, rate in enumerate(found.tolist(), start=1):
        wanted = _CLOSED[text](t)
        assert wanted is None or rate == pytest.approx(wanted, rel=1e-13), t


@pytest.mark.parametrize("warmup", [1, 7, 1000])
@pytest.mark.parametrize("text", [example(key) for key in SCHEDULES])
def test_warm_up_multiplies_by_the_share_of_its_steps(text: str, warmup: int) -> None:
    made, values = recipe(text)
    both = Recipe("gd", additions=(*made.additions, Addition("warmup")))
    count = 120
    descents = [
        Descent(objective("x"), each, (0.0,), {**values, **more}, Stopping(iterations=count, tolerance=0.0))
        for each, more in ((made, {}), (both, {"warmup": float(warmup)}))
    ]
    for descent in descents:
        descent.advance(count)
    plain, warm = (descent.trajectory.learning_rate[1:] for descent in descents)
    growth = np.minimum(1.0, np.arange(1.0, count + 1.0) / warmup)
    assert np.allclose(warm, plain * growth, rtol=1e-14, atol=0.0)


def test_the_loss_falls_by_the_rates_that_are_recorded() -> None:
    made, values = recipe("step:size=3,factor=0.5", learning_rate=0.1)
    descent = Descent(objective("x^2"), made, (1.0,), values, Stopping(iterations=12, tolerance=0.0))
    descent.advance(12)
    theta = 1.0
    for step, rate in enumerate([0.1] * 3 + [0.05] * 3 + [0.025] * 3 + [0.0125] * 3, start=1):
        theta -= rate * 2.0 * theta
        assert descent.trajectory.learning_rate[step] == pytest.approx(rate, rel=1e-15)
        assert descent.trajectory.theta[step, 0] == pytest.approx(theta, rel=1e-13)
    assert math.isnan(descent.trajectory.learning_rate[0])


@pytest.mark.parametrize("machine", [True, False])
def test_a_plateau_reads_the_loss_of_the_update(machine: bool) -> None:
    text = "plateau:patience=2,factor=0.5"
    made, values = recipe(text, learning_rate=0.9)
    # It leaps over the minimum to and fro until the rate is small enough.
    descent = Descent(
        objective("abs(x) + 1"), made, (0.3,), values, Stopping(iterations=60, tolerance=0.0), machine=machine
    )
    descent.advance(60)
    trajectory = descent.trajectory
    assert trajectory.learning_rate[1:].tolist() == rates_under(text, 0.9, trajectory.loss[:-1]).tolist()
    assert len(set(trajectory.learning_rate[1:].tolist())) > 5


@pytest.mark.parametrize("key", SCHEDULES)
def test_machine_code_and_interpreter_record_the_same(key: str) -> None:
    text = example(key)
    machine, interpreted = (recorded(text, 0.1, 250, machine) for machine in (True, False))
    assert np.allclose(machine, interpreted, rtol=1e-14, atol=0.0)


@pytest.mark.parametrize("key", _STATELESS)
@pytest.mark.parametrize("warmup", [(), (Addition("warmup"),)])
def test_the_plot_shows_the_rates_of_the_run(key: str, warmup: tuple[Addition, ...]) -> None:
    made, values = recipe(example(key), learning_rate=0.1)
    both = Recipe("adam", additions=(*made.additions, *warmup, Addition("clip_norm")))
    values = {**values, "warmup": 13.0} if warmup else values
    descent = Descent(objective("x"), both, (0.0,), values, Stopping(iterations=200, tolerance=0.0))
    descent.advance(200)
    drawn = rates(both, descent.hyperparameters, 200)
    assert drawn is not None
    assert np.allclose(drawn, descent.trajectory.learning_rate[1:], rtol=1e-13, atol=0.0)


def test_there_is_no_plot_where_the_losses_decide() -> None:
    made, values = recipe("plateau")
    assert rates(made, values, 10) is None
    assert rates(Recipe("trust_newton"), {"radius": 1.0}, 10) is None


def test_without_a_schedule_the_plot_is_level() -> None:
    drawn = rates(Recipe("adam"), {"learning_rate": 0.2}, 4)
    assert drawn is not None and drawn.tolist() == [0.2] * 4


@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 12))
def test_a_restart_is_where_the_last_fall_has_ended(first: int, multiplier: int, cycle: int) -> None:
    begin = sum(first * multiplier**index for index in range(cycle))
    made, values = recipe(f"cosine_restarts:first={first},multiplier={multiplier},end=0.25", learning_rate=1.0)
    rule = composition(made).rule
    assert isinstance(rule, UpdateRule)
    assert rule.program.rate is not None
    if begin >= 10**8:  # more than any run has
        return
    (found,) = evaluate(rule.program.graph, [rule.program.rate], {**values, "t": np.array([begin, begin + 1.0])})
    before, at = np.ravel(found).tolist()
    assert at == 1.0
    if cycle:
        # One before the end of a fall of so many steps.
        length = first * multiplier ** (cycle - 1)
        assert before == pytest.approx(0.25 + 0.75 * (1.0 - math.cos(math.pi / length)) / 2.0, abs=1e-9)


@pytest.mark.parametrize("key", ["step", "cosine", "exponential", "plateau", "cosine_restarts"])
def test_a_run_with_a_schedule_resumes_to_the_same_bits(key: str) -> None:
    made, values = recipe(example(key), learning_rate=0.01)
    text, start = "(1-x)^2 + 100*(y-x^2)^2", (-1.2, 1.0)

    def fresh() -> Descent:
        return Descent(
            objective(text), Recipe("adam", additions=made.additions), start, values,
            Stopping(iterations=120, tolerance=0.0),
        )

    whole, first, second = fresh(), fresh(), fresh()
    whole.advance(120)
    first.advance(53)
    second.put_state(first.take_state())
    second.advance(67)
    assert np.array_equal(second.trajectory.theta[-1], whole.trajectory.theta[-1])
    assert np.array_equal(second.trajectory.learning_rate[1:], whole.trajectory.learning_rate[54:])


def test_a_factor_changed_on_the_way_acts_from_then_on() -> None:
    made, values = recipe("exponential:factor=0.9", learning_rate=1.0)
    descent = Descent(objective("x"), made, (0.0,), values, Stopping(iterations=6, tolerance=0.0))
    descent.advance(3)
    descent.change("schedule_factor", 0.5)
    descent.advance(3)
    wanted = [1.0, 0.9, 0.81, 0.729, 0.3645, 0.18225]
    assert np.allclose(descent.trajectory.learning_rate[1:], wanted, rtol=1e-14)


@pytest.mark.parametrize("text", ["0", "-1", "x", str(MOST_MILESTONES + 1), "9" * 30, "1.5"])
def test_so_many_milestones_are_refused(text: str) -> None:
    with pytest.raises(StudioError, match="1 to 20 milestones"):
        SCHEDULES["multistep"].part_of(text)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("theta + t", 0, "theta means nothing in it"),
        ("t * learnig_rate", 4, "try learning_rate"),
        ("1 / (t", 6, r"\)"),
        ("t + *", 4, "missing"),
        ("gradient(t)", 0, "gradient"),
    ],
)
def test_a_formula_of_something_else_is_refused_at_its_column(text: str, column: int, message: str) -> None:
    with pytest.raises(FormulaError, match=message) as caught:
        SCHEDULES["formula"].part_of(text)
    assert caught.value.column == column
