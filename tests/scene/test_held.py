"""Where the variables are held that a picture does not show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.held import held_text
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.theme import THEMES, Theme
from tests.scene.pixels import difference, painted
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
