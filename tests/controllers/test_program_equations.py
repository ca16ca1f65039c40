"""Equations of optimizers in type: with their symbols, and without what a switch turns off."""

from __future__ import annotations

import pytest

from gdstudio.controllers.picker_entries import defaults_text, entries, identifier, own_entries
from gdstudio.controllers.program_equations import latex_of_symbol, typeset_lines, typeset_own
from gdstudio.engine.language.program import program
from gdstudio.engine.optimizers import EQUATIONS, OPTIMIZERS
from gdstudio.engine.optimizers.parity import PARITIES
from gdstudio.engine.own_optimizer import own_optimizer


@pytest.mark.parametrize(
    ("symbol", "latex"), [("η", r"\eta"), ("β₁", r"\beta_{1}"), ("s₀", "s_{0}"), ("amsgrad", ""), ("k", "k"),
     ("ε′", r"\epsilon'"), ("λ₁′", r"\lambda_{1}'")]
)
def test_symbols(symbol: str, latex: str) -> None:
    assert latex_of_symbol(symbol) == latex


@pytest.mark.parametrize("key", ["gd", "adam", "momentum", "lion", "adagrad", "nesterov"])
def test_equations_are_typeset_line_by_line(key: str) -> None:
    variant = EQUATIONS[key].variant()
    lines = typeset_lines(variant.equations, variant.hyperparameters)
    assert lines
    assert lines[-1].text.startswith(r"\theta \leftarrow")
    assert all(b"<svg" in line.svg for line in lines)
    assert not any("learning" in line.text for line in lines), "the rate is written as a symbol"


@pytest.mark.parametrize("convention", ["pytorch", "keras"])
def test_the_numbers_of_muon_are_called_alike_above_and_below(convention: str) -> None:
    variant = OPTIMIZERS["muon"].variant(convention)
    texts = " ".join(line.text for line in typeset_lines(variant.equations, variant.hyperparameters))
    assert "adam" not in texts
    assert r"\lambda'" in texts
    assert (r"\epsilon'" in texts) == (variant.hyperparameter("adam_epsilon") is not None)
    assert r"\text{in matrix} = 1" in texts
    assert r"\mathrm{in}" not in texts
    assert r"\mathrm{block}" not in texts


def test_what_the_tick_keeps_back_is_said_beside_it() -> None:
    rows = {row.key: row for row in entries(matrices=True)}
    said = {(row.key, each.key): each.parity for row in rows.values() for each in row.conventions}
    for (key, convention), parity in PARITIES.items():
        assert ("as it comes" in said[key, convention]) == (parity.as_it_comes is not None)
        assert ("on PyTorch" in said[key, convention]) == (parity.on_torch is not None)
    assert said["muon", "pytorch"].endswith(" is 0.004 away.")
    assert "jax" in said["schedule_free_adamw", "keras"]
    assert {key for key, row in rows.items() if row.note} == {"adafactor", "lamb"}


def test_what_a_switch_turns_off_is_left_out() -> None:
    variant = EQUATIONS["adam"].variant()
    texts = " ".join(line.text for line in typeset_lines(variant.equations, variant.hyperparameters))
    assert "amsgrad" not in texts
    assert r"v_{\mathrm{max}}" not in texts


def test_all_lines_of_an_own_optimizer_are_kept() -> None:
    own = own_optimizer("unused = g + 1\ntheta = theta - learning_rate * g")
    assert len(typeset_own(own)) == 2
    assert len(program(own.equations, ["learning_rate"]).assignments) == 2


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("Title, 2014, arXiv:1412.6980", "arXiv 1412.6980"),
        ("Title, doi:10.1137/0330046; another", "doi 10.1137/0330046"),
        ("Lecture 6.5", ""),
    ],
)
def test_identifiers(reference: str, found: str) -> None:
    assert identifier(reference) == found


def test_entries_are_sorted_by_family_and_year() -> None:
    rows = entries(matrices=False)
    assert {row.key for row in rows} == set(OPTIMIZERS)
    families = list(dict.fromkeys(row.family for row in rows))
    assert len(families) == 4
    for family in families:
        years = [int(row.year) for row in rows if row.family == family]
        assert years == sorted(years)


def test_parity_is_said_for_what_it_is() -> None:
    said = {row.key: row.conventions[0].parity for row in entries(matrices=False)}
    assert said["adam"].endswith("over 1,000 steps; 1e-7 over 100 in float32")
    assert said["rprop"].endswith("no difference over 1,000 steps; none over 100 in float32")
    assert said["lbfgs"].startswith("held against torch.optim.LBFGS(line_search_fn='strong_wolfe') 2")
    assert said["lbfgs"].endswith(" step by step")
    assert said["newton"].startswith("held against numpy.linalg.solve ")
    assert said["sign_search"].endswith(" at minima reached")
    assert said["bfgs"].startswith("held against scipy.optimize.minimize(method='BFGS')")
    assert "steps" not in said["bfgs"]
    assert said["muon"].startswith("held against torch.optim.Muon 2.13.0, not in bfloat16; AdamW for vectors: worst ")


def test_optimizers_of_matrices_are_refused_where_there_is_none() -> None:
    for matrices in (False, True):
        refused = {row.key: row.refusal for row in entries(matrices=matrices) if row.refusal}
        assert set(refused) == ({"muon"} if not matrices else set())
        assert matrices or refused["muon"].startswith("Muon works on matrices only, and here each parameter is")


def test_defaults_leave_out_what_is_off() -> None:
    assert defaults_text(OPTIMIZERS["adam"].variant()) == "η 0.001   β₁ 0.9   β₂ 0.999   ε 1e-8"


def test_own_optimizers_come_with_a_row_for_a_new_one() -> None:
    rows = own_entries(["name: Mine\ntheta = theta - learning_rate * g"], matrices=False)
    assert [row.name for row in rows] == ["Mine", "New optimizer…"]
    assert rows[0].conventions[0].written
    assert not rows[0].refusal


def test_own_equations_of_matrices_are_refused_where_there_is_none() -> None:
    text = "name: Mine\ntheta = theta - learning_rate * newton_schulz(g, 1, 2, 3, 4)"
    refused, _ = own_entries([text], matrices=False)
    assert refused.refusal.startswith("Mine works on matrices only")
    taken, _ = own_entries([text], matrices=True)
    assert not taken.refusal
