"""The optimizer picker: found by a few letters, taken by mouse or keys, and nothing of it blocks the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from gdstudio.controllers.picker_entries import entries
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.experiment.document import Run
from gdstudio.views.picker import OptimizerPicker
from gdstudio.views.picker_list import KEY
from tests.gui.conftest import assert_apart, headings_of

if TYPE_CHECKING:
    from tests.gui.conftest import Bench

Key = Qt.Key


def _open(bench: Bench) -> OptimizerPicker:
    bench.click(bench.window.panel.optimizers.add)
    picker = bench.find_dialog(OptimizerPicker)
    bench.until(picker.isVisible)
    return picker


def _change(bench: Bench, index: int = 0) -> OptimizerPicker:
    """Choose "Change…" from a card's menu."""
    card = bench.card(index)
    bench.click(card.more)
    bench.until(card.menu.isVisible)
    card.menu.setActiveAction(card.menu.actions()[0])
    bench.press(Key.Key_Return)
    return bench.find_dialog(OptimizerPicker)


def _has_focus(picker: OptimizerPicker) -> bool:
    now = QApplication.focusWidget()
    return now is not None and picker.isAncestorOf(now)


def _gone(bench: Bench) -> None:
    bench.until(lambda: not bench.window.findChildren(OptimizerPicker))


def test_every_optimizer_stands_under_its_family(bench: Bench) -> None:
    picker = _open(bench)
    assert set(OPTIMIZERS) <= set(picker.list.keys())
    assert headings_of(picker) == ["First order", "Adaptive", "Since 2020", "Beyond first order", "Your own"]
    assert picker.search.hasFocus()
    assert picker.count.text().startswith(f"{len(OPTIMIZERS)} ")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("kingma", {"adam", "adamax"}), ("adaptive 2014", {"adam", "adamax"}), ("1412.6980", {"adam", "adamax"}),
     ("POLYAK 1992", {"asgd"}), ("muon", {"muon"}), ("nothing of the kind", set()),
     ("polak-ribiere", {"cg_pr"}), ("Moré", {"trust_newton"}), ("more sorensen", {"trust_newton"}),
     ("trust_newton", {"trust_newton"}), ("heavy ball", {"momentum"}),
     ("line search", {"gd_armijo", "gd_wolfe", "cg_fr", "cg_pr", "bfgs", "lbfgs", "sign_search"}),
     ("beyond first", {key for key, row in OPTIMIZERS.items() if row.family == "beyond_first_order"}),
     ("keras", {key for key, row in OPTIMIZERS.items() if "keras" in row.conventions}),
     ("keras lion", {"lion"})],
)
def test_a_search_finds_parts_of_everything(bench: Bench, typed: str, found: set[str]) -> None:
    picker = _open(bench)
    # a key of the test's keyboard types one of ASCII
    (QTest.keyClicks if typed.isascii() else QLineEdit.insert)(picker.search, typed)
    assert set(picker.list.keys()) == found
    assert picker.take_button.isEnabled() == bool(found - {"muon"})
    assert picker.details.nothing.isVisible() != bool(found)
    assert typed in picker.details.nothing.text() or found


def test_typed_and_taken_without_a_mouse(bench: Bench) -> None:
    bench.window.panel.optimizers.add.setFocus()
    bench.press(Key.Key_Space)
    QTest.keyClicks(bench.find(QLineEdit, "optimizerSearch"), "lion")
    bench.press(Key.Key_Return)
    _gone(bench)
    assert bench.experiment.runs[-1].optimizer == "lion"
    shown = bench.card(len(bench.experiment.runs) - 1).model()
    assert shown is not None
    assert shown.expanded
    assert QApplication.focusWidget() is bench.window.panel.optimizers.add
    bench.settled()


def test_arrow_keys_walk_along_the_list_and_letters_search(bench: Bench) -> None:
    picker = _open(bench)
    first = picker.list.keys()
    bench.press(Key.Key_Down)
    assert picker.list.current() == first[1]
    bench.press(Key.Key_Tab)
    assert picker.list.hasFocus()
    bench.press(Key.Key_Down)
    assert picker.list.current() == first[2]
    QTest.keyClicks(picker.list, "s")
    assert picker.search.text() == "s"
    assert picker.search.hasFocus()


def test_keys_do_nothing_behind_it(bench: Bench) -> None:
    picker = _open(bench)
    before = bench.experiment
    plain, modifier = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier
    for key, modifiers in (
        (Key.Key_F5, plain), (Key.Key_Z, modifier.ControlModifier), (Key.Key_I, modifier.AltModifier),
        (Key.Key_Space, plain),
    ):
        bench.press(key, modifiers)
    assert not bench.player.playback.playing
    assert bench.experiment == before
    assert _has_focus(picker)
    for _ in range(2 * len(picker.controls())):
        bench.press(Key.Key_Tab)
        assert _has_focus(picker)


