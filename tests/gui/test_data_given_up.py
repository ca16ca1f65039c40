"""Changes of data that take long: how far they are is seen, they are given up by key or button, and nothing is lost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.controllers import data_changes, work_shown
from gdstudio.data.progress import go_on
from gdstudio.experiment.sampled import sampled
from gdstudio.experiment.suited import make_ready
from tests.gui.data_hands import data_of, open_data, section_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gdstudio.experiment.document import Problem
    from gdstudio.views.import_sheet import ImportSheet
    from tests.gui.conftest import Bench

Key = Qt.Key


class Gate:
    """Keeps changes of data from being made until it is opened, unless they are given up."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        self.given_up = threading.Event()

    def __call__(self, problem: Problem) -> Problem:
        self.reached.set()
        try:
            while not self.open.wait(0.002):
                go_on()
        except BaseException:
            self.given_up.set()
            raise
        return make_ready(problem)


@pytest.fixture
def gate(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    open_data(bench)
    gate = Gate()
    monkeypatch.setattr(work_shown, "_UNNOTICED", 0.0)
    monkeypatch.setattr(data_changes, "make_ready", gate)
    yield gate
    gate.open.set()
    bench.until(lambda: not bench.busy)


def _under_way(bench: Bench, gate: Gate) -> None:
    bench.until(gate.reached.is_set)
    bench.until(bench.window.status.work.isVisible)


def _given_up(bench: Bench, gate: Gate) -> None:
    bench.until(gate.given_up.is_set)
    bench.until(lambda: not bench.busy)
    assert not bench.window.status.work.isVisible()


@pytest.mark.parametrize("by", ["key", "button"])
def test_a_change_is_given_up(bench: Bench, gate: Gate, by: str) -> None:
    before = bench.experiment
    section = section_of(bench)
    bench.click(section.standardize)
    _under_way(bench, gate)
    assert section.standardize.isChecked()
    assert bench.window.status.work.text.text() == "Preparing the data"
    if by == "key":
        bench.press(Key.Key_Escape)
    else:
        bench.click(bench.window.status.work.cancel_button)
    _given_up(bench, gate)
    assert bench.experiment == before
    assert not section.standardize.isChecked()
    assert bench.player.experiment == before


def test_what_waits_is_given_up_with_what_is_under_way(bench: Bench, gate: Gate) -> None:
    before = bench.experiment
    section = section_of(bench)
    bench.click(section.standardize)
    section.heldOutChanged.emit(0.25)
    section.sourceChosen.emit("iris")
    _under_way(bench, gate)
    bench.press(Key.Key_Escape)
    _given_up(bench, gate)
    assert bench.experiment == before
    assert section.source.current() == "noisy_line"
    gate.open.set()
    section.sourceChosen.emit("iris")
    bench.settled()
    assert data_of(bench).source.key == "iris"
    assert not data_of(bench).standardize


def test_a_change_after_one_that_was_given_up_is_made(bench: Bench, gate: Gate) -> None:
    section = section_of(bench)
    section.sourceChosen.emit("diabetes")
    _under_way(bench, gate)
    bench.press(Key.Key_Escape)
    section.sourceChosen.emit("diabetes")
    gate.open.set()
    bench.settled()
    assert data_of(bench).source.key == "diabetes"


def test_what_is_typed_is_given_up_too(bench: Bench, gate: Gate) -> None:
    before = bench.experiment
    section = section_of(bench)
    section.formulaEdited.emit("(u*x + v - y)^2")
    _under_way(bench, gate)
    bench.press(Key.Key_Escape)
    _given_up(bench, gate)
    assert bench.experiment == before
    assert bench.studio.typing is None


def test_the_window_goes_on_while_data_are_changed(bench: Bench, gate: Gate) -> None:
    section_of(bench).heldOutChanged.emit(0.25)
    _under_way(bench, gate)
    position = bench.position
    bench.action("actionStep").trigger()
    bench.until(lambda: bench.position == position + 1)
    gate.open.set()
    bench.settled()
    assert data_of(bench).held_out == 0.25
    assert not bench.window.status.work.isVisible()


def test_going_back_to_data_that_are_gone_from_memory_is_given_up(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.open.set()
    section_of(bench).sourceChosen.emit("diabetes")
    bench.settled()
    shown = bench.experiment
    gate.open.clear()
    gate.reached.clear()
    monkeypatch.setattr(data_changes, "is_ready", lambda problem: problem == shown.problem)
    bench.studio.undo()
    _under_way(bench, gate)
    bench.press(Key.Key_Escape)
    _given_up(bench, gate)
    assert bench.experiment == shown
    assert section_of(bench).source.current() == "diabetes"
    bench.settled()


def _taken(bench: Bench, gate: Gate, path: Path) -> ImportSheet:
    """Open the dialog on a file and take it; return the dialog while the file is being made ready."""
    bench.studio.importing.open_path(path)
    bench.until(lambda: not bench.busy)
    sheet = bench.studio.importing.sheet
    assert sheet is not None
    bench.click(sheet.take_button)
    bench.until(gate.reached.is_set)
    assert not sheet.take_button.isEnabled()
    return sheet


@pytest.mark.parametrize("by", ["key", "button"])
def test_a_dialog_that_is_closed_withdraws_the_file_that_was_taken(
    bench: Bench, gate: Gate, tmp_path: Path, by: str
) -> None:
    path = tmp_path / "small.csv"
    path.write_text("x,y\n1,2\n2,3\n4,4\n", encoding="utf-8")
    before = bench.experiment
    sheet = _taken(bench, gate, path)
    if by == "key":
        QTest.keyClick(sheet, Key.Key_Escape)
    else:
        bench.click(sheet.cancel_button)
    assert bench.studio.importing.sheet is None
    _given_up(bench, gate)
    assert bench.experiment == before
    gate.reached.clear()
    gate.open.set()
    _taken(bench, gate, path)
    bench.settled()
    assert data_of(bench).source.file == str(path)
    assert bench.studio.importing.sheet is None
    assert len(sampled(bench.experiment.problem).samples.train) == 3
