"""How the process ends when it is asked to from outside, by Ctrl+C or by the system: quietly, and without half files.

An exception in the middle of whatever runs would not do: what libraries import swallow or rename it, or print it.
Nothing but `os` is imported here before the first signal can be dealt with.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # that of typing would have to be imported
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

# 128 and the number of the signal is what shells give, and expect, for a process that a signal has ended.
SIGNALLED = 128
INTERRUPTED = SIGNALLED + 2

_ASKING_TO_END = ("SIGINT", "SIGTERM", "SIGHUP")

unfinished: set[str] = set()
"""Files that exist only while something is being written; whoever makes one puts its path in and takes it out."""


def on_request_to_end(action: Callable[[int], None]) -> Callable[[], None]:
    """Have `action` called with the number of a signal that asks the process to end.

    A signal that the process was started to ignore, as nohup and shell scripts have it, stays ignored.

    Returns
    -------
    callable
        Puts back what was before.
    """
    import signal

    wanted = [getattr(signal, name) for name in _ASKING_TO_END if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in wanted}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    try:
        for number in before:
            signal.signal(number, lambda number, frame: action(number))
    except ValueError:  # not in the main thread, which alone may ask
        before.clear()

    def put_back() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return put_back


def end_at_once(number: int) -> NoReturn:
    """End the process with the exit code of the signal `number`, and leave no unfinished file."""
    remove_unfinished()
    os._exit(SIGNALLED + number)


def remove_unfinished() -> None:
    """Delete the files that are not wholly written."""
    for path in tuple(unfinished):
        try:
            os.unlink(path)
        except OSError:
            continue
