"""Brackets and look-ahead points: drawn where they are, and only where there are any."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from gdstudio.scene.axes import Frame
from gdstudio.scene.legend import legend_size, run_rows
from gdstudio.scene.profile import ProfileDrawing, ProfileScene
from gdstudio.scene.runs import RunPath
from gdstudio.scene.search_marks import bracket_at, draw_brackets, draw_flat_looks
from gdstudio.scene.theme import DARK
from tests.scene.pixels import painted

pytestmark = pytest.mark.usefixtures("qapp")

NAN = float("nan")
FRAME = Frame(50.0, 10.0, 400.0, 300.0, (-2.0, 2.0, -1.0, 5.0))
SEARCH = RunPath(
    "Sign search", 1, np.array([[1.0], [0.5], [-0.5]]), np.array([1.0, 0.25, 0.25]),
    bracket=np.array([[NAN, NAN], [NAN, NAN], [-0.5, 0.5]]),
)
LOOKING = RunPath(
    "Nesterov", 0, np.array([[0.0, 0.0], [0.5, 1.0]]), np.array([1.0, 0.5]), ahead=np.array([[0.0, 0.0], [1.0, 2.0]])
)


def _columns(run: RunPath, cursor: int, *, told: float | None = None) -> list[int]:
    """Return the columns of pixels in which something is drawn."""
    image = QImage(500, 330, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        draw_brackets(painter, FRAME, [run], cursor, DARK, told=told)
        draw_flat_looks(painter, FRAME, [run] if run.ahead is not None else [], cursor, DARK)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(330, 500) & 0xFFFFFF
    return [int(column) for column in np.nonzero(pixels.any(axis=0))[0]]


def test_there_is_a_bracket_only_after_the_sign_has_changed() -> None:
    assert [bracket_at(SEARCH, cursor) for cursor in (0, 1, 2, 99)] == [None, None, (-0.5, 0.5), (-0.5, 0.5)]
    assert bracket_at(LOOKING, 1) is None


def test_a_bracket_is_a_band_between_its_ends() -> None:
    assert _columns(SEARCH, 1, told=80.0) == []
    drawn = _columns(SEARCH, 2)
    assert abs(drawn[0] - FRAME.x(-0.5)) <= 1
    assert abs(drawn[-1] - FRAME.x(0.5)) <= 1
    assert drawn == list(range(drawn[0], drawn[-1] + 1))
    assert len(_columns(SEARCH, 2, told=80.0)) > len(drawn), "what it means is written too"


def test_a_bracket_far_away_or_very_narrow_stays_in_the_frame() -> None:
    for ends in ((-1e9, 1e9), (0.1, 0.1 + 1e-12), (50.0, 60.0)):
        run = RunPath("a", 0, np.array([[0.1]]), np.array([0.0]), bracket=np.array([ends]))
        drawn = _columns(run, 0)
        assert drawn
        assert drawn[0] >= FRAME.left - 2
        assert drawn[-1] <= FRAME.right + 3


def test_the_legend_shows_the_bracket_in_place_of_the_loss() -> None:
    assert run_rows([SEARCH], 0)[0].sign == "f = "
    assert run_rows([SEARCH], 2)[0].value.count("…") == 1


def test_a_look_ahead_is_drawn_from_the_iterate_to_its_point() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gdstudio.scene.search_marks._write_backed", lambda *_: None)
        drawn = _columns(LOOKING, 1)
    assert abs(drawn[0] - FRAME.x(0.5)) <= 6
    assert abs(drawn[-1] - FRAME.x(1.0)) <= 9
    odd = RunPath("a", 0, np.array([[0.0, 0.0]]), np.array([1.0]), ahead=np.array([[NAN, np.inf]]))
    assert _columns(odd, 0) == []


@pytest.mark.parametrize(("ahead", "side"), [(0.6, 1), (0.2, -1), (1.9, -1), (-1.7, 1)])
def test_the_point_that_a_step_looks_ahead_to_has_a_name_away_from_the_run(ahead: float, side: int) -> None:
    run = RunPath("a", 0, np.array([[0.5, 1.0]]), np.array([1.0]), ahead=np.array([[ahead, 1.0]]))
    drawn = _columns(run, 0)
    outermost = FRAME.x(max(ahead, 0.5) if side > 0 else min(ahead, 0.5))
    assert max((column - outermost) * side for column in drawn) > 45, "the name is there"
    assert min((column - outermost) * side for column in drawn) < 9, "and the point"
    other = FRAME.x(min(ahead, 0.5) if side > 0 else max(ahead, 0.5))
    assert max((other - column) * side for column in drawn) < 9, "and nothing on the other side"
    assert drawn[0] >= FRAME.left
    assert drawn[-1] <= FRAME.right


@pytest.mark.parametrize("size", [(472.0, 555.0), (690.0, 726.0)])
def test_what_a_bracket_means_is_written_below_the_legend(size: tuple[float, float]) -> None:
    xs = np.linspace(-2.0, 2.0, 101)
    drawing = ProfileDrawing(ProfileScene("x", xs, xs * xs, np.empty(0), (SEARCH,), 2, 1.0), DARK, size)
    heights: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gdstudio.scene.search_marks.draw_text", lambda _, x, y, *more: heights.append(y))
        painted(lambda painter: drawing.live(painter, 2), round(size[0]), round(size[1]))
    (height,) = heights
    bottom = drawing.legend_corner[1] + legend_size(drawing.legend_rows(2))[1]
    assert height - 9 > bottom
