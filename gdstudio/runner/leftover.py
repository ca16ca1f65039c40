"""Threads that are still at work when their window has closed: nobody waits for them, the process may end first.

Numbers are computed and files read in calls that cannot be interrupted. Qt aborts a process that destroys a running
thread, and Python one whose thread comes back to an interpreter that is gone.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from gdstudio.signals import remove_unfinished

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QThread

# Each with what it works for, which must not be gone before it is.
_left: list[tuple[QThread, QObject]] = []


def let_run_out(thread: QThread, worker: QObject) -> None:
    """Keep a thread that was told to stop, until it has; if the process ends before, it ends with the process."""
    if not _left:
        atexit.register(_end_without_them)
    _left.append((thread, worker))


def _end_without_them() -> None:
    """End the process at once where a thread is at work still: all that was to be saved has been."""
    if not any(thread.isRunning() for thread, _ in _left):
        return
    remove_unfinished()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    # an error that nobody caught has been printed by now
    os._exit(1 if hasattr(sys, "last_value") else 0)
