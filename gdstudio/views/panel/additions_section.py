"""What is put around a run's optimizer, in the panel: schedule, warm-up, noise, clipping, decay, wrappers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.engine.parameters import Parameter
from gdstudio.views.controls import CheckBox, ChevronCombo, ElidedLabel
from gdstudio.views.panel.fields import MonoField, NumberField
from gdstudio.views.panel.numbers import whole
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.panel.section import ErrorLabel, Section, row_label, rows_grid
from gdstudio.views.panel.typed_text import ColumnMark
from gdstudio.views.plots.rates import RatesView
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from gdstudio.scene.rates import RatesScene
    from gdstudio.scene.theme import Theme
    from gdstudio.views.panel.additions_model import AdditionModel, AdditionsModel, ScheduleModel
    from gdstudio.views.panel.model import Choice, ParameterValue

LONGEST_FORMULA = 1000
_MILESTONES = Parameter(
    key="milestones", symbol="", meaning="", default=2, minimum=1, maximum=20, usual=(1, 20), integer=True
)


def _show_values(rows: ParameterRows, values: tuple[ParameterValue, ...]) -> None:
    rows.setParameters(tuple(each.parameter for each in values))
    for each in values:
        rows.setValue(each.key, each.value)
    rows.setVisible(bool(values))


class AdditionRow(QWidget):
    """A box to tick, and the numbers that belong to it where it is ticked."""

    toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = CheckBox(self)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.parameters = ParameterRows(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.box)
        column.addWidget(self.parameters)
        self._model: AdditionModel | None = None
        self.box.clicked.connect(self.toggled)

    def setModel(self, model: AdditionModel) -> None:
        """Show something that is around the optimizer, or may be."""
        if model == self._model:
            self.box.setChecked(model.on)
            return
        self._model = model
        self.box.setObjectName(f"addition_{model.key}")
        self.box.setText(model.name)
        self.box.setAccessibleName(model.name)
        self.box.setToolTip(model.meaning)
        self.box.setChecked(model.on)
        _show_values(self.parameters, model.parameters if model.on else ())

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [self.box, *self.parameters.controls()]


class _ScheduleCombo(ChevronCombo):
    """A box whose arrow keys try one entry after another; `settled` when its list is opened or it loses the focus."""

    settled = Signal()

    def showPopup(self) -> None:
        """Open the list."""
        self.settled.emit()
        super().showPopup()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the box."""
        super().focusOutEvent(event)
        self.settled.emit()


class ScheduleRows(QWidget):
    """The schedule: which one, its numbers or its formula, and what the learning rate does over the iterations.

    Signals: `chosen(key)`, `settled()` when what was chosen before stands, for the list is opened or the box left,
    `textEdited(text)` at every keystroke, `milestonesChanged(count)`.
    """

    chosen = Signal(str)
    settled = Signal()
    textEdited = Signal(str)
    milestonesChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = _ScheduleCombo(self)
        self.combo.setObjectName("scheduleChoice")
        self.label, self.milestones_label = row_label(self), row_label(self)
        self.field = MonoField(self)
        self.field.setObjectName("scheduleFormula")
        self.field.setMaxLength(LONGEST_FORMULA)
        self.mark, self.error = ColumnMark(self.field, self), ErrorLabel(self)
        self.milestones = NumberField(_MILESTONES.check, whole, parent=self)
        self.milestones.setObjectName("scheduleMilestones")
        self.parameters = ParameterRows(self)
        self.plot = RatesView(self)
        self.plot.setObjectName("ratesView")
        grid = rows_grid()
        for row, (label, widget) in enumerate(((self.label, self.combo), (self.milestones_label, self.milestones))):
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(grid)
        for widget in (self.field, self.mark, self.error, self.parameters, self.plot):
            column.addWidget(widget)
        self._choices: tuple[Choice, ...] = ()
        self._model: ScheduleModel | None = None
        self.combo.activated.connect(lambda index: self.chosen.emit(self.combo.itemData(index)))
        self.combo.settled.connect(self.settled)
        self.field.textEdited.connect(self.textEdited)
        self.milestones.committed.connect(lambda value: self.milestonesChanged.emit(int(value)))
        self.milestones.rejected.connect(self.error.setSentence)

    def setModel(self, model: ScheduleModel, choices: tuple[Choice, ...]) -> None:
        """Show a schedule and offer all of them."""
        if choices != self._choices:
            self._choices = choices
            self.combo.clear()
            for choice in choices:
                self.combo.addItem(choice.name, choice.key)
        self.combo.setCurrentIndex(self.combo.findData(model.key))
        if model == self._model:
            return
        self._model = model
        self.combo.setAccessibleDescription(model.meaning)
        self.label.setToolTip(model.meaning)
        self.combo.setToolTip(model.meaning)
        if model.text is not None:
            self.field.setTextKeepingCursor(model.text)
        self.field.setVisible(model.text is not None)
        mistake = model.mistake
        self.mark.setColumn(mistake.column if mistake else None)
        self.error.setSentence(mistake.message if mistake else "")
        self.field.setInvalid(mistake is not None)
        self.field.setAccessibleDescription(mistake.message if mistake else "")
        self.milestones_label.setVisible(model.milestones is not None)
        self.milestones.setVisible(model.milestones is not None)
        if model.milestones is not None:
            self.milestones.setValue(model.milestones)
        _show_values(self.parameters, model.parameters)

    def forget(self) -> None:
        """Show nothing: there is no run."""
        self._choices, self._model = (), None
        self.combo.clear()
        self.error.setSentence("")
        self.parameters.setParameters(())
        self.label.setToolTip("")
        self.combo.setToolTip("")
        self.combo.setAccessibleDescription("")

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [self.combo, self.milestones, self.field, *self.parameters.controls()]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.label.setText(self.tr("schedule"))
        self.combo.setAccessibleName(self.tr("schedule of the learning rate"))
        self.milestones_label.setText(self.tr("milestones"))
        for widget in (self.milestones_label, self.milestones):
            widget.setToolTip(self.tr("How many milestones there are; usually 1 to 4, at most 20."))
        self.milestones.setAccessibleName(self.tr("number of milestones"))
        self.field.setPlaceholderText(self.tr("such as learning_rate / sqrt(t)"))
        self.field.setAccessibleName(self.tr("Formula of the learning rate"))
        self.field.setToolTip(self.tr("The rate of each step, from t (1 at the first) and learning_rate"))
        self.parameters.retranslate()
        self.plot.retranslate()


