"""The dialogs that ask for a file: their list can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QToolButton, QTreeView

from gdstudio.views.file_dialog import FileDialog
from tests.scene.pixels import array_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Bench

ACTIONS = ("actionOpen", "actionOpenData", "actionSaveAs", "actionExportImage", "actionExportTrajectory")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", ACTIONS)
def test_the_list_has_a_whole_header(
    bench: Bench, tmp_path: Path, name: str, theme: Literal["dark", "light"]
) -> None:
    bench.window.setThemeChoice(theme)
    (tmp_path / "folder").mkdir()
    bench.action(name).trigger()
    bench.until(lambda: bench.window.findChild(FileDialog) is not None)
    dialog = bench.find_dialog(FileDialog)
    bench.until(dialog.isVisible)
    dialog.setDirectory(str(tmp_path))
    files = dialog.findChild(QTreeView, "treeView")
    assert files is not None
    header = files.header()
    metrics = header.fontMetrics()
    assert header.viewport().height() >= metrics.height() + 4
    bench.until(lambda: header.length() <= header.viewport().width())
    titles = [
        str(header.model().headerData(section, Qt.Orientation.Horizontal)) for section in range(header.count())
    ]
    for section, title in enumerate(titles):
        if not header.isSectionHidden(section):
            assert header.sectionSize(section) > metrics.horizontalAdvance(title)
    # the letters are there from the tops of the capitals to the feet
    rows = array_of(header.grab().toImage()).max(axis=2)
    written = (abs(rows - rows[2, 2]) > 60).any(axis=1)[:-2]
    assert written.sum() >= metrics.capHeight()
    assert not written[:2].any()


@pytest.mark.parametrize("asks", ["for an experiment", "for an optimizer"])
def test_buttons_have_the_icons_of_the_program(bench: Bench, asks: str) -> None:
    if asks == "for an experiment":
        bench.action("actionSaveAs").trigger()
    else:
        bench.studio.own_optimizers.ask_open()
    bench.until(lambda: bench.window.findChild(FileDialog) is not None)
    dialog = bench.find_dialog(FileDialog)
    bench.until(dialog.isVisible)
    up = dialog.findChild(QToolButton, "toParentButton")
    assert up is not None
    image = array_of(up.icon().pixmap(32, 32).toImage())
    assert image.max() > 200  # light on the dark theme
    for box in dialog.findChildren(QDialogButtonBox):
        assert all(button.icon().isNull() for button in box.buttons())
