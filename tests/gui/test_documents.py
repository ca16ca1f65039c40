"""Saving and opening, by call and by keys; unsaved work that is back at the next start."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gdstudio.controllers.files import session_file
from gdstudio.experiment.file import open_experiment, save_experiment
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.conftest import Bench

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def _changed(bench: Bench) -> Bench:
    bench.choose("Himmelblau")
    bench.enter(bench.row().field, "0.125")
    bench.settled()
    return bench


def _answer(bench: Bench, path: Path) -> None:
    """Type a path into the open file dialog and confirm."""
    bench.until(lambda: bench.window.findChild(QFileDialog) is not None)
    dialog = bench.find_dialog(QFileDialog)
    bench.until(dialog.isVisible)
    bench.answer(dialog, path)


def test_saved_and_opened_by_call(bench: Bench, open_window: Callable[..., Bench], tmp_path: Path) -> None:
    place = tmp_path / "valley.json"
    _changed(bench).studio.files.save_path(place)
    assert "valley" in bench.window.windowTitle()
    assert not bench.window.isWindowModified()
    assert "Saved valley.json" in bench.status
    content = json.loads(place.read_text())
    assert content["version"] == 1
    assert len(place.read_bytes()) < 10_000
    other = open_window()
    other.studio.files.open_path(place)
    other.until(lambda: other.experiment == bench.experiment)
    other.settled()
    assert "valley" in other.window.windowTitle()
    assert not other.window.isWindowModified()
    assert not other.action("actionUndo").isEnabled()
    assert other.row().field.value() == 0.125


def test_saved_by_keys(bench: Bench, tmp_path: Path) -> None:
    place = tmp_path / "by keys"
    _changed(bench)
    assert bench.window.isWindowModified()
    QTest.keyClick(bench.window, Key.Key_S, Modifier.ControlModifier)
    _answer(bench, place)
    written = place.with_name("by keys.json")
    assert open_experiment(written) == bench.experiment
    bench.limit(321)
    assert bench.window.isWindowModified()
    QTest.keyClick(bench.window, Key.Key_S, Modifier.ControlModifier)
    assert open_experiment(written).stopping.iterations == 321
    assert not bench.window.isWindowModified()
    QTest.keyClick(bench.window, Key.Key_S, Modifier.ControlModifier | Modifier.ShiftModifier)
    _answer(bench, tmp_path / "other.json")
    assert open_experiment(tmp_path / "other.json") == bench.experiment
    assert "other" in bench.window.windowTitle()


def test_opened_by_keys(bench: Bench, tmp_path: Path) -> None:
    place = tmp_path / "opened.json"
    _changed(bench)
    save_experiment(bench.experiment, place)
    wanted = bench.experiment
    bench.action("actionUndo").trigger()
    bench.action("actionUndo").trigger()
    QTest.keyClick(bench.window, Key.Key_O, Modifier.ControlModifier)
    _answer(bench, place)
    bench.until(lambda: bench.experiment == wanted)


def test_a_dialog_that_is_left_changes_nothing(bench: Bench) -> None:
    before = bench.experiment
    for key, modifiers in (
        (Key.Key_O, Modifier.ControlModifier), (Key.Key_S, Modifier.ControlModifier),
        (Key.Key_E, Modifier.ControlModifier), (Key.Key_E, Modifier.ControlModifier | Modifier.ShiftModifier),
    ):
        QTest.keyClick(bench.window, key, modifiers)
        bench.until(lambda: bench.window.findChild(QFileDialog) is not None)
        dialog = bench.find_dialog(QFileDialog)
        bench.until(dialog.isVisible)
        QTest.keyClick(dialog, Key.Key_Escape)
        bench.until(lambda: bench.window.findChild(QFileDialog) is None)
        bench.activate()
    assert bench.experiment is before


BROKEN = {
    "not there": None,
    "empty": b"",
    "no JSON": b"{{{",
    "binary": bytes(range(256)) * 10,
    "another's": b'{"format": "something else"}',
    "newer": b'{"format": "gdstudio-experiment", "version": 99}',
    "half": b'{"format": "gdstudio-experiment", "version": 1, "problem": {"key": "rosenb',
    "unknown problem": b'{"format": "gdstudio-experiment", "version": 1, '
                       b'"problem": {"key": "rosenbrok"}, "start": [1, 1],'
                       b' "runs": []}',
    "wrong start": b'{"format": "gdstudio-experiment", "version": 1, "problem": {"key": "rosenbrock"}, "start": [1],'
                   b' "runs": []}',
    "a list": b"[1, 2, 3]",
    "deep": b"[" * 100_000,
}


def test_broken_files_say_what_is_wrong_and_lose_nothing(bench: Bench, tmp_path: Path) -> None:
    _changed(bench)
    before, title = bench.experiment, bench.window.windowTitle()
    said = set()
    for name, content in BROKEN.items():
        place = tmp_path / f"{name}.json"
        if content is not None:
            place.write_bytes(content)
        bench.window.status.showMessage("-")
        bench.studio.files.open_path(place)
        bench.until(lambda: bench.status != "-")
        assert 20 < len(bench.status) < 400, name
        assert bench.status.rstrip().endswith("."), bench.status
        assert "Traceback" not in bench.status
        said.add(bench.status)
        assert bench.experiment is before
        assert bench.window.windowTitle() == title
        if content is not None:
            assert place.read_bytes() == content
    assert len(said) > 6
    bench.action("actionUndo").trigger()
    assert bench.experiment != before


def test_what_cannot_be_written_is_said_and_stays_unsaved(bench: Bench, tmp_path: Path) -> None:
    _changed(bench)
    bench.studio.files.save_path(tmp_path / "no such folder" / "experiment.json")
    assert "no such folder" in bench.status
    assert bench.window.isWindowModified()
    assert bench.studio.files.path is None


def _closed(bench: Bench) -> None:
    bench.window.close()


def test_unsaved_work_is_back_at_the_next_start(bench: Bench, open_window: Callable[..., Bench]) -> None:
    left = _changed(bench).experiment
    _closed(bench)
    again = open_window(resumed=True)
    assert again.experiment == left
    assert again.window.isWindowModified()
    assert "back" in again.status
    _closed(again)
    assert open_window(resumed=True).experiment == left


def test_work_on_a_file_is_back_with_its_file(bench: Bench, open_window: Callable[..., Bench], tmp_path: Path) -> None:
    place = tmp_path / "mine.json"
    _changed(bench).studio.files.save_path(place)
    bench.limit(77)
    _closed(bench)
    again = open_window(resumed=True)
    assert again.experiment.stopping.iterations == 77
    assert "mine" in again.window.windowTitle()
    QTest.keyClick(again.window, Key.Key_S, Modifier.ControlModifier)
    assert open_experiment(place).stopping.iterations == 77
    _closed(again)
    assert open_window(resumed=True).experiment == greeting()


def test_saved_work_is_not_kept(bench: Bench, open_window: Callable[..., Bench], tmp_path: Path) -> None:
    _changed(bench).studio.files.save_path(tmp_path / "saved.json")
    _closed(bench)
    assert not session_file().exists()
    assert open_window(resumed=True).experiment == greeting()


def test_untouched_work_is_not_kept(bench: Bench) -> None:
    _closed(bench)
    assert not session_file().exists()


def test_a_window_on_a_file_does_not_throw_away_what_another_left(
    bench: Bench, open_window: Callable[..., Bench]
) -> None:
    left = _changed(bench).experiment
    _closed(bench)
    other = open_window(greeting())
    other.limit(5)
    _closed(other)
    kept = {open_experiment(path).stopping.iterations for path in session_file().parent.glob("session*.json")}
    assert kept == {5, left.stopping.iterations}


@pytest.mark.parametrize("content", [b"", b"nonsense", b'{"format": "gdstudio-experiment", "version": 99}'])
def test_a_session_that_cannot_be_read_greets_and_is_kept_aside(
    open_window: Callable[..., Bench], content: bytes
) -> None:
    place = session_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    bench = open_window(resumed=True)
    assert bench.experiment == greeting()
    assert [path.read_bytes() for path in place.parent.iterdir()] == [content]


def test_changed_marks_the_title_until_undone(bench: Bench) -> None:
    assert not bench.window.isWindowModified()
    bench.limit(5)
    assert bench.window.isWindowModified()
    bench.action("actionUndo").trigger()
    assert not bench.window.isWindowModified()
