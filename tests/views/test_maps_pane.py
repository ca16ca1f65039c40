"""The pane of maps: what it says of the loss of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from gdstudio.views.maps_pane import MapsPane

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def pane(qtbot: QtBot) -> MapsPane:
    pane = MapsPane()
    qtbot.addWidget(pane)
    for key in ("contour", "batch", "cloud"):
        pane.addView(key, QWidget())
    pane.retranslate()
    pane.resize(600, 300)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def test_the_dashes_are_explained_with_the_run_whose_batch_it_is(pane: MapsPane) -> None:
    pane.setBatchOf("Adam · batch 16")
    assert not pane.remark.isVisible()
    pane.setCurrent("batch")
    assert pane.remark.isVisible()
    assert pane.remark.text() == "white dashes: the loss of this step's batch alone, of Adam · batch 16"
    assert "Adam · batch 16" in pane.remark.toolTip()
    pane.setCurrent("cloud")
    assert not pane.remark.isVisible()


def test_full_batches_have_nothing_to_see_and_it_is_said_why(pane: MapsPane) -> None:
    pane.setCurrent("batch")
    pane.setBatchOf("")
    assert pane.remark.text() == "all runs take full batches, whose loss is the map itself: nothing else to see"
    assert "smaller batch" in pane.remark.toolTip()
    pane.setBatchOf(None)
    assert not pane.remark.isVisible()


@pytest.mark.parametrize("run", ["Gradient descent · batch 16", ""])
def test_in_little_room_it_is_said_in_fewer_words(pane: MapsPane, qtbot: QtBot, run: str) -> None:
    pane.setCurrent("batch")
    pane.setBatchOf(run)
    pane.resize(301, 300)
    qtbot.waitUntil(lambda: pane.remark.width() == 275)
    words = pane.remark.text()
    assert not words.endswith("…")
    assert (run or "the map itself") in words


def test_the_first_view_is_a_contour_map_or_a_derivative(pane: MapsPane) -> None:
    assert [pane.tabs.tabText(index) for index in range(3)] == ["Contour", "This batch", "Gradient cloud"]
    pane.setDerivative(True)
    assert pane.tabs.tabText(0) == "Derivative"
