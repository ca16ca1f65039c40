"""Data space by mouse and key, and everything that follows it: landscape, trajectories, fits, batches, metrics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio import run as run_by_name
from gdstudio.engine.sampling import Sampler
from gdstudio.experiment.build import batching_of, start_of
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.run import run_experiment
from gdstudio.experiment.sampled import sampled
from gdstudio.views.plots.data import DataView

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.scene.data_space import Moment
    from tests.gui.conftest import Bench

Key = Qt.Key
Modifier = Qt.KeyboardModifier


def _line(**more: Any) -> Experiment:
    """Return a line fitted by mini-batches and by the full set, with some samples held out."""
    problem = Problem(model="linear", data=Data(source=Source(key="noisy_line"), held_out=0.2))
    runs = (
        Run(optimizer="gd", batch=16, hyperparameters={"learning_rate": 0.06}),
        Run(optimizer="gd", slot=1, hyperparameters={"learning_rate": 0.1}),
    )
    first = Experiment(problem=problem, start=start_of(problem), runs=runs)
    return replace(first, stopping=replace(first.stopping, iterations=60, tolerance=0.0), **more)


def _classes(key: str, model: str) -> Experiment:
    problem = Problem(model=model, data=Data(source=Source(key=key), held_out=0.2))
    first = Experiment(problem=problem, start=start_of(problem), runs=(Run(optimizer="gd", batch=16),))
    return replace(first, stopping=replace(first.stopping, iterations=50, tolerance=0.0))


@pytest.fixture
def line(open_window: Callable[..., Bench]) -> Bench:
    """Return a window with a fitted line."""
    return open_window(_line())


def _view(bench: Bench) -> DataView:
    return bench.window.data_pane.data


def _pixel(bench: Bench, index: int) -> QPointF:
    """Return where a point is drawn."""
    drawing = _view(bench).drawing()
    assert drawing is not None
    return QPointF(*drawing.pixels[index].tolist())


def _moment(bench: Bench) -> Moment:
    drawing = _view(bench).drawing()
    assert drawing is not None
    return drawing.moment(_view(bench).cursor_iteration)


def _places(first: QPointF, last: QPointF, count: int = 8) -> list[QPointF]:
    return [first + (last - first) * (step / (count - 1)) for step in range(count)]


def _free(bench: Bench) -> QPointF:
    """Return a place in the plot far from all points."""
    drawing = _view(bench).drawing()
    assert drawing is not None
    frame = drawing.frame
    across, down = np.meshgrid(
        np.linspace(frame.left + 30, frame.right - 30, 30), np.linspace(frame.top + 30, frame.bottom - 30, 30)
    )
    places = np.stack([across.ravel(), down.ravel()], axis=1)
    apart = np.linalg.norm(places[:, None] - drawing.pixels[None], axis=2).min(axis=1)
    return QPointF(*places[int(apart.argmax())].tolist())


def _samples(bench: Bench) -> np.ndarray:
    return sampled(bench.experiment.problem).samples.values


def _step_to(bench: Bench, iteration: int) -> None:
    bench.window.transport.timeline.setFocus()
    while bench.player.playback.position < iteration:
        bench.action("actionStep").trigger()
    bench.until(lambda: bench.position == iteration)


def _show(bench: Bench, pane: str, key: str) -> None:
    """Bring a view to the front by a click on its tab."""
    tabs = getattr(bench.window, pane).tabs
    index = next(number for number in range(tabs.count()) if tabs.tabData(number) == key)
    assert tabs.isTabVisible(index)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(index).center())
    assert getattr(bench.window, pane).current() == key


def _undo(bench: Bench) -> None:
    bench.action("actionUndo").trigger()
    bench.settled()


# samples


def test_a_dragged_point_takes_the_bowl_and_all_runs_along(line: Bench) -> None:
    view, before, samples = _view(line), line.experiment, _samples(line)
    index = int(np.argmax(samples[0]))
    landscape, paths = line.contour.content().landscape, [run.points for run in line.contour.content().runs]
    drawing = view.drawing()
    assert drawing is not None
    frame, first = drawing.frame, _pixel(line, index)
    last = QPointF(first.x() - 40, frame.bottom - 20)
    seen = []
    for _ in line.drag(view, _places(first, last)):
        line.settled()
        scene = line.contour.content()
        assert scene.landscape is not None
        seen.append((scene.landscape.z, [run.points for run in scene.runs]))
        assert frame == _view(line).frame()
    line.settled()
    wanted = frame.data(last.x(), last.y())
    assert _samples(line)[:2, index] == pytest.approx(wanted, rel=1e-9)
    others = np.arange(samples.shape[1]) != index
    np.testing.assert_array_equal(_samples(line)[:, others], samples[:, others])
    for (z, points), (later_z, later_points) in zip(seen[1:-1], seen[2:], strict=True):
        assert np.abs(later_z - z).max() > 1e-6
        assert all(np.abs(two[-1] - one[-1]).max() > 1e-9 for one, two in zip(points, later_points, strict=True))
    scene = line.contour.content()
    assert scene.landscape is not landscape
    for path, run in zip(scene.runs, run_experiment(line.experiment).runs, strict=True):
        np.testing.assert_array_equal(path.points, run.trajectory.theta)
    assert all(np.abs(now.points[-1] - then[-1]).max() > 1e-3 for now, then in zip(scene.runs, paths, strict=True))
    _undo(line)
    assert line.experiment == before
    assert not line.action("actionUndo").isEnabled()
    line.action("actionRedo").trigger()
    line.settled()
    assert _samples(line)[:2, index] == pytest.approx(wanted, rel=1e-9)


def test_the_bowl_deforms_under_the_ball(line: Bench) -> None:
    _step_to(line, 5)
    first = _pixel(line, 10)
    for _ in line.drag(_view(line), _places(first, first + QPointF(0, 60))):
        line.settled()
        assert line.position == 5
    line.settled()
    assert line.position == 5
    fits = _moment(line).fits
    theta = run_experiment(line.experiment).runs[0].trajectory.theta[5]
    drawn = fits[0].line
    assert drawn is not None
    np.testing.assert_allclose(drawn[:, 1], theta[0] + theta[1] * drawn[:, 0], rtol=1e-12)
    _undo(line)
    assert line.position == 5


def test_a_drag_while_it_plays_goes_on_playing(line: Bench) -> None:
    line.player.set_speed(5.0)
    line.action("actionRun").trigger()
    line.until(lambda: line.position >= 1)
    first = _pixel(line, 10)
    line.move(_view(line), _places(first, first + QPointF(0, 60)))
    assert line.player.playback.playing
    line.until(lambda: line.position >= 4)
    line.action("actionPause").trigger()


def test_escape_gives_a_drag_up(line: Bench) -> None:
    samples, first = _samples(line), _pixel(line, 10)
    for step in line.drag(_view(line), _places(first, first + QPointF(0, 60), 4)):
        line.settled()
        if step == 3:
            _view(line).setFocus()
            QTest.keyClick(_view(line), Key.Key_Escape)
            line.settled()
    line.settled()
    np.testing.assert_allclose(_samples(line), samples, rtol=1e-12)


def test_points_are_added_and_removed_by_clicks(line: Bench) -> None:
    view, before = _view(line), line.experiment
    samples, place = _samples(line), _free(line)
    frame = view.frame()
    assert frame is not None
    wanted = frame.data(round(place.x()), round(place.y()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Modifier.ShiftModifier, place.toPoint())
    line.settled()
    added = line.experiment
    assert _samples(line).shape[1] == samples.shape[1] + 1
    assert _samples(line)[:2, -1] == pytest.approx(wanted, rel=1e-9)
    assert len(line.surface.content().runs[0]) == 61
    last = view.content().xs.size - 1
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Modifier.AltModifier, _pixel(line, last).toPoint())
    line.settled()
    np.testing.assert_array_equal(_samples(line), samples)
    _undo(line)
    assert line.experiment == added
    _undo(line)
    assert line.experiment == before


def test_a_rectangle_erases_what_is_in_it(line: Bench) -> None:
    view, before, samples = _view(line), line.experiment, _samples(line)
    drawing = view.drawing()
    assert drawing is not None
    frame, pixels = drawing.frame, drawing.pixels
    corner, opposite = QPointF(frame.left + 1, frame.top + 1), QPointF(frame.x(-0.6), frame.bottom - 1)
    inside = pixels[:, 0] <= opposite.x()
    assert 3 < inside.sum() < len(pixels) - 3
    for kind, place, button, buttons in (
        (QEvent.Type.MouseButtonPress, corner, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseMove, opposite, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton),
        (QEvent.Type.MouseButtonRelease, opposite, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton),
    ):
        globally = QPointF(view.mapToGlobal(place))
        QApplication.sendEvent(
            view, QMouseEvent(kind, place, globally, button, buttons, Modifier.ControlModifier)
        )
    line.settled()
    np.testing.assert_array_equal(_samples(line), samples[:, ~inside])
    _undo(line)
    assert line.experiment == before
    np.testing.assert_array_equal(_samples(line), samples)


def test_points_by_keys(line: Bench) -> None:
    view, samples = _view(line), _samples(line)
    view.setFocus()
    QTest.keyClick(view, Key.Key_PageDown)
    row = view.selected()
    assert row == int(np.argmin(samples[0]))
    QTest.keyClick(view, Key.Key_Up)
    line.settled()
    assert _samples(line)[1, row] > samples[1, row]
    QTest.keyClick(view, Key.Key_Delete)
    line.settled()
    assert _samples(line).shape[1] == samples.shape[1] - 1
    _undo(line)
    _undo(line)
    np.testing.assert_array_equal(_samples(line), samples)
    QTest.keyClick(view, Key.Key_Insert)
    line.settled()
    assert _samples(line).shape[1] == samples.shape[1] + 1


def test_a_point_of_the_chosen_class_is_added(open_window: Callable[..., Bench]) -> None:
    bench = open_window(_classes("moons", "logistic"))
    view = _view(bench)
    view.setFocus()
    for key, code in ((Key.Key_2, 1), (Key.Key_1, 0)):
        QTest.keyClick(view, key)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Modifier.ShiftModifier, _free(bench).toPoint())
        bench.settled()
        codes = view.content().codes
        assert codes is not None
        assert codes[-1] == code


# what follows the cursor


def test_fits_residuals_and_the_batch_follow_the_cursor(line: Bench) -> None:
    experiment = line.experiment
    result = run_experiment(experiment)
    samples = sampled(experiment.problem).samples
    sampler = Sampler(len(samples.train), batching_of(experiment.runs[0]), experiment.seed)
    x, y = (samples.values[samples.names.index(name)] for name in ("x", "y"))
    seen = []
    for iteration in (0, 1, 7, 59):
        _step_to(line, iteration)
        moment = _moment(line)
        for fit, run in zip(moment.fits, result.runs, strict=True):
            b, w = run.trajectory.theta[iteration]
            assert fit.line is not None
            np.testing.assert_allclose(fit.line[:, 1], b + w * fit.line[:, 0], rtol=1e-12, atol=1e-14)
        b, w = result.runs[0].trajectory.theta[iteration]
        np.testing.assert_allclose(moment.predicted, b + w * x, rtol=1e-12, atol=1e-14)
        lit = samples.train[sampler.batches(iteration, 1).indices]
        np.testing.assert_array_equal(np.sort(moment.batch), np.sort(lit))
        seen.append(bytes(_view(line).grab().toImage().constBits()))
    assert len(set(seen)) == len(seen)
    _step_to(line, 60)
    assert _moment(line).batch is None
    assert y.shape == x.shape


def test_residuals_and_predictions_are_those_of_the_runs(line: Bench) -> None:
    experiment = line.experiment
    result = run_experiment(experiment)
    samples = sampled(experiment.problem).samples
    x, y = (samples.values[samples.names.index(name)] for name in ("x", "y"))
    _step_to(line, 20)
    for key, view in (("residuals", line.window.data_pane.residuals), ("actual", line.window.data_pane.actual)):
        _show(line, "data_pane", key)
        scene, drawing = view.content(), view.drawing()
        assert drawing is not None
        np.testing.assert_array_equal(scene.actual, y)
        assert np.flatnonzero(scene.held_out).tolist() == sorted(samples.held_out.tolist())
        for (run, pixels), other in zip(drawing.places(view.cursor_iteration), result.runs, strict=True):
            b, w = other.trajectory.theta[20]
            np.testing.assert_allclose(run.values, b + w * x, rtol=1e-12, atol=1e-14)
            across, down = (y, b + w * x) if key == "actual" else (b + w * x, y - (b + w * x))
            assert pixels[3].tolist() == pytest.approx([drawing.frame.x(across[3]), drawing.frame.y(down[3])])
        assert view.cursor_iteration == 20


def test_metrics_are_those_of_the_command_line(line: Bench) -> None:
    _show(line, "curves_pane", "metrics")
    view = line.studio.screen.data.metrics
    experiment = line.experiment
    _step_to(line, 60)
    scene = view.content()
    assert scene.names == ("R²", "RMSE", "MAE")
    rows = scene.rows(view.cursor_iteration)
    for row, run in zip(rows, experiment.runs, strict=True):
        found = run_by_name(
            model="linear", data="noisy_line", held_out=0.2, optimizer="gd", batch=run.batch, iterations=60,
            tolerance=0.0, learning_rate=run.hyperparameters["learning_rate"],
        ).metrics
        assert row.train == pytest.approx([found["train"][name] for name in ("r2", "rmse", "mae")], rel=1e-12)
        assert row.held_out == pytest.approx([found["held_out"][name] for name in ("r2", "rmse", "mae")], rel=1e-12)


def test_the_loss_of_the_batch_lies_over_the_full_one(line: Bench) -> None:
    experiment = line.experiment
    samples = sampled(experiment.problem).samples
    sampler = Sampler(len(samples.train), batching_of(experiment.runs[0]), experiment.seed)
    _show(line, "contour_pane", "batch")
    view = line.studio.screen.data.batch
    x, y = (samples.values[samples.names.index(name)] for name in ("x", "y"))
    for iteration in (0, 3):
        _step_to(line, iteration)
        line.settled()
        assert view.content().landscape is line.contour.content().landscape
        drawing = view.drawing()
        assert drawing is not None
        ghost = drawing.ghost(view.cursor_iteration)
        assert ghost is not None
        rows = samples.train[sampler.batches(iteration, 1).indices]
        b, w = np.meshgrid(ghost.xs, ghost.ys)
        wanted = np.square(b[..., None] + w[..., None] * x[rows] - y[rows]).mean(axis=-1)
        np.testing.assert_allclose(ghost.z, wanted, rtol=1e-10)


def test_the_cloud_shows_the_gradients_of_all_samples(line: Bench) -> None:
    experiment = line.experiment
    samples = sampled(experiment.problem).samples
    sampler = Sampler(len(samples.train), batching_of(experiment.runs[0]), experiment.seed)
    _show(line, "contour_pane", "cloud")
    view = line.studio.screen.data.cloud
    x, y = (samples.values[samples.names.index(name)][samples.train] for name in ("x", "y"))
    theta = run_experiment(experiment).runs[0].trajectory.theta
    _step_to(line, 4)
    assert view.content().names == ("b", "w_x")
    cloud = view.content().cloud(view.cursor_iteration)
    assert cloud is not None
    rest = 2 * (theta[4, 0] + theta[4, 1] * x - y)
    wanted = np.stack([rest, rest * x], axis=1)
    np.testing.assert_allclose(cloud.gradients, wanted, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cloud.full, wanted.mean(axis=0), rtol=1e-10, atol=1e-12)
    drawn = sampler.batches(4, 1).indices
    assert sorted(cloud.lit.tolist()) == sorted(drawn.tolist())
    np.testing.assert_allclose(cloud.batch, wanted[drawn].mean(axis=0), rtol=1e-10, atol=1e-12)


def test_the_confusion_matrix_counts(open_window: Callable[..., Bench]) -> None:
    bench = open_window(_classes("iris", "softmax"))
    _show(bench, "data_pane", "confusion")
    _step_to(bench, 30)
    view = bench.window.data_pane.confusion
    train, held_out = view.content().matrices(view.cursor_iteration)
    samples = sampled(bench.experiment.problem).samples
    theta = run_experiment(bench.experiment).runs[0].trajectory.theta[30]
    weights, bias = theta[:12].reshape(4, 3), theta[12:]
    features = np.stack([samples.values[samples.names.index(name)] for name in samples.features], axis=1)
    predicted = np.argmax(features @ weights + bias, axis=1)
    actual = samples.values[samples.names.index(samples.target)].astype(int)
    for matrix, rows in ((train, samples.train), (held_out, samples.held_out)):
        wanted = np.zeros((3, 3), dtype=int)
        np.add.at(wanted, (actual[rows], predicted[rows]), 1)
        np.testing.assert_array_equal(matrix.counts, wanted)


def test_the_loss_over_epochs(line: Bench) -> None:
    drawing = line.loss.drawing()
    assert drawing is not None
    batch = next(one for one in drawing.drawn if one.slot == 0 and one.style == "strong")
    assert drawing.scene.unit(batch) == 1.0
    button = line.loss.epochs
    line.click(button)
    drawing = line.loss.drawing()
    assert drawing is not None
    assert drawing.scene.epochs
    # 51 samples by 16: 4 iterations; the full batch has an epoch in each
    units = {one.slot: drawing.scene.unit(one) for one in drawing.drawn}
    assert units == {0: 4.0, 1: 1.0}
    styles = {(one.slot, one.style) for one in drawing.drawn}
    assert {(0, "strong"), (0, "faint"), (0, "dashed"), (1, "strong"), (1, "dashed")} <= styles
    line.click(button)
    drawing = line.loss.drawing()
    assert drawing is not None
    assert not drawing.scene.epochs
