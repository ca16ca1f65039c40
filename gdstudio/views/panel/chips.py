"""The columns of data as chips: which are features, which is the target; a list to choose from where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from gdstudio.views.controls import popup_under
from gdstudio.views.panel.choice_popup import ChoicePopup, PopupRow
from gdstudio.views.panel.item_layout import ItemLayout
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from gdstudio.views.panel.data_model import ColumnModel

#: Of more columns there is a chip for all features together.
MOST_CHIPS = 8
_LONGEST = 20


class FlowLayout(ItemLayout):
    """Widgets side by side, in as many lines as they need."""

    def __init__(self, parent: QWidget, spacing: int) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, place: QRect) -> None:
        """Put the items into their lines."""
        super().setGeometry(place)
        self._arrange(place, move=True)

    def minimumSize(self) -> QSize:
        """Room for the widest item, in one line."""
        size = QSize(20, 20)
        for item in self._items:
            size = size.expandedTo(QSize(20, item.sizeHint().height()))
        return size

    def _arrange(self, place: QRect, *, move: bool) -> int:
        x, y, line = place.x(), place.y(), 0
        for item in self._items:
            hint = item.sizeHint().boundedTo(QSize(max(20, place.width()), 1 << 16))
            if x > place.x() and x + hint.width() > place.x() + place.width():
                x, y, line = place.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            line = max(line, hint.height())
        return y + line - place.y()


class ColumnChips(QWidget):
    """A chip for each column, one for all features where they are many, and that of the target.

    Signals: `featureToggled(name, whether it is one now)`, `featuresChosen(tuple of names)`, `targetChosen(name)`.
    """

    featureToggled = Signal(str, bool)
    featuresChosen = Signal(object)
    targetChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[ColumnModel, ...] = ()
        self._choosable = True
        self.features: dict[str, QToolButton] = {}
        self.many = _chip(self)
        self.target = _chip(self)
        self.popup: ChoicePopup | None = None
        self._flow = FlowLayout(self, 5)
        self._flow.addWidget(self.many)
        self._flow.addWidget(self.target)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.many.clicked.connect(self._choose_features)
        self.target.clicked.connect(self._choose_target)

    def setColumns(self, columns: tuple[ColumnModel, ...], *, choosable: bool) -> None:
        """Show the columns; the features may be `choosable`, or be what a typed loss names."""
        if (columns, choosable) == (self._columns, self._choosable):
            return
        self._columns, self._choosable = columns, choosable
        few = len(columns) <= MOST_CHIPS
        self._build([each.name for each in columns if each.role != "target"] if few else [])
        self.many.setVisible(not few)
        self._say()

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return [*self.features.values(), self.many, self.target]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self._say()

    def _build(self, names: list[str]) -> None:
        if list(self.features) == names:
            return
        for chip in self.features.values():
            chip.hide()
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.features = {}
        for chip in (self.many, self.target):
            self._flow.removeWidget(chip)
        for name in names:
            chip = _chip(self)
            chip.clicked.connect(lambda checked, name=name: self._toggle(name, checked))
            self.features[name] = chip
            self._flow.addWidget(chip)
            chip.show()
        self._flow.addWidget(self.many)
        self._flow.addWidget(self.target)

    def _say(self) -> None:
        target = next((each for each in self._columns if each.role == "target"), None)
        chosen = sum(each.role == "feature" for each in self._columns)
        for each in self._columns:
            if each.name in self.features:
                self._say_feature(self.features[each.name], each)
        possible = sum(each.role != "target" and not each.labels for each in self._columns)
        self.many.setChecked(True)
        self.many.setText(self.tr("{chosen} of {count} features…").format(chosen=chosen, count=possible))
        self.many.setAccessibleName(self.tr("Choose the features, {chosen} of {count} now").format(
            chosen=chosen, count=possible))
        self.many.setToolTip(self.tr("Choose the columns that the target is predicted from"))
        self.many.setEnabled(self._choosable)
        name = target.name if target else ""
        self.target.setChecked(True)
        self.target.setText(self.tr("{name} target").format(name=_short(name)))
        self.target.setAccessibleName(self.tr("Target {name}").format(name=name))
        self.target.setToolTip(self.tr("{name} is predicted; a click chooses another column").format(name=name))
        self.updateGeometry()

    def _say_feature(self, chip: QToolButton, column: ColumnModel) -> None:
        chip.setText(_short(column.name))
        chip.setAccessibleName(self.tr("Feature {name}").format(name=column.name))
        chip.setChecked(column.role == "feature")
        chip.setEnabled(self._choosable and not column.labels)
        called = f" ({column.title})" if column.title != column.name else ""
        if column.labels:
            tooltip = self.tr("{name} holds labels, no numbers: it can be the target only")
        elif not self._choosable:
            tooltip = self.tr("{name}: the loss itself says which columns it reads")
        elif column.role == "feature":
            tooltip = self.tr("{name} is a feature: the target is predicted from it; a click leaves it out")
        else:
            tooltip = self.tr("{name} is left out; a click makes it a feature")
        chip.setToolTip(tooltip.format(name=column.name + called))

    def _toggle(self, name: str, checked: bool) -> None:
        # the chip shows what the document says; the answer may be that it cannot be
        self.features[name].setChecked(not checked)
        self.featureToggled.emit(name, checked)

    def _choose_features(self) -> None:
        self.many.setChecked(True)
        rows = tuple(
            PopupRow(each.name, each.name, each.role == "feature")
            for each in self._columns if each.role != "target" and not each.labels
        )
        popup = self._open(rows, self.many)
        popup.chosen.connect(self._features_chosen)

    def _features_chosen(self, names: tuple[str, ...]) -> None:
        if names != tuple(each.name for each in self._columns if each.role == "feature"):
            self.featuresChosen.emit(names)

    def _choose_target(self) -> None:
        self.target.setChecked(True)
        rows = tuple(PopupRow(each.name, each.name, each.role == "target") for each in self._columns)
        popup = self._open(rows, self.target, single=True)
        popup.picked.connect(self._target_picked)

    def _target_picked(self, name: str) -> None:
        if any(each.name == name and each.role != "target" for each in self._columns):
            self.targetChosen.emit(name)

    def _open(self, rows: tuple[PopupRow, ...], chip: QToolButton, *, single: bool = False) -> ChoicePopup:
        popup = ChoicePopup(rows, single=single, parent=self)
        popup.setAccessibleName(chip.accessibleName())
        popup.destroyed.connect(self._popup_gone)
        self.popup = popup
        popup.open_at(popup_under(chip))
        return popup

    def _popup_gone(self) -> None:
        self.popup = None


def _chip(parent: QWidget) -> QToolButton:
    chip = QToolButton(parent)
    chip.setProperty("role", "chip")
    chip.setCheckable(True)
    chip.setFont(text_font(11))
    chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    return chip


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST - 1]}…"
