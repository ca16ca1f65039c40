"""The window at other sizes, in other themes and at another scale of the screen."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSlider, QTabBar, QToolButton, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeoutError

from gdstudio.scene.theme import DARK, LIGHT
from tests.gui.processes import run_window

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Bench

# The last one is the smallest that the window allows.
SIZES = ((1440, 900), (1024, 700), (0, 0))


def _resize(bench: Bench, width: int, height: int) -> None:
    smallest = bench.window.minimumSize()
    width, height = max(width, smallest.width()), max(height, smallest.height())
    bench.window.resize(width, height)
    bench.until(lambda: (bench.window.width(), bench.window.height()) == (width, height))
    bench.settled()


def _place(widget: QWidget, inside: QWidget) -> QRect:
    return QRect(widget.mapTo(inside, QPoint(0, 0)), widget.size())


def _cut(bench: Bench) -> list[str]:
    """Return the controls and labels that are not wholly inside of what they stand in."""
    window, contents = bench.window, bench.window.panel.widget()
    assert contents is not None
    found = []
    kinds = (QAbstractButton, QLabel, QLineEdit, QSlider, QTabBar)
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, kinds) or not widget.isVisible() or widget.window() is not window:
            continue
        parent = widget.parentWidget()
        name = f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()!r} {widget.geometry()}"
        if parent is not None and not parent.rect().contains(widget.geometry()):
            found.append(f"{name} in {type(parent).__name__} {parent.rect()}")
        elif contents.isAncestorOf(widget):
            viewport = window.panel.viewport().rect()
            across = _place(widget, window.panel.viewport())
            if across.left() < viewport.left() or across.right() > viewport.right():
                found.append(f"{name} beside the panel")
        elif not window.rect().contains(_place(widget, window)):
            found.append(f"{name} outside of the window")
    return found


def _cramped(bench: Bench) -> list[str]:
    """Return the texts that have less room than they need and are not shortened by themselves."""
    found = []
    for widget in bench.window.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton):
            continue
        text = widget.text()
        if not text or "<" in text or (isinstance(widget, QLabel) and widget.wordWrap()) or "…" in text:
            continue
        if type(widget).__name__ in ("CardHeader", "ElidedLabel"):
            continue
        if isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
            continue
        if widget.fontMetrics().horizontalAdvance(text.replace("&", "")) > widget.width() + 1:
            found.append(f"{type(widget).__name__} {text!r}: {widget.width()}")
    return found


def _fits(bench: Bench) -> None:
    """Everything has its place and its room as soon as the layouts have had their say."""
    with suppress(QtTimeoutError):
        bench.until(lambda: not _cut(bench) + _cramped(bench), timeout=2_000)
    assert _cut(bench) + _cramped(bench) == []


@pytest.mark.parametrize("problem", ["greeting", "data", "twenty variables", "one variable"])
def test_nothing_is_cut(bench: Bench, problem: str) -> None:
    if problem == "data":
        bench.click(bench.window.panel.problem.tabs.button("data"))
        bench.click(bench.card().batch.kinds.button("mini"))
    elif problem == "twenty variables":
        bench.set_formula("+".join(f"x{index}^2" for index in range(20)))
    elif problem == "one variable":
        bench.choose("parabola")
    for card in bench.window.panel.optimizers.cards[1:]:
        bench.click(card.header)
    for size in SIZES:
        _resize(bench, *size)
        _fits(bench)
        for view in bench.plots:
            assert view.width() >= 200
            assert view.height() >= 150


def test_the_smallest_window_is_worked_as_any(bench: Bench) -> None:
    _resize(bench, 0, 0)
    bench.click(bench.contour)
    bench.settled()
    assert bench.action("actionUndo").isEnabled()
    bench.press(Qt.Key.Key_F5)
    bench.until(lambda: bench.position > 3)
    bench.press(Qt.Key.Key_F5)
    bench.stays_still(100)
    last = bench.window.panel.stopping.patience
    bench.window.panel.ensureWidgetVisible(last)
    bench.enter(last, "9")
    assert bench.experiment.stopping.patience == 9


def test_columns_can_be_moved(bench: Bench) -> None:
    before = bench.contour.width()
    bench.window.plots.moveSplitter(bench.window.plots.sizes()[0] - 120, 1)
    bench.until(lambda: bench.contour.width() > before + 80)
    bench.settled()
    _fits(bench)


@pytest.mark.parametrize("name", ["actionThemeLight", "actionThemeDark"])
def test_the_theme_changes_while_it_plays(bench: Bench, name: str) -> None:
    wanted, other = (LIGHT, DARK) if name == "actionThemeLight" else (DARK, LIGHT)
    bench.window.setThemeChoice("dark" if other is DARK else "light")
    bench.press(Qt.Key.Key_F5)
    bench.until(lambda: bench.position > 3)
    before = bench.pictures()
    experiment = bench.experiment
    bench.action(name).trigger()
    position = bench.position
    bench.until(lambda: bench.position > position + 3)
    assert bench.player.playback.playing
    assert bench.window.theme() is wanted
    assert bench.experiment is experiment
    bench.press(Qt.Key.Key_F5)
    assert all(now != then for now, then in zip(bench.pictures(), before, strict=True))
    corners = [view.grab().toImage().pixelColor(1, 1) for view in bench.plots]
    assert all((corner.lightness() > 128) == (wanted is LIGHT) for corner in corners)
    bench.stays_still(100)


def test_both_themes_again_and_again(bench: Bench) -> None:
    bench.action("actionThemeDark").trigger()
    first = bench.pictures()
    for name in ("actionThemeLight", "actionThemeDark", "actionThemeLight", "actionThemeDark"):
        bench.action(name).trigger()
    assert bench.pictures() == first


def test_at_twice_the_pixels(tmp_path: Path) -> None:
    script = """
    from PySide6.QtTest import QTest
    from PySide6.QtCore import Qt, QPoint
    window.resize(window.minimumSize())
    def look():
        image = window.grab().toImage()
        assert image.width() == 2 * window.width(), image.size()
        for view in (studio.screen.surface, studio.screen.contour, studio.screen.loss):
            picture = view.grab().toImage()
            assert picture.width() == 2 * view.width()
            assert len(set(pixel(view))) > 8, view.objectName()
        before = studio.experiment.start
        view = studio.screen.contour
        drawing = view.drawing()
        place = QPoint(round(drawing.frame.x(0.5)), round(drawing.frame.y(1.5)))
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        x, y = studio.experiment.start
        assert abs(x - 0.5) < 0.05 and abs(y - 1.5) < 0.05, studio.experiment.start
        player.play()
    when(ready, look)
    when(lambda: player.playback.position > 5, window.close)
    """
    ended = run_window(script, tmp_path, environment={"QT_SCALE_FACTOR": "2"})
    assert (ended.returncode, ended.stderr) == (0, "")
