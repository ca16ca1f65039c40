"""The legend: its column rests, it never grows without end, and it makes way for what floats over the view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.clutter import BELOW_BUTTONS, left_of_buttons
from gdstudio.scene.contour import MapScene
from gdstudio.scene.curves import CurvesDrawing
from gdstudio.scene.legend import ROW, LegendRow, capped, draw_legend, legend_row_at, legend_size
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.surface_legend import LEGEND_CORNER, SurfaceLegend, viewport_of
from gdstudio.scene.theme import DARK
from tests.scene.pixels import difference, painted
from tests.scene.valley import curves_scene, map_scene, runs

pytestmark = pytest.mark.usefixtures("qapp")

ROWS = [LegendRow(f"Run {number}", number, "1.000", sign="f = ") for number in range(50)]


def _surface(count: int, width: float, height: float = 500.0) -> SurfaceDrawing:
    paths = tuple(replace(runs(1)[0], label="Gradient descent", slot=slot) for slot in range(count))
    scene = map_scene()
    return SurfaceDrawing(MapScene(scene.landscape, paths, 0), DARK, Viewport(width, height), Camera(), cells=8)


def test_the_size_is_the_same_while_digits_come_and_go() -> None:
    row = ROWS[0]
    values = ("0", "24.20", "123456", "1.23e\u22125", "0.0001234")
    sizes = {legend_size([replace(row, value=value)]) for value in values}
    assert len(sizes) == 1


def test_what_stands_before_a_value_stands_still() -> None:
    def pixels(value: str) -> np.ndarray:
        rows = [replace(ROWS[0], value=value)]
        return painted(lambda painter: draw_legend(painter, 0, 0, rows, DARK), 300, 40)

    short, long = pixels("0"), pixels("0.0001234")
    changed = np.flatnonzero(np.any(short != long, axis=(0, 2)))
    width, _ = legend_size([replace(ROWS[0], value="0")])
    sign_begins = np.flatnonzero(np.any(short[12:28] != short[4, 30], axis=(0, 2)))
    assert len(changed)
    assert changed[0] > width / 2
    assert len(sign_begins)


def test_a_long_legend_says_how_many_runs_it_leaves_out() -> None:
    shown = capped(ROWS, 300.0)
    assert legend_size(shown)[1] <= 300.0
    assert shown[:-1] == ROWS[:len(shown) - 1]
    assert str(len(ROWS) - len(shown) + 1) in shown[-1].label
    assert legend_row_at(shown, 20.0, 7.0 + ROW * (len(shown) - 1.5)) == len(shown) - 2
    assert legend_row_at(shown, 20.0, 7.0 + ROW * (len(shown) - 0.5)) is None
    assert capped(ROWS[:4], 300.0) == ROWS[:4]


def test_a_legend_of_fifty_runs_leaves_room_for_the_view() -> None:
    drawing = _surface(50, 700.0)
    _, height = legend_size(drawing.legend_rows(0))
    assert drawing.legend_corner[1] + height < 0.7 * 500.0
    series = tuple(replace(curves_scene().series[0], slot=slot) for slot in range(50))
    curves = CurvesDrawing(replace(curves_scene(), series=series), DARK, (400.0, 300.0))
    assert legend_size(curves.legend_rows(0))[1] < 300.0


@pytest.mark.parametrize("width", [360.0, 388.0, 480.0, 619.0, 640.0, 720.0, 1000.0])
def test_the_legend_is_beside_the_buttons_or_below_them(width: float) -> None:
    drawing = _surface(4, width)
    left, top = drawing.legend_corner
    reaches = left + legend_size(drawing.legend_rows(0))[0] > left_of_buttons(width)
    assert top == (BELOW_BUTTONS if reaches else LEGEND_CORNER[1])
    assert drawing.legend_row_at(left + 20, top + 18) == 0


@pytest.mark.parametrize(
    ("width", "signed", "beside"), [(700.0, True, True), (420.0, False, True), (300.0, True, False)],
)
def test_what_stands_before_values_gives_way_before_the_legend_does(width: float, signed: bool, beside: bool) -> None:
    paths = tuple(replace(run, label="Gradient descent", sign="log-loss ") for run in runs(2))
    legend = SurfaceLegend(paths, (width, 500.0))
    assert {row.sign for row in legend.rows(3)} == {"log-loss " if signed else ""}
    assert (legend.corner == LEGEND_CORNER) == beside


def test_the_surface_keeps_clear_of_its_legend() -> None:
    scene = MapScene(map_scene().landscape, tuple(replace(runs(1)[0], slot=slot) for slot in range(4)))
    viewport = viewport_of(scene, (472.0, 278.0))
    corner, (width, height) = SurfaceLegend(scene.runs, (472.0, 278.0)).corner, viewport.covered
    assert width >= corner[0]
    assert height > corner[1]
    assert viewport_of(MapScene(scene.landscape), (472.0, 278.0)) == Viewport(472.0, 278.0)
    drawings = [SurfaceDrawing(scene, DARK, each, Camera(), cells=20, legend=False)
                for each in (viewport, Viewport(472.0, 278.0))]
    covered, bare = (painted(each.mesh, 472, 278)[:int(height), :int(width)].any(axis=-1).sum() for each in drawings)
    assert covered == 0
    assert bare > 500


def test_a_surface_says_that_its_height_is_logarithmic() -> None:
    drawing = _surface(1, 700.0)
    landscape = drawing.scene.landscape
    assert landscape is not None
    viewport = Viewport(700.0, 500.0)
    linear = SurfaceDrawing(MapScene(replace(landscape, scale="linear")), DARK, viewport, Camera(), cells=8)
    corner = [painted(each.labels, 700, 500)[440:, :120] for each in (drawing, linear)]
    assert difference(*corner) > 0


def test_the_axes_of_the_loss_have_names() -> None:
    drawing = CurvesDrawing(curves_scene(), DARK, (420.0, 320.0))
    frame = drawing.frame
    pixels = painted(drawing.ground, 420, 320)
    above = pixels[round(frame.top) - 20:round(frame.top) - 6, :round(frame.left) - 4]
    beside = pixels[round(frame.bottom) + 8:round(frame.bottom) + 22, :round(frame.left) - 12]
    for part in (above, beside):
        assert np.ptp(part.astype(int)) > 40


def test_a_loss_that_is_nowhere_finite_has_no_heights() -> None:
    series = tuple(replace(one, values=np.full(5, np.nan)) for one in curves_scene().series)
    assert CurvesDrawing(replace(curves_scene(), series=series), DARK, (420.0, 320.0)).y_ticks == []
