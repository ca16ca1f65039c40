"""The landscape in space: placing, draping, hiding, rays."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.relief import HEIGHT, Relief
from gdstudio.scene.runs import RunPath
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.theme import DARK, LIGHT
from tests.scene.valley import map_scene, runs, valley


def bowl(sign: float = 1.0) -> Landscape:
    axis = np.linspace(-1, 1, 81)
    return Landscape(("x", "y"), axis, axis, sign * np.add.outer(axis**2, axis**2))


def test_heights_fill_the_box() -> None:
    heights = Relief(valley()).heights
    assert np.nanmin(heights) == pytest.approx(-HEIGHT / 2)
    assert np.nanmax(heights) == pytest.approx(HEIGHT / 2)


def test_a_ray_through_a_seen_point_of_the_surface_finds_it_again() -> None:
    drawing = SurfaceDrawing(map_scene(), DARK, Viewport(700, 600), Camera())
    relief = drawing.relief
    assert relief is not None
    found = 0
    for x, y in np.random.default_rng(3).uniform((-1.9, -0.9), (1.9, 2.9), (200, 2)):
        point = relief.place(x, y)
        if relief.hidden(point[None], drawing.camera)[0]:
            continue
        pixels, _ = drawing.camera.project(point, drawing.viewport)
        met = drawing.variables_at(*pixels)
        assert met is not None
        if np.allclose(met, (x, y), atol=1e-3):
            found += 1
        else:
            # where the surface is seen edge on, a nearer fold may stand within a hair of the ray
            nearer = np.linalg.norm(relief.place(*met) - drawing.camera.position())
            assert nearer < np.linalg.norm(point - drawing.camera.position()) + 1e-3
    assert found > 80


def test_a_ray_beside_the_surface_meets_nothing() -> None:
    drawing = SurfaceDrawing(map_scene(), DARK, Viewport(700, 600), Camera())
    assert drawing.variables_at(2, 2) is None
    assert drawing.variables_at(698, 2) is None


def test_a_hill_hides_what_is_behind_it_and_a_bowl_shows_its_bottom() -> None:
    camera = Camera(elevation=20, azimuth=-90)
    hill, hollow = Relief(bowl(-1.0)), Relief(bowl())
    behind, before = hill.place(0.0, 0.8), hill.place(0.0, -0.8)
    assert hill.hidden(np.array([behind, before]), camera).tolist() == [True, False]
    assert hollow.hidden(hollow.place(0.0, 0.3)[None], Camera(elevation=60, azimuth=-90)).tolist() == [False]


def test_a_draped_path_lies_on_the_ground_from_the_start_to_the_last_iterate() -> None:
    relief, run = Relief(valley()), runs(1)[0]
    draped = relief.draped(run)
    np.testing.assert_allclose(draped.ends[0, 0], relief.place(*run.points[0]), atol=1e-9)
    np.testing.assert_allclose(draped.ends[-1, 1], relief.place(*run.points[-1]), atol=1e-9)
    assert draped.iterates[-1] == len(run) - 1
    assert (np.diff(draped.iterates) >= 0).all()
    flat = draped.ends.reshape(-1, 3)
    np.testing.assert_allclose(flat[:, 2], relief.lift(flat[:, 0], flat[:, 1]), atol=1e-12)


def test_a_path_that_leaves_is_cut_at_the_edge_and_comes_back() -> None:
    points = np.array([[0.0, 0.0], [0.0, 1e12], [0.5, 0.5], [np.nan, 0.0], [-0.5, 0.0], [0.0, 0.5]])
    run = RunPath("wild", 0, points, np.zeros(6))
    draped = Relief(bowl()).draped(run)
    assert len(draped.ends)
    assert np.abs(draped.ends[..., :2]).max() <= 1 + 1e-9
    assert not ((draped.iterates > 2) & (draped.iterates < 4.0)).any()
    assert draped.iterates[-1] == 5


def test_the_path_is_draped_once_for_each_run() -> None:
    relief, (run, other) = Relief(valley()), runs(2)
    assert relief.draped(run) is relief.draped(run)
    assert relief.draped(run) is not relief.draped(other)


def test_a_very_long_path_is_bounded() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (50_000, 2))
    draped = Relief(bowl()).draped(RunPath("noise", 0, points, np.zeros(50_000)))
    assert len(draped.ends) <= 2 * 3000


def test_light_and_height_give_finite_colours_even_with_holes() -> None:
    axis = np.linspace(-1, 1, 20)
    z = np.add.outer(axis, axis)
    z[3:6, 3:6] = np.nan
    relief = Relief(Landscape(("x", "y"), axis, axis, z))
    for theme in (DARK, LIGHT):
        colours = relief.colours(*relief.grid(), theme)
        assert colours.shape == (20, 20, 3)
        assert np.isfinite(colours).all()
    assert relief.draped(RunPath("over the hole", 0, np.array([[-1.0, -1.0], [1.0, 1.0]]), np.zeros(2))).ends.size
