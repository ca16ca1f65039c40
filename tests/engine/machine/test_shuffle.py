"""The order of samples by machine code is NumPy's, to the last place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gdstudio.engine.machine.shuffle import permutation
from gdstudio.engine.sampling import SHUFFLE_STREAM, Batching, Sampler, generator

_KEYS = st.integers(0, 2**64 - 1)


@given(length=st.integers(2, 3000), seed=_KEYS, stream=st.integers(0, 9), time=st.integers(0, 2**63 - 1))
@example(length=2, seed=0, stream=1, time=0)
@example(length=2048, seed=1, stream=1, time=2)
@example(length=2049, seed=2**64 - 1, stream=1, time=2**63 - 1)
def test_an_order_is_that_of_the_generator(length: int, seed: int, stream: int, time: int) -> None:
    expected = generator(seed, stream, time).permutation(length)
    assert np.array_equal(permutation(length, seed, stream, time), expected)


@pytest.mark.parametrize("length", [65_536, 65_537, 1_000_003])
def test_long_orders_are_those_of_the_generator(length: int) -> None:
    assert np.array_equal(permutation(length, 7, 1, 3), generator(7, 1, 3).permutation(length))


@pytest.mark.parametrize("samples", [2, 1023, 1024, 5000])
def test_samplers_of_any_size_have_the_order_of_the_generator(samples: int) -> None:
    drawn = Sampler(samples, Batching(samples), 9).batches(4, 1)
    assert np.array_equal(drawn.indices, generator(9, SHUFFLE_STREAM, 4).permutation(samples))
