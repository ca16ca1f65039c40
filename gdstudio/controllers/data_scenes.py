"""From a loss over data and its runs to what is drawn of them: points and fits, residuals, metrics, gradients.

Scenes hold functions of the iteration, so that the cursor moves without anything being made anew. What they work out
at an iteration takes a millisecond or two: of very many samples some stand for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from gdstudio.analysis.metrics import confusion_matrix
from gdstudio.controllers.content import run_label
from gdstudio.controllers.data_points import as_read, features_of, points_of
from gdstudio.engine.kernels import evaluate_kernel, machine_available
from gdstudio.engine.sampling import Sampler
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import batching_of, data_of, hyperparameters_of, recipe_of
from gdstudio.experiment.measures import measured
from gdstudio.experiment.sampled import sampled
from gdstudio.scene.confusion import Confusion, ConfusionScene
from gdstudio.scene.data_space import MOST_RESIDUALS, DataSpace, Fit, Moment
from gdstudio.scene.decision import Field
from gdstudio.scene.ghost import Ghost
from gdstudio.scene.gradient_cloud import Cloud, CloudScene
from gdstudio.scene.metrics_table import MetricsRow, MetricsScene
from gdstudio.scene.predictions import Predicted, PredictionsScene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective
    from gdstudio.experiment.document import Experiment
    from gdstudio.scene.data_space import Extent
    from gdstudio.scene.landscape import Landscape

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]

_ALONG_LINE, _ALONG_FIELD, _ALONG_GHOST = 161, 61, 41
# Samples whose own gradients are shown, predicted at every move of the cursor (by all runs), evaluated for a ghost.
_MOST_GRADIENTS, _MOST_PREDICTED, _MOST_OF_GHOST = 500, 20_000, 64
# What metrics are called; the same in every language but for what stands in words.
METRICS = {
    "r2": "R²", "rmse": "RMSE", "mae": "MAE", "accuracy": QT_TRANSLATE_NOOP("Metrics", "accuracy"),
    "log_loss": QT_TRANSLATE_NOOP("Metrics", "log-loss"),
}


@dataclass(frozen=True, eq=False)
class _Racer:
    """One run as data space sees it."""

    index: int
    label: str
    slot: int
    theta: Floats
    sampler: Sampler | None

    def at(self, cursor: int) -> Floats:
        """Return its parameters at an iteration."""
        theta: Floats = self.theta[min(cursor, len(self.theta) - 1)]
        return theta


class DataScenes:
    """The scenes of one experiment over data and of its runs.

    Parameters
    ----------
    experiment : Experiment
        The document; its data have been read.
    thetas : sequence of ndarray, (rows, n)
        The iterates of each run; one that has none is left out.
    """

    def __init__(self, experiment: Experiment, thetas: Sequence[Floats]) -> None:
        self.loss = sampled(experiment.problem)
        self._experiment = experiment
        self._points = points_of(experiment.problem)
        self._racers = [
            _Racer(index, run_label(run, experiment), run.slot, theta, self._sampler(index))
            for index, (run, theta) in enumerate(zip(experiment.runs, thetas, strict=False))
            if run.visible and len(theta)
        ]

    def _sampler(self, index: int) -> Sampler | None:
        batching = batching_of(self._experiment.runs[index])
        samples = len(self.loss.samples.train)
        return None if batching.is_full(samples) else Sampler(samples, batching, self._experiment.seed)

    @property
    def batch_of(self) -> str | None:
        """Name of the run whose batches are shown, empty where all take full batches; None where there is no map."""
        batched = (racer.label for racer in self._racers if racer.sampler is not None)
        return next(batched, "") if self._racers and len(self.loss.start) > 1 else None

    @property
    def is_classifier(self) -> bool:
        """Whether the target is one of some classes."""
        return self._points.codes is not None

    @property
    def shown_columns(self) -> tuple[str, str]:
        """Names of the columns along the axes of data space."""
        return self._points.shown

    def of_class(self, code: int) -> dict[str, float]:
        """Return what stands in the target column of a sample of a class, numbered from 0."""
        samples = self.loss.samples
        return {samples.target: samples.levels[code]}

    def data_space(self, cursor: int) -> DataSpace:
        """Return the points with what the runs have made of them."""
        points = self._points
        titles = tuple(self.loss.titles.get(name, name) for name in points.shown)
        return DataSpace(
            names=(titles[0], titles[1]), xs=points.xs, ys=points.ys, held_out=points.held_out, codes=points.codes,
            classes=self.loss.samples.classes, moment=self._moment, cursor=cursor, others=self._others,
        )

    @cached_property
    def _others(self) -> int:
        """How many features stand at their means in what is drawn of the runs; 0 where nothing is."""
        features = features_of(self.loss)
        others = [name for name in features if name not in self._points.shown]
        place = {name: np.zeros(1) for name in features}
        known = bool(self._racers) and self.loss.model.predict(self._racers[0].at(0), place) is not None
        return len(others) if known else 0

    def _moment(self, cursor: int, extent: Extent) -> Moment:
        fits = tuple(self._fit(racer, cursor, extent) for racer in self._racers)
        batched = next((racer for racer in self._racers if racer.sampler is not None), None)
        few = len(self._points.xs) <= MOST_RESIDUALS and not self.is_classifier
        return Moment(
            fits=fits,
            predicted=self._predicted(self._racers[0], cursor) if few and self._racers else None,
            batch=None if batched is None else self._batch(batched, cursor),
            slot=0 if batched is None else batched.slot,
        )

    def _batch(self, racer: _Racer, cursor: int) -> Rows | None:
        """Return the samples of the step from an iterate on; None where the run has ended there."""
        if racer.sampler is None or cursor >= len(racer.theta) - 1:
            return None
        return self.loss.samples.train[racer.sampler.batches(cursor, 1).indices]

    def _predicted(self, racer: _Racer, cursor: int) -> Floats | None:
        samples = self.loss.samples
        return self.loss.model.predict(racer.at(cursor), dict(zip(samples.names, samples.values, strict=True)))

    def _fit(self, racer: _Racer, cursor: int, extent: Extent) -> Fit:
        first, second = self._points.shown
        if not self.is_classifier:
            xs = np.linspace(extent[0], extent[1], _ALONG_LINE)
            line = self._model_at(racer, cursor, {first: xs})
            return Fit(racer.label, racer.slot, None if line is None else np.stack([xs, line], axis=1))
        xs, ys = np.linspace(*extent[:2], _ALONG_FIELD), np.linspace(*extent[2:], _ALONG_FIELD)
        wide, high = np.meshgrid(xs, ys)
        found = self._model_at(racer, cursor, {first: wide, second: high})
        if found is None:
            return Fit(racer.label, racer.slot)
        scores = np.stack([1.0 - found, found]) if found.ndim == 2 else np.moveaxis(found, -1, 0)
        return Fit(racer.label, racer.slot, field=Field(xs, ys, scores))

    def _model_at(self, racer: _Racer, cursor: int, places: dict[str, Floats]) -> Floats | None:
        """Return what is predicted at places in the units of the source; other features stand at their mean."""
        shape = next(iter(places.values())).shape
        columns = {name: np.full(shape, mean) for name, mean in self._means.items() if name not in places}
        columns |= {name: as_read(self.loss, name, values) for name, values in places.items()}
        with np.errstate(all="ignore"):
            return self.loss.model.predict(racer.at(cursor), columns)

    @cached_property
    def _means(self) -> dict[str, float]:
        samples = self.loss.samples
        return {
            name: float(samples.values[samples.names.index(name)].mean()) for name in features_of(self.loss)
        }

    def predictions(self, kind: str, cursor: int) -> PredictionsScene:
        """Return residuals ("residuals") or predictions against what was measured ("actual")."""
        samples = self.loss.samples
        rows = self._some_rows
        actual = samples.values[samples.names.index(samples.target)][rows]
        aside = self._points.held_out
        return PredictionsScene(
            "actual" if kind == "actual" else "residuals", actual, None if aside is None else aside[rows],
            self._all_predicted, cursor, self._one_in,
        )

    @property
    def _one_in(self) -> int:
        """Of how many samples one is predicted, so that all runs together take no longer than one."""
        count: int = self.loss.samples.values.shape[1]
        return -(-count * max(len(self._racers), 1) // _MOST_PREDICTED)

    @cached_property
    def _some_rows(self) -> Rows:
        return np.arange(0, self.loss.samples.values.shape[1], self._one_in)

    @cached_property
    def _of_some(self) -> dict[str, Floats]:
        return self.loss.samples.columns(self._some_rows)

    def _all_predicted(self, cursor: int) -> tuple[Predicted, ...]:
        columns = self._of_some
        found = []
        for racer in self._racers:
            values = self.loss.model.predict(racer.at(cursor), columns)
            if values is not None:
                found.append(Predicted(racer.label, racer.slot, values))
        return tuple(found)

    def confusion(self, cursor: int) -> ConfusionScene:
        """Return which classes are taken for which."""
        return ConfusionScene(self.loss.samples.classes, self._matrices, cursor)

    def _matrices(self, cursor: int) -> tuple[Confusion, ...]:
        samples = self.loss.samples
        found = []
        for racer in self._racers:
            for columns, aside in ((self._of_train, False), (self._of_held_out, True)):
                if columns:
                    probabilities = self.loss.model.predict(racer.at(cursor), columns)
                    assert probabilities is not None
                    counts = confusion_matrix(probabilities, columns[samples.target], len(samples.classes))
                    found.append(Confusion(racer.label, racer.slot, counts, aside))
        return tuple(found)

    def metrics(self, cursor: int) -> MetricsScene:
        """Return how well every run predicts."""
        names = ("accuracy", "log_loss") if self.is_classifier else ("r2", "rmse", "mae")
        called = tuple(QCoreApplication.translate("Metrics", METRICS[name]) for name in names)
        return MetricsScene(called, self._metrics, cursor, _stride(self.loss.samples.train))

    def _metrics(self, cursor: int) -> tuple[MetricsRow, ...]:
        found = []
        for racer in self._racers:
            train = self._metrics_of(racer, cursor, self._of_train)
            held_out = self._metrics_of(racer, cursor, self._of_held_out) if self._of_held_out else None
            if train is not None:
                found.append(MetricsRow(racer.label, racer.slot, train, held_out))
        return tuple(found)

    @cached_property
    def _of_train(self) -> dict[str, Floats]:
        return self.loss.samples.columns(_some(self.loss.samples.train))

    @cached_property
    def _of_held_out(self) -> dict[str, Floats]:
        """Columns of the samples held out; empty where there are none."""
        held_out = self.loss.samples.held_out
        return self.loss.samples.columns(_some(held_out)) if len(held_out) else {}

    def _metrics_of(self, racer: _Racer, cursor: int, columns: dict[str, Floats]) -> tuple[float, ...] | None:
        found = measured(self.loss, racer.at(cursor), columns)
        return None if found is None else tuple(found.values())

    def cloud(self, cursor: int) -> CloudScene:
        """Return the gradients of single samples in the two parameters shown."""
        variables = self.loss.objective.variables
        first, second = self._experiment.shown if len(variables) > 1 else (0, 0)
        return CloudScene((variables[first], variables[second]), self._cloud, cursor)

    def _cloud(self, cursor: int) -> Cloud | None:
        if not self._racers or len(self.loss.start) < 2:
            return None
        racer = next((each for each in self._racers if each.sampler is not None), self._racers[0])
        train, theta, shown = self.loss.samples.train, racer.at(cursor), list(self._experiment.shown)
        goal = self.loss.objective
        rows = np.arange(0, len(train), -(-len(train) // _MOST_GRADIENTS))
        gradients = goal.sample_gradients(theta, rows)[:, shown]
        full = goal.loss_and_gradient(theta, _some(np.arange(len(train))) if _stride(train) > 1 else None)[1][shown]
        drawn = None if racer.sampler is None else racer.sampler.batches(cursor, 1).indices
        if drawn is None or cursor >= len(racer.theta) - 1:
            return Cloud(gradients, full, slot=racer.slot)
        batch = goal.loss_and_gradient(theta, drawn)[1][shown]
        return Cloud(gradients, full, batch, np.flatnonzero(np.isin(rows, drawn)), racer.slot, len(drawn))

    def ghost(self, landscape: Landscape, cursor: int) -> Ghost | None:
        """Return the loss of the batch of the step from an iterate on, over what a landscape shows."""
        racer = next((each for each in self._racers if each.sampler is not None), None)
        rows = None if racer is None else self._batch(racer, cursor)
        if racer is None or rows is None:
            return None
        goal = self.loss.over(rows[:_MOST_OF_GHOST])
        x0, x1, y0, y1 = landscape.extent
        xs, ys = np.linspace(x0, x1, _ALONG_GHOST), np.linspace(y0, y1, _ALONG_GHOST)
        thetas = np.empty((_ALONG_GHOST, _ALONG_GHOST, goal.dimension))
        thetas[:] = racer.at(cursor)
        thetas[:, :, self._experiment.shown[0]] = xs
        thetas[:, :, self._experiment.shown[1]] = ys[:, None]
        kernel = evaluate_kernel(goal.program, machine_available())
        heights = kernel(goal, thetas.reshape(-1, goal.dimension)).reshape(_ALONG_GHOST, _ALONG_GHOST)
        return Ghost(xs, ys, heights, self._single_steps(racer, cursor, goal))

    def _single_steps(self, racer: _Racer, cursor: int, goal: Objective) -> Floats | None:
        """Return where gradient descent would step by each sample of a batch alone; None for other optimizers."""
        run = self._experiment.runs[racer.index]
        if run.equations is not None or run.optimizer != "gd" or recipe_of(run).additions:
            return None
        rate = hyperparameters_of(self._experiment.problem, run)["learning_rate"]
        rate = {change.name: change.value for change in run.changes if change.iteration <= cursor}.get(
            "learning_rate", rate
        )
        theta = racer.at(cursor)
        steps = theta - rate * goal.sample_gradients(theta, np.arange(goal.samples or 0))
        return np.asarray(steps[:, list(self._experiment.shown)])


def _some(rows: Rows) -> Rows:
    """Return rows that stand for all where there are very many."""
    return rows[::_stride(rows)]


def _stride(rows: Rows) -> int:
    return -(-len(rows) // _MOST_PREDICTED)


def scenes_of(experiment: Experiment, thetas: Sequence[Floats]) -> DataScenes | None:
    """Return the scenes of an experiment over data; None where it has none."""
    return None if data_of(experiment.problem) is None else DataScenes(experiment, thetas)
