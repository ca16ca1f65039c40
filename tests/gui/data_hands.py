"""What a person does with data in the window, shared by its tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gdstudio.experiment.build import start_of
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.run import run_experiment
from gdstudio.experiment.sampled import sampled
from gdstudio.scene.gradient_cloud import CloudScene
from gdstudio.scene.metrics_table import MetricsScene

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

    from gdstudio.scene.data_space import Moment
    from gdstudio.views.panel.data_section import DataSection
    from gdstudio.views.plots.data import DataView
    from tests.gui.conftest import Bench


def section_of(bench: Bench) -> DataSection:
    return bench.window.panel.problem.data


def data_of(bench: Bench) -> Data:
    data = bench.experiment.problem.data
    assert data is not None
    return data


def take(combo: QComboBox, key: str) -> None:
    """Open the list of a combo box and take the row with a key."""
    combo.setFocus()
    combo.showPopup()
    view = combo.view()
    view.setCurrentIndex(combo.model().index(combo.findData(key), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)


def open_data(bench: Bench, key: str = "noisy_line") -> DataSection:
    """Go to the tab of data and choose a data set."""
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    section = section_of(bench)
    assert bench.experiment.problem.key == "line_fit"
    if key == section.source.current():
        take(section.model, "linear")
    else:
        take(section.source, key)
    bench.until(lambda: bench.experiment.problem.data is not None)
    bench.settled()
    return section


def line_of_two_runs(**more: Any) -> Experiment:
    """Return a line fitted by mini-batches and by the full set, with some samples held out."""
    problem = Problem(model="linear", data=Data(source=Source(key="noisy_line"), held_out=0.2))
    runs = (
        Run(optimizer="gd", batch=16, hyperparameters={"learning_rate": 0.06}),
        Run(optimizer="gd", slot=1, hyperparameters={"learning_rate": 0.1}),
    )
    first = Experiment(problem=problem, start=start_of(problem), runs=runs)
    return replace(first, stopping=replace(first.stopping, iterations=60, tolerance=0.0), **more)


def classifier(key: str, model: str) -> Experiment:
    problem = Problem(model=model, data=Data(source=Source(key=key), held_out=0.2))
    first = Experiment(problem=problem, start=start_of(problem), runs=(Run(optimizer="gd", batch=16),))
    return replace(first, stopping=replace(first.stopping, iterations=50, tolerance=0.0))


def data_view(bench: Bench) -> DataView:
    return bench.window.data_pane.data


def pixel_of(bench: Bench, index: int) -> QPointF:
    """Return where a point is drawn."""
    drawing = data_view(bench).drawing()
    assert drawing is not None
    return QPointF(*drawing.pixels[index].tolist())


def moment_of(bench: Bench) -> Moment:
    drawing = data_view(bench).drawing()
    assert drawing is not None
    return drawing.moment(data_view(bench).cursor_iteration)


def metrics_of(bench: Bench) -> MetricsScene:
    scene = bench.studio.screen.data.metrics.content()
    assert isinstance(scene, MetricsScene)
    return scene


def cloud_of(bench: Bench) -> CloudScene:
    scene = bench.studio.screen.data.cloud.content()
    assert isinstance(scene, CloudScene)
    return scene


def along(first: QPointF, last: QPointF, count: int = 8) -> list[QPointF]:
    return [first + (last - first) * (step / (count - 1)) for step in range(count)]


def free_place(bench: Bench) -> QPointF:
    """Return a place in the plot far from all points."""
    drawing = data_view(bench).drawing()
    assert drawing is not None
    frame = drawing.frame
    across, down = np.meshgrid(
        np.linspace(frame.left + 30, frame.right - 30, 30), np.linspace(frame.top + 30, frame.bottom - 30, 30)
    )
    places = np.stack([across.ravel(), down.ravel()], axis=1)
    apart = np.linalg.norm(places[:, None] - drawing.pixels[None], axis=2).min(axis=1)
    return QPointF(*places[int(apart.argmax())].tolist())


def samples_of(bench: Bench) -> np.ndarray:
    return sampled(bench.experiment.problem).samples.values


def thetas_of(bench: Bench) -> list[np.ndarray]:
    """Return all iterates of each run, made without a window."""
    experiment = bench.experiment
    return [run_experiment(experiment, index).trajectory.theta for index in range(len(experiment.runs))]


def step_to(bench: Bench, iteration: int) -> None:
    bench.window.transport.timeline.setFocus()
    while bench.player.playback.position < iteration:
        bench.action("actionStep").trigger()
    bench.until(lambda: bench.position == iteration)


def bring_forward(bench: Bench, pane: str, key: str) -> None:
    """Bring a view to the front by a click on its tab."""
    tabs = getattr(bench.window, pane).tabs
    index = next(number for number in range(tabs.count()) if tabs.tabData(number) == key)
    assert tabs.isTabVisible(index)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(index).center())
    assert getattr(bench.window, pane).current() == key
