"""Icons, equations, palettes: what the window is drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPalette

from gdstudio.scene.theme import DARK, LIGHT, Theme
from gdstudio.views import icons, style
from gdstudio.views.equation import Equation, EquationView
from gdstudio.views.style_sheet import style_sheet
from tests.views.conftest import SVG, activate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

NAMES = (
    "run", "pause", "step", "step-back", "restart", "to-end", "eye", "eye-off", "more", "plus", "undo", "redo",
    "open", "save", "image", "reset-view", "chevron-down", "chevron-right", "trash", "copy",
)


def _inked(image: QImage) -> list[QColor]:
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return [colour for x, y in points if (colour := image.pixelColor(x, y)).alpha() == 255]


@pytest.mark.parametrize("name", NAMES)
def test_icons_have_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, QColor("#ff8800"), 48).toImage()
    inked = _inked(image)
    assert inked
    assert {colour.name() for colour in inked} == {"#ff8800"}


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_icons_are_sharp_at_any_ratio(qapp: QApplication, ratio: float) -> None:
    picture = icons.icon("run", QColor("white")).pixmap(QSize(16, 16), ratio)
    assert picture.width() == 16 * ratio


def test_an_icon_that_is_missing_is_named(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="nothing"):
        icons.icon("nothing", QColor("white"))


def _luminance(colour: QColor) -> float:
    parts = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
             for value in (colour.redF(), colour.greenF(), colour.blueF())]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_texts_can_be_read(theme: Theme) -> None:
    palette, role = style.palette(theme), QPalette.ColorRole
    for text in (role.Text, role.PlaceholderText, role.BrightText):
        for ground in (role.Window, role.Base, role.Button):
            assert _contrast(palette.color(text), palette.color(ground)) >= 4.5
    assert _contrast(palette.color(role.Link), palette.color(role.Window)) >= 4.5
    assert _contrast(palette.color(role.HighlightedText), palette.color(role.Highlight)) >= 4.5


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_the_style_sheet_has_every_colour(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert theme.accent in sheet


def test_an_equation_is_drawn_in_the_colour_of_the_text(qtbot: QtBot) -> None:
    view = EquationView()
    qtbot.addWidget(view)
    view.resize(200, 10)
    view.setEquation(Equation(SVG, "f' = 10 x"))
    palette = view.palette()
    for name in ("#ff0000", "#00aa00"):
        palette.setColor(QPalette.ColorRole.WindowText, QColor(name))
        view.setPalette(palette)
        activate(view, qtbot)
        assert view.grab().toImage().pixelColor(5, 5).name() == name
    assert view.accessibleName() == "f' = 10 x"
    assert view.height() == 20


def test_an_equation_shrinks_to_the_room_there_is(qtbot: QtBot) -> None:
    view = EquationView()
    qtbot.addWidget(view)
    view.setEquation(Equation(SVG, "f"))
    view.resize(45, 20)
    activate(view, qtbot)
    assert view.height() == 15


def test_no_equation_takes_no_room(qtbot: QtBot) -> None:
    view = EquationView()
    qtbot.addWidget(view)
    view.setEquation(Equation(SVG, "f"))
    view.setEquation(None)
    assert view.sizeHint() == QSize(0, 0)
    assert view.accessibleName() == ""
