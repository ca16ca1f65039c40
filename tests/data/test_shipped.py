"""The real data sets: complete, with the figures that are known of them, and with their sources beside them."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.data.datasets import table_of_dataset
from gdstudio.resources import resource


def test_iris_is_fishers() -> None:
    data = table_of_dataset("iris")
    assert data.rows == 150
    assert data.classes == {"species": ("setosa", "versicolor", "virginica")}
    assert np.bincount(data.column("species").astype(int)).tolist() == [50, 50, 50]
    # the summary that is printed with the data everywhere
    assert data.values[:4].min(axis=1).tolist() == [4.3, 2.0, 1.0, 0.1]
    assert data.values[:4].max(axis=1).tolist() == [7.9, 4.4, 6.9, 2.5]
    assert data.values[:4].mean(axis=1) == pytest.approx([5.843, 3.057, 3.758, 1.199], abs=5e-4)
    # the two samples in which copies of the data differ: samples 35 and 38 as Fisher printed them
    assert data.values[:4, 34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert data.values[:4, 37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_diabetes_gives_the_fit_that_is_known_of_it() -> None:
    data = table_of_dataset("diabetes")
    assert data.rows == 442
    features, target = data.values[:-1], data.column("progression")
    assert (target.min(), target.max()) == (25.0, 346.0)
    assert np.unique(data.column("sex")).tolist() == [1.0, 2.0]
    centred = features - features.mean(axis=1, keepdims=True)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    weights = np.linalg.lstsq(unit.T, target - target.mean(), rcond=None)[0]
    # Efron and others 2004, table 1 and the full least-squares fit
    expected = [-10.0, -239.8, 519.8, 324.4, -792.2, 476.7, 101.0, 177.1, 751.3, 67.6]
    assert weights == pytest.approx(expected, abs=0.1)


def test_digits_are_pictures_of_8_by_8() -> None:
    data = table_of_dataset("digits")
    assert data.rows == 1797
    assert np.bincount(data.column("digit").astype(int)).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    pixels = data.values[:64]
    assert (pixels.min(), pixels.max()) == (0.0, 16.0)
    assert (pixels == pixels.round()).all()
    assert data.column("pixel_0_2")[0] == 5.0
    # in the mean nought has nothing in its middle, one has
    middle = data.column("pixel_3_3"), data.column("pixel_4_4")
    nought, one = (data.column("digit") == digit for digit in (0.0, 1.0))
    assert all(each[nought].mean() < 3.0 and each[one].mean() > 10.0 for each in middle)


def test_each_file_has_its_source_and_licence_beside_it() -> None:
    about = resource("data", "README.md").read_text(encoding="utf-8")
    for path in resource("data").iterdir():
        if path.name != "README.md":
            assert f"`{path.name}`" in about
    assert "BSD 3-Clause License" in resource("data", "BSD-scikit-learn.txt").read_text(encoding="utf-8")
