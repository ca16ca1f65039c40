"""The choice of batch of one run on data: all samples, one, or a mini-batch of a chosen size."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdstudio.engine.parameters import Parameter
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.views.panel.model import BatchModel
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.segments import Segments

USUAL_SIZE = 16
_MEANING = QT_TRANSLATE_NOOP("Parameters", "How many samples the gradient of one step is averaged over.")
QT_TRANSLATE_NOOP("Parameters", "batch size")


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
    """Segments for the kind of batch and, for mini-batches, their size.

    `changed` carries the size (None for all samples) and whether it is final.
    """

    changed = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batch = BatchModel(None, 2)
        self.kinds = Segments(("full", "one", "mini"), self)
        self.size_rows = ParameterRows(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.kinds)
        column.addWidget(self.size_rows)
        self.kinds.chosen.connect(self._choose)
        self.size_rows.changed.connect(lambda _key, value, final: self.changed.emit(int(value), final))
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

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [*self.kinds.controls(), *self.size_rows.controls()]

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
             self.tr("Every step looks at a few samples, shuffled anew in each epoch; usually 8 to 64.")),
        ):
            self.kinds.say(key, name, f"{meaning} {anew}")
        self.size_rows.retranslate()

    def _choose(self, kind: str) -> None:
        mini = max(2, min(USUAL_SIZE, self._batch.samples))
        self.changed.emit({"full": None, "one": 1, "mini": mini}[kind], True)
