"""The views of data in one window: what they show, and what a person does in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdstudio.controllers.data_scenes import DataScenes, scenes_of
from gdstudio.controllers.data_series import is_known_sometimes
from gdstudio.experiment.suited import unedited
from gdstudio.scene.contour import MapScene
from gdstudio.scene.data_drawing import DataDrawing
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.moving import CloudView, MetricsView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.experiment.document import Data, Experiment
    from gdstudio.runner.worker import RunView
    from gdstudio.scene.contour import ContourDrawing
    from gdstudio.scene.theme import Theme
    from gdstudio.views.main_window import MainWindow


# What the worker has made of an experiment and its runs, and a drawing of it.
PreparedData = tuple[DataScenes, DataDrawing]


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
        # Views whose content is not what it should be, and how each is given it.
        self._due: set[str] = set()
        self._cursor = 0
        self._prepared: DataDrawing | None = None
        self._map: tuple[MapScene | None, ContourDrawing | None] = (None, None)
        pane, data = self.pane, self.pane.data
        self._fill: dict[str, Callable[[DataScenes], None]] = {
            "data": self._fill_data,
            "residuals": lambda scenes: pane.residuals.setContent(scenes.predictions("residuals", self._cursor)),
            "actual": lambda scenes: pane.actual.setContent(scenes.predictions("actual", self._cursor)),
            "confusion": lambda scenes: pane.confusion.setContent(scenes.confusion(self._cursor)),
            "cloud": lambda scenes: self.cloud.setContent(scenes.cloud(self._cursor)),
            "metrics": lambda scenes: self.metrics.setContent(scenes.metrics(self._cursor)),
            "batch": self._fill_batch,
        }
        for each in (self.pane, window.contour_pane, window.curves_pane):
            each.tabs.currentChanged.connect(self._fill_front)
        data.pointMoved.connect(self._moved)
        data.pointAdded.connect(self._added)
        data.pointsErased.connect(self.samplesErased)

    def set_theme(self, theme: Theme) -> None:
        """Show all in other colours."""
        views = (self.batch, self.cloud, self.metrics)
        for view in (*views, self.pane.data, self.pane.residuals, self.pane.actual, self.pane.confusion):
            view.setTheme(theme)

    def reset_view(self) -> None:
        """Show all there is, unzoomed, as soon as it is there."""
        for view in (self.pane.data, self.pane.residuals, self.pane.actual):
            view.resetRange()

    def preparation(self) -> Callable[[Experiment, Sequence[RunView]], PreparedData | None] | None:
        """Return what prepares the points in the worker's thread, where they are in front."""
        view = self.pane.data
        drawing = view.drawing() if self._scenes is not None and self.pane.current() == "data" else None
        if drawing is None:
            return None
        # known before another thread has the drawing
        _ = drawing.ticks
        cursor, ratio = self._cursor, view.devicePixelRatioF()

        def prepared(experiment: Experiment, runs: Sequence[RunView]) -> PreparedData | None:
            scenes = _scenes_of(experiment, runs)
            return None if scenes is None else (scenes, drawing.with_scene(scenes.data_space(cursor), ratio))

        return prepared

    def set_runs(
        self, experiment: Experiment, runs: tuple[RunView, ...], cursor: int, prepared: PreparedData | None = None
    ) -> None:
        """Show the runs of an experiment, which may have no data; `prepared` is what `preparation` has made."""
        self._scenes, self._prepared = prepared or (_scenes_of(experiment, runs), None)
        self._cursor = cursor
        self._window.setDataShown(self._scenes is not None)
        racing = zip(experiment.runs, runs, strict=False)
        self._say_marks([run for of, run in racing if of.visible and run.refusal is None])
        scenes = self._scenes
        if scenes is None:
            return
        source = unedited(experiment.problem).data
        if source != self._source:
            self._source = source
            self.reset_view()
        self.pane.setTask("classes" if scenes.is_classifier else "regression")
        self._due |= {*self._fill} - {"batch"}
        self._fill_front()

    def _say_marks(self, runs: list[RunView]) -> None:
        """Say what is strong, faint and dashed in the view of the loss, hollow and large among the data."""
        batches = any(run.trajectory.is_batched for run in runs)
        held_out = self._scenes is not None and self._scenes.loss.held_out is not None
        self._window.curves_pane.setLossCurves(
            batches=batches, held_out=held_out and bool(runs),
            at_epochs=any(is_known_sometimes(run.trajectory) for run in runs),
        )
        self.pane.setMarks(held_out=held_out, batches=batches)
        self._window.contour_pane.setBatchOf(None if self._scenes is None else self._scenes.batch_of)

    def set_map(self, scene: MapScene | None, prepared: ContourDrawing | None = None) -> None:
        """Show the loss of the batch over the map that the contour view shows, with what was prepared for that."""
        self._map = scene, prepared
        self._due.add("batch")
        self._fill_front()

    def set_iteration(self, cursor: int) -> None:
        """Show another iteration."""
        self._cursor = cursor
        if self._scenes is None:
            return
        pane = self.pane
        for view in (pane.data, pane.residuals, pane.actual, pane.confusion, self.batch, self.cloud, self.metrics):
            view.setIteration(cursor)

    def _fill_front(self) -> None:
        """Give the views in front what is new; the others get theirs when they come there."""
        window = self._window
        for pane in (self.pane, window.contour_pane, window.curves_pane):
            key = pane.current()
            if key in self._due and self._scenes is not None:
                self._due.remove(key)
                self._fill[key](self._scenes)

    def _fill_data(self, scenes: DataScenes) -> None:
        prepared, self._prepared = self._prepared, None
        fits = prepared is not None and prepared.scene.cursor == self._cursor
        scene = prepared.scene if prepared is not None and fits else scenes.data_space(self._cursor)
        self.pane.data.setContent(scene, prepared if fits else None)

    def _fill_batch(self, scenes: DataScenes) -> None:
        scene, prepared = self._map
        if scene is None or scene.landscape is None:
            return
        landscape = scene.landscape
        self.batch.setContent(MapScene(
            landscape, scene.runs, self._cursor, scene.start, lambda cursor: scenes.ghost(landscape, cursor)
        ), prepared)

    def _moved(self, row: int, x: float, y: float, final: bool) -> None:
        if self._scenes is not None:
            self.sampleMoved.emit(row, dict(zip(self._scenes.shown_columns, (x, y), strict=True)), final)

    def _added(self, x: float, y: float, code: int | None) -> None:
        if self._scenes is not None:
            values = dict(zip(self._scenes.shown_columns, (x, y), strict=True))
            self.sampleAdded.emit(values if code is None else values | self._scenes.of_class(code))


def _scenes_of(experiment: Experiment, runs: Sequence[RunView]) -> DataScenes | None:
    return scenes_of(experiment, [run.theta for run in runs])
