"""What is shown of problems of one, two, three and many variables, and of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.functions import PROBLEMS
from gdstudio.experiment.run import run_experiment
from gdstudio.views.plots.curve import CurveView
from tests.gui.conftest import colours_of

if TYPE_CHECKING:
    from tests.gui.conftest import Bench

Key = Qt.Key


def _on_curve(view: CurveView, x: float, y: float) -> QPointF:
    drawing = view.drawing()
    assert drawing is not None
    return QPointF(drawing.frame.x(x), drawing.frame.y(y))


def _data(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()


def _pick(bench: Bench, which: int, key: Qt.Key) -> None:
    """Choose another of the variables shown by key."""
    bench.window.panel.start.shown[which].setFocus()
    bench.press(key)
    bench.settled()


def test_every_problem_is_shown(bench: Bench) -> None:
    combo = bench.window.panel.problem.combo
    for key, row in PROBLEMS.items():
        if row.dataset is None:
            bench.choose(combo.itemText(combo.findData(key)))
        else:
            _data(bench)
        assert bench.experiment.problem.key == key
        assert bench.experiment.start == row.start
        for run in bench.snapshot.runs:
            assert run.loss[-1] < run.loss[0], key
        for view in bench.plots:
            assert colours_of(view) > 8, (key, view.objectName())


def test_one_variable_is_a_curve(bench: Bench) -> None:
    bench.choose("parabola")
    assert not bench.surface.isVisible()
    assert not bench.contour.isVisible()
    derivative = bench.find(CurveView, "derivativeView")
    assert bench.curve.isVisible()
    assert derivative.isVisible()
    assert bench.window.contour_pane.tabs.tabText(0) == "Derivative"
    assert not bench.action("actionLogZ").isEnabled()
    scene = bench.curve.content()
    assert np.allclose(scene.z, 5 * scene.xs**2)
    assert np.allclose(derivative.content().z, 10 * derivative.content().xs)
    bench.choose("Himmelblau")
    assert bench.surface.isVisible()
    assert not bench.curve.isVisible()
    assert bench.window.contour_pane.tabs.tabText(0) == "Contour"


@pytest.mark.parametrize("name", ["curveView", "derivativeView"])
def test_a_drag_along_the_curve_sets_x(bench: Bench, name: str) -> None:
    bench.choose("parabola")
    view = bench.find(CurveView, name)
    places = [_on_curve(view, x, 2.0) for x in np.linspace(-1.5, 1.0, 9)]
    seen = []
    for _ in bench.drag(view, places):
        bench.settled()
        seen.append(bench.experiment.start[0])
        assert bench.snapshot.runs[0].theta[0, 0] == seen[-1]
    assert seen == pytest.approx(np.linspace(-1.5, 1.0, 9).tolist(), abs=0.02)
    bench.action("actionUndo").trigger()
    assert bench.experiment.start == PROBLEMS["parabola"].start


def test_the_curve_zooms_and_pans(bench: Bench) -> None:
    bench.choose("parabola")
    drawing = bench.curve.drawing()
    assert drawing is not None
    before = drawing.frame.extent
    bench.wheel(bench.curve, _on_curve(bench.curve, 0.5, 2.0), 5)
    bench.settled()
    drawing = bench.curve.drawing()
    assert drawing is not None
    x0, x1 = drawing.frame.extent[:2]
    assert before[0] < x0 < 0.5 < x1 < before[1]
    xs = bench.curve.content().xs
    assert (xs[0], xs[-1]) == pytest.approx((x0, x1))


def test_a_stop_at_the_change_of_sign(bench: Bench) -> None:
    bench.choose("parabola")
    assert bench.window.panel.stopping.sign_change.isVisible()
    bench.click(bench.window.panel.stopping.sign_change)
    bench.settled()
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    outcomes = {run.outcome for run in bench.snapshot.runs}
    assert "bracketed" in outcomes
    bench.choose("Himmelblau")
    assert not bench.window.panel.stopping.sign_change.isVisible()
    assert not bench.experiment.stopping.stop_at_sign_change


def test_two_of_three_variables_are_shown(bench: Bench) -> None:
    bench.choose("three variables")
    assert bench.experiment.start == (1.0, 1.0, 1.0)
    section = bench.window.panel.start
    assert [box.currentText() for box in section.shown] == ["x", "z"]
    terrain = bench.contour.content().landscape
    assert terrain is not None
    assert terrain.names == ("x", "z")
    _pick(bench, 1, Key.Key_Down)
    assert bench.experiment.shown == (0, 2)
    terrain = bench.contour.content().landscape
    assert terrain is not None
    assert terrain.names == ("x", "m")
    run = bench.snapshot.runs[0]
    assert np.array_equal(bench.contour.content().runs[0].points, run.theta[:, [0, 2]])
    _pick(bench, 0, Key.Key_End)
    assert bench.experiment.shown == (2, 0)


def test_a_drag_sets_the_two_variables_shown(bench: Bench) -> None:
    bench.choose("three variables")
    _pick(bench, 1, Key.Key_Down)
    drawing = bench.contour.drawing()
    assert drawing is not None
    place = QPointF(drawing.frame.x(0.5), drawing.frame.y(0.75))
    bench.click(bench.contour, place)
    bench.settled()
    x, z, m = bench.experiment.start
    assert z == 1.0
    assert (x, m) == pytest.approx((0.5, 0.75), abs=0.02)


def test_twenty_variables(bench: Bench) -> None:
    names = [f"x{index}" for index in range(20)]
    bench.set_formula(" + ".join(f"{index + 1}*{name}^2" for index, name in enumerate(names)))
    assert len(bench.window.panel.start.fields) == 20
    bench.enter(bench.window.panel.start.fields[19], "0.5")
    bench.settled()
    assert bench.experiment.start[19] == 0.5
    _pick(bench, 1, Key.Key_End)
    assert bench.experiment.shown == (0, 19)
    assert bench.contour.content().start == (1.0, 0.5)


def test_from_many_variables_to_few_and_back(bench: Bench) -> None:
    for text in ("x^2+y^2+z^2", "x^2", "x^2+y^2", "a^2*b^2*c^2*d^2+a^2", "x^2"):
        bench.set_formula(text)
        assert bench.snapshot.runs[0].theta.shape[1] == len(bench.experiment.start)
        assert bench.snapshot.error is None


def test_a_fit_to_data_counts_epochs(bench: Bench) -> None:
    _data(bench)
    assert "epoch 0.0" in bench.window.transport.position.text()
    bench.click(bench.card().batch.kinds.button("mini"))
    bench.settled()
    assert bench.experiment.runs[0].batch == 16
    per_epoch = bench.snapshot.runs[0].iterations_per_epoch
    assert per_epoch is not None
    bench.window.centre.setFocus()
    for _ in range(per_epoch):
        bench.press(Key.Key_Period)
    assert f"iteration {per_epoch} " in bench.window.transport.position.text()
    assert "epoch 1.0" in bench.window.transport.position.text()
    landscape = bench.contour.content().landscape
    assert landscape is not None
    assert {"w", "b"} <= set(landscape.names)


def test_a_slider_sets_the_batch(bench: Bench) -> None:
    _data(bench)
    bench.click(bench.card().batch.kinds.button("mini"))
    row = bench.card().batch.size_rows.row("batch_size")
    bench.enter(row.field, "5")
    bench.settled()
    assert bench.experiment.runs[0].batch == 5
    assert np.array_equal(
        bench.snapshot.runs[0].theta, run_experiment(bench.experiment, 0).trajectory.theta
    )


def test_the_seed_decides_which_samples(bench: Bench) -> None:
    _data(bench)
    bench.click(bench.card().batch.kinds.button("one"))
    bench.settled()
    field = bench.window.panel.seed.field
    first = bench.snapshot.runs[0].theta.copy()
    bench.enter(field, "7")
    bench.settled()
    assert not np.array_equal(bench.snapshot.runs[0].theta, first)
    bench.enter(field, "0")
    bench.settled()
    assert np.array_equal(bench.snapshot.runs[0].theta, first)


def test_a_problems_own_numbers(bench: Bench) -> None:
    bench.choose("Bowl")
    rows = bench.window.panel.problem.parameters
    before = bench.contour.content().landscape
    bench.enter(rows.row("condition").field, "3")
    bench.settled()
    assert bench.experiment.problem.parameters["condition"] == 3.0
    assert bench.contour.content().landscape is not before
    bench.click(bench.window.panel.problem.tabs.button("formula"))
    bench.settled()
    assert bench.experiment.problem.key is None
    assert "condition" not in (bench.experiment.problem.text or "condition")


def test_logarithmic_height(bench: Bench) -> None:
    assert bench.action("actionLogZ").isChecked()
    before = bench.pictures()
    bench.press(Key.Key_L)
    bench.settled()
    terrain = bench.surface.content().landscape
    assert terrain is not None
    assert terrain.scale == "linear"
    assert bench.pictures()[0] != before[0]
    assert not bench.action("actionLogZ").isChecked()
