"""The studio: joins the window's intents, the document, the worker and the views.

What a person does becomes a new experiment; a new experiment is handed to the worker; what the worker has is
shown. Nothing is computed here.
"""

from __future__ import annotations

import math
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gdstudio.controllers.choosing import Choosing
from gdstudio.controllers.data_changes import DataChanges
from gdstudio.controllers.exports import Exports
from gdstudio.controllers.files import Files
from gdstudio.controllers.importing import Importing
from gdstudio.controllers.judgement import Judgement
from gdstudio.controllers.own_optimizers import OwnOptimizers
from gdstudio.controllers.panel_intents import connect_actions, connect_panel
from gdstudio.controllers.panel_model import Typing, first_problem, kind_of, panel_model
from gdstudio.controllers.player import Player, error_of
from gdstudio.controllers.sentences import error_text
from gdstudio.controllers.surroundings import Surroundings
from gdstudio.controllers.typesetting import Typesetter
from gdstudio.engine.errors import FormulaError
from gdstudio.engine.objective import objective
from gdstudio.experiment import editing
from gdstudio.experiment.history import History
from gdstudio.experiment.suited import is_ready
from gdstudio.runner.runner import Runner
from gdstudio.views.panel.model import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.screen import Screen
    from gdstudio.experiment.document import Experiment
    from gdstudio.views.main_window import MainWindow

# Seconds without a key after which a formula's next change is a new step of undo.
_PAUSE_IN_TYPING = 1.0


