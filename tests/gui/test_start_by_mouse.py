"""The start is set and dragged in the views, and every move recomputes the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gdstudio.experiment.run import run_experiment
from tests.gui.conftest import on_contour

if TYPE_CHECKING:
    from tests.gui.conftest import Bench

Button = Qt.MouseButton


def _path(bench: Bench, first: tuple[float, float], last: tuple[float, float], count: int) -> list[QPointF]:
    return [
        on_contour(bench, x, y)
        for x, y in zip(np.linspace(first[0], last[0], count), np.linspace(first[1], last[1], count), strict=True)
    ]


def _starts(bench: Bench) -> list[tuple[float, ...]]:
    """Return where the runs on show begin."""
    return [tuple(float(value) for value in run.theta[0]) for run in bench.snapshot.runs]


def test_a_click_on_the_contours_sets_the_start(bench: Bench) -> None:
    bench.click(bench.contour, on_contour(bench, 0.5, 2.0))
    bench.settled()
    assert bench.experiment.start == pytest.approx((0.5, 2.0), abs=0.02)
    assert _starts(bench) == [bench.experiment.start] * 4
    assert bench.contour.content().start == bench.surface.content().start == bench.experiment.start
    fields = bench.window.panel.start.fields
    assert [float(field.text()) for field in fields] == pytest.approx(bench.experiment.start, abs=1e-3)


def test_every_move_of_a_drag_recomputes_every_run(bench: Bench) -> None:
    seen: set[tuple[float, ...]] = set()
    bench.player.computed.connect(lambda: seen.update(_starts(bench)))
    for _ in bench.drag(bench.contour, _path(bench, (-1.0, 2.0), (1.4, 0.2), 12)):
        bench.until(lambda: _starts(bench) == [bench.experiment.start] * 4)
        assert bench.contour.content().start == bench.experiment.start
        for run, drawn in zip(bench.snapshot.runs, bench.contour.content().runs, strict=True):
            assert len(run.theta) == len(drawn) > 100
    assert len(seen) == 12
    bench.settled()
    for index, run in enumerate(bench.snapshot.runs):
        assert np.array_equal(run.theta, run_experiment(bench.experiment, index).trajectory.theta)


def test_a_quick_drag_of_long_runs_keeps_redrawing(bench: Bench) -> None:
    bench.limit(100_000)
    bench.settled()
    seen: set[tuple[float, ...]] = set()
    bench.player.computed.connect(lambda: seen.update(_starts(bench)))
    for _ in bench.drag(bench.contour, _path(bench, (-1.0, 2.0), (1.4, 0.2), 40)):
        bench.qtbot.wait(8)
    assert len(seen) > 5
    bench.settled()
    assert _starts(bench) == [bench.experiment.start] * 4


def test_a_drag_is_one_step_of_undo(bench: Bench) -> None:
    before = bench.experiment
    bench.move(bench.contour, _path(bench, (-1.0, 2.0), (1.4, 0.2), 6))
    bench.move(bench.contour, _path(bench, (1.0, 2.0), (0.4, 0.2), 6))
    bench.action("actionUndo").trigger()
    assert bench.experiment.start == pytest.approx((1.4, 0.2), abs=0.02)
    bench.action("actionUndo").trigger()
    assert bench.experiment == before
    assert not bench.action("actionUndo").isEnabled()


def test_a_drag_beyond_the_map_stays_on_it(bench: Bench) -> None:
    x0, x1, y0, y1 = bench.contour.range() or (0, 0, 0, 0)
    bench.move(bench.contour, [on_contour(bench, 0.0, 1.0), QPointF(-500.0, -500.0), QPointF(9000.0, 9000.0)])
    bench.settled()
    x, y = bench.experiment.start
    assert x0 <= x <= x1
    assert y0 <= y <= y1


@pytest.mark.parametrize("button", [Button.RightButton, Button.MiddleButton])
def test_other_buttons_pan(bench: Bench, button: Qt.MouseButton) -> None:
    before, experiment = bench.contour.range(), bench.experiment
    assert before is not None
    bench.move(bench.contour, _path(bench, (0.0, 1.0), (0.5, 1.5), 5), button)
    after = bench.contour.range()
    assert after is not None
    assert np.subtract(after, before) == pytest.approx((-0.5, -0.5, -0.5, -0.5), abs=0.05)
    assert bench.experiment is experiment
    bench.settled()
    terrain = bench.contour.content().landscape
    assert terrain is not None
    assert terrain.extent == pytest.approx(after)


def test_the_wheel_zooms_and_the_map_is_evaluated_anew(bench: Bench) -> None:
    before = bench.contour.content().landscape
    place = on_contour(bench, 1.0, 1.0)
    bench.wheel(bench.contour, place, 6)
    bench.settled()
    shown, terrain = bench.contour.range(), bench.contour.content().landscape
    assert shown is not None
    assert terrain is not None
    assert terrain is not before
    assert terrain.extent == pytest.approx(shown)
    assert before is not None
    assert shown[1] - shown[0] < (before.extent[1] - before.extent[0]) / 2
    assert terrain.height_at(1.0, 1.0) < 0.01
    assert bench.surface.content().landscape is before
    bench.action("actionResetView").trigger()
    bench.settled()
    assert bench.contour.range() == pytest.approx(before.extent)


def test_a_start_set_in_a_zoomed_map_is_exact(bench: Bench) -> None:
    bench.wheel(bench.contour, on_contour(bench, 1.0, 1.0), 20)
    bench.settled()
    bench.click(bench.contour, on_contour(bench, 1.0, 1.0))
    bench.settled()
    assert bench.experiment.start == pytest.approx((1.0, 1.0), abs=1e-3)


def test_the_ring_on_the_surface_drags_the_start(bench: Bench) -> None:
    drawing = bench.surface.drawing()
    assert drawing is not None
    ring = drawing.start_pixel()
    assert ring is not None
    camera = bench.surface.camera()
    places = [QPointF(*ring) + QPointF(6.0 * step, 9.0 * step) for step in range(9)]
    seen = set()
    for _ in bench.drag(bench.surface, places):
        bench.settled()
        seen.add(bench.experiment.start)
    assert len(seen) > 5
    assert bench.surface.camera() == camera
    assert _starts(bench) == [bench.experiment.start] * 4
    moved = drawing.variables_at(places[-1].x(), places[-1].y())
    assert moved is not None
    assert bench.experiment.start == pytest.approx(moved, abs=1e-6)


def test_a_double_click_on_the_surface_sets_the_start(bench: Bench) -> None:
    drawing = bench.surface.drawing()
    assert drawing is not None
    place = QPointF(bench.surface.rect().center())
    point = drawing.variables_at(place.toPoint().x(), place.toPoint().y())
    assert point is not None
    QTest.mouseDClick(bench.surface, Button.LeftButton, pos=place.toPoint())
    bench.settled()
    assert bench.experiment.start == pytest.approx(point)
    assert bench.action("actionUndo").isEnabled()


def test_elsewhere_the_surface_turns_and_the_experiment_stays(bench: Bench) -> None:
    experiment, camera, before = bench.experiment, bench.surface.camera(), bench.pictures()
    middle = QPointF(bench.surface.rect().center()) + QPointF(60.0, 60.0)
    bench.move(bench.surface, [middle, middle + QPointF(40.0, 10.0), middle + QPointF(90.0, 25.0)])
    assert bench.surface.camera() != camera
    assert bench.experiment is experiment
    assert bench.pictures()[0] != before[0]
    bench.action("actionResetView").trigger()
    bench.settled()
    assert bench.surface.camera() == camera


def test_a_row_of_the_legend_hides_its_run(bench: Bench) -> None:
    drawing = bench.surface.drawing()
    assert drawing is not None
    rows = (
        QPointF(x, y) for y in range(0, bench.surface.height(), 4) for x in range(0, bench.surface.width(), 40)
        if drawing.legend_row_at(x, y) == 2
    )
    bench.click(bench.surface, next(rows))
    bench.settled()
    assert [run.visible for run in bench.experiment.runs] == [True, True, False, True]
    assert not bench.contour.content().runs[2].visible


def test_the_pointer_reads_the_loss_out(bench: Bench) -> None:
    QTest.mouseMove(bench.contour, on_contour(bench, 1.0, 1.0).toPoint())
    bench.until(lambda: "under the pointer" in bench.window.status.readout.whole())


def test_the_start_can_be_nudged_by_arrows(bench: Bench) -> None:
    bench.contour.setFocus()
    before = bench.experiment.start
    bench.press(Qt.Key.Key_Right)
    bench.press(Qt.Key.Key_Up)
    assert bench.experiment.start[0] > before[0]
    assert bench.experiment.start[1] > before[1]


def test_while_it_plays_a_new_start_begins_anew(bench: Bench) -> None:
    bench.press(Qt.Key.Key_F5)
    bench.until(lambda: bench.position > 5)
    bench.click(bench.contour, on_contour(bench, 0.0, 2.0))
    bench.settled()
    assert bench.position == 0
    assert _starts(bench) == [bench.experiment.start] * 4


def test_a_start_typed_outside_the_domain_is_on_the_map(bench: Bench) -> None:
    bench.choose("Himmelblau")
    home = bench.studio.screen.grounds.landscape
    assert home is not None
    fields = bench.window.panel.start.fields
    for index, text in ((0, "40"), (1, "-300")):
        bench.enter(fields[index], text)
        bench.settled()
    wide = bench.studio.screen.grounds.landscape
    assert wide is not None
    x0, x1, y0, y1 = wide.extent
    assert (x0, y1) == (home.extent[0], home.extent[3])
    assert x1 > 41
    assert y0 < -310
    for drawing in (bench.contour.drawing(), bench.surface.drawing()):
        assert drawing is not None
        assert drawing.scene.landscape is wide
    place = on_contour(bench, 40.0, -300.0)
    assert bench.contour.rect().contains(place.toPoint())
    surface = bench.surface.drawing()
    assert surface is not None
    assert surface.start_pixel() is not None
    # what has been looked at stays in sight while the start comes back, until the view is reset
    bench.enter(fields[0], "1")
    bench.enter(fields[1], "1")
    bench.settled()
    now = bench.studio.screen.grounds.landscape
    assert now is not None
    assert now.extent == wide.extent
    bench.action("actionResetView").trigger()
    bench.settled()
    now = bench.studio.screen.grounds.landscape
    assert now is not None
    assert now.extent == home.extent


def test_a_start_typed_outside_the_domain_is_on_the_curve(bench: Bench) -> None:
    bench.choose("parabola")
    bench.enter(bench.window.panel.start.fields[0], "7.5")
    bench.settled()
    drawing = bench.curve.drawing()
    assert drawing is not None
    assert drawing.frame.extent[1] > 7.6
    tops = [place for way in drawing.ways for place in way.pixels[:1]]
    assert all(drawing.frame.holds(float(x), float(y)) for x, y in tops)
