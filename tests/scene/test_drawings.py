"""Every drawing as pixels: what must be there is, what has not changed does not move."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.curves import CurvesDrawing, CurvesScene
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.polylines import MOST
from gdstudio.scene.profile import ProfileDrawing, ProfileScene
from gdstudio.scene.runs import RunPath, Series
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.theme import DARK, LIGHT, THEMES, Theme
from tests.scene.pixels import difference, near, painted
from tests.scene.valley import curves_scene, map_scene, profile_scene, runs, valley

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.scene.drawing import Drawing

pytestmark = pytest.mark.usefixtures("qapp")

WIDTH, HEIGHT = 420, 360


def drawings(theme: Theme = DARK, cursor: int = 80) -> dict[str, Drawing]:
    size = (float(WIDTH), float(HEIGHT))
    return {
        "contour": ContourDrawing(map_scene(cursor), theme, size),
        "surface": SurfaceDrawing(map_scene(cursor), theme, Viewport(*size), Camera(), cells=40),
        "curves": CurvesDrawing(curves_scene(cursor), theme, size),
        "profile": ProfileDrawing(profile_scene(min(cursor, 5)), theme, size),
    }


NAMES = ("contour", "surface", "curves", "profile")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_it_fills_its_size_in_the_colours_of_the_theme(name: str, theme: Theme) -> None:
    pixels = painted(drawings(theme)[name].paint, WIDTH, HEIGHT)
    corner = pixels[-1, -1].mean()
    assert (corner < 60) if theme.dark else (corner > 200)
    assert near(pixels, theme.run_colour(0)).sum() > 20


@pytest.mark.parametrize("name", NAMES)
def test_painting_twice_gives_the_same_pixels_and_ground_and_live_make_the_whole(name: str) -> None:
    drawing = drawings()[name]
    whole = painted(drawing.paint, WIDTH, HEIGHT)
    assert difference(whole, painted(drawing.paint, WIDTH, HEIGHT)) == 0.0
    assert difference(whole, painted(drawings()[name].paint, WIDTH, HEIGHT)) == 0.0
    cursor = 80 if name != "profile" else 5

    def in_parts(painter: QPainter) -> None:
        drawing.ground(painter)
        drawing.live(painter, cursor)

    parts = painted(in_parts, WIDTH, HEIGHT)
    assert difference(whole, parts) == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_the_ground_does_not_move_with_the_cursor_and_the_live_part_does(name: str) -> None:
    early, late = drawings(cursor=1)[name], drawings(cursor=150)[name]
    assert difference(painted(early.ground, WIDTH, HEIGHT), painted(late.ground, WIDTH, HEIGHT)) == 0.0
    assert difference(painted(early.paint, WIDTH, HEIGHT), painted(late.paint, WIDTH, HEIGHT)) > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_pixels_show_the_same_picture_crisper(name: str) -> None:
    drawing = drawings()[name]
    once, twice = painted(drawing.paint, WIDTH, HEIGHT), painted(drawing.paint, WIDTH, HEIGHT, 2.0)
    halved = twice.reshape(HEIGHT, 2, WIDTH, 2, 3).mean(axis=(1, 3))
    assert difference(once, halved) < 3.0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_show_is_no_error(name: str) -> None:
    size = (float(WIDTH), float(HEIGHT))
    empty: dict[str, Drawing] = {
        "contour": ContourDrawing(MapScene(), DARK, size),
        "surface": SurfaceDrawing(MapScene(), DARK, Viewport(*size), Camera()),
        "curves": CurvesDrawing(CurvesScene(), DARK, size),
        "profile": ProfileDrawing(ProfileScene(), DARK, size),
    }
    assert near(painted(empty[name].paint, WIDTH, HEIGHT), DARK.window, 20).any()


def test_the_path_ends_at_the_cursor_whatever_was_thinned() -> None:
    scene = map_scene(cursor=37)
    drawing = ContourDrawing(scene, DARK, (WIDTH, HEIGHT))
    for way in drawing.ways:
        behind = way.behind(37)
        np.testing.assert_allclose(behind.ends[-1, 2:], way.pixels[37])
        np.testing.assert_allclose(behind.ends[0, :2], way.pixels[0])


def test_a_run_that_is_not_visible_is_not_drawn_but_stays_in_the_legend() -> None:
    scene = map_scene()
    hidden = replace(scene, runs=tuple(replace(run, visible=False) for run in scene.runs))
    contour = ContourDrawing(hidden, DARK, (WIDTH, HEIGHT))
    assert not near(painted(contour.paint, WIDTH, HEIGHT), DARK.run_colour(0)).any()
    surface = SurfaceDrawing(hidden, DARK, Viewport(WIDTH, HEIGHT), Camera(), cells=20)
    assert [row.visible for row in surface.legend_rows(0)] == [False, False]


def test_paths_and_bands_are_used_again_where_nothing_changed() -> None:
    scene = map_scene()
    first = ContourDrawing(scene, DARK, (WIDTH, HEIGHT))
    assert first.areas
    second = ContourDrawing(replace(scene, runs=(*scene.runs, *runs(1))), DARK, (WIDTH, HEIGHT), earlier=first)
    assert second.areas is first.areas
    assert second.ways[0] is first.ways[0]
    assert second.same_ground(first)
    other = ContourDrawing(replace(scene, landscape=valley()), DARK, (WIDTH, HEIGHT), earlier=first)
    assert other.areas is not first.areas
    assert not other.same_ground(first)


def test_wild_runs_are_drawn_without_a_word() -> None:
    points = np.array([[0.0, 0.0], [1e300, -1e300], [np.nan, 1.0], [0.5, np.inf], [1e9, 1.0], [-1.0, 1.0]])
    losses = np.array([1.0, np.inf, np.nan, 1e300, 1e250, 2.0])
    run = RunPath("diverged", 3, points, losses)
    scene = MapScene(valley(), (run,), 5, (0.0, 0.0))
    for cursor in range(6):
        contour = ContourDrawing(scene, DARK, (WIDTH, HEIGHT))
        painted(partial(contour.live, cursor=cursor), WIDTH, HEIGHT)
        surface = SurfaceDrawing(scene, DARK, Viewport(WIDTH, HEIGHT), Camera(), cells=20)
        painted(partial(surface.live, cursor=cursor), WIDTH, HEIGHT)
        curves = CurvesScene((Series("diverged", 3, losses),), cursor)
        painted(CurvesDrawing(curves, DARK, (WIDTH, HEIGHT)).paint, WIDTH, HEIGHT)
        profile = replace(profile_scene(cursor), runs=(RunPath("diverged", 3, points[:, :1], losses),))
        painted(ProfileDrawing(profile, DARK, (WIDTH, HEIGHT)).paint, WIDTH, HEIGHT)


def test_where_a_run_does_not_know_its_loss_its_ball_is_on_the_curve_all_the_same() -> None:
    scene = profile_scene(7)
    (run,) = scene.runs
    held = replace(run, losses=np.full(len(run), run.losses[0]), told=np.zeros(len(run), int))
    for exact, shown in zip(
        ProfileDrawing(scene, DARK, (WIDTH, HEIGHT)).ways,
        ProfileDrawing(replace(scene, runs=(held,)), DARK, (WIDTH, HEIGHT)).ways, strict=True,
    ):
        np.testing.assert_allclose(shown.pixels, exact.pixels, atol=0.05)


def test_a_long_path_has_a_bounded_number_of_lines() -> None:
    noise = np.random.default_rng(0).uniform((-2, -1), (2, 3), (100_000, 2))
    run = RunPath("noise", 0, noise, np.ones(100_000))
    drawing = ContourDrawing(MapScene(valley(), (run,), 99_999, None), DARK, (WIDTH, HEIGHT))
    assert len(drawing.ways[0].lines.ends) <= MOST


def test_the_surface_looks_the_same_from_the_other_side_of_the_clock() -> None:
    axis = np.linspace(-1, 1, 41)
    bowl = Landscape(("x", "y"), axis, axis, np.add.outer(axis**2, axis**2))
    scene = MapScene(bowl)
    here = SurfaceDrawing(scene, LIGHT, Viewport(300, 300), Camera(azimuth=30), cells=40)
    there = SurfaceDrawing(scene, LIGHT, Viewport(300, 300), Camera(azimuth=30 + 360), cells=40)
    assert difference(painted(here.mesh, 300, 300), painted(there.mesh, 300, 300)) == pytest.approx(0.0, abs=0.2)


def test_curves_keep_their_spikes() -> None:
    values = np.full(50_000, 1.0)
    values[31_234] = 50.0
    drawing = CurvesDrawing(CurvesScene((Series("spike", 0, values),), 0), DARK, (WIDTH, HEIGHT))
    tops = drawing.curves[0].ends[:, [1, 3]].min()
    assert tops == pytest.approx(drawing.frame.y(float(drawing.scale.forward(50.0))), abs=1e-6)
    assert len(drawing.curves[0].ends) <= 2 * WIDTH + 2


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_minimum_behind_the_surface_is_seen_as_well_as_one_before_it(theme: Theme) -> None:
    axis = np.linspace(-3, 3, 81)
    heights = -np.exp(-np.add.outer((axis - 1.5) ** 2, axis**2)) + 2 * np.exp(-4 * np.add.outer(axis**2, 0 * axis))
    places = np.array([[0.0, 1.5], [0.0, -2.5]])
    plain = MapScene(Landscape(("x", "y"), axis, axis, heights))
    starred = MapScene(Landscape(("x", "y"), axis, axis, heights, minima=places))
    camera, viewport = Camera(azimuth=-90, elevation=20, home=(-90, 20)), Viewport(480, 360)
    drawing = SurfaceDrawing(starred, theme, viewport, camera, cells=40)
    assert drawing.relief is not None
    points = drawing.relief.place(*places.T)
    assert list(drawing.relief.hidden(points, camera)) == [True, False]
    without = painted(SurfaceDrawing(plain, theme, viewport, camera, cells=40).paint, 480, 360)
    pixels = painted(drawing.paint, 480, 360)
    contrasts = []
    for x, y in camera.project(points, viewport)[0]:
        part = np.s_[round(y) - 9:round(y) + 10, round(x) - 9:round(x) + 10]
        assert near(pixels[part], theme.rim, 40).sum() >= 12
        contrasts.append(np.abs(pixels[part] - without[part]).max(axis=2).max())
        assert pixels[part].min() < without[part].min() - 20 or pixels[part].min() < 40  # its dark edge
    assert min(contrasts) > 60
