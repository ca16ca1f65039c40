"""Every data set: right shapes, the same bits always, read-only."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.data.datasets import DATASETS, columns_of


@pytest.mark.parametrize("key", DATASETS)
def test_columns_are_as_the_row_says_and_cannot_be_changed(key: str) -> None:
    columns = columns_of(key)
    assert tuple(columns) == DATASETS[key].columns
    assert len({len(values) for values in columns.values()}) == 1
    for values in columns.values():
        assert values.dtype == np.float64
        assert np.isfinite(values).all()
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0.0


@pytest.mark.parametrize("key", DATASETS)
def test_made_anew_it_is_the_same_to_the_bit(key: str) -> None:
    for name, values in DATASETS[key].make().items():
        assert values.tobytes() == columns_of(key)[name].tobytes()


def test_the_noisy_line_is_about_the_line_it_names() -> None:
    columns = columns_of("noisy_line")
    slope, intercept = np.polyfit(columns["x"], columns["y"], 1)
    assert len(columns["x"]) == 64
    assert slope == pytest.approx(1.5, abs=0.15)
    assert intercept == pytest.approx(0.5, abs=0.15)
    noise = columns["y"] - slope * columns["x"] - intercept
    assert 0.2 < noise.std() < 0.6
