"""The keyboard alone reaches and works everything, and everything says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTabBar, QWidget

from gdstudio.views.export_dialog import ExportDialog
from gdstudio.views.plots.canvas import PlotCanvas
from gdstudio.views.sentence import SentencePopup
from tests.gui.data_hands import bring_forward, data_view, open_data, samples_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

Key = Qt.Key


def _plain(bench: Bench) -> None:
    del bench


def _formula(bench: Bench) -> None:
    bench.set_formula("x^2 + y^2 + z^2")
    bench.replace_text(bench.formula, "x^2 + ")
    bench.until(lambda: not bench.busy)


def _data(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.click(bench.card().batch.kinds.button("mini"))
    bench.settled()


def _unfolded(bench: Bench) -> None:
    bench.choose("Bowl")
    for card in bench.window.panel.optimizers.cards[1:]:
        bench.click(card.header)


def _line(bench: Bench) -> None:
    """Mini-batches on a line, at their end: the verdict is longer than its line."""
    open_data(bench)
    bench.click(bench.card().batch.kinds.button("mini"))
    bench.settled()
    bench.action("actionToEnd").trigger()
    bench.until(lambda: bench.card().verdict.isVisible() and bench.window.status.state.text().endswith("…"))


def _classes(bench: Bench) -> None:
    open_data(bench, "moons")


def _columns(bench: Bench) -> None:
    open_data(bench, "iris")
    bring_forward(bench, "contour_pane", "cloud")
    bring_forward(bench, "curves_pane", "metrics")
    bring_forward(bench, "data_pane", "confusion")


def _single(bench: Bench) -> None:
    bench.choose("parabola")


SITUATIONS: dict[str, Callable[[Bench], None]] = {
    "greeting": _plain, "formula": _formula, "data": _data, "unfolded": _unfolded, "one variable": _single,
    "line": _line, "classes": _classes, "columns": _columns,
}


def _controls(bench: Bench) -> list[QWidget]:
    """Return all that can take the keyboard by Tab."""
    return [
        each for each in bench.window.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
        and each.focusProxy() is None and each.window() is bench.window
    ]


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or widget.objectName() or type(widget).__name__


@pytest.mark.parametrize("situation", SITUATIONS)
def test_tab_reaches_every_control(bench: Bench, situation: str) -> None:
    SITUATIONS[situation](bench)
    wanted = _controls(bench)
    assert len(wanted) > 20
    for key in (Key.Key_Tab, Key.Key_Backtab):
        assert _missed(bench, wanted, key) == set()


def _missed(bench: Bench, wanted: list[QWidget], key: Qt.Key) -> set[str]:
    """Return the names of what a key that moves the focus does not reach."""
    problem = bench.window.panel.problem
    next(each for each in (problem.combo, problem.field, problem.data.source) if each.isVisible()).setFocus()
    QApplication.processEvents()
    reached: list[QWidget] = []
    for _ in range(3 * len(wanted)):
        now = QApplication.focusWidget()
        assert now is not None
        assert now.isVisible()
        seen = now.visibleRegion().boundingRect()
        assert seen.height() >= min(now.height(), 20), f"{_name(now)} has the keyboard where nobody sees it"
        reached.append(now)
        QTest.keyClick(now, key)
    # A combo box in which one can type hands the keyboard to its field.
    proxies = {each.focusProxy() for each in bench.window.findChildren(QWidget)} - {None}
    missed = {_name(each) for each in wanted if each not in reached and each not in proxies}
    # Of several buttons of which one is down, Tab takes the one that is down; arrow keys lead to the others.
    grouped = {_name(each) for each in wanted if each.property("role") == "segment"}
    return missed - grouped


@pytest.mark.parametrize("situation", SITUATIONS)
def test_everything_says_what_it_is(bench: Bench, situation: str) -> None:
    SITUATIONS[situation](bench)
    for control in _controls(bench):
        assert control.accessibleName().strip(), control
        parent = control.parentWidget()
        inherits = isinstance(control, QLineEdit) and parent is not None and bool(parent.toolTip())
        assert control.toolTip() or inherits or isinstance(control, QTabBar), _name(control)
    for bar in bench.window.findChildren(QTabBar):
        assert all(bar.tabToolTip(index) for index in range(bar.count()))
    for view in (*bench.plots, *(each for each in bench.window.findChildren(PlotCanvas) if each.isVisible())):
        assert view.accessibleDescription()


def test_names_of_controls_tell_them_apart(bench: Bench) -> None:
    _unfolded(bench)
    names = [_name(each) for each in _controls(bench) if not isinstance(each, QLineEdit)]
    repeated = {name for name in names if names.count(name) > 1}
    # The same hyperparameter of different optimizers stands in cards that have their own names.
    assert all(name.endswith("slider") for name in repeated), repeated


@pytest.mark.parametrize("situation", ["greeting", "line", "classes", "columns"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_focus_is_seen(bench: Bench, theme: Literal["dark", "light"], situation: str) -> None:
    bench.window.setThemeChoice(theme)
    SITUATIONS[situation](bench)
    checked = [each for each in _controls(bench) if isinstance(each, QAbstractButton) and each.isChecked()]
    assert situation != "greeting" or "log z" in [each.text() for each in checked]
    for control in _controls(bench):
        bench.window.centre.setFocus()
        QApplication.processEvents()
        before = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert control.grab().toImage() != before, _name(control)


def test_a_whole_session_without_a_mouse(bench: Bench) -> None:
    field = bench.window.panel.stopping.iterations
    QTest.keyClick(bench.window, Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "50")
    bench.press(Key.Key_Return)
    bench.settled()
    assert bench.experiment.stopping.iterations == 50
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 3)
    bench.press(Key.Key_F5)
    header = bench.card(1).header
    header.setFocus()
    bench.press(Key.Key_Space)
    assert bench.row(index=1).slider.isVisible()
    bench.row(index=1).slider.setFocus()
    before = bench.experiment.runs[1]
    bench.press(Key.Key_Right)
    assert bench.experiment.runs[1] != before
    bench.card(1).eye.setFocus()
    bench.press(Key.Key_Space)
    assert not bench.experiment.runs[1].visible


def test_views_are_chosen_and_points_are_moved_without_a_mouse(bench: Bench) -> None:
    _line(bench)
    window = bench.window
    for pane, views in (
        (window.data_pane, ("data", "residuals", "actual")), (window.contour_pane, ("contour", "batch", "cloud")),
        (window.curves_pane, ("loss", "metrics")),
    ):
        pane.tabs.setFocus()
        for view in views:
            assert pane.current() == view
            bench.press(Key.Key_Right)
        for view in reversed(views):
            assert pane.current() == view
            bench.press(Key.Key_Left)
    before = samples_of(bench)
    data_view(bench).setFocus()
    for key in (Key.Key_PageDown, Key.Key_PageDown, Key.Key_Up, Key.Key_Insert, Key.Key_Delete):
        bench.press(key)
        bench.settled()
    after = samples_of(bench)
    assert after.shape == before.shape
    assert not np.array_equal(after, before)
    for _ in range(3):
        QTest.keyClick(data_view(bench), Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        bench.settled()
    np.testing.assert_array_equal(samples_of(bench), before)


def test_the_end_of_a_run_is_read_without_a_mouse(bench: Bench) -> None:
    _line(bench)
    state = bench.window.status.state
    for _ in range(200):
        if state.hasFocus():
            break
        bench.press(Key.Key_Tab)
    bench.press(Key.Key_Return)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, SentencePopup)
    assert bench.status in popup.label.text()
    bench.press(Key.Key_Escape)
    bench.until(lambda: QApplication.activePopupWidget() is None)
    assert state.hasFocus()


def test_letters_typed_in_a_field_are_no_shortcuts(bench: Bench) -> None:
    bench.press(Key.Key_Period)
    bench.set_formula("r")
    position = bench.position
    bench.formula.setFocus()
    QTest.keyClicks(bench.formula, " + r*l.")
    bench.until(lambda: not bench.busy)
    assert bench.formula.text() == "r + r*l."
    assert bench.position == position == 0


def test_a_picture_is_exported_from_within_a_field(bench: Bench) -> None:
    bench.formula.setFocus()
    QTest.keyClick(bench.formula, Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    bench.find_dialog(ExportDialog).reject()


def test_menus_open_by_their_letters(bench: Bench) -> None:
    letters = {"file": Key.Key_F, "edit": Key.Key_E, "run": Key.Key_R, "view": Key.Key_V, "help": Key.Key_H}
    for menu, key in letters.items():
        QTest.keyClick(bench.window, key, Qt.KeyboardModifier.AltModifier)
        opened = bench.window.actions_by_name.menu(menu)
        bench.until(opened.isVisible)
        opened.close()
        bench.window.menuBar().setActiveAction(None)  # type: ignore[arg-type]  # Qt takes none
