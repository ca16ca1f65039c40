"""A picture of the whole window from the command line: whole, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from gdstudio.app import create_window, studio_of
from gdstudio.cli import main
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from pathlib import Path

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
