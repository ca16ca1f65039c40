"""Where the cursor is and how it walks: the clockwork behind run, pause, step and restart.

Trajectories are computed ahead by the worker, so playing is walking a cursor along them. Nothing here knows of
widgets or threads; time is handed in.
"""

from __future__ import annotations

import math
from enum import Enum


class PlayState(Enum):
    """What the transport shows."""

    READY = "ready"
    PLAYING = "playing"
    PAUSED = "paused"
    FINISHED = "finished"


class Playback:
    """A cursor over the iterations of the experiment.

    Attributes
    ----------
    state : PlayState
        Ready at iteration 0, playing, paused in between, finished at the end of all runs.
    position : int
        Iteration at the cursor.
    speed : float
        Iterations a second; `math.inf` shows the newest iterate there is.
    """

    def __init__(self, speed: float = 60.0) -> None:
        self.state = PlayState.READY
        self.position = 0
        self.speed = speed
        self._fraction = 0.0

    @property
    def playing(self) -> bool:
        """Whether the cursor walks."""
        return self.state is PlayState.PLAYING

    def play(self) -> None:
        """Start walking, from the beginning where the end was reached."""
        if self.state is PlayState.FINISHED:
            self.restart()
        self.state = PlayState.PLAYING
        self._fraction = 0.0

    def pause(self) -> None:
        """Stop walking."""
        if self.playing:
            self.state = PlayState.PAUSED if self.position else PlayState.READY

    def restart(self) -> None:
        """Go to iteration 0 and rest."""
        self.state = PlayState.READY
        self.position = 0
        self._fraction = 0.0

    def step(self, available: int, complete: bool) -> None:
        """Go one iteration on, as far as there are `available` ones, and rest there."""
        if self.position < available:
            self.position += 1
        self.state = PlayState.PAUSED if self.position else PlayState.READY
        self._finish(available, complete)

    def finish(self, available: int) -> None:
        """Go to the last iteration at once."""
        self.position = available
        self.state = PlayState.FINISHED

    def tick(self, elapsed: float, available: int, complete: bool) -> None:
        """Let `elapsed` seconds pass.

        Parameters
        ----------
        elapsed : float
            Seconds since the last tick.
        available : int
            The last iteration that has been computed.
        complete : bool
            Whether none will follow it.
        """
        if not self.playing:
            return
        if math.isinf(self.speed):
            self.position = max(self.position, available)
        else:
            self._fraction += elapsed * self.speed
            whole = int(self._fraction)
            self._fraction -= whole
            self.position = max(self.position, min(self.position + whole, available))
        self._finish(available, complete)

    def _finish(self, available: int, complete: bool) -> None:
        if complete and self.position >= available:
            self.position = available
            self.state = PlayState.FINISHED
