"""Which theme is in force: the system's, or the one that a person chose."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from gdstudio.scene.theme import DARK, LIGHT, Theme

ThemeChoice = Literal["system", "dark", "light"]


class Scheme(QObject):
    """Follows the colour scheme of the system unless told otherwise.

    `changed` carries the new theme. A system that has no opinion gets the dark one.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice: ThemeChoice = "system"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._update)
        self._theme = self._current()

    def choice(self) -> ThemeChoice:
        """Return what was chosen."""
        return self._choice

    def setChoice(self, choice: ThemeChoice) -> None:
        """Follow the system, or keep to one theme."""
        self._choice = choice
        self._update()

    def theme(self) -> Theme:
        """Return the theme in force."""
        return self._theme

    def _current(self) -> Theme:
        if self._choice == "system":
            light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        else:
            light = self._choice == "light"
        return LIGHT if light else DARK

    def _update(self) -> None:
        theme = self._current()
        if theme is not self._theme:
            self._theme = theme
            self.changed.emit(theme)
