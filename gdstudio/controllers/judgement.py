"""What the runs reached: verdicts worked out in the worker once the cursor stands at the end of all runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from gdstudio.analysis.reasons import REASONS
from gdstudio.controllers.content import run_label
from gdstudio.controllers.playback import PlayState
from gdstudio.controllers.sentences import outcome_text
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import hyperparameters_of
from gdstudio.experiment.judging import verdict_of
from gdstudio.experiment.run import Result

if TYPE_CHECKING:
    from gdstudio.analysis.verdicts import Verdict
    from gdstudio.controllers.studio import Studio
    from gdstudio.experiment.document import Experiment
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


class Judgement(QObject):
    """The verdicts on the runs of one window."""

    # Names under which tasks go to the desks.
    tasks = (_TASK,)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._asked: object = None
        self._verdicts: tuple[Verdict | None, ...] = ()
        studio.player.moved.connect(self._moved)
        studio.player.computed.connect(self._moved)

    def texts(self) -> tuple[str, ...]:
        """Return the verdict on each run with its reason, translated; empty where there is none (yet)."""
        return tuple("" if each is None else verdict_text(each) for each in self._verdicts)

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
    return translate("Verdicts", NAMES[verdict.key]), reason


def _judged(experiment: Experiment, index: int, view: RunView) -> Verdict | None:
    """Return the verdict on a run that has ended; None where its curvature is too much to work out."""
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
