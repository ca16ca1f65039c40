"""Opens files of data: finds how they are written, lets a person correct that, and makes them the document's data.

A file comes from a file dialog, or is dropped on the window. It is read in a thread: the first rows at once, then all
of it. Whatever is changed in the dialog meanwhile ends that reading and begins another.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from gdstudio.controllers.files import ENDING
from gdstudio.data.progress import Progress, heard_by
from gdstudio.engine.errors import StudioError
from gdstudio.experiment.data_file import file_source
from gdstudio.experiment.document import Source
from gdstudio.experiment.sampled import raw_table
from gdstudio.views.file_dialog import FileDialog
from gdstudio.views.import_sheet import ImportSheet
from gdstudio.views.preview_table import ONLY
from gdstudio.views.sheet import Sheet

if TYPE_CHECKING:
    from gdstudio.controllers.data_changes import Asked
    from gdstudio.controllers.import_view import Looked
    from gdstudio.controllers.studio import Studio
    from gdstudio.data.reading import RawTable
    from gdstudio.experiment.document import Mend

_PREVIEW, _READING, _FINDINGS = "file preview", "file reading", "file findings"
_ENDINGS = (".csv", ".tsv", ".txt")
# How often the progress of a reading is shown.
_LOOK_MS = 60


class Importing(QObject):
    """The dialog of data files of one window, and what is dropped on it."""

    # Names under which tasks go to the desks.
    tasks = (_PREVIEW, _READING, _FINDINGS)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self.sheet: ImportSheet | None = None
        self._source = Source(file="")
        self._target: str | None = None
        self._left_out: frozenset[str] = frozenset()
        self._standardize = False
        self._looked: Looked | None = None
        self._error: StudioError | None = None
        self._progress: Progress | None = None
        # The change that was asked for when the file was taken.
        self._opening: Asked | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._show_progress)
        studio.window.setAcceptDrops(True)
        studio.window.installEventFilter(self)

    # where files come from

    def ask(self) -> None:
        """Let a person choose a file of data."""
        dialog = FileDialog(self._studio.window, self.tr("Open data"), QFileDialog.AcceptMode.AcceptOpen, (
            self.tr("Columns of numbers ({endings})").format(endings=" ".join(f"*{each}" for each in _ENDINGS)),
            self.tr("All files (*)"),
        ))
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a file that is dropped on the window: data, or an experiment."""
        if isinstance(event, QDropEvent) and watched is self._studio.window:
            path = self._droppable(event)
            if path is not None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._dropped(path)
                return True
        return super().eventFilter(watched, event)

    def _droppable(self, event: QDropEvent) -> Path | None:
        """Return the one file that hangs at the pointer, if it is of a kind that can be opened now."""
        urls = event.mimeData().urls()
        if len(urls) != 1 or not urls[0].isLocalFile() or self._studio.window.findChild(Sheet) is not None:
            return None
        path = Path(urls[0].toLocalFile())
        return path if path.suffix.lower() in (*_ENDINGS, ENDING) else None

    def _dropped(self, path: Path) -> None:
        if path.suffix.lower() == ENDING:
            self._studio.files.open_path(path)
        else:
            self.open_path(path)

    def open_path(self, path: str | Path) -> None:
        """Open the dialog on a file."""
        place = Path(path).absolute()
        self._source = file_source(place)
        self._target, self._left_out, self._standardize = None, frozenset(), False
        self._looked, self._error, self._opening = None, None, None
        sheet = ImportSheet(self._studio.window, place.name)
        sheet.formatChanged.connect(self._set_format)
        sheet.mendChanged.connect(self._set_mend)
        sheet.standardizeToggled.connect(self._set_standardize)
        sheet.targetChosen.connect(self._set_target)
        sheet.roleChosen.connect(self._set_role)
        sheet.taken.connect(self._take)
        sheet.finished.connect(self._closed)
        self.sheet = sheet
        sheet.open()
        self._read()

    # what a person changes

    def _set_format(self, key: str, choice: str) -> None:
        value: Any = choice or None
        if key == "header" and choice:
            value = choice == "yes"
        self._source = replace(self._source, format=replace(self._source.format, **{key: value}))
        self._read()

    def _set_mend(self, mend: Mend) -> None:
        self._source = replace(self._source, mend=mend)
        self._read()

    def _set_standardize(self, standardize: bool) -> None:
        self._standardize = standardize
        self._look()
        self.show()

    def _set_target(self, name: str) -> None:
        self._target = name
        self._left_out -= {name}
        self._look()

    def _set_role(self, name: str, role: str) -> None:
        if role == "target":
            self._set_target(name)
            return
        found = None if self._looked is None else self._looked.found
        if found is not None and name == found.target:
            # another column has to be the target
            self._target = next((each for each in reversed(found.raw.names) if each != name), name)
        if role == ONLY and found is not None:
            self._left_out = frozenset(found.raw.names)
        self._left_out = self._left_out | {name} if role == "left_out" else self._left_out - {name}
        self._look()

    # reading

    def _read(self) -> None:
        """Read the first rows, and then the rest."""
        self._stop()
        self._error = None
        self._progress = Progress()
        source = self._source
        from gdstudio.controllers.import_findings import first_rows

        self._studio.player.submit(_PREVIEW, self._progress, lambda: first_rows(source))
        self._clock.start()
        self.show()

    def _read_all(self, progress: Progress) -> None:
        source = self._source
        self._studio.player.submit(_READING, progress, lambda: _whole(source, progress))

    def _look(self, raw: RawTable | None = None, *, whole: bool | None = None) -> None:
        """Have what was read looked through; after a change of roles the same again."""
        from gdstudio.controllers.import_findings import findings
        from gdstudio.controllers.import_view import looked_through

        before = None if self._looked is None else self._looked.found
        if raw is None:
            if before is None:
                return
            raw, whole = before.raw, before.whole
            if whole:
                # it could be read, so what was wrong was what was to be made of it
                self._error = None
        target, left_out = self._target, tuple(self._left_out)
        table, all_of_it = raw, bool(whole)
        self._studio.player.submit(
            _FINDINGS, raw, lambda: looked_through(findings(table, target, left_out, whole=all_of_it)))

    def answered(self, name: str, token: object, result: Any) -> None:
        """Take in what a thread has read or found; of an older reading nothing is wanted any more."""
        if self.sheet is None:
            return
        if name == _FINDINGS:
            if result is not None and not isinstance(result, StudioError):
                self._looked = result
        elif token is not self._progress or not isinstance(token, Progress):
            return
        elif isinstance(result, StudioError):
            self._error = result
            self._ended()
        elif name == _PREVIEW:
            raw, self._error = result
            self._look(raw, whole=False)
            if self._error is None:
                self._read_all(token)
            else:
                self._ended()
        else:
            self._look(result, whole=True)
            self._ended()
        self.show()

    def _ended(self) -> None:
        self._progress = None
        self._clock.stop()

    def _stop(self) -> None:
        """End a reading that is under way."""
        if self._progress is not None:
            self._progress.wanted = False
        self._ended()

    # what becomes of it

    def show(self) -> None:
        """Show in the dialog, if it is open, what is known of the file."""
        if self.sheet is None:
            return
        from gdstudio.controllers.import_view import import_model

        progress = 1.0 if self._opening is not None else None if self._progress is None else self._progress.share
        self.sheet.setModel(
            import_model(self._source, self._looked, self._error, progress, standardize=self._standardize))

    def _show_progress(self) -> None:
        if self.sheet is not None and self._progress is not None:
            self.sheet.setProgress(self._progress.share)

    def _take(self) -> None:
        found = None if self._looked is None else self._looked.found
        if found is None or self._opening is not None:
            return
        target = None if found.target == found.raw.names[-1] else found.target
        features = found.features if self._left_out - {found.target} - found.labels else None
        self._opening = self._studio.data_changes.choose(
            self._source, target, features, self._standardize, answer=self._opened)
        self.show()

    def _opened(self, error: StudioError | None) -> None:
        """Close the dialog if the file has been opened, else say why not; of a dialog that is closed nothing comes."""
        assert self.sheet is not None
        self._opening = None
        if error is None:
            self.sheet.accept()
        else:
            self._error = error
            self.show()

    def stop(self) -> None:
        """End whatever is under way: a file that was taken and is not the document's yet is not opened any more."""
        self._stop()
        if self._opening is not None:
            self._studio.data_changes.withdraw(self._opening)
            self._opening = None

    def _closed(self) -> None:
        self.stop()
        self.sheet = None
        self._looked = None


def _whole(source: Source, progress: Progress) -> RawTable:
    """Return all of a file; called in a thread."""
    with heard_by(progress):
        return raw_table(source)
