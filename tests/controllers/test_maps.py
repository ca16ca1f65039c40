"""What stands on surface and contour map while a landscape is being drawn, and when its drawing has come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject

from gdstudio.controllers.maps import Maps
from gdstudio.scene.contour import MapScene
from gdstudio.scene.theme import LIGHT
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.surface import SurfaceView
from tests.scene.valley import map_scene, runs, valley

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

SURFACE, CONTOUR = Maps.tasks


@dataclass
class Bench:
    """Both views, and what was asked of the desk."""

    surface: SurfaceView
    contour: ContourView
    maps: Maps
    asked: list[tuple[str, Any, Callable[[], Any]]] = field(default_factory=list)

    def show(self, scene: MapScene, loss: str = "a", *, settled: bool = True) -> None:
        self.maps.show_contour(scene, loss, None)
        self.maps.show_surface(scene, loss, None, settled=settled)

    def answer(self) -> None:
        """Do what was asked for first of each view."""
        for name in Maps.tasks:
            number = next((k for k, order in enumerate(self.asked) if order[0] == name), None)
            if number is not None:
                _, token, task = self.asked.pop(number)
                self.maps.answered(name, token, task())

    @property
    def scenes(self) -> tuple[MapScene, MapScene]:
        return self.surface.content(), self.contour.content()


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    surface, contour = SurfaceView(), ContourView()
    for view in (surface, contour):
        qtbot.addWidget(view)
        view.resize(420, 360)
        view.show()
        qtbot.waitExposed(view)
    parent = QObject(surface)
    found = Bench(surface, contour, Maps(surface, contour, parent))
    found.maps.submit = lambda name, token, task, desk: found.asked.append((name, token, task))
    return found


def picture(view: SurfaceView | ContourView) -> QImage:
    return view.grab().toImage()


def test_a_new_landscape_is_shown_when_it_has_been_drawn_and_looks_as_if_painted_here(bench: Bench) -> None:
    scene = map_scene()
    bench.show(scene)
    assert all(shown.landscape is None for shown in bench.scenes)
    assert [order[0] for order in bench.asked] == [CONTOUR, SURFACE]
    bench.answer()
    assert all(shown is scene for shown in bench.scenes)
    for view in (bench.surface, bench.contour):
        before = picture(view)
        view.refresh()
        assert picture(view) == before


def test_it_is_asked_for_once_and_new_runs_do_not_wait_for_it(bench: Bench) -> None:
    first = map_scene()
    bench.show(first)
    bench.answer()
    moved = replace(first, runs=runs(1), start=(0.5, 0.5))
    bench.show(moved)
    assert all(shown is moved for shown in bench.scenes)
    assert not bench.asked
    coming = MapScene(valley(41), (), 0, (1.0, 1.0))
    for number in (1, 2):
        later = replace(coming, runs=runs(number))
        bench.show(later)
        assert len(bench.asked) == 2
        # on the landscape of before, since it is of the same loss
        assert all(shown.landscape is first.landscape and shown.runs is later.runs for shown in bench.scenes)
    bench.answer()
    assert all(shown is later for shown in bench.scenes)


def test_a_legend_that_grows_has_the_surface_drawn_again_elsewhere_and_one_that_shrinks_does_not(bench: Bench) -> None:
    first = map_scene()
    bench.show(first)
    bench.answer()
    before = bench.surface.drawing()
    assert before is not None
    many = replace(first, runs=tuple(replace(runs(1)[0], slot=slot) for slot in range(6)))
    bench.show(many)
    bench.show(many)
    assert [order[0] for order in bench.asked] == [SURFACE]
    between = bench.surface.drawing()
    assert between is not None
    assert between.scene is many
    assert between.same_ground(before)
    bench.answer()
    after = bench.surface.drawing()
    assert after is not None
    assert after.viewport.covered[1] > before.viewport.covered[1]
    painted_elsewhere = picture(bench.surface)
    bench.surface.refresh()
    assert picture(bench.surface) == painted_elsewhere
    bench.show(first)
    assert not bench.asked
    again = bench.surface.drawing()
    assert again is not None
    assert again.same_ground(after)


def test_what_came_meanwhile_is_shown_at_the_iteration_of_now(bench: Bench) -> None:
    first, coming = map_scene(), MapScene(valley(41), runs(1))
    bench.show(first)
    bench.answer()
    bench.show(coming)
    bench.show(replace(coming, runs=runs(2), cursor=1))
    for view in (bench.surface, bench.contour):
        view.setIteration(7)
    bench.answer()
    assert [view.cursor_iteration for view in (bench.surface, bench.contour)] == [7, 7]
    assert all(len(shown.runs) == 2 for shown in bench.scenes)


def test_runs_that_come_while_the_first_landscape_is_drawn_find_room_for_their_legend(bench: Bench) -> None:
    first = map_scene()
    bench.show(replace(first, runs=()))
    bench.show(replace(first, runs=tuple(replace(runs(1)[0], slot=slot) for slot in range(6))))
    bench.answer()
    assert [order[0] for order in bench.asked] == [SURFACE]
    bench.answer()
    assert not bench.asked
    drawing = bench.surface.drawing()
    assert drawing is not None
    assert drawing.viewport.covered == drawing.covered > (0.0, 0.0)


def test_runs_on_another_loss_come_with_its_landscape(bench: Bench) -> None:
    first, other = map_scene(), MapScene(valley(41), runs(1))
    bench.show(first)
    bench.answer()
    bench.show(other, "b")
    assert all(shown is first for shown in bench.scenes)
    bench.answer()
    assert all(shown is other for shown in bench.scenes)


def test_what_was_drawn_late_is_dropped_where_the_one_before_is_wanted_again(bench: Bench) -> None:
    first, other = map_scene(), MapScene(valley(41), runs(1))
    bench.show(first)
    bench.answer()
    bench.show(other, "b")
    bench.show(first)
    bench.answer()
    assert all(shown is first for shown in bench.scenes)


def test_of_two_on_their_way_each_is_shown_as_it_comes(bench: Bench) -> None:
    scenes = [MapScene(valley(points), runs(1)) for points in (31, 41)]
    for scene, loss in zip(scenes, "ab", strict=True):
        bench.show(scene, loss)
    for scene in scenes:
        bench.answer()
        assert all(shown is scene for shown in bench.scenes)


def test_the_camera_is_placed_once_and_not_before_the_landscape_is_settled(bench: Bench) -> None:
    usual = bench.surface.camera()
    bench.show(map_scene(), settled=False)
    bench.answer()
    assert bench.maps.camera_due
    assert bench.surface.camera() == usual
    bench.show(map_scene())
    bench.answer()
    placed = bench.surface.camera()
    assert not bench.maps.camera_due
    assert placed != usual
    # turned by a person while the next landscape of the same problem is drawn
    bench.show(MapScene(valley(41), runs(1)))
    bench.surface.setCamera(placed.orbited(20, 5))
    bench.answer()
    assert bench.surface.camera() == placed.orbited(20, 5)
    drawing = bench.surface.drawing()
    assert drawing is not None
    assert drawing.camera == placed.orbited(20, 5)


def test_a_camera_that_falls_due_on_the_landscape_shown_is_placed_at_once(bench: Bench) -> None:
    scene = map_scene()
    bench.show(scene)
    bench.answer()
    placed = bench.surface.camera()
    bench.surface.setCamera(placed.orbited(20, 5))
    bench.maps.camera_due = True
    bench.show(scene)
    assert bench.surface.camera() == placed


@pytest.mark.parametrize("change", ["theme", "size", "part"])
def test_a_view_that_looks_otherwise_by_now_is_drawn_anew(bench: Bench, change: str) -> None:
    bench.show(map_scene())
    for view in (bench.surface, bench.contour):
        if change == "theme":
            view.setTheme(LIGHT)
        elif change == "size":
            view.resize(500, 380)
    if change == "part":
        bench.contour.setRange(-1.0, 1.0, 0.0, 2.0)
    bench.answer()
    for view in (bench.surface, bench.contour):
        before = picture(view)
        view.refresh()
        assert picture(view) == before
        drawing = view.drawing()
        assert drawing is not None
        assert drawing.theme is view.theme
        assert drawing.size == (view.width(), view.height())
    if change == "part":
        assert bench.contour.range() == (-1.0, 1.0, 0.0, 2.0)
