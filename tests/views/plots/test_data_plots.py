"""The views beside data space: predictions, confusion, metrics, gradients, and epochs under the loss."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.scene.confusion import ConfusionDrawing
from gdstudio.scene.curves import CurvesScene
from gdstudio.scene.runs import Series
from gdstudio.scene.theme import LIGHT
from gdstudio.views.plots.loss import LossView
from gdstudio.views.plots.moving import CloudView, ConfusionView, MetricsView, MovingView
from gdstudio.views.plots.predictions import PredictionsView
from tests.scene.pixels import array_of, difference, near
from tests.scene.points import cloud, confusion, metrics, predictions

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.plots.canvas import PlotCanvas


def on_screen(qtbot: QtBot, view: PlotCanvas) -> None:
    qtbot.addWidget(view)
    view.resize(480, 320)
    view.show()
    qtbot.waitExposed(view)


@pytest.fixture(params=["residuals", "actual"])
def fitted(request: pytest.FixtureRequest, qtbot: QtBot) -> PredictionsView:
    view = PredictionsView(request.param)
    view.setContent(predictions(request.param))
    on_screen(qtbot, view)
    return view


def test_pointing_reads_a_prediction_out(fitted: PredictionsView, qtbot: QtBot) -> None:
    before = array_of(fitted.grab().toImage())
    drawing = fitted.drawing()
    assert drawing is not None
    x, y = drawing.places(20)[0][1][9].tolist()
    assert fitted.reads_out(x, y)
    QTest.mouseMove(fitted, QPoint(70, 30))
    QTest.mouseMove(fitted, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: difference(before, array_of(fitted.grab().toImage())) > 0.5)


def test_predictions_zoom_and_go_home(fitted: PredictionsView) -> None:
    whole, scene = fitted.range(), fitted.content()
    assert whole is not None
    assert scene is not None
    assert whole == scene.extent
    QTest.keyClick(fitted, Qt.Key.Key_Plus)
    zoomed = fitted.range()
    assert zoomed is not None
    assert whole[0] < zoomed[0] < zoomed[1] < whole[1]
    QTest.keyClick(fitted, Qt.Key.Key_Home)
    assert fitted.range() == whole


def test_predictions_follow_the_cursor_and_keep_their_ground(fitted: PredictionsView) -> None:
    early = array_of(fitted.grab().toImage())
    fitted.setIteration(1)
    assert difference(early, array_of(fitted.grab().toImage())) > 0.1
    frame = fitted.frame()
    scene = fitted.content()
    assert scene is not None
    fitted.setContent(replace(scene, cursor=2))
    assert fitted.frame() == frame


def test_each_kind_has_its_name(qtbot: QtBot) -> None:
    views = [PredictionsView("residuals"), PredictionsView("actual")]
    for view in views:
        on_screen(qtbot, view)
        assert view.drawing() is None
        assert view.empty_text()
        QTest.keyClick(view, Qt.Key.Key_Plus)
        view.grab()
    assert len({view.accessibleName() for view in views}) == len({view.toolTip() for view in views}) == 2


@pytest.mark.parametrize(("make", "scene"), [
    (ConfusionView, confusion()), (MetricsView, metrics()), (CloudView, cloud()),
], ids=["confusion", "metrics", "cloud"])
def test_what_only_looks_follows_the_cursor(make: type[ConfusionView], scene: Any, qtbot: QtBot) -> None:
    view: MovingView = make()
    on_screen(qtbot, view)
    assert view.drawing() is None
    assert view.empty_text()
    empty = array_of(view.grab().toImage())
    view.setContent(scene)
    early = array_of(view.grab().toImage())
    assert difference(empty, early) > 0.5
    view.setIteration(60)
    assert difference(early, array_of(view.grab().toImage())) > 0.005
    view.setTheme(LIGHT)
    assert near(array_of(view.grab().toImage()), LIGHT.plot).any()
    assert view.accessibleName()
    assert view.accessibleDescription()
    assert view.toolTip()


def test_pointing_reads_a_cell_out(qtbot: QtBot) -> None:
    view = ConfusionView()
    on_screen(qtbot, view)
    assert not view.reads_out(240, 160)
    view.setContent(confusion())
    drawing = view.drawing()
    assert isinstance(drawing, ConfusionDrawing)
    places = [(x, y) for x in range(0, 480, 4) for y in range(0, 320, 4)]
    inside = [place for place in places if view.reads_out(*place)]
    assert 300 < len(inside) < len(places) - 300
    QTest.mouseMove(view, QPoint(2, 2))
    before = array_of(view.grab().toImage())
    QTest.mouseMove(view, QPoint(*inside[len(inside) // 3]))
    qtbot.waitUntil(lambda: difference(before, array_of(view.grab().toImage())) > 0.5)
    QTest.mouseMove(view, QPoint(2, 2))
    qtbot.waitUntil(lambda: difference(before, array_of(view.grab().toImage())) == 0.0)


def curves(epoch: float | None) -> CurvesScene:
    loss = 10.0 ** -np.linspace(0, 2, 61)
    series = Series("run", 0, loss, epoch=epoch), Series("this batch", 0, loss * 1.1, style="faint", epoch=epoch)
    return CurvesScene(series, 30, 60)


def test_the_axis_counts_epochs_where_there_are_some(qtbot: QtBot) -> None:
    view = LossView()
    view.setContent(curves(None))
    on_screen(qtbot, view)
    assert not view.epochs.isVisible()
    view.setContent(curves(4.0))
    assert view.epochs.isVisible()
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.frame_span == (0.0, 60.0)
    QTest.mouseClick(view.epochs, Qt.MouseButton.LeftButton)
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.frame_span == (0.0, 15.0)
    assert view.iteration_at(drawing.frame.x(10.0)) == 40
    assert view.picture((300.0, 200.0), LIGHT).scene.epochs
    view.setContent(curves(2.0))
    assert view.content().epochs
    QTest.keyClick(view.epochs, Qt.Key.Key_Space)
    assert not view.content().epochs
    assert view.epochs.accessibleName()
    assert view.epochs.toolTip()


def test_the_read_out_tells_the_epoch_and_the_batch(qtbot: QtBot) -> None:
    view = LossView()
    view.setContent(curves(4.0))
    on_screen(qtbot, view)
    view.epochs.setChecked(True)
    drawing = view.drawing()
    assert drawing is not None
    before = array_of(view.grab().toImage())
    with qtbot.waitSignal(view.iterationHovered) as hovered:
        QTest.mouseMove(view, QPoint(round(drawing.frame.x(5.0)), 160))
    assert hovered.args == [pytest.approx(20, abs=1)]
    assert difference(before, array_of(view.grab().toImage())) > 0.5


def test_the_button_keeps_to_the_corner(qtbot: QtBot) -> None:
    def in_the_corner(width: int) -> bool:
        return width - 20 < view.epochs.geometry().right() < width

    view = LossView()
    view.setContent(curves(4.0))
    on_screen(qtbot, view)
    for width in (300, 700):
        view.resize(width, 320)
        qtbot.waitUntil(partial(in_the_corner, width))
        assert view.epochs.geometry().bottom() < 26
