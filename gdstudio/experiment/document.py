"""The experiment: everything that decides what a descent computes, and how it is shown.

Plain frozen dataclasses: changed by `dataclasses.replace`, compared by ``==``, cheap to keep by the hundred
for undo, and quick to import for the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gdstudio.engine.descent import Change  # noqa: TC001 - needed when a file is read: types are looked up then
from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition  # noqa: TC001 - as Change
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

MAXIMUM_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is minimised: a row of the table of problems, or a formula of the user's own.

    Parameters
    ----------
    key : str or None
        Of the row.
    text : str or None
        The formula; exactly one of `key` and `text` is given.
    parameters : dict of str to float
        Values of the row's own parameters that differ from its defaults; never changed in place.

    Raises
    ------
    StudioError
        Where both or neither are given.
    """

    key: str | None = None
    text: str | None = None
    parameters: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that exactly one is given."""
        if (self.key is None) == (self.text is None):
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Exactly one of a problem's key and a formula is needed, not {given}."),
                given="neither" if self.key is None else "both",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One optimizer of an experiment.

    Parameters
    ----------
    optimizer, convention, equations, additions
        Those of a `Recipe`. Where `hyperparameters` set a weight decay that the optimizer has not itself, that is one
        addition more.
    hyperparameters : dict of str to float
        Only what was set explicitly; all others follow from the problem and the table. Never changed in place.
    batch : int or None
        Samples in a batch; None takes all.
    slot : int
        Which of the run colours and markers it has, from 0.
    visible : bool
        Whether the views show it.
    changes : tuple of Change
        Log of the live changes, in order of their iterations.
    """

    optimizer: str = "adam"
    convention: str | None = None
    equations: str | None = None
    additions: tuple[Addition, ...] = ()
    hyperparameters: dict[str, float] = field(default_factory=dict)
    batch: int | None = None
    slot: int = 0
    visible: bool = True
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A problem, where to start on it, who descends, and when to stop.

    Parameters
    ----------
    problem : Problem
        What is minimised.
    start : tuple of float
        A number for each variable, in the order of the variables.
    runs : tuple of Run
        Who descends.
    stopping : Stopping
        When each run ends.
    seed : int
        Of all randomness, 0 to `MAXIMUM_SEED`.
    shown : tuple of (int, int)
        Indices of the two variables that the surface shows; without meaning where there is only one.
    scale : {"linear", "log"} or None
        How heights are shown; None takes the problem's own.

    Raises
    ------
    StudioError
        Where the seed is outside its range.
    """

    problem: Problem
    start: tuple[float, ...]
    runs: tuple[Run, ...]
    stopping: Stopping = field(default_factory=Stopping)
    seed: int = 0
    shown: tuple[int, int] = (0, 1)
    scale: Literal["linear", "log"] | None = None

    def __post_init__(self) -> None:
        """Check the seed."""
        if not 0 <= self.seed <= MAXIMUM_SEED:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "seed must lie between 0 and {most}, not {value}."),
                most=MAXIMUM_SEED, value=self.seed,
            )
