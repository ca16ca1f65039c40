"""What the runs reached: verdicts worked out in the worker once the cursor stands at the end of all runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from gdstudio.analysis.reasons import REASONS
from gdstudio.controllers.content import run_label
from gdstudio.controllers.panel_model import run_title
from gdstudio.controllers.playback import PlayState
from gdstudio.controllers.sentences import outcome_text, refusal_text
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import hyperparameters_of
from gdstudio.experiment.judging import verdict_of
from gdstudio.experiment.run import Result

if TYPE_CHECKING:
    from gdstudio.analysis.verdicts import Verdict
    from gdstudio.controllers.studio import Studio
    from gdstudio.experiment.document import Experiment, Run
    from gdstudio.runner.worker import RunView

_TASK = "verdicts"
# What a person reads for each verdict, context ``Verdicts``.
NAMES: dict[str, str] = {
    "minimum": QT_TRANSLATE_NOOP("Verdicts", "Minimum"),
    "saddle": QT_TRANSLATE_NOOP("Verdicts", "Saddle"),
    "maximum": QT_TRANSLATE_NOOP("Verdicts", "Maximum"),
    "plateau": QT_TRANSLATE_NOOP("Verdicts", "Plateau"),
    "oscillating": QT_TRANSLATE_NOOP("Verdicts", "Oscillating"),
    "cycling": QT_TRANSLATE_NOOP("Verdicts", "Cycling"),
    "diverging": QT_TRANSLATE_NOOP("Verdicts", "Diverging"),
    "descending": QT_TRANSLATE_NOOP("Verdicts", "Still descending"),
}
# And where a run that reached nothing does not descend any more, by the test that found it so.
NAMES_AT_REST: dict[str, str] = {
    **dict.fromkeys(("rests", "rests_by_decay", "rests_without_rate"), QT_TRANSLATE_NOOP("Verdicts", "At rest")),
    **dict.fromkeys(
        ("flat", "no_lower", "no_way_down", "no_newton_step", "between", "no_step_made"),
        QT_TRANSLATE_NOOP("Verdicts", "Stopped"),
    ),
}


class Judgement(QObject):
    """The verdicts on the runs of one window."""

    # Names under which tasks go to the desks.
    tasks = (_TASK,)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._asked: object = None
        self._verdicts: tuple[Verdict | None, ...] = ()
        # Why runs do not fit the problem, by what each is known again. It stays until the next runs are there, so that
        # cards do not jump while a number of the problem is dragged.
        self._refused: dict[tuple[int, str, str | None], StudioError] = {}
        studio.player.computed.connect(self._look_for_refusals)
        studio.player.moved.connect(self._moved)
        studio.player.computed.connect(self._moved)

    def texts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the verdict on each run with its reason, and why each does not fit the problem; translated.

        Empty where there is none (yet).
        """
        verdicts = tuple("" if each is None else verdict_text(each) for each in self._verdicts)
        return verdicts, self._refusals()

    def _refusals(self) -> tuple[str, ...]:
        runs = self._studio.experiment.runs
        reasons = [self._refused.get(_identity(run)) for run in runs]
        return tuple(
            "" if reason is None else refusal_text(reason, run_title(run))
            for run, reason in zip(runs, reasons, strict=True)
        )

    def _look_for_refusals(self) -> None:
        """Let the card of each run that does not fit say why."""
        experiment, snapshot = self._studio.player.experiment, self._studio.player.snapshot
        if experiment is None or snapshot is None:
            return
        before = self._refusals()
        self._refused = {
            _identity(run): view.refusal
            for run, view in zip(experiment.runs, snapshot.runs, strict=False) if view.refusal is not None
        }
        if self._refusals() != before:
            self._studio.show_panel()

    def answered(self, name: str, token: object, result: object) -> None:
        """Show the verdicts."""
        del name
        if token is self._asked and isinstance(result, tuple):
            self._verdicts = result
            self._studio.show_panel()
            self._tell()

    def _moved(self) -> None:
        player = self._studio.player
        at_end = player.playback.state is PlayState.FINISHED and player.ended
        experiment, snapshot = player.experiment, player.snapshot
        if not at_end or snapshot is None or experiment is None or experiment != self._studio.experiment:
            if self._asked is not None:
                self._asked, self._verdicts = None, ()
                self._studio.show_panel()
            return
        if self._asked is snapshot.runs:
            self._tell()
            return
        runs = snapshot.runs
        self._asked, self._verdicts = runs, ()
        player.submit(_TASK, runs, lambda: tuple(_judged(experiment, index, run) for index, run in enumerate(runs)))

    def _tell(self) -> None:
        """Say of the first run in sight what it reached and why it ended; who reads on finds all that are in sight."""
        experiment, snapshot = self._studio.player.experiment, self._studio.player.snapshot
        if experiment is None or snapshot is None:
            return
        several = sum(run.visible for run in experiment.runs) > 1
        sentences = [
            (f"{run_label(run, experiment)}: " if several else "") + _sentence(verdict, view)
            for run, view, verdict in zip(experiment.runs, snapshot.runs, self._verdicts, strict=False)
            if run.visible and verdict is not None
        ]
        if sentences:
            self._studio.window.status.setState(sentences[0], "\n".join(sentences) if len(sentences) > 1 else "")


def _identity(run: Run) -> tuple[int, str, str | None]:
    """Return by what a run is known again while its numbers are changed."""
    return run.slot, run.optimizer, run.equations


def _sentence(verdict: Verdict, view: RunView) -> str:
    """Return what a run reached, why it ended and how the one is known, what matters most first."""
    name, reason = _name_and_reason(verdict)
    return " · ".join((name, outcome_text(view).rstrip("."), reason))


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict and its reason, translated."""
    return " · ".join(_name_and_reason(verdict))


def _name_and_reason(verdict: Verdict) -> tuple[str, str]:
    translate = QCoreApplication.translate
    reason = translate("Verdicts", REASONS[verdict.test]).format(**verdict.details)
    return translate("Verdicts", NAMES_AT_REST.get(verdict.test, NAMES[verdict.key])), reason


def _judged(experiment: Experiment, index: int, view: RunView) -> Verdict | None:
    """Return the verdict on a run that has ended; None where it never ran or its curvature is too much to work out."""
    if view.refusal is not None:
        return None
    run, trajectory = experiment.runs[index], view.trajectory
    numbers = hyperparameters_of(experiment.problem, run)
    numbers |= {change.name: change.value for change in run.changes if change.iteration < view.iterations}
    result = Result(
        theta=trajectory.theta[-1], trajectory=trajectory, outcome=view.outcome or "", reason="",
        iterations=view.iterations, evaluations=int(trajectory.evaluations[-1]), loss=float(trajectory.loss[-1]),
        gradient_norm=float(trajectory.gradient_norm[-1]), variables=trajectory.variables, experiment=experiment,
        index=index, hyperparameters=numbers, epochs=None,
    )
    try:
        return verdict_of(result)
    except StudioError:
        return None
