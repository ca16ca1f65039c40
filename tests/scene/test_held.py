"""What a map says in words: where the variables are held that it does not show, and that there is nothing to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.held import held_text
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.lettering import sans, text_width
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.theme import DARK, THEMES, Theme
from tests.scene.pixels import difference, near, painted
from tests.scene.valley import valley

pytestmark = pytest.mark.usefixtures("qapp")

MANY = tuple((f"x{index}", 1.0 / index) for index in range(3, 21))


def test_as_many_are_named_as_there_is_room_for() -> None:
    assert held_text((), 500) == ""
    assert held_text((("m", 1.0),), 500) == "at m = 1"
    assert held_text((("m", 1.0),), 0) == ""
    assert held_text(MANY, 110) == f"{len(MANY)} others held"
    assert held_text((("a", -0.5), ("b", 1e200)), 500) == "at a = −0.5, b = 1e200"
    shorter = held_text(MANY, 260)
    assert shorter.startswith("at x3 = 0.333, x4 = 0.25")
    assert shorter.endswith(" more")
    named = shorter.count("=")
    assert shorter.endswith(f" and {len(MANY) - named} more")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_surface_and_map_say_it(theme: Theme) -> None:
    size = (420.0, 360.0)
    for held in ((("m", 1.0),), MANY):
        plain, telling = MapScene(valley()), MapScene(replace(valley(), held=held))
        camera, viewport = Camera(), Viewport(*size)
        surfaces = [SurfaceDrawing(scene, theme, viewport, camera, cells=20) for scene in (plain, telling)]
        without, said = (painted(drawing.ground, 420, 360) for drawing in surfaces)
        assert difference(without[:300], said[:300]) == 0.0
        assert (without[330:] != said[330:]).any(axis=2).sum() > 60
        maps = [ContourDrawing(scene, theme, size) for scene in (plain, telling)]
        without, said = (painted(drawing.ground, 420, 360) for drawing in maps)
        assert (without[10:36] != said[10:36]).any(axis=2).sum() > 60
        assert difference(without[40:], said[40:]) == 0.0


def test_a_map_of_a_loss_that_is_the_same_everywhere_says_so() -> None:
    xs = np.linspace(-1.0, 1.0, 9)
    flat, hardly = (Landscape(("x", "y"), xs, xs, 1.0 + slope * np.add.outer(xs, xs)) for slope in (0.0, 1e-6))
    written = []
    for landscape in (flat, hardly):
        drawing = ContourDrawing(MapScene(landscape), DARK, (420.0, 330.0))
        frame = drawing.frame
        middle = round(frame.top + 0.25 * frame.height)
        pixels = painted(drawing.labels, 420, 330)[middle - 8:middle + 8, round(frame.left):round(frame.right)]
        written.append(int(near(pixels, DARK.text, 40).sum()))
    assert written[0] > 100
    assert written[1] == 0


@pytest.mark.parametrize("size", [(302.0, 240.0), (420.0, 330.0)])
@pytest.mark.parametrize("name", ["W_0_1", "w_progression"])
def test_what_is_held_keeps_apart_from_the_name_of_the_axis(size: tuple[float, float], name: str) -> None:
    landscape = replace(valley(), names=("w", name), held=tuple((f"W_0_{index}", 0.5) for index in range(2, 9)))
    drawing = ContourDrawing(MapScene(landscape), DARK, size)
    frame = drawing.frame
    top, left = round(frame.top + 11), round(frame.left)
    pixels = painted(drawing.labels, *map(round, size))[top - 6:top + 6, left:round(frame.right)]
    written = np.flatnonzero(near(pixels, DARK.text, 60).any(axis=0))
    assert len(written)
    # letters and words are a few pixels apart, the two texts far more
    assert np.diff(written).max() > 16 or written.max() < text_width(name, sans(12)) + 12
