"""From experiments and trajectories to what is drawn: plain functions that the window and `render` share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QCoreApplication

from gdstudio.analysis.grid import grid, line, slopes
from gdstudio.engine.kernels import evaluate_kernel, machine_available
from gdstudio.experiment.build import data_of, objective_of, optimizer_name, row_of
from gdstudio.experiment.sampled import model_row, sampled
from gdstudio.experiment.suited import listed_as, ranges_over_data
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.runs import RunPath

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective
    from gdstudio.experiment.document import Experiment, Problem, Run
    from gdstudio.experiment.sampled import SampledLoss

    Floats = NDArray[np.float64]

Number = TypeVar("Number", bound=np.generic)
Range = tuple[float, float]
Scale = Literal["linear", "log"]

# Points along each axis of a landscape, and along a curve.
LANDSCAPE_POINTS = 129
CURVE_POINTS = 801
# Half the width of the view of a formula, whose domain nobody knows.
FORMULA_REACH = 3.0
# A start outside a problem's domain is shown with this part of the whole view beyond it.
MARGIN = 0.08
_FARTHEST = 1e300
# A landscape is steep where its top is so many times as high as the lowest part of it reaches.
_VALLEY_PART, _STEEP = 0.1, 150.0
# Evaluations of single samples that a landscape may take, and samples from which on it shows some of them: with those
# it still has 33 points along each axis.
_MOST_EVALUATIONS = 2e8
_MOST_SAMPLES = 180_000
_QUICK_EVALUATIONS = 2e7
_FEWEST_POINTS = 25
# Evaluations of single samples that take no longer than to paint what comes of them.
_AT_ONCE = 100_000
# Views get at most so many rows of a run; longer ones are thinned to every second, fourth... iterate.
MOST_ROWS = 16_384


@dataclass(frozen=True)
class CurveContent:
    """The graph of a loss of one variable and of its derivative, and the known minima."""

    name: str
    xs: Floats
    z: Floats
    slope: Floats
    minima: Floats


def run_label(run: Run, experiment: Experiment) -> str:
    """Return what the legend calls a run: its optimizer, told apart by its batch where there is data."""
    name = QCoreApplication.translate("Optimizers", optimizer_name(run))
    if data_of(experiment.problem) is None:
        return name
    batch = (
        QCoreApplication.translate("Legend", "full batch") if run.batch is None
        else QCoreApplication.translate("Legend", "batch {size}").format(size=run.batch)
    )
    return f"{name} · {batch}"


def scale_of(experiment: Experiment) -> Scale | None:
    """Return how heights are to be shown: as the document says, else as the problem's row does.

    Nobody has said it of a formula: None leaves it to the heights.
    """
    row = listed_as(experiment.problem)
    return experiment.scale or (row.scale if row is not None else None)


def fitting_scale(heights: Floats) -> Scale:
    """Return the scale that suits heights (...): logarithmic where a valley would vanish on a linear one."""
    found = heights[np.isfinite(heights)]
    if not found.size or found.min() < 0.0:
        return "linear"
    low, high = np.quantile(found, [_VALLEY_PART, 1.0])
    return "log" if high > _STEEP * low else "linear"


def home_ranges(problem: Problem, start: Sequence[float]) -> tuple[Range, ...]:
    """Return what each variable's view shows at first: the row's domain, or a box about the origin and the start.

    A start outside the domain is inside the view, with a margin.
    """
    row = listed_as(problem)
    if row is not None:
        return widened(row.domain, start)
    if problem.data is not None:
        return widened(ranges_over_data(problem), start)
    reaches = [min(max(FORMULA_REACH, 1.5 * abs(value)), _FARTHEST) for value in start]
    return tuple((-reach, reach) for reach in reaches)


def widened(ranges: Sequence[Range], start: Sequence[float]) -> tuple[Range, ...]:
    """Return ranges that include a start: those it is in as they are, others with a margin beyond it."""
    wide = []
    for (low, high), value in zip(ranges, start, strict=True):
        margin = MARGIN * (max(high, value) - min(low, value))
        least, most = (low if value >= low else value - margin), (high if value <= high else value + margin)
        wide.append((max(least, -_FARTHEST), min(most, _FARTHEST)))
    return tuple(wide)


def landscape_of(
    problem: Problem, theta: Sequence[float] | Floats, shown: tuple[int, int], ranges: tuple[Range, Range],
    scale: Scale | None, points: int = LANDSCAPE_POINTS,
) -> Landscape:
    """Evaluate the loss over two variables.

    Parameters
    ----------
    problem : Problem
        Of at least two variables.
    theta : sequence of float, (n,)
        Values of the variables that are not shown.
    shown : tuple of int
        Indices of those that are.
    ranges : tuple of (float, float)
        What is shown of each.
    scale : {"linear", "log"} or None
        How heights are shown; None takes what suits them.
    points : int
        Along each axis, at most; fewer where many samples would take long.
    """
    objective = surface_objective(problem)
    points = min(points, most_points(objective))
    xs, ys, z = grid(objective, theta, shown, *ranges, (points, points))
    row = row_of(problem)
    minima = row.minima if row is not None else ()
    places = np.array([[minimum.theta[index] for index in shown] for minimum in minima]).reshape(-1, 2)
    return Landscape(
        names=(objective.variables[shown[0]], objective.variables[shown[1]]),
        xs=xs,
        ys=ys,
        z=z,
        scale=scale or fitting_scale(z),
        minima=np.unique(places, axis=0),
        lowest=min((minimum.loss for minimum in minima), default=None),
        held=tuple(
            (name, float(value)) for index, (name, value) in enumerate(zip(objective.variables, theta, strict=True))
            if index not in shown
        ),
    )


def surface_objective(problem: Problem) -> Objective:
    """Return what a landscape shows of a problem: the loss, over some of the samples where there are very many."""
    if data_of(problem) is None:
        return objective_of(problem)
    loss = sampled(problem)
    rows = loss.samples.train
    if len(rows) <= _MOST_SAMPLES:
        return loss.objective
    if loss not in _over_some:
        _over_some[loss] = loss.over(rows[::-(-len(rows) // _MOST_SAMPLES)])
    return _over_some[loss]


# Taking some of very many samples takes as long as a frame, and is asked for again and again.
_over_some: WeakKeyDictionary[SampledLoss, Objective] = WeakKeyDictionary()


def most_points(objective: Objective) -> int:
    """Return how many points along each axis a landscape may have, so that it does not take long."""
    if objective.samples is None:
        return LANDSCAPE_POINTS
    return max(int((_MOST_EVALUATIONS / objective.samples / objective.sample_cost) ** 0.5), _FEWEST_POINTS)


def is_quick(problem: Problem) -> bool:
    """Whether the landscape of a loss over data takes a few milliseconds only."""
    if data_of(problem) is None:
        return False
    objective = surface_objective(problem)
    points = min(LANDSCAPE_POINTS, most_points(objective))
    return (objective.samples or 1) * points**2 * objective.sample_cost <= _QUICK_EVALUATIONS


def curve_of(problem: Problem, x_range: Range) -> CurveContent:
    """Evaluate a loss of one variable and its derivative."""
    objective = objective_of(problem)
    xs, z = line(objective, x_range, CURVE_POINTS)
    row = row_of(problem)
    minima = [minimum.theta[0] for minimum in row.minima] if row is not None else []
    slope = slopes(objective, xs) if objective.data is None else np.gradient(z, xs)
    return CurveContent(objective.variables[0], xs, z, slope, np.array(minima))


@dataclass(frozen=True)
class Thinned:
    """Rows of a trajectory that views get: every `stride`-th and the last."""

    stride: int
    last: int

    def of(self, column: NDArray[Number]) -> NDArray[Number]:
        """Return the rows of a column (rows, ...) that are kept; without a copy where that is all of them."""
        if self.stride == 1:
            return column
        kept = column[::self.stride]
        if self.last % self.stride:
            return np.concatenate([kept, column[self.last:self.last + 1]])
        return kept


def thinning(rows: int) -> Thinned:
    """Return how a trajectory of so many rows is thinned."""
    stride = 1
    while rows > MOST_ROWS * stride:
        stride *= 2
    return Thinned(stride, rows - 1)


def path_of(experiment: Experiment, index: int, theta: Floats, loss: Floats, objective: Objective) -> RunPath:
    """Return the run `index` as the views draw it, in the variables shown.

    Parameters
    ----------
    experiment : Experiment
        The document that the run belongs to.
    index : int
        Which run.
    theta : ndarray, (rows, n)
        Its parameters.
    loss : ndarray, (rows,)
        Its losses.
    objective : Objective
        What it descends on.
    """
    run = experiment.runs[index]
    kept = thinning(len(loss))
    shown = list(experiment.shown) if objective.dimension > 1 else [0]
    points = kept.of(theta)[:, shown]
    # without data a loss that is no number is what it is
    gaps = objective.data is not None and bool(np.isnan(loss).any())
    told = kept.of(last_known(loss)) if gaps else None
    return RunPath(
        label=run_label(run, experiment),
        slot=run.slot,
        points=points,
        losses=kept.of(loss) if told is None else loss[told],
        told=told,
        evaluate=_evaluating(theta, objective) if gaps and evaluations(objective) <= _AT_ONCE else None,
        visible=run.visible,
        slopes=slopes(objective, points[:, 0]) if objective.dimension == 1 and objective.data is None else None,
        stride=kept.stride,
        last=kept.last,
        sign=loss_sign(experiment.problem),
    )


def loss_sign(problem: Problem) -> str:
    """Return what stands before a value of the loss: over data what people call it there."""
    if data_of(problem) is None:
        return "f = "
    if problem.model is None or problem.penalty is not None:
        return QCoreApplication.translate("Models", "loss") + " "
    from gdstudio.engine.models.losses import LOSSES

    row = model_row(problem)
    return QCoreApplication.translate("Models", LOSSES[problem.loss or row.losses[0]].short) + " "


def last_known(losses: Floats) -> NDArray[np.int64]:
    """Return for each of some losses (rows,) its row, or where it is not known the row of the last one before that is.

    Over many samples the loss is known at the ends of epochs only.
    """
    return np.maximum.accumulate(np.where(np.isnan(losses), 0, np.arange(len(losses))))


def evaluations(objective: Objective) -> float:
    """Return how many evaluations of a single sample one of the loss is worth."""
    return (objective.samples or 1) * objective.sample_cost


def _evaluating(theta: Floats, objective: Objective) -> Callable[[int], float]:
    """Return what works out the loss of one iterate."""
    kernel = evaluate_kernel(objective.program, machine_available())

    @lru_cache(maxsize=8)
    def evaluate(iteration: int) -> float:
        return float(kernel(objective, theta[iteration:iteration + 1])[0])

    return evaluate


def slope_paths(paths: Sequence[RunPath]) -> tuple[RunPath, ...]:
    """Return runs of one variable on the graph of the derivative, as far as theirs are known."""
    return tuple(replace(path, losses=path.slopes, slopes=None) for path in paths if path.slopes is not None)