class Studio(QObject):
    """Everything behind one main window.

    Parameters
    ----------
    window : MainWindow
        Its window, which is also its parent.
    screen : Screen
        The views in it.
    experiment : Experiment
        What is on screen at first.
    """

    def __init__(self, window: MainWindow, screen: Screen, experiment: Experiment) -> None:
        super().__init__(window)
        self.window = window
        self.screen = screen
        self.history = History(experiment)
        self.runner = Runner(self)
        self.player = Player(self.runner, self)
        self.typesetter = Typesetter(self.player.submit, self)
        self.files = Files(self)
        self.exports = Exports(self)
        self.choosing = Choosing(self)
        self.surroundings = Surroundings(self)
        self.own_optimizers = OwnOptimizers(self)
        self.judgement = Judgement(self)
        self.data_changes = DataChanges(self)
        self.importing = Importing(self)
        self._typing: Typing | None = None
        # Slots of the cards that are unfolded: they stay with a run when others come and go, undo included.
        self._expanded = _first_slot(experiment)
        self._typed_at = -math.inf
        self._closed = False
        self._connect()
        self.runner.start()
        self._show(keep_position=False)

    @property
    def experiment(self) -> Experiment:
        """The document as it stands."""
        return self.history.current

    # from the document to the screen

    def apply(
        self, experiment: Experiment, *, coalesce: str | None = None, going_on: bool = False, panel: bool = True
    ) -> None:
        """Make `experiment` the document: one step of undo, merged with the last where `coalesce` is the same.

        The cursor stays where no run begins anew, and where the change belongs to a run that is `going_on`. What does
        not concern the panel need not be shown there at once.
        """
        before = self.experiment
        if experiment == before:
            return
        self._typing = None
        self.surroundings.forget_typing()
        self.history.push(experiment, coalesce)
        self._show(keep_position=going_on or editing.goes_on(before, experiment), panel=panel)

    def open(self, experiment: Experiment) -> None:
        """Begin anew with `experiment`: there is nothing to undo."""
        self.history = History(experiment)
        self._typing = None
        self._expanded = _first_slot(experiment)
        self._show(keep_position=False)

    def show_again(self, *, keep_position: bool = False) -> None:
        """Show the document, from its start unless the cursor is to stay."""
        self._show(keep_position=keep_position)

    def _show(self, *, keep_position: bool, panel: bool = True) -> None:
        if not self.data_changes.loaded(self.experiment, keep_position=keep_position):
            return
        if panel:
            self.show_panel()
        self.files.document_changed()
        self.screen.set_experiment(self.experiment)
        # last: from here on the worker's thread competes for the interpreter
        self.player.compute(self.experiment, keep_position=keep_position)

    def show_panel(self) -> None:
        """Show the document in the panel, as soon as its data have been read."""
        problem = self.experiment.problem
        if not is_ready(problem):
            return
        plain = self._typing is None and problem.data is None
        equation = self.typesetter.gradient(problem.text if plain else None)
        unfolded = frozenset(index for index, run in enumerate(self.experiment.runs) if run.slot in self._expanded)
        model = panel_model(self.experiment, self._typing, equation, unfolded, *self.judgement.texts())
        self.window.panel.setModel(replace(model, additions=self.surroundings.model()))
        self.window.actionUndo.setEnabled(self.history.can_undo or self._typing is not None)
        self.window.actionRedo.setEnabled(self.history.can_redo)

    def undo(self) -> None:
        """Go back one change; text that could not be read is the newest of them."""
        if self._typing is not None:
            self.show_typing(None)
            return
        self._walk(self.history.undo)

    def redo(self) -> None:
        """Do again what was undone."""
        self._walk(self.history.redo)

    def _walk(self, walk: Callable[[], Experiment]) -> None:
        """Go along the history; the cursor stays where no run begins anew."""
        before = self.experiment
        self._typing = None
        self.surroundings.forget_typing()
        self._show(keep_position=editing.goes_on(before, walk()))

    # intents of the panel

    @property
    def typing(self) -> Typing | None:
        """What is being typed and is not the document's yet."""
        return self._typing

    def show_typing(self, typing: Typing | None) -> None:
        """Show in its field what is being typed, or what the document has there."""
        self._typing = typing
        self.show_panel()

    def choose_kind(self, kind: str) -> None:
        """Show another kind of problem: the first of its table, or the present one as a formula."""
        if kind == kind_of(self.experiment.problem) and self._typing is None:
            return
        if kind == "formula":
            self.edit_formula(self._as_formula())
            self._typed_at = -math.inf
        else:
            self.apply(editing.choose_problem(self.experiment, first_problem(data=kind == "data")))

    def _as_formula(self) -> str:
        """Return the present problem as a formula; data cannot be typed, so it gives way to a bowl."""
        if kind_of(self.experiment.problem) == "data":
            return "x^2 + 3*y^2"
        return editing.text_with_numbers(self.experiment.problem)

    def edit_formula(self, text: str) -> None:
        """Take in what stands in the formula field, and read it in the worker thread."""
        if text == self.experiment.problem.text:
            self._typing = None
        else:
            # a mistake stays in sight until the new text has been read, so that the panel does not jump
            self._typing = Typing(text, self._typing.mistake if self._typing else None)
            now = time.monotonic()
            if now - self._typed_at > _PAUSE_IN_TYPING:
                # What is typed after a pause is a step of undo of its own.
                self.history.end_gesture()
            self._typed_at = now
        self.show_panel()
        if self._typing is not None:
            self.player.submit("formula", text, lambda: objective(text))

    def _formula_read(self, text: str, result: object) -> None:
        if self._typing is None or self._typing.text != text:
            return
        error = error_of(result)
        changed = self.experiment if error is not None else editing.set_formula(self.experiment, text)
        if changed != self.experiment:
            self.apply(changed, coalesce="formula")
            return
        self._typing = None
        if error is not None:
            column = error.column if isinstance(error, FormulaError) else None
            self._typing = Typing(text, Mistake(error_text(error), column))
        self.show_panel()

    def set_problem_parameter(self, name: str, value: float, final: bool) -> None:
        """Set one of the problem's own numbers."""
        self._slide(editing.set_problem_parameter(self.experiment, name, value), f"parameter {name}", final)

    def set_hyperparameter(self, index: int, name: str, value: float, final: bool) -> None:
        """Set a hyperparameter: from the next iteration while a run plays, from the start at rest."""
        gesture = f"hyperparameter {index} {name}"
        if not self.player.playback.playing:
            self._slide(editing.set_hyperparameter(self.experiment, index, name, value), gesture, final)
            return
        if value != editing.hyperparameter_now(self.experiment, index, name):
            position = self.player.live_position(index)
            if position is None:
                changed = editing.set_hyperparameter(self.experiment, index, name, value)
            else:
                changed = editing.change_hyperparameter(self.experiment, index, name, value, position)
            self.apply(changed, coalesce=gesture, going_on=True)
        if final:
            self.history.end_gesture()

    def _slide(self, experiment: Experiment, coalesce: str, final: bool) -> None:
        """Follow a slider: what it does until it is let go is one step of undo."""
        self.apply(experiment, coalesce=coalesce)
        if final:
            self.history.end_gesture()

    def set_start_value(self, index: int, value: float) -> None:
        """Set the start of one variable."""
        start = list(self.experiment.start)
        start[index] = value
        self.apply(editing.set_start(self.experiment, start))

    def move_start(self, place: tuple[float, ...]) -> None:
        """Follow the pointer that drags the start in a view: values of the variables that it shows."""
        start = list(self.experiment.start)
        shown = self.experiment.shown if len(start) > 1 else (0,)
        for index, value in zip(shown, place, strict=True):
            start[index] = value
        self.apply(editing.set_start(self.experiment, start), coalesce="start")

    def set_batch(self, index: int, size: int | None, final: bool) -> None:
        """Set how many samples a run takes at each step."""
        self._slide(editing.set_batch(self.experiment, index, size), f"batch {index}", final)

    def toggle_expansion(self, index: int) -> None:
        """Fold or unfold a card."""
        slot = self.experiment.runs[index].slot
        self._expanded ^= {slot}
        self.surroundings.select(slot)
        self.show_panel()

    def unfold(self, slot: int) -> None:
        """Show the numbers of the run with a slot, and what is around its optimizer."""
        self._expanded |= {slot}
        self.surroundings.select(slot)

    # what comes back

    def _answered(self, name: str, token: object, result: object) -> None:
        if name == "formula" and isinstance(token, str):
            self._formula_read(token, result)
        elif name == "equation" and isinstance(token, str):
            self.typesetter.answered(token, result)
        elif name == "open":
            self.files.opened(token, result)
        else:
            parts = (self.choosing, self.surroundings, self.own_optimizers, self.judgement, self.data_changes,
                     self.importing)
            part = next((each for each in parts if name in each.tasks), self.screen)
            part.answered(name, token, result)

    def _computed(self) -> None:
        if self.player.snapshot is not None and self.player.experiment is not None:
            self.screen.set_runs(self.player.experiment, self.player.snapshot)
        self._moved()

    def _moved(self) -> None:
        self.screen.set_cursor(self.player)

    def report_failure(self, trace: str) -> None:
        """Say what nobody foresaw, where it can be copied from."""
        sys.stderr.write(trace)
        last = trace.strip().splitlines()[-1]
        self.window.status.showMessage(self.tr("The computation failed: {reason}").format(reason=last), 20_000)

    def discard(self) -> None:
        """Keep nothing of this window for the next start."""
        self.files.keeps_session = False

    def close(self) -> None:
        """End the worker; unsaved work is kept for the next start. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self.files.keep_session()
        finally:
            self.importing.stop()
            self.data_changes.stop()
            self.exports.wait()
            self.screen.wait()
            self.runner.close()

    # wiring

    def _connect(self) -> None:
        self.runner.failed.connect(self.report_failure)
        self.player.computed.connect(self._computed)
        self.player.moved.connect(self._moved)
        self.player.answered.connect(self._answered)
        self.typesetter.typeset.connect(self.show_panel)
        self.window.closing.connect(self.close)
        self.window.transport.speedChanged.connect(self.player.set_speed)
        connect_panel(self)
        connect_actions(self)
        screen = self.screen
        screen.grounds.submit = screen.maps.submit = self.player.submit
        self.player.preparation = screen.preparation
        screen.startMoved.connect(self.move_start)
        screen.startReleased.connect(lambda: self.history.end_gesture())
        screen.runToggled.connect(lambda index: self.change(editing.toggle_run, index))

    def change(self, edit: Callable[..., Experiment], *arguments: object) -> None:
        """Make a change of the document by a function of `experiment.editing`."""
        self.apply(edit(self.experiment, *arguments))


def _first_slot(experiment: Experiment) -> frozenset[int]:
    return frozenset(run.slot for run in experiment.runs[:1])
