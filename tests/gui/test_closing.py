"""Closing the window, whatever is under way, ends the process with 0 and without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from gdstudio.controllers.files import session_file
from gdstudio.experiment.file import open_experiment
from tests.gui.processes import run_window

if TYPE_CHECKING:
    from pathlib import Path

FLAT_OUT = """
from dataclasses import replace
studio.apply(replace(studio.experiment, stopping=replace(studio.experiment.stopping, iterations=3_000_000)))
player.set_speed(math.inf)
surface = studio.screen.surface
when(lambda: player.snapshot is not None and studio.screen.complete, player.play)
when(lambda: player.playback.position > 1_000, window.close)
"""
SCRIPTS = {
    "by the quit action": "when(ready, window.actionQuit.trigger)",
    "at once": "QTimer.singleShot(0, window.close)",
    "while it plays": "when(ready, player.play)\nwhen(lambda: player.playback.position > 5, window.close)",
    "with a dialog open": "when(ready, studio.files.ask_save)\n"
                          "when(lambda: application.activeModalWidget() is not None, application.closeAllWindows)",
    "while a formula is read": "when(ready, lambda: (studio.edit_formula('+'.join(['sin(x*y)^3'] * 90)), "
                               "window.close()))",
    "in the middle of a drag": "when(ready, lambda: ([studio.move_start((0.01 * step, 1.0)) for step in range(50)], "
                               "window.close()))",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_closed(name: str, tmp_path: Path) -> None:
    ended = run_window(SCRIPTS[name], tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "")


def test_closed_flat_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = run_window(FLAT_OUT, tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert open_experiment(session_file()).stopping.iterations == 3_000_000


@pytest.mark.opengl
def test_closed_flat_out_with_opengl(tmp_path: Path) -> None:
    ended = run_window(FLAT_OUT + "application.aboutToQuit.connect(lambda: print(surface.opengl))", tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "True\n")


def test_closed_while_something_is_computed_that_has_no_end(tmp_path: Path) -> None:
    script = """
    begun = []

    def endless():
        begun.append(True)
        while True:
            pass

    when(ready, lambda: player.submit("file preview", None, endless))
    when(lambda: begun, window.close)
    """
    ended = run_window(script, tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "")


def test_closed_during_an_export(tmp_path: Path) -> None:
    script = """
    def export():
        for number in range(3):
            studio.exports.export_picture(Path(f"{number}.png"), "surface", 4)
        studio.exports.export_picture(Path("window.png"), "window", 4)
        studio.exports.export_trajectory(Path("run.csv"))
        assert studio.exports.busy
        window.close()
    when(ready, export)
    """
    ended = run_window(script, tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "")
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert names == {"0.png", "1.png", "2.png", "window.png", "run.csv"}
    assert all(not QImage(str(tmp_path / name)).isNull() for name in names if name.endswith("png"))
    assert len((tmp_path / "run.csv").read_text().splitlines()) == 802


def test_a_disk_that_takes_nothing_does_not_keep_it_open(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    script = """
    def leave():
        studio.set_start_value(0, 0.5)
        window.close()
    when(ready, leave)
    """
    ended = run_window(script, tmp_path)
    assert ended.returncode == 0
    assert '"format"' in ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_cannot_be_saved_does_not_keep_it_open(tmp_path: Path) -> None:
    script = """
    from gdstudio.experiment import file
    def leave():
        studio.set_start_value(0, 0.5)
        file.MAXIMUM_BYTES = 100
        application.aboutToQuit.connect(lambda: print(*[thread.isRunning() for thread in studio.runner._threads]))
        window.close()
    when(ready, leave)
    """
    ended = run_window(script, tmp_path)
    assert (ended.returncode, {*ended.stdout.split()}) == (0, {"False"})
    assert "The experiment cannot be saved" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_terminal_nothing_is_said_there(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    script = """
    def leave():
        studio.set_start_value(0, 0.5)
        sys.stderr = None
        window.close()
    when(ready, leave)
    """
    ended = run_window(script, tmp_path)
    assert (ended.returncode, ended.stderr, ended.stdout) == (0, "", "")
