"""Undo and redo: a bounded list of frozen experiments and a place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.experiment.document import Experiment

MAXIMUM_ENTRIES = 200


class History:
    """The experiments that a person has made one from another.

    Parameters
    ----------
    experiment : Experiment
        The first; there is nothing to undo yet.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._entries = [experiment]
        self._place = 0
        self._gesture: str | None = None

    @property
    def current(self) -> Experiment:
        """The experiment on screen."""
        return self._entries[self._place]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier experiment."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later experiment."""
        return self._place < len(self._entries) - 1

    def push(self, experiment: Experiment, coalesce: str | None = None) -> None:
        """Make `experiment` the current one; what was undone is forgotten, and so are the oldest entries.

        Parameters
        ----------
        experiment : Experiment
            The new one; nothing happens where it equals the current one.
        coalesce : str or None
            Name of the gesture that it comes from. Pushes of one gesture right after one another are one
            entry, so that undo takes back a whole drag.
        """
        continues = coalesce is not None and coalesce == self._gesture
        if experiment == self.current:
            self._gesture = self._gesture if continues else None
            return
        self._gesture = coalesce
        if continues:
            self._entries[self._place] = experiment
            return
        del self._entries[self._place + 1:]
        self._entries.append(experiment)
        del self._entries[:-MAXIMUM_ENTRIES]
        self._place = len(self._entries) - 1

    def end_gesture(self) -> None:
        """Let the next push be an entry of its own, whatever gesture it comes from."""
        self._gesture = None

    def undo(self) -> Experiment:
        """Go back one entry, if there is one, and return the current experiment."""
        return self._go(-1)

    def redo(self) -> Experiment:
        """Go forward one entry, if there is one, and return the current experiment."""
        return self._go(1)

    def go_to(self, experiment: Experiment) -> bool:
        """Make an entry the current one, the nearest that equals `experiment`; whether there is one."""
        places = [place for place, entry in enumerate(self._entries) if entry == experiment]
        if places:
            self._go(min(places, key=lambda place: abs(place - self._place)) - self._place)
        return bool(places)

    def _go(self, by: int) -> Experiment:
        self._gesture = None
        self._place = min(max(self._place + by, 0), len(self._entries) - 1)
        return self.current
