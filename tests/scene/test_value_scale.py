"""Which vertical scale the data allow."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdstudio.scene.value_scale import scale_for

VALUES = hnp.arrays(
    np.float64, st.integers(1, 30),
    elements=st.one_of(st.floats(-1e300, 1e300), st.just(np.nan), st.just(np.inf)),
)


def test_positive_losses_get_a_logarithm() -> None:
    scale = scale_for([np.array([100.0, 1.0, 0.01])], "log")
    assert scale.kind == "log"
    assert scale.low < 0.01
    assert scale.high > 100


def test_zeros_lie_at_the_lower_edge() -> None:
    scale = scale_for([np.array([100.0, 1.0, 0.0])], "log")
    assert scale.kind == "log"
    assert float(scale.forward(0.0)) == pytest.approx(scale.edges[0])


def test_negative_losses_get_a_linear_scale_or_a_symmetric_one() -> None:
    assert scale_for([np.array([3.0, 0.0, -1.9])], "log").kind == "linear"
    assert scale_for([np.concatenate([[1e5], np.linspace(2, -3, 50)])], "log").kind == "symlog"


def test_a_run_that_diverges_does_not_flatten_the_others() -> None:
    calm, wild = np.array([10.0, 1.0, 0.1]), np.array([10.0, 1e4, 1e200])
    assert scale_for([calm, wild], "log").high < 1e5
    assert scale_for([calm, wild], "linear").high < 100


@given(st.lists(VALUES, max_size=3), st.sampled_from(["linear", "log"]))
@example([np.array([-1.0, 5e-324, 0.0])], "log")
@example([np.array([5e-324, 0.0])], "log")
@example([np.array([-1e-299, 2e-300, 3e-300])], "log")
def test_any_data_have_a_scale_with_ticks_in_order(values: list[np.ndarray], wish: str) -> None:
    scale = scale_for(values, "log" if wish == "log" else "linear")
    low, high = scale.edges
    assert np.isfinite([low, high]).all()
    assert low < high
    ticks = scale.ticks(8)
    assert len(ticks) <= 8
    heights = [float(scale.forward(tick.value)) for tick in ticks]
    assert all(before <= after for before, after in pairwise(heights))
    assert np.isfinite(scale.forward(np.array([0.0, 1.0, -1.0]))).all()
