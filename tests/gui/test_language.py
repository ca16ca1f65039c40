"""Every text that people read goes through translation: proved by a language that puts all of it into brackets."""

from __future__ import annotations

import re
import sys
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QAction, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QWidget,
)

from gdstudio.controllers.playback import PlayState
from gdstudio.scene import lettering
from gdstudio.views.controls import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.gui.conftest import Bench

OPEN, CLOSE = "⟦", "⟧"
BRACKETED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
WORD = re.compile(r"[^\W\d_]{3,}")
# Names that are the same in every language.
PROPER = {
    "Gradient", "Descent", "Studio", "Untitled", "NaN", "inf", "png", "svg", "pdf", "csv", "json", "npz", "gdstudio",
    "Ctrl", "Shift", "Space", "Home", "End", "Alt", "Del", "Backspace", "cos", "sin", "exp",
}


class Bracketed(QTranslator):
    """A language in which every text is that of the program, in brackets."""

    def translate(self, context: str, source: str, note: str | None = None, number: int = -1) -> str:
        del context, note, number
        return f"{OPEN}{source}{CLOSE}" if source else source

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def foreign(qapp: QApplication, open_window: Callable[..., Bench]) -> Iterator[Bench]:
    """Return a window in the language of brackets."""
    language = Bracketed()
    qapp.installTranslator(language)
    yield open_window()
    qapp.removeTranslator(language)
    QCoreApplication.sendPostedEvents()


def left_over(text: str, allowed: set[str]) -> set[str]:
    """Return the words of a text that stand outside of all brackets."""
    while BRACKETED.search(text):
        text = BRACKETED.sub(" ", text)
    text = unescape(re.sub(r"<[^>]*>", " ", text))
    return {word for word in WORD.findall(text.replace("&", "")) if word not in PROPER | allowed}


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Give what a widget shows or says, each with what it is."""
    yield "tooltip", widget.toolTip()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        # what is on screen may be cut to the room there is, its closing bracket with it
        yield "text", widget.whole() if isinstance(widget, ElidedLabel) else widget.text()
    if isinstance(widget, QGroupBox | QMenu):
        yield "title", widget.title()
    if isinstance(widget, QComboBox):
        yield from (("choice", widget.itemText(index)) for index in range(widget.count()))
    if isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield "tab", widget.tabText(index)
            yield "tooltip of a tab", widget.tabToolTip(index)
    if isinstance(widget, QDialog):
        yield "title", widget.windowTitle()
    for action in widget.actions():
        yield "action", action.text()
        yield "tooltip of an action", action.toolTip()


def untranslated(root: QWidget, allowed: set[str] | None = None) -> list[tuple[str, str, set[str]]]:
    """Return all texts below a widget that have words outside of brackets."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if isinstance(widget, QLabel) and widget.property("role") == "formula":
            continue
        for kind, text in texts_of(widget):
            words = left_over(text, allowed or set())
            if words:
                found.append((kind, text, words))
    for action in root.findChildren(QAction):
        words = left_over(action.text() + " " + action.toolTip(), allowed or set())
        if words:
            found.append(("action", action.text(), words))
    return found


def test_brackets_are_told_from_bare_words() -> None:
    assert left_over(f"{OPEN}Run {OPEN}Adam{CLOSE}{CLOSE} (F5)", set()) == set()
    assert left_over(f"{OPEN}Run{CLOSE} now", set()) == {"now"}
    assert left_over("<b>η</b> 0.02", set()) == set()


def _formula(bench: Bench) -> None:
    bench.set_formula("x^2 + y^2")
    bench.replace_text(bench.formula, "5*(")
    bench.until(lambda: not bench.busy)
    assert bench.window.panel.problem.error.isVisible()


