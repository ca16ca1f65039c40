"""Mnemonics that are heard but not seen: Alt and a letter, named in the tooltip rather than underlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class Mnemonic(QObject):
    """Calls `action` at Alt and the letter that follows the ampersand in a translated text.

    Parameters
    ----------
    parent : QWidget
        Whose window the keys work in.
    action : callable
        What to do.
    """

    def __init__(self, parent: QWidget, action: Callable[[], object]) -> None:
        super().__init__(parent)
        self._shortcut = QShortcut(parent)
        self._shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        self._shortcut.activated.connect(action)

    def take(self, text: str) -> str:
        """Listen to the mnemonic of `text`; return the text without its ampersand."""
        self._shortcut.setKey(QKeySequence.mnemonic(text))
        return text.replace("&", "", 1)

    def keys(self) -> str:
        """Return the keys as people read them, such as ``Alt+I``; empty without a mnemonic."""
        return self._shortcut.key().toString(QKeySequence.SequenceFormat.NativeText)

    def told(self, tooltip: str) -> str:
        """Return `tooltip` with the keys at its end."""
        return f"{tooltip} ({self.keys()})" if self.keys() else tooltip
