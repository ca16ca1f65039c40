"""The order of samples: each once an epoch, the same from wherever it is resumed, never the same twice."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.errors import StudioError
from gdstudio.engine.sampling import (
    NOISE_STREAM,
    ORDERS,
    REPLACEMENT_STREAM,
    SHUFFLE_STREAM,
    Batching,
    Drawn,
    Order,
    Sampler,
    generator,
    normal_numbers,
)

_SEEDS = st.integers(0, 2**63 - 1)
_ORDERS = st.sampled_from(ORDERS)


@st.composite
def _samplers(draw: st.DrawFn, orders: st.SearchStrategy[Order] = _ORDERS, dropping: bool | None = None) -> Sampler:
    samples = draw(st.integers(1, 70))
    batching = Batching(
        draw(st.integers(1, samples)), draw(orders), draw(st.booleans()) if dropping is None else dropping,
        draw(st.integers(1, 6)),
    )
    return Sampler(samples, batching, draw(_SEEDS))


def _updates(drawn: Drawn) -> list[list[list[int]]]:
    """Return the samples of each batch of each iteration."""
    batches = [drawn.indices[begin:end].tolist() for begin, end in itertools.pairwise(drawn.offsets)]
    return [batches[begin:end] for begin, end in itertools.pairwise(drawn.groups)]


def _epoch(sampler: Sampler, epoch: int) -> list[list[list[int]]]:
    per_epoch = sampler.iterations_per_epoch
    return _updates(sampler.batches(epoch * per_epoch, per_epoch))


@given(
    sampler=_samplers(st.sampled_from(["shuffled", "shuffled_once", "sequential"]), dropping=False),
    epoch=st.integers(0, 40),
)
def test_each_sample_comes_once_an_epoch(sampler: Sampler, epoch: int) -> None:
    samples = [sample for update in _epoch(sampler, epoch) for batch in update for sample in batch]
    assert sorted(samples) == list(range(sampler.samples))


@given(sampler=_samplers(st.just("shuffled_once")), epoch=st.integers(1, 10**6))
def test_an_order_that_is_shuffled_once_stays(sampler: Sampler, epoch: int) -> None:
    assert _epoch(sampler, epoch) == _epoch(sampler, 0)
    # It is that of the first epoch of one that is shuffled each time.
    anew = replace(sampler, batching=replace(sampler.batching, order="shuffled"))
    assert _epoch(anew, 0) == _epoch(sampler, 0)


@given(sampler=_samplers(), epoch=st.integers(0, 40))
def test_an_epoch_has_the_batches_that_it_should(sampler: Sampler, epoch: int) -> None:
    batching = sampler.batching
    updates = _epoch(sampler, epoch)
    sizes = [len(batch) for update in updates for batch in update]
    whole, rest = divmod(sampler.samples, batching.size or 1)
    assert sizes == [batching.size] * whole + ([rest] if rest and not batching.drop_last else [])
    assert len(sizes) == batching.batches_per_epoch(sampler.samples)
    # Groups never reach into the next epoch: the last one of an epoch may be short.
    groups, left = divmod(len(sizes), batching.accumulate)
    assert [len(update) for update in updates] == [batching.accumulate] * groups + ([left] if left else [])


@given(sampler=_samplers(dropping=True), epoch=st.integers(0, 40))
def test_what_is_dropped_is_the_end_of_the_order(sampler: Sampler, epoch: int) -> None:
    kept = Sampler(sampler.samples, replace(sampler.batching, drop_last=False, accumulate=1), sampler.seed)
    batches = [batch for update in _epoch(kept, epoch) for batch in update]
    dropping = [batch for update in _epoch(sampler, epoch) for batch in update]
    assert dropping == [batch for batch in batches if len(batch) == sampler.batching.size]


@given(sampler=_samplers(), first=st.integers(0, 200), counts=st.lists(st.integers(1, 50), max_size=6))
def test_any_division_into_calls_gives_the_same_batches(sampler: Sampler, first: int, counts: list[int]) -> None:
    at_once = _updates(sampler.batches(first, sum(counts)))
    in_parts = []
    for count in counts:
        drawn = sampler.batches(first, count)
        assert {part.dtype for part in drawn} == {np.dtype(np.int64)}
        assert all(part.flags.c_contiguous for part in drawn)
        assert (len(drawn.groups), drawn.groups[0], drawn.groups[-1]) == (count + 1, 0, len(drawn.offsets) - 1)
        assert (drawn.offsets[0], drawn.offsets[-1]) == (0, len(drawn.indices))
        assert np.all(np.diff(drawn.groups) > 0) and np.all(np.diff(drawn.offsets) > 0)
        assert max(np.diff(drawn.offsets[drawn.groups])) <= sampler.samples_per_iteration
        in_parts += _updates(drawn)
        first += count
    assert in_parts == at_once


@given(sampler=_samplers(), other=_samplers(), epoch=st.integers(0, 10))
def test_runs_of_one_seed_see_one_order_however_they_divide_it(sampler: Sampler, other: Sampler, epoch: int) -> None:
    dividing = replace(other.batching, size=1, order=sampler.batching.order, drop_last=False)
    one, two = (
        [sample for update in _epoch(way, epoch) for batch in update for sample in batch]
        for way in (sampler, Sampler(sampler.samples, dividing, sampler.seed))
    )
    assert one == two[:len(one)]
    assert len(two) == sampler.samples


@pytest.mark.parametrize("order", ["shuffled", "shuffled_once", "replacement"])
@given(seed=_SEEDS)
def test_a_seed_fixes_the_order_and_another_gives_another(order: Order, seed: int) -> None:
    first, again, other = (Sampler(64, Batching(8, order), key).batches(0, 80) for key in (seed, seed, seed ^ 1))
    assert first.indices.tolist() == again.indices.tolist()
    assert first.indices.tolist() != other.indices.tolist()


def test_orders_of_epochs_are_independent() -> None:
    epochs = Sampler(50, Batching(50), 3).batches(0, 400).indices.reshape(400, 50)
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 400
    # Where a sample stands in one epoch says nothing of the next: ranks do not correlate.
    places = np.argsort(epochs, axis=1).astype(float)
    correlations = [np.corrcoef(places[k], places[k + 1])[0, 1] for k in range(399)]
    assert abs(float(np.mean(correlations))) < 4.0 / np.sqrt(399 * 49)
    # Each sample stands in each half equally often, within four standard deviations.
    early = np.mean(places < 25, axis=0)
    assert np.all(np.abs(early - 0.5) < 4.5 * 0.5 / np.sqrt(400))


def test_without_an_order_the_data_come_as_they_are() -> None:
    drawn = Sampler(10, Batching(4, "sequential"), 7).batches(0, 6)
    assert [batch for (batch,) in _updates(drawn)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]] * 2


def test_with_replacement_every_draw_is_uniform_and_independent() -> None:
    drawn = Sampler(20, Batching(5, "replacement"), 1).batches(0, 40_000).indices
    assert len(drawn) == 200_000
    counts = np.bincount(drawn, minlength=20)
    # Pearson's statistic lies below 44 in 999 of 1000 cases, with 19 degrees of freedom.
    assert float(np.sum((counts - 10_000.0) ** 2) / 10_000.0) < 44.0
    # The same sample twice in a row: one time in 20, also within a batch.
    again = float(np.mean(drawn[1:] == drawn[:-1]))
    assert abs(again - 0.05) < 4.0 * np.sqrt(0.05 * 0.95 / 200_000)


def test_what_a_seed_means_stays() -> None:
    # Files keep the seed and not the order: a run that somebody keeps must be the same one tomorrow.
    key = np.array([11, SHUFFLE_STREAM], dtype=np.uint64)
    for samples, batch in ((64, 10), (5000, 64)):
        drawn = Sampler(samples, Batching(batch), 11).batches(0, -(-samples // batch) * 2)
        orders = [
            np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, epoch])).permutation(samples)
            for epoch in (0, 1)
        ]
        assert np.array_equal(drawn.indices, np.concatenate(orders))


@pytest.mark.parametrize("batching", [{"size": 0}, {"size": -1}, {"order": "random"}, {"accumulate": 0}])
def test_batches_that_make_no_sense_are_refused(batching: dict[str, Any]) -> None:
    with pytest.raises(StudioError, match=r"at least 1|shuffled, shuffled_once, sequential, replacement"):
        Batching(**batching)


def test_all_the_data_at_once_are_no_batches() -> None:
    assert Batching().is_full(9) and Batching(9).is_full(9) and Batching(order="replacement").is_full(9)
    assert not Batching(8).is_full(9)
    # A full batch of independent draws is not all the data.
    assert not Batching(9, "replacement").is_full(9)
    assert Batching(accumulate=3).iterations_per_epoch(9) == 1


def test_streams_and_times_of_randomness_are_apart() -> None:
    keys = [(seed, stream, time) for seed in (0, 1) for stream in (1, 2, 3) for time in (0, 1, 10**9)]
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
    assert len({NOISE_STREAM, SHUFFLE_STREAM, REPLACEMENT_STREAM}) == 3
    assert not np.array_equal(numbers, normal_numbers(2, 8, 0, 50_000))
