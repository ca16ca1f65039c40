"""The cloud of gradients, its ellipses, and the ghost of a batch's loss."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.scene.contour import ContourDrawing
from gdstudio.scene.ghost import Ghost, ghost_lines
from gdstudio.scene.gradient_cloud import Cloud, CloudDrawing, CloudScene, alike, ellipse
from gdstudio.scene.theme import DARK, LIGHT
from tests.scene.pixels import difference, near, painted
from tests.scene.points import cloud, cloud_at
from tests.scene.valley import map_scene

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = 420.0, 330.0


@given(st.floats(0.01, 10), st.floats(0.01, 10), st.floats(-0.9, 0.9), st.sampled_from([1.0, 2.0]))
def test_an_ellipse_is_as_many_deviations_away_everywhere(a: float, b: float, part: float, sigma: float) -> None:
    covariance = np.array([[a * a, part * a * b], [part * a * b, b * b]])
    apart = ellipse(np.array([3.0, -1.0]), covariance, sigma) - (3.0, -1.0)
    distances = np.sqrt(np.einsum("ni,ij,nj->n", apart, np.linalg.inv(covariance), apart))
    np.testing.assert_allclose(distances, sigma, rtol=1e-6)


def test_the_covariance_is_about_the_full_gradient() -> None:
    found = cloud_at(5)
    apart = found.gradients - found.full
    np.testing.assert_allclose(found.covariance, apart.T @ apart / len(apart))
    np.testing.assert_allclose(found.covariance, np.cov(found.gradients.T, bias=True))


def test_the_frame_holds_zero_both_arrows_and_two_deviations_with_axes_alike() -> None:
    drawing = CloudDrawing(cloud(), DARK, SIZE)
    for cursor in (0, 3, 20, 300):
        found = cloud_at(cursor)
        frame = drawing.frame(found)
        assert found.batch is not None
        points = np.vstack([np.zeros(2), found.full, found.batch, ellipse(found.full, found.covariance, 2.0)])
        for x, y in frame.pixels(points).tolist():
            assert frame.holds(x, y)
        x0, x1, y0, y1 = frame.extent
        assert (x1 - x0) / frame.width == pytest.approx((y1 - y0) / frame.height)
        assert frame.data(frame.left + frame.width / 2, frame.top + frame.height / 2) == pytest.approx((0, 0), abs=1e-9)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-0.99, 0.99), st.sampled_from([(300.0, 230.0), (420.0, 330.0)]))
def test_a_cloud_of_any_shape_fills_the_frame(wide: float, high: float, part: float, size: tuple[float, float]) -> None:
    ring = np.stack([np.cos(turn := np.linspace(0, 2 * np.pi, 24, endpoint=False)), np.sin(turn)], axis=1)
    gradients = ring @ np.array([[10.0**wide, part * 10.0**high], [0.0, (1 - part**2) ** 0.5 * 10.0**high]])
    found = Cloud(gradients, np.zeros(2))
    frame = CloudDrawing(cloud(), DARK, size).frame(found)
    points = frame.pixels(ellipse(found.full, found.covariance, 2.0))
    assert all(frame.holds(x, y) for x, y in points.tolist())
    filled = np.ptp(points, axis=0) / (frame.width, frame.height)
    # a step of the range is the root of two, and axes that are alike leave a side at most three times as wide
    assert filled.max() > 0.66
    assert filled.min() > (0.66 / 3 if alike(frame) else 0.66)


def test_a_batch_far_off_does_not_switch_the_scales() -> None:
    drawing, found = CloudDrawing(cloud(), DARK, SIZE), cloud_at(20)
    for batch in (np.array([1000.0, 0.0]), np.array([0.0, 1000.0])):
        frame = drawing.frame(replace(found, batch=batch))
        assert alike(frame)
        assert frame.holds(*frame.pixels(batch[None])[0].tolist())


def stretched(at: int, factor: float) -> Cloud:
    found = cloud_at(at)
    return Cloud(found.gradients * (1, factor), found.full * (1, factor))


def test_axes_to_different_scales_are_said_to_be() -> None:
    pictures = [
        painted(CloudDrawing(CloudScene(("w", "b"), partial(stretched, factor=factor)), LIGHT, SIZE).paint, 420, 330)
        for factor in (1.0, 1000.0)
    ]
    plain, said = (near(pixels[281:297, 66:190], LIGHT.text, 40).sum() for pixels in pictures)
    assert plain < 5
    assert said > 60


def test_gradients_that_are_all_zero_are_said_to_be_in_which_parameters() -> None:
    nothing = Cloud(np.zeros((9, 2)), np.zeros(2), np.zeros(2), np.arange(3))
    pictures = [
        painted(CloudDrawing(CloudScene(names, partial(_still, nothing)), LIGHT, SIZE).paint, 420, 330)
        for names in (("w", "b"), ("w", "slope"))
    ]
    assert not near(pictures[0], LIGHT.run_colour(0)).any()
    assert near(pictures[0][140:200], LIGHT.muted, 40).sum() > 60
    assert difference(*pictures) > 0


def test_the_frame_rests_while_gradients_hardly_change() -> None:
    drawing, found = CloudDrawing(cloud(), DARK, SIZE), cloud_at(20)
    frames = {drawing.frame(replace(found, full=found.full * (1 + part))).extent for part in np.linspace(0, 0.02, 9)}
    assert len(frames) <= 2


def test_the_batch_has_its_colour_and_the_full_set_alone_none() -> None:
    both = painted(CloudDrawing(cloud(), LIGHT, SIZE).paint, 420, 330)
    assert near(both, LIGHT.run_colour(0)).sum() > 100
    alone = CloudScene(("w", "b"), lambda at: replace(cloud_at(at), batch=None, lit=None))
    pixels = painted(CloudDrawing(alone, LIGHT, SIZE).paint, 420, 330)
    assert not near(pixels, LIGHT.run_colour(0)).any()
    assert replace(cloud_at(0), size=64).batch_size == 64
    assert replace(cloud_at(0), lit=None).batch_size == 0


def _still(found: Cloud, cursor: int) -> Cloud:
    del cursor
    return found


@pytest.mark.parametrize("value", [0.0, 1e-300, 1e300, np.nan, np.inf])
def test_gradients_of_any_size_are_drawn_without_a_word(value: float) -> None:
    gradients = np.array([[value, 1.0], [1.0, value], [0.0, 0.0]])
    for full in (np.array([value, value]), np.zeros(2)):
        found = Cloud(gradients, full, np.array([value, 0.0]), np.array([0, 1]))
        scene = CloudScene(("w", "b"), partial(_still, found))
        assert np.isfinite(painted(CloudDrawing(scene, DARK, SIZE).paint, 420, 330)).all()


def bowl(centre: tuple[float, float] = (0.5, 1.0)) -> Ghost:
    xs, ys = np.linspace(-2, 2, 61), np.linspace(-1, 3, 61)
    across, down = np.meshgrid(xs, ys)
    return Ghost(xs, ys, (across - centre[0]) ** 2 + 2 * (down - centre[1]) ** 2, np.array([[0.0, 0.0], [9.0, 9.0]]))


def test_the_ghost_rings_lie_about_the_minimum_of_the_batch() -> None:
    ghost = bowl()
    assert len(ghost.contours) == 3
    for ring in ghost.contours:
        np.testing.assert_allclose(ring[0], ring[-1])
        np.testing.assert_allclose((ring.min(axis=0) + ring.max(axis=0)) / 2, (0.5, 1.0), atol=0.02)
    areas = [np.ptp(ring[:, 0]) * np.ptp(ring[:, 1]) for ring in ghost.contours]
    assert areas == sorted(areas)


def test_the_ghost_follows_the_cursor_over_the_map_and_leaves_its_ground_alone() -> None:
    plain = map_scene(20)
    asked: list[int] = []

    def ghost(cursor: int) -> Ghost | None:
        asked.append(cursor)
        return bowl((cursor / 20 - 1, 1.0)) if cursor else None

    drawing = ContourDrawing(replace(plain, ghost=ghost), DARK, SIZE)
    before = ContourDrawing(plain, DARK, SIZE)
    assert drawing.same_ground(before)
    pictures = [painted(partial(drawing.live, cursor=at), 420, 330) for at in (0, 10, 30)]
    painted(lambda painter: drawing.live(painter, 30), 420, 330)
    assert asked == [0, 10, 30]
    without = painted(lambda painter: before.live(painter, 0), 420, 330)
    assert difference(pictures[0], without) == 0.0
    assert difference(pictures[1], pictures[2]) > 0.3


def test_a_ghost_with_holes_or_without_numbers_is_no_error() -> None:
    frame = ContourDrawing(map_scene(), DARK, SIZE).frame
    ghost = bowl()
    holes = ghost.z.copy()
    holes[10:20, 10:20] = np.nan
    assert len(ghost_lines(frame, replace(ghost, z=holes)).ends)
    assert len(ghost_lines(frame, replace(ghost, z=np.full_like(holes, np.nan))).ends) == 0
    flat = ghost_lines(frame, replace(ghost, z=np.zeros_like(holes)))
    assert np.isfinite(flat.ends).all()
