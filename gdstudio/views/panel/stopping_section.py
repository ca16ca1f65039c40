"""When a run ends, and the seed of its randomness, in the panel."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from gdstudio.engine.parameters import Parameter
from gdstudio.views.controls import CheckBox
from gdstudio.views.panel.fields import NumberField
from gdstudio.views.panel.numbers import compact, whole
from gdstudio.views.panel.section import ErrorLabel, Section, row_label, rows_grid
from gdstudio.views.shortcuts import Mnemonic

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.views.panel.model import StoppingModel

MOST_ITERATIONS = 10**8
LARGEST_SEED = 2**31 - 1


def _whole_number(key: str, least: int, most: int) -> Parameter:
    return Parameter(key=key, symbol="", meaning="", default=least, minimum=least, maximum=most,
                     usual=(least, most), integer=True)


_ITERATIONS = _whole_number("iterations", 0, MOST_ITERATIONS)
_EPOCHS = Parameter(key="epochs", symbol="", meaning="", default=1.0, minimum=0.0, maximum=MOST_ITERATIONS,
                    usual=(1.0, 1000.0))
_PATIENCE = _whole_number("patience", 1, MOST_ITERATIONS)
_SEED = _whole_number("seed", 0, LARGEST_SEED)
_TOLERANCE = Parameter(key="tolerance", symbol="", meaning="", default=1e-6, minimum=0.0, maximum=math.inf,
                       usual=(1e-12, 1.0), open_maximum=True)


class StoppingSection(Section):
    """Fields for the limits.

    `changed` carries the name of the field of the stopping rule (``iterations``, ``tolerance``,
    ``patience``, ``stop_at_sign_change``) and its new value: an int, a float (0 turns the tolerance off),
    an int or None, a bool.
    """

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(foldable=True, parent=parent)
        self.iterations = NumberField(_ITERATIONS.check, whole, parent=self)
        self.epochs = NumberField(self._check_epochs, _epochs_text, parent=self)
        self.tolerance = NumberField(_TOLERANCE.check, compact, off=0.0, parent=self)
        self.patience = NumberField(_PATIENCE.check, whole, off=None, parent=self)
        self.sign_change = CheckBox(self)
        fields = (self.iterations, self.epochs, self.tolerance, self.patience)
        self._labels = [row_label(self) for _ in fields]
        self._errors = [ErrorLabel(self) for _ in fields]
        self._mnemonics: list[Mnemonic] = []
        grid = rows_grid()
        for row, (label, field, error) in enumerate(zip(self._labels, fields, self._errors, strict=True)):
            self._mnemonics.append(Mnemonic(self, partial(field.setFocus, Qt.FocusReason.ShortcutFocusReason)))
            grid.addWidget(label, 2 * row, 0)
            grid.addWidget(field, 2 * row, 1)
            grid.addWidget(error, 2 * row + 1, 0, 1, 2)
            field.rejected.connect(error.setSentence)
        self.body.addLayout(grid)
        self.body.addWidget(self.sign_change)
        self._model: StoppingModel | None = None
        self.iterations.committed.connect(lambda value: self.changed.emit("iterations", int(value)))
        self.epochs.committed.connect(self._set_epochs)
        self.tolerance.committed.connect(lambda value: self.changed.emit("tolerance", float(value)))
        self.patience.committed.connect(
            lambda value: self.changed.emit("patience", None if value is None else int(value)))
        self.sign_change.clicked.connect(lambda checked: self.changed.emit("stop_at_sign_change", checked))

    def setModel(self, model: StoppingModel) -> None:
        """Show the limits of `model`."""
        if model == self._model:
            return
        before, self._model = self._model, model
        self.iterations.setValue(model.iterations)
        for widget in (self._labels[1], self.epochs):
            widget.setVisible(model.epoch is not None)
        if model.epoch is not None:
            self.epochs.setValue(model.iterations / model.epoch)
            if before is None or before.epoch != model.epoch:
                self._say_epochs(model.epoch)
        self.tolerance.setValue(model.tolerance)
        self.patience.setValue(model.patience)
        self.sign_change.setVisible(model.stop_at_sign_change is not None)
        self.sign_change.setChecked(bool(model.stop_at_sign_change))

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [*super().controls(), self.iterations, self.epochs, self.tolerance, self.patience, self.sign_change]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setTitle(self.tr("Stopping"))
        off = self.tr("off")
        rows = (
            (self.iterations, self.tr("&iterations"), "",
             self.tr("<b>N</b> &nbsp; The run ends after so many iterations; usually 100 to 100 000.")),
            (self.epochs, self.tr("epochs"), "", ""),
            (self.tolerance, self.tr("‖∇f‖ at &most"), self.tr("gradient norm at most"),
             self.tr("<b>‖∇f‖</b> &nbsp; The run has converged when the gradient's norm is this small; "
                     "usually 1e-8 to 1e-4, empty: off.")),
            (self.patience, self.tr("no decrease f&or"), "",
             self.tr("The run has stalled when its best loss has not decreased for so many iterations; "
                     "usually 10 to 1000, empty: off.")),
        )
        for label, mnemonic, (field, text, spoken, tooltip) in zip(
            self._labels, self._mnemonics, rows, strict=True,
        ):
            label.setText(mnemonic.take(text))
            field.setAccessibleName(spoken or label.text())
            for widget in (label, field):
                widget.setToolTip(mnemonic.told(tooltip))
        for field in (self.tolerance, self.patience):
            field.setPlaceholderText(off)
        if self._model is not None and self._model.epoch is not None:
            self._say_epochs(self._model.epoch)
        self.sign_change.setText(self.tr("stop where f′ changes sign"))
        self.sign_change.setAccessibleName(self.sign_change.text())
        self.sign_change.setToolTip(self.tr(
            "<b>f′</b> &nbsp; The run ends when the derivative changes its sign: a minimum lies between the last "
            "two iterates; usually off."))

    def _set_epochs(self, epochs: float) -> None:
        """Say so many epochs in iterations, which are whole: the field shows what that comes to."""
        iterations = self._iterations_in(epochs)
        self.epochs.setValue(iterations / self._iterations_in(1.0))
        self.changed.emit("iterations", iterations)

    def _say_epochs(self, epoch: int) -> None:
        tooltip = self.tr(
            "The same limit in epochs of the first run: one epoch looks at all samples once, in {count} iterations, "
            "and one iteration is one step.").format(count=whole(epoch))
        for widget in (self._labels[1], self.epochs):
            widget.setToolTip(tooltip)

    def _iterations_in(self, epochs: float) -> int:
        """Return how many iterations of the first run so many epochs have."""
        epoch = self._model.epoch if self._model else None
        return round(epochs * (epoch or 1))

    def _check_epochs(self, epochs: float) -> float:
        """Return epochs that have no more iterations than there may be; as `Parameter.check`."""
        _ITERATIONS.check(self._iterations_in(_EPOCHS.check(epochs)))
        return epochs


def _epochs_text(value: float) -> str:
    return whole(value) if value == int(value) else f"{value:.4g}"


class SeedSection(Section):
    """The seed; `changed` carries the new one."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.field = NumberField(_SEED.check, lambda value: str(int(value)), parent=self)
        self.label = row_label(self)
        self.error = ErrorLabel(self)
        grid = rows_grid()
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.error, 1, 0, 1, 2)
        self.body.addLayout(grid)
        self.field.rejected.connect(self.error.setSentence)
        self.field.committed.connect(lambda value: self.changed.emit(int(value)))

    def setSeed(self, seed: int | None) -> None:
        """Show `seed`; None hides the section."""
        self.setVisible(seed is not None)
        if seed is not None:
            self.field.setValue(seed)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard."""
        return [self.field]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setTitle(self.tr("Randomness"))
        self.label.setText(self.tr("seed"))
        self.field.setAccessibleName(self.tr("seed"))
        tooltip = self.tr("Which shuffling of the samples: the same seed gives the same run to the last bit; "
                          "any whole number from 0.")
        self.label.setToolTip(tooltip)
        self.field.setToolTip(tooltip)
