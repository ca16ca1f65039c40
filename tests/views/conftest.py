"""Models and windows that the tests of the views share."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from gdstudio.engine.parameters import Parameter
from gdstudio.views.equation import Equation
from gdstudio.views.main_window import MainWindow
from gdstudio.views.panel.data_model import NONE, OWN, ColumnModel, DataModel, TypedModel
from gdstudio.views.panel.model import (
    BatchModel,
    CardModel,
    Choice,
    Mistake,
    PanelModel,
    ParameterValue,
    ProblemModel,
    StartModel,
    StoppingModel,
)
from gdstudio.views.panel.parameter_panel import ParameterPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

RATE = Parameter(
    "learning_rate", "η", "How far a step goes.", 1e-3, 0, math.inf, (1e-5, 1.0), open_maximum=True, logarithmic=True
)
BETA = Parameter("beta1", "β₁", "How much of the past is kept.", 0.9, 0, 1, (0, 0.999), open_maximum=True)
ANGLE = Parameter("angle", "φ", "Rotation in degrees.", 30, -180, 180, (-90, 90))
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'><rect width='60' height='20'/></svg>"


def _card(title: str, slot: int, *, expanded: bool = False, batch: BatchModel | None = None) -> CardModel:
    values = (ParameterValue(RATE, 0.02), ParameterValue(BETA, 0.9))
    return CardModel(title, slot, values, expanded=expanded, batch=batch)


def function_model() -> PanelModel:
    return PanelModel(
        ProblemModel(
            "function", "rosenbrock", "(1-x)^2 + 100*(y-x^2)^2", (ParameterValue(ANGLE, 30.0),), "A curved valley."
        ),
        StartModel(("x", "y"), (-1.2, 1.0)),
        (_card("Adam", 0, expanded=True), _card("Momentum", 1)),
        StoppingModel(2000, 1e-6),
        functions=(Choice("rosenbrock", "Rosenbrock valley"), Choice("himmelblau", "Himmelblau")),
    )


def formula_model(text: str = "5*x^2", mistake: Mistake | None = None) -> PanelModel:
    base = function_model()
    problem = ProblemModel(
        "formula", None, text, mistake=mistake, equation=Equation(SVG, "f'(x) = 10 x"), variables=("x",)
    )
    stopping = StoppingModel(2000, 1e-6, stop_at_sign_change=False)
    return PanelModel(problem, StartModel(("x",), (1.8,)), base.cards, stopping)


def data_model() -> PanelModel:
    base = function_model()
    batches = BatchModel(16, 60), BatchModel(None, 60)
    cards = (_card("Adam", 0, expanded=True, batch=batches[0]), _card("Momentum", 1, batch=batches[1]))
    problem = ProblemModel("data", "line_fit", "", data=line_model())
    stopping = StoppingModel(60, 0.0, 25, epoch=4)
    return PanelModel(problem, StartModel(("w", "b"), (0.0, 0.0)), cards, stopping, 7, base.functions)


def line_model() -> DataModel:
    """Return a loss of one's own over two columns, as the panel shows it."""
    return DataModel(
        sources=(Choice("line", "Line with noise"), Choice("other", "Other data")), source="line",
        models=(Choice("linear", "Linear regression"), Choice(OWN, "Loss of your own")), model=OWN,
        formula=TypedModel("(w*x + b - y)^2"),
        penalties=(Choice(NONE, "none"), Choice("ridge", "Ridge"), Choice(OWN, "your own")),
        columns=(ColumnModel("x", "x", "feature"), ColumnModel("y", "y", "target")),
        samples=60, source_numbers=(ParameterValue(ANGLE, 30.0),), remark="A line.",
    )


def wide_model(count: int = 20) -> PanelModel:
    base = function_model()
    names = tuple(f"x{index}" for index in range(count))
    start = StartModel(names, tuple(float(index) for index in range(count)), (0, 3))
    return PanelModel(base.problem, start, base.cards, base.stopping)


@dataclass
class Intents:
    """What a panel said, in order."""

    said: list[tuple[Any, ...]] = field(default_factory=list)

    def listen(self, panel: ParameterPanel) -> None:
        for name in (
            "problemKindChosen", "problemChosen", "formulaEdited", "problemParameterChanged", "startChanged",
            "startReset", "shownChanged", "optimizerAddAsked", "optimizerChangeAsked", "equationsAsked",
            "runRemoved", "runDuplicated", "runReset",
            "runVisibilityToggled", "runExpansionToggled", "hyperparameterChanged", "batchChanged",
            "drawingChanged", "stoppingChanged", "seedChanged",
        ):
            getattr(panel, name).connect(lambda *values, name=name: self.said.append((name, *values)))
        data = panel.problem.data
        for name in (
            "sourceChosen", "fileAsked", "modelChosen", "lossChosen", "penaltyChosen", "formulaEdited",
            "penaltyEdited", "numberChanged", "sourceNumberChanged", "standardizeToggled", "heldOutChanged",
            "splitSeedChanged",
        ):
            getattr(data, name).connect(lambda *values, name=name: self.said.append((f"data.{name}", *values)))
        for name in ("featureToggled", "featuresChosen", "targetChosen"):
            getattr(data.chips, name).connect(lambda *values, name=name: self.said.append((name, *values)))


def activate(widget: QWidget, qtbot: QtBot) -> None:
    """Show a window and wait until it has the keyboard."""
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow, timeout=3000)


def controls(root: QWidget) -> list[QWidget]:
    """Return what can take the focus by the Tab key and is shown."""
    return [
        each for each in root.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.focusProxy() is None
    ]


@pytest.fixture(autouse=True)
def _palette_restored(qapp: QApplication) -> Iterator[None]:
    before = QApplication.palette()
    yield
    QApplication.setPalette(before)


@pytest.fixture
def panel(qtbot: QtBot) -> ParameterPanel:
    widget = ParameterPanel()
    qtbot.addWidget(widget)
    widget.resize(296, 860)
    widget.setModel(function_model())
    activate(widget, qtbot)
    return widget


@pytest.fixture
def intents(panel: ParameterPanel) -> Intents:
    listener = Intents()
    listener.listen(panel)
    return listener


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    widget = MainWindow()
    qtbot.addWidget(widget)
    widget.setViews(QWidget(), QWidget(), QWidget())
    widget.panel.setModel(function_model())
    activate(widget, qtbot)
    return widget
