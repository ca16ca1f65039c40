"""Points, fits and gradients that the tests of drawings and views of data share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.scene.confusion import Confusion, ConfusionScene
from gdstudio.scene.data_space import DataSpace, Fit, Moment
from gdstudio.scene.decision import Field
from gdstudio.scene.gradient_cloud import Cloud, CloudScene
from gdstudio.scene.metrics_table import MetricsRow, MetricsScene
from gdstudio.scene.predictions import Predicted, PredictionsScene

if TYPE_CHECKING:
    from typing import Literal

    from gdstudio.scene.data_space import Extent

BATCH = np.array([1, 4, 7, 12])


def line(cursor: int) -> tuple[float, float]:
    """Slope and intercept of a fit that begins with a flat line."""
    done = 1 - np.exp(-cursor / 9)
    return 1.5 * done, 0.5 * done


def measured(count: int = 60) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    xs = generator.uniform(-2, 2, count)
    return xs, 1.5 * xs + 0.5 + generator.normal(0, 0.4, count)


def line_space(count: int = 60, cursor: int = 20) -> DataSpace:
    xs, ys = measured(count)

    def moment(at: int, extent: Extent) -> Moment:
        slope, intercept = line(at)
        ends = np.array(extent[:2])
        fit = Fit("batch 4", 0, np.stack([ends, slope * ends + intercept], axis=1))
        return Moment((fit,), slope * xs + intercept, (BATCH + at) % count, 0)

    return DataSpace(("x", "y"), xs, ys, np.arange(count) % 5 == 0, moment=moment, cursor=cursor)


def class_space(count: int = 60, classes: int = 2, cursor: int = 20) -> DataSpace:
    generator = np.random.default_rng(5)
    centres = np.array([[0.0, 1.5], [1.0, -0.5], [-1.5, -0.6]])[:classes]
    codes = np.arange(count) % classes
    points = centres[codes] + generator.normal(0, 0.5, (count, 2))

    def moment(at: int, extent: Extent) -> Moment:
        xs, ys = np.linspace(*extent[:2], 33), np.linspace(*extent[2:], 33)
        across, down = np.meshgrid(xs, ys)
        scores = np.stack([
            np.exp(-(1 - np.exp(-at / 9)) * ((across - x) ** 2 + (down - y) ** 2)) for x, y in centres
        ])
        return Moment((Fit("full batch", 1, field=Field(xs, ys, scores / scores.sum(axis=0))),), None, BATCH, 1)

    names = ("setosa", "versicolor", "virginica")[:classes]
    return DataSpace(("x1", "x2"), points[:, 0].copy(), points[:, 1].copy(), None, codes, names, None, moment, cursor)


def predictions(kind: Literal["residuals", "actual"] = "residuals", cursor: int = 20) -> PredictionsScene:
    xs, ys = measured()

    def predicted(at: int) -> tuple[Predicted, ...]:
        slope, intercept = line(at)
        return (Predicted("batch 4", 0, slope * xs + intercept), Predicted("full batch", 1, np.full(len(xs), 0.5)))

    return PredictionsScene(kind, ys, np.arange(len(xs)) % 5 == 0, predicted, cursor)


def confusion(cursor: int = 20) -> ConfusionScene:
    def matrices(at: int) -> tuple[Confusion, ...]:
        counts = np.array([[20 + at, 3, 0], [1, 25, 4], [0, 6, 19]])
        return Confusion("batch 4", 0, counts), Confusion("batch 4", 0, counts // 4, held_out=True)

    return ConfusionScene(("setosa", "versicolor", "virginica"), matrices, cursor)


def metrics(cursor: int = 20) -> MetricsScene:
    def rows(at: int) -> tuple[MetricsRow, ...]:
        values = (0.9 - 0.5 / (at + 1), 0.25, 0.19)
        return MetricsRow("batch 4", 0, values, (0.8, 0.3, 0.2)), MetricsRow("full batch", 1, (0.9, np.nan, 0.1))

    return MetricsScene(("R²", "RMSE", "MAE"), rows, cursor)


def cloud_at(cursor: int) -> Cloud:
    xs, ys = measured()
    slope, intercept = line(cursor)
    rest = slope * xs + intercept - ys
    gradients = 2 * np.stack([rest * xs, rest], axis=1)
    return Cloud(gradients, gradients.mean(axis=0), gradients[BATCH].mean(axis=0), BATCH, 0)


def cloud(cursor: int = 20) -> CloudScene:
    return CloudScene(("w", "b"), cloud_at, cursor)
