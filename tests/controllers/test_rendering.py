"""Pictures made by the command line: the right size and format, of every view and every kind of problem."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage

from gdstudio.cli import main
from gdstudio.controllers.rendering import drawing_of
from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.run import run_experiment
from gdstudio.exporters.pictures import rendered
from gdstudio.scene.contour import ContourDrawing
from gdstudio.scene.curves import CurvesDrawing
from gdstudio.scene.profile import ProfileDrawing
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.theme import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gdstudio.controllers.rendering import View

pytestmark = pytest.mark.usefixtures("qapp")

VIEWS: tuple[View, ...] = ("surface", "contour", "curves")


def pixels(image: QImage) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    values = np.frombuffer(bytes(whole.constBits()), dtype=np.uint8)
    return values.reshape(whole.height(), whole.width(), 4)[:, :, 2::-1]


def near(image: QImage, colour: str) -> int:
    """Return how many pixels have nearly a colour."""
    wanted = np.array([int(colour[place:place + 2], 16) for place in (1, 3, 5)])
    return int((np.abs(pixels(image).astype(int) - wanted).max(axis=2) < 12).sum())


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_every_view_is_written_in_every_format(tmp_path: Path, view: str, ending: str) -> None:
    place = tmp_path / f"picture.{ending}"
    arguments = ["render", "--problem", "rosenbrock", "--iterations", "100", "--view", view, "--size", "640x400"]
    assert main([*arguments, "--out", str(place)]) == 0
    written = place.read_bytes()
    if ending == "png":
        assert (QImage(str(place)).width(), QImage(str(place)).height()) == (640, 400)
    elif ending == "svg":
        assert b"<image" not in written
        assert re.search(rb'<svg width="640" height="400"', written)
    else:
        assert written.startswith(b"%PDF")
        assert b"/Subtype /Image" not in written
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_theme_and_the_run_are_seen(tmp_path: Path, view: str, theme: str) -> None:
    place = tmp_path / "picture.png"
    arguments = ["render", "--problem", "matyas", "--view", view, "--theme", theme, "--size", "800x500"]
    assert main([*arguments, "--out", str(place)]) == 0
    image = QImage(str(place))
    assert near(image, THEMES[theme].run_colour(0)) > 50
    corner = pixels(image)[2, 2].mean()
    assert corner < 80 if theme == "dark" else corner > 150


def test_a_larger_picture_shows_the_same_larger(tmp_path: Path) -> None:
    images = []
    for size in ("800x500", "1600x1000"):
        place = tmp_path / f"{size}.png"
        assert main(["render", "--problem", "matyas", "--view", "contour", "--size", size, "--out", str(place)]) == 0
        images.append(QImage(str(place)))
    small = pixels(images[0]).astype(float)
    large = pixels(images[1]).astype(float).reshape(500, 2, 800, 2, 3).mean(axis=(1, 3))
    assert np.abs(small - large).mean() < 3.0


@pytest.mark.parametrize(
    "problem",
    [
        ["--problem", "parabola"],
        ["--problem", "three_variables"],
        ["--problem", "rosenbrock_10"],
        ["--problem", "line_fit", "--batch", "4"],
        ["--formula", "-exp(-x^2 - y^2)", "--start", "-1,1.5"],
        ["--formula", "log(x) + y^2", "--start", "1,1"],
        ["--problem", "matyas", "--start", "30,-40"],
        ["--formula", "x^2 + y^2", "--optimizer", "gd", "--set", "learning_rate=3"],
        ["--formula", "x^4", "--optimizer", "gd", "--set", "learning_rate=1e300"],
        ["--formula", "x - x + y - y"],
        ["--problem", "bowl", "--iterations", "0"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("view", VIEWS)
def test_every_kind_of_problem_has_a_picture(tmp_path: Path, view: str, problem: list[str]) -> None:
    place = tmp_path / "picture.png"
    assert main(["render", *problem, "--view", view, "--size", "320x200", "--out", str(place)]) == 0
    assert len(np.unique(pixels(QImage(str(place))).reshape(-1, 3), axis=0)) > 10


def test_the_drawings_are_those_of_the_views() -> None:
    flat = greeting()
    results = [run_experiment(flat, index) for index in range(len(flat.runs))]
    kinds = {"surface": SurfaceDrawing, "contour": ContourDrawing, "curves": CurvesDrawing}
    for view in VIEWS:
        drawing = drawing_of(flat, results, view, (400.0, 300.0), LIGHT)
        assert isinstance(drawing, kinds[view])
        assert drawing.size == (400.0, 300.0)
        image = rendered(drawing)
        assert all(near(image, LIGHT.run_colour(slot)) > 5 for slot in range(4))


def test_one_variable_has_curves_in_place_of_surface_and_contours() -> None:
    from gdstudio.experiment.request import requested

    single = requested(problem="parabola")
    results = [run_experiment(single)]
    curve = drawing_of(single, results, "surface", (400.0, 300.0), DARK)
    slope = drawing_of(single, results, "contour", (400.0, 300.0), DARK)
    assert isinstance(curve, ProfileDrawing)
    assert isinstance(slope, ProfileDrawing)
    assert (curve.scene.remarks, slope.scene.remarks) == (True, False)
    assert np.allclose(curve.scene.z, 5 * curve.scene.xs**2)
    assert np.allclose(slope.scene.z, 10 * slope.scene.xs)


def test_a_start_outside_the_usual_view_is_inside_the_picture() -> None:
    from gdstudio.experiment.request import requested

    far = requested(problem="matyas", start=(30, -40), iterations=1)
    drawing = drawing_of(far, [run_experiment(far)], "contour", (400.0, 300.0), DARK)
    assert isinstance(drawing, ContourDrawing)
    assert drawing.scene.landscape is not None
    x_from, x_to, y_from, y_to = drawing.scene.landscape.extent
    assert x_from == -6.0
    assert x_to > 30.0
    assert y_from < -40.0
    assert y_to == 6.0


@pytest.mark.parametrize(("width", "height"), [(1600, 1000), (1000, 1000), (700, 1100)])
@pytest.mark.parametrize("problem", ["rosenbrock", "himmelblau", "three_variables"])
def test_a_surface_fills_a_picture_of_any_shape_and_nothing_is_cut(
    tmp_path: Path, problem: str, width: int, height: int
) -> None:
    place = tmp_path / "picture.png"
    arguments = ["render", "--problem", problem, "--view", "surface", "--theme", "light", "--iterations", "5"]
    assert main([*arguments, "--size", f"{width}x{height}", "--out", str(place)]) == 0
    drawn = pixels(QImage(str(place))).min(axis=2) < 215
    drawn[:height // 8, :width // 3] = False  # the legend
    drawn[height - 40:, :width // 3] = False  # where the third variable is held
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    assert 2 <= rows[0] < rows[-1] < height - 2
    assert 2 <= columns[0] < columns[-1] < width - 2
    assert max((rows[-1] - rows[0]) / height, (columns[-1] - columns[0]) / width) > 0.8


def test_a_process_without_a_display_draws(tmp_path: Path, qapp: QApplication) -> None:
    del qapp
    import os

    place = tmp_path / "picture.png"
    arguments = ["render", "--problem", "bowl", "--view", "surface", "--out", str(place)]
    command = [sys.executable, "-m", "gdstudio", *arguments]
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (QImage(str(place)).width(), QImage(str(place)).height()) == (1600, 1000)
