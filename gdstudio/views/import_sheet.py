"""The dialog of a file of columns: how it is written, which column plays which part, what becomes of its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gdstudio.views.controls import CheckBox, Divider, ElidedLabel
from gdstudio.views.import_model import FORMAT_FIELDS, ImportModel
from gdstudio.views.key_combo import KeyCombo
from gdstudio.views.panel.model import Choice
from gdstudio.views.panel.section import ErrorLabel
from gdstudio.views.preview_table import PreviewTable
from gdstudio.views.sheet import Sheet, SheetBody
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

_STEPS = 1000


class ImportSheet(Sheet):
    """A file that is about to be opened.

    Parameters
    ----------
    window : QWidget
        The window that it opens in.
    name : str
        Of the file.

    Signals
    -------
    formatChanged(str, str)
        One of `FORMAT_FIELDS` and the key of the choice.
    mendChanged(str), standardizeToggled(bool)
        What happens to rows with faults, and to the features.
    targetChosen(str), roleChosen(str, str)
        The column to be predicted; a column and its role.
    taken()
        The file is to be opened as shown; whoever listens closes the dialog when that is done.
    """

    formatChanged = Signal(str, str)
    mendChanged = Signal(str)
    standardizeToggled = Signal(bool)
    targetChosen = Signal(str)
    roleChosen = Signal(str, str)
    taken = Signal()

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window, QSize(920, 620))
        self._model = ImportModel()
        self.title, self.name = QLabel(self.card), ElidedLabel(self.card)
        self.name.setWhole(name)
        self.captions = {key: QLabel(self.card) for key in (*FORMAT_FIELDS, "target", "mend")}
        self.formats = {key: KeyCombo(self.card) for key in FORMAT_FIELDS}
        self.table = PreviewTable(self.card)
        self.target, self.mend = KeyCombo(self.card), KeyCombo(self.card)
        self.standardize = CheckBox(self.card)
        self.summary = QLabel(self.card)
        self.error = ErrorLabel(self.card)
        self.progress = QProgressBar(self.card)
        self.cancel_button, self.take_button = QPushButton(self.card), QPushButton(self.card)
        self._lay_out()
        self._connect()
        self.retranslate()

    def open(self) -> None:
        """Show the dialog with the keyboard at the first choice."""
        super().open()
        self.formats["delimiter"].setFocus(Qt.FocusReason.OtherFocusReason)

    def setModel(self, model: ImportModel) -> None:
        """Show a file, without a signal."""
        before, self._model = self._model, model
        # what has not changed is the same object: of very many columns comparing each would take long
        if model.columns is not before.columns or model.notes is not before.notes or model.rows is not before.rows:
            self.table.show_rows(model.columns, model.notes, model.rows)
        for key, combo in self.formats.items():
            if key in model.formats:
                combo.setChoices(*model.formats[key])
        self.target.setChoices(model.targets, model.target)
        self.mend.setChoices(self._mends(), model.mend)
        self.standardize.setChecked(model.standardize)
        self.summary.setText(model.summary)
        self.summary.setVisible(bool(model.summary))
        self.error.setSentence(model.mistake)
        self.setProgress(model.progress)
        self.take_button.setEnabled(model.ready)
        self._say_take()

    def setProgress(self, share: float | None) -> None:
        """Show how much has been read, as `ImportModel.progress`."""
        self.progress.setVisible(share is not None)
        if share is not None:
            self.progress.setRange(0, 0 if share >= 1.0 else _STEPS)
            self.progress.setValue(round(_STEPS * share))

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return [
            *self.formats.values(), self.table, self.target, self.mend, self.standardize, self.cancel_button,
            self.take_button,
        ]

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the file on Enter; Escape closes the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.cancel_button if self.cancel_button.hasFocus() else self.take_button).click()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stay open where the veil is pressed: what was corrected is not lost by a slip."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        title = self.tr("Open data")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.title.setText(title)
        for key, combo, name, tooltip in (
            ("encoding", self.formats["encoding"], self.tr("encoding"),
             self.tr("How letters stand in the file; found by looking, and corrected here")),
            ("delimiter", self.formats["delimiter"], self.tr("delimiter"), self.tr("What stands between two cells")),
            ("decimal", self.formats["decimal"], self.tr("decimal mark"), self.tr("What stands before the decimals")),
            ("header", self.formats["header"], self.tr("first line"),
             self.tr("Whether the first line names the columns")),
            ("target", self.target, self.tr("target"), self.tr("The column that is predicted")),
            ("mend", self.mend, self.tr("rows with faults"),
             self.tr("What happens to rows with cells that are missing or no number, or of another length")),
        ):
            self.captions[key].setText(name)
            combo.setAccessibleName(name)
            combo.setToolTip(tooltip)
        self.mend.setChoices(self._mends(), self._model.mend)
        self.standardize.setText(self.tr("standardize the features"))
        self.standardize.setAccessibleName(self.standardize.text())
        self.standardize.setToolTip(self.tr(
            "Shift and scale every feature to mean 0 and standard deviation 1 over the training samples"))
        self.table.setAccessibleName(self.tr("First rows of the file"))
        self.table.setToolTip(self.tr("A click above a column, or Enter in it, chooses what part it plays"))
        self.progress.setAccessibleName(self.tr("How much of the file has been read"))
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.cancel_button.text())
        self.cancel_button.setToolTip(self.tr("Stop reading and keep the present experiment"))
        self.take_button.setText(self.tr("Open"))
        self.take_button.setAccessibleName(self.take_button.text())
        self._say_take()

    def _mends(self) -> tuple[Choice, ...]:
        return (
            Choice("refuse", self.tr("refuse the file")), Choice("drop", self.tr("leave them out")),
            Choice("fill", self.tr("fill with the mean")),
        )

    def _say_take(self) -> None:
        self.take_button.setToolTip(
            self.tr("Fit a model to these data; undo brings the present experiment back") if self._model.ready
            else self.tr("It can be opened as soon as it is read and nothing is wrong with it")
        )

    # construction

    def _connect(self) -> None:
        for key, combo in self.formats.items():
            combo.picked.connect(lambda choice, key=key: self.formatChanged.emit(key, choice))
        self.table.roleChosen.connect(self.roleChosen)
        self.target.picked.connect(self.targetChosen)
        self.mend.picked.connect(self.mendChanged)
        self.standardize.clicked.connect(self.standardizeToggled)
        self.cancel_button.clicked.connect(self.reject)
        self.take_button.clicked.connect(lambda: self.taken.emit())

    def _lay_out(self) -> None:
        self.title.setFont(text_font(17, QFont.Weight.DemiBold))
        self.name.setProperty("role", "muted")
        head = QHBoxLayout()
        head.setContentsMargins(20, 11, 20, 11)
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.name, 1)
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        body = SheetBody(self.card)
        middle = QVBoxLayout(body)
        middle.setContentsMargins(20, 14, 20, 14)
        middle.setSpacing(12)
        middle.addLayout(self._grid(tuple(self.formats.items())))
        middle.addWidget(self.table, 1)
        middle.addLayout(self._grid((("target", self.target), ("mend", self.mend)), self.standardize))
        middle.addWidget(self.summary)
        middle.addWidget(self.error)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Divider(self.card))
        column.addWidget(body, 1)
        column.addWidget(Divider(self.card))
        column.addLayout(self._buttons())

    def _grid(self, rows: tuple[tuple[str, KeyCombo], ...], beside: QWidget | None = None) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for place, (key, combo) in enumerate(rows):
            self.captions[key].setProperty("role", "muted")
            self.captions[key].setFont(text_font(12))
            grid.addWidget(self.captions[key], 0, place)
            grid.addWidget(combo, 1, place)
            grid.setColumnStretch(place, 1)
        if beside is not None:
            grid.addWidget(beside, 1, len(rows))
            grid.setColumnStretch(len(rows), 1)
        return grid

    def _buttons(self) -> QHBoxLayout:
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(220, 8)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(20, 12, 14, 12)
        buttons.setSpacing(10)
        buttons.addWidget(self.progress)
        buttons.addStretch(1)
        for button, name in ((self.cancel_button, "cancelImport"), (self.take_button, "takeImport")):
            button.setObjectName(name)
            button.setProperty("role", "go" if button is self.take_button else "pill")
            button.setFont(text_font(12))
            button.setAutoDefault(False)
            buttons.addWidget(button)
        return buttons
