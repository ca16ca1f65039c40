"""What stands for a method where equations would stand: its settings, its columns and the size of its state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Method


@dataclass(frozen=True)
class MethodRule:
    """A method with the layout of its state, in the place of an `UpdateRule`.

    Its state begins with the evaluations made after that of the start; what the method remembers follows.
    """

    key: str
    hyperparameters: tuple[str, ...]

    @property
    def method(self) -> Method:
        """The method itself."""
        # loaded by those who take one: the equations of the others do without
        from gdstudio.engine.methods.table import METHODS

        return METHODS[self.key]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the trajectory that it fills itself."""
        return ("learning_rate", "evaluations", *self.method.columns)

    @property
    def needs_noise(self) -> bool:
        """No method takes random numbers."""
        return False

    @property
    def needs_matrix(self) -> bool:
        """No method asks for the shape of parameters."""
        return False

    def evaluations_per_step(self, dimension: int) -> int:
        """How many gradients a step costs at least; `evaluations` in the state counts them."""
        del dimension
        return 1

    def state_size(self, dimension: int) -> int:
        """How many numbers the state has for `dimension` parameters."""
        return 1 + self.method.state_size(dimension)

    def initial_state(
        self, state: NDArray[np.float64], theta: NDArray[np.float64], hyperparameters: NDArray[np.float64]
    ) -> None:
        """Write nothing: every method begins with zeros."""


@lru_cache(maxsize=64)
def method_rule(key: str, hyperparameters: tuple[str, ...]) -> MethodRule:
    """Return the rule of the method `key`, which reads the numbers called `hyperparameters`."""
    return MethodRule(key, hyperparameters)


def refuse_unfit(rule: MethodRule, dimension: int, *, batched: bool) -> None:
    """Do nothing if the method can descend there.

    Raises
    ------
    StudioError
        Where it is asked to take batches, or more variables than it can.
    """
    if batched:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{optimizer} needs the loss over all the data at every step: leave out the batch."
            ),
            optimizer=rule.key,
        )
    if rule.method.only_dimension not in (None, dimension):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{optimizer} is for one variable, but there are {dimension}: choose another optimizer."
            ),
            optimizer=rule.key, dimension=dimension,
        )
