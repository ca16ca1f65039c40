"""The maps are perceptually uniform and quiet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.scene.colormap import Colormap, oklab, rgb_of, srgb
from gdstudio.scene.theme import DARK, LIGHT, MARKERS, THEMES, marker_of


@pytest.mark.parametrize("terrain", [DARK.terrain, LIGHT.terrain])
def test_lightness_rises_evenly(terrain: Colormap) -> None:
    lightness = oklab(terrain.at(np.linspace(0, 1, 200)))[:, 0]
    steps = np.diff(lightness)
    assert (steps > 0).all()
    assert steps.max() < 2.0 * steps.mean()


@given(st.tuples(*[st.floats(0, 1)] * 3))
def test_oklab_and_back(rgb: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(srgb(oklab(rgb)), rgb, atol=2e-6)


def test_the_ends_are_the_first_and_the_last_colour_and_holes_are_no_error() -> None:
    terrain = Colormap("#101020", "#80c0a0")
    found = terrain.bytes_at([-5.0, 0.0, 1.0, 7.0, np.nan, np.inf])
    low, high = rgb_of("#101020"), rgb_of("#80c0a0")
    assert [tuple(row) for row in found.tolist()] == [low, low, high, high, low, high]


def test_themes_have_seven_run_styles_that_differ() -> None:
    for theme in THEMES.values():
        assert len(set(theme.runs)) == len(set(MARKERS)) == 7
        assert theme.run_colour(7) == theme.run_colour(0)
    assert marker_of(8) == marker_of(1)
    assert DARK.dark
    assert not LIGHT.dark


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_reads_on_its_ground(theme: object) -> None:
    def luminance(colour: str) -> float:
        channels = np.array(rgb_of(colour)) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    for ink in ("text", "muted"):
        for ground in ("window", "panel", "plot", "raised"):
            light, dark = sorted((luminance(getattr(theme, ink)), luminance(getattr(theme, ground))), reverse=True)
            assert (light + 0.05) / (dark + 0.05) > 4.5
