"""Remarks below views: the longest wording that fits, and what is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.views.remark import Remark

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WORDINGS = ("drag a point to move it, wherever it is", "drag a point", "drag")


def test_the_longest_wording_that_fits_is_shown(qtbot: QtBot) -> None:
    remark = Remark()
    qtbot.addWidget(remark)
    remark.setWordings(WORDINGS, "A point that is dragged takes the line with it.")
    remark.show()
    for wording in (*WORDINGS, *reversed(WORDINGS)):
        remark.resize(remark.fontMetrics().horizontalAdvance(wording) + 2, 24)
        assert remark.text() == wording
    assert remark.accessibleName() == WORDINGS[0]
    assert remark.toolTip() == remark.accessibleDescription() == "A point that is dragged takes the line with it."


def test_the_shortest_is_cut_only_where_not_even_it_fits(qtbot: QtBot) -> None:
    remark = Remark()
    qtbot.addWidget(remark)
    remark.setWordings(WORDINGS)
    remark.show()
    remark.resize(remark.fontMetrics().horizontalAdvance("dra"), 24)
    assert remark.text().endswith("…")
    assert remark.toolTip() == WORDINGS[0]
    remark.setWordings(())
    assert remark.text() == remark.toolTip() == remark.accessibleName() == ""


def test_it_claims_no_width(qtbot: QtBot) -> None:
    remark = Remark()
    qtbot.addWidget(remark)
    remark.setWordings(("wide " * 200,))
    assert remark.sizePolicy().horizontalPolicy() == remark.sizePolicy().Policy.Ignored