@pytest.mark.parametrize("way", ["escape", "cancel", "beside"])
def test_it_closes_without_a_change(bench: Bench, way: str) -> None:
    before = bench.experiment
    picker = _open(bench)
    if way == "escape":
        bench.press(Key.Key_Escape)
    elif way == "cancel":
        bench.click(bench.find(QPushButton, "cancelPicker"))
    else:
        QTest.mouseClick(picker, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    _gone(bench)
    assert bench.experiment is before


def test_what_cannot_run_says_why(bench: Bench) -> None:
    picker = _open(bench)
    QTest.keyClicks(picker.search, "muon")
    assert not picker.take_button.isEnabled()
    assert "matri" in picker.details.refusal.text()
    assert "matri" in picker.take_button.toolTip()
    bench.until(lambda: picker.details.box.lines())
    assert "NewtonSchulz" in picker.details.box.accessibleName()
    before = bench.experiment
    bench.press(Key.Key_Return)
    assert picker.isVisible()
    assert bench.experiment is before


def test_equations_are_typeset_and_follow_the_row(bench: Bench) -> None:
    picker = _open(bench)
    QTest.keyClicks(picker.search, "adam")
    bench.until(lambda: picker.details.box.lines())
    texts = [line.text for line in picker.details.box.lines()]
    assert texts[-1].startswith(r"\theta \leftarrow")
    assert any(r"\eta" in text for text in texts)
    assert not any("amsgrad" in text for text in texts), "a switch that is off is no part of the equations"
    picker.search.clear()
    QTest.keyClicks(picker.search, "bfgs")
    bench.until(lambda: len(picker.details.box.lines()) > 4)
    assert any(r"y^{\top}" in line.text for line in picker.details.box.lines())
    assert not picker.copy_button.isEnabled(), "a search carries them out"


def test_every_optimizer_shows_equations_line_below_line(bench: Bench) -> None:
    picker = _open(bench)
    for key, row in OPTIMIZERS.items():
        picker.list.setCurrent(key)
        bench.until(lambda: bool(picker.details.box.lines()) and not bench.busy)
        shown = row.variants[0].equations or row.variants[0].shown_equations
        assert 0 < len(picker.details.box.lines()) <= len(shown.split("\n"))
        assert_apart(bench, picker.details.box)


def test_a_line_of_words_breaks_between_words_only(bench: Bench) -> None:
    picker = _open(bench)
    picker.list.setCurrent("gd_armijo")
    bench.until(lambda: bool(picker.details.box.lines()) and not bench.busy)
    words = picker.details.box.lines()[0]
    assert words.text == "α is the first of η, τ * η, τ^2 * η, ... with"
    (label,) = [each for each in picker.details.box.findChildren(QLabel) if each.accessibleName() == words.text]
    assert label.wordWrap()
    assert label.text().replace("\N{WORD JOINER}", "") == words.text
    assert "\N{WORD JOINER}".join("τ^2") in label.text()


def test_a_click_on_a_row_shows_it_and_two_take_it(bench: Bench) -> None:
    picker = _open(bench)
    view = picker.list.viewport()
    rows = picker.list.model()
    (row,) = rows.match(rows.index(0, 0), KEY, "momentum")
    place = picker.list.visualRect(row).center()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert picker.details.name.text() == "Momentum"
    assert "1964" in picker.details.credit.accessibleName()
    assert "doi" in picker.details.credit.accessibleName()
    assert "torch" in picker.details.parity.text()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place)
    _gone(bench)
    assert bench.experiment.runs[-1].optimizer == "momentum"


def test_what_is_longer_than_the_sheet_is_scrolled_by_keys(bench: Bench) -> None:
    bench.window.resize(1024, 700)
    picker = _open(bench)
    picker.search.setText("NAdamW")
    bench.settled()
    bench.until(lambda: picker.details.box.lines() and picker.details.scrolls())
    assert picker.details.accessibleName()
    bench.press(Qt.Key.Key_Tab)
    bench.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is picker.details
    for _ in range(40):
        bench.press(Qt.Key.Key_Down)
    bar = picker.details.verticalScrollBar()
    assert bar.value() == bar.maximum()
    # and what stands in it comes into sight with the keyboard
    bar.setValue(0)
    bench.press(Qt.Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert picker.details.isAncestorOf(focus)
    assert focus.visibleRegion().boundingRect() == focus.rect()
    picker.search.setFocus()
    picker.search.setText("signSGD")
    bench.until(lambda: picker.details.box.lines() and not picker.details.scrolls())
    assert picker.details not in picker.controls()
    assert picker.details.focusPolicy() == Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (940, 620)])
