"""One run that can be extended, rewound and changed on the way, without ever touching rows already shown.

The window paints from the very arrays that the worker fills. That is safe because a row, once published, is
never written again: whoever rewinds a run goes on in a new trajectory.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.descent import Change, Descent, DescentState

# States are kept at most so many; when there are more, every second one is dropped.
_MOST_CHECKPOINTS = 64
_FIRST_SPACING = 4096


class RunSession:
    """A descent with its log of live changes and states to return to.

    Parameters
    ----------
    descent : Descent
        At its start.
    changes : sequence of Change
        Logged changes, in order of iteration.
    """

    def __init__(self, descent: Descent, changes: Sequence[Change] = ()) -> None:
        self.descent = descent
        self._changes = tuple(changes)
        self._checkpoints: list[DescentState] = [descent.take_state()]
        self._spacing = _FIRST_SPACING

    def advance(self, count: int) -> int:
        """Make up to `count` iterations, applying each logged change where it is due; return those made."""
        descent = self.descent
        made = 0
        while made < count and descent.outcome is None:
            self._apply_due_changes()
            step = descent.advance(min(count - made, self._next_stop() - descent.iterations))
            made += step
            if descent.iterations - self._checkpoints[-1].iteration >= self._spacing:
                self._keep_checkpoint()
        return made

    def set_changes(self, changes: Sequence[Change]) -> None:
        """Replace the log: the run goes back to where the new log first differs and has to be advanced again.

        Where it has not come that far yet, it stays as it is.
        """
        new = tuple(changes)
        if new == self._changes:
            return
        common = 0
        while common < min(len(new), len(self._changes)) and new[common] == self._changes[common]:
            common += 1
        differing = [log[common].iteration for log in (self._changes, new) if len(log) > common]
        self._changes = new
        if len(self.descent.changes) > common or min(differing) < self.descent.iterations:
            self._rewind(min(differing))

    def _apply_due_changes(self) -> None:
        descent = self.descent
        for change in self._changes[len(descent.changes):]:
            if change.iteration > descent.iterations:
                break
            descent.change(change.name, change.value)

    def _next_stop(self) -> int:
        """Return the iteration at which the next change is due, or the next checkpoint."""
        applied = len(self.descent.changes)
        checkpoint = self._checkpoints[-1].iteration + self._spacing
        if applied < len(self._changes):
            return min(checkpoint, self._changes[applied].iteration)
        return checkpoint

    def _keep_checkpoint(self) -> None:
        self._checkpoints.append(self.descent.take_state())
        if len(self._checkpoints) > _MOST_CHECKPOINTS:
            self._checkpoints = self._checkpoints[::2]
            self._spacing *= 2

    def _rewind(self, iteration: int) -> None:
        """Go back to the last checkpoint at or before `iteration`, and on to it, in a new trajectory."""
        place = bisect_right([state.iteration for state in self._checkpoints], iteration)
        # A state taken at the very iteration of a change may have it applied already.
        while place > 1 and len(self._checkpoints[place - 1].changes) > self._count_before(iteration):
            place -= 1
        self._checkpoints = self._checkpoints[:place]
        self.descent.trajectory = self.descent.trajectory.copy(self._checkpoints[-1].iteration + 1)
        self.descent.put_state(self._checkpoints[-1])

    def _count_before(self, iteration: int) -> int:
        return sum(change.iteration < iteration for change in self._changes)
