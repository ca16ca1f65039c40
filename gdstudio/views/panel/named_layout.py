"""A layout of names and what belongs to them: side by side where the panel is wide enough, else one below another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdstudio.views.panel.item_layout import ItemLayout
from gdstudio.views.panel.section import LABEL_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 8
# The most of the width that names may take.
_MOST = 0.6


class NamedLayout(ItemLayout):
    """Groups of a name and its fields, whose columns line up.

    Groups of one field stand in pairs where there is room for that. The fields of a group stand in one line with its
    name, or below one another. Names take their share of the panel, or what they need.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # Worked out for a width: Qt asks hundreds of times while it lays out a panel.
        self._placed: dict[int, list[QRect]] = {}
        # How many items each group has, its name among them.
        self._groups: list[int] = []
        self.setContentsMargins(0, 0, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        parent.setSizePolicy(policy)

    def addGroup(self, name: QWidget, fields: Sequence[QWidget]) -> None:
        """Add a name and its fields below all others."""
        for widget in (name, *fields):
            self.addWidget(widget)
        self._groups.append(1 + len(fields))
        self.invalidate()

    def clear(self) -> None:
        """Remove all widgets for good."""
        self._groups.clear()
        while item := self.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        boxes = self._boxes(width)
        return max((box.y() + box.height() for box in boxes), default=0)

    def setGeometry(self, place: QRect) -> None:
        """Put every item where it belongs."""
        super().setGeometry(place)
        for item, box in zip(self._items, self._boxes(place.width()), strict=True):
            item.setGeometry(box.translated(place.topLeft()))

    def minimumSize(self) -> QSize:
        """Room for one line."""
        return QSize(20, self._line())

    def invalidate(self) -> None:
        """Work out anew where the items stand."""
        self._placed.clear()
        super().invalidate()

    def _line(self) -> int:
        return max((item.sizeHint().height() for item in self._items), default=0)

    def _boxes(self, width: int) -> list[QRect]:
        """Return where the items stand, in their order, in a layout of a width."""
        if width not in self._placed:
            self._placed[width] = self._place(width)
        return self._placed[width]

    def _place(self, width: int) -> list[QRect]:
        if not self._groups:
            return []
        firsts = [sum(self._groups[:index]) for index in range(len(self._groups))]
        # asked themselves: an item has no width where its widget leaves that to the layout
        names = [widget for first in firsts if (widget := self._items[first].widget())]
        name = min(max(widget.sizeHint().width() for widget in names), int(_MOST * width))
        field = max(item.minimumSize().width() for index, item in enumerate(self._items) if index not in firsts)
        most = max(self._groups) - 1
        if most == 1 < len(self._groups) and 2 * (name + field) + 3 * _GAP <= width:
            return self._in_pairs(width, name)
        beside = name + most * (_GAP + field) <= width
        # the share that names have in all of the panel, unless the fields would have too little
        share = LABEL_SHARE * (width - _GAP) // 100
        name = max(name, min(share, width - (most if beside else 1) * (_GAP + field)))
        return self._in_lines(width, name, most if beside else 1)

    def _in_pairs(self, width: int, name: int) -> list[QRect]:
        line, half = self._line(), (width - _GAP) // 2
        boxes = []
        for index in range(len(self._groups)):
            row, column = divmod(index, 2)
            left, top = column * (half + _GAP), row * (line + _GAP)
            boxes += [QRect(left, top, name, line), QRect(left + name + _GAP, top, half - name - _GAP, line)]
        return boxes

    def _in_lines(self, width: int, name: int, columns: int) -> list[QRect]:
        line, top, boxes = self._line(), 0, []
        each = (width - name - columns * _GAP) // columns
        for group in self._groups:
            boxes.append(QRect(0, top, name, line))
            for index in range(group - 1):
                row, column = divmod(index, columns)
                boxes.append(QRect(name + _GAP + column * (each + _GAP), top + row * (line + _GAP), each, line))
            top += -(-(group - 1) // columns) * (line + _GAP)
        return boxes
