"""The two-way hand-off between the window's thread and the worker: slots in which the latest wins.

Both sides only swap references under a lock, so neither ever waits for the other's work, and a side that is
slow finds the newest message rather than a queue of stale ones.
"""

from __future__ import annotations

import threading
import time
from typing import Any

# Seconds in which whoever left a message can end and paint what it was doing. Both would fight for the interpreter
# otherwise, at every call into Qt, and both would be later.
_COURTESY = 0.004


class Mailbox:
    """Named slots holding at most one message each."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._slots: dict[str, Any] = {}

    def put(self, slot: str, message: Any) -> None:
        """Leave `message`, replacing an unread one of the same slot."""
        with self._condition:
            self._slots[slot] = message
            self._condition.notify()

    def take(self) -> dict[str, Any]:
        """Empty the mailbox and return what was in it."""
        with self._condition:
            taken, self._slots = self._slots, {}
            return taken

    def wait(self) -> None:
        """Return when there is a message: at once where it lies there, else a moment after it came."""
        with self._condition:
            waited = not self._slots
            self._condition.wait_for(lambda: bool(self._slots))
        if waited:
            time.sleep(_COURTESY)
