"""The parameter panel: sections from specs in one scrolling column."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gdstudio.views.panel.additions_section import AdditionsSection
from gdstudio.views.panel.optimizer_section import OptimizerSection
from gdstudio.views.panel.problem_section import ProblemSection
from gdstudio.views.panel.section import SCROLL_BAR, Column
from gdstudio.views.panel.start_section import StartSection
from gdstudio.views.panel.stopping_section import SeedSection, StoppingSection

if TYPE_CHECKING:
    from gdstudio.scene.theme import Theme
    from gdstudio.views.panel.model import PanelModel


class ParameterPanel(QScrollArea):
    """Shows a `PanelModel` and says what people want changed; it changes nothing by itself.

    Whoever listens answers an intent with a new model. `final` is False while a slider is dragged and True
    once at its end. Setting a model emits nothing and leaves alone what has not changed.

    Signals
    -------
    problemKindChosen(str) : ``function``, ``formula`` or ``data``
    problemChosen(str) : key of a row
    formulaEdited(str) : at every keystroke; the answer must show this very text
    problemParameterChanged(str, float, bool) : key, value, final
    startChanged(int, float) : index of the variable, value
    startReset()
    shownChanged(int, int) : the two variables that are shown
    optimizerAddAsked()
    optimizerChangeAsked(int), equationsAsked(int) : index of the card
    runRemoved(int), runDuplicated(int), runReset(int) : index of the card
    runVisibilityToggled(int), runExpansionToggled(int) : index of the card
    hyperparameterChanged(int, str, float, bool) : index, key, value, final
    batchChanged(int, object, bool) : index, size or None, final
    drawingChanged(int, str, object, bool) : index, ``order``, ``drop_last`` or ``accumulate``, value, final
    stoppingChanged(str, object) : field of the stopping rule, value
    seedChanged(int)

    What belongs to a loss over data is said by `problem.data`.
    """

    problemKindChosen = Signal(str)
    problemChosen = Signal(str)
    formulaEdited = Signal(str)
    problemParameterChanged = Signal(str, float, bool)
    startChanged = Signal(int, float)
    startReset = Signal()
    shownChanged = Signal(int, int)
    optimizerAddAsked = Signal()
    optimizerChangeAsked = Signal(int)
    equationsAsked = Signal(int)
    runRemoved = Signal(int)
    runDuplicated = Signal(int)
    runReset = Signal(int)
    runVisibilityToggled = Signal(int)
    runExpansionToggled = Signal(int)
    hyperparameterChanged = Signal(int, str, float, bool)
    batchChanged = Signal(int, object, bool)
    drawingChanged = Signal(int, str, object, bool)
    stoppingChanged = Signal(str, object)
    seedChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameterPanel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.problem = ProblemSection()
        self.start = StartSection()
        self.optimizers = OptimizerSection()
        self.additions = AdditionsSection()
        self.stopping = StoppingSection()
        self.seed = SeedSection()
        contents = QWidget()
        contents.setObjectName("panelContents")
        column = Column(contents)
        column.setContentsMargins(0, 0, SCROLL_BAR, 12)
        column.setSpacing(0)
        for section in self._sections():
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(contents)
        self.verticalScrollBar().rangeChanged.connect(
            lambda _least, most: column.setContentsMargins(0, 0, 0 if most else SCROLL_BAR, 12))
        self._model: PanelModel | None = None
        self._chain: list[QWidget] = []
        self._connect()
        self.retranslate()

    def model(self) -> PanelModel | None:
        """Return what is shown."""
        return self._model

    def setModel(self, model: PanelModel) -> None:
        """Show `model`; emits nothing and keeps focus, cursor and a drag going."""
        self._model = model
        self.problem.setModel(model)
        self.start.setModel(model.start)
        self.optimizers.setModel(model.cards)
        self.additions.setModel(model.additions)
        self.stopping.setModel(model.stopping)
        self.seed.setSeed(model.seed)
        self._order_tabs()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of the runs from `theme`; the rest follows the palette."""
        self.optimizers.setTheme(theme)
        self.additions.setTheme(theme)

    def sizeHint(self) -> QSize:
        """Width of the panel at the design's size of the window."""
        return QSize(296, 700)

    def minimumSizeHint(self) -> QSize:
        """Narrowest width at which nothing is cut."""
        return QSize(236, 200)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Parameters"))
        for section in self._sections():
            section.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _sections(
        self,
    ) -> tuple[ProblemSection, StartSection, OptimizerSection, AdditionsSection, SeedSection, StoppingSection]:
        return self.problem, self.start, self.optimizers, self.additions, self.seed, self.stopping

    def _order_tabs(self) -> None:
        """Let the Tab key go from top to bottom, also through what was built later."""
        chain = [control for section in self._sections() for control in section.controls()]
        if chain == self._chain:
            return
        self._chain = chain
        for earlier, later in pairwise(chain):
            QWidget.setTabOrder(earlier, later)

    def _connect(self) -> None:
        for signal, intent in (
            (self.problem.kindChosen, self.problemKindChosen),
            (self.problem.problemChosen, self.problemChosen),
            (self.problem.formulaEdited, self.formulaEdited),
            (self.problem.parameterChanged, self.problemParameterChanged),
            (self.start.startChanged, self.startChanged),
            (self.start.resetAsked, self.startReset),
            (self.start.shownChanged, self.shownChanged),
            (self.optimizers.addAsked, self.optimizerAddAsked),
            (self.optimizers.changeAsked, self.optimizerChangeAsked),
            (self.optimizers.equationsAsked, self.equationsAsked),
            (self.optimizers.removed, self.runRemoved),
            (self.optimizers.duplicated, self.runDuplicated),
            (self.optimizers.resetAsked, self.runReset),
            (self.optimizers.visibilityToggled, self.runVisibilityToggled),
            (self.optimizers.expansionToggled, self.runExpansionToggled),
            (self.optimizers.parameterChanged, self.hyperparameterChanged),
            (self.optimizers.batchChanged, self.batchChanged),
            (self.optimizers.drawingChanged, self.drawingChanged),
            (self.stopping.changed, self.stoppingChanged),
            (self.seed.changed, self.seedChanged),
        ):
            signal.connect(intent)
