"""The status bar: what the run does and why, what is under the pointer, how fast it goes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gdstudio.views.controls import ElidedLabel
from gdstudio.views.sentence import SentenceLabel
from gdstudio.views.style import mono_font, text_font
from gdstudio.views.work_bar import WorkBar

MESSAGE_MILLISECONDS = 6000


class StatusBar(QWidget):
    """Three texts in a row; a message takes the place of the first for a few seconds.

    The first can be long: a click on it, or Enter, shows it whole.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(27)
        self.state = SentenceLabel(self)
        self.state.setObjectName("statusState")
        self.readout = ElidedLabel(self)
        self.work = WorkBar(self)
        # short, and never cut: it changes many times a second
        self.rate = QLabel(self)
        self._state = ("", "")
        self._steps_per_second: float | None = None
        for label, font in ((self.state, text_font(12)), (self.readout, text_font(12)), (self.rate, mono_font(11))):
            label.setFont(font)
            label.setProperty("role", "muted")
        self.rate.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(20)
        self.state.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        line.addWidget(self.state)
        line.addWidget(self.readout, 1)
        line.addWidget(self.work)
        line.addWidget(self.rate)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end_message)
        self.retranslate()

    def setState(self, text: str, more: str = "") -> None:
        """Show what the run does and why, such as "Running · still descending".

        Parameters
        ----------
        text : str
            What stands in the bar, what matters first: the end is cut where there is no room.
        more : str
            What can be read on a click, in lines; the text itself where it is empty.
        """
        self._state = text, more
        if not self._timer.isActive():
            self.state.setSentence(text, more)

    def setReadout(self, text: str) -> None:
        """Show what is under the pointer; empty where nothing is."""
        self.readout.setWhole(text)
        # what is under the pointer now goes before the end of a long sentence
        self.readout.setMinimumWidth(min(self.readout.sizeHint().width(), self.width() // 2) if text else 0)

    def setStepsPerSecond(self, rate: float | None) -> None:
        """Show how many steps a second are computed; None where none are."""
        self._steps_per_second = rate
        self.rate.setText("" if rate is None else self.tr("{rate} steps/s").format(rate=_short(rate)))

    def showMessage(self, text: str, milliseconds: int = MESSAGE_MILLISECONDS) -> None:
        """Show `text` in place of the state for a while."""
        self.state.setSentence(text)
        self._timer.start(milliseconds)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Status"))
        self.setStepsPerSecond(self._steps_per_second)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _end_message(self) -> None:
        self.state.setSentence(*self._state)


def _short(rate: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.3g} {letter}"
    return f"{rate:.0f}"
