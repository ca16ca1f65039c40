"""A run that the problem does not allow keeps no other from running: it is left out, and its card says why."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gdstudio.app import render_window
from gdstudio.controllers.picker_entries import OWN
from gdstudio.controllers.playback import PlayState
from gdstudio.engine.errors import StudioError
from gdstudio.experiment import editing
from gdstudio.experiment.document import Source
from gdstudio.experiment.editing_data import choose_data
from gdstudio.experiment.run import run_experiment
from gdstudio.views.equation_editor import EquationEditor
from gdstudio.views.picker import OptimizerPicker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Bench

Key = Qt.Key
_REASON = "Muon works on matrices only"
_OF_MATRICES = "theta = theta - learning_rate * newton_schulz(g,1,2,3,4)"


def _take_muon(bench: Bench, index: int) -> None:
    """Give a run over softmax regression the optimizer of matrices, by the picker."""
    bench.studio.apply(choose_data(bench.experiment, Source(key="iris")))
    bench.settled()
    bench.window.panel.optimizerChangeAsked.emit(index)
    picker = bench.find_dialog(OptimizerPicker)
    QTest.keyClicks(picker.search, "muon")
    bench.press(Key.Key_Return)
    bench.settled()
    assert bench.experiment.runs[index].optimizer == "muon"


def _choose(bench: Bench, name: str) -> None:
    bench.click(bench.window.panel.problem.tabs.button("function"))
    bench.choose(name)


@pytest.fixture(params=[0, 1])
def left_out(bench: Bench, request: pytest.FixtureRequest) -> int:
    """Return which run of the race on a bowl does not fit it."""
    index = int(request.param)
    _take_muon(bench, index)
    _choose(bench, "Tilted bowl")
    return index


def _others(bench: Bench, left_out: int) -> list[int]:
    return [index for index in range(len(bench.experiment.runs)) if index != left_out]


def test_the_others_run_and_card_and_status_bar_say_why_it_does_not(bench: Bench, left_out: int) -> None:
    for index in _others(bench, left_out):
        assert (bench.snapshot.runs[index].theta == run_experiment(bench.experiment, index).trajectory.theta).all()
        assert not bench.card(index).refusal.isVisible()
    assert not len(bench.snapshot.runs[left_out].trajectory)
    assert bench.status.startswith(_REASON)
    card = bench.card(left_out).refusal
    assert card.isVisible()
    assert _REASON in card.text()
    assert card.text().count(".") == 1
    assert "muon" not in bench.status + card.text()
    curves = bench.loss.drawing()
    assert curves is not None
    slots = {bench.experiment.runs[index].slot for index in _others(bench, left_out)}
    assert {one.slot for one in curves.drawn} == slots


def test_play_step_restart_and_the_end_go_on_without_it(bench: Bench, left_out: int) -> None:
    bench.limit(400)
    bench.settled()
    for expected in (1, 2, 3):
        bench.action("actionStep").trigger()
        assert bench.position == expected
    bench.action("actionRun").trigger()
    bench.until(lambda: bench.position > 5)
    assert bench.status == "Running"
    bench.action("actionPause").trigger()
    bench.stays_still()
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    bench.until(lambda: " · " in bench.status)
    assert bench.position == bench.player.available > 0
    assert _REASON not in bench.status
    assert not bench.card(left_out).verdict.text()
    assert all(bench.card(index).verdict.text() for index in _others(bench, left_out))
    bench.action("actionRestart").trigger()
    assert bench.position == 0
    assert bench.status.startswith(_REASON)


def test_its_numbers_and_its_eye_can_be_set_while_the_others_run(bench: Bench, left_out: int) -> None:
    if not bench.card(left_out).parameters.isVisible():
        bench.click(bench.card(left_out).header)
    bench.action("actionRun").trigger()
    bench.until(lambda: bench.position > 5)
    before = bench.position
    bench.enter(bench.row("momentum", left_out).field, "0.5")
    run = bench.experiment.runs[left_out]
    assert (run.hyperparameters["momentum"], run.changes) == (0.5, ())
    bench.until(lambda: bench.position > before)
    bench.click(bench.card(left_out).eye)
    assert not bench.experiment.runs[left_out].visible
    bench.settled()
    assert bench.card(left_out).refusal.isVisible()


def test_its_card_rests_while_the_problem_is_changed(bench: Bench, left_out: int) -> None:
    heights = set()
    for angle in range(20, 60, 4):
        bench.window.panel.problemParameterChanged.emit("angle", float(angle), False)
        heights.add(bench.card(left_out).sizeHint().height())
        assert bench.card(left_out).refusal.isVisible()
        bench.qtbot.wait(5)
    bench.settled()
    assert bench.card(left_out).refusal.isVisible()
    assert len(heights) == 1


def test_undo_has_all_of_them_run_again(bench: Bench, left_out: int) -> None:
    while bench.experiment.problem.key is not None:
        bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment.runs[left_out].optimizer == "muon"
    assert all(run.iterations > 0 for run in bench.snapshot.runs)
    assert not bench.card(left_out).refusal.isVisible()
    assert _REASON not in bench.status
    bench.action("actionRedo").trigger()
    bench.settled()
    assert bench.card(left_out).refusal.isVisible()


def test_its_trajectory_is_none_and_those_of_the_others_are_their_own(
    bench: Bench, left_out: int, tmp_path: Path
) -> None:
    other = _others(bench, left_out)[-1]
    place = tmp_path / "other.csv"
    bench.studio.exports.export_trajectory(place, other)
    bench.until(lambda: not bench.studio.exports.busy)
    rows = list(csv.DictReader(line for line in place.read_text().splitlines() if not line.startswith("#")))
    assert [float(row["x"]) for row in rows] == bench.snapshot.runs[other].theta[:, 0].tolist()
    missing = tmp_path / "missing.csv"
    bench.studio.exports.export_trajectory(missing, left_out)
    assert bench.status.startswith(_REASON)
    assert not missing.exists()


def test_a_picture_of_the_window_is_refused_as_a_run_by_the_command_line(
    bench: Bench, left_out: int, tmp_path: Path
) -> None:
    assert bench.snapshot.runs[left_out].refusal is not None
    with pytest.raises(StudioError, match="works on matrices only"):
        render_window(bench.experiment, tmp_path / "window.png", (1440, 900), "dark")
    assert not any(tmp_path.glob("*.png"))


def test_where_none_fits_the_reason_is_all_there_is(bench: Bench, left_out: int) -> None:
    for index in reversed(_others(bench, left_out)):
        bench.window.panel.runRemoved.emit(index)
    bench.settled()
    assert bench.status.startswith(_REASON)
    bench.action("actionRun").trigger()
    bench.rests(PlayState.FINISHED)
    assert bench.status.startswith(_REASON)
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.player.available > 0


def test_over_data_and_over_one_variable_it_is_left_out_of_every_view(bench: Bench) -> None:
    _take_muon(bench, 0)
    bench.studio.apply(choose_data(bench.experiment, Source(key="noisy_line")))
    bench.settled()
    assert _REASON.removeprefix("Muon ") in bench.status
    assert [len(run.trajectory) > 0 for run in bench.snapshot.runs] == [False, True, True, True]
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    _choose(bench, "Parabola")
    assert bench.status.startswith(_REASON)
    assert bench.curve.drawing() is not None
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)


def test_a_batch_larger_than_the_data_keeps_only_its_own_run_out(bench: Bench) -> None:
    bench.studio.apply(choose_data(bench.experiment, Source(key="noisy_line")))
    bench.settled()
    runs = list(bench.experiment.runs)
    runs[2] = replace(runs[2], batch=1_000_000)
    bench.studio.apply(replace(bench.experiment, runs=tuple(runs)))
    bench.settled()
    assert [len(run.trajectory) > 0 for run in bench.snapshot.runs] == [True, True, False, True]
    assert bench.card(2).refusal.isVisible()
    assert "1000000" in bench.card(2).refusal.text().replace(",", "")


def test_equations_of_matrices_are_refused_by_the_editor_where_there_is_none(bench: Bench) -> None:
    before = bench.experiment
    bench.click(bench.window.panel.optimizers.add)
    picker = bench.find_dialog(OptimizerPicker)
    QTest.keyClicks(bench.find(QLineEdit, "optimizerSearch"), "adam")
    picker.list.setCurrent("adam")
    bench.click(picker.copy_button)
    editor = bench.find_dialog(EquationEditor)
    editor.text.setFocus()
    QTest.keyClick(editor.text, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editor.text, "name: Mine")
    QTest.keyClick(editor.text, Key.Key_Return)
    QTest.keyClicks(editor.text, _OF_MATRICES)
    bench.until(lambda: not bench.busy)
    assert "Mine works on matrices only" in editor.error.text()
    assert editor.text.mark() == (2, _OF_MATRICES.index("newton_schulz"))
    assert not editor.take_button.isEnabled()
    bench.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.isVisible()
    assert bench.experiment is before


def test_equations_of_matrices_are_taken_where_there_is_one(bench: Bench) -> None:
    bench.studio.apply(choose_data(bench.experiment, Source(key="iris")))
    bench.settled()
    bench.studio.own_optimizers.open(_OF_MATRICES)
    editor = bench.find_dialog(EquationEditor)
    bench.until(lambda: editor.take_button.isEnabled())
    bench.click(editor.take_button)
    bench.settled()
    assert bench.snapshot.runs[-1].iterations > 0
    bench.studio.apply(editing.choose_problem(bench.experiment, "bowl"))
    bench.settled()
    assert bench.snapshot.runs[-1].refusal is not None
    assert all(run.iterations > 0 for run in bench.snapshot.runs[:-1])
    bench.window.panel.optimizerAddAsked.emit()
    picker = bench.find_dialog(OptimizerPicker)
    picker.list.setCurrent(f"{OWN}0")
    assert "works on matrices only" in picker.details.refusal.text()
    assert not picker.take_button.isEnabled()
