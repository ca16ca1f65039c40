"""Recipes: what a recipe comes to, switches that are part of the equations, and runs that go on to the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.descent import Change, Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import UpdateRule
from tests.data.tables import columns_of
from tests.engine.agreement import assert_close, assert_same_bits

_GOAL = objective("(1-x)^2 + 100*(y-x^2)^2")
_LINE = objective("(w*x + b - y)^2", columns=columns_of("noisy_line"))
_LIMIT = 1400
_STOPPING = Stopping(iterations=_LIMIT, tolerance=0.0)
_MACHINE = pytest.mark.parametrize("machine", [True, False])


def _rule(recipe: Recipe, **switches: float) -> UpdateRule:
    rule = composition(recipe).rule_for(switches)
    assert isinstance(rule, UpdateRule)
    return rule


def test_a_composition_is_made_once_whatever_the_order() -> None:
    one, other = (Addition("noise"), Addition("warmup")), (Addition("warmup"), Addition("noise"))
    assert composition(Recipe("adam", additions=one)) is composition(Recipe("adam", "pytorch", additions=other))
    whole = composition(Recipe("adam", additions=one))
    assert whole.recipe == Recipe("adam", "pytorch", additions=other)
    assert whole.rule is whole.rule_for({"amsgrad": 0.0}) is whole.rule_for({"noise": 5.0})
    assert whole.rule is not whole.rule_for({"amsgrad": 1.0})


def test_a_switch_that_is_off_leaves_nothing_behind() -> None:
    off, on = _rule(Recipe("adam")), _rule(Recipe("adam"), amsgrad=1.0)
    assert (off.vector_state, on.vector_state) == (("m", "v"), ("m", "v", "v_max"))
    for rule in (off, on):
        operations = {rule.program.graph.operation(node) for node in rule.order}
        assert "where" not in operations and "equal" not in operations
    assert "v_max" not in {line.target for line in off.program.assignments}
    assert _rule(Recipe("rmsprop")).vector_state != _rule(Recipe("rmsprop"), centered=1.0).vector_state
    # What never leads to theta but is kept on purpose stays.
    assert "average" in _rule(Recipe("asgd")).vector_state


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        ((), ()), (("learning_rate", "beta1"), ()), (("weight_decay",), ("weight_decay",)),
        (("clip_norm", "noise", "warmup", "clip_value"), ("clip_norm", "noise", "warmup", "clip_value")),
        (("decoupled", "lookahead_k", "schedule_factor", "step", "constant"), ()),
    ],
)
def test_a_number_called_as_an_addition_switches_it_on(names: tuple[str, ...], keys: tuple[str, ...]) -> None:
    reached = Recipe("adam").reaching(names)
    assert reached == Recipe("adam", additions=tuple(Addition(key) for key in keys))
    assert reached.reaching(names) == reached


def test_weight_decay_of_its_own_is_not_put_around() -> None:
    assert Recipe("adamw").reaching(["weight_decay"]) == Recipe("adamw")


def test_a_number_of_an_addition_that_is_not_there_is_refused() -> None:
    with pytest.raises(StudioError, match="adam has no hyperparameter called lookahead_k; it has learning_rate, beta1"):
        Descent(_GOAL, "adam", (0.0, 0.0), {"lookahead_k": 3.0})


@_MACHINE
def test_a_switch_turned_on_during_a_run_begins_with_what_is_there(machine: bool) -> None:
    start, numbers = (-0.4, 0.3), {"learning_rate": 0.02, "beta1": 0.5, "beta2": 0.8}
    run = Descent(_GOAL, "adam", start, numbers, _STOPPING, machine=machine)
    run.advance(15)
    run.change("amsgrad", 1.0)
    run.advance(15)
    run.change("beta2", 0.6)
    run.advance(10)
    run.change("amsgrad", 0.0)
    run.advance(10)
    assert run.changes == (Change(15, "amsgrad", 1.0), Change(30, "beta2", 0.6), Change(40, "amsgrad", 0.0))
    theta, m, v, largest, left = np.array(start), np.zeros(2), np.zeros(2), np.zeros(2), [1.0, 1.0]
    found = [theta]
    for step in range(50):
        beta2 = 0.8 if step < 30 else 0.6
        g = _GOAL.loss_and_gradient(theta)[1]
        left = [left[0] * 0.5, left[1] * beta2]
        m, v = 0.5 * m + 0.5 * g, beta2 * v + (1.0 - beta2) * g**2
        amsgrad = 15 <= step < 40
        largest = np.maximum(largest, v) if amsgrad else np.zeros(2)
        square = (largest if amsgrad else v) / (1.0 - left[1])
        theta = theta - 0.02 * m / (1.0 - left[0]) / (np.sqrt(square) + 1e-8)
        found.append(theta)
    assert_close(run.trajectory.theta, np.array(found), 1e-11)


@_MACHINE
def test_a_running_power_that_a_switch_brings_is_what_it_would_have_become(machine: bool) -> None:
    step = "theta = theta - learning_rate*s*where(nesterov == 1, 1 - beta^t, 1)"
    text = f"name: Late\nnesterov: 0\nbeta: 0.9\ns = beta*s + g\n{step}"
    recipe = Recipe("Late", equations=text)
    early = Descent(_GOAL, recipe, (0.5, 0.2), {"learning_rate": 0.0, "nesterov": 1.0}, _STOPPING, machine=machine)
    late = Descent(_GOAL, recipe, (0.5, 0.2), {"learning_rate": 0.0}, _STOPPING, machine=machine)
    for run in (early, late):
        run.advance(5)
    late.change("nesterov", 1.0)
    assert_close(late.take_state().values, early.take_state().values, 1e-15)
    for run in (early, late):
        run.change("learning_rate", 1e-3)
        run.advance(5)
    assert_close(late.trajectory.theta, early.trajectory.theta, 1e-14)


@_MACHINE
def test_a_state_from_before_a_switch_can_be_put_back_and_one_from_after_too(machine: bool) -> None:
    def run() -> Descent:
        return Descent(_GOAL, "momentum", (-0.4, 0.3), {"learning_rate": 1e-4}, _STOPPING, machine=machine)

    whole = run()
    whole.advance(20)
    before = whole.take_state()
    whole.change("nesterov", 1.0)
    whole.advance(20)
    after = whole.take_state()
    whole.advance(20)
    end = whole.take_state()
    again = run()
    again.put_state(after)
    again.advance(20)
    assert_same_bits(again.take_state().values, end.values)
    again.put_state(before)
    assert again.hyperparameters["nesterov"] == 0.0
    again.change("nesterov", 1.0)
    again.advance(40)
    assert_same_bits(again.take_state().values, end.values)


_AROUND = st.sets(st.sampled_from(sorted(key for key in ADDITIONS if ADDITIONS[key].kind != "schedule")), max_size=5)
_SCHEDULES = st.sampled_from([None, *(key for key in ADDITIONS if ADDITIONS[key].kind == "schedule")])


def _recipe(optimizer: str, around: set[str], schedule: str | None) -> Recipe:
    own = composition(Recipe(optimizer)).parameter("weight_decay") is not None
    keys = sorted(around - ({"weight_decay"} if own else set())) + ([schedule] if schedule else [])
    return Recipe(optimizer, additions=tuple(Addition(key) for key in keys))


def _run(recipe: Recipe, batch: int | None, *, switched: float) -> Descent:
    goal = _GOAL if batch is None else _LINE
    numbers = {parameter.key: switched for parameter in composition(recipe).switches}
    return Descent(goal, recipe, (-0.4, 0.3), {"learning_rate": 1e-3, **numbers}, _STOPPING, 5, batch)


@settings(max_examples=80, deadline=None)
@given(
    optimizer=st.sampled_from(sorted(EQUATIONS)), around=_AROUND, schedule=_SCHEDULES,
    batch=st.sampled_from([None, 7]), taken=st.integers(0, 1200), switched=st.sampled_from([0.0, 1.0]),
    counts=st.lists(st.integers(1, 400), min_size=1, max_size=4), fresh=st.booleans(),
)
def test_a_composed_run_resumes_and_divides_to_the_same_bits(
    optimizer: str, around: set[str], schedule: str | None, batch: int | None, taken: int, switched: float,
    counts: list[int], fresh: bool,
) -> None:
    recipe = _recipe(optimizer, around, schedule)
    whole, run = (_run(recipe, batch, switched=switched) for _ in range(2))
    whole.advance(_LIMIT)
    for count in counts:
        run.advance(min(count, taken - run.iterations))
    run.advance(taken - run.iterations)
    state = run.take_state()
    run.advance(100)
    resumed = _run(recipe, batch, switched=switched) if fresh else run
    resumed.put_state(state)
    resumed.advance(_LIMIT)
    assert (resumed.iterations, resumed.outcome) == (whole.iterations, whole.outcome)
    assert_same_bits(resumed.take_state().values, whole.take_state().values)
    first = resumed.trajectory.first_iteration
    rows = slice(1, None)
    assert_same_bits(resumed.trajectory.theta, whole.trajectory.theta[first:])
    assert_same_bits(resumed.trajectory.learning_rate[rows], whole.trajectory.learning_rate[first:][rows])


@settings(max_examples=30, deadline=None)
@given(around=_AROUND, schedule=_SCHEDULES, at=st.integers(0, 40), data=st.data())
def test_every_number_of_a_composed_run_can_be_changed_while_it_runs(
    around: set[str], schedule: str | None, at: int, data: st.DataObject
) -> None:
    recipe = _recipe("adam", around, schedule)
    parameter = data.draw(st.sampled_from(composition(recipe).parameters))
    value = parameter.maximum if parameter.is_switch else parameter.check(parameter.usual[0])
    runs = [
        Descent(_GOAL, recipe, (-0.4, 0.3), {"learning_rate": 1e-3}, _STOPPING, 5, machine=machine)
        for machine in (True, False)
    ]
    for run in runs:
        run.advance(at)
        run.change(parameter.key, value)
        run.advance(20)
        assert run.hyperparameters[parameter.key] == value
    assert_close(runs[0].trajectory.theta, runs[1].trajectory.theta, 1e-9)
