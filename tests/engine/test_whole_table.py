"""The whole table: every optimizer in every convention, on a problem of every class, in each type of number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.recipe import Recipe, composition
from tests.engine.agreement import RELATIVE_PER_STEP, assert_close, assert_same_bits
from tests.engine.whole_table import LANDSCAPES, Case, Walk, cases, other_value, walk

_CASES = list(cases())
_ONE_OF_EACH = [case for case in _CASES if case.landscape == "convex bowl"]
_STEPS = 10
# Newton's method goes uphill where the curvature is negative, and nowhere where there is none. Barzilai and Borwein's
# steps are not monotone, and may leave a basin. Yogi's mean gradient begins above zero, so that it moves by itself.
_MAY_CLIMB = {("newton", "plateau"), ("newton", "not smooth"), ("barzilai_borwein", "multimodal"), ("yogi", "flat")}
# They pull parameters towards zero where there is no slope.
_PULLING = {"asgd", "adamw", "nadamw", "ftrl"}
# Numbers that only say how a run begins, and bounds that none of these runs reaches.
_IDLE = {
    ("rprop", "learning_rate"), ("barzilai_borwein", "learning_rate"), ("sign_search", "learning_rate"),
    ("sign_search", "eta_plus"), ("adagrad", "initial_accumulator"), ("ftrl", "initial_accumulator"),
    ("yogi", "initial_accumulator"), ("asgd", "t0"), ("rprop", "step_min"), ("rprop", "step_max"),
    ("adafactor", "epsilon_1"), ("adafactor", "epsilon_2"), ("lion", "beta1"), ("sophia", "beta2"),
    ("sophia", "epsilon"), ("sophia", "gamma"), ("sophia", "update_interval"), ("trust_newton", "radius_max"),
    ("muon", "epsilon"),
    ("gd_wolfe", "c2"), *((key, "c1") for key in ("gd_armijo", "gd_wolfe", "cg_fr", "cg_pr", "bfgs", "lbfgs")),
}
# What a power function that rounds in its own way may make of one step in float32.
_SINGLE_PER_STEP = 1e-5
# Where a step leaves all numbers, or the start is none.
_BREAKING = {
    "overflow": ("exp(exp(9*x)) + y", (0.6, 1.0)), "no number": ("log(x) + y^2", (-1.0, 1.0)),
    "infinity": ("1/x + sqrt(y)", (0.0, 0.0)), "edge": ("x - sqrt(x) + y^1.5", (1e-6, 1e-9)),
    "for ever": ("-x^4 - y^3", (3.0, 2.0)),
}


def _advance_alike(case: Case, one: Walk, other: Walk, steps: int) -> None:
    """Advance what machine code and the interpreter execute, and assert that they agree."""
    if one.exact:
        one.advance(steps)
        other.advance(steps)
        assert_same_bits(one.numbers(), other.numbers())
        return
    for _ in range(steps):
        # Chaos would let the last bits grow from step to step: both begin each step in the same state.
        other.put(one.take())
        before = one.numbers()
        one.advance(1)
        other.advance(1)
        after = other.numbers()
        sizes = np.abs(np.concatenate([before, after]))
        scale = max(1.0, float(sizes[np.isfinite(sizes)].max()))
        assert_close(one.numbers(), after, RELATIVE_PER_STEP if case.dtype == "float64" else _SINGLE_PER_STEP, scale)


def _assert_descends(case: Case, run: Walk) -> None:
    """Assert that the loss falls wherever it must, and that nothing moves where nothing slopes."""
    first, start = run.loss(), run.theta()
    losses = []
    for _ in range(_STEPS):
        run.advance(4)
        losses.append(run.loss())
    if (case.optimizer, case.landscape) in _MAY_CLIMB:
        return
    if case.landscape != "flat":
        assert min(losses) < first
    elif case.optimizer in _PULLING:
        assert np.all(np.abs(run.theta()) < np.abs(start))
    else:
        assert run.theta().tolist() == start.tolist()


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_every_optimizer_on_every_class_of_problem(case: Case) -> None:
    run, same, other = walk(case, machine=True), walk(case, machine=True), walk(case, machine=False)
    _assert_descends(case, walk(case, machine=True))

    # interpreter equal to machine code; deterministic
    _advance_alike(case, run, other, _STEPS)
    same.advance(_STEPS)
    assert_same_bits(same.numbers(), run.numbers())

    # resumes from a saved state to the same bits, in this run and in a fresh one
    state = run.take()
    run.advance(_STEPS)
    onwards = run.numbers()
    for one in (run, walk(case, machine=True)):
        one.put(state)
        one.advance(_STEPS)
        assert_same_bits(one.numbers(), onwards)

    # survives what is no number, and comes back from it
    for value in (math.nan, math.inf, -math.inf):
        for one in (run, other):
            one.put(state)
            one.poison(value)
            one.advance(2)
        if run.exact:
            assert_same_bits(run.numbers(), other.numbers())
        run.put(state)
        run.advance(_STEPS)
        assert_same_bits(run.numbers(), onwards)

    # accepts a live change of each hyperparameter
    for row in composition(Recipe(case.optimizer, case.convention)).parameters:
        for one in (run, other):
            one.put(state)
            one.change(row.key, other_value(row))
            assert one.theta().tolist() == same.theta().tolist()
        _advance_alike(case, run, other, 2)


@pytest.mark.parametrize("breaking", _BREAKING)
@pytest.mark.parametrize("case", _ONE_OF_EACH, ids=lambda case: case.name)
def test_numbers_that_break_off_are_survived(case: Case, breaking: str) -> None:
    text, start = _BREAKING[breaking]
    run, same, other = (walk(case, machine=machine, text=text, start=start) for machine in (True, True, False))
    for one in (run, same, other):
        one.advance(12)
    assert_same_bits(run.numbers(), same.numbers())
    assert np.isfinite(run.theta()).tolist() == np.isfinite(other.theta()).tolist()


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_hyperparameter_changes_where_a_run_goes(key: str) -> None:
    for convention in OPTIMIZERS[key].conventions:
        idle = {row.key: row for row in composition(Recipe(key, convention)).parameters if (key, row.key) not in _IDLE}
        for name in LANDSCAPES:
            case = Case(key, convention, name, "float64")
            if case not in _CASES or not idle:
                continue
            run = walk(case, machine=True)
            run.advance(_STEPS)
            state = run.take()
            run.advance(_STEPS)
            plain = run.theta()
            for number, row in list(idle.items()):
                run.put(state)
                run.change(number, other_value(row))
                run.advance(_STEPS)
                if run.theta().tolist() != plain.tolist():
                    del idle[number]
        assert not idle
