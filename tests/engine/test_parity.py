"""The table against PyTorch, Keras, optax and the authors' own packages, by their frozen results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.engine.objective import objective
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.optimizers.parity import PARITIES
from tests.engine.agreement import assert_close
from tests.engine.closed_forms import CLOSED_FORMS, VERSION, path_error
from tests.engine.matrix_parity import matrix_errors, matrix_oracles, matrix_single_error, matrix_versions
from tests.engine.minimizers import OURS
from tests.engine.parity import case_rule, errors, interpreted_open_loop, open_loop, single_error
from tests.oracles.matrix_cases import MATRIX_CASES, MATRIX_ODD
from tests.oracles.parity_cases import BOUND, CHECKED, PROBLEMS, SINGLE_BOUND, STEPS, streams
from tests.oracles.parity_files import errors_on_torch, oracles
from tests.oracles.parity_settings import CASES, CHANGED, CLOSED_ONLY

if TYPE_CHECKING:
    from collections.abc import Mapping

_ORACLES = oracles()
_SINGLE = oracles(single=True)
_MATRICES = matrix_oracles()
_SINGLE_CASES = [case for case in CASES if case[0] not in CLOSED_ONLY]
_IDS, _SINGLE_IDS = (
    [f"{optimizer}-{convention}-{number}" for optimizer, convention, number, _ in cases]
    for cases in (CASES, _SINGLE_CASES)
)
# Diverges at the authors' default rate of 1, wherever the curvature is above 2.
_NEVER_SOUND = {("schedule_free_sgd", "author", 0)}


@pytest.mark.parametrize(("optimizer", "convention", "number", "settings"), CASES, ids=_IDS)
def test_the_equations_are_the_library_s(
    optimizer: str, convention: str, number: int, settings: Mapping[str, float]
) -> None:
    found = errors(optimizer, convention, settings, _ORACLES[optimizer, convention, number].values)
    assert set(found) == {*PROBLEMS, *(() if optimizer in CLOSED_ONLY else ("open",))}
    assert optimizer in CLOSED_ONLY or found["open"][1] == STEPS
    # The table tells no better error; the last bits of powers differ from machine to machine.
    said = max(4.0 * PARITIES[optimizer, convention].worst_error, 1e-14)
    assert {name: worst for name, (worst, _) in found.items() if not worst <= min(BOUND, said)} == {}
    sound = sum(steps for name, (_, steps) in found.items() if name != "open")
    assert sound >= 20 or (optimizer, convention, number) in _NEVER_SOUND


@pytest.mark.parametrize("machine", [True, False])
@pytest.mark.parametrize(("optimizer", "convention", "number", "settings"), _SINGLE_CASES, ids=_SINGLE_IDS)
def test_the_equations_are_the_library_s_in_single_precision(
    optimizer: str, convention: str, number: int, settings: Mapping[str, float], machine: bool
) -> None:
    oracle = _SINGLE[optimizer, convention, number].values
    said = PARITIES[optimizer, convention].single_error
    assert said is not None
    worst = single_error(optimizer, convention, settings, oracle, machine=machine)
    assert worst <= min(SINGLE_BOUND, max(4.0 * said, 1e-6))


@pytest.mark.parametrize(("optimizer", "convention", "number", "settings"), MATRIX_CASES, ids=str)
def test_the_equations_of_matrices_are_the_library_s(
    optimizer: str, convention: str, number: int, settings: Mapping[str, float]
) -> None:
    name = f"{optimizer} {convention} {number}"
    found = matrix_errors(optimizer, convention, settings, _MATRICES[f"{name} double"])
    parity = PARITIES[optimizer, convention]
    said = max(4.0 * parity.worst_error, 1e-14)
    assert {loop: worst for loop, (worst, _) in found.items() if not worst <= min(BOUND, said)} == {}
    assert found["softmax"][1] >= 20
    assert parity.single_error is not None
    single = matrix_single_error(optimizer, convention, settings, _MATRICES[f"{name} single"])
    assert single <= min(SINGLE_BOUND, max(4.0 * parity.single_error, 1e-6))
    # what the libraries make of it in lesser precision is near, and no more than that
    assert parity.as_it_comes is not None
    assert BOUND < float(_MATRICES[f"{name} as_it_comes"]) <= parity.as_it_comes < 0.01


@pytest.mark.parametrize("key", sorted(CHANGED))
def test_how_far_a_library_is_as_it_comes_is_told(key: tuple[str, str]) -> None:
    found = [oracle.as_it_comes for case, oracle in _ORACLES.items() if case[:2] == key]
    assert all(error is not None and error > BOUND for error in found)
    said = PARITIES[key].as_it_comes
    assert said is not None
    assert max(error for error in found if error is not None) <= said < 1e-6
    assert "float64" in PARITIES[key].oracle


def test_what_computed_behind_keras_is_told_and_what_another_backend_makes_of_it() -> None:
    elsewhere = errors_on_torch()
    on_jax = {case[:2] for case in elsewhere}
    assert on_jax == {("adafactor", "keras"), ("schedule_free_adamw", "keras"), ("muon", "keras")}
    for key, parity in PARITIES.items():
        assert (parity.backend is not None) == (key[1] == "keras")
        assert (parity.on_torch is not None) == (key in on_jax)
        if parity.backend is not None:
            assert parity.backend.split()[0] == ("jax" if key in on_jax else "torch")
        if parity.on_torch is not None:
            assert max(error for case, error in elsewhere.items() if case[:2] == key) <= parity.on_torch


def test_every_variant_that_can_run_is_held_against_its_oracle_and_the_table_says_so() -> None:
    wanted = {
        (row.key, variant.convention): variant.oracle for row in OPTIMIZERS.values() for variant in row.variants
    }
    assert {key: row.oracle for key, row in PARITIES.items()} == wanted
    assert all(row.worst_error <= BOUND for row in PARITIES.values())
    held = {case[:2] for case in CASES} | set(MATRIX_ODD)
    elsewhere = {*CLOSED_FORMS, *OURS, "sign_search"} - set(CLOSED_ONLY)
    assert held == {key for key in wanted if key[0] not in elsewhere}
    assert set(_ORACLES) == {case[:3] for case in CASES}
    assert set(_SINGLE) == {case[:3] for case in _SINGLE_CASES}
    for key in MATRIX_ODD:
        package, version = PARITIES[key].version.split()
        assert matrix_versions(key[1])[package] == version
    for key in held - set(MATRIX_ODD):
        assert (PARITIES[key].compared == "gradients") == (key[0] not in CLOSED_ONLY)
        package, version = PARITIES[key].version.split()
        assert _ORACLES[*key, 0].versions[package] == version


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "asgd", "nesterov_lookahead", "adafactor", "prodigy"])
def test_recorded_gradients_lead_to_the_same_place_with_and_without_machine_code(optimizer: str) -> None:
    rule, hyperparameters = case_rule(optimizer, OPTIMIZERS[optimizer].conventions[0], {})
    recorded = streams()
    ours = open_loop(rule, hyperparameters)
    first = recorded["rosenbrock"]
    assert_close(
        interpreted_open_loop(rule, hyperparameters, first), ours[:len(CHECKED) * len(first.start)], 1e-12
    )


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("key", CLOSED_FORMS)
def test_what_no_library_has_is_its_closed_form_step_by_step(key: str, name: str) -> None:
    parity = PARITIES[key, "author"]
    assert (parity.compared, parity.version.split()[0]) == ("steps", VERSION.split()[0])
    assert path_error(key, name) <= 4.0 * parity.worst_error <= BOUND


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_derivatives_by_hand_are_those_of_the_formula(name: str) -> None:
    problem = PROBLEMS[name]
    goal = objective(problem.text)
    random = np.random.default_rng(3)
    for _ in range(20):
        theta = 3.0 * random.random(goal.dimension) - 1.5
        assert goal.loss_and_gradient(theta)[0] == pytest.approx(problem.loss(theta), rel=1e-12)
        assert_close(goal.loss_and_gradient(theta)[1], problem.gradient(theta), 1e-12, 1e3)
        assert_close(goal.hessian_diagonal(theta), problem.curvature(theta), 1e-12, 1e3)
    assert_close(goal.loss_and_gradient(problem.minimum)[1], np.zeros(goal.dimension), 1e-15)
