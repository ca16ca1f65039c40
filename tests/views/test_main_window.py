"""The main window: its layout, actions, keys, theme and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from gdstudio.scene.theme import DARK, LIGHT
from gdstudio.views.dialogs import TextDialog
from gdstudio.views.main_window import MainWindow
from tests.views.conftest import activate, controls, data_model, function_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

ACTIONS = (
    "actionRun", "actionPause", "actionStep", "actionStepBack", "actionRestart", "actionExportImage",
    "actionExportTrajectory", "actionUndo", "actionRedo", "actionOpen", "actionOpenData", "actionSave", "actionSaveAs",
    "actionQuit", "actionToEnd", "actionResetView", "actionLogZ",
)
MARK = "ö"


class Longer(QTranslator):
    """A language in which everything is 40 % longer."""

    def translate(self, _context: str, source: str, _note: str | None = None, _number: int = -1) -> str:
        return source + MARK * (len(source) * 2 // 5 + 1)

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[Longer]:
    translator = Longer()
    yield translator
    qapp.removeTranslator(translator)
    QCoreApplication.sendPostedEvents()


def _speak(language: QTranslator, application: QApplication) -> None:
    application.installTranslator(language)
    QCoreApplication.sendPostedEvents()


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_are_found_by_their_names(window: MainWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert action is getattr(window, name)
    assert action.text()
    assert action.toolTip()


def test_what_is_no_action_is_no_attribute(window: MainWindow) -> None:
    with pytest.raises(AttributeError, match="actionFly"):
        _ = window.actionFly


def test_named_widgets_are_there(window: MainWindow) -> None:
    assert window.findChild(QWidget, "parameterPanel") is window.panel
    assert window.findChild(QWidget, "timeline") is window.transport.timeline


def test_there_is_no_step_back_yet(window: MainWindow) -> None:
    assert not window.actionStepBack.isEnabled()


@pytest.mark.parametrize(("key", "modifiers", "name"), [
    (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier, "actionRun"),
    (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "actionRun"),
    (Qt.Key.Key_Period, Qt.KeyboardModifier.NoModifier, "actionStep"),
    (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, "actionRestart"),
    (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, "actionRestart"),
    (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, "actionToEnd"),
    (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "actionUndo"),
    (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, "actionRedo"),
    (Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier, "actionExportImage"),
    (Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier, "actionOpen"),
    (Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier, "actionSave"),
])
def test_shortcuts(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, name: str) -> None:
    said: list[str] = []
    getattr(window, name).triggered.connect(lambda: said.append(name))
    QTest.keyClick(window, key, modifiers)
    assert said == [name]


@pytest.mark.parametrize("key", [Qt.Key.Key_F5, Qt.Key.Key_Space])
def test_the_key_that_runs_also_pauses(window: MainWindow, key: Qt.Key) -> None:
    said: list[str] = []
    window.actionRun.triggered.connect(lambda: said.append("run"))
    window.actionPause.triggered.connect(lambda: said.append("pause"))
    window.setPlaying(True)
    QTest.keyClick(window, key)
    window.setPlaying(False)
    QTest.keyClick(window, key)
    assert said == ["pause", "run"]


def test_controls_keep_the_keys_they_need(window: MainWindow) -> None:
    said: list[str] = []
    for name in ("actionRun", "actionStep", "actionRestart", "actionToEnd"):
        getattr(window, name).triggered.connect(lambda _checked=False, name=name: said.append(name))
    field = window.panel.problem.field
    field.setFocus()
    QTest.keyClicks(field, "r. ")
    window.panel.problem.combo.setFocus()
    QTest.keyClicks(window.panel.problem.combo.search, "r. ")
    slider = window.transport.speed_slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    QTest.keyClick(slider, Qt.Key.Key_End)
    header = window.panel.optimizers.cards[0].header
    header.setFocus()
    QTest.keyClick(header, Qt.Key.Key_Space)
    assert said == []


def test_undo_reaches_the_window_from_a_field(window: MainWindow) -> None:
    said: list[str] = []
    window.actionUndo.triggered.connect(lambda: said.append("undo"))
    field = window.panel.start.fields[0]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert said == ["undo"]


def test_alt_and_a_letter_reach_menus_and_fields(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert window.panel.stopping.iterations.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    menu = window.actions_by_name.menu("view")
    qtbot.waitUntil(menu.isVisible)
    menu.close()


def test_mnemonics_do_not_collide(window: MainWindow) -> None:
    letters: list[str] = []
    for name, menu in ((key, window.actions_by_name.menu(key)) for key in ("file", "edit", "run", "view", "help")):
        texts = [action.text() for action in menu.actions() if action.text()]
        inside = [text[text.index("&") + 1].casefold() for text in texts if "&" in text]
        assert len(set(inside)) == len(inside), name
        letters.append(menu.title()[0].casefold())
    assert len(set(letters)) == len(letters)


def test_floating_buttons(window: MainWindow) -> None:
    said: list[object] = []
    window.actionLogZ.triggered.connect(lambda checked: said.append(checked))
    window.actionResetView.triggered.connect(lambda: said.append("reset"))
    buttons = window.centre.buttons.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for button in buttons[:2]:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert said == ["reset", True]
    assert window.actionLogZ.isChecked()
    window.actionLogZ.setVisible(False)
    assert not buttons[1].isVisible()


def test_floating_buttons_leave_room_for_the_legend(window: MainWindow, qtbot: QtBot) -> None:
    wide = window.centre.buttons.width()
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: window.centre.width() < 560 and window.centre.buttons.width() < wide - 60)
    for button in controls(window.centre.buttons):
        assert button.accessibleName()
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: window.centre.buttons.width() == wide)


def test_themes_are_chosen_from_the_menu(window: MainWindow) -> None:
    said: list[object] = []
    window.setThemeChoice("dark")
    window.themeChanged.connect(said.append)
    window.themeChosen.connect(said.append)
    window.actionThemeLight.trigger()
    assert said == [LIGHT, "light"]
    assert window.theme() is LIGHT
    card = window.panel.optimizers.cards[0].grab().toImage()
    assert card.pixelColor(card.width() // 2, card.height() - 4).name() == LIGHT.raised
    image = window.grab().toImage()
    assert image.pixelColor(round(4 * image.devicePixelRatio()), image.height() // 2).name() == LIGHT.panel
    window.actionThemeDark.trigger()
    card = window.panel.optimizers.cards[0].grab().toImage()
    assert card.pixelColor(card.width() // 2, card.height() - 4).name() == DARK.raised
    image = window.grab().toImage()
    assert image.pixelColor(round(4 * image.devicePixelRatio()), image.height() // 2).name() == DARK.panel


def test_the_system_decides_unless_told(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    hints = QApplication.styleHints()
    said: list[object] = []
    window.setThemeChoice("system")
    window.themeChanged.connect(said.append)
    monkeypatch.setattr(type(hints), "colorScheme", lambda _self: Qt.ColorScheme.Light)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert window.theme() is LIGHT
    window.setThemeChoice("dark")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert window.theme() is DARK
    window.setThemeChoice("system")
    assert window.theme() is LIGHT
    monkeypatch.setattr(type(hints), "colorScheme", lambda _self: Qt.ColorScheme.Unknown)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert window.theme() is DARK


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    window.panel.setModel(data_model())
    found = controls(window)
    assert len(found) > 25
    for control in found:
        parent = control.parentWidget()
        assert control.accessibleName(), control
        assert control.toolTip() or type(control).__name__ == "QTabBar" or (
            isinstance(control, QLineEdit) and parent and parent.toolTip()
        ), control


def test_every_text_follows_the_language(window: MainWindow, longer: Longer, qapp: QApplication) -> None:
    window.panel.setModel(data_model())
    model_texts = {"Adam", "Momentum", "Gradient Descent Studio", "w", "b", "w , b"}
    _speak(longer, qapp)
    for label in window.findChildren(QLabel):
        text = label.text()
        if label.isVisible() and any(letter.isalpha() for letter in text) and text not in model_texts and (
            len(text) > 2
        ):
            assert MARK in text, text
    for control in controls(window):
        name = control.accessibleName()
        assert MARK in name or name in model_texts or len(name) <= 2, name
        assert MARK in control.toolTip() or not control.toolTip(), control.toolTip()
    for name in ACTIONS:
        assert MARK in getattr(window, name).text()
    qapp.removeTranslator(longer)
    QCoreApplication.sendPostedEvents()
    assert window.actionRun.text() == "&Run"
    assert window.panel.stopping.heading.text() == "Stopping"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700)])
@pytest.mark.parametrize("long", [False, True], ids=["english", "longer"])
def test_everything_has_its_place(
    window: MainWindow, qtbot: QtBot, qapp: QApplication, longer: Longer, width: int, height: int, long: bool,
) -> None:
    if long:
        _speak(longer, qapp)
    window.transport.setPosition(1618, 2000)
    window.resize(width, height)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == (width, height))
    qtbot.waitUntil(lambda: window.transport.width() > width // 2)
    assert 250 <= window.panel.width() <= 300
    assert window.right.width() >= 300

    def transport_fits() -> bool:
        parts = [*controls(window.transport), window.transport.position, window.transport.speed_value]
        left = [each.mapTo(window, QPoint(0, 0)).x() for each in parts]
        right = [start + each.width() for start, each in zip(left, parts, strict=True)]
        return min(left) >= window.panel.width() and max(right) <= width

    qtbot.waitUntil(transport_fits)
    metrics = window.transport.position.fontMetrics()
    assert metrics.horizontalAdvance(window.transport.position.text()) <= window.transport.position.width()
    buttons = window.centre.buttons
    assert buttons.x() >= 0
    assert buttons.geometry().right() <= window.centre.width()


def test_a_scroll_bar_takes_no_room_from_the_controls(window: MainWindow, qtbot: QtBot) -> None:
    panel, combo = window.panel, window.panel.problem.combo
    qtbot.waitUntil(lambda: not panel.verticalScrollBar().isVisible())
    margin = panel.width() - combo.width()
    window.resize(window.width(), 640)
    qtbot.waitUntil(panel.verticalScrollBar().isVisible)
    qtbot.waitUntil(lambda: panel.width() - combo.width() == margin)


def test_columns_moved_by_hand_stay(window: MainWindow, qtbot: QtBot) -> None:
    window.columns.moveSplitter(330, 1)
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: window.width() == 1100)
    assert window.panel.width() >= 320


def test_titles_of_the_views(window: MainWindow) -> None:
    assert window.contour_pane.tabs.tabText(0) == "Contour"
    window.setContourTitle("derivative")
    assert window.contour_pane.tabs.tabText(0) == "Derivative"
    assert window.curves_pane.current() == "loss"


def test_further_tabs(window: MainWindow) -> None:
    pane, other = window.curves_pane, QWidget()
    said: list[str] = []
    pane.addView("rate", other, "Learning rate")
    pane.chosen.connect(said.append)
    QTest.mouseClick(pane.tabs, Qt.MouseButton.LeftButton, pos=pane.tabs.tabRect(1).center())
    assert said == ["rate"]
    assert pane.stack.currentWidget() is other
    pane.setCurrent("loss")
    assert pane.stack.currentWidget() is not other


def test_the_title_names_the_document(window: MainWindow) -> None:
    window.setDocumentName("valley.json", True)
    assert "valley.json" in window.windowTitle()
    assert window.isWindowModified()


def test_closing_says_so_and_asks_nothing(window: MainWindow) -> None:
    said: list[str] = []
    window.closing.connect(lambda: said.append("closing"))
    window.actionQuit.trigger()
    assert said == ["closing"]
    assert not window.isVisible()


@pytest.mark.parametrize("name", ["actionAbout", "actionShortcuts"])
def test_help_opens_beside_the_run(window: MainWindow, name: str) -> None:
    getattr(window, name).trigger()
    dialog = window.findChild(TextDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert "Studio" in dialog.text.text() or "Ctrl+Z" in dialog.text.text()
    dialog.close()


def test_windows_do_not_pile_up(qtbot: QtBot, qapp: QApplication) -> None:
    before = len(qapp.allWidgets())
    for _ in range(5):
        window = MainWindow()
        window.setViews(QWidget(), QWidget(), QWidget())
        window.panel.setModel(function_model())
        activate(window, qtbot)
        window.close()
        window.deleteLater()
        del window
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(qapp.allWidgets()) <= before