def _data(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    bench.click(bench.card().batch.kinds.button("mini"))
    bench.settled()


def _refused(bench: Bench) -> None:
    bench.enter(bench.row().field, "-3")
    bench.enter(bench.window.panel.stopping.iterations, "many")
    bench.enter(bench.window.panel.start.fields[0], "inf")
    assert bench.row().error.isVisible()


def _empty(bench: Bench) -> None:
    while bench.experiment.runs:
        bench.card().removeAsked.emit()
    bench.settled()


def _problem(name: str) -> Callable[[Bench], None]:
    def choose(bench: Bench) -> None:
        combo = bench.window.panel.problem.combo
        combo.setFocus()
        bench.studio.window.panel.problemChosen.emit(name)
        bench.settled()

    return choose


def _schedule(bench: Bench) -> None:
    section = bench.window.panel.additions
    section.scheduleChosen.emit("step")
    section.additionToggled.emit("clip_norm", True)
    chevron = section.chevron()
    assert chevron is not None
    chevron.click()
    bench.settled()


SITUATIONS: dict[str, Callable[[Bench], None]] = {
    "greeting": lambda bench: None,
    "formula": _formula,
    "data": _data,
    "refused values": _refused,
    "nothing to descend": _empty,
    "own parameters": _problem("bowl"),
    "one variable": _problem("parabola"),
    "three variables": _problem("three_variables"),
    "schedule": _schedule,
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_text_of_the_window(foreign: Bench, situation: str) -> None:
    SITUATIONS[situation](foreign)
    assert untranslated(foreign.window) == []


def test_the_states_of_a_run(foreign: Bench) -> None:
    bench = foreign
    assert left_over(bench.status, set()) == set()
    bench.press(Qt.Key.Key_F5)
    assert left_over(bench.status, set()) == set()
    bench.until(lambda: bench.position > 2)
    bench.press(Qt.Key.Key_F5)
    assert left_over(bench.status, set()) == set()
    bench.press(Qt.Key.Key_End)
    bench.rests(PlayState.FINISHED)
    assert OPEN in bench.status
    assert left_over(bench.status, set()) == set()
    QTest.mouseMove(bench.contour, bench.contour.rect().center())
    bench.until(lambda: bench.window.status.readout.whole())
    assert left_over(bench.window.status.readout.whole(), set()) == set()
    assert left_over(bench.window.windowTitle(), set()) == set()


def test_messages(foreign: Bench, tmp_path: Any) -> None:
    bench = foreign
    broken = tmp_path / "b.json"
    broken.write_text("{")
    bench.window.status.showMessage("-")
    bench.studio.files.open_path(broken)
    bench.until(lambda: bench.status != "-")
    assert OPEN in bench.status
    bench.studio.files.save_path(tmp_path / "c.json")
    # The file's own name is no text of the program.
    assert left_over(bench.status, set()) == set()
    bench.window.status.showMessage("-")
    bench.studio.exports.export_picture(tmp_path / "c.gif", "contour")
    bench.until(lambda: not bench.studio.exports.busy)
    bench.until(lambda: ".svg" in bench.status)
    assert left_over(bench.status, {"gif"}) == set()


def test_dialogs(foreign: Bench) -> None:
    for name in (
        "actionOpen", "actionOpenData", "actionSaveAs", "actionExportImage", "actionExportTrajectory", "actionAbout",
        "actionShortcuts",
    ):
        _dialog(foreign, name)


def _dialog(foreign: Bench, name: str) -> None:
    foreign.action(name).trigger()
    foreign.until(lambda: foreign.window.findChild(QDialog) is not None)
    dialog = foreign.find_dialog(QDialog)
    foreign.until(dialog.isVisible)
    own = [text for text in texts_of(dialog) if text[1]]
    assert any(OPEN in text for _, text in own)
    if name in ("actionAbout", "actionShortcuts"):
        assert untranslated(dialog) == []
    else:
        boxes = [*dialog.findChildren(QComboBox, "choice_view"), *dialog.findChildren(QComboBox, "choice_run")]
        assert all(left_over(text, set()) == set() for box in boxes for _, text in texts_of(box))
        assert isinstance(dialog, QFileDialog)
        names = dialog.nameFilters()
        assert all(left_over(text, set()) == set() for text in names)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    foreign.until(lambda: foreign.window.findChild(QDialog) is None)


@pytest.mark.parametrize("situation", ["greeting", "one variable", "data", "nothing to descend"])
def test_what_the_views_write(foreign: Bench, situation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    draw = lettering.draw_text

    def draw_and_remember(painter: QPainter, x: float, y: float, text: str, *arguments: Any, **more: Any) -> None:
        written.append(text)
        draw(painter, x, y, text, *arguments, **more)

    for name, module in list(sys.modules.items()):
        if name.startswith("gdstudio.") and getattr(module, "draw_text", None) is draw:
            monkeypatch.setattr(module, "draw_text", draw_and_remember)
    SITUATIONS[situation](foreign)
    foreign.press(Qt.Key.Key_Period)
    for view in foreign.plots:
        view.resize(view.width() - 1, view.height())
        view.render(QPixmap(view.size()))
    assert written
    assert {text for text in written if left_over(text, set())} == set()


@pytest.mark.parametrize("situation", SITUATIONS)
def test_another_language_while_the_window_is_open(
    bench: Bench, qapp: QApplication, situation: str
) -> None:
    SITUATIONS[situation](bench)
    before = _said(bench)
    language = Bracketed()
    qapp.installTranslator(language)
    try:
        bench.until(lambda: OPEN in bench.window.windowTitle())
        bench.settled()
        if situation != "refused values":  # those sentences are about what was typed before
            # Qt names the buttons of its tab bars once and for all
            assert untranslated(bench.window, {"Scroll", "Left", "Right"}) == []
        assert _said(bench) == [OPEN + text + CLOSE for text in before]
        assert left_over(bench.status + bench.window.windowTitle(), set()) == set()
    finally:
        qapp.removeTranslator(language)
        bench.until(lambda: OPEN not in bench.window.windowTitle())
    bench.settled()
    assert _said(bench) == before
    assert OPEN not in bench.status + bench.window.windowTitle()


def _said(bench: Bench) -> list[str]:
    """Return names that come from tables: of problems, of optimizers in panel and legend, and what views say."""
    combo = bench.window.panel.problem.combo
    problems = [combo.itemText(index) for index in range(combo.count())]
    cards = [card.header.text() for card in bench.window.panel.optimizers.cards]
    drawing = (bench.curve if bench.studio.screen.single else bench.surface).drawing()
    legends = [row.label for row in drawing.legend_rows(0)] if drawing is not None else []
    views = [view.accessibleDescription() for view in bench.plots]
    return [*problems, *cards, *views, *[label for label in legends if "·" not in label]]
