"""Sentences that come from tables and errors below Qt, in the language of the window."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.stopping import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.errors import StudioError
    from gdstudio.runner.worker import RunView
    from gdstudio.scene.runs import RunPath


def error_text(error: StudioError) -> str:
    """Return what an error says, translated."""
    return QCoreApplication.translate("Errors", error.template).format(**error.details)


def refusal_text(error: StudioError, title: str) -> str:
    """Return why the run called `title` does not fit the problem, translated: people know no keys of optimizers."""
    return QCoreApplication.translate("Errors", error.template).format(**error.details | {"optimizer": title})


def outcome_text(run: RunView) -> str:
    """Return why a run ended, translated; empty while it has not."""
    if run.outcome is None:
        return ""
    return QCoreApplication.translate("Outcomes", OUTCOMES[run.outcome]).format(**run.reason_details)


def state_text(state: PlayState, runs: Sequence[RunView], paths: Sequence[RunPath]) -> str:
    """Return what goes on, translated: of runs at their end why they ended, of those at rest what to do.

    Parameters
    ----------
    state : PlayState
        Of the clockwork.
    runs, paths : sequence of RunView, of RunPath
        The runs, and the same as the views draw them.
    """
    translate = QCoreApplication.translate
    if state is PlayState.PLAYING:
        return translate("Screen", "Running")
    if state is PlayState.PAUSED:
        return translate("Screen", "Paused")
    if state is PlayState.FINISHED:
        return _end_text(runs, paths)
    return _refusals(runs, paths) or _trouble(paths) or translate("Screen", "Ready: press Run, or drag the start")


def _end_text(runs: Sequence[RunView], paths: Sequence[RunPath]) -> str:
    """Return why the first run in sight ended; headed by its name where there are others."""
    seen = [(run, path) for run, path in zip(runs, paths, strict=True) if path.visible]
    if not seen:
        return _refusals(runs, paths) or QCoreApplication.translate("Screen", "Finished")
    run, path = seen[0]
    outcome = outcome_text(run)
    if len(seen) == 1:
        return outcome
    return QCoreApplication.translate("Screen", "{run}: {outcome}").format(run=path.label, outcome=outcome)


def _refusals(runs: Sequence[RunView], paths: Sequence[RunPath]) -> str:
    """Return why the first run that does not fit is left out; empty where all of them run."""
    refused = [
        (path.label, refusal_text(run.refusal, path.label))
        for run, path in zip(runs, paths, strict=True) if run.refusal is not None
    ]
    if not refused:
        return ""
    label, sentence = refused[0]
    # what keeps every run from running is about none of them
    of_all = len(refused) == len(runs) and len({each for _, each in refused}) == 1
    if of_all or label in sentence:
        return sentence
    return QCoreApplication.translate("Screen", "{run}: {outcome}").format(run=label, outcome=sentence)


def _trouble(paths: Sequence[RunPath]) -> str:
    """Return what is wrong with the loss where all runs begin; empty where it is a number."""
    loss = next((float(path.losses[0]) for path in paths if len(path)), 0.0)
    if math.isnan(loss):
        return QCoreApplication.translate("Screen", "The loss is undefined at the start: move the start")
    infinite = QCoreApplication.translate("Screen", "The loss is infinite at the start: move the start")
    return infinite if math.isinf(loss) else ""
