"""What a person does with data in the window, shared by its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

    from gdstudio.experiment.document import Data
    from gdstudio.views.panel.data_section import DataSection
    from tests.gui.conftest import Bench


def section_of(bench: Bench) -> DataSection:
    return bench.window.panel.problem.data


def data_of(bench: Bench) -> Data:
    data = bench.experiment.problem.data
    assert data is not None
    return data


def take(combo: QComboBox, key: str) -> None:
    """Open the list of a combo box and take the row with a key."""
    combo.setFocus()
    combo.showPopup()
    view = combo.view()
    view.setCurrentIndex(combo.model().index(combo.findData(key), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)


def open_data(bench: Bench, key: str = "noisy_line") -> DataSection:
    """Go to the tab of data and choose a data set."""
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    section = section_of(bench)
    assert bench.experiment.problem.key == "line_fit"
    if key == section.source.current():
        take(section.model, "linear")
    else:
        take(section.source, key)
    bench.until(lambda: bench.experiment.problem.data is not None)
    bench.settled()
    return section
