"""The files that come with the program are found, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from gdstudio.doctor import FONTS
from gdstudio.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

ICONS = sorted(resource("icons").glob("*.svg"))


def test_a_resource_is_a_path_that_exists() -> None:
    assert resource("icons", "run.svg").is_file()
    assert resource().is_dir()


def test_what_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg is not in"):
        resource("icons", "nothing.svg")


def test_the_fonts_come_with_their_licences() -> None:
    for name in FONTS:
        family = name.partition("-")[0]
        assert resource("fonts", name).stat().st_size > 100_000
        assert "SIL OPEN FONT LICENSE" in resource("fonts", f"OFL-{family}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in ICONS if path.stem != "app"], ids=lambda path: path.stem)
def test_an_icon_has_one_colour_that_code_can_replace(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    colours = {
        value for element in root.iter() for key, value in element.attrib.items() if key in ("fill", "stroke")
    }
    assert root.get("viewBox") == "0 0 24 24"
    assert colours - {"none"} == {"#E6E9EF"}


def test_every_icon_can_be_drawn(qapp: object) -> None:
    from PySide6.QtGui import QColor, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    for path in ICONS:
        image = QImage(48, 48, QImage.Format.Format_ARGB32)
        image.fill(QColor(0, 0, 0, 0))
        renderer = QSvgRenderer(str(path))
        assert renderer.isValid(), path
        with QPainter(image) as painter:
            renderer.render(painter)
        assert any(image.pixelColor(x, y).alpha() for x in range(48) for y in range(48)), path
