"""Sentences that come from tables and errors below Qt, in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.engine.stopping import OUTCOMES

if TYPE_CHECKING:
    from gdstudio.engine.errors import StudioError
    from gdstudio.runner.worker import RunView


def error_text(error: StudioError) -> str:
    """Return what an error says, translated."""
    return QCoreApplication.translate("Errors", error.template).format(**error.details)


def outcome_text(run: RunView) -> str:
    """Return why a run ended, translated; empty while it has not."""
    if run.outcome is None:
        return ""
    return QCoreApplication.translate("Outcomes", OUTCOMES[run.outcome]).format(**run.reason_details)
