"""The made data sets: each has the shape that its name promises, and classes as large as they can be alike."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.data.datasets import DATASETS, table_of_dataset

MANY = {"samples": 20_000.0}
CLASSIFIED = [key for key, row in DATASETS.items() if row.parameters and row.task != "regression"]


def _points(key: str, **numbers: float) -> tuple[np.ndarray, np.ndarray]:
    data = table_of_dataset(key, numbers)
    return data.values[:2].T, data.column("label")


def test_the_noisy_line_is_the_one_that_losses_were_worked_out_for() -> None:
    noise = np.random.Generator(np.random.Philox(20)).standard_normal(64)
    x = np.linspace(-2.0, 2.0, 64)
    data = table_of_dataset("noisy_line")
    assert data.column("x").tobytes() == x.tobytes()
    assert data.column("y").tobytes() == (1.5 * x + 0.5 + 0.4 * noise).tobytes()


def test_the_noisy_line_is_about_the_line_it_names() -> None:
    data = table_of_dataset("noisy_line", MANY)
    slope, intercept = np.polyfit(data.column("x"), data.column("y"), 1)
    assert slope == pytest.approx(1.5, abs=0.02)
    assert intercept == pytest.approx(0.5, abs=0.02)
    assert (data.column("y") - slope * data.column("x") - intercept).std() == pytest.approx(0.4, abs=0.02)


def test_outliers_are_as_many_as_asked_for_and_the_others_stay() -> None:
    plain = table_of_dataset("noisy_line", {"samples": 100.0}).column("y")
    few = table_of_dataset("noisy_line", {"samples": 100.0, "outliers": 0.1}).column("y")
    many = table_of_dataset("noisy_line", {"samples": 100.0, "outliers": 0.3}).column("y")
    assert np.count_nonzero(few != plain) == 10
    assert np.count_nonzero(many != plain) == 30
    moved = few != plain
    assert (many[moved] == few[moved]).all()
    distances = (many - plain)[many != plain]
    assert ((np.abs(distances) > 3.99) & (np.abs(distances) < 8.01)).all()
    assert (distances > 0).any() and (distances < 0).any()


@pytest.mark.parametrize("correlation", [-1.0, -0.5, 0.0, 0.95, 1.0])
def test_correlated_features_have_their_correlation(correlation: float) -> None:
    data = table_of_dataset("correlated", {**MANY, "correlation": correlation, "noise": 0.0})
    x1, x2, y = data.values
    assert np.corrcoef(x1, x2)[0, 1] == pytest.approx(correlation, abs=0.02)
    assert y == pytest.approx(2.0 * x1 - x2 + 0.5)
    assert x2.std() == pytest.approx(1.0, abs=0.02)


def test_badly_scaled_features_have_their_scales() -> None:
    data = table_of_dataset("badly_scaled", {**MANY, "scale": 1000.0, "noise": 0.0})
    x1, x2, y = data.values
    assert x2.std() / x1.std() == pytest.approx(1000.0, rel=0.02)
    assert y == pytest.approx(2.0 * x1 + 3.0 * x2 / 1000.0 + 1.0)


@pytest.mark.parametrize("key", CLASSIFIED)
def test_classes_alternate(key: str) -> None:
    label = table_of_dataset(key, {"samples": 121.0}).column("label")
    sizes = np.unique(label, return_counts=True)[1]
    assert sizes.max() - sizes.min() <= 1
    assert len({*label[:4]}) == len(sizes)


def test_moons_without_noise_are_half_circles() -> None:
    points, label = _points("moons", noise=0.0)
    upper, lower = points[label == 0.0], points[label == 1.0]
    assert np.hypot(*upper.T) == pytest.approx(1.0)
    assert (upper[:, 1] >= 0.0).all()
    assert np.hypot(*(lower - (1.0, 0.5)).T) == pytest.approx(1.0)
    assert (lower[:, 1] <= 0.5).all()


def test_circles_without_noise_are_circles() -> None:
    points, label = _points("circles", noise=0.0, factor=0.3)
    assert np.hypot(*points.T) == pytest.approx(np.where(label == 0.0, 1.0, 0.3))


def test_the_label_of_xor_is_that_of_its_signs() -> None:
    points, label = _points("xor", noise=0.0, **MANY)
    assert ((points[:, 0] > 0.0) != (points[:, 1] > 0.0)).tolist() == (label == 1.0).tolist()
    assert np.abs(points).max() <= 1.0
    assert np.abs(points.mean(axis=0)).max() < 0.02


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_blobs_are_normal_clouds(classes: int) -> None:
    points, label = _points("blobs", classes=float(classes), spread=0.5, **MANY)
    assert np.unique(label).tolist() == list(range(classes))
    for each in range(classes):
        cloud = points[label == each]
        assert np.hypot(*cloud.mean(axis=0)) == pytest.approx(3.0, abs=0.05)
        assert cloud.std(axis=0) == pytest.approx(0.5, abs=0.03)


def test_one_arm_of_the_spirals_is_the_other_turned_by_half() -> None:
    points, label = _points("spirals", noise=0.0, turns=2.0)
    radius = np.hypot(*points.T)
    assert ((radius >= 0.0999) & (radius <= 1.0)).all()
    angle = 2.0 * np.pi * 2.0 * radius
    side = np.where(label == 0.0, 1.0, -1.0)
    assert points == pytest.approx(np.stack([side * radius * np.cos(angle), side * radius * np.sin(angle)], axis=1))
