"""Keeps what was made of the last few documents: they are plain data that compare, but have no hash."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """What `make` returned for the last `size` keys, found by comparing; used by several threads.

    Parameters
    ----------
    make : callable
        Called with a key that is not kept; what it raises is raised, and nothing is kept.
    size : int
        How many are kept at most.
    """

    def __init__(self, make: Callable[[Key], Value], size: int) -> None:
        self._make = make
        self._size = size
        self._kept: list[tuple[Key, Value]] = []
        self._lock = threading.Lock()

    def __call__(self, key: Key) -> Value:
        """Return what is made of `key`."""
        found = self._found(key)
        if found is None:
            found = (key, self._make(key))
            with self._lock:
                self._kept = [found, *self._kept[:self._size - 1]]
        return found[1]

    def knows(self, key: Key) -> bool:
        """Whether `key` is kept, so that a call takes no time."""
        return self._found(key) is not None

    def _found(self, key: Key) -> tuple[Key, Value] | None:
        with self._lock:
            for place, pair in enumerate(self._kept):
                if pair[0] is key or pair[0] == key:
                    self._kept.insert(0, self._kept.pop(place))
                    return pair
        return None
