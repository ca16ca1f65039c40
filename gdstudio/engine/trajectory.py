"""What a descent leaves behind: named columns with one row for each iterate, appended to."""

from __future__ import annotations

from copy import copy as shallow_copy
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.kernels import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.blocks import Blocks

    Floats = NDArray[np.float64]

# Columns that every trajectory begins with; a variable of one of these names is prefixed in files.
LEADING_COLUMNS = ("iteration", "loss", "gradient_norm", "learning_rate")
BATCH_LOSS = "batch_loss"
EVALUATIONS = "evaluations"


class Trajectory:
    """Row k is iterate k of a run; row 0 is the start.

    Memory is reserved for all `rows` at once: the system hands it out only as rows are written.

    Parameters
    ----------
    blocks : Blocks
        How the parameters are divided; their component names are the names of the columns.
    rows : int
        How many rows there may be at most.
    batched : bool
        Whether steps follow batches that are not all the data, whose losses are a column that is filled.
    over_data : bool
        Whether there are data at all, so that there is a column with the loss of each batch.
    evaluations_per_step : int
        What each step of equations costs, in gradients.
    own : tuple of str
        Columns that a method fills itself. Where `learning_rate` and `evaluations` are among them, they take the
        place of those that follow from the settings.
    """

    def __init__(
        self, blocks: Blocks, rows: int, *, batched: bool = False, over_data: bool = False,
        evaluations_per_step: int = 1, own: tuple[str, ...] = (),
    ) -> None:
        self.blocks = blocks
        self.first_iteration = 0
        self._theta = np.empty((rows, blocks.size))
        self._loss = np.empty(rows)
        self._norm = np.empty(rows)
        self._batch_loss = np.empty(rows) if batched else None
        self._over_data = over_data
        self._evaluations_per_step = evaluations_per_step
        self._own = {name: np.empty(rows) for name in own}
        self._length = 0
        # (first row, rate): the learning rate of the step that led to that row and those after it.
        self._rates: list[tuple[int, float]] = []

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._length

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the parameters, one for each column of `theta`."""
        return self.blocks.component_names

    @property
    def capacity(self) -> int:
        """How many rows there may be."""
        return len(self._loss)

    @property
    def theta(self) -> Floats:
        """Parameters, shape (rows, n)."""
        return self._theta[:self._length]

    @property
    def loss(self) -> Floats:
        """Losses, over all data where there is data, shape (rows,); not a number where that was not looked at."""
        return self._loss[:self._length]

    @property
    def gradient_norm(self) -> Floats:
        """Euclidean norms of the gradient, shape (rows,); not a number where `loss` was not looked at."""
        return self._norm[:self._length]

    @property
    def iteration(self) -> NDArray[np.int64]:
        """Numbers of the iterations, shape (rows,)."""
        return np.arange(self.first_iteration, self.first_iteration + self._length)

    @property
    def learning_rate(self) -> Floats:
        """The rate of the step that led to each row, shape (rows,); not a number in row 0, and where it has none."""
        if "learning_rate" in self._own:
            return self._own["learning_rate"][:self._length]
        rates = np.full(self._length, np.nan)
        for row, rate in self._rates:
            rates[row:] = rate
        return rates

    @property
    def has_rates(self) -> bool:
        """Whether any step so far has a learning rate."""
        return bool(self._rates) or "learning_rate" in self._own

    @property
    def evaluations(self) -> NDArray[np.int64]:
        """Gradients computed up to and with each row, that of the start included, shape (rows,).

        What makes a race fair: a line search takes several a step, and a Hessian, or only its diagonal, counts as n.
        The gradient of an update counts as one, over however many samples and batches it is averaged.
        """
        if EVALUATIONS in self._own:
            return self._own[EVALUATIONS][:self._length].astype(np.int64)
        return 1 + self._evaluations_per_step * self.iteration

    @property
    def batch_loss(self) -> Floats | None:
        """The mean loss over the batches of the step that led to each row, before that step; None without data."""
        if self._batch_loss is not None:
            return self._batch_loss[:self._length]
        if not self._over_data:
            return None
        # Where each batch is all the data, its loss is the loss before the step; of a run taken up it is not known.
        before = np.full(self._length, np.nan)
        before[1:] = self.loss[:-1]
        return before

    @property
    def is_batched(self) -> bool:
        """Whether steps follow batches that are not all the data."""
        return self._batch_loss is not None

    @property
    def column_names(self) -> tuple[str, ...]:
        """All columns in the order of files, no two alike; a variable named as another column is prefixed."""
        extra = tuple(name for name in self._own if name not in (*LEADING_COLUMNS, EVALUATIONS))
        extra += (EVALUATIONS, BATCH_LOSS) if self.is_batched or self._over_data else (EVALUATIONS,)
        own = {*LEADING_COLUMNS, *extra}
        taken = {*own, *self.variables}
        names = []
        for variable in self.variables:
            name = variable
            if variable in own:
                while name in taken:
                    name = f"theta_{name}"
                taken.add(name)
            names.append(name)
        return (*LEADING_COLUMNS, *names, *extra)

    def column(self, name: str) -> NDArray[np.float64] | NDArray[np.int64]:
        """Return the column `name`, one of `column_names`, shape (rows,)."""
        place = self.column_names.index(name) - len(LEADING_COLUMNS)
        if 0 <= place < len(self.variables):
            return self.theta[:, place]
        if name in self._own and name != EVALUATIONS:
            return self._own[name][:self._length]
        values: NDArray[np.float64] | NDArray[np.int64] = getattr(self, name)
        return values

    def append(self, theta: Floats, loss: float, norm: float, evaluations: int = 1) -> None:
        """Append one row, the start of a run, or where one is taken up after so many evaluations."""
        row = self._length
        self._theta[row], self._loss[row], self._norm[row] = theta, loss, norm
        if self._batch_loss is not None:
            self._batch_loss[row] = np.nan
        for name, column in self._own.items():
            column[row] = evaluations if name == EVALUATIONS else np.nan
        self._length = row + 1

    def free_rows(self, count: int) -> tuple[Rows, Floats | None]:
        """Return views of the next `count` rows for a kernel to fill, and those of the batch losses."""
        rows = slice(self._length, self._length + count)
        batch = None if self._batch_loss is None else self._batch_loss[rows]
        own = tuple(column[rows] for column in self._own.values())
        return Rows(self._theta[rows], self._loss[rows], self._norm[rows], own), batch

    def extend(self, count: int, learning_rate: float | None) -> None:
        """Take over `count` rows that a kernel has filled, made with `learning_rate`; None where there is none."""
        changed = not self._rates or self._rates[-1][1] != learning_rate
        if learning_rate is not None and count and changed:
            self._rates.append((self._length, learning_rate))
        self._length += count

    def published(self) -> Trajectory:
        """Return a trajectory that stays as this one is now, without copying: it shares the rows written so far."""
        other = shallow_copy(self)
        other._rates = list(self._rates)
        return other

    def with_last_known(self) -> Trajectory:
        """Return the trajectory with the last loss and gradient norm that are known where they are not; to read only.

        With batches of many samples they are known at the ends of epochs.
        """
        if self._batch_loss is None:
            return self
        other = self.published()
        rows = np.arange(self._length)
        known = np.maximum.accumulate(np.where(np.isnan(self.loss) & np.isnan(self.gradient_norm), 0, rows))
        # A run that has left all numbers behind ends with what is none.
        known[-1:] = rows[-1:]
        other._loss, other._norm = self.loss[known], self.gradient_norm[known]
        return other

    def copy(self, length: int) -> Trajectory:
        """Return a trajectory of the same capacity with copies of the first `length` rows."""
        other = Trajectory(
            self.blocks, self.capacity, batched=self._batch_loss is not None, over_data=self._over_data,
            evaluations_per_step=self._evaluations_per_step, own=tuple(self._own),
        )
        other.first_iteration = self.first_iteration
        other._length = min(length, self._length)
        rows = slice(0, other._length)
        other._theta[rows], other._loss[rows], other._norm[rows] = self._theta[rows], self._loss[rows], self._norm[rows]
        if self._batch_loss is not None and other._batch_loss is not None:
            other._batch_loss[rows] = self._batch_loss[rows]
        for name, column in self._own.items():
            other._own[name][rows] = column[rows]
        other._rates = [(row, rate) for row, rate in self._rates if row < length]
        return other

    def truncate(self, length: int) -> None:
        """Forget all rows from `length` on."""
        self._length = min(self._length, length)
        self._rates = [(row, rate) for row, rate in self._rates if row < length]

    def restart(self, iteration: int) -> None:
        """Forget all rows; the next one is that of `iteration`."""
        self.truncate(0)
        self.first_iteration = iteration


def memory_needed(iterations: int, dimension: int, own: int = 0) -> int:
    """Bytes that the trajectory of a run takes at most, `own` columns of a method included."""
    return (iterations + 1) * (dimension + 3 + own) * 8
