"""Long work on data says how far it is, and ends where nobody wants it any more.

Between whoever asks in a thread and the loops that work lie functions that are also called where nobody listens. So the
listener is not handed through all of them, but belongs to the thread while it works.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Cancelled(StudioError):
    """Whoever asked for some work does not want it any more."""


class Progress:
    """How far work in a thread is, and whether it is still wanted: what both threads look at.

    Attributes
    ----------
    share : float
        Of a file that is being read, 0 to 1; 1 where what comes after it is being done.
    wanted : bool
        Set to False it ends the work at the next look.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self.wanted = True

    def __call__(self, share: float) -> bool:
        """Take note of the share that is done; return whether to go on."""
        self.share = share
        return self.wanted


_listener: ContextVar[Callable[[float], bool] | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Callable[[float], bool]) -> Iterator[None]:
    """Let `listener` hear of the work that this thread does within; it returns False to end it."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def listener() -> Callable[[float], bool] | None:
    """Return who listens to the work of this thread, None where nobody does."""
    return _listener.get()


def go_on() -> None:
    """Do nothing if the work of this thread is still wanted: called between steps of a tenth of a second.

    Raises
    ------
    Cancelled
        Where it is not.
    """
    heard = _listener.get()
    if heard is not None and not heard(1.0):
        raise Cancelled(QT_TRANSLATE_NOOP("Errors", "The change of the data was cancelled."))
