"""Every text of the dialogs inside the window, and of what stands around optimizers, goes through translation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from tests.gui.conftest import headings_of
from tests.gui.test_language import Bracketed, left_over, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from tests.gui.conftest import Bench


@pytest.fixture
def foreign(qapp: QApplication, open_window: Callable[..., Bench]) -> Iterator[Bench]:
    """Return a window in the language of brackets."""
    language = Bracketed()
    qapp.installTranslator(language)
    yield open_window()
    qapp.removeTranslator(language)
    QCoreApplication.sendPostedEvents()


def _texts_left(root: QWidget, data: list[QWidget]) -> list[tuple[str, str, set[str]]]:
    """Return what is not translated below a widget; `data` are widgets that show names, references and equations."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if any(each is widget or each.isAncestorOf(widget) for each in data):
            continue
        for kind, text in texts_of(widget):
            words = left_over(text, set())
            if words:
                found.append((kind, text, words))
    return found


@pytest.mark.parametrize("key", ["adam", "bfgs", "muon", "own:new"])
def test_the_optimizer_picker(foreign: Bench, key: str) -> None:
    foreign.studio.choosing.open()
    picker = foreign.studio.choosing.picker
    assert picker is not None
    picker.list.setCurrent(key)
    foreign.until(lambda: not foreign.busy)
    details = picker.details
    oracles = {"torch", "optim", "Adam", "scipy", "optimize", "minimize", "method", "BFGS"}
    assert left_over(details.parity.text(), set()) <= oracles
    assert _texts_left(picker, [details.name, details.credit, details.parity, details.defaults, details.box]) == []
    assert {text for text in headings_of(picker) if left_over(text, set())} == set()


def test_the_equation_editor(foreign: Bench) -> None:
    foreign.studio.own_optimizers.open_copy("adam", None)
    editor = foreign.studio.own_optimizers.editor
    assert editor is not None
    foreign.until(lambda: editor.take_button.isEnabled())
    data: list[QWidget] = [editor.name, editor.box, *editor.found.values()]
    assert _texts_left(editor, data) == []
    editor.set_text("theta = 1")
    foreign.until(lambda: editor.error.isVisible())
    assert _texts_left(editor, data) == []


def test_the_dialog_of_data(foreign: Bench, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("p1;p2;p3\n1;a;2\n;b;3\n3;a;oops\n4;b;5\n", encoding="utf-8")
    foreign.studio.importing.open_path(path)
    sheet = foreign.studio.importing.sheet
    assert sheet is not None
    foreign.until(lambda: sheet.error.isVisible() and not foreign.busy)
    assert _texts_left(sheet, [sheet.name, sheet.target, sheet.table, sheet.formats["encoding"]]) == []
    assert [left_over(sheet.table.column(index)[1], {"1", "2", "3"}) for index in range(3)] == [set()] * 3
    sheet.mendChanged.emit("drop")
    foreign.until(lambda: not sheet.error.isVisible() and not foreign.busy)
    assert _texts_left(sheet, [sheet.name, sheet.target, sheet.table, sheet.formats["encoding"]]) == []


def test_the_dialog_of_data_follows_the_language(bench: Bench, qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("p1;p2\n1;2\n2;3\n4;5\n", encoding="utf-8")
    bench.studio.importing.open_path(path)
    bench.until(lambda: not bench.busy)
    sheet = bench.studio.importing.sheet
    assert sheet is not None
    language = Bracketed()
    qapp.installTranslator(language)
    try:
        bench.until(lambda: not left_over(sheet.summary.text(), {"p2"}))
        assert _texts_left(sheet, [sheet.name, sheet.target, sheet.table, sheet.formats["encoding"]]) == []
    finally:
        qapp.removeTranslator(language)
        QCoreApplication.sendPostedEvents()


def test_dialogs_that_are_open_follow_the_language(bench: Bench, qapp: QApplication) -> None:
    bench.studio.choosing.open()
    picker = bench.studio.choosing.picker
    assert picker is not None
    picker.search.setText("a")
    picker.list.setCurrent("adam")
    before, keys = picker.details.intuition.text(), picker.list.keys()
    language = Bracketed()
    qapp.installTranslator(language)
    try:
        bench.until(lambda: picker.details.intuition.text() != before)
        assert left_over(picker.details.intuition.text(), set()) == set()
        assert not [text for text in headings_of(picker) if left_over(text, set())]
        assert picker.current() == ("adam", "pytorch")
        assert picker.list.keys() == keys
        picker.reject()
        bench.studio.own_optimizers.open_new()
        editor = bench.studio.own_optimizers.editor
        assert editor is not None
        editor.set_text("theta = 1")
        bench.until(lambda: editor.error.isVisible())
        said = editor.error.text()
    finally:
        qapp.removeTranslator(language)
    bench.until(lambda: editor.error.text() != said)
    assert editor.error.isVisible()


@pytest.mark.parametrize("schedule", ["cosine", "multistep", "formula", "plateau"])
def test_the_section_on_schedules(foreign: Bench, schedule: str) -> None:
    section = foreign.window.panel.additions
    section.scheduleChosen.emit(schedule)
    for key in ("warmup", "noise", "clip_norm", "clip_value", "weight_decay", "lookahead", "sam"):
        section.additionToggled.emit(key, True)
    chevron = section.chevron()
    assert chevron is not None
    chevron.click()
    foreign.settled()
    assert _texts_left(section, [section.summary]) == []
    assert left_over(section.summary.whole(), set()) == set()
