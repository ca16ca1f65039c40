"""Data space by mouse and key, and everything that follows it: landscape, trajectories, fits, batches, metrics."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio import run as run_by_name
from gdstudio.engine.sampling import Sampler
from gdstudio.experiment.build import batching_of
from gdstudio.experiment.sampled import sampled
from gdstudio.scene.confusion import ConfusionScene
from tests.gui.data_hands import (
    along,
    bring_forward,
    classifier,
    cloud_of,
    data_view,
    free_place,
    line_of_two_runs,
    metrics_of,
    moment_of,
    pixel_of,
    samples_of,
    step_to,
    thetas_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

Key = Qt.Key
Modifier = Qt.KeyboardModifier


@pytest.fixture
def line(open_window: Callable[..., Bench]) -> Bench:
    """Return a window with a fitted line."""
    return open_window(line_of_two_runs())


def _undo(bench: Bench) -> None:
    bench.action("actionUndo").trigger()
    bench.settled()


# samples


def test_a_dragged_point_takes_the_bowl_and_all_runs_along(line: Bench) -> None:
    view, before, samples = data_view(line), line.experiment, samples_of(line)
    index = int(np.argmax(samples[0]))
    landscape, paths = line.contour.content().landscape, [run.points for run in line.contour.content().runs]
    drawing = view.drawing()
    assert drawing is not None
    frame, first = drawing.frame, pixel_of(line, index)
    last = QPointF(first.x() - 40, frame.bottom - 20)
    seen = []
    for _ in line.drag(view, along(first, last)):
        line.settled()
        scene = line.contour.content()
        assert scene.landscape is not None
        seen.append((scene.landscape.z, [run.points for run in scene.runs]))
        assert frame == data_view(line).frame()
    line.settled()
    wanted = frame.data(last.x(), last.y())
    assert samples_of(line)[:2, index] == pytest.approx(wanted, rel=1e-9)
    others = np.arange(samples.shape[1]) != index
    np.testing.assert_array_equal(samples_of(line)[:, others], samples[:, others])
    for (z, points), (later_z, later_points) in pairwise(seen[1:]):
        assert np.abs(later_z - z).max() > 1e-6
        assert all(np.abs(two[-1] - one[-1]).max() > 1e-9 for one, two in zip(points, later_points, strict=True))
    scene = line.contour.content()
    assert scene.landscape is not landscape
    for path, theta in zip(scene.runs, thetas_of(line), strict=True):
        np.testing.assert_array_equal(path.points, theta)
    assert all(np.abs(now.points[-1] - then[-1]).max() > 1e-3 for now, then in zip(scene.runs, paths, strict=True))
    _undo(line)
    assert line.experiment == before
    assert not line.action("actionUndo").isEnabled()
    line.action("actionRedo").trigger()
    line.settled()
    assert samples_of(line)[:2, index] == pytest.approx(wanted, rel=1e-9)


def test_the_bowl_deforms_under_the_ball(line: Bench) -> None:
    step_to(line, 5)
    first = pixel_of(line, 10)
    for _ in line.drag(data_view(line), along(first, first + QPointF(0, 60))):
        line.settled()
        assert line.position == 5
    line.settled()
    assert line.position == 5
    fits = moment_of(line).fits
    theta = thetas_of(line)[0][5]
    drawn = fits[0].line
    assert drawn is not None
    np.testing.assert_allclose(drawn[:, 1], theta[0] + theta[1] * drawn[:, 0], rtol=1e-12)
    _undo(line)
    assert line.position == 5


def test_a_drag_while_it_plays_goes_on_playing(line: Bench) -> None:
    line.player.set_speed(5.0)
    line.action("actionRun").trigger()
    line.until(lambda: line.position >= 1)
    first = pixel_of(line, 10)
    line.move(data_view(line), along(first, first + QPointF(0, 60)))
    assert line.player.playback.playing
    line.until(lambda: line.position >= 4)
    line.action("actionPause").trigger()


def test_escape_gives_a_drag_up(line: Bench) -> None:
    samples, first = samples_of(line), pixel_of(line, 10)
    for step in line.drag(data_view(line), along(first, first + QPointF(0, 60), 4)):
        line.settled()
        if step == 3:
            data_view(line).setFocus()
            QTest.keyClick(data_view(line), Key.Key_Escape)
            line.settled()
    line.settled()
    np.testing.assert_allclose(samples_of(line), samples, rtol=1e-12)


def test_points_are_added_and_removed_by_clicks(line: Bench) -> None:
    view, before = data_view(line), line.experiment
    samples, place = samples_of(line), free_place(line)
    frame = view.frame()
    assert frame is not None
    wanted = frame.data(round(place.x()), round(place.y()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Modifier.ShiftModifier, place.toPoint())
    line.settled()
    added = line.experiment
    assert samples_of(line).shape[1] == samples.shape[1] + 1
    assert samples_of(line)[:2, -1] == pytest.approx(wanted, rel=1e-9)
    assert len(line.surface.content().runs[0]) == 61
    last = view.content().xs.size - 1
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Modifier.AltModifier, pixel_of(line, last).toPoint())
    line.settled()
    np.testing.assert_array_equal(samples_of(line), samples)
    _undo(line)
    assert line.experiment == added
    _undo(line)
    assert line.experiment == before


def test_a_rectangle_erases_what_is_in_it(line: Bench) -> None:
    view, before, samples = data_view(line), line.experiment, samples_of(line)
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
    np.testing.assert_array_equal(samples_of(line), samples[:, ~inside])
    _undo(line)
    assert line.experiment == before
    np.testing.assert_array_equal(samples_of(line), samples)


def test_points_by_keys(line: Bench) -> None:
    view, samples = data_view(line), samples_of(line)
    view.setFocus()
    QTest.keyClick(view, Key.Key_PageDown)
    row = view.selected()
    assert row == int(np.argmin(samples[0]))
    QTest.keyClick(view, Key.Key_Up)
    line.settled()
    assert samples_of(line)[1, row] > samples[1, row]
    QTest.keyClick(view, Key.Key_Delete)
    line.settled()
    assert samples_of(line).shape[1] == samples.shape[1] - 1
    _undo(line)
    _undo(line)
    np.testing.assert_array_equal(samples_of(line), samples)
    QTest.keyClick(view, Key.Key_Insert)
    line.settled()
    assert samples_of(line).shape[1] == samples.shape[1] + 1


def test_a_point_of_the_chosen_class_is_added(open_window: Callable[..., Bench]) -> None:
    bench = open_window(classifier("moons", "logistic"))
    view = data_view(bench)
    view.setFocus()
    for key, code in ((Key.Key_2, 1), (Key.Key_1, 0)):
        QTest.keyClick(view, key)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Modifier.ShiftModifier, free_place(bench).toPoint())
        bench.settled()
        codes = view.content().codes
        assert codes is not None
        assert codes[-1] == code


# what follows the cursor


def test_fits_residuals_and_the_batch_follow_the_cursor(line: Bench) -> None:
    experiment = line.experiment
    thetas = thetas_of(line)
    samples = sampled(experiment.problem).samples
    sampler = Sampler(len(samples.train), batching_of(experiment.runs[0]), experiment.seed)
    x, y = (samples.values[samples.names.index(name)] for name in ("x", "y"))
    seen = []
    for iteration in (0, 1, 7, 59):
        step_to(line, iteration)
        moment = moment_of(line)
        for fit, theta in zip(moment.fits, thetas, strict=True):
            b, w = theta[iteration]
            assert fit.line is not None
            np.testing.assert_allclose(fit.line[:, 1], b + w * fit.line[:, 0], rtol=1e-12, atol=1e-14)
        b, w = thetas[0][iteration]
        assert moment.predicted is not None
        np.testing.assert_allclose(moment.predicted, b + w * x, rtol=1e-12, atol=1e-14)
        lit = samples.train[sampler.batches(iteration, 1).indices]
        assert moment.batch is not None
        np.testing.assert_array_equal(np.sort(moment.batch), np.sort(lit))
        seen.append(bytes(data_view(line).grab().toImage().constBits()))
    assert len(set(seen)) == len(seen)
    step_to(line, 60)
    assert moment_of(line).batch is None
    assert y.shape == x.shape


def test_residuals_and_predictions_are_those_of_the_runs(line: Bench) -> None:
    experiment = line.experiment
    thetas = thetas_of(line)
    samples = sampled(experiment.problem).samples
    x, y = (samples.values[samples.names.index(name)] for name in ("x", "y"))
    step_to(line, 20)
    for key, view in (("residuals", line.window.data_pane.residuals), ("actual", line.window.data_pane.actual)):
        bring_forward(line, "data_pane", key)
        scene, drawing = view.content(), view.drawing()
        assert scene is not None
        assert drawing is not None
        np.testing.assert_array_equal(scene.actual, y)
        assert scene.held_out is not None
        assert np.flatnonzero(scene.held_out).tolist() == sorted(samples.held_out.tolist())
        for (run, pixels), theta in zip(drawing.places(view.cursor_iteration), thetas, strict=True):
            b, w = theta[20]
            np.testing.assert_allclose(run.values, b + w * x, rtol=1e-12, atol=1e-14)
            across, down = (y, b + w * x) if key == "actual" else (b + w * x, y - (b + w * x))
            assert pixels[3].tolist() == pytest.approx([drawing.frame.x(across[3]), drawing.frame.y(down[3])])
        assert view.cursor_iteration == 20


def test_metrics_are_those_of_the_command_line(line: Bench) -> None:
    bring_forward(line, "curves_pane", "metrics")
    view = line.studio.screen.data.metrics
    experiment = line.experiment
    step_to(line, 60)
    scene = metrics_of(line)
    assert scene.names == ("R²", "RMSE", "MAE")
    rows = scene.rows(view.cursor_iteration)
    for row, run in zip(rows, experiment.runs, strict=True):
        found = run_by_name(
            model="linear", data="noisy_line", held_out=0.2, optimizer="gd", batch=run.batch, iterations=60,
            tolerance=0.0, learning_rate=run.hyperparameters["learning_rate"],
        ).metrics
        assert found is not None
        for shown, measured in ((row.training, found["train"]), (row.held_out, found["held_out"])):
            assert measured is not None
            assert shown == pytest.approx([measured[name] for name in ("r2", "rmse", "mae")], rel=1e-12)


def test_the_loss_of_the_batch_lies_over_the_full_one(line: Bench) -> None:
    experiment = line.experiment
    samples = sampled(experiment.problem).samples
    sampler = Sampler(len(samples.train), batching_of(experiment.runs[0]), experiment.seed)
    bring_forward(line, "contour_pane", "batch")
    view = line.studio.screen.data.batch
    assert "Gradient descent · batch 16" in line.window.contour_pane.remark.toolTip()
    x, y = (samples.values[samples.names.index(name)] for name in ("x", "y"))
    for iteration in (0, 3):
        step_to(line, iteration)
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
    bring_forward(line, "contour_pane", "cloud")
    x, y = (samples.values[samples.names.index(name)][samples.train] for name in ("x", "y"))
    theta = thetas_of(line)[0]
    step_to(line, 4)
    assert cloud_of(line).names == ("b", "w_x")
    cloud = cloud_of(line).cloud(line.studio.screen.data.cloud.cursor_iteration)
    assert cloud is not None
    rest = 2 * (theta[4, 0] + theta[4, 1] * x - y)
    wanted = np.stack([rest, rest * x], axis=1)
    np.testing.assert_allclose(cloud.gradients, wanted, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(cloud.full, wanted.mean(axis=0), rtol=1e-10, atol=1e-12)
    drawn = sampler.batches(4, 1).indices
    assert cloud.lit is not None
    assert sorted(cloud.lit.tolist()) == sorted(drawn.tolist())
    assert cloud.batch is not None
    np.testing.assert_allclose(cloud.batch, wanted[drawn].mean(axis=0), rtol=1e-10, atol=1e-12)


def test_the_confusion_matrix_counts(open_window: Callable[..., Bench]) -> None:
    bench = open_window(classifier("iris", "softmax"))
    bring_forward(bench, "data_pane", "confusion")
    step_to(bench, 30)
    view = bench.window.data_pane.confusion
    scene = view.content()
    assert isinstance(scene, ConfusionScene)
    train, held_out = scene.matrices(view.cursor_iteration)
    samples = sampled(bench.experiment.problem).samples
    theta = thetas_of(bench)[0][30]
    weights, bias = theta[:12].reshape(4, 3), theta[12:]
    features = np.stack([samples.values[samples.names.index(name)] for name in samples.features], axis=1)
    predicted = np.argmax(features @ weights + bias, axis=1)
    actual = samples.values[samples.names.index(samples.target)].astype(int)
    for matrix, rows in ((train, samples.train), (held_out, samples.held_out)):
        wanted = np.zeros((3, 3), dtype=int)
        np.add.at(wanted, (actual[rows], predicted[rows]), 1)
        np.testing.assert_array_equal(matrix.counts, wanted)
