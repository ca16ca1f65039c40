"""The card of one optimizer of the race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.scene.marks import draw_marker
from gdstudio.scene.theme import DARK, Theme
from gdstudio.views.controls import IconButton, popup_under
from gdstudio.views.panel.batch_row import BatchRow
from gdstudio.views.panel.numbers import brief
from gdstudio.views.panel.parameter_row import ParameterRows
from gdstudio.views.panel.section import row_label
from gdstudio.views.style import mono_font, text_font

if TYPE_CHECKING:
    from gdstudio.views.panel.model import CardModel

EDGE = 3.0
RADIUS = 6.0
NAME_AT = 24
SUMMARY_LENGTH = 2


def summary_of(model: CardModel) -> str:
    """Return the first hyperparameters of a run in a few characters, such as ``η 0.0002 · μ 0.90``."""
    parts = [f"{each.parameter.symbol} {brief(each.value)}" for each in model.parameters[:SUMMARY_LENGTH]]
    return " · ".join(parts)


class CardHeader(QAbstractButton):
    """Marker, name and, where there is room, a summary; a click expands the card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slot = 0
        self._theme = DARK
        self._faded = False
        self._summary = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(text_font(13, QFont.Weight.DemiBold))

    def sizeHint(self) -> QSize:
        """Height of the header; the width is the panel's."""
        return QSize(120, 30)

    def minimumSizeHint(self) -> QSize:
        """Room for the marker and some of the name."""
        return QSize(60, 30)

    def summary(self) -> str:
        """Return the summary, shown where there is room."""
        return self._summary

    def setRun(self, title: str, slot: int, summary: str, faded: bool) -> None:
        """Show a run; a faded one is not drawn by the views."""
        self.setText(title)
        self._slot, self._summary, self._faded = slot, summary, faded
        self.update()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of the runs from `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw marker, name and summary."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, colours = QPalette.ColorRole, QApplication.palette()
        if self.hasFocus():
            painter.setPen(colours.color(role.Accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3.5, 3.5, -1.5, -3.5), 4, 4)
        painter.setOpacity(0.45 if self._faded else 1.0)
        draw_marker(painter, 14, self.height() / 2, self._slot, self._theme, 5.0)
        painter.setPen(colours.color(role.WindowText))
        painter.setFont(self.font())
        name_room = self.width() - NAME_AT - 2
        name = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, name_room)
        place = self.rect().adjusted(NAME_AT, 0, -2, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        room = name_room - QFontMetrics(self.font()).horizontalAdvance(name) - 6
        self._paint_summary(painter, room, colours.color(role.PlaceholderText))

    def _paint_summary(self, painter: QPainter, room: int, colour: QColor) -> None:
        font = mono_font(11)
        metrics = QFontMetrics(font)
        text = self._summary
        while text and metrics.horizontalAdvance(text) > room:
            text = text.rpartition(" · ")[0]
        painter.setFont(font)
        painter.setPen(colour)
        place = self.rect().adjusted(0, 0, -2, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


class Card(QWidget):
    """One run: header, eye, menu, and its hyperparameters where it is expanded.

    Signals without an argument say what a person asked for; `parameterChanged(key, value, final)` and
    `batchChanged(size or None, final)` carry the new value, `drawingChanged(what, value, final)` how batches are drawn.
    """

    expansionToggled = Signal()
    visibilityToggled = Signal()
    duplicateAsked = Signal()
    resetAsked = Signal()
    changeAsked = Signal()
    equationsAsked = Signal()
    removeAsked = Signal()
    parameterChanged = Signal(str, float, bool)
    batchChanged = Signal(object, bool)
    drawingChanged = Signal(str, object, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: CardModel | None = None
        self._theme = theme
        self.header = CardHeader(self)
        self.header.setTheme(theme)
        self.eye = IconButton("eye", parent=self)
        self.more = IconButton("more", parent=self)
        self.parameters = ParameterRows(self)
        self.batch = BatchRow(self)
        self.verdict = row_label(self)
        self.verdict.setFont(text_font(12))
        self.refusal = row_label(self)
        self.refusal.setProperty("role", "error")
        self.refusal.setFont(text_font(12))
        self.refusal.setContentsMargins(11, 0, 5, 4)
        self.refusal.hide()
        self.menu = QMenu(self)
        self._actions: dict[str, QAction] = {}
        for key, intent in (("change", self.changeAsked), ("equations", self.equationsAsked),
                            ("duplicate", self.duplicateAsked), ("reset", self.resetAsked),
                            ("expand", self.expansionToggled), ("remove", self.removeAsked)):
            self._actions[key] = self.menu.addAction("")
            self._actions[key].triggered.connect(lambda _checked=False, intent=intent: intent.emit())
        self.menu.insertSeparator(self._actions["remove"])
        self.menu.setToolTipsVisible(True)
        self._lay_out()
        self.header.clicked.connect(self.expansionToggled)
        self.eye.clicked.connect(self.visibilityToggled)
        self.more.clicked.connect(lambda: self.menu.popup(popup_under(self.more)))
        self.parameters.changed.connect(self.parameterChanged)
        self.batch.changed.connect(self.batchChanged)
        self.batch.drawingChanged.connect(self.drawingChanged)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 5, 0)
        line.setSpacing(0)
        for widget in (self.header, self.eye, self.more):
            line.addWidget(widget)
        self._details = QWidget(self)
        details = QVBoxLayout(self._details)
        details.setContentsMargins(11, 0, 5, 6)
        details.setSpacing(4)
        details.addWidget(self.parameters)
        details.addWidget(self.batch)
        details.addWidget(self.verdict)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 1)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.refusal)
        column.addWidget(self._details)

    def model(self) -> CardModel | None:
        """Return what is shown."""
        return self._model

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of the runs from `theme`."""
        self._theme = theme
        self.header.setTheme(theme)
        self.update()

    def setModel(self, model: CardModel) -> None:
        """Show a run, without a signal."""
        before, self._model = self._model, model
        if model == before:
            return
        self.parameters.setParameters(tuple(each.parameter for each in model.parameters))
        for each in model.parameters:
            self.parameters.setValue(each.key, each.value)
        self.verdict.setText(model.verdict)
        self.verdict.setVisible(bool(model.verdict))
        self.refusal.setText(f"\N{WARNING SIGN} {model.refusal}" if model.refusal else "")
        self.refusal.setVisible(bool(model.refusal))
        self.batch.setVisible(model.batch is not None)
        if model.batch is not None:
            self.batch.setBatch(model.batch)
        if before is None or before.expanded != model.expanded:
            self._details.setVisible(model.expanded)
        self.eye.setIconName("eye" if model.visible else "eye-off")
        self._say_header()
        if before is None or (before.title, before.visible, before.expanded) != (
            model.title, model.visible, model.expanded,
        ):
            self._say()

    def setFull(self, reason: str) -> None:
        """Let the run be duplicated, or say why it cannot be."""
        self._actions["duplicate"].setEnabled(not reason)
        self._actions["duplicate"].setToolTip(reason)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, from top to bottom."""
        return [self.header, self.eye, self.more, *self.parameters.controls(), *self.batch.controls()]

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self._actions["change"].setText(self.tr("&Change…"))
        self._actions["equations"].setText(self.tr("E&quations…"))
        self._actions["duplicate"].setText(self.tr("&Duplicate"))
        self._actions["reset"].setText(self.tr("Re&set to suggested values"))
        self._actions["remove"].setText(self.tr("&Remove"))
        self.parameters.retranslate()
        self.batch.retranslate()
        self._say()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the card's menu where the mouse is."""
        self.menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card with the run's colour at its left edge."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, colours = QPalette.ColorRole, QApplication.palette()
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.fillPath(outline, colours.color(role.Button))
        painter.setPen(colours.color(role.Mid))
        painter.drawPath(outline)
        if self._model:
            painter.setClipRect(QRectF(0, 0, EDGE, self.height()))
            painter.fillPath(outline, QColor(self._theme.run_colour(self._model.slot)))

    def _say_header(self) -> None:
        model = self._model
        if model is None:
            return
        summary = summary_of(model)
        if model.batch is not None:
            summary = self.batch.summary()
        faded = not model.visible or bool(model.refusal)
        self.header.setRun(model.title, model.slot, "" if model.expanded else summary, faded)
        self.header.setAccessibleDescription(summary)

    def _say(self) -> None:
        model = self._model
        if model is None:
            return
        self._say_header()
        self.header.setAccessibleName(model.title)
        what = self.tr("Fold the card of {name}") if model.expanded else self.tr("Show the numbers of {name}")
        self.header.setToolTip(what.format(name=model.title))
        eye = self.tr("Hide {name} in the views") if model.visible else self.tr("Show {name} in the views")
        self.eye.say(eye.format(name=model.title))
        self.more.say(self.tr("More for {name}").format(name=model.title),
                      self.tr("Change, duplicate, reset or remove {name}").format(name=model.title))
        self._actions["expand"].setText(self.tr("&Fold") if model.expanded else self.tr("&Expand"))
