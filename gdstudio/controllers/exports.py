"""Pictures of the views and tables of the runs, written in the background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from gdstudio.controllers.content import run_label
from gdstudio.controllers.panel_model import run_title
from gdstudio.controllers.sentences import error_text, refusal_text
from gdstudio.exporters.pictures import export, export_image
from gdstudio.exporters.tables import write_table
from gdstudio.runner.background import BackgroundTask
from gdstudio.views.export_dialog import ExportDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.studio import Studio
    from gdstudio.engine.errors import StudioError

PICTURE_SCALES = (1, 2, 3, 4)


class Exports(QObject):
    """What leaves the program: asked for by a dialog or by a path, done in a thread of its own."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._window = studio.window
        self._tasks: set[BackgroundTask] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether anything is still being written."""
        return bool(self._tasks)

    # pictures

    def ask_picture(self) -> None:
        """Let a person choose view, format and scale of a picture."""
        views = [(title, key) for key, title in self._view_titles().items()]
        scales = [(self.tr("{scale}×").format(scale=scale), scale) for scale in PICTURE_SCALES]
        dialog = ExportDialog(
            self.tr("Export picture"),
            [(self.tr("PNG picture"), ".png"), (self.tr("SVG drawing"), ".svg"), (self.tr("PDF document"), ".pdf")],
            [("view", self.tr("View"), views), ("scale", self.tr("Scale (PNG)"), scales)],
            self._proposed_name(),
            self._window,
            only={"window": (".png",)},
        )
        dialog.chosen.connect(lambda path, values: self.export_picture(path, values["view"], values["scale"]))
        dialog.open()

    def _view_titles(self) -> dict[str, str]:
        single = self._studio.screen.single
        return {
            "surface": self.tr("Curve") if single else self.tr("Surface"),
            "contour": self.tr("Derivative") if single else self.tr("Contour map"),
            "curves": self.tr("Loss over iterations"),
            "window": self.tr("Whole window"),
        }

    def export_picture(self, path: str | Path, view: str, scale: int = 1) -> None:
        """Write a picture as it is on screen now.

        Parameters
        ----------
        path : path-like
            Ends in .png, .svg or .pdf; that of the whole window in .png.
        view : {"surface", "contour", "curves", "window"}
            What to write.
        scale : int
            Pixels of a PNG for each pixel on screen, 1 to 4.
        """
        place = Path(path)
        if view == "window":
            image = self._window_image(scale)
            self._start(place, lambda: export_image(image, place))
            return
        drawing = self._studio.screen.picture_of(view)
        if drawing is not None:
            self._start(place, lambda: export(drawing, place, float(scale)))

    def _window_image(self, scale: int) -> QImage:
        """Return the whole window at so many pixels for each of the screen's."""
        window = self._window
        image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        if scale == 1:
            return window.grab().toImage()
        painter = QPainter(image)
        window.render(painter, QPoint(0, 0))
        painter.end()
        return image

    # tables

    def ask_trajectory(self) -> None:
        """Let a person choose a run and a format."""
        experiment = self._studio.experiment
        runs = [
            (f"{index + 1} · {run_label(run, experiment)}", index) for index, run in enumerate(experiment.runs)
        ]
        dialog = ExportDialog(
            self.tr("Export trajectory"),
            [(self.tr("CSV table"), ".csv"), (self.tr("JSON"), ".json"), (self.tr("NumPy archive"), ".npz")],
            [("run", self.tr("Run"), runs)],
            self._proposed_name(),
            self._window,
        )
        dialog.chosen.connect(lambda path, values: self.export_trajectory(path, values["run"] or 0))
        dialog.open()

    def export_trajectory(self, path: str | Path, index: int = 0) -> None:
        """Write all iterates of a run that there are.

        Parameters
        ----------
        path : path-like
            Ends in .csv, .json or .npz.
        index : int
            Which run.
        """
        player = self._studio.player
        if player.snapshot is None or player.experiment is None or index >= len(player.snapshot.runs):
            self._window.status.showMessage(self.tr("There is no run to export yet"))
            return
        view = player.snapshot.runs[index]
        if view.refusal is not None:
            title = run_title(player.experiment.runs[index])
            self._window.status.showMessage(refusal_text(view.refusal, title), 15_000)
            return
        trajectory = view.trajectory
        alone = replace(player.experiment, runs=(player.experiment.runs[index],))
        place = Path(path)
        self._start(place, lambda: write_table(place, trajectory, alone))

    # the work

    def _start(self, place: Path, function: Callable[[], object]) -> None:
        if self._closed:
            return
        status = self._window.status
        status.showMessage(self.tr("Writing {name}…").format(name=place.name), 60_000)
        task = BackgroundTask(function, self)
        self._tasks.add(task)
        queued = Qt.ConnectionType.QueuedConnection
        task.succeeded.connect(lambda: status.showMessage(self.tr("Wrote {path}").format(path=place)), queued)
        task.refused.connect(self._refused, queued)
        task.broke.connect(self._studio.report_failure, queued)
        task.finished.connect(lambda: self._tasks.discard(task), queued)
        task.finished.connect(task.deleteLater)
        task.start()

    def _refused(self, error: StudioError) -> None:
        self._window.status.showMessage(error_text(error), 15_000)

    def wait(self) -> None:
        """Let what is being written be finished, and begin nothing more; called when the window closes."""
        self._closed = True
        for task in list(self._tasks):
            task.wait()

    def _proposed_name(self) -> str:
        path = self._studio.files.path
        return path.stem if path is not None else (self._studio.experiment.problem.key or "experiment")

    def connect_actions(self) -> None:
        """Connect the actions of the File menu."""
        self._window.actionExportImage.triggered.connect(self.ask_picture)
        self._window.actionExportTrajectory.triggered.connect(self.ask_trajectory)
