"""What stands where with data: parameters chosen and held, views offered and withdrawn, many rows, language, theme."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from gdstudio.controllers.data_scenes import DataScenes
from gdstudio.controllers.playback import PlayState
from gdstudio.experiment.build import objective_of, start_of
from gdstudio.experiment.document import Data, Problem, Source
from gdstudio.scene.theme import LIGHT
from tests.gui.conftest import colours_of
from tests.gui.data_hands import (
    along,
    bring_forward,
    classifier,
    cloud_of,
    data_view,
    line_of_two_runs,
    metrics_of,
    open_data,
    pixel_of,
    step_to,
    take,
    thetas_of,
)
from tests.gui.test_language import CLOSE, OPEN, Bracketed, untranslated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.conftest import Bench

def _offered(bench: Bench) -> set[str]:
    """Return the keys of the views whose tabs are there."""
    found = set()
    for pane in ("contour_pane", "curves_pane", "data_pane"):
        tabs = getattr(bench.window, pane).tabs
        if tabs.isVisible():
            found |= {tabs.tabData(index) for index in range(tabs.count()) if tabs.isTabVisible(index)}
    return found


# more parameters than two


def test_the_slice_goes_through_the_iterate_and_follows_it(open_window: Callable[..., Bench]) -> None:
    bench = open_window(classifier("iris", "softmax"))
    theta = thetas_of(bench)[0]
    start = bench.window.panel.start
    start.shown[0].setFocus()
    for _ in range(3):
        bench.press(Qt.Key.Key_Down)
    bench.settled()
    start.shown[1].setFocus()
    bench.press(Qt.Key.Key_Down)
    bench.settled()
    first, second = bench.experiment.shown
    assert (first, second) != (0, 1)
    goal = objective_of(bench.experiment.problem)
    for iteration in (0, 4, 50):
        step_to(bench, iteration)
        bench.settled()
        bench.until(lambda: bench.studio.screen.grounds.settled)
        landscape = bench.contour.content().landscape
        assert landscape is not None
        assert landscape.names == (goal.variables[first], goal.variables[second])
        held = dict(landscape.held)
        for index, name in enumerate(goal.variables):
            if index not in (first, second):
                assert held[name] == theta[iteration, index]
        place = theta[iteration].copy()
        for row, column in ((0, 0), (40, 90)):
            place[[first, second]] = landscape.xs[column], landscape.ys[row]
            assert landscape.z[row, column] == pytest.approx(float(goal.losses(place[None])[0]), rel=1e-12)
        for view in (bench.contour, bench.surface):
            assert view.content().runs[0].points[iteration].tolist() == theta[iteration, [first, second]].tolist()
    assert bench.studio.screen.data.cloud.isHidden()
    bring_forward(bench, "contour_pane", "cloud")
    assert cloud_of(bench).names == (goal.variables[first], goal.variables[second])


# offered and withdrawn


def test_views_of_data_come_and_go_with_it(bench: Bench) -> None:
    panel = bench.window.panel.problem
    assert _offered(bench).isdisjoint({"batch", "cloud", "metrics", "data"})
    assert not bench.window.data_pane.isVisible()
    open_data(bench)
    assert {"batch", "cloud", "metrics", "data", "residuals", "actual"} <= _offered(bench)
    assert "confusion" not in _offered(bench)
    bring_forward(bench, "contour_pane", "cloud")
    bring_forward(bench, "curves_pane", "metrics")
    bring_forward(bench, "data_pane", "residuals")
    bench.click(panel.tabs.button("function"))
    bench.settled()
    assert _offered(bench).isdisjoint({"batch", "cloud", "metrics", "data"})
    assert bench.contour.isVisible() != bench.studio.screen.derivative.isVisible()
    assert bench.loss.isVisible()
    bench.set_formula("x^2 + 2*y^2")
    assert _offered(bench).isdisjoint({"batch", "cloud", "metrics", "data"})
    bench.action("actionUndo").trigger()
    bench.action("actionUndo").trigger()
    bench.settled()
    assert {"batch", "cloud", "metrics", "data"} <= _offered(bench)
    for view in bench.plots:
        assert colours_of(view) > 8
    take(panel.data.source, "moons")
    bench.until(lambda: bench.experiment.problem.model == "logistic")
    bench.settled()
    assert "confusion" in _offered(bench)
    assert _offered(bench).isdisjoint({"residuals", "actual"})
    assert data_view(bench).isVisible()
    assert colours_of(data_view(bench)) > 8


def test_nothing_of_data_is_left_behind(bench: Bench) -> None:
    def alive() -> tuple[int, int]:
        gc.collect()
        QCoreApplication.processEvents()
        return sum(isinstance(each, DataScenes) for each in gc.get_objects()), len(QApplication.allWidgets())

    panel = bench.window.panel.problem
    open_data(bench)
    seen = []
    for _ in range(6):
        bench.click(panel.tabs.button("function"))
        bench.settled()
        bench.click(panel.tabs.button("data"))
        bench.settled()
        first = pixel_of(bench, 5)
        bench.move(data_view(bench), along(first, first.__class__(first.x(), first.y() + 30), 5))
        bench.settled()
        seen.append(alive())
    assert seen[-1][0] <= seen[1][0] <= 8
    assert seen[-1][1] == seen[1][1]


# many rows


def test_a_hundred_thousand_rows_of_a_file_are_played(open_window: Callable[..., Bench], tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=100_000)
    path = tmp_path / "many.csv"
    np.savetxt(path, np.stack([x, 2 * x + 1 + rng.normal(size=len(x))], axis=1), delimiter=",", header="x,y",
               comments="", fmt="%.5f")
    problem = Problem(model="linear", data=Data(source=Source(file=str(path)), held_out=0.2))
    experiment = replace(line_of_two_runs(), problem=problem, start=start_of(problem))
    bench = open_window(experiment)
    scene = data_view(bench).content()
    assert len(scene) == 100_000
    assert colours_of(data_view(bench)) > 8
    bench.action("actionRun").trigger()
    bench.rests(PlayState.FINISHED)
    b, w = thetas_of(bench)[1][60]
    drawing = data_view(bench).drawing()
    assert drawing is not None
    fit = drawing.moment(60).fits[1].line
    assert fit is not None
    np.testing.assert_allclose(fit[:, 1], b + w * fit[:, 0], rtol=1e-12)


# language and theme


@pytest.mark.parametrize("key", ["noisy_line", "iris"])
def test_another_language_with_data(open_window: Callable[..., Bench], qapp: QApplication, key: str) -> None:
    bench = open_window(line_of_two_runs() if key == "noisy_line" else classifier("iris", "softmax"))
    bring_forward(bench, "curves_pane", "metrics")
    before = [row.label for row in metrics_of(bench).rows(0)]
    language = Bracketed()
    qapp.installTranslator(language)
    try:
        bench.until(lambda: OPEN in bench.window.windowTitle())
        bench.settled()
        titles = {"setosa", "versicolor", "virginica", "sepal", "length", "width", "petal", "species"}
        assert untranslated(bench.window, {"Scroll", "Left", "Right"} | titles) == []
        assert all(OPEN in row.label and row.label != old for row, old in
                   zip(metrics_of(bench).rows(0), before, strict=True))
        assert all(row.label.count(OPEN) == row.label.count(CLOSE) for row in metrics_of(bench).rows(0))
        if key == "iris":
            assert all(name.startswith(OPEN) for name in metrics_of(bench).names)
    finally:
        qapp.removeTranslator(language)
        bench.until(lambda: OPEN not in bench.window.windowTitle())
    bench.settled()
    assert [row.label for row in metrics_of(bench).rows(0)] == before


def test_another_theme_while_it_plays(open_window: Callable[..., Bench]) -> None:
    bench = open_window(line_of_two_runs())
    bench.player.set_speed(10.0)
    bench.action("actionRun").trigger()
    bench.until(lambda: bench.position >= 1)
    bench.action("actionThemeDark").trigger()
    before = data_view(bench).grab().toImage().pixelColor(3, 3)
    bench.action("actionThemeLight").trigger()
    bench.until(lambda: bench.window.theme() is LIGHT)
    assert bench.player.playback.playing
    bench.until(lambda: bench.position >= 4)
    screen = bench.studio.screen.data
    assert data_view(bench).grab().toImage().pixelColor(3, 3) != before
    for pane, key, view in (
        ("contour_pane", "cloud", screen.cloud), ("contour_pane", "batch", screen.batch),
        ("curves_pane", "metrics", screen.metrics), ("data_pane", "residuals", screen.pane.residuals),
        ("data_pane", "actual", screen.pane.actual),
    ):
        bring_forward(bench, pane, key)
        assert view.isVisible()
        assert view.theme is LIGHT
        assert view.grab().toImage().pixelColor(1, 1).lightness() > 200, key
    bench.action("actionPause").trigger()
