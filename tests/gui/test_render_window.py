"""A picture of the whole window from the command line: whole, or refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from gdstudio.app import create_window, studio_of
from gdstudio.cli import main
from gdstudio.command.rendering import SMALLEST_WINDOW
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture
def smallest(qapp: QApplication) -> tuple[int, int]:
    """Return the least width and height of the window."""
    window = create_window(greeting(), opengl=False)
    studio_of(window).discard()
    size = window.minimumSize().expandedTo(window.minimumSizeHint())
    window.close()
    window.deleteLater()
    return size.width(), size.height()


def _render(place: Path, width: int, height: int) -> int:
    size = f"{width}x{height}"
    return main(["render", "--problem", "matyas", "--view", "window", "--size", size, "--out", str(place)])


def test_a_window_too_small_for_what_is_in_it_is_refused(
    tmp_path: Path, smallest: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    width, height = smallest
    for asked in ((width - 1, height), (width, height - 1), (64, 64)):
        assert _render(tmp_path / "window.png", *asked) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err == (
            f"gdstudio: The window needs at least {width}x{height} pixels, not {asked[0]}x{asked[1]}.\n"
        )
    assert list(tmp_path.iterdir()) == []


def test_the_smallest_window_is_written(tmp_path: Path, smallest: tuple[int, int]) -> None:
    place = tmp_path / "window.png"
    assert _render(place, *smallest) == 0
    image = QImage(str(place))
    assert (image.width(), image.height()) == smallest


def test_the_smallest_window_is_in_the_help(smallest: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    assert "{}x{}".format(*smallest) == SMALLEST_WINDOW
    assert main(["render", "--help"]) == 0
    assert SMALLEST_WINDOW in capsys.readouterr().out
    pages = Path(__file__).parents[2] / "docs" / "command-line.md"
    assert SMALLEST_WINDOW in pages.read_text(encoding="utf-8")


@pytest.mark.parametrize("factor", ["2", "1.5"])
def test_the_size_is_that_of_the_file_on_a_screen_that_enlarges(tmp_path: Path, factor: str) -> None:
    place = tmp_path / "window.png"
    done = subprocess.run(
        [
            sys.executable, "-m", "gdstudio", "render", "--problem", "matyas", "--view", "window", "--size", "1000x641",
            "--out", str(place),
        ],
        env={**os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True,
        check=False, timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    image = QImage(str(place))
    assert (image.width(), image.height()) == (1000, 641)
