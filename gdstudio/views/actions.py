"""The actions of the window: what its menus, buttons and shortcuts do, each once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette

from gdstudio.views import icons
from gdstudio.views.shortcuts import Mnemonic

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


@dataclass(frozen=True, slots=True)
class _Row:
    """An action: its object name, its shortcuts as Qt writes them, its icon, and whether it is a switch."""

    name: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False


_ROWS = (
    _Row("actionOpen", ("Ctrl+O",), "open"),
    _Row("actionOpenData", ("Ctrl+Shift+O",)),
    _Row("actionSave", ("Ctrl+S",), "save"),
    _Row("actionSaveAs", ("Ctrl+Shift+S",)),
    _Row("actionExportImage", ("Ctrl+E",), "image"),
    _Row("actionExportTrajectory", ("Ctrl+Shift+E",)),
    _Row("actionQuit", ("Ctrl+Q",)),
    _Row("actionUndo", ("Ctrl+Z",), "undo"),
    _Row("actionRedo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    _Row("actionRun", ("F5",), "run"),
    _Row("actionPause", ("F5",), "pause"),
    _Row("actionStep", (".",), "step"),
    _Row("actionStepBack", (), "step-back"),
    _Row("actionRestart", ("Home", "R"), "restart"),
    _Row("actionToEnd", ("End",), "to-end"),
    _Row("actionResetView", ("Ctrl+0",), "reset-view"),
    _Row("actionLogZ", ("L",), checkable=True),
    _Row("actionThemeSystem", checkable=True),
    _Row("actionThemeDark", checkable=True),
    _Row("actionThemeLight", checkable=True),
    _Row("actionShortcuts", ("F1",)),
    _Row("actionAbout"),
)

THEME_ACTIONS = {"system": "actionThemeSystem", "dark": "actionThemeDark", "light": "actionThemeLight"}

_MENUS: dict[str, tuple[str, ...]] = {
    "file": ("actionOpen", "actionOpenData", "actionSave", "actionSaveAs", "", "actionExportImage",
             "actionExportTrajectory", "", "actionQuit"),
    "edit": ("actionUndo", "actionRedo"),
    "run": ("actionRun", "actionPause", "", "actionStep", "actionStepBack", "", "actionRestart", "actionToEnd"),
    "view": ("actionResetView", "actionLogZ", "", "theme"),
    "help": ("actionShortcuts", "actionAbout"),
}


def plain(text: str) -> str:
    """Return the text of an action without its mnemonic and dots."""
    return text.replace("&", "").rstrip("…")


class WindowActions(QObject):
    """All actions by name, and the menus they stand in."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self._mnemonics: dict[str, Mnemonic] = {}
        for row in _ROWS:
            action = QAction(window)
            action.setObjectName(row.name)
            action.setShortcuts([QKeySequence(each) for each in row.shortcuts])
            action.setCheckable(row.checkable)
            self._actions[row.name] = action
        themes = QActionGroup(self)
        for choice, name in THEME_ACTIONS.items():
            self._actions[name].setData(choice)
            themes.addAction(self._actions[name])
        window.addActions(list(self._actions.values()))

    def __getitem__(self, name: str) -> QAction:
        """Return the action with this object name."""
        return self._actions[name]

    def __contains__(self, name: object) -> bool:
        """Return whether there is an action with this object name."""
        return name in self._actions

    def keys(self, name: str) -> str:
        """Return the shortcuts of an action as people read them, or an empty string."""
        shortcuts = self._actions[name].shortcuts()
        keys = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in shortcuts)
        return self.tr("Space, {keys}").format(keys=keys) if name in ("actionRun", "actionPause") else keys

    def shortcuts(self) -> list[tuple[str, str]]:
        """Return what can be done by keys, and the keys, in the order of the menus."""
        return [(plain(self._actions[row.name].text()), self.keys(row.name)) for row in _ROWS if row.shortcuts]

    def menu(self, key: str) -> QMenu:
        """Return the menu ``file``, ``edit``, ``run``, ``view``, ``theme`` or ``help``."""
        return self._menus[key]

    def fillMenuBar(self, bar: QMenuBar) -> None:
        """Put the menus into `bar`."""
        for key, names in _MENUS.items():
            menu = self._menus[key] = bar.addMenu("")
            self._mnemonics[key] = Mnemonic(bar, partial(bar.setActiveAction, menu.menuAction()))
            for name in names:
                if not name:
                    menu.addSeparator()
                elif name == "theme":
                    self._menus["theme"] = menu.addMenu("")
                    self._menus["theme"].addActions([self._actions[each] for each in THEME_ACTIONS.values()])
                else:
                    menu.addAction(self._actions[name])

    def recolour(self, palette: QPalette) -> None:
        """Draw the icons in the colours of `palette`."""
        colour = palette.color(QPalette.ColorRole.PlaceholderText)
        for row in _ROWS:
            if row.icon:
                self._actions[row.name].setIcon(icons.icon(row.icon, colour))

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        for name, (text, tip) in {**self._document_texts(), **self._run_texts(), **self._view_texts()}.items():
            action = self._actions[name]
            action.setText(text)
            keys = self.keys(name)
            action.setToolTip(f"{tip} ({keys})" if keys else tip)
        for key, text in (
            ("file", self.tr("&File")), ("edit", self.tr("&Edit")), ("run", self.tr("&Run")),
            ("view", self.tr("&View")), ("theme", self.tr("&Theme")), ("help", self.tr("&Help")),
        ):
            mnemonic = self._mnemonics.get(key)
            self._menus[key].setTitle(mnemonic.take(text) if mnemonic else text)

    def _document_texts(self) -> dict[str, tuple[str, str]]:
        return {
            "actionOpen": (self.tr("&Open…"), self.tr("Open an experiment")),
            "actionOpenData": (self.tr("Open &data…"), self.tr("Open a file of columns, such as CSV")),
            "actionSave": (self.tr("&Save"), self.tr("Save the experiment")),
            "actionSaveAs": (self.tr("Save &as…"), self.tr("Save the experiment under another name")),
            "actionExportImage": (self.tr("Export &picture…"), self.tr("Write a view or the window to a picture file")),
            "actionExportTrajectory": (self.tr("Export &trajectory…"), self.tr("Write every iterate to a file")),
            "actionQuit": (self.tr("&Quit"), self.tr("Close the window; unsaved work is kept")),
            "actionUndo": (self.tr("&Undo"), self.tr("Take back the last change to the experiment")),
            "actionRedo": (self.tr("&Redo"), self.tr("Make the change that was taken back again")),
        }

    def _run_texts(self) -> dict[str, tuple[str, str]]:
        return {
            "actionRun": (self.tr("&Run"), self.tr("Run the descent")),
            "actionPause": (self.tr("&Pause"), self.tr("Pause the descent")),
            "actionStep": (self.tr("&Step"), self.tr("One iteration forward")),
            "actionStepBack": (self.tr("Step &back"), self.tr("One iteration back")),
            "actionRestart": (self.tr("R&estart"), self.tr("Back to the start of the run")),
            "actionToEnd": (self.tr("Run to the e&nd"), self.tr("Jump to the end of the run")),
        }

    def _view_texts(self) -> dict[str, tuple[str, str]]:
        return {
            "actionResetView": (self.tr("&Reset view"), self.tr("Show the whole problem again, from the usual side")),
            "actionLogZ": (self.tr("&Logarithmic height"), self.tr("Show heights on a logarithmic scale")),
            "actionThemeSystem": (self.tr("&System"), self.tr("Dark or light as the system is")),
            "actionThemeDark": (self.tr("&Dark"), self.tr("Light on dark")),
            "actionThemeLight": (self.tr("&Light"), self.tr("Dark on light")),
            "actionShortcuts": (self.tr("&Keyboard shortcuts"), self.tr("Which keys do what")),
            "actionAbout": (self.tr("&About"), self.tr("What this program is")),
        }
