"""What the window is doing with data, how far it is, and a button to give it up: a part of the status bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from gdstudio.views.style import text_font

_STEPS = 1000


class WorkBar(QWidget):
    """One line: what is being done, a bar, and a button; hidden where nothing is done.

    Signals
    -------
    cancelled()
        It is not wanted any more.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.text, self.bar = QLabel(self), QProgressBar(self)
        self.cancel_button = QPushButton(self)
        self.text.setFont(text_font(12))
        self.text.setProperty("role", "muted")
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(120, 8)
        self.cancel_button.setObjectName("cancelWork")
        self.cancel_button.setProperty("role", "link")
        self.cancel_button.setFont(text_font(12))
        self.cancel_button.clicked.connect(lambda: self.cancelled.emit())
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        for widget in (self.text, self.bar, self.cancel_button):
            line.addWidget(widget)
        self.hide()
        self.retranslate()

    def setWork(self, share: float | None, *, cancellable: bool = True) -> None:
        """Show how much of a file has been read, 1 where it is being made ready; None where nothing is done."""
        self._share = share
        if share is not None:
            self.bar.setRange(0, 0 if share >= 1.0 else _STEPS)
            self.bar.setValue(round(_STEPS * share))
            self.cancel_button.setVisible(cancellable)
            self._say()
        self.setVisible(share is not None)

    def share(self) -> float | None:
        """Return what is shown: how much has been read, None where nothing is done."""
        return self._share

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.bar.setAccessibleName(self.tr("How much of the data has been read"))
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.cancel_button.text())
        self.cancel_button.setToolTip(self.tr("Keep the data as they are (Escape)"))
        self._say()

    def _say(self) -> None:
        reading = self._share is not None and self._share < 1.0
        self.text.setText(self.tr("Reading the data") if reading else self.tr("Preparing the data"))
