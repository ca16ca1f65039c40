"""Every data set: as its row says, the same bits always, read-only, with names that formulas can use."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.data.datasets import DATASETS, table_of_dataset
from gdstudio.data.identifiers import identifier_names
from gdstudio.data.samples import samples
from gdstudio.data.selection import select
from gdstudio.engine.errors import StudioError
from tests.data.tables import columns_of

MADE = [key for key, row in DATASETS.items() if row.parameters]
MEASURED = [key for key, row in DATASETS.items() if not row.parameters]


def test_the_table_holds_generators_and_real_data() -> None:
    assert list(DATASETS) == [
        "noisy_line", "correlated", "badly_scaled", "moons", "circles", "xor", "blobs", "spirals",
        "iris", "diabetes", "digits",
    ]
    assert MEASURED == ["iris", "diabetes", "digits"]
    assert all(key == row.key for key, row in DATASETS.items())


@pytest.mark.parametrize("key", DATASETS)
def test_columns_are_as_the_row_says_and_cannot_be_changed(key: str) -> None:
    row, data = DATASETS[key], table_of_dataset(key)
    assert data.names == data.titles == row.columns
    assert row.target == row.columns[-1]
    assert data.values.dtype == np.float64
    assert data.values.flags.c_contiguous
    assert np.isfinite(data.values).all()
    with pytest.raises(ValueError, match="read-only"):
        data.values[0, 0] = 0.0


@pytest.mark.parametrize("key", DATASETS)
def test_names_of_columns_are_ones_that_formulas_can_use(key: str) -> None:
    assert identifier_names(DATASETS[key].columns) == DATASETS[key].columns


@pytest.mark.parametrize("key", DATASETS)
def test_the_target_suits_the_task(key: str) -> None:
    row, data = DATASETS[key], table_of_dataset(key)
    chosen = samples(data, select(data, row.target, None, row.task), standardize=key != "digits", held_out=0.2, seed=1)
    assert chosen.features == row.columns[:-1]
    assert (len(chosen.classes) > 0) == (row.task != "regression")
    assert row.task != "binary" or chosen.classes == ("0", "1")


@pytest.mark.parametrize("key", DATASETS)
def test_the_source_is_said(key: str) -> None:
    reference = DATASETS[key].reference
    if key in MADE:
        assert reference.startswith("Made for this program: ")
    else:
        assert "CC BY 4.0" in reference or "BSD 3-Clause" in reference


def test_a_table_is_made_once_while_it_is_in_use() -> None:
    assert table_of_dataset("iris") is table_of_dataset("iris")
    assert table_of_dataset("moons", {"noise": 0.15}) is table_of_dataset("moons")
    assert table_of_dataset("moons", {"noise": 0.2}) is not table_of_dataset("moons")


@pytest.mark.parametrize("key", MADE)
@given(numbers=st.data())
def test_a_seed_makes_the_same_bits_always_and_another_makes_others(key: str, numbers: st.DataObject) -> None:
    row = DATASETS[key]
    values = {
        each.key: numbers.draw(
            st.integers(int(each.minimum), int(min(each.maximum, 300.0))).map(float) if each.integer
            else st.floats(each.minimum, each.maximum),
            label=each.key,
        )
        for each in row.parameters
    }
    first, again = row.make(**values), row.make(**values)
    assert first.values.tobytes() == again.values.tobytes()
    assert first.rows == values["samples"]
    assert np.isfinite(first.values).all()
    if values.get("noise", values.get("spread", 0.0)) > 1e-6:
        other = row.make(**{**values, "seed": values["seed"] + 1.0})
        assert first.values.tobytes() != other.values.tobytes()


def test_the_columns_of_a_data_set_are_those_of_its_table() -> None:
    columns = columns_of("noisy_line")
    assert tuple(columns) == ("x", "y")
    assert columns["y"].tobytes() == table_of_dataset("noisy_line").column("y").tobytes()


@pytest.mark.parametrize("key, numbers, message", [
    ("noisy", {}, "no data set called noisy; try noisy_line"),
    ("moons", {"noize": 1.0}, "data set moons has no parameter called noize; try noise"),
    ("iris", {"seed": 1.0}, "data set iris was measured and has no parameters, so none called seed"),
    ("moons", {"noise": -1.0}, r"noise must lie in \[0, 100\], not -1"),
    ("moons", {"samples": 20.5}, "samples must be a whole number"),
    ("blobs", {"classes": 11.0}, r"classes must lie in \[2, 10\], not 11"),
])
def test_what_there_is_not_is_refused_by_name(key: str, numbers: dict[str, float], message: str) -> None:
    with pytest.raises(StudioError, match=message):
        table_of_dataset(key, numbers)


