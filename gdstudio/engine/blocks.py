"""How a flat vector of parameters is divided into named, shaped blocks.

Every descent works on one flat vector, whatever it descends on. A formula's variables are blocks of one number
each; a weight matrix is one block with its shape. Names of components follow from the blocks.

A matrix has a row for each input and a column for each output, as in Keras; PyTorch's weights are its transpose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Block:
    """A named part of the parameters; `shape` () is a single number."""

    name: str
    shape: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def is_matrix(self) -> bool:
        """Whether it has rows and columns."""
        return len(self.shape) == 2

    @property
    def component_names(self) -> tuple[str, ...]:
        """A name for each number in row-major order: the block's own, or with its indices (``W_0_2``)."""
        return tuple("_".join((self.name, *map(str, index))) for index in np.ndindex(*self.shape))


@dataclass(frozen=True)
class Blocks:
    """All blocks, one behind another in the flat vector."""

    blocks: tuple[Block, ...]

    @classmethod
    def of_numbers(cls, names: Iterable[str]) -> Blocks:
        """Return blocks of one number each."""
        return cls(tuple(Block(name) for name in names))

    @cached_property
    def component_names(self) -> tuple[str, ...]:
        """A name for each number of the flat vector."""
        return tuple(name for block in self.blocks for name in block.component_names)

    @property
    def size(self) -> int:
        """Length of the flat vector."""
        return sum(block.size for block in self.blocks)

    @cached_property
    def has_matrix(self) -> bool:
        """Whether one of them is a matrix."""
        return any(block.is_matrix for block in self.blocks)

    def views(self, theta: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return each block as an array of its shape; they share the memory of `theta`, shape (..., size)."""
        views = {}
        place = 0
        for block in self.blocks:
            part = theta[..., place:place + block.size]
            views[block.name] = part.reshape((*theta.shape[:-1], *block.shape))
            place += block.size
        return views