class AdditionsSection(Section):
    """What is around one run's optimizer; folded at first.

    Signals: `runChosen(index)`, `scheduleChosen(key)`, `scheduleTextEdited(text)`, `milestonesChanged(count)`,
    `additionToggled(key, on)`, `parameterChanged(key, value, final)`, `unfolded()`.
    """

    runChosen = Signal(int)
    scheduleChosen = Signal(str)
    scheduleTextEdited = Signal(str)
    milestonesChanged = Signal(int)
    additionToggled = Signal(str, bool)
    parameterChanged = Signal(str, float, bool)
    unfolded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(foldable=True, parent=parent)
        self.summary = ElidedLabel(self)
        self.summary.setProperty("role", "muted")
        self.summary.setFont(text_font(12))
        self.run, self.run_label = ChevronCombo(self), row_label(self)
        self.run.setObjectName("additionsRun")
        self.refusal = QLabel(self)
        self.refusal.setProperty("role", "muted")
        self.refusal.setWordWrap(True)
        self.schedule = ScheduleRows(self)
        self.rows: list[AdditionRow] = []
        grid = rows_grid()
        grid.addWidget(self.run_label, 0, 0)
        grid.addWidget(self.run, 0, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.refusal)
        self.body.addWidget(self.schedule)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.summary)
        self._model: AdditionsModel | None = None
        self.run.activated.connect(self.runChosen)
        self.schedule.chosen.connect(self.scheduleChosen)
        self.schedule.textEdited.connect(self.scheduleTextEdited)
        self.schedule.milestonesChanged.connect(self.milestonesChanged)
        self.schedule.parameters.changed.connect(self.parameterChanged)
        self._fold()

    def setTheme(self, theme: Theme) -> None:
        """Show the plot in the colours of `theme`."""
        self.schedule.plot.setTheme(theme)

    def setModel(self, model: AdditionsModel | None) -> None:
        """Show what is around a run; None, where there is no run, hides the section."""
        self.setVisible(model is not None)
        if model is None:
            self._forget()
            return
        before, self._model = self._model, model
        if before is None or before.runs != model.runs:
            self.run.clear()
            self.run.addItems(model.runs)
        # Even where nothing is new: what a person chose may not have been taken.
        self.run.setCurrentIndex(model.run)
        several = len(model.runs) > 1
        for widget in (self.run_label, self.run):
            widget.setVisible(several)
        self.refusal.setText(model.refusal)
        self.refusal.setVisible(bool(model.refusal))
        self.schedule.setModel(model.schedule, model.schedules)
        self.schedule.setVisible(not model.refusal)
        self._show_rows(model.additions)
        self.summary.setWhole(model.summary)
        self.summary.setVisible(self.folded() and bool(model.summary))

    def _forget(self) -> None:
        self._model = None
        self.run.clear()
        self.summary.setWhole("")
        self.refusal.setText("")
        self.schedule.forget()
        self._show_rows(())

    def setRates(self, scene: RatesScene) -> None:
        """Show what the learning rate does."""
        self.schedule.plot.setContent(scene)

    def setIteration(self, cursor: int) -> None:
        """Mark an iteration in the plot."""
        self.schedule.plot.setIteration(cursor)

    def row(self, key: str) -> AdditionRow:
        """Return the row of something that can be around the optimizer."""
        return next(row for row in self.rows if row.box.objectName() == f"addition_{key}")

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        rows = [control for row in self.rows for control in row.controls()]
        return [*super().controls(), self.run, *self.schedule.controls(), *rows]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setTitle(self.tr("Schedule · clipping · noise"))
        self.run_label.setText(self.tr("run"))
        self.run.setAccessibleName(self.tr("run that this section is about"))
        for widget in (self.run_label, self.run):
            widget.setToolTip(self.tr("Around which run's optimizer the schedule and the rest are put"))
        self.schedule.retranslate()
        for row in self.rows:
            row.parameters.retranslate()

    def _show_rows(self, additions: tuple[AdditionModel, ...]) -> None:
        while len(self.rows) > len(additions):
            row = self.rows.pop()
            row.hide()
            self.body.removeWidget(row)
            row.deleteLater()
        while len(self.rows) < len(additions):
            row = AdditionRow(self)
            row.toggled.connect(lambda on, row=row: self._toggled(row, on))
            row.parameters.changed.connect(self.parameterChanged)
            self.body.addWidget(row)
            row.show()
            self.rows.append(row)
        for row, addition in zip(self.rows, additions, strict=True):
            row.setModel(addition)

    def _toggled(self, row: AdditionRow, on: bool) -> None:
        self.additionToggled.emit(row.box.objectName().removeprefix("addition_"), on)

    def _fold(self) -> None:
        super()._fold()
        self.summary.setVisible(self.folded() and bool(self.summary.whole()))
        if not self.folded():
            self.unfolded.emit()
