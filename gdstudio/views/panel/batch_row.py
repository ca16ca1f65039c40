"""The choice of batch of one run on data: all samples, one, or a mini-batch of a chosen size, and how it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.engine.parameters import Parameter
from gdstudio.engine.sampling import ORDERS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.views.controls import CheckBox, ChevronCombo
from gdstudio.views.panel.model import BatchModel
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.panel.section import row_label
from gdstudio.views.segments import Segments

if TYPE_CHECKING:
    from gdstudio.engine.sampling import Order

USUAL_SIZE = 16
_MEANING = QT_TRANSLATE_NOOP("Parameters", "How many samples the gradient of one step is averaged over.")
_ACCUMULATE = Parameter(
    key="accumulate", symbol="k", default=1.0, minimum=1.0, maximum=1e6, usual=(1.0, 32.0), logarithmic=True,
    integer=True, meaning=QT_TRANSLATE_NOOP(
        "Parameters", "Over how many batches the gradient is accumulated before one step is made: one step is one "
        "iteration."),
)
QT_TRANSLATE_NOOP("Parameters", "batch size")
QT_TRANSLATE_NOOP("Parameters", "accumulate")


def _kind(batch: BatchModel) -> str:
    if batch.size is None:
        return "full"
    return "one" if batch.size == 1 else "mini"


def _size_parameter(samples: int) -> Parameter:
    return Parameter(
        key="batch_size", symbol="", meaning=_MEANING, default=min(USUAL_SIZE, samples), minimum=1, maximum=samples,
        usual=(2.0, float(max(3, samples))), logarithmic=True, integer=True,
    )


class BatchRow(QWidget):
    """Segments for the kind of batch and, where it is not all samples, how it is drawn.

    `changed` carries the size (None for all samples) and whether it is final; `drawingChanged` what is changed
    (``order``, ``drop_last`` or ``accumulate``), its value and whether it is final.
    """

    changed = Signal(object, bool)
    drawingChanged = Signal(str, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batch = BatchModel(None, 2)
        self.kinds = Segments(("full", "one", "mini"), self)
        self.size_rows, self.accumulate = ParameterRows(self), ParameterRows(self)
        self.order_label, self.order = row_label(self), ChevronCombo(self)
        self.drop_last = CheckBox(self)
        self.accumulate.setParameters((_ACCUMULATE,))
        for key in ORDERS:
            self.order.addItem("", key)
        line = QHBoxLayout()
        line.setSpacing(4)
        # no wider than its word: in a narrow panel the box needs the room
        self.order_label.setWordWrap(False)
        self.order_label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        line.addWidget(self.order_label)
        line.addWidget(self.order, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.kinds)
        column.addWidget(self.size_rows)
        column.addLayout(line)
        column.addWidget(self.accumulate)
        column.addWidget(self.drop_last)
        self.kinds.chosen.connect(self._choose)
        self.size_rows.changed.connect(lambda _key, value, final: self.changed.emit(int(value), final))
        self.order.activated.connect(lambda row: self.drawingChanged.emit("order", self.order.itemData(row), True))
        self.drop_last.clicked.connect(lambda checked: self.drawingChanged.emit("drop_last", checked, True))
        self.accumulate.changed.connect(
            lambda _key, value, final: self.drawingChanged.emit("accumulate", int(value), final))
        self.retranslate()

    def setBatch(self, batch: BatchModel) -> None:
        """Show a batch, without a signal."""
        self._batch = batch
        kind = _kind(batch)
        self.kinds.setCurrent(kind)
        self.size_rows.setParameters((_size_parameter(batch.samples),))
        if batch.size is not None and kind == "mini":
            self.size_rows.setValue("batch_size", batch.size)
        self.size_rows.setVisible(kind == "mini")
        self.order.setCurrentIndex(ORDERS.index(batch.order))
        self.accumulate.setValue("accumulate", batch.accumulate)
        self.drop_last.setChecked(batch.drop_last)
        for widget in (self.order_label, self.order, self.accumulate):
            widget.setVisible(kind != "full")
        self.drop_last.setVisible(kind == "mini")

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        rows = (*self.size_rows.controls(), self.order, *self.accumulate.controls())
        return [*self.kinds.controls(), *rows, self.drop_last]

    def summary(self) -> str:
        """Return the batch in a few words."""
        kind = _kind(self._batch)
        if kind == "full":
            return self.tr("full batch")
        return self.tr("one sample") if kind == "one" else self.tr("batch {size}").format(size=self._batch.size)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.kinds.setAccessibleName(self.tr("Batch"))
        anew = self.tr("Another choice takes the run back to its start.")
        for key, name, meaning in (
            ("full", self.tr("full"), self.tr("Every step looks at all samples: the exact gradient.")),
            ("one", self.tr("one"), self.tr("Every step looks at one sample: stochastic gradient descent.")),
            ("mini", self.tr("mini-batch"),
             self.tr("Every step looks at a few samples; usually 8 to 64.")),
        ):
            self.kinds.say(key, name, f"{meaning} {anew}")
        for rows in (self.size_rows, self.accumulate):
            rows.retranslate()
        self.order_label.setText(self.tr("order"))
        self.order.setAccessibleName(self.tr("Order of the samples"))
        self.order.setToolTip(self.tr(
            "In which order an epoch goes through the samples: shuffled anew each time, shuffled once for all epochs, "
            "as the data have them, or each drawn by itself, so that some come twice and some not at all"))
        names: dict[Order, str] = {
            "shuffled": self.tr("shuffled each epoch"), "shuffled_once": self.tr("shuffled once"),
            "sequential": self.tr("in order"), "replacement": self.tr("with replacement"),
        }
        for row, key in enumerate(ORDERS):
            self.order.setItemText(row, names[key])
        self.drop_last.setText(self.tr("drop the last short batch"))
        self.drop_last.setAccessibleName(self.drop_last.text())
        self.drop_last.setToolTip(self.tr(
            "Where the batch size does not divide the samples, the last batch of an epoch is left out"))

    def _choose(self, kind: str) -> None:
        mini = max(2, min(USUAL_SIZE, self._batch.samples))
        self.changed.emit({"full": None, "one": 1, "mini": mini}[kind], True)
