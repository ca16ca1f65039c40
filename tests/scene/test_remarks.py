"""What the curve of one variable says in words: beside everything else, and only of what can be seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gdstudio.scene.legend import legend_size
from gdstudio.scene.profile import ProfileDrawing, ProfileScene
from gdstudio.scene.remarks import Remark, draw_remarks, emptiest, in_lines, remarks_size
from gdstudio.scene.runs import RunPath
from gdstudio.scene.tangent import Tangent
from gdstudio.scene.theme import DARK, LIGHT, THEMES, Theme
from tests.scene.pixels import near, painted
from tests.scene.valley import profile_scene

pytestmark = pytest.mark.usefixtures("qapp")

SIZES = ((718.0, 726.0), (472.0, 555.0))
RATES = (0.17, 0.01, 0.0005)


def scene(rate: float, start: float, cursor: int, others: int = 0) -> ProfileScene:
    xs = np.linspace(-2.2, 2.2, 801)
    thetas = start * (1 - 10 * rate) ** np.arange(40.0)
    run = RunPath("Gradient descent", 0, thetas[:, None], 5 * thetas**2, slopes=10 * thetas)
    more = tuple(replace(run, slot=slot) for slot in range(1, others + 1))
    return ProfileScene("x", xs, 5 * xs**2, np.array([0.0]), (run, *more), cursor, start)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("start", [-2.0, -0.3, 1.8])
@pytest.mark.parametrize("others", [0, 3])
def test_remarks_hide_neither_curve_nor_iterates_nor_legend(
    size: tuple[float, float], rate: float, start: float, others: int
) -> None:
    for cursor in (0, 1, 3, 12):
        drawing = ProfileDrawing(scene(rate, start, cursor, others), DARK, size)
        box = drawing.remarks_box(cursor)
        assert box is not None
        panel, frame = QRectF(*box), drawing.frame
        assert frame.rectangle.contains(panel)
        curve = frame.pixels(np.stack([drawing.scene.xs, drawing.scene.z], axis=1))
        assert not any(panel.contains(float(x), float(y)) for x, y in curve)
        iterates = np.concatenate([way.pixels for way in drawing.ways])
        ball = panel.adjusted(-6, -6, 6, 6)
        assert not any(ball.contains(float(x), float(y)) for x, y in iterates)
        legend = QRectF(*drawing.legend_corner, *legend_size(drawing.legend_rows(cursor)))
        assert not panel.intersects(legend)
        assert not any(legend.adjusted(-6, -6, 6, 6).contains(float(x), float(y)) for x, y in curve)
        assert panel.bottom() < frame.bottom - 20  # where the arrow of the step lies


def test_remarks_side_by_side_go_on_in_the_next_line() -> None:
    remarks = [Remark(text, "line", DARK.text) for text in ("full gradient", "this batch", "2σ of batches of 16")]
    assert in_lines(remarks, 1000.0) == [remarks]
    assert in_lines(remarks, 250.0) == [remarks[:2], remarks[2:]]
    assert in_lines(remarks, 10.0) == [[remark] for remark in remarks]
    assert in_lines([], 10.0) == []


def test_the_legend_hides_no_tick_label() -> None:
    drawing = ProfileDrawing(scene(0.17, 1.8, 3), DARK, SIZES[1])
    assert drawing.legend_corner[0] > drawing.frame.left


def test_a_step_too_small_to_be_seen_is_told_but_not_drawn() -> None:
    for rate, seen in ((0.17, True), (0.0005, False)):
        drawing = ProfileDrawing(scene(rate, 1.8, 0), LIGHT, SIZES[0])
        tangent = drawing.tangent(0)
        assert tangent is not None
        assert tangent.promise_is_seen(drawing.frame) is seen
        signs = [remark.sign for remark in drawing.remarks(0)]
        assert signs == (["dashes", "arrow", "line"] if seen else ["dashes", "arrow"])
        pixels = painted(drawing.paint, *(round(length) for length in SIZES[0]))
        box = drawing.remarks_box(0)
        assert box is not None
        promised = near(pixels, LIGHT.promise, 30)
        promised[round(box[1]):round(box[1] + box[3]), round(box[0]):round(box[0] + box[2])] = False
        assert promised.any() == seen


def test_at_the_end_there_is_no_step_to_tell_of() -> None:
    drawing = ProfileDrawing(profile_scene(11), DARK, SIZES[0])
    assert [remark.sign for remark in drawing.remarks(11)] == ["dashes"]
    flat = replace(drawing.scene.runs[0], points=np.zeros((12, 1)), slopes=np.zeros(12))
    still = ProfileDrawing(replace(drawing.scene, runs=(flat,)), DARK, SIZES[0])
    assert [remark.text for remark in still.remarks(0)] == ["slope f′ = 0: flat"]


def test_with_several_runs_the_remarks_say_whose_they_are() -> None:
    drawing = ProfileDrawing(scene(0.17, 1.8, 3, others=1), DARK, SIZES[0])
    assert (drawing.remarks(3)[0].text, drawing.remarks(3)[0].sign) == ("Gradient descent", "marker")


def test_where_there_is_no_room_nothing_is_said() -> None:
    assert ProfileDrawing(profile_scene(), DARK, (200.0, 140.0)).remarks_box(2) is None


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_panel_is_raised_and_has_the_signs_of_what_it_is_about(theme: Theme) -> None:
    remarks = [
        Remark("slope", "dashes", theme.tangent), Remark("step", "arrow", theme.run_colour(0)),
        Remark("promise", "line", theme.promise), Remark("Adam", "marker", theme.run_colour(2), 2),
    ]
    width, height = remarks_size(remarks)
    assert width % 24 == 0
    pixels = painted(lambda painter: draw_remarks(painter, 10, 10, remarks, theme), 200, 120)
    assert near(pixels, theme.raised, 14).mean() > 0.2
    for remark in remarks:
        assert near(pixels, remark.colour, 30)[:, :48].sum() >= 8
    assert near(pixels, theme.text, 60)[:, 40:].any()
    outside = np.ones(pixels.shape[:2], dtype=bool)
    outside[10:10 + round(height), 10:10 + round(width)] = False
    assert not pixels[outside].any()


def test_the_emptiest_corner_is_the_first_of_equals() -> None:
    corners = [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0)]
    points = np.array([[1.0, 1.0], [1.0, 2.0], [11.0, 1.0]])
    assert emptiest(corners, (5.0, 5.0), points) == (0.0, 10.0)
    assert emptiest(corners[:2], (5.0, 5.0), points) == (10.0, 0.0)
    assert emptiest(corners, (5.0, 5.0), np.empty((0, 2))) == (0.0, 0.0)
    # what comes first counts for more than any number of what follows
    assert emptiest(corners[:2], (5.0, 5.0), np.array([[11.0, 1.0]]), points) == (0.0, 0.0)
    assert emptiest(corners[1:], (5.0, 5.0), np.array([[8.0, 1.0]]), margin=3.0) == (0.0, 10.0)


@pytest.mark.parametrize(("slope", "word"), [(0.0, "flat"), (-1e-7, "flat"), (1e-5, "flat"), (0.1, "left"),
                                             (-0.1, "right"), (20.0, "left")])
def test_where_hardly_any_slope_is_left_it_is_called_flat(slope: float, word: str) -> None:
    drawing = ProfileDrawing(scene(0.01, 1.8, 0), DARK, SIZES[0])
    tangent = Tangent(0.0, 1.0, slope, None, None, 0, first=18.0)
    assert word in tangent.remarks(drawing.frame, DARK)[0].text


def test_a_run_that_begins_beyond_all_numbers_is_not_called_flat() -> None:
    drawing = ProfileDrawing(scene(0.01, 1.8, 0), DARK, SIZES[0])
    assert "left" in Tangent(0.0, 1.0, 3.0, None, None, 0, first=np.inf).remarks(drawing.frame, DARK)[0].text


def test_a_curve_without_any_value_has_no_ticks_and_says_so() -> None:
    whole = scene(0.01, 1.8, 0)
    empty = replace(whole, z=np.full(len(whole.xs), np.inf), runs=())
    drawing = ProfileDrawing(empty, DARK, SIZES[0])
    pixels = painted(drawing.ground, 718, 726)
    frame = drawing.frame
    assert np.ptp(pixels[:round(frame.bottom) - 2, :round(frame.left) - 4].astype(int)) < 8
    middle = pixels[round(frame.rectangle.center().y()) - 6:round(frame.rectangle.center().y()) + 6, 250:470]
    assert np.ptp(middle.astype(int)) > 40
