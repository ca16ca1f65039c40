"""Confusion matrices and metrics: what fits, and what is written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.scene.class_legend import class_at, class_legend_size
from gdstudio.scene.confusion import Confusion, ConfusionDrawing, ConfusionScene, labels_in
from gdstudio.scene.lettering import sans, text_width
from gdstudio.scene.metrics_table import MetricsDrawing, MetricsScene
from gdstudio.scene.theme import DARK, LIGHT
from tests.scene.pixels import difference, near, painted
from tests.scene.points import confusion, metrics

pytestmark = pytest.mark.usefixtures("qapp")


def test_as_many_matrices_are_drawn_as_there_is_room_for() -> None:
    wide, narrow, small = (
        ConfusionDrawing(confusion(), DARK, size).layout(2, 43)
        for size in ((700.0, 320.0), (150.0, 320.0), (150.0, 120.0))
    )
    assert (wide.shown, wide.columns) == (2, 2)
    assert (narrow.shown, narrow.columns) == (2, 1)
    assert small.shown == 1


def digits(most: int) -> ConfusionScene:
    generator = np.random.default_rng(1)
    counts = generator.integers(0, 60, (10, 10)) + np.diag([most - 600] * 10)
    return ConfusionScene(tuple("0123456789"), lambda at: (
        Confusion("batch 16", 0, counts), Confusion("batch 16", 0, counts // 4, held_out=True),
        Confusion("full batch", 1, counts), Confusion("full batch", 1, counts // 4, held_out=True),
    ))


@pytest.mark.parametrize("size", [(472.0, 236.0), (694.0, 340.0)])
@pytest.mark.parametrize("most", [700, 9_000])
def test_the_numbers_of_ten_classes_fit_their_cells(size: tuple[float, float], most: int) -> None:
    drawing = ConfusionDrawing(digits(most), DARK, size)
    layout = drawing.layout(4, most)
    assert layout.letters >= 9
    width, height = layout.cell
    assert text_width(str(most), sans(layout.letters)) < width - 2
    assert layout.letters < height
    assert layout.shown >= (2 if most < 1000 else 1)


@given(st.floats(160, 1600), st.floats(120, 900), st.integers(1, 12), st.integers(2, 30), st.integers(0, 10**6))
def test_matrices_stay_within_the_picture(width: float, height: float, count: int, classes: int, most: int) -> None:
    scene = ConfusionScene(tuple(f"class {code}" for code in range(classes)), lambda at: ())
    layout = ConfusionDrawing(scene, DARK, (width, height)).layout(count, most)
    assert 1 <= layout.shown <= count
    rows = -(-layout.shown // layout.columns)
    across, down = layout.cell
    assert across >= down
    if down > 2:
        assert layout.columns * (layout.names + across * classes) + (layout.columns - 1) * 20 <= width - 20 + 1e-6
        assert rows * (24 + layout.head + down * classes + 10) <= height - 10 + 1e-6
    assert not layout.whole or text_width(f"class {classes - 1}", sans(11)) <= across
    # what is drawn can be read; of one matrix at least its colours are seen
    assert layout.shown == 1 or layout.letters >= 9


def test_a_cell_tells_what_it_counts() -> None:
    drawing = ConfusionDrawing(confusion(), DARK, (700.0, 320.0))
    across, down = np.meshgrid(np.arange(0, 700, 5.0), np.arange(0, 320, 5.0))
    cells = [drawing.cell_at(x, y, 20) for x, y in zip(across.ravel().tolist(), down.ravel().tolist(), strict=True)]
    found = {(cell.matrix.held_out, cell.row, cell.column): cell for cell in cells if cell is not None}
    assert len(found) == 2 * 9
    assert None in cells
    for (held_out, row, column), cell in found.items():
        left, top, width, height = cell.box
        middle = drawing.cell_at(left + width / 2, top + height / 2, 20)
        assert middle is not None
        assert (middle.matrix.held_out, middle.row, middle.column) == (held_out, row, column)
    assert drawing.said_of(found[False, 0, 1]) == [
        "setosa taken for versicolor", "3 of 43 samples", "batch 4 · training",
    ]
    assert drawing.said_of(found[True, 2, 1])[1:] == ["1 of 5 samples", "batch 4 · held out"]


def test_numbers_that_fit_no_cell_are_read_by_pointing() -> None:
    many = ConfusionScene(tuple("abcdefghijklmnopqrstuvwxyz"), lambda at: (
        Confusion("run", 0, np.full((26, 26), 1000, dtype=np.int64)),))
    drawing = ConfusionDrawing(many, LIGHT, (400.0, 260.0))
    layout = drawing.layout(1, 26_000)
    assert (layout.shown, layout.letters) == (1, 0)
    assert drawing.layout(1, 9).letters == 0
    pixels = painted(drawing.paint, 400, 260)
    assert near(pixels[240:258], LIGHT.muted, 40).sum() > 60


def test_which_axis_is_the_truth_is_said_however_small_the_matrices_are() -> None:
    four = ConfusionScene(("setosa", "versicolor", "virginica"), lambda at: tuple(
        Confusion(f"Gradient descent · batch {16 * (slot + 1)}", slot, np.full((3, 3), 9)) for slot in range(4)
    ))
    roomy = ConfusionDrawing(four, DARK, (1400.0, 400.0))
    assert roomy.note(roomy.layout(4, 27, 220.0), 4, 4) == ""
    for size, said in (
        ((470.0, 240.0), "rows: what it is · columns: what it is taken for"),
        ((240.0, 450.0), "rows: is · columns: taken for"),
    ):
        tight = ConfusionDrawing(four, DARK, size)
        layout = tight.layout(4, 27, 220.0)
        assert layout.shown == 4
        assert tight.note(layout, 4, 4) == said
        pixels = painted(tight.paint, round(size[0]), round(size[1]))
        # below the matrices there is nothing but this line
        assert near(pixels[-16:-6, 10:90], DARK.muted, 60).sum() > 40
    assert tight.note(layout, 3, 4).startswith("rows: is · columns: taken for · 3 of 4 matrices")


def test_titles_lose_what_all_runs_share() -> None:
    def called(*labels: str, room: float = 150.0) -> list[str]:
        return labels_in([Confusion(label, 0, np.zeros((2, 2), np.int64)) for label in labels], room)

    runs = ("Gradient descent · batch 16", "Gradient descent · full batch")
    assert called(*runs) == ["batch 16", "full batch"]
    assert called(*runs, room=900.0) == list(runs)
    assert called("Gradient descent · batch 16", "Adam · batch 16") == ["Gradient descent", "Adam"]
    differing = ("Gradient descent · full batch", "Adam · batch 16")
    assert called(*differing) == list(differing)
    assert called("A long name of a run · batch", "A long name of a run") == ["batch", "A long name of a run"]
    assert called("Gradient descent · batch 16", "Gradient descent · batch 16")[0] == "Gradient descent · batch 16"


def test_what_is_right_and_what_is_mistaken_differ_in_colour() -> None:
    right = ConfusionScene(("a", "b"), lambda at: (Confusion("run", 0, np.array([[9, 0], [0, 9]])),))
    wrong = replace(right, matrices=lambda at: (Confusion("run", 0, np.array([[0, 9], [9, 0]])),))
    pictures = [painted(ConfusionDrawing(each, LIGHT, (300.0, 240.0)).paint, 300, 240) for each in (right, wrong)]
    reds = [int((pixels[..., 0] > pixels[..., 2] + 60).sum()) for pixels in pictures]
    blues = [int((pixels[..., 2] > pixels[..., 0] + 60).sum()) for pixels in pictures]
    assert reds[1] > reds[0] + 1_000
    assert blues[0] > blues[1] + 1_000


def test_a_class_without_samples_is_no_error() -> None:
    scene = ConfusionScene(("a", "a name that is far too long for any cell"), lambda at: (
        Confusion("a run whose name is far too long for the matrix it stands above", 3, np.zeros((2, 2), np.int64)),))
    assert near(painted(ConfusionDrawing(scene, DARK, (200.0, 160.0)).paint, 200, 160), DARK.raised).any()


def test_rows_that_do_not_fit_are_left_out_whole() -> None:
    scene = metrics()
    for height, runs in ((130.0, 1), (160.0, 2)):
        pixels = painted(MetricsDrawing(scene, DARK, (400.0, height)).paint, 400, round(height))
        assert near(pixels, DARK.run_colour(0)).any()
        assert near(pixels, DARK.run_colour(1)).any() == (runs == 2)


def test_values_follow_the_cursor() -> None:
    drawing = MetricsDrawing(metrics(), LIGHT, (400.0, 300.0))
    pictures = [painted(partial(drawing.live, cursor=at), 400, 300) for at in (0, 0, 9)]
    assert difference(pictures[0], pictures[1]) == 0.0
    assert difference(pictures[0], pictures[2]) > 0.005
    empty = MetricsDrawing(MetricsScene((), lambda cursor: ()), LIGHT, (400.0, 300.0))
    assert near(painted(empty.paint, 400, 300), LIGHT.plot).any()


def test_the_legend_tells_which_class_a_place_belongs_to() -> None:
    classes = tuple("abc")
    width, height = class_legend_size(classes)
    found = [class_at(classes, width / 2, y) for y in np.linspace(0, height, 60)]
    assert found[0] is found[-1] is None
    assert sorted({code for code in found if code is not None}) == [0, 1, 2]
    assert class_at(classes, width + 1, height / 2) is None
    many = tuple(f"a name that is not short {code}" for code in range(26))
    _, height = class_legend_size(many)
    assert max(code or 0 for code in (class_at(many, 5, y) for y in np.linspace(0, height, 300))) == 8
    assert class_legend_size(()) == (0.0, 0.0)


def test_many_short_names_stand_in_two_columns() -> None:
    digits = tuple("0123456789")
    width, height = class_legend_size(digits)
    across, down = np.meshgrid(np.linspace(0, width, 40), np.linspace(0, height, 100))
    found = [class_at(digits, x, y) for x, y in zip(across.ravel().tolist(), down.ravel().tolist(), strict=True)]
    assert sorted({code for code in found if code is not None}) == list(range(10))
    assert class_at(digits, 5, 10) == 0
    assert class_at(digits, width - 5, 10) == 5
    assert width < 110
    assert height < 110
