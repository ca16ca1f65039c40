"""A loss over data in the panel: the data, the model, its loss and penalty, the columns, what is held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.engine.parameters import Parameter
from gdstudio.views.controls import CheckBox, IconButton
from gdstudio.views.key_combo import KeyCombo
from gdstudio.views.panel.chips import ColumnChips
from gdstudio.views.panel.data_model import OWN
from gdstudio.views.panel.fields import NumberField, PercentField
from gdstudio.views.panel.numbers import whole
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.panel.search_combo import SearchCombo
from gdstudio.views.panel.section import ErrorLabel, give_room, row_label, rows_grid
from gdstudio.views.panel.typed_text import TypedText

if TYPE_CHECKING:
    from gdstudio.views.panel.data_model import DataModel, TypedModel
    from gdstudio.views.panel.model import ParameterValue

_HELD_OUT = Parameter(
    key="held_out", symbol="", meaning="", default=0.0, minimum=0.0, maximum=100.0, usual=(0.0, 50.0),
    open_maximum=True,
)
_SPLIT_SEED = Parameter(
    key="seed", symbol="", meaning="", default=0.0, minimum=0.0, maximum=2.0**31 - 1, usual=(0.0, 100.0), integer=True
)


class DataSection(QWidget):
    """What belongs to the tab of data.

    Signals
    -------
    sourceChosen(str), fileAsked()
        Other data: of a data set, by its key, or of a file.
    modelChosen(str), lossChosen(str), penaltyChosen(str)
        Keys of the choices.
    formulaEdited(str), penaltyEdited(str)
        At every keystroke; the answer must show this very text.
    numberChanged(str, float, bool), sourceNumberChanged(str, float, bool)
        Key, value and whether it is final.
    standardizeToggled(bool), heldOutChanged(float), splitSeedChanged(int)
        What becomes of the samples.

    Those of the columns are the signals of `chips`.
    """

    sourceChosen = Signal(str)
    fileAsked = Signal()
    modelChosen = Signal(str)
    lossChosen = Signal(str)
    penaltyChosen = Signal(str)
    formulaEdited = Signal(str)
    penaltyEdited = Signal(str)
    numberChanged = Signal(str, float, bool)
    sourceNumberChanged = Signal(str, float, bool)
    standardizeToggled = Signal(bool)
    heldOutChanged = Signal(float)
    splitSeedChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: DataModel | None = None
        self.source = SearchCombo(self)
        self.file = IconButton("open", parent=self)
        self.model, self.loss, self.penalty = KeyCombo(self), KeyCombo(self), KeyCombo(self)
        self.formula, self.own_penalty = TypedText(self), TypedText(self)
        self.numbers, self.source_numbers = ParameterRows(self), ParameterRows(self)
        self.labels = {key: row_label(self) for key in ("loss", "penalty", "columns", "held_out", "samples")}
        self.chips = ColumnChips(self)
        self.standardize = CheckBox(self)
        self.held_out = PercentField(_HELD_OUT.check, lambda value: f"{value:.4g}", off=0.0, parent=self)
        self.split_seed = NumberField(_SPLIT_SEED.check, self._seed_text, parent=self)
        self.error = ErrorLabel(self)
        self.counts = QLabel(self)
        self.chevron = IconButton("chevron-right", pixels=14, parent=self)
        self._lay_out()
        self._connect()
        self._fold(folded=True)

    def setModel(self, model: DataModel) -> None:
        """Show a loss over data; emits nothing, and leaves alone what is being typed or dragged."""
        self._model = model
        self.source.setChoices(model.sources)
        self.source.setCurrent(model.source)
        self.model.setChoices(model.models, model.model)
        self.loss.setChoices(model.losses, model.loss)
        self.penalty.setChoices(model.penalties, model.penalty)
        for combo in (self.loss, self.penalty):
            give_room(combo)
        self.formula.field.setReadOnly(model.model != OWN)
        self.formula.setVisible(model.model == OWN or bool(model.formula.text))
        _show_typed(self.formula, model.formula)
        self.own_penalty.setVisible(model.own_penalty is not None)
        if model.own_penalty is not None:
            _show_typed(self.own_penalty, model.own_penalty)
        for widget in (self.labels["loss"], self.loss):
            widget.setVisible(bool(model.losses))
        _show_values(self.numbers, model.numbers)
        _show_values(self.source_numbers, model.source_numbers)
        self.chips.setColumns(model.columns, choosable=model.model != OWN)
        self.standardize.setChecked(model.standardize)
        self.held_out.setValue(round(100.0 * model.held_out, 12))
        self.split_seed.setValue(model.split_seed)
        self.split_seed.setVisible(model.held_out > 0.0)
        self.chevron.setVisible(bool(model.source_numbers))
        self._show_source_numbers()
        self._say_model()

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [
            self.source, self.file, self.model, self.formula.field, self.loss, self.penalty, self.own_penalty.field,
            *self.numbers.controls(), *self.chips.controls(), self.standardize, self.held_out, self.split_seed,
            self.chevron, *self.source_numbers.controls(),
        ]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        name = self.tr("Data set")
        self.source.setAccessibleName(name)
        self.source.search.setAccessibleName(name)
        self.source.search.setPlaceholderText(self.tr("search…"))
        self.source.setToolTip(self.tr("Which data; type a part of the name to find them"))
        self.file.say(self.tr("Open a file…"), self.tr(
            "Open a file of columns, such as CSV; it can also be dropped on the window"))
        for key, text in (
            ("loss", self.tr("loss")), ("penalty", self.tr("penalty")), ("columns", self.tr("columns")),
            ("held_out", self.tr("held out")), ("samples", self.tr("samples")),
        ):
            self.labels[key].setText(text)
        for combo, text, tooltip in (
            (self.model, self.tr("Model"), ""),
            (self.loss, self.tr("Loss"), self.tr("How far a prediction is from the target")),
            (self.penalty, self.tr("Penalty"), self.tr(
                "What is added to the loss to keep the weights small; a proximal step for that of the lasso is among "
                "the choices beside the schedule")),
        ):
            combo.setAccessibleName(text)
            combo.setToolTip(tooltip)
        self.own_penalty.field.setAccessibleName(self.tr("Penalty of the parameters"))
        self.own_penalty.field.setToolTip(self.tr("Added to the loss; a formula of the parameters, not of columns"))
        self.own_penalty.field.setPlaceholderText(self.tr("a penalty, such as 0.1*w^2"))
        self.formula.field.setPlaceholderText(self.tr("a loss, such as (w*x + b - y)^2"))
        self._say_samples()
        for rows in (self.numbers, self.source_numbers, self.chips):
            rows.retranslate()
        self._say_model()

    def _say_samples(self) -> None:
        self.standardize.setText(self.tr("standardize the features"))
        self.standardize.setAccessibleName(self.standardize.text())
        self.standardize.setToolTip(self.tr(
            "Shift and scale every feature to mean 0 and standard deviation 1 over the training samples: the bowl "
            "becomes rounder"))
        self.held_out.setPlaceholderText(self.tr("0 %"))
        self.held_out.setAccessibleName(self.tr("held out, in percent"))
        self.held_out.setToolTip(self.tr(
            "Share of the samples that no step sees, in percent; usually 20, which may be typed as 0.2 too"))
        self.split_seed.setAccessibleName(self.tr("seed of the held-out samples"))
        self.split_seed.setToolTip(self.tr("Another seed holds other samples out; any whole number from 0"))

    def _say_model(self) -> None:
        model = self._model
        if model is None:
            return
        text = whole(model.samples)
        if model.aside:
            text = self.tr("{count}, {aside} held out").format(count=text, aside=whole(model.aside))
        self.counts.setText(text)
        what = self.tr("What is fitted to the target, or a loss of your own.")
        self.model.setToolTip(f"<p>{what}</p><p>{model.remark}</p>" if model.remark else what)
        self.model.setAccessibleDescription(model.remark)
        own = model.model == OWN
        self.formula.field.setAccessibleName(self.tr("Loss of one sample"))
        self.formula.field.setToolTip(
            self.tr("The loss of one sample: names of columns are read from the data, all others are parameters") if own
            else self.tr("The loss of one sample; what is descended is its mean over the batch")
        )
        what = self.tr("Show how these data are made") if self._folded else self.tr("Fold how these data are made")
        self.chevron.say(what)

    def _seed_text(self, value: float) -> str:
        return self.tr("seed {seed}").format(seed=int(value))

    def _fold(self, *, folded: bool) -> None:
        self._folded = folded
        self.chevron.setIconName("chevron-right" if folded else "chevron-down")
        self._show_source_numbers()
        self._say_model()

    def _show_source_numbers(self) -> None:
        self.source_numbers.setVisible(not self._folded and bool(self._model and self._model.source_numbers))

    def _connect(self) -> None:
        self.source.picked.connect(self.sourceChosen)
        self.file.clicked.connect(lambda: self.fileAsked.emit())
        self.model.picked.connect(self.modelChosen)
        self.loss.picked.connect(self.lossChosen)
        self.penalty.picked.connect(self.penaltyChosen)
        self.formula.edited.connect(self.formulaEdited)
        self.own_penalty.edited.connect(self.penaltyEdited)
        self.numbers.changed.connect(self.numberChanged)
        self.source_numbers.changed.connect(self.sourceNumberChanged)
        self.standardize.clicked.connect(self.standardizeToggled)
        # to the digits that are typed, which dividing does not give back
        self.held_out.committed.connect(lambda value: self.heldOutChanged.emit(round(float(value or 0.0) / 100.0, 15)))
        self.split_seed.committed.connect(lambda value: self.splitSeedChanged.emit(int(value)))
        for field in (self.held_out, self.split_seed):
            field.rejected.connect(self.error.setSentence)
        self.chevron.clicked.connect(lambda: self._fold(folded=not self._folded))

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(self.source, 1)
        first.addWidget(self.file)
        aside = QHBoxLayout()
        aside.setSpacing(8)
        aside.addWidget(self.held_out, 1)
        aside.addWidget(self.split_seed, 1)
        counted = QHBoxLayout()
        counted.addWidget(self.counts, 1)
        counted.addWidget(self.chevron)
        self.counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(first)
        column.addWidget(self.model)
        column.addWidget(self.formula)
        column.addLayout(self._grid(("loss", self.loss), ("penalty", self.penalty)))
        column.addWidget(self.own_penalty)
        column.addWidget(self.numbers)
        column.addLayout(self._grid(("columns", self.chips)))
        column.addWidget(self.standardize)
        column.addLayout(self._grid(("held_out", aside), ("samples", counted)))
        column.addWidget(self.error)
        column.addWidget(self.source_numbers)

    def _grid(self, *rows: tuple[str, QWidget | QHBoxLayout]) -> QGridLayout:
        grid = rows_grid()
        for row, (key, control) in enumerate(rows):
            top = Qt.AlignmentFlag.AlignTop if control is self.chips else Qt.AlignmentFlag(0)
            grid.addWidget(self.labels[key], row, 0, top)
            if isinstance(control, QWidget):
                grid.addWidget(control, row, 1)
            else:
                grid.addLayout(control, row, 1)
        return grid


def _show_typed(text: TypedText, model: TypedModel) -> None:
    text.setText(model.text)
    text.setMistake(model.mistake)


def _show_values(rows: ParameterRows, values: tuple[ParameterValue, ...]) -> None:
    rows.setParameters(tuple(each.parameter for each in values))
    for each in values:
        rows.setValue(each.key, each.value)
    rows.setVisible(bool(values))
