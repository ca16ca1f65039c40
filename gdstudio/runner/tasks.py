"""Threads for small pieces of work whose newest result is all that counts: reading a formula, evaluating a map."""

from __future__ import annotations

import threading
import traceback
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.engine.errors import StudioError
from gdstudio.runner.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable


class TaskWorker(QObject):
    """Lives in a thread of its own and runs what is left in its mailbox.

    Parameters
    ----------
    outbox : Mailbox
        Where ``task:NAME`` receives (token, result), or (token, StudioError); `answered` tells of it.
    """

    failed = Signal(str)
    answered = Signal()

    def __init__(self, outbox: Mailbox) -> None:
        super().__init__()
        self.inbox = Mailbox()
        self._outbox = outbox
        self._stopping = threading.Event()

    def submit(self, name: str, token: Any, task: Callable[[], Any]) -> None:
        """Run `task` soon; of those not yet begun under one `name` only the newest is run."""
        self.inbox.put(name, (token, task))

    def stop(self) -> None:
        """End `loop` after the task under way; called from any thread."""
        self._stopping.set()
        self.inbox.put("", None)

    @Slot()
    def loop(self) -> None:
        """Work until told to stop; an error that nobody foresaw is reported and does not end the thread."""
        while True:
            self.inbox.wait()
            for name, message in self.inbox.take().items():
                if self._stopping.is_set():
                    return
                self._run(name, *message)

    def _run(self, name: str, token: Any, task: Callable[[], Any]) -> None:
        try:
            result = task()
        except StudioError as error:
            result = error
        except Exception:
            result = None
            self.failed.emit(traceback.format_exc())
        self._outbox.put(f"task:{name}", (token, result))
        self.answered.emit()
