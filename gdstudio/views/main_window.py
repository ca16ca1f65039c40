"""The main window: where everything stands, its menus, its theme. It knows no engine and computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QFont, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gdstudio.resources import resource
from gdstudio.views import style
from gdstudio.views.actions import THEME_ACTIONS, WindowActions
from gdstudio.views.controls import IconButton, scroll_into_sight
from gdstudio.views.curves_pane import CurvesPane
from gdstudio.views.data_pane import DataPane
from gdstudio.views.dialogs import TextDialog, shortcuts_text
from gdstudio.views.maps_pane import MapsPane
from gdstudio.views.panel.parameter_panel import ParameterPanel
from gdstudio.views.panes import CentrePane, FloatingButton
from gdstudio.views.scheme import Scheme, ThemeChoice
from gdstudio.views.status import StatusBar
from gdstudio.views.style_sheet import style_sheet
from gdstudio.views.transport import TransportBar

if TYPE_CHECKING:
    from gdstudio.scene.theme import Theme

APPLICATION = "Gradient Descent Studio"
USUAL_SIZE = QSize(1440, 900)
SMALLEST_SIZE = QSize(940, 620)


class MainWindow(QMainWindow):
    """Panel at the left, the surface in the middle, contours and curves at the right, transport below.

    Where there is data it stands below the surface.

    Every action is an attribute under its object name (``window.actionRun``). Signals: `themeChanged`
    carries the new `Theme`, `themeChosen` what a person chose, `closing` comes before the window closes,
    `languageChanged` when the window's own texts are in another language: what it was given is to be given anew.
    """

    themeChanged = Signal(object)
    themeChosen = Signal(str)
    closing = Signal()
    languageChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self.setFont(style.text_font())
        self.setWindowIcon(QIcon(str(resource("icons", "app.svg"))))
        self.actions_by_name = WindowActions(self)
        self._scheme = Scheme(self)
        self._document = ("", False)
        self._contour_title = "contour"
        self._sized_by_hand = False
        self.panel = ParameterPanel(self)
        names = {"restart": "actionRestart", "step_back": "actionStepBack", "run": "actionRun",
                 "pause": "actionPause", "step": "actionStep", "to_end": "actionToEnd"}
        self.transport = TransportBar({key: self.actions_by_name[name] for key, name in names.items()}, self)
        self.status = StatusBar(self)
        self.centre = CentrePane(self)
        self.contour_pane = MapsPane(self)
        self.curves_pane = CurvesPane(self)
        self.data_pane = DataPane(self)
        self._lay_out()
        self._build_menus()
        self._add_floating_buttons()
        self._connect()
        self.setPlaying(False)
        self.actionStepBack.setEnabled(False)
        self._dress(self._scheme.theme())
        self.retranslate()
        self.setMinimumSize(SMALLEST_SIZE)
        self._resize_to_screen()
        self.centre.setFocus()

    def __getattr__(self, name: str) -> QAction:
        """Return the action called `name`."""
        actions: WindowActions | None = self.__dict__.get("actions_by_name")
        if actions is None or name not in actions:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        return actions[name]

    # what the controller sets

    def setViews(self, centre: QWidget, contour: QWidget, loss: QWidget) -> None:
        """Put the views where they belong; call it once."""
        self.centre.setView(centre)
        self.contour_pane.addView("contour", contour)
        self.curves_pane.addView("loss", loss)
        self._say_tabs()

    def setDataViews(self, batch: QWidget, cloud: QWidget, metrics: QWidget) -> None:
        """Put the views of batches and metrics where they belong, not yet offered; call it once, after `setViews`."""
        self.contour_pane.addView("batch", batch)
        self.contour_pane.addView("cloud", cloud)
        self.curves_pane.addView("metrics", metrics)
        self._say_tabs()
        self.setDataShown(False)

    def setDataShown(self, shown: bool) -> None:
        """Show the data below the surface and offer the views that only data has, or take all of it away."""
        self.data_pane.setVisible(shown)
        for pane, first, keys in (
            (self.contour_pane, "contour", ("batch", "cloud")), (self.curves_pane, "loss", ("metrics",)),
        ):
            if not shown and pane.current() in keys:
                pane.setCurrent(first)
            for key in keys:
                pane.setViewOffered(key, shown)

    def setPlaying(self, playing: bool, can_run: bool = True) -> None:
        """Let run and pause, and the round button, fit a run that plays or rests; a finished one cannot run."""
        self.actionRun.setEnabled(can_run and not playing)
        self.actionPause.setEnabled(playing)
        self.transport.setPlaying(playing)

    def setContourTitle(self, key: str) -> None:
        """Call the upper right view ``contour`` or, for one variable, ``derivative``."""
        self._contour_title = key
        self._say_tabs()

    def setDocumentName(self, name: str, changed: bool = False) -> None:
        """Show the name of the experiment in the window's title, marked where it has unsaved changes."""
        self._document = (name, changed)
        self.setWindowTitle(f"{name}[*] — {APPLICATION}" if name else f"{APPLICATION}[*]")
        if changed != self.isWindowModified():  # which the style would take as a change in any case
            self.setWindowModified(changed)

    def theme(self) -> Theme:
        """Return the theme in force."""
        return self._scheme.theme()

    def themeChoice(self) -> ThemeChoice:
        """Return whether the theme follows the system or was chosen."""
        return self._scheme.choice()

    def setThemeChoice(self, choice: ThemeChoice) -> None:
        """Follow the system or keep to one theme; emits `themeChanged` where that changes the theme."""
        self.actions_by_name[THEME_ACTIONS[choice]].setChecked(True)
        self._scheme.setChoice(choice)

    # events

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.actions_by_name.retranslate()
        self._reset_button.setText(self.tr("reset view"))
        self._log_button.setText(self.tr("log z"))
        self._image_button.setText(self.tr("image"))
        for button in (self._reset_button, self._log_button, self._image_button):
            button.setAccessibleName(button.text())
        self.menuBar().setAccessibleName(self.tr("Menu bar"))
        self._say_tabs()
        self.setDocumentName(*self._document)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.languageChanged.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab go on, and scroll what has got the keyboard into sight."""
        if not super().focusNextPrevChild(forward):
            return False
        focus = QApplication.focusWidget()
        if focus is not None:
            scroll_into_sight(focus)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run or pause on Space, which no control in focus wanted."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            (self.actionPause if self.actionPause.isEnabled() else self.actionRun).trigger()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the proportions of the columns until a person has moved them."""
        super().resizeEvent(event)
        if not self._sized_by_hand:
            self._proportion()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so, then close: nothing is asked."""
        self.closing.emit()
        super().closeEvent(event)

    # construction

    def _lay_out(self) -> None:
        self.right = QSplitter(Qt.Orientation.Vertical)
        self.right.addWidget(self.contour_pane)
        self.right.addWidget(self.curves_pane)
        self.plots = QSplitter(Qt.Orientation.Horizontal)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(self.centre)
        self.middle.addWidget(self.data_pane)
        self.data_pane.hide()
        self.plots.addWidget(self.middle)
        self.plots.addWidget(self.right)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.plots, 1)
        column.addWidget(self.transport)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(self.panel)
        self.columns.addWidget(work)
        for splitter in (self.columns, self.plots, self.middle, self.right):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
            splitter.splitterMoved.connect(self._sized)
        self.columns.setStretchFactor(1, 1)
        self.plots.setStretchFactor(0, 1)
        whole = QWidget(self)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.columns, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)

    def _build_menus(self) -> None:
        bar = self.menuBar()
        self.actions_by_name.fillMenuBar(bar)
        title = QLabel(APPLICATION, bar)
        title.setObjectName("applicationTitle")
        title.setFont(style.text_font(13, QFont.Weight.DemiBold))
        title.setAccessibleName(APPLICATION)
        bar.setCornerWidget(title, Qt.Corner.TopLeftCorner)

    def _add_floating_buttons(self) -> None:
        self._reset_button = FloatingButton(self.actionResetView, "reset-view")
        self._log_button = FloatingButton(self.actionLogZ, "log-z")
        self._image_button = FloatingButton(self.actionExportImage, "image")
        for button in (self._reset_button, self._log_button, self._image_button):
            self.centre.addButton(button)

    def _connect(self) -> None:
        self._scheme.changed.connect(self._follow_theme)
        self.actionQuit.triggered.connect(self.close)
        self.actionAbout.triggered.connect(self._show_about)
        self.actionShortcuts.triggered.connect(self._show_shortcuts)
        self.actionThemeSystem.setChecked(True)
        for choice, name in THEME_ACTIONS.items():
            self.actions_by_name[name].triggered.connect(lambda _checked=False, choice=choice: self._choose(choice))

    def _choose(self, choice: ThemeChoice) -> None:
        self._scheme.setChoice(choice)
        self.themeChosen.emit(choice)

    def _follow_theme(self, theme: Theme) -> None:
        self._dress(theme)
        self.themeChanged.emit(theme)

    def _dress(self, theme: Theme) -> None:
        palette = style.palette(theme)
        # the application's, not the window's: a style sheet brings back the palette that it found on a widget,
        # and dialogs and menus are windows of their own
        QApplication.setPalette(palette)
        self.setStyleSheet(style_sheet(theme))
        self.actions_by_name.recolour(palette)
        # told one by one: a widget that has not been shown yet hears nothing of a new palette
        for button in self.findChildren(IconButton):
            button.recolour()
        self.panel.setTheme(theme)

    def _say_tabs(self) -> None:
        self.contour_pane.setDerivative(self._contour_title == "derivative")
        self.curves_pane.retranslate()

    def _resize_to_screen(self) -> None:
        available = self.screen().availableSize()
        self.resize(USUAL_SIZE.boundedTo(available))

    def _sized(self) -> None:
        self._sized_by_hand = True

    def _proportion(self) -> None:
        width = self.width()
        panel = min(296, max(250, round(width * 0.2056)))
        right = min(460, max(300, round(width * 0.294)))
        self.columns.setSizes([panel, width - panel])
        self.plots.setSizes([width - panel - right, right])
        for column in (self.middle, self.right):
            column.setSizes([1000, 1000])

    def _show_about(self) -> None:
        text = self.tr(
            "<h3>Gradient Descent Studio</h3><p>Watch, steer and understand gradient descent: surfaces, contours "
            "and curves of test functions, of your own formulas and of models fitted to data.</p>"
            "<p>Free software under the MIT licence.</p>"
        )
        TextDialog(self.tr("About"), text, self).show()

    def _show_shortcuts(self) -> None:
        TextDialog(self.tr("Keyboard shortcuts"), shortcuts_text(self.actions_by_name.shortcuts()), self).show()
