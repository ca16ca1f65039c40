"""How changes of data come into the document: their samples are read and looked at in a thread, never in the window's.

Changes that are made while another is under way wait for their turn. A sample that is dragged, added or erased among a
few thousand is quick enough to be followed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gdstudio.controllers.sentences import error_text
from gdstudio.engine.errors import StudioError
from gdstudio.experiment import editing_data
from gdstudio.experiment.document import Experiment, Problem
from gdstudio.experiment.sampled import sampled
from gdstudio.experiment.suited import is_ready, make_ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.studio import Studio
    from gdstudio.experiment.document import Source

    # Told what became of a change: None where it was made, else why not.
    Answer = Callable[[StudioError | None], None]

_CHANGE, _LOADING = "data change", "data"
# The gesture of choosing data.
_SOURCE = "data"
# Up to so many samples are edited in the window's thread: it takes a millisecond or two.
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """A change that was asked for; of those of one gesture that wait only the newest is made."""

    make: Callable[[Experiment], Experiment]
    gesture: str | None
    final: bool
    answer: Answer | None
    # What it chooses as data, if that is what it does.
    source: Source | None = None


class DataChanges(QObject):
    """The data of one window's document."""

    # Names under which tasks go to the desks.
    tasks = (_CHANGE, _LOADING)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        # The first of them is in a thread.
        self._waiting: list[_Change] = []
        # What is on screen: where a person goes back to if data that were asked for are not there any more.
        self._shown: Experiment | None = None
        # Whether the cursor stays when the data that are being read have come.
        self._keeps_position = False
        views = studio.screen.data
        views.sampleMoved.connect(self._move)
        views.sampleAdded.connect(
            lambda values: self.edit_samples(editing_data.add_sample, values, gesture=None, final=True)
        )
        views.samplesErased.connect(
            lambda rows: self.edit_samples(editing_data.erase_samples, rows, gesture=None, final=True)
        )

    def change(
        self, edit: Callable[..., Experiment], *arguments: object, coalesce: str | None = None, final: bool = True,
        answer: Answer | None = None,
    ) -> None:
        """Make a change of the document by a function of `experiment.editing_data`, in a thread.

        Parameters
        ----------
        edit : callable
            Called with the document as it is when its turn comes, and `arguments`.
        coalesce : str, optional
            Name of a gesture, all changes of which are one step of undo.
        final : bool
            Whether the gesture ends with it.
        answer : callable, optional
            Called with what became of it; where it is given nothing else is said of an error, and nothing is shown of a
            change that a newer one of its gesture has overtaken.
        """
        self._add(_Change(lambda document: edit(document, *arguments), coalesce, final, answer))

    def choose(self, source: Source, *arguments: Any, answer: Answer | None = None) -> None:
        """Choose other data, as `editing_data.choose_data`; a choice that still waits for its turn gives way to it."""
        self._add(_Change(
            lambda document: editing_data.choose_data(document, source, *arguments), _SOURCE, True, answer, source))

    @property
    def source(self) -> Source | None:
        """The data that were chosen last, be they on screen or still to come; None where there are none."""
        wished = next((each.source for each in reversed(self._waiting) if each.source is not None), None)
        data = self._studio.experiment.problem.data
        return wished or (None if data is None else data.source)

    def _add(self, change: _Change) -> None:
        coalesce = change.gesture
        later = [each for each in self._waiting[1:] if coalesce is None or each.gesture != coalesce]
        self._waiting = [*self._waiting[:1], *later, change]
        if len(self._waiting) == 1:
            self._begin()

    def edit_samples(
        self, edit: Callable[..., Experiment], *arguments: object, gesture: str | None, final: bool
    ) -> None:
        """Move, add or erase samples by a function of `experiment.editing_data`; a `gesture` is one step of undo."""
        studio = self._studio
        if len(sampled(studio.experiment.problem).samples.train) > _AT_ONCE:
            if final:
                self.change(edit, *arguments)
            return
        try:
            changed = edit(studio.experiment, *arguments)
            make_ready(changed.problem)
        except StudioError as error:
            self._refuse(error)
            return
        # the panel says how many there are, which a drag does not change
        studio.apply(changed, coalesce=gesture, panel=False)
        if final:
            studio.history.end_gesture()
            studio.show_panel()

    def loaded(self, experiment: Experiment, *, keep_position: bool) -> bool:
        """Whether a document can be shown at once; if not it is shown when its data have been read."""
        if is_ready(experiment.problem):
            self._shown = experiment
            return True
        self._keeps_position = keep_position
        self._studio.player.submit(_LOADING, experiment, lambda: make_ready(experiment.problem))
        return False

    def answered(self, name: str, token: object, result: object) -> None:
        """Take in what a thread has done."""
        if name == _CHANGE:
            self._changed(token, result)
        elif token != self._studio.experiment:
            return
        elif isinstance(result, Problem):
            self._studio.show_again(keep_position=self._keeps_position)
        else:
            self._return(token)
            if isinstance(result, StudioError):
                self._refuse(result)

    def _return(self, gone: object) -> None:
        """Go along the history to what is on screen, if it is there; what cannot be read is not tried again."""
        shown = self._shown
        if shown is not None and shown != gone and self._studio.history.go_to(shown):
            self._studio.show_again(keep_position=True)

    def _move(self, row: int, values: dict[str, float], final: bool) -> None:
        self.edit_samples(editing_data.move_sample, row, values, gesture=f"sample {row}", final=final)

    def _begin(self) -> None:
        before, make = self._studio.experiment, self._waiting[0].make
        self._studio.player.submit(_CHANGE, before, lambda: _changed(make, before))

    def _changed(self, before: object, result: object) -> None:
        """Show a change that was made; where the document is another by now it is made anew."""
        if isinstance(result, Experiment) and before != self._studio.experiment:
            self._begin()
            return
        change, *self._waiting = self._waiting
        newer = any(each.gesture == change.gesture for each in self._waiting if change.gesture is not None)
        told = change.answer is None or not newer
        if isinstance(result, Experiment) and told:
            self._studio.apply(result, coalesce=change.gesture)
            if change.final:
                self._studio.history.end_gesture()
        if self._waiting:
            self._begin()
        error = result if isinstance(result, StudioError) else None
        if change.answer is None and error is not None:
            self._refuse(error)
        elif change.answer is not None and told:
            change.answer(error)

    def _refuse(self, error: StudioError) -> None:
        self._studio.window.status.showMessage(error_text(error), 15_000)
        self._studio.show_panel()


def _changed(make: Callable[[Experiment], Experiment], before: Experiment) -> Experiment:
    """Return the changed document, ready to be shown; called in a thread."""
    changed = make(before)
    make_ready(changed.problem)
    return changed
