"""A section of the parameter panel: a heading with something to its right, and what stands under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gdstudio.views.controls import Divider, HeadingLabel, IconButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

LABEL_SHARE = 38
_AROUND_CHOICE, _WIDEST_CHOICE = 36, 160
SCROLL_BAR = 9
"""Width of the panel's scroll bar, which the panel leaves free at the right."""


class Column(QVBoxLayout):
    """A column that never squashes what is in it: where there is too little height, the rest is below the edge.

    What holds it hears only in the next round of events that something has grown, and paints in between.
    """

    def setGeometry(self, place: QRect) -> None:
        """Lay out in a place, at no less than the height that is needed at its width."""
        needed = self.totalHeightForWidth(place.width()) if self.hasHeightForWidth() else self.minimumSize().height()
        super().setGeometry(QRect(place.topLeft(), QSize(place.width(), max(needed, place.height()))))


class Section(QWidget):
    """A heading, a body in a column, and a line below.

    A section that can be folded has a chevron; folding is no change of the experiment and kept here.
    """

    def __init__(self, *, foldable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = HeadingLabel(self)
        self.header = QHBoxLayout()
        self.header.setContentsMargins(0, 0, 0, 0)
        self.header.addWidget(self.heading, 1)
        self._content = QWidget(self)
        self.body = Column(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        column = Column(self)
        column.setContentsMargins(14, 12, 14 - SCROLL_BAR, 0)
        column.setSpacing(8)
        column.addLayout(self.header)
        column.addWidget(self._content)
        column.addSpacing(6)
        column.addWidget(Divider(self))
        self._chevron: IconButton | None = None
        if foldable:
            self._chevron = IconButton("chevron-down", pixels=14)
            self._chevron.clicked.connect(self._fold)
            self.header.addWidget(self._chevron)

    def chevron(self) -> QToolButton | None:
        """Return the button that folds the section, if there is one."""
        return self._chevron

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [self._chevron] if self._chevron else []

    def folded(self) -> bool:
        """Return whether the body is folded away."""
        return self._content.isHidden()

    def setTitle(self, title: str) -> None:
        """Set the heading."""
        self.heading.setText(title)
        self.setAccessibleName(title)
        self._say_chevron()

    def _fold(self) -> None:
        self._content.setVisible(self.folded())
        if self._chevron:
            self._chevron.setIconName("chevron-right" if self.folded() else "chevron-down")
        self._say_chevron()

    def _say_chevron(self) -> None:
        if self._chevron:
            text = self.tr("Show the section {title}") if self.folded() else self.tr("Fold the section {title}")
            self._chevron.say(text.format(title=self.heading.text()))


def row_label(parent: QWidget | None = None) -> QLabel:
    """Return a muted label to the left of a control, in as many lines as it needs."""
    label = QLabel(parent)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setMinimumWidth(20)
    return label


def give_room(combo: QComboBox) -> None:
    """Keep a choice from being cut where the panel is narrow: labels give way first."""
    wanted = combo.fontMetrics().horizontalAdvance(combo.currentText()) + _AROUND_CHOICE
    combo.setMinimumWidth(min(wanted, _WIDEST_CHOICE))


class ErrorLabel(QLabel):
    """A red sentence with a sign before it; no room is taken where there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setVisible(False)

    def setSentence(self, sentence: str) -> None:
        """Show `sentence`; an empty one hides the label."""
        self.setText(f"\N{WARNING SIGN} {sentence}" if sentence else "")
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def minimumSizeHint(self) -> QSize:
        """Leave the width to the panel."""
        return QSize(20, super().minimumSizeHint().height())


def rows_grid() -> QGridLayout:
    """Return a grid of labels and controls whose columns line up through the panel."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, LABEL_SHARE)
    grid.setColumnStretch(1, 100 - LABEL_SHARE)
    return grid
