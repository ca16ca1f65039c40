"""What a camera sees of a relief, cell by cell, is what the rays say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.scene.camera import Camera
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.relief import Relief
from tests.scene.valley import valley

if TYPE_CHECKING:
    import pytest

LOW = Camera(elevation=18, azimuth=-90)


def _feet(count: int) -> np.ndarray:
    return np.random.default_rng(7).uniform(-1.0, 1.0, (count, 2))


def test_cells_agree_with_rays_but_at_the_edges_of_shadows() -> None:
    relief, feet = Relief(valley()), _feet(4000)
    points = np.column_stack([feet, relief.lift(feet[:, 0], feet[:, 1])])
    rays = relief.hidden(points, LOW)
    assert 0.05 < rays.mean() < 0.95
    assert (relief.occlusion(LOW).hides(feet) != rays).mean() < 0.04


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    feet = _feet(300)
    at_once = Relief(valley()).occlusion(LOW).hides(feet)
    relief = Relief(valley())
    one_by_one = [bool(relief.occlusion(LOW).hides(foot[None])[0]) for foot in feet[::-1]]
    assert one_by_one[::-1] == at_once.tolist()


def test_nothing_is_looked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    relief, feet = Relief(valley()), _feet(50)
    first = relief.occlusion(LOW).hides(feet)
    monkeypatch.setattr(Relief, "hidden", None)
    assert (relief.occlusion(LOW).hides(feet) == first).all()
    assert relief.occlusion(Camera()) is not relief.occlusion(LOW)


def test_a_hole_hides_nothing() -> None:
    axis = np.linspace(-1, 1, 41)
    heights = np.add.outer(axis**2, axis**2)
    heights[10:30, 10:30] = np.nan
    relief = Relief(Landscape(("x", "y"), axis, axis, heights))
    assert not relief.occlusion(LOW).hides(np.zeros((1, 2)))[0]