def test_whose_it_is_stands_beside_the_name_or_below_and_its_number_is_never_broken(
    bench: Bench, size: tuple[int, int]
) -> None:
    bench.window.resize(*size)
    picker = _open(bench)
    arrangements = set()
    for typed in ("Adam", "Fletcher-Reeves", "NAdamW", "signSGD"):
        picker.search.setText(typed)
        bench.settled()
        name, credit = picker.details.name, picker.details.credit
        said = credit.accessibleName()
        assert credit.text().replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ") == said
        number = said.split(" · ")[-1]
        # what holds no place for a break is one word
        assert len(credit.text().split(" ")[-1]) > len(number)
        assert name.width() >= name.fontMetrics().horizontalAdvance(name.text())
        assert credit.height() >= credit.heightForWidth(credit.width())
        beside = credit.x() > name.geometry().right()
        assert beside or credit.y() >= name.geometry().bottom()
        assert not beside or credit.fontMetrics().horizontalAdvance(credit.text()) <= credit.width()
        arrangements.add(beside)
    assert False in arrangements
    assert size[0] < 1440 or True in arrangements


def test_a_convention_is_chosen_and_named_only_where_it_is_not_the_usual_one(bench: Bench) -> None:
    picker = _open(bench)
    QTest.keyClicks(picker.search, "adam")
    before = picker.details.defaults.text()
    assert picker.details.segments is not None
    bench.click(picker.details.segments.button("keras"))
    assert picker.details.defaults.text() != before
    assert "keras" in picker.details.parity.text()
    bench.click(picker.take_button)
    assert bench.experiment.runs[-1].convention == "keras"
    bench.settled()
    picker = _change(bench, len(bench.experiment.runs) - 1)
    assert picker.current() == ("adam", "keras")
    assert picker.details.segments is not None
    bench.click(picker.details.segments.button("pytorch"))
    bench.click(picker.take_button)
    assert bench.experiment.runs[-1].convention is None


def test_the_menu_of_a_card_changes_its_optimizer_in_one_step_of_undo(bench: Bench) -> None:
    before = bench.experiment
    picker = _change(bench, 1)
    shown = picker.current()
    assert shown is not None
    assert shown[0] == before.runs[1].optimizer
    QTest.keyClicks(picker.search, "radam")
    bench.press(Key.Key_Return)
    assert bench.experiment.runs[1] == Run(optimizer="radam", slot=before.runs[1].slot)
    assert len(bench.experiment.runs) == len(before.runs)
    bench.settled()
    bench.action("actionUndo").trigger()
    assert bench.experiment == before


def test_everything_in_it_has_a_name_and_a_tooltip(bench: Bench) -> None:
    picker = _open(bench)
    for control in picker.controls():
        assert control.accessibleName(), control
        assert control.toolTip(), control.accessibleName()
    assert picker.accessibleName()


def test_it_follows_the_size_of_the_window_and_the_theme(bench: Bench) -> None:
    picker = _open(bench)
    for width, height in ((940, 620), (1300, 800)):
        bench.window.resize(width, height)
        bench.until(lambda: picker.size() == bench.window.size())
        assert picker.rect().contains(picker.card.geometry())
    bench.window.setThemeChoice("light")
    light = picker.card.grab().toImage()
    bench.window.setThemeChoice("dark")
    assert light != picker.card.grab().toImage()


def test_the_rows_of_the_table_say_all_that_is_to_be_said() -> None:
    for entry in entries(matrices=False):
        assert entry.name
        assert entry.credit
        assert entry.intuition
        assert entry.not_for
        row = OPTIMIZERS[entry.key]
        assert [each.key for each in entry.conventions] == list(row.conventions)
        assert all(each.parity for each in entry.conventions)


def test_where_nothing_is_found_one_may_write_it(bench: Bench) -> None:
    picker = _open(bench)
    QTest.keyClicks(picker.search, "nothing of the kind")
    assert not picker.take_button.isEnabled()
    assert picker.copy_button.isEnabled()
    bench.click(picker.copy_button)
    _gone(bench)
    assert bench.studio.own_optimizers.editor is not None


def test_room_is_left_for_equations_that_are_on_their_way(bench: Bench) -> None:
    picker = _open(bench)
    box = picker.details.box
    for key in ("adam", "bfgs", "gd"):
        picker.list.setCurrent(key)
        written = OPTIMIZERS[key].equations or OPTIMIZERS[key].variants[0].shown_equations
        rows = len([line for line in written.splitlines() if line])
        assert box.isVisible()
        assert len(box.lines()) <= rows
        bench.until(lambda: not bench.busy)
        assert len(box.lines()) <= rows
    assert box.minimumHeight() == 0
