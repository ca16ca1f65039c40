"""Which intent of the panel's tab of data does what: every change is made in a thread, what is typed is kept."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from gdstudio.controllers.panel_model import Typing
from gdstudio.controllers.sentences import error_text
from gdstudio.data.progress import Cancelled
from gdstudio.engine.errors import FormulaError
from gdstudio.experiment import editing_data
from gdstudio.experiment.build import data_of
from gdstudio.experiment.document import Source
from gdstudio.views.panel.data_model import NONE, OWN
from gdstudio.views.panel.model import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.panel_model import Typed
    from gdstudio.controllers.studio import Studio
    from gdstudio.engine.errors import StudioError
    from gdstudio.experiment.document import Experiment

# Seconds without a key after which the next change of a text is a new step of undo.
_PAUSE_IN_TYPING = 1.0


def connect_data(studio: Studio) -> None:
    """Connect the tab of data in the panel of a studio's window."""
    section = studio.window.panel.problem.data
    change = studio.data_changes.change
    typed = _Typing(studio)
    section.sourceChosen.connect(lambda key: _choose_source(studio, key))
    section.fileAsked.connect(studio.importing.ask)
    section.modelChosen.connect(lambda key: change(
        editing_data.choose_model, None if key == OWN else key, coalesce="chosen model"))
    section.lossChosen.connect(lambda key: change(editing_data.choose_loss, key, coalesce="chosen loss"))
    section.formulaEdited.connect(lambda text: typed.edit("loss", text, editing_data.set_loss_text))
    section.penaltyEdited.connect(lambda text: typed.edit("penalty", text, _set_penalty))
    section.penaltyChosen.connect(typed.choose_penalty)
    section.numberChanged.connect(
        lambda name, value, final: change(
            editing_data.set_number_over_data, name, value, coalesce=f"number {name}", final=final))
    section.sourceNumberChanged.connect(
        lambda name, value, final: change(
            editing_data.set_number_of_source, name, value, coalesce=f"data {name}", final=final))
    section.standardizeToggled.connect(lambda on: change(editing_data.set_standardize, on))
    section.heldOutChanged.connect(lambda share: change(editing_data.set_held_out, share, coalesce="held out"))
    section.splitSeedChanged.connect(lambda seed: change(_set_split_seed, seed, coalesce="split seed"))
    section.chips.featureToggled.connect(lambda name, used: change(editing_data.set_feature, name, used))
    section.chips.featuresChosen.connect(lambda names: change(editing_data.set_features, names))
    section.chips.targetChosen.connect(lambda name: change(editing_data.set_target, name))
    studio.window.panel.drawingChanged.connect(
        lambda index, what, value, final: _set_drawing(studio, index, what, value, final))


def _choose_source(studio: Studio, key: str) -> None:
    source = studio.data_changes.source
    if source is None or source.key != key:
        studio.data_changes.choose(Source(key=key))


def _set_split_seed(experiment: Experiment, seed: int) -> Experiment:
    data = data_of(experiment.problem)
    return editing_data.set_held_out(experiment, 0.0 if data is None else data.held_out, seed)


def _set_penalty(experiment: Experiment, text: str) -> Experiment:
    """Return the experiment with a typed penalty; none where nothing is typed."""
    return editing_data.set_penalty(experiment, text if text.strip() else None)


def _set_drawing(studio: Studio, index: int, what: str, value: Any, final: bool) -> None:
    changed = editing_data.set_batching(studio.experiment, index, **{what: value})
    studio.apply(changed, coalesce=f"{what} {index}")
    if final:
        studio.history.end_gesture()


class _Typing:
    """What is typed as a loss or a penalty: it stays as it is until the document has it, or something else happens."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._typed_at = -math.inf

    def edit(self, where: Typed, text: str, edit: Callable[[Experiment, str], Experiment]) -> None:
        """Take in what stands in a field, and make it the document's where it can be read."""
        studio = self._studio
        before = studio.typing
        # a mistake stays in sight until the new text has been read, so that the panel does not jump
        mistake = before.mistake if before is not None and before.where == where else None
        studio.show_typing(Typing(text, mistake, where))
        now = time.monotonic()
        if now - self._typed_at > _PAUSE_IN_TYPING:
            studio.history.end_gesture()
        self._typed_at = now
        studio.data_changes.change(
            edit, text, coalesce=where, final=False, answer=lambda error: self._answered(where, text, error))

    def choose_penalty(self, key: str) -> None:
        """Take a penalty of the table, or let one be typed."""
        problem = self._studio.experiment.problem
        if key == OWN:
            self._studio.show_typing(Typing("", where="penalty"))
            self._studio.window.panel.problem.data.own_penalty.field.setFocus()
        elif key == NONE and problem.penalty is None:
            self._studio.show_typing(None)
        else:
            self._studio.data_changes.change(editing_data.set_penalty, None if key == NONE else key)

    def _answered(self, where: Typed, text: str, error: StudioError | None) -> None:
        typing = self._studio.typing
        if typing is None or (typing.where, typing.text) != (where, text):
            return
        if isinstance(error, Cancelled) or (error is None and text.strip()):
            self._studio.show_typing(None)
        elif error is None:
            self._studio.show_typing(Typing(text, where=where))
        else:
            column = error.column if isinstance(error, FormulaError) else None
            self._studio.show_typing(Typing(text, Mistake(error_text(error), column), where))
