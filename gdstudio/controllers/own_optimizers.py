"""A person's own optimizers: the editor of their equations, their files, and how they come into the race."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from gdstudio.controllers.program_equations import typeset_own
from gdstudio.controllers.sentences import error_text
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.language.operations import OPERATIONS
from gdstudio.engine.language.program import BLOCK_INPUTS
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.optimizers.row import MATRIX_WANTED
from gdstudio.engine.own_optimizer import OwnOptimizer, own_optimizer, text_of
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.experiment import editing
from gdstudio.experiment.atomic import written_whole
from gdstudio.experiment.build import parameters_of
from gdstudio.experiment.offers import has_matrix
from gdstudio.experiment.own_file import text_in
from gdstudio.views.equation_editor import EquationEditor
from gdstudio.views.file_dialog import FileDialog
from gdstudio.views.reading import Reading, TextMistake

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio
    from gdstudio.experiment.document import Experiment

_READING, _TYPESETTING, _OPENING = "own optimizer", "own equations", "open optimizer"
ENDING = ".txt"
_OF_MATRICES = re.compile(
    rf"\b(?:{'|'.join([*BLOCK_INPUTS, *(key for key, each in OPERATIONS.items() if each.needs_blocks)])})\b"
)
# Nobody reads an equation while typing.
_PAUSE_MS = 180


def read(text: str, *, matrices: bool) -> OwnOptimizer:
    """Read the text of an optimizer as a run would; called in the worker thread.

    Parameters
    ----------
    text : str
        As typed.
    matrices : bool
        Whether the problem has matrices of parameters, which some equations need.

    Raises
    ------
    StudioError
        Where it cannot be read or cannot run.
    """
    own = own_optimizer(text)
    if composition(Recipe(own.name, equations=text)).rule.needs_matrix and not matrices:
        raise _matrix_wanted(own)
    return own


def _matrix_wanted(own: OwnOptimizer) -> FormulaError:
    """Return why equations cannot run where no parameters are a matrix, at the name that asks for one."""
    places = [
        (number, match.start(), line)
        for number, line in enumerate(own.equations.split("\n"), start=1)
        for match in _OF_MATRICES.finditer(line)
    ]
    number, column, line = places[0]
    return FormulaError(MATRIX_WANTED, text=line, column=column, line=number, optimizer=own.name)


class OwnOptimizers(QObject):
    """The equation editor of one window."""

    # Names under which tasks go to the desks.
    tasks = (_READING, _TYPESETTING, _OPENING)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._editor: EquationEditor | None = None
        # What stood in the editor when it was closed without being taken.
        self._draft = ""
        self._readable: OwnOptimizer | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._typeset)

    @property
    def editor(self) -> EquationEditor | None:
        """The editor, while it is open."""
        return self._editor

    def connect_panel(self) -> None:
        """Listen to the panel."""
        self._studio.window.panel.equationsAsked.connect(self.open_run)

    def open_new(self, index: int | None = None) -> None:
        """Open the editor on what stood there last, or on the shortest optimizer there is."""
        first = text_of(
            self.tr("My optimizer"), "theta = theta - learning_rate * g", OPTIMIZERS["gd"].hyperparameters[:1]
        )
        self.open(self._draft or first, index)

    def open_copy(self, key: str, convention: str | None, index: int | None = None) -> None:
        """Open the editor on the equations of a built-in optimizer, to be changed."""
        row = OPTIMIZERS[key]
        variant = row.variant(convention)
        name = self.tr("My {name}").format(name=row.name)
        self.open(text_of(name, variant.equations, variant.hyperparameters, variant.initial), index)

    def open_run(self, index: int) -> None:
        """Open the editor on the equations of a run; what is made of them takes the place of its optimizer."""
        run = self._studio.experiment.runs[index]
        if run.equations is not None:
            self.open(run.equations, index)
        elif OPTIMIZERS[run.optimizer].variant(run.convention).equations:
            self.open_copy(run.optimizer, run.convention, index)
        else:
            self._studio.window.status.showMessage(
                self.tr("A search carries out the equations of {name}, so that a copy of them could not run").format(
                    name=OPTIMIZERS[run.optimizer].name)
            )

    def open(self, text: str, index: int | None = None) -> None:
        """Open the editor on a text; where `index` is given, the run's optimizer is changed, else one is added."""
        editor = EquationEditor(self._studio.window, text, changes=index is not None)
        editor.edited.connect(self._edited)
        editor.taken.connect(lambda taken: self._taken(index, taken))
        editor.left.connect(self._left)
        editor.openAsked.connect(self.ask_open)
        editor.saveAsked.connect(self.ask_save)
        editor.finished.connect(self._closed)
        self._editor = editor
        editor.open()

    # reading

    def read_again(self) -> None:
        """Say what is wrong with the text in the language of now, if the editor is open."""
        if self._editor is not None:
            self._edited(self._editor.text.toPlainText())

    def _edited(self, text: str) -> None:
        self._readable = None
        problem = self._studio.experiment.problem
        self._studio.player.submit(_READING, text, lambda: read(text, matrices=has_matrix(problem)))

    def answered(self, name: str, token: object, result: object) -> None:
        """Show what came back from a desk."""
        if name == _OPENING:
            self._opened(result)
        elif self._editor is None or not isinstance(token, str):
            return
        elif name == _TYPESETTING:
            if isinstance(result, tuple):
                self._editor.show_lines(token, result)
        elif isinstance(result, OwnOptimizer):
            self._readable = result
            numbers = tuple((each.symbol, f"{each.default:g}".replace("e-0", "e-")) for each in result.parameters)
            guessed = tuple(pair for pair in numbers if pair[0] in result.guessed)
            self._editor.show_reading(token, Reading(result.name, numbers, result.state, guessed))
            self._pause.start()
        elif isinstance(result, StudioError):
            self._editor.show_mistake(token, _mistake(result))

    def _typeset(self) -> None:
        own = self._readable
        if own is not None:
            self._studio.player.submit(_TYPESETTING, own.text, lambda: typeset_own(own), "typesetting")

    # what becomes of it

    def _taken(self, index: int | None, text: str) -> None:
        self._draft = ""
        self.race(text, index)

    def race(self, text: str, index: int | None = None) -> None:
        """Add a run with these equations, or give them to the run `index`."""
        name = own_optimizer(text).name
        if index is None:
            self._studio.choosing.add_run(name, None, text)
        else:
            self._studio.apply(_changed(self._studio.experiment, index, name, text))

    def _left(self, text: str) -> None:
        self._draft = text

    def _closed(self) -> None:
        self._editor = None
        self._readable = None

    # files

    def ask_open(self) -> None:
        """Let a person choose a text file to open."""
        dialog = self._dialog(self.tr("Open optimizer"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def open_path(self, path: str | Path) -> None:
        """Read a text in the worker thread and show it in the editor, whether or not it can run."""
        place = str(path)
        self._studio.player.submit(_OPENING, place, lambda: text_in(place))

    def ask_save(self, text: str) -> None:
        """Let a person choose a text file to save to."""
        dialog = self._dialog(self.tr("Save optimizer"), QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING)
        name = self._readable.name if self._readable is not None else self.tr("optimizer")
        dialog.selectFile("".join(each if each.isalnum() or each in " -_" else "_" for each in name) + ENDING)
        dialog.fileSelected.connect(lambda path: self.save_path(text, path))
        dialog.open()

    def save_path(self, text: str, path: str | Path) -> None:
        """Save a text, which is a few hundred bytes."""
        place = Path(path)
        status = self._studio.window.status
        try:
            with written_whole(place) as temporary:
                temporary.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
        except StudioError as error:
            self._complain(error)
            return
        status.showMessage(self.tr("Saved {name}").format(name=place.name))

    def _opened(self, result: object) -> None:
        if isinstance(result, StudioError):
            self._complain(result)
        elif isinstance(result, str) and self._editor is not None:
            self._editor.set_text(result)

    def _complain(self, error: StudioError) -> None:
        """Say what is wrong with a file where the person looks: in the editor, or below where that is closed."""
        if self._editor is not None:
            self._editor.say(error_text(error))
        else:
            self._studio.window.status.showMessage(error_text(error), 15_000)

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        return FileDialog(self._studio.window, title, mode, [self.tr("Optimizers (*.txt)")])


def _changed(experiment: Experiment, index: int, name: str, text: str) -> Experiment:
    """Return the experiment with other equations in a run; numbers that a person has set stay where they still are."""
    before = experiment.runs[index].hyperparameters
    changed = editing.change_optimizer(experiment, index, name, None, text)
    run = changed.runs[index]
    names = {parameter.key for parameter in parameters_of(run)}
    kept = {key: value for key, value in before.items() if key in names}
    runs = list(changed.runs)
    runs[index] = replace(run, hyperparameters={**kept, **run.hyperparameters})
    return replace(changed, runs=tuple(runs))


def _mistake(error: StudioError) -> TextMistake:
    line = error.details.get("line", 1)
    column = error.column if isinstance(error, FormulaError) else 0
    return TextMistake(error_text(error), int(str(line)), column)
