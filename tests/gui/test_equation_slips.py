"""What the equation editor says of names that may be slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.views.equation_editor import EquationEditor

if TYPE_CHECKING:
    from tests.gui.conftest import Bench


def test_a_slip_that_became_a_number_is_named_until_it_is_declared(bench: Bench) -> None:
    bench.studio.own_optimizers.open("v = beta * v + gg\ntheta = theta - learning_rate * v")
    editor = bench.find_dialog(EquationEditor)
    bench.until(editor.take_button.isEnabled)
    assert "gg 0.1" in editor.found["numbers"].text()
    assert "gg = 0.1" in editor.doubt.text()
    assert "beta" not in editor.doubt.text()
    assert editor.doubt.isVisible()
    editor.set_text("gg: 0.5\nv = beta * v + gg * g\ntheta = theta - learning_rate * v")
    bench.until(editor.take_button.isEnabled)
    assert "gg 0.5" in editor.found["numbers"].text()
    assert not editor.doubt.isVisible()


def test_its_help_names_what_equations_may_use(bench: Bench) -> None:
    bench.studio.own_optimizers.open("theta = theta - learning_rate * g")
    hint = bench.find_dialog(EquationEditor).hint.text()
    for name in ("where", "gradient", "hessian_diagonal", "norm", "block_norm", "newton_schulz"):
        assert name in hint
