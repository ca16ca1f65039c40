"""The surface through OpenGL against the painter's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.scene.camera import Camera
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.theme import LIGHT, THEMES, Theme
from gdstudio.views.plots.surface import SurfaceView
from tests.scene.pixels import array_of, difference
from tests.scene.valley import map_scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.opengl


def shown(qtbot: QtBot, opengl: bool) -> SurfaceView:
    view = SurfaceView(opengl=opengl)
    qtbot.addWidget(view)
    view.resize(600, 520)
    view.setContent(map_scene(points=129))
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("camera", [Camera(), Camera(elevation=20, azimuth=120, distance=3.2)])
def test_both_renderers_show_the_same_picture(qtbot: QtBot, theme: Theme, camera: Camera) -> None:
    pictures = []
    for opengl in (True, False):
        view = shown(qtbot, opengl)
        view.setTheme(theme)
        view.setCamera(camera)
        pictures.append(array_of(view.grab().toImage()))
    assert difference(*pictures) < 2.5
    # a mesh that lay elsewhere by a few pixels would differ much along its outline
    assert np.mean(np.abs(pictures[0] - pictures[1]).max(axis=-1) > 60) < 0.01


def test_the_widget_itself_takes_the_mouse(qtbot: QtBot) -> None:
    view = shown(qtbot, True)
    place = QPoint(300, 480)
    assert view.childAt(place) is None
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(view, place + QPoint(40, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place + QPoint(40, 0))
    assert view.camera() != Camera()


def test_content_theme_and_size_may_change_and_come_back(qtbot: QtBot) -> None:
    view = shown(qtbot, True)
    before = array_of(view.grab().toImage())
    axis = np.linspace(0, 1, 30)
    holed = np.add.outer(axis, axis)
    holed[10:20, 10:20] = np.nan
    view.setContent(replace(map_scene(), landscape=Landscape(("a", "b"), axis, axis, holed), runs=(), start=None))
    assert difference(before, array_of(view.grab().toImage())) > 1
    view.setTheme(LIGHT)
    view.resize(400, 300)
    view.grab()
    view.resize(600, 520)
    view.setTheme(THEMES["dark"])
    view.setContent(map_scene(points=129))
    assert difference(before, array_of(view.grab().toImage())) < 0.05


def test_two_views_show_the_same(qtbot: QtBot) -> None:
    first, second = shown(qtbot, True), shown(qtbot, True)
    assert difference(array_of(first.grab().toImage()), array_of(second.grab().toImage())) < 0.05
