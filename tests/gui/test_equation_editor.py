"""A person's own optimizer: typed, read at every key, raced, saved, opened again, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QScrollArea

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.errors import FormulaError
from gdstudio.engine.optimizers import EQUATIONS, OPTIMIZERS
from gdstudio.engine.own_optimizer import own_optimizer, text_of
from gdstudio.experiment.file import open_experiment
from gdstudio.experiment.run import run, run_experiment
from gdstudio.views.equation import EquationView
from gdstudio.views.equation_editor import EquationEditor, renamed
from gdstudio.views.picker import OptimizerPicker
from tests.gui.conftest import assert_apart

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Bench

Key = Qt.Key
Control = Qt.KeyboardModifier.ControlModifier

HEAVY_BALL = """\
name: Heavy ball
learning_rate: 0.0005
beta: 0.8 in 0..1

v = beta * v - learning_rate * g
theta = theta + v
"""


def _open_new(bench: Bench) -> EquationEditor:
    """Open an empty page from the picker, without a mouse."""
    bench.window.panel.optimizers.add.setFocus()
    bench.press(Key.Key_Space)
    QTest.keyClicks(bench.find(QLineEdit, "optimizerSearch"), "new optimizer")
    bench.press(Key.Key_Return)
    editor = bench.find_dialog(EquationEditor)
    bench.until(lambda: editor.take_button.isEnabled())
    return editor


def _copy(bench: Bench, key: str) -> EquationEditor:
    bench.click(bench.window.panel.optimizers.add)
    picker = bench.find_dialog(OptimizerPicker)
    picker.list.setCurrent(key)
    bench.click(picker.copy_button)
    return bench.find_dialog(EquationEditor)


def _type(bench: Bench, editor: EquationEditor, text: str) -> None:
    """Type a text over what stands there, and wait for its reading."""
    editor.text.setFocus()
    QTest.keyClick(editor.text, Key.Key_A, Control)
    for number, line in enumerate(text.split("\n")):
        if number:
            QTest.keyClick(editor.text, Key.Key_Return)
        QTest.keyClicks(editor.text, line)
    bench.until(lambda: not bench.busy)


def _gone(bench: Bench) -> None:
    bench.until(lambda: not bench.window.findChildren(EquationEditor))


def test_an_optimizer_is_typed_named_and_raced(bench: Bench) -> None:
    editor = _open_new(bench)
    _type(bench, editor, HEAVY_BALL)
    assert editor.name.text() == "Heavy ball"
    assert "β 0.8" in editor.found["numbers"].text()
    assert editor.found["state"].text() == "v"
    bench.until(lambda: len(editor.box.lines()) == 2)
    assert editor.box.lines()[0].text == r"v \leftarrow \beta v - \eta g"
    before = bench.experiment
    bench.press(Key.Key_Return, Control)
    _gone(bench)
    bench.settled()
    own = bench.experiment.runs[-1]
    assert (own.optimizer, own.equations) == ("Heavy ball", HEAVY_BALL)
    card = bench.card(len(before.runs))
    assert card.header.text() == "Heavy ball"
    assert card.parameters.row("beta").field.value() == 0.8
    result = run_experiment(bench.experiment, len(before.runs))
    np.testing.assert_array_equal(bench.snapshot.runs[-1].theta, result.trajectory.theta)
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    bench.action("actionUndo").trigger()
    assert bench.experiment == before


def test_its_numbers_are_live_like_any_others(bench: Bench) -> None:
    editor = _open_new(bench)
    _type(bench, editor, HEAVY_BALL)
    bench.click(editor.take_button)
    bench.settled()
    index = len(bench.experiment.runs) - 1
    bench.action("actionRun").trigger()
    bench.until(lambda: bench.position > 5)
    bench.enter(bench.row("beta", index).field, "0.5")
    assert [(change.name, change.value) for change in bench.experiment.runs[index].changes] == [("beta", 0.5)]


@pytest.mark.parametrize(
    "text",
    [
        "theta = theta - learning_rate * g\nv = 0.9*w",
        "v = 0.9*v + + * g\ntheta = theta - learning_rate * v",
        "learning_rate: 1\ntheta = theta - learn_rate * g",
        "v = gradient(1)\ntheta = theta - learning_rate * v",
        "beta: much\ntheta = theta - learning_rate * g",
    ],
)
def test_a_mistake_is_shown_at_its_line_and_column(bench: Bench, text: str) -> None:
    editor = _open_new(bench)
    _type(bench, editor, text)
    with pytest.raises(FormulaError) as caught:
        own_optimizer(text)
    place = (caught.value.details["line"], caught.value.column)
    assert editor.text.mark() == place
    assert f"{place[0]}" in editor.error.text()
    assert f"{place[1] + 1}" in editor.error.text()
    assert not editor.take_button.isEnabled()
    assert not editor.save_button.isEnabled()
    before = bench.experiment
    bench.press(Key.Key_Return, Control)
    assert editor.isVisible()
    assert bench.experiment is before


def test_a_mistake_goes_away_when_it_is_mended(bench: Bench) -> None:
    editor = _open_new(bench)
    _type(bench, editor, "theta = theta - learning_rate * gg * (")
    assert editor.text.mark() is not None
    for _ in range(5):
        QTest.keyClick(editor.text, Key.Key_Backspace)
    bench.until(lambda: not bench.busy)
    assert editor.text.mark() is None
    assert not editor.error.isVisible()
    assert editor.take_button.isEnabled()


def test_the_name_is_a_line_of_the_text(bench: Bench) -> None:
    editor = _open_new(bench)
    _type(bench, editor, "theta = theta - learning_rate * g")
    editor.name.setFocus()
    editor.name.selectAll()
    QTest.keyClicks(editor.name, "Plain: down")
    bench.until(lambda: not bench.busy)
    assert editor.text.toPlainText() == "name: Plain: down\ntheta = theta - learning_rate * g"
    bench.click(editor.take_button)
    assert bench.experiment.runs[-1].optimizer == "Plain: down"
    assert renamed("name : a\nb", r"\1") == "name: \\1\nb"


@pytest.mark.parametrize("key", ["adam", "nesterov_lookahead", "adagrad", "schedule_free_adamw"])
def test_a_built_in_is_copied_and_gives_the_same_run(bench: Bench, key: str) -> None:
    row = OPTIMIZERS[key]
    editor = _copy(bench, key)
    bench.until(lambda: editor.take_button.isEnabled())
    bench.click(editor.take_button)
    bench.settled()
    copied = bench.experiment.runs[-1]
    assert copied.optimizer == f"My {row.name}"
    index = len(bench.experiment.runs) - 1
    bench.enter(bench.row(index=index).field, "0.001")
    bench.settled()
    wanted = run(bench.experiment.problem.key, optimizer=key, start=bench.experiment.start, iterations=200,
                 learning_rate=0.001, tolerance=0)
    rows = min(201, len(bench.snapshot.runs[index].theta))
    np.testing.assert_array_equal(bench.snapshot.runs[index].theta[:rows], wanted.trajectory.theta[:rows])


def test_every_built_in_can_be_opened_and_read() -> None:
    for row in EQUATIONS.values():
        for variant in row.variants:
            text = text_of(row.name, variant.equations, variant.hyperparameters, variant.initial)
            assert own_optimizer(text).name == row.name


def test_the_equations_of_a_card_are_changed_in_its_place(bench: Bench) -> None:
    before = bench.experiment
    card = bench.card(1)
    bench.click(card.more)
    bench.until(card.menu.isVisible)
    card.menu.setActiveAction(card.menu.actions()[1])
    bench.press(Key.Key_Return)
    editor = bench.find_dialog(EquationEditor)
    bench.until(lambda: editor.take_button.isEnabled())
    QTest.keyClick(editor.text, Key.Key_End, Control)
    bench.click(editor.take_button)
    assert len(bench.experiment.runs) == len(before.runs)
    assert bench.experiment.runs[1].equations is not None
    assert bench.experiment.runs[1].slot == before.runs[1].slot
    bench.settled()
    bench.enter(bench.row("momentum", 1).field if bench.card(1).parameters.isVisible() else _unfold(bench), "0.7")
    bench.settled()
    bench.studio.own_optimizers.open_run(1)
    editor = bench.find_dialog(EquationEditor)
    assert editor.text.toPlainText() == bench.experiment.runs[1].equations
    bench.until(lambda: editor.take_button.isEnabled())
    editor.name.setFocus()
    editor.name.selectAll()
    QTest.keyClicks(editor.name, "Other")
    bench.until(lambda: not bench.busy)
    bench.click(editor.take_button)
    assert bench.experiment.runs[1].optimizer == "Other"
    assert bench.experiment.runs[1].hyperparameters["momentum"] == 0.7


def _unfold(bench: Bench) -> QLineEdit:
    bench.click(bench.card(1).header)
    return bench.row("momentum", 1).field


def test_saved_as_text_opened_again_and_run_from_the_command_line(bench: Bench, tmp_path: Path) -> None:
    place = tmp_path / "heavy.txt"
    editor = _open_new(bench)
    _type(bench, editor, HEAVY_BALL)
    bench.click(bench.find(QPushButton, "saveOptimizer"))
    bench.answer(bench.find_dialog(QFileDialog), place)
    assert place.read_text(encoding="utf-8") == HEAVY_BALL
    _type(bench, editor, "theta = 1")
    bench.click(bench.find(QPushButton, "openOptimizer"))
    bench.answer(bench.find_dialog(QFileDialog), place)
    bench.until(lambda: editor.text.toPlainText() == HEAVY_BALL)
    bench.until(lambda: editor.take_button.isEnabled())
    bench.click(editor.take_button)
    bench.settled()
    wanted = run("rosenbrock", optimizer=f"file:{place}", iterations=50, tolerance=0)
    np.testing.assert_array_equal(bench.snapshot.runs[-1].theta[:51], wanted.trajectory.theta)


def test_a_file_that_is_no_optimizer_is_shown_with_its_mistake(bench: Bench, tmp_path: Path) -> None:
    editor = _open_new(bench)
    place = tmp_path / "wrong.txt"
    place.write_text("theta = theta -", encoding="utf-8")
    bench.studio.own_optimizers.open_path(place)
    bench.until(lambda: editor.text.mark() is not None)
    assert editor.text.toPlainText() == "theta = theta -"
    bench.studio.own_optimizers.open_path(tmp_path / "missing.txt")
    bench.until(lambda: "missing.txt" in editor.error.text())
    assert editor.error.isVisible()
    assert editor.text.toPlainText() == "theta = theta -"
    bench.studio.own_optimizers.save_path("theta = theta", tmp_path / "none" / "own.txt")
    assert "own.txt cannot be written" in editor.error.text()
    _type(bench, editor, HEAVY_BALL)
    assert not editor.error.isVisible()


def test_it_is_saved_inside_the_experiment_and_reopened(bench: Bench, tmp_path: Path) -> None:
    editor = _open_new(bench)
    _type(bench, editor, HEAVY_BALL)
    bench.click(editor.take_button)
    bench.settled()
    place = tmp_path / "race.json"
    bench.studio.files.save_path(place)
    assert open_experiment(place) == bench.experiment
    kept = bench.experiment
    bench.window.panel.runRemoved.emit(len(kept.runs) - 1)
    bench.studio.files.open_path(place)
    bench.until(lambda: bench.experiment == kept)
    bench.settled()
    assert bench.card(len(kept.runs) - 1).header.text() == "Heavy ball"
    bench.click(bench.window.panel.optimizers.add)
    picker = bench.find_dialog(OptimizerPicker)
    QTest.keyClicks(picker.search, "heavy")
    assert picker.details.name.text() == "Heavy ball"
    bench.until(lambda: len(picker.details.box.lines()) == 2)
    bench.press(Key.Key_Return)
    assert [each.optimizer for each in bench.experiment.runs].count("Heavy ball") == 2


def test_a_text_that_was_left_is_there_again(bench: Bench) -> None:
    editor = _open_new(bench)
    _type(bench, editor, "theta = theta - 2 * learning_rate * g")
    bench.press(Key.Key_Escape)
    _gone(bench)
    assert _open_new(bench).text.toPlainText() == "theta = theta - 2 * learning_rate * g"


def test_too_long_a_text_is_refused_in_a_sentence(bench: Bench) -> None:
    editor = _open_new(bench)
    editor.set_text("theta = theta - learning_rate * g" + " + 0*g" * 1_000)
    bench.until(lambda: editor.text.mark() is not None)
    assert "4,000" in editor.error.text() or "4000" in editor.error.text()


def test_everything_in_it_has_a_name_and_a_tooltip(bench: Bench) -> None:
    editor = _open_new(bench)
    for control in editor.controls():
        assert control.accessibleName(), control
        assert control.toolTip(), control.accessibleName()
    chain = [editor.name, editor.text, editor.open_button, editor.save_button, editor.cancel_button, editor.take_button]
    editor.name.setFocus()
    for following in (*chain[1:], chain[0]):
        bench.press(Key.Key_Tab)
        assert following.hasFocus()


def test_many_tall_lines_scroll_and_stay_apart(bench: Bench) -> None:
    editor = _open_new(bench)
    tall = "\n".join(f"a{line} = sqrt((g + {line})^2 / (theta / (1 + g^2) + {line}))" for line in range(1, 15))
    long = " + ".join(f"a{line}*g" for line in range(1, 15))
    editor.set_text(f"{tall}\ntheta = theta - learning_rate * ({long})")
    bench.until(lambda: len(editor.box.lines()) == 15)
    bench.until(lambda: not bench.busy)
    area = bench.find(QScrollArea, "optimizerFound")
    bench.until(lambda: area.verticalScrollBar().maximum() > 0)
    assert_apart(bench, editor.box)
    bench.until(lambda: area.horizontalScrollBar().maximum() > 0)
    assert editor.box.findChildren(EquationView)[-1].width() > area.viewport().width()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    state = editor.found["state"]
    assert area.viewport().rect().contains(state.mapTo(area.viewport(), state.rect().center()))


def test_an_optimizer_without_a_learning_rate_is_raced_and_takes_no_schedule(bench: Bench) -> None:
    editor = _open_new(bench)
    _type(bench, editor, "a: 0.01\ntheta = theta - a * sign(g)")
    bench.click(editor.take_button)
    bench.settled()
    index = len(bench.experiment.runs) - 1
    assert bench.snapshot.runs[index].iterations > 0
    assert not bench.snapshot.runs[index].trajectory.has_rates
    before = bench.experiment
    surroundings = bench.studio.surroundings
    surroundings.select(before.runs[index].slot)
    bench.window.panel.additions.scheduleChosen.emit("cosine")
    assert bench.experiment == before
    assert "has none: let its step be learning_rate times something" in bench.status
