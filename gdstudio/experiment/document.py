"""The experiment: everything that decides what a descent computes, and how it is shown.

Plain frozen dataclasses: changed by `dataclasses.replace`, compared by ``==``, cheap to keep by the hundred
for undo, and quick to import for the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gdstudio.data.edits import Edits
from gdstudio.data.table import Table  # noqa: TC001 - as Change
from gdstudio.data.table_format import TableFormat
from gdstudio.engine.descent import Change  # noqa: TC001 - needed when a file is read: types are looked up then
from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition  # noqa: TC001 - as Change
from gdstudio.engine.sampling import Order  # noqa: TC001 - as Change
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

MAXIMUM_SEED = 2**63 - 1
# What happens to a row of a file with a cell that cannot be used.
Mend = Literal["refuse", "drop", "fill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where data come from: a listed data set, a file, or the numbers themselves.

    Parameters
    ----------
    key : str or None
        Of a listed data set.
    numbers : dict of str to float
        What a generator is given that differs from its defaults; never changed in place.
    file : str or None
        Path of a text file; exactly one of `key`, `file` and `table` is given.
    digest : str or None
        SHA-256 of the file's bytes, in hexadecimal, when it was last read; None where it was not read yet.
    stamp : tuple of (int, int) or None
        Modification time in nanoseconds and size of the file when it was chosen: a file that has changed since is
        another source. None where it was not looked at.
    format : TableFormat
        What is known of how the file is written.
    mend : {"refuse", "drop", "fill"}
        What happens to rows with cells that cannot be used.
    table : Table or None
        The numbers themselves.

    Raises
    ------
    StudioError
        Where none or several are given.
    """

    key: str | None = None
    numbers: dict[str, float] = field(default_factory=dict)
    file: str | None = None
    digest: str | None = None
    stamp: tuple[int, int] | None = None
    format: TableFormat = field(default_factory=TableFormat)
    mend: Mend = "refuse"
    table: Table | None = None

    def __post_init__(self) -> None:
        """Check that exactly one is given."""
        given = sum(each is not None for each in (self.key, self.file, self.table))
        if given != 1:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "Exactly one of a data set's key, a file and numbers is needed, not {given}."
                ),
                given=given,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """The samples that a loss is averaged over.

    Parameters
    ----------
    source : Source
        Where they come from.
    target : str or None
        The column to be foretold; None takes the source's own, else the last.
    features : tuple of str or None
        The columns to foretell it from; None takes all other columns of numbers.
    standardize : bool
        Whether the features are shifted and scaled to mean 0 and standard deviation 1 over the training samples.
    held_out : float
        Share of the samples that no step sees, 0 to below 1.
    split_seed : int
        Of the choice which ones.
    edits : Edits
        What a person has changed by hand.

    Raises
    ------
    StudioError
        Where the share is outside its range.
    """

    source: Source
    target: str | None = None
    features: tuple[str, ...] | None = None
    standardize: bool = False
    held_out: float = 0.0
    split_seed: int = 0
    edits: Edits = field(default_factory=Edits)

    def __post_init__(self) -> None:
        """Check the share."""
        if not 0.0 <= self.held_out < 1.0:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "held_out must be a share from 0 to below 1, not {value}."),
                value=self.held_out,
            )
        if not 0 <= self.split_seed <= MAXIMUM_SEED:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "seed must lie between 0 and {most}, not {value}."),
                most=MAXIMUM_SEED, value=self.split_seed,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is minimised: a row of the table of problems, a formula of the user's own, or a model of data.

    Parameters
    ----------
    key : str or None
        Of the row.
    text : str or None
        The formula; with `data` the loss of one sample.
    model : str or None
        Key of a model; exactly one of `key`, `text` and `model` is given.
    loss : str or None
        Key of the model's loss; None takes its first.
    penalty : str or None
        What is added to a loss over data: a formula of the parameters, or a listed penalty with its numbers.
    data : Data or None
        The samples; a model needs them.
    parameters : dict of str to float
        Values of the row's, or the model's, own parameters that differ from its defaults; never changed in place.

    Raises
    ------
    StudioError
        Where these do not go together.
    """

    key: str | None = None
    text: str | None = None
    model: str | None = None
    loss: str | None = None
    penalty: str | None = None
    data: Data | None = None
    parameters: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check what goes together."""
        given = [name for name in ("key", "text", "model") if getattr(self, name) is not None]
        if len(given) != 1:
            raise StudioError(
                QT_TRANSLATE_NOOP(
                    "Errors", "Exactly one of a problem's key, a formula and a model is needed, not {given}."
                ),
                given=" and ".join(given) or "none",
            )
        if self.model is not None and self.data is None:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "The model {model} needs data to be fitted to."), model=self.model
            )
        if self.data is None and self.penalty is not None:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "A penalty needs a loss over data to be added to."))
        if self.key is not None and self.data is not None:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "A listed problem has its own data; it takes no others."))
        if self.model is None and self.loss is not None:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "Only a model has a choice of losses."))


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
    order : {"shuffled", "shuffled_once", "sequential", "replacement"}
        How the samples of batches are drawn.
    drop_last : bool
        Whether a last batch that is short is left out.
    accumulate : int
        Over how many batches the gradient of one step is averaged.
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
    order: Order = "shuffled"
    drop_last: bool = False
    accumulate: int = 1
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
