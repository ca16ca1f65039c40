"""Opens the optimizer picker, typesets what it shows, and makes of a choice a change of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gdstudio.controllers.picker_entries import NEW, OWN, entries, own_entries
from gdstudio.controllers.program_equations import typeset_lines, typeset_own, typeset_shown
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.own_optimizer import own_optimizer
from gdstudio.experiment import editing
from gdstudio.experiment.offers import has_matrix
from gdstudio.views.picker import OptimizerPicker

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio
    from gdstudio.views.equation import Equation
    from gdstudio.views.picker_model import OptimizerEntry

_TASK = "picker equations"


class Choosing(QObject):
    """The optimizer picker of one window."""

    # Names under which tasks go to the desks.
    tasks = (_TASK,)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self.picker: OptimizerPicker | None = None
        # Of equations that were typeset before, so that walking along the list does not flicker.
        self._own: tuple[str, ...] = ()
        self._known: dict[tuple[str, str], tuple[Equation, ...]] = {}

    def connect_panel(self) -> None:
        """Listen to the panel."""
        panel = self._studio.window.panel
        panel.optimizerAddAsked.connect(lambda: self.open())
        panel.optimizerChangeAsked.connect(self.open)

    def open(self, index: int | None = None) -> None:
        """Open the picker to add an optimizer, or to change that of the run `index`."""
        run = self._studio.experiment.runs[index] if index is not None else None
        current = (run.optimizer, run.convention) if run is not None else None
        texts = dict.fromkeys(run.equations for run in self._studio.experiment.runs if run.equations is not None)
        self._own = tuple(texts)
        if run is not None and run.equations is not None:
            current = (f"{OWN}{self._own.index(run.equations)}", OWN)
        picker = OptimizerPicker(self._studio.window, self._entries(), current, changes=run is not None)
        picker.equationsWanted.connect(self._typeset)
        picker.taken.connect(lambda key, convention: self._taken(index, key, convention))
        picker.copyAsked.connect(lambda key, convention: self._copy(index, key, convention))
        picker.finished.connect(self._closed)
        self.picker = picker
        shown = picker.current()
        if shown is not None:
            self._typeset(*shown)
        picker.open()
        if index is not None:
            self._studio.window.panel.optimizers.cards[index].parameters.reserve()

    def retranslate(self) -> None:
        """Say what comes from the table in the language of now, if the picker is open."""
        if self.picker is not None:
            self.picker.setEntries(self._entries())

    def _entries(self) -> tuple[OptimizerEntry, ...]:
        matrices = has_matrix(self._studio.experiment.problem)
        return (*entries(matrices=matrices), *own_entries(self._own, matrices=matrices))

    def answered(self, name: str, token: object, result: object) -> None:
        """Show what was typeset."""
        del name
        if isinstance(token, tuple) and isinstance(result, tuple):
            if not token[0].startswith(OWN):
                self._known[token] = result
            if self.picker is not None:
                key, convention = token
                self.picker.show_lines(key, convention, result)

    def add_run(self, optimizer: str, convention: str | None = None, equations: str | None = None) -> None:
        """Add a run with its card unfolded; nothing happens where there are as many as there may be."""
        experiment = self._studio.experiment
        grown = editing.add_run(experiment, optimizer)
        if grown is not experiment:
            grown = editing.change_optimizer(grown, -1, optimizer, convention, equations)
            self._studio.unfold(grown.runs[-1].slot)
            self._studio.apply(grown)

    def _typeset(self, key: str, convention: str) -> None:
        if self.picker is None:
            return
        if key.startswith(OWN):
            self._typeset_own(key, convention)
            return
        variant = OPTIMIZERS[key].variant(convention)
        if (key, convention) in self._known:
            self.picker.show_lines(key, convention, self._known[key, convention])
        else:
            typeset = typeset_lines if variant.equations else typeset_shown
            text, parameters = variant.equations or variant.shown_equations, variant.hyperparameters
            self._studio.player.submit(_TASK, (key, convention), lambda: typeset(text, parameters), "typesetting")

    def _typeset_own(self, key: str, convention: str) -> None:
        """Have a person's own equations typeset; a new optimizer has none yet."""
        if key == NEW:
            return
        own = own_optimizer(self._own[int(key.removeprefix(OWN))])
        self._studio.player.submit(_TASK, (key, convention), lambda: typeset_own(own), "typesetting")

    def _copy(self, index: int | None, key: str, convention: str) -> None:
        if key in ("", NEW):
            self._studio.own_optimizers.open_new(index)
        elif key.startswith(OWN):
            self._studio.own_optimizers.open(self._own[int(key.removeprefix(OWN))], index)
        else:
            self._studio.own_optimizers.open_copy(key, convention, index)

    def _taken(self, index: int | None, key: str, convention: str) -> None:
        if key == NEW:
            self._studio.own_optimizers.open_new(index)
            return
        if key.startswith(OWN):
            self._studio.own_optimizers.race(self._own[int(key.removeprefix(OWN))], index)
            return
        # What is usual is not named in the document.
        named = None if convention == OPTIMIZERS[key].conventions[0] else convention
        if index is None:
            self.add_run(key, named)
        else:
            self._studio.apply(editing.change_optimizer(self._studio.experiment, index, key, named))

    def _closed(self) -> None:
        self.picker = None
