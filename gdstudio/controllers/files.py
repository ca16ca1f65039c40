"""Opening, saving and keeping: where the document comes from and where it goes.

Asking and doing are apart: the dialogs only find a name, the methods with a path do the work and can be called
without any dialog. Reading happens in the worker thread.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QFileDialog

from gdstudio.controllers.sentences import error_text
from gdstudio.engine.errors import StudioError
from gdstudio.experiment.document import Experiment
from gdstudio.experiment.file import open_experiment, save_experiment, to_json
from gdstudio.views.file_dialog import FileDialog

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio

ENDING = ".json"
_SESSION_PATH = "session/path"


def session_file() -> Path:
    """Return where unsaved work is kept between starts."""
    from platformdirs import user_data_path

    return user_data_path("gdstudio") / "session.json"


def settings() -> QSettings:
    """Return what the program remembers of a person's choices."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdstudio", "gdstudio")


def kept_session() -> tuple[Experiment, Path | None] | None:
    """Return the unsaved work of the last session and the file it belongs to, if there is any that can be read."""
    place = session_file()
    if not place.is_file():
        return None
    try:
        experiment = open_experiment(place)
    except StudioError:
        # Kept for whoever wants to look at it, but not in the way of the next start.
        place.replace(place.with_suffix(".unreadable.json"))
        return None
    path = str(settings().value(_SESSION_PATH, "") or "")
    return experiment, Path(path) if path else None


class Files(QObject):
    """The document's file, and the session that outlives the window."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._window = studio.window
        self.path: Path | None = None
        self.keeps_session = True
        # Whether what an earlier session left is on screen here, so that it may be replaced.
        self._owns_session = False
        self._saved: Experiment | None = studio.experiment

    @property
    def changed(self) -> bool:
        """Whether the document differs from its file, or from what greeted a newcomer."""
        return self._studio.experiment != self._saved

    def restored(self, path: Path | None) -> None:
        """Take note that the document is unsaved work of an earlier session."""
        self.path = path
        self._saved = None
        self._owns_session = True
        self.document_changed()

    def came_from(self, path: Path) -> None:
        """Take note that the document is what stands in the file `path`."""
        self.path = path
        self.document_changed()

    def document_changed(self) -> None:
        """Show the name of the document and whether it is saved."""
        name = self.path.stem if self.path else self.tr("Untitled experiment")
        self._window.setDocumentName(name, self.changed)

    # opening

    def ask_open(self) -> None:
        """Let a person choose a file to open."""
        dialog = self._dialog(self.tr("Open experiment"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def open_path(self, path: str | Path) -> None:
        """Read an experiment in the worker thread and show it; an error leaves the present one as it is."""
        place = Path(path)
        self._studio.player.submit("open", place, lambda: open_experiment(place))

    def opened(self, path: object, result: object) -> None:
        """Show what was read."""
        if isinstance(result, StudioError):
            self._window.status.showMessage(error_text(result), 15_000)
        elif isinstance(result, Experiment):
            self.path = path if isinstance(path, Path) else None
            self._saved = result
            self._studio.open(result)

    # saving

    def save(self) -> None:
        """Save to the document's file, asking for one where there is none."""
        if self.path is None:
            self.ask_save()
        else:
            self.save_path(self.path)

    def ask_save(self) -> None:
        """Let a person choose a file to save to."""
        dialog = self._dialog(self.tr("Save experiment"), QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING)
        dialog.selectFile(str(self.path or self.tr("experiment") + ENDING))
        dialog.fileSelected.connect(self.save_path)
        dialog.open()

    def save_path(self, path: str | Path) -> None:
        """Save the document; its file is a few hundred bytes."""
        place = Path(path)
        try:
            save_experiment(self._studio.experiment, place)
        except StudioError as error:
            self._window.status.showMessage(error_text(error), 15_000)
            return
        self.path, self._saved = place, self._studio.experiment
        self.document_changed()
        self._window.status.showMessage(self.tr("Saved {name}").format(name=place.name))

    # keeping

    def keep_session(self) -> None:
        """Keep unsaved work for the next start, and nothing where all is saved."""
        if not self.keeps_session:
            return
        place = session_file()
        try:
            if not self.changed:
                if self._owns_session:
                    place.unlink(missing_ok=True)
                return
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists() and not self._owns_session:
                place.replace(place.with_name("session-earlier.json"))
            save_experiment(self._studio.experiment, place)
            settings().setValue(_SESSION_PATH, str(self.path or ""))
        except (OSError, StudioError) as error:
            self._say_on_terminal(error)

    def _say_on_terminal(self, error: Exception) -> None:
        """Leave the experiment where a person can still find it when the disk takes nothing more."""
        try:
            text = to_json(self._studio.experiment).decode()
        except StudioError:  # what cannot be written to a file cannot be written here either
            text = ""
        # Without a terminal there may be no stream at all, or one that is closed.
        with suppress(AttributeError, OSError, ValueError):
            sys.stderr.write(f"{error}\n{text}")

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        return FileDialog(self._window, title, mode, [self.tr("Experiments (*.json)")])

    def connect_actions(self) -> None:
        """Connect the actions of the File menu."""
        self._window.actionOpen.triggered.connect(self.ask_open)
        self._window.actionSave.triggered.connect(self.save)
        self._window.actionSaveAs.triggered.connect(self.ask_save)
