"""What the window says of its own accord, where a person would otherwise wonder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit

from gdstudio.controllers.playback import PlayState
from gdstudio.experiment.build import recipe_of
from gdstudio.views.export_dialog import ExportDialog
from gdstudio.views.panes import FloatingButton

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Bench

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.mark.parametrize(("formula", "word"), [("1/(x - x)^2", "infinite"), ("log(x - 9)", "undefined"),
                                               ("sqrt(x - 9) + y^2", "undefined")])
def test_a_start_where_the_loss_is_no_number_is_said_at_once(bench: Bench, formula: str, word: str) -> None:
    bench.set_formula(formula)
    assert bench.player.playback.state is PlayState.READY
    assert word in bench.status
    assert "move the start" in bench.status
    bench.set_formula("x^2 + y^2")
    assert bench.status.startswith("Ready")


def test_another_batch_while_it_plays_says_that_it_begins_anew(bench: Bench) -> None:
    bench.window.panel.problemKindChosen.emit("data")
    bench.settled()
    kinds = bench.card().batch.kinds
    assert "start" in kinds.button("full").toolTip()
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 3)
    bench.click(kinds.button("mini" if kinds.current() == "full" else "full"))
    assert bench.position == 0
    assert "start" in bench.status
    assert bench.status != "Running"


def test_what_cannot_be_on_a_curve_is_drawn_as_off(bench: Bench) -> None:
    buttons = bench.window.findChildren(FloatingButton)
    (log,) = [button for button in buttons if button.isCheckable()]
    assert log.isChecked()
    bench.choose("parabola")
    assert not log.isEnabled()
    assert not log.isChecked()
    bench.action("actionUndo").trigger()
    bench.settled()
    assert log.isChecked()


def test_at_the_end_of_several_runs_one_is_named(bench: Bench) -> None:
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    assert bench.status.startswith("Adam: ")
    assert "Reached the limit of 800 iterations" in bench.status
    bench.until(lambda: "·" in bench.status)
    assert bench.status.startswith("Adam: ")
    assert " · Reached the limit of 800 iterations" in bench.status


def test_a_click_on_formula_lets_a_person_type_at_once(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("formula"))
    focus = QApplication.focusWidget()
    assert focus is bench.formula
    QTest.keyClicks(focus, " + .5")
    bench.settled()
    assert bench.position == 0
    assert bench.player.playback.state is PlayState.READY
    assert str(bench.experiment.problem.text).endswith(" + .5")


def test_arrow_keys_along_the_schedules_are_one_step_of_undo(bench: Bench) -> None:
    section = bench.window.panel.additions
    chevron = section.chevron()
    assert chevron is not None
    bench.click(chevron)
    combo = section.schedule.combo
    combo.setFocus()
    for _ in range(3):
        bench.press(Key.Key_Down)
    bench.settled()
    third = combo.currentData()
    assert [each.key for each in recipe_of(bench.experiment.runs[0]).additions] == [third]
    bench.formula.setFocus()
    combo.setFocus()
    bench.press(Key.Key_Down)
    bench.settled()
    bench.action("actionUndo").trigger()
    assert [each.key for each in recipe_of(bench.experiment.runs[0]).additions] == [third]
    bench.action("actionUndo").trigger()
    assert not recipe_of(bench.experiment.runs[0]).additions
    assert not bench.action("actionUndo").isEnabled()


def test_the_whole_window_is_exported_as_png_alone(bench: Bench, tmp_path: Path) -> None:
    QTest.keyClick(bench.window, Key.Key_E, Modifier.ControlModifier)
    bench.until(lambda: bench.window.findChild(ExportDialog) is not None)
    dialog = bench.find_dialog(ExportDialog)
    bench.until(dialog.isVisible)
    views, scales = (dialog.findChild(QComboBox, f"choice_{name}") for name in ("view", "scale"))
    assert views is not None
    assert scales is not None
    assert len(dialog.nameFilters()) == 3
    scales.setCurrentIndex(2)
    views.setCurrentIndex(views.findData("window"))
    assert len(dialog.nameFilters()) == 1
    dialog.setDirectory(str(tmp_path))
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText("picture.svg")
    dialog.accept()
    assert dialog.isVisible()
    said = [label.text() for label in dialog.findChildren(QLabel) if label.property("role") == "error"]
    assert any(".png" in text and "picture.svg" in text for text in said)
    assert (views.currentData(), scales.currentData()) == ("window", 3)
    views.setCurrentIndex(0)
    assert len(dialog.nameFilters()) == 3
    views.setCurrentIndex(views.findData("window"))
    bench.answer(dialog, tmp_path / "picture")
    bench.until(lambda: not bench.studio.exports.busy)
    assert QImage(str(tmp_path / "picture.png")).size() == bench.window.size() * 3
