"""How changes of data come into the document: their samples are read and looked at in a thread, never in the window's.

Changes that are made while another is under way wait for their turn. What takes long shows how far it is and can be
given up: then nothing has happened, as the document is changed only by what has come to its end. A sample that is
dragged, added or erased among a few thousand is quick enough to be followed at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gdstudio.controllers.content import surface_objective
from gdstudio.controllers.data_points import points_of
from gdstudio.controllers.sentences import error_text
from gdstudio.controllers.work_shown import WorkShown
from gdstudio.data.progress import Cancelled, Progress, go_on, heard_by
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
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
_CANCELLED = QT_TRANSLATE_NOOP("Errors", "The change of the data was cancelled.")
_FAILED = QT_TRANSLATE_NOOP("Errors", "The change of the data could not be computed.")


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A change that was asked for; of those of one gesture that wait only the newest is made."""

    make: Callable[[Experiment], Experiment]
    gesture: str | None
    final: bool
    answer: Answer | None
    # What it chooses as data, if that is what it does.
    source: Source | None = None
    progress: Progress = field(default_factory=Progress)


class DataChanges(QObject):
    """The data of one window's document."""

    # Names under which tasks go to the desks.
    tasks = (_CHANGE, _LOADING)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        # What is in a thread, and what comes after it.
        self._under_way: Asked | None = None
        self._waiting: list[Asked] = []
        # Of data that are read because the document has gone back to them.
        self._loading: Progress | None = None
        self._work = WorkShown(studio.window, self)
        self._work.cancelled.connect(self.cancel)
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
        self._add(Asked(lambda document: edit(document, *arguments), coalesce, final, answer))

    def choose(self, source: Source, *arguments: Any, answer: Answer | None = None) -> Asked:
        """Choose other data, as `editing_data.choose_data`; a choice that still waits for its turn gives way to it."""
        asked = Asked(
            lambda document: editing_data.choose_data(document, source, *arguments), _SOURCE, True, answer, source)
        self._add(asked)
        return asked

    def withdraw(self, asked: Asked) -> None:
        """Take back a change that has not been made yet; nothing more is said of it."""
        asked.progress.wanted = False
        self._waiting = [each for each in self._waiting if each is not asked]

    def cancel(self) -> None:
        """Take back all changes that have not been made yet, and what the document went back to and is not there."""
        taken_back = self._asked
        for asked in taken_back:
            self.withdraw(asked)
        if self._loading is not None:
            self._loading.wanted = False
        self._work.end()
        self._studio.show_panel()
        for asked in taken_back:
            if asked.answer is not None:
                asked.answer(Cancelled(_CANCELLED))

    def stop(self) -> None:
        """End all work, as the window is closing."""
        for progress in (self._loading, *(asked.progress for asked in self._asked)):
            if progress is not None:
                progress.wanted = False

    @property
    def _asked(self) -> list[Asked]:
        """The changes that are under way or wait, and are still wanted."""
        first = self._under_way
        return [*([first] if first is not None and first.progress.wanted else []), *self._waiting]

    @property
    def source(self) -> Source | None:
        """The data that were chosen last, be they on screen or still to come; None where there are none."""
        wished = next((each.source for each in reversed(self._asked) if each.source is not None), None)
        data = self._studio.experiment.problem.data
        return wished or (None if data is None else data.source)

    def _add(self, asked: Asked) -> None:
        gesture = asked.gesture
        self._waiting = [each for each in self._waiting if gesture is None or each.gesture != gesture]
        self._waiting.append(asked)
        if self._under_way is None:
            self._begin_next()

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
        if self._loading is not None:
            self._loading.wanted = False
            self._loading = None
            self._show_work()
        if is_ready(experiment.problem):
            self._shown = experiment
            return True
        self._keeps_position = keep_position
        self._loading = progress = Progress()
        self._studio.player.submit(_LOADING, progress, lambda: _made_ready(experiment, progress))
        self._show_work()
        return False

    def answered(self, name: str, token: object, result: object) -> None:
        """Take in what a thread has done."""
        if name == _CHANGE:
            self._changed(token, result)
        elif token is self._loading:
            self._loading = None
            self._show_work()
            if isinstance(result, Problem) and isinstance(token, Progress) and token.wanted:
                self._studio.show_again(keep_position=self._keeps_position)
                return
            self._return(self._studio.experiment)
            if isinstance(result, StudioError) and not isinstance(result, Cancelled):
                self._refuse(result)

    def _return(self, gone: object) -> None:
        """Go along the history to what is on screen, if it is there; what cannot be read is not tried again."""
        shown = self._shown
        if shown is not None and shown != gone and self._studio.history.go_to(shown):
            self._studio.show_again(keep_position=True)

    def _move(self, row: int, values: dict[str, float], final: bool) -> None:
        self.edit_samples(editing_data.move_sample, row, values, gesture=f"sample {row}", final=final)

    def _begin_next(self) -> None:
        self._under_way = self._waiting.pop(0) if self._waiting else None
        if self._under_way is not None:
            self._begin(self._under_way)
        self._show_work()

    def _begin(self, asked: Asked) -> None:
        before = self._studio.experiment
        self._studio.player.submit(_CHANGE, before, lambda: _changed(asked, before))

    def _changed(self, before: object, result: object) -> None:
        """Show a change that was made; where the document is another by now it is made anew."""
        asked = self._under_way
        assert asked is not None
        if asked.progress.wanted and isinstance(result, Experiment) and before != self._studio.experiment:
            self._begin(asked)
            return
        self._under_way = None
        newer = any(each.gesture == asked.gesture for each in self._waiting if asked.gesture is not None)
        told = asked.progress.wanted and (asked.answer is None or not newer)
        if isinstance(result, Experiment) and told:
            self._studio.apply(result, coalesce=asked.gesture)
            if asked.final:
                self._studio.history.end_gesture()
        self._begin_next()
        if told and not isinstance(result, Experiment):
            self._say(asked, result if isinstance(result, StudioError) else StudioError(_FAILED))
        elif told and asked.answer is not None:
            asked.answer(None)

    def _say(self, asked: Asked, error: StudioError) -> None:
        """Say why a change was not made."""
        if asked.answer is None:
            self._refuse(error)
        else:
            asked.answer(error)

    def _show_work(self) -> None:
        """Show what is under way; where nothing is on screen yet there is nothing to go back to."""
        first = self._under_way
        if first is not None and first.progress.wanted:
            self._work.begin(first.progress)
        elif self._loading is not None and self._loading.wanted:
            self._work.begin(self._loading, cancellable=self._shown is not None)
        else:
            self._work.end()

    def _refuse(self, error: StudioError) -> None:
        self._studio.window.status.showMessage(error_text(error), 15_000)
        self._studio.show_panel()


def _changed(asked: Asked, before: Experiment) -> Experiment:
    """Return the changed document, ready to be shown; called in a thread."""
    with heard_by(asked.progress):
        changed = asked.make(before)
        _make_ready_to_show(changed.problem)
    return changed


def _made_ready(experiment: Experiment, progress: Progress) -> Problem:
    """Return the problem of a document when it can be shown; called in a thread."""
    with heard_by(progress):
        _make_ready_to_show(experiment.problem)
    return experiment.problem


def _make_ready_to_show(problem: Problem) -> None:
    """Do all that takes long with very many samples before a problem is shown."""
    make_ready(problem)
    if problem.data is not None:
        points_of(problem)
        go_on()
        surface_objective(problem)
