"""What is put around the optimizers: the intents of the panel's section, and its plot of the learning rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from gdstudio.controllers.additions_model import CONSTANT, FORMULA, additions_model
from gdstudio.controllers.panel_model import run_title
from gdstudio.controllers.sentences import error_text
from gdstudio.engine.additions import SCHEDULES
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.rates import rates
from gdstudio.engine.recipe import Addition
from gdstudio.experiment import editing
from gdstudio.experiment.build import hyperparameters_of, recipe_of
from gdstudio.scene.rates import RatesScene, thinned
from gdstudio.views.panel.model import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.studio import Studio
    from gdstudio.engine.recipe import Recipe
    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.worker import RunView
    from gdstudio.views.panel.additions_model import AdditionsModel

_TASK = "rates"
_FIRST_FORMULA = "learning_rate / sqrt(t)"
# More steps than this are not computed for a plot as wide as the panel.
_MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class _Wanted:
    """What a plot is of; the run that was computed where its rates do not follow from the schedule alone."""

    recipe: Recipe
    numbers: tuple[tuple[str, float], ...]
    count: int
    slot: int
    length: int | None = None


class Surroundings(QObject):
    """The section on schedule, clipping and noise of one window."""

    # Names under which tasks go to the desks.
    tasks = (_TASK,)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        # The run that the section is about goes by its slot, which stays when others come and go.
        self._slot = 0
        # What stands in the field of a formula that is not the document's, and the slot of its run.
        self._typing: tuple[str, Mistake | None] | None = None
        self._wanted: _Wanted | None = None
        self._section = studio.window.panel.additions

    def connect_panel(self) -> None:
        """Listen to the panel and to the player."""
        section = self._section
        section.runChosen.connect(self._choose)
        section.scheduleChosen.connect(self._choose_schedule)
        section.scheduleTextEdited.connect(self._edit_formula)
        section.milestonesChanged.connect(lambda count: self._set_schedule("multistep", str(count)))
        section.additionToggled.connect(
            lambda key, on: self._put(Addition(key)) if on else self._take(key)
        )
        section.parameterChanged.connect(
            lambda key, value, final: self._studio.set_hyperparameter(self.index, key, value, final)
        )
        section.unfolded.connect(self.compute)
        section.schedule.settled.connect(lambda: self._studio.history.end_gesture())
        self._studio.player.moved.connect(self._moved)
        self._studio.player.computed.connect(self.compute)

    @property
    def index(self) -> int:
        """Index of the run that the section is about."""
        runs = self._studio.experiment.runs
        return next((index for index, run in enumerate(runs) if run.slot == self._slot), 0)

    def select(self, slot: int) -> None:
        """Make the section be about another run, which a person has just turned to."""
        if slot != self._slot:
            self._slot = slot
            self._typing = None

    def forget_typing(self) -> None:
        """Show the document's own formula again: the document has changed."""
        self._typing = None

    def model(self) -> AdditionsModel | None:
        """Return what the section shows; None where there is no run."""
        experiment = self._studio.experiment
        if not experiment.runs:
            return None
        titles = tuple(f"{number} · {run_title(run)}" for number, run in enumerate(experiment.runs, start=1))
        return additions_model(experiment, self.index, titles, self._typing)

    # intents

    def _choose(self, index: int) -> None:
        self.select(self._studio.experiment.runs[index].slot)
        self._studio.show_panel()
        self.compute()

    def _choose_schedule(self, key: str) -> None:
        self._typing = None
        self._set_schedule(key, _FIRST_FORMULA if key == FORMULA else "")

    def _set_schedule(self, key: str, text: str) -> None:
        present = recipe_of(self._studio.experiment.runs[self.index]).additions
        before = next((each.key for each in present if each.key in SCHEDULES), CONSTANT)
        if key != CONSTANT:
            self._put(Addition(key, text), f"schedule {self._slot}")
        elif before != CONSTANT:
            self._take(before, f"schedule {self._slot}")

    def _put(self, addition: Addition, gesture: str | None = None) -> None:
        self._apply(lambda: editing.put_around(self._studio.experiment, self.index, addition), gesture)

    def _take(self, key: str, gesture: str | None = None) -> None:
        self._apply(lambda: editing.take_away(self._studio.experiment, self.index, key), gesture)

    def _edit_formula(self, text: str) -> None:
        """Take in what is typed; reading one line costs less than handing it to a thread."""
        try:
            SCHEDULES[FORMULA].part_of(text or " ")
            changed = editing.put_around(self._studio.experiment, self.index, Addition(FORMULA, text))
        except StudioError as error:
            column = error.column if isinstance(error, FormulaError) else None
            self._typing = (text, Mistake(error_text(error), column))
            self._studio.show_panel()
            return
        self._typing = None
        self._studio.apply(changed, coalesce="schedule formula")
        self._studio.show_panel()

    def _apply(self, edit: Callable[[], Experiment], gesture: str | None = None) -> None:
        try:
            self._studio.apply(edit(), coalesce=gesture)
        except StudioError as error:
            self._studio.window.status.showMessage(error_text(error), 15_000)
        self._studio.show_panel()

    # the plot

    def compute(self) -> None:
        """Have the rates of the run computed, if the plot is in sight and they are not known."""
        experiment, player = self._studio.experiment, self._studio.player
        if self._section.folded() or not experiment.runs:
            return
        run = experiment.runs[self.index]
        recipe = recipe_of(run)
        numbers = hyperparameters_of(experiment.problem, run)
        views = player.snapshot.runs if player.snapshot is not None and player.experiment == experiment else ()
        view = views[self.index] if self.index < len(views) else None
        follows = bool(run.changes) or any(addition.key == "plateau" for addition in recipe.additions)
        count = min(max(player.length, 1), _MOST_STEPS)
        wanted = _Wanted(
            recipe, tuple(numbers.items()), count, run.slot,
            length=None if not follows else view.iterations if view is not None else 0,
        )
        if wanted == self._wanted:
            return
        self._wanted = wanted
        trajectory = view if follows else None
        self._studio.player.submit(_TASK, wanted, lambda: _scene(wanted, trajectory))

    def answered(self, name: str, token: object, result: object) -> None:
        """Show what was computed."""
        del name
        if token == self._wanted and isinstance(result, RatesScene):
            self._section.setRates(result)

    def _moved(self) -> None:
        self._section.setIteration(self._studio.player.playback.position)
        self.compute()


def _scene(wanted: _Wanted, view: RunView | None) -> RatesScene:
    """Compute the rates of a run, or read them off it where they depend on what happened in it."""
    if view is not None and view.iterations > 0:
        found = np.asarray(view.trajectory.learning_rate[1:])
    else:
        computed = rates(wanted.recipe, dict(wanted.numbers), wanted.count)
        found = np.empty(0) if computed is None else computed
    iterations, kept = thinned(found)
    return RatesScene(iterations, kept, wanted.slot, wanted.count)
