"""Which samples make up the batch of each iteration.

Randomness is keyed by seed, stream and epoch: the order of any epoch can be made without those before it,
so a run resumes exactly and every run of a race sees the same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Streams of randomness; a number once given is never given another meaning.
SHUFFLE_STREAM = 1
NOISE_STREAM = 2

# Random numbers are made for so many iterations at once, fewer where there are many parameters.
_BLOCK_ITERATIONS = 1024
_BLOCK_NUMBERS = 1 << 16


def generator(seed: int, stream: int, iteration: int) -> np.random.Generator:
    """Return the source of randomness for one purpose at one time, independent of all others."""
    key = np.array([seed, stream], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, iteration]))


@lru_cache(maxsize=32)
def _order(samples: int, seed: int, epoch: int) -> NDArray[np.int64]:
    order = generator(seed, SHUFFLE_STREAM, epoch).permutation(samples)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=16)
def _normal_block(dimension: int, seed: int, block: int) -> NDArray[np.float64]:
    numbers = generator(seed, NOISE_STREAM, block).standard_normal((_block_length(dimension), dimension))
    numbers.flags.writeable = False
    return numbers


def _block_length(dimension: int) -> int:
    return max(1, min(_BLOCK_ITERATIONS, _BLOCK_NUMBERS // dimension))


def normal_numbers(dimension: int, seed: int, first: int, count: int) -> NDArray[np.float64]:
    """Return the standard normal numbers of `count` iterations from iteration `first` (0-based) on.

    They depend on seed, dimension and iteration alone, so that a run may be divided and resumed anywhere, and
    every run of a race meets the same noise.

    Returns
    -------
    ndarray, shape (count, dimension)
        Contiguous.
    """
    length = _block_length(dimension)
    blocks = range(first // length, (first + max(count, 1) - 1) // length + 1)
    rows = np.concatenate([_normal_block(dimension, seed, block) for block in blocks])
    begin = first - blocks[0] * length
    return np.ascontiguousarray(rows[begin:begin + count])


@dataclass(frozen=True, slots=True)
class Sampler:
    """Mini-batches without replacement, reshuffled each epoch; the last batch of an epoch may be short.

    Parameters
    ----------
    samples : int
        Rows of the data set.
    batch : int
        Samples in a batch, 1 to `samples`.
    seed : int
        Of the order.
    """

    samples: int
    batch: int
    seed: int

    @property
    def iterations_per_epoch(self) -> int:
        """How many batches pass over the data once."""
        return -(-self.samples // self.batch)

    def batches(self, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the samples of `count` iterations from iteration `first` (0-based) on.

        Returns
        -------
        tuple
            Indices of all batches in a row, and `count` + 1 offsets into them.
        """
        per_epoch = self.iterations_per_epoch
        iterations = np.arange(first, first + count)
        places = iterations % per_epoch
        sizes = np.minimum(self.samples - places * self.batch, self.batch)
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        first_epoch, last_epoch = first // per_epoch, (first + max(count, 1) - 1) // per_epoch
        orders = [_order(self.samples, self.seed, epoch) for epoch in range(first_epoch, last_epoch + 1)]
        begin = (first - first_epoch * per_epoch) * self.batch
        indices = np.ascontiguousarray(np.concatenate(orders)[begin:begin + offsets[-1]])
        return indices, offsets.astype(np.int64)
