"""What a descent is given: the split is a partition that only the seed decides; standardised is standardised."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdstudio.data.datasets import table_of_dataset
from gdstudio.data.edits import Edits, apply
from gdstudio.data.samples import samples
from gdstudio.data.selection import select
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from tests.data.tables import NUMBERS, table, tables

SEEDS = st.integers(0, 2**63 - 1)
FRACTIONS = st.floats(0.0, 1.0, exclude_max=True)


def _plain(rows: int) -> Table:
    return Table(("x", "y"), ("x", "y"), np.arange(2.0 * rows).reshape(2, rows))


@given(rows=st.integers(3, 200), fraction=FRACTIONS, seed=SEEDS)
def test_the_split_divides_all_rows(rows: int, fraction: float, seed: int) -> None:
    data = _plain(rows)
    divided = samples(data, select(data), held_out=fraction, seed=seed)
    assert sorted([*divided.train, *divided.held_out]) == list(range(rows))
    assert divided.train.dtype == divided.held_out.dtype == np.int64
    assert len(divided.train) >= 2
    assert len(divided.held_out) >= (fraction > 0.0)
    if 1 <= round(fraction * rows) <= rows - 2:
        assert len(divided.held_out) == round(fraction * rows)
    assert (np.diff(divided.train) > 0).all() and (np.diff(divided.held_out) > 0).all()


@given(data=tables(least=3), fraction=FRACTIONS, seed=SEEDS)
def test_only_seed_and_fraction_decide(data: Table, fraction: float, seed: int) -> None:
    first = samples(data, select(data), held_out=fraction, seed=seed)
    other = samples(_plain(data.rows), select(_plain(data.rows)), held_out=fraction, seed=seed)
    assert first.train.tolist() == other.train.tolist()


@given(rows=st.integers(3, 100), fractions=st.tuples(FRACTIONS, FRACTIONS), seed=SEEDS)
def test_who_is_held_out_stays_so_when_more_are(rows: int, fractions: tuple[float, float], seed: int) -> None:
    data = _plain(rows)
    few, many = (
        samples(data, select(data), held_out=fraction, seed=seed).held_out.tolist() for fraction in sorted(fractions)
    )
    assert {*few} <= {*many}


def test_another_seed_divides_otherwise() -> None:
    data = _plain(100)
    splits = {tuple(samples(data, select(data), held_out=0.3, seed=seed).held_out.tolist()) for seed in range(20)}
    assert len(splits) == 20
    drawn = np.bincount(np.concatenate([
        samples(data, select(data), held_out=0.3, seed=seed).held_out for seed in range(300)
    ]), minlength=100)
    assert drawn.min() > 55 and drawn.max() < 130


@given(rows=st.integers(20, 60), seed=st.integers(0, 1000), gone=st.integers(0, 19))
def test_one_sample_erased_and_one_added_leave_the_others_where_they_are(rows: int, seed: int, gone: int) -> None:
    data = _plain(rows)
    edits = Edits().without([gone]).with_row({})
    edited, numbers = apply(data, edits), edits.numbers(data.rows)
    before = samples(data, select(data), held_out=0.25, seed=seed)
    after = samples(edited, select(edited), held_out=0.25, seed=seed, numbers=numbers)
    assert len(set(before.held_out.tolist()) ^ set(numbers[after.held_out].tolist())) <= 2


@given(data=tables(), seed=SEEDS)
def test_columns_stand_in_order_and_nothing_is_lost(data: Table, seed: int) -> None:
    assume(data.rows > 2)
    chosen = samples(data, select(data, "a", ["y"]), held_out=0.4, seed=seed)
    assert chosen.names == ("y", "a", "b")
    assert chosen.features == ("y",)
    assert chosen.target == "a"
    for name, values in zip(chosen.names, chosen.values, strict=True):
        assert values.tobytes() == data.column(name).tobytes()
    assert chosen.values.flags.c_contiguous
    for rows in (chosen.train, chosen.held_out, np.arange(data.rows)):
        columns = chosen.columns(rows)
        assert tuple(columns) == chosen.names
        for name, values in columns.items():
            assert values.tolist() == data.column(name)[rows].tolist()
    with pytest.raises(ValueError, match="read-only"):
        chosen.values[0, 0] = 1.0


def test_nothing_is_copied_where_nothing_changes() -> None:
    data = table_of_dataset("digits")
    chosen = samples(data, select(data, task="classes"))
    assert chosen.values is data.values
    assert all(np.shares_memory(values, data.values) for values in chosen.columns(chosen.train).values())


@given(
    values=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=40), seed=SEEDS, fraction=st.floats(0.0, 0.5)
)
def test_standardised_features_have_mean_0_and_deviation_1_over_the_training_rows(
    values: list[tuple[float, float]], seed: int, fraction: float
) -> None:
    x, y = np.array(values).T
    data = Table(("x", "y"), ("x", "y"), np.stack([x, y]))
    plain = samples(data, select(data), held_out=fraction, seed=seed)
    known = plain.columns(plain.train)["x"]
    assume(known.std() > 1e-6 * np.abs(known).max())
    scaled = samples(data, select(data), standardize=True, held_out=fraction, seed=seed)
    feature = scaled.columns(scaled.train)["x"]
    assert abs(feature.mean()) < 1e-8
    assert feature.std() == pytest.approx(1.0, rel=1e-8)
    assert scaled.scaling is not None
    assert scaled.values[0] * scaled.scaling.std[0] + scaled.scaling.mean[0] == pytest.approx(x, rel=1e-9, abs=1e-6)
    assert scaled.columns(scaled.train)["y"].tolist() == y[scaled.train].tolist()
    assert data.column("x").tobytes() == x.tobytes()


def test_without_standardisation_there_is_no_scaling() -> None:
    data = _plain(5)
    assert samples(data, select(data)).scaling is None


def test_a_classifier_gets_the_places_of_its_classes() -> None:
    data = table(x=[1.0, 2.0, 3.0, 4.0], y=[7.0, -2.0, 7.0, 5.0])
    chosen = samples(data, select(data, task="classes"))
    assert chosen.classes == ("-2", "5", "7")
    assert chosen.columns(chosen.train)["y"].tolist() == [2.0, 0.0, 2.0, 1.0]
    assert data.column("y").tolist() == [7.0, -2.0, 7.0, 5.0]


@pytest.mark.parametrize("standardize, fraction, seed, message", [
    (True, 0.0, 0, "The feature c is 3 in every sample to learn from, so it cannot be standardised"),
    (False, 1.0, 0, r"fraction must lie in \[0, 1\), not 1"),
    (False, -0.1, 0, "not -0.1"),
    (False, float("nan"), 0, "not nan"),
])
def test_what_cannot_be_is_refused(standardize: bool, fraction: float, seed: int, message: str) -> None:
    data = table(x=[1.0, 2.0, 4.0], c=[3.0, 3.0, 3.0], y=[0.0, 1.0, 2.0])
    with pytest.raises(StudioError, match=message):
        samples(data, select(data), standardize, fraction, seed)


def test_too_few_samples_are_refused() -> None:
    one, two = _plain(1), _plain(2)
    with pytest.raises(StudioError, match="There is 1 sample; at least 2 are needed"):
        samples(one, select(one))
    with pytest.raises(StudioError, match="There are 2 samples; at least 3 are needed"):
        samples(two, select(two), held_out=0.5)
    assert samples(two, select(two)).train.tolist() == [0, 1]


def test_a_feature_that_leaves_the_range_is_refused() -> None:
    data = table(x=[-1.7e308, 1.7e308, 1.7e308], y=[0.0, 1.0, 2.0])
    with pytest.raises(StudioError, match="feature x reaches too far to be standardised"):
        samples(data, select(data), standardize=True)


def test_one_class_to_learn_from_is_refused() -> None:
    data = table(x=[1.0, 2.0, 3.0, 4.0], k=["no", "no", "no", "yes"])
    chosen = select(data, task="binary")
    outcomes = set()
    for seed in range(20):
        try:
            samples(data, chosen, held_out=0.25, seed=seed)
        except StudioError as error:
            assert "learn from have k = no; hold out fewer samples, or take another seed" in str(error)
            outcomes.add("refused")
        else:
            outcomes.add("divided")
    assert outcomes == {"refused", "divided"}
