"""Pictures in files: vector where they say so, like the screen, whole or not at all."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gdstudio.engine.errors import StudioError
from gdstudio.exporters.pictures import export, export_image, rendered
from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing
from gdstudio.scene.curves import CurvesDrawing
from gdstudio.scene.profile import ProfileDrawing
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.theme import DARK, THEMES, Theme
from tests.scene.pixels import array_of, difference
from tests.scene.valley import curves_scene, map_scene, profile_scene

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.exporters.pictures import Picture

pytestmark = pytest.mark.usefixtures("qapp")

NAMES = ("contour", "surface", "curves", "profile")


def picture(name: str, theme: Theme = DARK, width: float = 420.0, height: float = 360.0) -> Picture:
    size = (width, height)
    if name == "contour":
        return ContourDrawing(map_scene(), theme, size)
    if name == "surface":
        return SurfaceDrawing(map_scene(), theme, Viewport(*size), Camera(), cells=30)
    if name == "curves":
        return CurvesDrawing(curves_scene(), theme, size)
    return ProfileDrawing(profile_scene(), theme, size)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_svg_is_vector_and_looks_like_the_png(tmp_path: Path, name: str, theme: Theme) -> None:
    file = tmp_path / "picture.svg"
    export(picture(name, theme), file)
    text = file.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.get("width") == "420"
    assert root.get("viewBox") == "0 0 420 360"
    assert "<image" not in text
    assert "<text" not in text
    renderer = QSvgRenderer(str(file))
    assert renderer.isValid()
    image = QImage(840, 720, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    assert difference(array_of(image), array_of(rendered(picture(name, theme), 2.0))) < 1.5


@pytest.mark.parametrize("name", NAMES)
def test_pdf_is_one_vector_page_of_the_size(tmp_path: Path, name: str) -> None:
    file = tmp_path / "picture.pdf"
    export(picture(name, height=362.0), file)
    data = file.read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/Subtype /Image" not in data
    box = re.search(rb"/MediaBox \[([\d. ]+)\]", data)
    assert box is not None
    assert [float(part) for part in box[1].split()] == pytest.approx([0, 0, 315, 271.5], abs=0.51)
    assert len(re.findall(rb"/Type /Page\b", data)) == 1
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    assert max(len(_inflated(stream)) for stream in streams) > 2000


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.0, 4.0])
def test_png_has_as_many_pixels_as_asked(tmp_path: Path, scale: float) -> None:
    file = tmp_path / "picture.png"
    export(picture("contour"), file, scale)
    image = QImage(str(file))
    assert (image.width(), image.height()) == (420 * scale, 360 * scale)
    assert difference(array_of(image), array_of(rendered(picture("contour"), scale))) == 0.0


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    class Broken:
        size = (100.0, 100.0)
        theme = DARK

        def paint(self, painter: QPainter) -> None:
            raise RuntimeError("half way")

    for ending in ("png", "svg", "pdf"):
        file = tmp_path / f"picture.{ending}"
        file.write_bytes(b"old")
        with pytest.raises(RuntimeError):
            export(Broken(), file)
        assert file.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["picture.jpg", "picture", "picture.svg.gz"])
def test_an_unknown_ending_is_said_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match=r"\.png, \.svg, \.pdf"):
        export(picture("curves"), tmp_path / name)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be written"):
        export(picture("curves"), tmp_path / "nowhere" / "picture.png")


def test_a_picture_that_is_too_large_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="pixels along each side"):
        export(picture("curves", width=9000.0), tmp_path / "picture.png", 4.0)
    assert not list(tmp_path.iterdir())


def test_a_screenshot_is_written_as_png_only(tmp_path: Path) -> None:
    image = rendered(picture("curves"))
    export_image(image, tmp_path / "shot.png")
    np.testing.assert_array_equal(array_of(QImage(str(tmp_path / "shot.png"))), array_of(image))
    with pytest.raises(StudioError, match=r"\.png"):
        export_image(image, tmp_path / "shot.svg")
