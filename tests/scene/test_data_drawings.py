"""The drawings of data as pixels: what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.exporters.pictures import export
from gdstudio.scene.confusion import ConfusionDrawing, ConfusionScene
from gdstudio.scene.data_drawing import DataDrawing
from gdstudio.scene.data_space import DataSpace
from gdstudio.scene.gradient_cloud import CloudDrawing, CloudScene
from gdstudio.scene.metrics_table import MetricsDrawing, MetricsScene
from gdstudio.scene.predictions import PredictionsDrawing, PredictionsScene
from gdstudio.scene.theme import DARK, THEMES, Theme
from tests.scene.pixels import difference, near, painted
from tests.scene.points import class_space, cloud, confusion, line_space, metrics, predictions

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QPainter

    from gdstudio.scene.drawing import Drawing

pytestmark = pytest.mark.usefixtures("qapp")

WIDTH, HEIGHT = 480, 320
SIZE = float(WIDTH), float(HEIGHT)
NAMES = ("line", "classes", "three", "residuals", "actual", "confusion", "metrics", "cloud")


def drawings(theme: Theme = DARK, cursor: int = 20) -> dict[str, Drawing]:
    return {
        "line": DataDrawing(line_space(cursor=cursor), theme, SIZE),
        "classes": DataDrawing(class_space(cursor=cursor), theme, SIZE),
        "three": DataDrawing(class_space(classes=3, cursor=cursor), theme, SIZE),
        "residuals": PredictionsDrawing(predictions("residuals", cursor), theme, SIZE),
        "actual": PredictionsDrawing(predictions("actual", cursor), theme, SIZE),
        "confusion": ConfusionDrawing(confusion(cursor), theme, SIZE),
        "metrics": MetricsDrawing(metrics(cursor), theme, SIZE),
        "cloud": CloudDrawing(cloud(cursor), theme, SIZE),
    }


def run_slot(name: str) -> int:
    return 1 if name in ("classes", "three") else 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_it_fills_its_size_in_the_colours_of_the_theme(name: str, theme: Theme) -> None:
    pixels = painted(drawings(theme)[name].paint, WIDTH, HEIGHT)
    corner = pixels[-1, -1].mean()
    assert (corner < 60) if theme.dark else (corner > 200)
    assert near(pixels, theme.run_colour(run_slot(name))).sum() > 20


@pytest.mark.parametrize("name", NAMES)
def test_painting_twice_gives_the_same_pixels_and_ground_and_live_make_the_whole(name: str) -> None:
    drawing = drawings()[name]
    whole = painted(drawing.paint, WIDTH, HEIGHT)
    assert difference(whole, painted(drawing.paint, WIDTH, HEIGHT)) == 0.0
    assert difference(whole, painted(drawings()[name].paint, WIDTH, HEIGHT)) == 0.0

    def in_parts(painter: QPainter) -> None:
        drawing.ground(painter)
        drawing.live(painter, 20)

    assert difference(whole, painted(in_parts, WIDTH, HEIGHT)) == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_the_ground_does_not_move_with_the_cursor_and_the_live_part_does(name: str) -> None:
    early, late = drawings(cursor=1)[name], drawings(cursor=40)[name]
    assert difference(painted(early.ground, WIDTH, HEIGHT), painted(late.ground, WIDTH, HEIGHT)) == 0.0
    assert difference(painted(early.paint, WIDTH, HEIGHT), painted(late.paint, WIDTH, HEIGHT)) > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_pixels_show_the_same_picture_crisper(name: str) -> None:
    drawing = drawings()[name]
    once, twice = painted(drawing.paint, WIDTH, HEIGHT), painted(drawing.paint, WIDTH, HEIGHT, 2.0)
    halved = twice.reshape(HEIGHT, 2, WIDTH, 2, 3).mean(axis=(1, 3))
    assert difference(once, halved) < 3.0


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_vectors_holds_no_pixels(name: str, tmp_path: Path) -> None:
    export(drawings()[name], tmp_path / "picture.svg")
    export(drawings()[name], tmp_path / "picture.pdf")
    text = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    assert "<image" not in text
    assert DARK.run_colour(run_slot(name)) in text
    assert (tmp_path / "picture.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_to_show_is_no_error() -> None:
    empty: list[Drawing] = [
        DataDrawing(DataSpace(), DARK, SIZE),
        PredictionsDrawing(PredictionsScene("residuals", np.empty(0), None, lambda cursor: ()), DARK, SIZE),
        ConfusionDrawing(ConfusionScene((), lambda cursor: ()), DARK, SIZE),
        MetricsDrawing(MetricsScene((), lambda cursor: ()), DARK, SIZE),
        CloudDrawing(CloudScene(("w", "b"), lambda cursor: None), DARK, SIZE),
    ]
    for drawing in empty:
        assert near(painted(drawing.paint, WIDTH, HEIGHT), DARK.plot, 20).any()
        assert near(painted(drawing.paint, 30, 20), DARK.plot, 20).any()


@pytest.mark.parametrize("size", [(60.0, 40.0), (200.0, 90.0), (1600.0, 200.0)])
def test_any_size_is_no_error(size: tuple[float, float]) -> None:
    for drawing in (
        DataDrawing(class_space(classes=3), DARK, size), PredictionsDrawing(predictions(), DARK, size),
        ConfusionDrawing(confusion(), DARK, size), MetricsDrawing(metrics(), DARK, size),
        CloudDrawing(cloud(), DARK, size),
    ):
        pixels = painted(drawing.paint, round(size[0]), round(size[1]))
        assert np.isfinite(pixels).all()


@pytest.mark.parametrize(("others", "width", "said"), [
    (0, 480.0, ""), (1, 480.0, "slice: the other feature at its mean"),
    (9, 480.0, "slice: the 9 other features at their means"), (9, 260.0, "slice: 9 others at their means"),
    (9, 150.0, ""),
])
def test_that_a_line_is_a_slice_is_said(others: int, width: float, said: str) -> None:
    plain = DataDrawing(line_space(), DARK, (width, SIZE[1]))
    drawing = DataDrawing(replace(line_space(), others=others), DARK, (width, SIZE[1]))
    assert drawing.slice_note == said
    pictures = [painted(each.paint, round(width), HEIGHT) for each in (plain, drawing)]
    assert (difference(*pictures) > 0.0) == bool(said)


def test_a_dot_of_the_cloud_is_said_to_be_the_gradient_of_a_sample() -> None:
    drawing = CloudDrawing(cloud(20), DARK, SIZE)
    shown = drawing.scene.cloud(20)
    assert shown is not None
    said = {remark.text: remark for line in drawing.remarks(shown) for remark in line}
    assert {"full gradient", "a sample's gradient", "this batch"} <= set(said)
    assert said["a sample's gradient"].sign == "dot"
    # in the colour of the dots, beside the words
    pixels = painted(drawing.paint, WIDTH, HEIGHT)
    assert near(pixels[:round(drawing.frame(shown).top)], said["a sample's gradient"].colour, 12).sum() >= 12
