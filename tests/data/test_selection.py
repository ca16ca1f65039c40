"""Target and features: what is taken where nothing is said, and every way to ask for what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.data.selection import MAXIMUM_CLASSES, select
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from tests.data.tables import table

HOUSES = Table(
    ("area", "town", "blood_pressure", "sold", "price"),
    ("area", "town", "blood pressure", "sold", "price"),
    np.array([[50.0, 80.0, 65.0], [0.0, 1.0, 0.0], [9.0, 8.0, 7.0], [0.0, 1.0, 1.0], [1.0, 2.0, 3.0]]),
    {"town": ("Aix", "Bar")},
)


def test_the_last_column_is_predicted_from_all_others_that_are_numbers() -> None:
    for task in (None, "regression"):
        chosen = select(HOUSES, task=task)
        assert chosen.target == "price"
        assert chosen.features == ("area", "blood_pressure", "sold")
        assert chosen.classes == ()


def test_features_keep_the_order_in_which_they_are_named() -> None:
    chosen = select(HOUSES, "area", ["price", "sold"], "regression")
    assert (chosen.target, chosen.features) == ("area", ("price", "sold"))


def test_a_column_may_be_called_as_its_source_calls_it() -> None:
    assert select(HOUSES, "blood pressure").target == "blood_pressure"
    assert select(HOUSES, features=["blood pressure"]).features == ("blood_pressure",)


def test_labels_are_classes_in_their_order() -> None:
    chosen = select(HOUSES, "town", task="binary")
    assert chosen.classes == ("Aix", "Bar")
    assert chosen.levels == (0.0, 1.0)
    assert chosen.features == ("area", "blood_pressure", "sold", "price")


def test_numbers_are_classes_in_their_order_and_are_written_shortly() -> None:
    data = table(x=[1.0, 2.0, 3.0, 4.0], y=[7.0, 2.5, 7.0, -1e30])
    chosen = select(data, task="classes")
    assert chosen.classes == ("-1e+30", "2.5", "7")
    assert chosen.levels == (-1e30, 2.5, 7.0)
    assert select(table(x=[1.0, 2.0], y=[-0.0, 1.0]), task="binary").classes == ("0", "1")


def test_a_typed_loss_may_use_labels_and_needs_no_features() -> None:
    assert select(table(kind=["u", "v"])).features == ()
    assert select(HOUSES, "town").target == "town"


@pytest.mark.parametrize("target, features, task, message", [
    ("prise", None, None, "no column called prise; try price"),
    ("PRICE", None, None, "no column called PRICE; try price"),
    ("xyz", None, None, "no column called xyz; try area, town, blood_pressure, sold, price"),
    ("a\nb" * 40, None, None, r"no column called aU\+000Ab"),
    (None, ["aera"], "regression", "no column called aera; try area"),
    (None, ["area", "price"], "regression", "price is the target and cannot be a feature too"),
    (None, ["area", "area"], "regression", "feature area is named twice"),
    (None, ["town"], "regression", r"town holds labels \(Aix, Bar\) and cannot be a feature; choose from area, "),
    (None, [], "regression", "no column of numbers besides price"),
    ("town", None, "regression", r"town holds labels \(Aix, Bar\); a regression needs a target of numbers"),
    (None, None, "binary", r"price has 3 classes \(1, 2, 3\); this model takes two"),
])
def test_what_cannot_be_is_refused_by_name(
    target: str | None, features: list[str] | None, task: str | None, message: str
) -> None:
    with pytest.raises(StudioError, match=message):
        select(HOUSES, target, features, task)


@pytest.mark.parametrize("task", ["binary", "classes"])
def test_one_class_is_none_to_tell_apart(task: str) -> None:
    with pytest.raises(StudioError, match=r"All samples have y = 3; a classifier needs .* two classes"):
        select(table(x=[1.0, 2.0], y=[3.0, 3.0]), task=task)
    erased = Table(("x", "k"), ("x", "k"), np.array([[1.0, 2.0], [1.0, 1.0]]), {"k": ("no", "yes")})
    with pytest.raises(StudioError, match="All samples have k = yes"):
        select(erased, task=task)


def test_a_target_of_measurements_is_no_class() -> None:
    many = np.arange(MAXIMUM_CLASSES + 1.0)
    data = Table(("x", "y"), ("x", "y"), np.stack([many, many]))
    for task in ("binary", "classes"):
        with pytest.raises(StudioError, match="y has 1001 different values; a classifier takes at most 1000"):
            select(data, task=task)


def test_of_many_columns_a_message_lists_the_first() -> None:
    names = tuple(f"column_{place}" for place in range(500))
    with pytest.raises(StudioError, match=r"column_11, \.\.\.\.$"):
        select(Table(names, names, np.zeros((500, 2))), "zzz")
