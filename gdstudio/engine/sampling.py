"""Which samples make up the batches of each iteration.

Randomness is keyed by seed, stream and epoch: the order of any epoch can be made without those before it,
so a run resumes exactly and every run of a race sees the same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import machine_available
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How the samples of an epoch follow one another.
Order: TypeAlias = Literal["shuffled", "shuffled_once", "sequential", "replacement"]
ORDERS: tuple[Order, ...] = get_args(Order)
# Those of which every epoch is as the first.
_KEPT: frozenset[Order] = frozenset({"shuffled_once", "sequential"})

# Streams of randomness; a number once given is never given another meaning.
SHUFFLE_STREAM = 1
NOISE_STREAM = 2
REPLACEMENT_STREAM = 3
SPLIT_STREAM = 4

# Random numbers are made for so many iterations at once, fewer where there are many parameters.
_BLOCK_ITERATIONS = 1024
_BLOCK_NUMBERS = 1 << 16
# From so many samples on, machine code shuffles them.
_WORTH_COMPILING = 1024


def generator(seed: int, stream: int, iteration: int) -> np.random.Generator:
    """Return the source of randomness for one purpose at one time, independent of all others."""
    key = np.array([seed, stream], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, iteration]))


@lru_cache(maxsize=8)
def _order(samples: int, order: Order, seed: int, epoch: int) -> NDArray[np.int64]:
    """Return as many sample numbers as there are samples: what one epoch draws."""
    if order == "sequential":
        drawn = np.arange(samples)
    elif order == "replacement":
        drawn = generator(seed, REPLACEMENT_STREAM, epoch).integers(0, samples, samples)
    else:
        drawn = _permutation(samples, seed, epoch)
    drawn.flags.writeable = False
    return drawn


def _permutation(samples: int, seed: int, epoch: int) -> NDArray[np.int64]:
    """Return all samples in random order; both ways give the same."""
    if samples >= _WORTH_COMPILING and machine_available():
        from gdstudio.engine.machine.shuffle import permutation

        return permutation(samples, seed, SHUFFLE_STREAM, epoch)
    return generator(seed, SHUFFLE_STREAM, epoch).permutation(samples)


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
class Batching:
    """How the data are divided into the batches of the updates.

    Parameters
    ----------
    size : int or None
        Samples in a batch; None takes all of them at every update, whatever the order.
    order : {"shuffled", "shuffled_once", "sequential", "replacement"}
        Each sample once an epoch: reshuffled every epoch, shuffled once and so in every epoch, or in the order of the
        data; or drawn independently, each time among all of them. An epoch draws as many samples as there are, in
        every order.
    drop_last : bool
        Whether the short batch that remains at the end of an epoch is left out.
    accumulate : int
        An update follows the mean of the mean gradients of so many batches, at least 1. It takes batches of one epoch:
        the last update of an epoch may have fewer, and divides by their number.

    Raises
    ------
    StudioError
        Where the size or the number of batches is below 1, or there is no such order.
    """

    size: int | None = None
    order: Order = "shuffled"
    drop_last: bool = False
    accumulate: int = 1

    def __post_init__(self) -> None:
        """Check what does not depend on the data."""
        if self.size is not None and self.size < 1:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "The batch must have at least 1 sample, not {size}."), size=self.size
            )
        if self.order not in ORDERS:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "There is no order of samples called {name}; there are {known}."),
                name=self.order, known=", ".join(ORDERS),
            )
        if self.accumulate < 1:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Gradients are accumulated over at least 1 batch, not {given}."),
                given=self.accumulate,
            )

    def is_full(self, samples: int) -> bool:
        """Whether every update takes all of so many samples, each once."""
        return self.size is None or (self.size == samples and self.order != "replacement")

    def batches_per_epoch(self, samples: int) -> int:
        """How many batches an epoch of so many samples has."""
        if self.size is None:
            return 1
        return samples // self.size if self.drop_last else -(-samples // self.size)

    def iterations_per_epoch(self, samples: int) -> int:
        """How many updates an epoch of so many samples makes."""
        return -(-self.batches_per_epoch(samples) // self.accumulate)


class Drawn(NamedTuple):
    """The samples of some iterations.

    Iteration i, counted from the first of them, takes the batches ``groups[i]`` to ``groups[i + 1] - 1``, and batch j
    is ``indices[offsets[j]:offsets[j + 1]]``.
    """

    indices: NDArray[np.int64]
    offsets: NDArray[np.int64]
    groups: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sampler:
    """The batches of a data set, from wherever they are asked for.

    Parameters
    ----------
    samples : int
        Rows of the data set.
    batching : Batching
        How they are divided; its batches have at most `samples` samples.
    seed : int
        Of the order.
    """

    samples: int
    batching: Batching
    seed: int

    @property
    def iterations_per_epoch(self) -> int:
        """How many updates pass over the data once."""
        return self.batching.iterations_per_epoch(self.samples)

    @property
    def samples_per_iteration(self) -> int:
        """How many samples an update takes at most."""
        return (self.batching.size or self.samples) * self.batching.accumulate

    def batches(self, first: int, count: int) -> Drawn:
        """Return the samples of `count` iterations from iteration `first` (0-based) on.

        They depend on their iterations alone, so that a run may be divided and resumed anywhere.
        """
        batching, samples = self.batching, self.samples
        per_epoch, size = batching.batches_per_epoch(samples), batching.size or samples
        drawn = min(per_epoch * size, samples)
        first_batch, groups = _places(first, count, self.iterations_per_epoch, batching.accumulate, per_epoch)
        begin, offsets = _places(first_batch, int(groups[-1]), per_epoch, size, drawn)
        end = begin + int(offsets[-1])
        epochs = range(begin // drawn, max(end - 1, begin) // drawn + 1)
        kept = batching.order in _KEPT
        orders = [_order(samples, batching.order, self.seed, 0 if kept else epoch)[:drawn] for epoch in epochs]
        every = orders[0] if len(orders) == 1 else np.concatenate(orders)
        return Drawn(every[begin - epochs[0] * drawn:end - epochs[0] * drawn], offsets, groups)


def _places(first: int, count: int, per_epoch: int, length: int, of_epoch: int) -> tuple[int, NDArray[np.int64]]:
    """Return where the part `first` begins, and where it and the `count` parts after it begin from there.

    Each part is `length` long; only the last of the `per_epoch` parts of an epoch has what remains of `of_epoch`.
    """
    if per_epoch * length == of_epoch:
        return first * length, np.arange(0, (count + 1) * length, length, dtype=np.int64)
    parts = np.arange(first, first + count + 1, dtype=np.int64)
    epochs = parts // per_epoch
    places = epochs * of_epoch + (parts - epochs * per_epoch) * length
    return int(places[0]), places - places[0]


def sampler(samples: int | None, batch: int | Batching | None, seed: int) -> Sampler | None:
    """Return the source of batches of so many samples, or None where every update takes all there is.

    Raises
    ------
    StudioError
        Where the batch is larger than the data, or there are none.
    """
    size = batch.size if isinstance(batch, Batching) else batch
    if size is None:
        return None
    if samples is None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "A batch of {batch} was asked for, but this problem has no data: leave it out."
            ),
            batch=size,
        )
    if not 1 <= size <= samples:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The batch must have 1 to {samples} samples, not {batch}."),
            samples=samples, batch=size,
        )
    batching = batch if isinstance(batch, Batching) else Batching(size)
    return None if batching.is_full(samples) else Sampler(samples, batching, seed)
