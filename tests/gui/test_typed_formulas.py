"""A formula typed key by key: read without getting into the way, told what is wrong, followed by the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.functions import PROBLEMS

if TYPE_CHECKING:
    from gdstudio.views.panel.parameter_panel import ParameterPanel
    from tests.gui.conftest import Bench

Key = Qt.Key
# Text that attacks, or is merely odd; each must be a value or a clear sentence.
HOSTILE = {
    "attribute": "x.__class__",
    "dunder": "__import__",
    "call": "open('secret')",
    "unknown": "sinn(x)",
    "power tower": "9**9**9**9",
    "variables' tower": "x**x**x**x**x",
    "parentheses": "(" * 500 + "x" + ")" * 499,
    "too long": "x+" * 499 + "x1",
    "deep": "sin(" * 90 + "x" + ")" * 90,
    "nothing": "",
    "blanks": "   ",
    "nul": "x^2\0+1",
    "look-alike": "х^2",
    "superscript": "x²",
    "template": "{x}{0}%s",
    "markup": "<b>x</b><script>",
    "reserved": "sin + 1",
    "two names": "x y",
    "half": "5*x^",
    "no variable": "1 + 2",
    "nan": "0/0 + x",
    "infinite": "x/0",
    "surrogates": "\U0001f600 + x",
    "many variables": "+".join(f"x{index}" for index in range(25)),
}


def _field_ready(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("formula"))
    bench.formula.setFocus()
    bench.formula.selectAll()


def _answered(bench: Bench) -> None:
    bench.until(lambda: not bench.busy)


def test_a_formula_typed_key_by_key(bench: Bench) -> None:
    section = bench.window.panel.problem
    _field_ready(bench)
    QTest.keyClicks(bench.formula, "5*x^")
    _answered(bench)
    assert bench.formula.text() == "5*x^"
    assert section.error.isVisible()
    assert "5*x^" not in section.error.text()
    assert section.mark.isVisible()
    assert section.mark.column() == 4
    assert not section.equation.isVisible()
    QTest.keyClicks(bench.formula, "2")
    bench.until(section.equation.isVisible)
    assert not section.error.isVisible()
    assert "10" in section.equation.accessibleName()
    assert "variable x" in section.variables.text()
    bench.settled()
    assert bench.experiment.problem.text == "5*x^2"
    assert bench.experiment.start == (-1.2,)
    assert bench.curve.isVisible()
    theta = bench.snapshot.runs[0].theta
    assert theta.shape[1] == 1
    assert theta[0, 0] == -1.2


@pytest.mark.parametrize("pause", [False, True], ids=["at once", "as it is read"])
def test_neither_text_nor_cursor_is_lost(bench: Bench, pause: bool) -> None:
    _field_ready(bench)
    bench.replace_text(bench.formula, "x^2 + y^2")
    _answered(bench)
    bench.formula.setCursorPosition(2)
    text = bench.formula.text()
    for place, key in enumerate("+3*sin(y)-", start=2):
        QTest.keyClicks(bench.formula, key)
        text = text[:place] + key + text[place:]
        for _ in range(2):
            assert bench.formula.text() == text
            assert bench.formula.cursorPosition() == place + 1
            if pause:
                _answered(bench)
    for place in range(11, 1, -1):
        QTest.keyClick(bench.formula, Key.Key_Backspace)
        text = text[:place] + text[place + 1:]
        assert (bench.formula.text(), bench.formula.cursorPosition()) == (text, place)
    _answered(bench)
    assert bench.formula.text() == text == "x^2 + y^2"
    assert bench.formula.hasFocus()
    bench.settled()
    assert bench.experiment.problem.text == "x^2 + y^2"


def test_typing_in_a_row_of_the_table_makes_a_formula_of_it(bench: Bench) -> None:
    bench.formula.setFocus()
    bench.formula.setCursorPosition(len(bench.formula.text()))
    QTest.keyClicks(bench.formula, " + x")
    bench.settled()
    assert bench.experiment.problem.text == PROBLEMS["rosenbrock"].text + " + x"
    assert bench.window.panel.problem.tabs.current() == "formula"
    assert bench.experiment.start == (-1.2, 1.0)


def test_variables_that_stay_keep_their_start(bench: Bench) -> None:
    bench.enter(bench.window.panel.start.fields[0], "0.75")
    _field_ready(bench)
    bench.replace_text(bench.formula, "z^2 + x^2")
    bench.settled()
    assert bench.experiment.start == (1.0, 0.75)
    assert [float(field.text()) for field in bench.window.panel.start.fields] == [1.0, 0.75]


def test_hostile_text(bench: Bench) -> None:
    section = bench.window.panel.problem
    _field_ready(bench)
    for name, text in HOSTILE.items():
        bench.replace_text(bench.formula, "x^2")
        bench.until(lambda: bench.experiment.problem.text == "x^2")
        bench.replace_text(bench.formula, text)
        bench.until(lambda: not bench.busy, timeout=2_000)
        model, typed = bench.window.panel.model(), bench.formula.text()
        assert model is not None
        assert model.problem.text == typed, name
        if section.error.isVisible():
            assert 10 < len(section.error.text()) < 400, name
            assert bench.experiment.problem.text == "x^2", name
        else:
            assert bench.experiment.problem.text == typed, name
    bench.replace_text(bench.formula, "x^2 + y^2")
    bench.settled()
    assert bench.experiment.problem.text == "x^2 + y^2"
    assert np.isfinite(bench.snapshot.runs[0].loss).all()


def test_a_loss_without_any_value_is_said_to_diverge(bench: Bench) -> None:
    bench.set_formula("log(-1 - x^2)")
    bench.press(Key.Key_Tab)
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    assert bench.status.startswith("Adam: Diverged")


def test_what_is_typed_does_not_stop_a_run_until_it_can_be_read(bench: Bench) -> None:
    bench.set_formula("x^2 + y^2")
    bench.action("actionRun").trigger()
    bench.until(lambda: bench.position > 2)
    bench.formula.setFocus()
    bench.formula.setCursorPosition(len(bench.formula.text()))
    QTest.keyClicks(bench.formula, " +")
    position = bench.position
    bench.until(lambda: bench.position > position + 2)
    assert bench.player.playback.playing
    QTest.keyClicks(bench.formula, " 1")
    bench.settled()
    assert bench.position == 0


def test_undo_takes_back_what_is_typed_as_one_step(bench: Bench) -> None:
    first = bench.experiment
    _field_ready(bench)
    for key in "x^2+7y^2":
        QTest.keyClicks(bench.formula, key)
    bench.settled()
    QTest.keyClick(bench.formula, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    bench.settled()
    assert not bench.action("actionUndo").isEnabled()
    assert bench.experiment == first
    assert bench.formula.text() == PROBLEMS["rosenbrock"].text


def test_undo_takes_back_text_that_cannot_be_read_first(bench: Bench) -> None:
    _field_ready(bench)
    bench.replace_text(bench.formula, "x^2 + 7y^2")
    bench.settled()
    QTest.keyClicks(bench.formula, " +")
    _answered(bench)
    QTest.keyClick(bench.formula, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bench.formula.text() == bench.experiment.problem.text == "x^2 + 7y^2"
    assert not bench.window.panel.problem.error.isVisible()


def test_back_to_the_table_from_an_unreadable_formula(bench: Bench) -> None:
    _field_ready(bench)
    bench.replace_text(bench.formula, "5*(")
    _answered(bench)
    bench.click(bench.window.panel.problem.tabs.button("function"))
    bench.settled()
    assert bench.experiment.problem.key is not None
    assert not bench.window.panel.problem.error.isVisible()
    assert bench.formula.text() != "5*("


class Watch(QObject):
    """Notes what is painted with less room than it needs."""

    def __init__(self, panel: ParameterPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.squashed: list[str] = []
        contents = panel.widget()
        assert contents is not None
        for part in (contents, *panel.optimizers.cards, panel.start, panel.stopping):
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            for part in (*self._panel.optimizers.cards, self._panel.start, self._panel.stopping):
                follows = part.hasHeightForWidth()
                needed = part.heightForWidth(part.width()) if follows else part.minimumSizeHint().height()
                if part.height() < needed:
                    self.squashed.append(f"{type(part).__name__}: {part.height()} of {needed}")
        return super().eventFilter(watched, event)


def test_a_gradient_that_appears_pushes_the_cards_down_and_squashes_none(bench: Bench) -> None:
    bench.window.resize(1024, 700)
    bench.settled()
    panel = bench.window.panel
    watch = Watch(panel)
    _field_ready(bench)
    bench.formula.selectAll()
    for letter in "x^2 + 3*y^2 + sin(x)/(1 + y^2)":
        QTest.keyClicks(bench.formula, letter)
        bench.qtbot.wait(40)
    bench.until(panel.problem.equation.isVisible)
    bench.qtbot.wait(60)
    assert panel.verticalScrollBar().maximum() > 0
    assert watch.squashed == []
