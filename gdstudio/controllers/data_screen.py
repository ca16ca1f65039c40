"""The views of data in one window: what they show, and what a person does in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdstudio.controllers.data_scenes import DataScenes, scenes_of
from gdstudio.experiment.suited import is_ready, unedited
from gdstudio.scene.contour import MapScene
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.moving import CloudView, MetricsView

if TYPE_CHECKING:
    from gdstudio.experiment.document import Data, Experiment
    from gdstudio.runner.worker import RunView
    from gdstudio.scene.theme import Theme
    from gdstudio.views.main_window import MainWindow


class DataScreen(QObject):
    """Data space, residuals, predictions, metrics, the loss and the gradients of batches.

    Signals
    -------
    sampleMoved(row, values, final)
        A sample was dragged: its number, and numbers by column.
    sampleAdded(values)
        One more is wanted.
    samplesErased(rows)
        Some are to go.
    """

    sampleMoved = Signal(int, object, bool)
    sampleAdded = Signal(object)
    samplesErased = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.pane = window.data_pane
        self.batch, self.cloud, self.metrics = ContourView(), CloudView(), MetricsView()
        for name, view in (("batchView", self.batch), ("cloudView", self.cloud), ("metricsView", self.metrics)):
            view.setObjectName(name)
        window.setDataViews(self.batch, self.cloud, self.metrics)
        self._scenes: DataScenes | None = None
        # Whose points are shown, whatever was changed in them by hand.
        self._source: Data | None = None
        data = self.pane.data
        data.pointMoved.connect(self._moved)
        data.pointAdded.connect(self._added)
        data.pointsErased.connect(self.samplesErased)

    def set_theme(self, theme: Theme) -> None:
        """Show all in other colours."""
        views = (self.batch, self.cloud, self.metrics)
        for view in (*views, self.pane.data, self.pane.residuals, self.pane.actual, self.pane.confusion):
            view.setTheme(theme)

    def reset_view(self) -> None:
        """Show all there is, unzoomed."""
        for view in (self.pane.data, self.pane.residuals, self.pane.actual):
            view.resetRange()

    def set_runs(self, experiment: Experiment, runs: tuple[RunView, ...], cursor: int) -> None:
        """Show the runs of an experiment, which may have no data."""
        shown = is_ready(experiment.problem)
        self._scenes = scenes_of(experiment, [run.theta for run in runs]) if shown else None
        self._window.setDataShown(self._scenes is not None)
        scenes = self._scenes
        if scenes is None:
            return
        source = unedited(experiment.problem).data
        if source != self._source:
            self._source = source
            self.reset_view()
        self.pane.setTask("classes" if scenes.is_classifier else "regression")
        self.pane.data.setContent(scenes.data_space(cursor))
        self.pane.residuals.setContent(scenes.predictions("residuals", cursor))
        self.pane.actual.setContent(scenes.predictions("actual", cursor))
        if scenes.is_classifier:
            self.pane.confusion.setContent(scenes.confusion(cursor))
        self.cloud.setContent(scenes.cloud(cursor))
        self.metrics.setContent(scenes.metrics(cursor))

    def set_map(self, scene: MapScene | None) -> None:
        """Show the loss of the batch over the map that the contour view shows."""
        scenes = self._scenes
        if scenes is None or scene is None or scene.landscape is None:
            return
        landscape = scene.landscape
        self.batch.setContent(MapScene(
            landscape, scene.runs, scene.cursor, scene.start, lambda cursor: scenes.ghost(landscape, cursor)
        ))

    def set_iteration(self, cursor: int) -> None:
        """Show another iteration."""
        if self._scenes is None:
            return
        pane = self.pane
        for view in (pane.data, pane.residuals, pane.actual, pane.confusion, self.batch, self.cloud, self.metrics):
            view.setIteration(cursor)

    def _moved(self, row: int, x: float, y: float, final: bool) -> None:
        if self._scenes is not None:
            self.sampleMoved.emit(row, dict(zip(self._scenes.shown_columns, (x, y), strict=True)), final)

    def _added(self, x: float, y: float, code: int | None) -> None:
        if self._scenes is not None:
            values = dict(zip(self._scenes.shown_columns, (x, y), strict=True))
            self.sampleAdded.emit(values if code is None else values | self._scenes.of_class(code))
