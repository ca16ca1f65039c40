"""What surface and contour map show, by mouse: the frame rests while samples are moved, and the runs are in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from gdstudio.controllers.content import home_ranges
from gdstudio.experiment import editing
from gdstudio.experiment.document import Run
from gdstudio.experiment.greeting import greeting
from tests.gui.conftest import on_contour
from tests.gui.data_hands import along, data_view, line_of_two_runs, open_data, pixel_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

    Extent = tuple[float, float, float, float]


def _extents(bench: Bench) -> tuple[Extent, Extent | None]:
    """Return what the surface and the contour map show."""
    landscape = bench.surface.content().landscape
    assert landscape is not None
    bench.until(lambda: bench.studio.screen.grounds.settled)
    return landscape.extent, bench.contour.range()


def _drag_first_point(bench: Bench) -> list[tuple[Extent, Extent | None]]:
    first, seen = pixel_of(bench, 0), []
    for _ in bench.drag(data_view(bench), along(first, first + QPointF(30, -60))):
        bench.settled()
        seen.append(_extents(bench))
    bench.settled()
    return [*seen, _extents(bench)]


def test_the_frame_of_the_listed_line_rests_while_its_points_are_edited(open_window: Callable[..., Bench]) -> None:
    bench = open_window(editing.choose_problem(greeting(), "line_fit"))
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    home, camera = _extents(bench), bench.surface.camera()
    before = bench.surface.content().landscape
    assert {*_drag_first_point(bench)} == {home}
    after = bench.surface.content().landscape
    assert before is not None
    assert after is not None
    assert bench.experiment.problem.key is None
    assert np.abs(after.z - before.z).max() > 1e-3
    assert after.scale == before.scale
    bench.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    bench.settled()
    assert bench.experiment.problem.key == "line_fit"
    assert _extents(bench) == home
    assert bench.surface.camera() == camera


def test_a_part_of_the_map_rests_while_points_are_edited(open_window: Callable[..., Bench]) -> None:
    bench = open_window(editing.choose_problem(greeting(), "line_fit"))
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    home = _extents(bench)
    bench.wheel(bench.contour, on_contour(bench, 1.5, 0.6), 3)
    bench.settled()
    near = _extents(bench)
    assert near[0] == home[0]
    assert near[1] != home[1]
    assert {*_drag_first_point(bench)} == {near}


def test_the_runs_of_small_batches_are_in_sight(open_window: Callable[..., Bench]) -> None:
    noisy = Run(optimizer="gd", batch=1, hyperparameters={"learning_rate": 0.3})
    experiment = replace(line_of_two_runs(), runs=(noisy,))
    bench = open_window(experiment)
    (x0, x1, y0, y1), _ = wide = _extents(bench)
    home = home_ranges(experiment.problem, experiment.start)
    assert x1 - x0 > home[0][1] - home[0][0]
    (path,) = (run.points for run in bench.surface.content().runs)
    inside = (path[:, 0] >= x0) & (path[:, 0] <= x1) & (path[:, 1] >= y0) & (path[:, 1] <= y1)
    assert np.mean(inside) > 0.9
    # with a smaller rate it rests until all is to be seen again
    bench.enter(bench.row().field, "0.02")
    bench.settled()
    assert _extents(bench) == wide
    bench.action("actionResetView").trigger()
    bench.settled()
    assert _extents(bench)[0] == (*home[0], *home[1])


def test_a_method_that_goes_elsewhere_is_followed_there(open_window: Callable[..., Bench]) -> None:
    experiment = line_of_two_runs()
    full = Run(optimizer="gd", hyperparameters={"learning_rate": 0.3})
    bench = open_window(replace(experiment, runs=(full,)))
    narrow, _ = _extents(bench)
    bench.click(bench.card().batch.kinds.button("one"))
    bench.settled()
    x0, x1, _, _ = _extents(bench)[0]
    assert x1 - x0 > narrow[1] - narrow[0]


def test_the_bowl_and_the_runs_of_other_data_come_together(open_window: Callable[..., Bench]) -> None:
    bench = open_window()
    open_data(bench, "diabetes")
    landscape = bench.surface.content().landscape
    assert landscape is bench.studio.screen.grounds.landscape
    assert landscape is not None
    x0, x1, y0, y1 = landscape.extent
    for run in bench.surface.content().runs:
        x, y = run.points[-1]
        assert x0 <= x <= x1
        assert y0 <= y <= y1
