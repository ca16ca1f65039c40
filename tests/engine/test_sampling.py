"""The order of samples: each once an epoch, the same from wherever it is resumed, never the same twice."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.sampling import NOISE_STREAM, SHUFFLE_STREAM, Sampler, generator, normal_numbers

_SIZES = st.integers(1, 70).flatmap(lambda samples: st.tuples(st.just(samples), st.integers(1, samples)))
_SEEDS = st.integers(0, 2**63 - 1)


@settings(deadline=None)
@given(sizes=_SIZES, seed=_SEEDS, epoch=st.integers(0, 40))
def test_each_sample_comes_once_an_epoch(sizes: tuple[int, int], seed: int, epoch: int) -> None:
    sampler = Sampler(*sizes, seed)
    per_epoch = sampler.iterations_per_epoch
    indices, offsets = sampler.batches(epoch * per_epoch, per_epoch)
    assert sorted(indices.tolist()) == list(range(sampler.samples))
    lengths = np.diff(offsets)
    assert np.all(lengths[:-1] == sampler.batch)
    assert lengths[-1] == sampler.samples - (per_epoch - 1) * sampler.batch
    assert 1 <= lengths[-1] <= sampler.batch


@settings(deadline=None)
@given(sizes=_SIZES, seed=_SEEDS, first=st.integers(0, 200), counts=st.lists(st.integers(1, 50), max_size=6))
def test_any_division_into_calls_gives_the_same_batches(
    sizes: tuple[int, int], seed: int, first: int, counts: list[int]
) -> None:
    sampler = Sampler(*sizes, seed)
    indices, offsets = sampler.batches(first, sum(counts))
    at_once = [indices[begin:end].tolist() for begin, end in itertools.pairwise(offsets)]
    in_parts = []
    for count in counts:
        some, places = sampler.batches(first, count)
        assert (some.dtype, places.dtype) == (np.int64, np.int64)
        assert (len(places), places[0], places[-1]) == (count + 1, 0, len(some))
        in_parts += [some[begin:end].tolist() for begin, end in itertools.pairwise(places)]
        first += count
    assert in_parts == at_once


@given(seed=_SEEDS)
def test_a_seed_fixes_the_order_and_another_gives_another(seed: int) -> None:
    first, _ = Sampler(64, 8, seed).batches(0, 80)
    again, _ = Sampler(64, 8, seed).batches(0, 80)
    other, _ = Sampler(64, 8, seed ^ 1).batches(0, 80)
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_orders_of_epochs_are_independent() -> None:
    indices, _ = Sampler(50, 50, 3).batches(0, 400)
    epochs = indices.reshape(400, 50)
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 400
    # Where a sample stands in one epoch says nothing of the next: ranks do not correlate.
    places = np.argsort(epochs, axis=1).astype(float)
    correlations = [np.corrcoef(places[k], places[k + 1])[0, 1] for k in range(399)]
    assert abs(float(np.mean(correlations))) < 4.0 / np.sqrt(399 * 49)
    # Each sample stands in each half equally often, within four standard deviations.
    early = np.mean(places < 25, axis=0)
    assert np.all(np.abs(early - 0.5) < 4.5 * 0.5 / np.sqrt(400))


def test_the_order_does_not_depend_on_the_size_of_the_batch() -> None:
    whole, _ = Sampler(30, 30, 5).batches(0, 1)
    in_batches, _ = Sampler(30, 7, 5).batches(0, 5)
    assert whole.tolist() == in_batches.tolist()


def test_streams_and_times_of_randomness_are_apart() -> None:
    keys = [(seed, stream, time) for seed in (0, 1) for stream in (SHUFFLE_STREAM, 2) for time in (0, 1, 10**9)]
    drawn = {tuple(generator(*key).integers(0, 2**62, 4).tolist()) for key in keys}
    assert len(drawn) == len(keys)


@settings(max_examples=60, deadline=None)
@given(
    dimension=st.sampled_from([1, 2, 7, 300, 70_000]), seed=_SEEDS, first=st.integers(0, 3000),
    counts=st.lists(st.integers(1, 1500), min_size=1, max_size=4),
)
def test_normal_numbers_belong_to_their_iteration(dimension: int, seed: int, first: int, counts: list[int]) -> None:
    counts = [min(count, 40_000 // dimension + 1) for count in counts]
    whole = normal_numbers(dimension, seed, first, sum(counts))
    assert whole.shape == (sum(counts), dimension) and whole.flags.c_contiguous
    parts, place = [], first
    for count in counts:
        parts.append(normal_numbers(dimension, seed, place, count))
        place += count
    assert np.array_equal(np.concatenate(parts), whole)


def test_normal_numbers_are_normal_and_their_own() -> None:
    numbers = normal_numbers(2, 7, 0, 50_000)
    assert abs(float(np.mean(numbers))) < 0.02
    assert abs(float(np.std(numbers)) - 1.0) < 0.02
    # Neither from parameter to parameter nor from iteration to iteration.
    assert abs(float(np.mean(numbers[:, 0] * numbers[:, 1]))) < 0.02
    assert abs(float(np.mean(numbers[:-1, 0] * numbers[1:, 0]))) < 0.02
    assert NOISE_STREAM != SHUFFLE_STREAM
    assert not np.array_equal(numbers, normal_numbers(2, 8, 0, 50_000))
