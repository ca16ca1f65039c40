"""Names and what belongs to them: whole, in sight, and in order at every width of the panel."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLineEdit, QWidget

from gdstudio.views.controls import ElidedLabel
from gdstudio.views.panel.named_layout import NamedLayout

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Laid(NamedTuple):
    """What was laid out; what holds it keeps it alive."""

    labels: list[ElidedLabel]
    groups: list[list[QLineEdit]]
    height: int
    place: QWidget


def laid(qtbot: QtBot, width: int, names: tuple[str, ...], fields: int = 1) -> Laid:
    place = QWidget()
    qtbot.addWidget(place)
    layout, labels, groups = NamedLayout(place), [], []
    for name in names:
        label, edits = ElidedLabel(), [QLineEdit() for _ in range(fields)]
        label.setWhole(name)
        for edit in edits:
            edit.setMinimumWidth(62)
        layout.addGroup(label, edits)
        labels.append(label)
        groups.append(edits)
    height = layout.heightForWidth(width)
    place.resize(width, height)
    place.show()
    layout.setGeometry(QRect(0, 0, width, height))
    return Laid(labels, groups, height, place)


@pytest.mark.parametrize("width", [180, 222, 258, 400])
@pytest.mark.parametrize("names", [("b", "w_age", "w_sex"), ("W_0_0", "W_0_1", "W_0_2", "W_1_0"), ("a_long_name", "b")])
def test_names_are_whole_and_fields_wide_enough(width: int, names: tuple[str, ...], qtbot: QtBot) -> None:
    found = laid(qtbot, width, names)
    labels, groups, height, _ = found
    assert [label.text() for label in labels] == list(names)
    boxes = [widget.geometry() for label, edits in zip(labels, groups, strict=True) for widget in (label, *edits)]
    assert all(QRect(0, 0, width, height).contains(box) for box in boxes)
    assert not any(one.intersects(other) for k, one in enumerate(boxes) for other in boxes[:k])
    assert all(edit.width() >= 62 for (edit,) in groups)
    places = [(edit.y(), edit.x()) for (edit,) in groups]
    assert places == sorted(places)


def test_narrower_panels_have_one_column_and_wider_ones_two(qtbot: QtBot) -> None:
    names = ("W_0_0", "W_0_1", "W_0_2", "W_1_0", "W_1_1")
    found = [laid(qtbot, width, names) for width in (200, 222, 280, 400)]
    assert [len({edit.x() for (edit,) in each.groups}) for each in found] == [1, 1, 2, 2]
    assert found[1].height > found[2].height


def test_fields_of_one_name_stand_in_its_line_or_below_one_another(qtbot: QtBot) -> None:
    for width, in_line in ((160, False), (300, True)):
        found = laid(qtbot, width, ("w , b",), 2)
        assert found.labels[0].text() == "w , b"
        first, second = (edit.geometry() for edit in found.groups[0])
        assert (first.y() == second.y()) == in_line
        assert (first.x() < second.x()) == in_line
        assert min(first.width(), second.width()) >= 62


def test_a_name_that_is_far_too_long_leaves_its_field_room(qtbot: QtBot) -> None:
    found = laid(qtbot, 222, ("w_" + "long" * 20, "b"))
    assert found.labels[0].text().endswith("…")
    assert all(edit.width() >= 62 for (edit,) in found.groups)


def test_cleared_it_is_empty(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    layout = NamedLayout(place)
    assert layout.heightForWidth(200) == 0
    layout.addGroup(ElidedLabel(), [QLineEdit()])
    layout.addGroup(ElidedLabel(), [QLineEdit()])
    assert layout.count() == 4
    heights = [layout.heightForWidth(width) for width in range(40, 600, 20)]
    assert all(one >= other for one, other in pairwise(heights))
    layout.clear()
    assert layout.count() == 0
    assert layout.itemAt(0) is None
    assert layout.takeAt(0) is None
    assert layout.heightForWidth(200) == 0
