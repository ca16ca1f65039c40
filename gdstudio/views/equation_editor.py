"""The equation editor: an optimizer of a person's own, typed as the textbook prints it and read at every key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gdstudio.views.editor_text import EquationText
from gdstudio.views.panel.section import ErrorLabel
from gdstudio.views.picker_details import EquationBox
from gdstudio.views.sheet import Sheet, SheetBody
from gdstudio.views.style import mono_font, text_font

if TYPE_CHECKING:
    from gdstudio.views.equation import Equation
    from gdstudio.views.reading import Reading, TextMistake

LONGEST_NAME = 60
# How much is seen of what was found in an older text.
_OLD = 0.35
_NAME = re.compile(r"^[ \t]*name[ \t]*:.*$", re.MULTILINE)


def renamed(text: str, name: str) -> str:
    """Return the text of an optimizer with another name in its first line."""
    line = f"name: {name}"
    if _NAME.search(text):
        return _NAME.sub(lambda _: line, text, count=1)
    return f"{line}\n{text}"


class EquationEditor(Sheet):
    """A text, what is found in it, and what is typeset from it.

    Parameters
    ----------
    window : QWidget
        The window that it opens in.
    text : str
        What it begins with.
    changes : bool
        Whether it takes the place of a run's optimizer; else it is added.

    Signals
    -------
    edited(str)
        The text has changed: answer with `show_reading` or `show_mistake`, and then `show_lines`.
    taken(str)
        A person took the optimizer with this text, which can be read; the editor closes.
    left(str)
        The editor was closed without taking the text.
    openAsked(), saveAsked(str)
        A text is to be opened, or this one saved.
    """

    edited = Signal(str)
    taken = Signal(str)
    left = Signal(str)
    openAsked = Signal()
    saveAsked = Signal(str)

    def __init__(self, window: QWidget, text: str, *, changes: bool = False) -> None:
        super().__init__(window, QSize(900, 584))
        self._changes = changes
        self._read: str | None = None
        self._fading: list[QGraphicsOpacityEffect] = []
        self.title, self.name_label = QLabel(self.card), QLabel(self.card)
        self.name = QLineEdit(self.card)
        self.name.setObjectName("optimizerName")
        self.name.setMaxLength(LONGEST_NAME)
        self.text = EquationText(self.card)
        self.text.setObjectName("optimizerText")
        self.error = ErrorLabel(self.card)
        self.hint = QLabel(self.card)
        self.box = EquationBox(self.card)
        self.captions = {key: QLabel(self.card) for key in ("numbers", "state")}
        self.found = {key: QLabel(self.card) for key in ("numbers", "state")}
        self.doubt = QLabel(self.card)
        self.open_button, self.save_button = QPushButton(self.card), QPushButton(self.card)
        self.cancel_button, self.take_button = QPushButton(self.card), QPushButton(self.card)
        self._lay_out()
        self.retranslate()
        self.text.setPlainText(text)
        self._connect()
        self.take_button.setEnabled(False)

    def open(self) -> None:
        """Show the editor with the cursor at the end of the text, and ask for its reading."""
        super().open()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit(self.text.toPlainText())

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return [
            self.name, self.text, self.open_button, self.save_button, self.cancel_button, self.take_button,
        ]

    # what is answered

    def set_text(self, text: str) -> None:
        """Put another text in the place of the present one, as one step of undo."""
        cursor = self.text.textCursor()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)

    def show_reading(self, text: str, reading: Reading) -> None:
        """Show what was found in `text`, if that is still the text."""
        if text != self.text.toPlainText():
            return
        self._read = text
        self._show_as_old(False)
        self.text.setMark(None)
        self.error.setSentence("")
        self.hint.setVisible(True)
        if not self.name.hasFocus() and self.name.text() != reading.name:
            self.name.setText(reading.name)
        numbers = "   ".join(f"{name} {default}" for name, default in reading.numbers)
        self.found["numbers"].setText(numbers or "–")
        self.found["state"].setText("   ".join(reading.state) or "–")
        self._say_doubt(reading)
        self.text.setAccessibleDescription("")
        self._say_take()

    def show_mistake(self, text: str, mistake: TextMistake) -> None:
        """Show why `text` cannot be read, if that is still the text."""
        if text != self.text.toPlainText():
            return
        self._read = None
        self._show_as_old(True)
        self.text.setMark((mistake.line, mistake.column))
        where = self.tr("Line {line}, column {column}: {message}").format(
            line=mistake.line, column=mistake.column + 1, message=mistake.message)
        self.error.setSentence(where)
        self.hint.setVisible(False)
        self.text.setAccessibleDescription(where)
        self._say_take()

    def say(self, sentence: str) -> None:
        """Say what has gone wrong with a file; the text stays as it is, and the next change of it takes that away."""
        self.error.setSentence(sentence)
        self.hint.setVisible(not sentence)

    def show_lines(self, text: str, lines: tuple[Equation, ...]) -> None:
        """Show the typeset equations of `text`, if that is still the text."""
        if text == self.text.toPlainText():
            self.box.setLines(lines)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the optimizer on Ctrl+Enter; Enter alone is a new line, or goes on from the name."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._take()
            elif self.name.hasFocus():
                self.text.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def mousePressEvent(self, event: object) -> None:
        """Stay open where the veil is pressed: a text is not lost by a slip."""

    def reject(self) -> None:
        """Close, and say what stood there."""
        self.left.emit(self.text.toPlainText())
        super().reject()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        title = self.tr("Your own optimizer")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.title.setText(title)
        self.name_label.setText(self.tr("name"))
        self.name.setAccessibleName(self.tr("Name of the optimizer"))
        self.name.setToolTip(self.tr("What panel and legend call it; the first line of the text"))
        self.text.setAccessibleName(self.tr("Equations of the optimizer"))
        self.text.setToolTip(self.tr("One line for each number and each equation; Ctrl+Enter takes it"))
        self.hint.setText(self.tr(
            "g is the gradient, t the step from 1, theta the parameters. What is read before it is assigned is kept "
            "from step to step and begins at zero; what is only read is a hyperparameter. where(a > b, this, else) "
            "chooses. At any point: gradient(point), hessian_diagonal(point). Over all parameters: norm, dot, sum, "
            "mean. Of matrices: block_norm, newton_schulz."
        ))
        self.captions["numbers"].setText(self.tr("hyperparameters"))
        self.captions["state"].setText(self.tr("state"))
        self._say_buttons()

    # behaviour

    def _say_buttons(self) -> None:
        taken = self.tr("Take it") if self._changes else self.tr("Add to race")
        for button, text, tooltip in (
            (self.open_button, self.tr("Open…"), self.tr("Open an optimizer from a text file")),
            (self.save_button, self.tr("Save…"), self.tr("Save this optimizer as a text file")),
            (self.cancel_button, self.tr("Cancel"), self.tr("Close; the text is here again when the editor is opened")),
            (self.take_button, taken, ""),
        ):
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tooltip)
        self._say_take()

    def _say_doubt(self, reading: Reading) -> None:
        """Name the numbers that may be slips: nothing else tells them from those that are meant."""
        names = ", ".join(f"{name} = {default}" for name, default in reading.guessed)
        self.doubt.setText("\N{WARNING SIGN} " + self.tr(
            "Neither declared nor known, and so taken as hyperparameters: {names}. A line such as {example} above the "
            "equations declares one."
        ).format(names=names, example="keep: 0.9") if names else "")
        self.doubt.setVisible(bool(names))

    def _show_as_old(self, old: bool) -> None:
        """Let what was found in the text before fade while the present one cannot be read."""
        for effect in self._fading:
            effect.setOpacity(_OLD if old else 1.0)
            effect.setEnabled(old)

    def _say_take(self) -> None:
        readable = self._read is not None and self._read == self.text.toPlainText()
        self.take_button.setEnabled(readable)
        self.save_button.setEnabled(readable)
        self.take_button.setToolTip(
            self.tr("Race it from the same start as the others (Ctrl+Enter)") if readable
            else self.tr("It can run as soon as its equations can be read")
        )

    def _edited(self) -> None:
        self._say_take()
        self.edited.emit(self.text.toPlainText())

    def _renamed(self, name: str) -> None:
        if name.strip():
            self.set_text(renamed(self.text.toPlainText(), name.strip()))

    def _take(self) -> None:
        if self.take_button.isEnabled():
            text = self.text.toPlainText()
            self.accept()
            self.taken.emit(text)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._edited)
        self.name.textEdited.connect(self._renamed)
        self.open_button.clicked.connect(self.openAsked)
        self.save_button.clicked.connect(lambda: self.saveAsked.emit(self.text.toPlainText()))
        self.cancel_button.clicked.connect(self.reject)
        self.take_button.clicked.connect(self._take)

    # construction

    def _lay_out(self) -> None:
        self.title.setFont(text_font(17, QFont.Weight.DemiBold))
        self.name_label.setProperty("role", "muted")
        self.name.setFixedWidth(240)
        head = QHBoxLayout()
        head.setContentsMargins(20, 11, 20, 11)
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.name_label)
        head.addWidget(self.name)
        self.hint.setProperty("role", "muted")
        self.hint.setFont(text_font(12))
        self.hint.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(8)
        for widget in (self.error, self.hint):
            left.addWidget(widget)
        left.insertWidget(0, self.text, 1)
        body = SheetBody(self.card)
        middle = QHBoxLayout(body)
        middle.setContentsMargins(20, 16, 20, 16)
        middle.setSpacing(18)
        middle.addLayout(left, 11)
        middle.addWidget(self._right(), 9)
        self.setParts(head, body, {
            "openOptimizer": self.open_button, "saveOptimizer": self.save_button,
            "cancelEditor": self.cancel_button, "takeOwnOptimizer": self.take_button,
        })

    def _right(self) -> QScrollArea:
        """Return what is found in the text: it scrolls, as lines may be many and tall."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (key, caption) in enumerate(self.captions.items()):
            found = self.found[key]
            caption.setProperty("role", "muted")
            caption.setAlignment(Qt.AlignmentFlag.AlignTop)
            found.setFont(mono_font(12))
            found.setWordWrap(True)
            found.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(caption, row, 0)
            grid.addWidget(found, row, 1)
        for widget in (self.box, *self.captions.values(), *self.found.values(), self.doubt):
            effect = QGraphicsOpacityEffect(widget)
            effect.setEnabled(False)
            widget.setGraphicsEffect(effect)
            self._fading.append(effect)
        self.doubt.setProperty("role", "error")
        self.doubt.setWordWrap(True)
        self.doubt.setTextFormat(Qt.TextFormat.PlainText)
        self.doubt.hide()
        contents = QWidget(self.card)
        right = QVBoxLayout(contents)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(self.box)
        right.addLayout(grid)
        right.addWidget(self.doubt)
        right.addStretch(1)
        area = QScrollArea(self.card)
        area.setObjectName("optimizerFound")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(contents)
        return area
