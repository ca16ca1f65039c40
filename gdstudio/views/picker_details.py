"""The right side of the optimizer picker: what an optimizer is, its equations, its convention and how exact it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.views.equation import Equation, EquationView
from gdstudio.views.segments import Segments
from gdstudio.views.style import mono_font, text_font

if TYPE_CHECKING:
    from gdstudio.views.picker_model import ConventionEntry, OptimizerEntry

_GAP, _EDGE, _LINE = 10, 11, 26


class EquationBox(QFrame):
    """Typeset lines, one below the other, in a box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "box")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, _EDGE, 14, _EDGE)
        self._column.setSpacing(7)
        self._lines: list[EquationView] = []
        self._waiting = QLabel(self)
        self._waiting.setProperty("role", "muted")
        self._waiting.setWordWrap(True)
        self._column.addWidget(self._waiting)
        self.hide()

    def lines(self) -> tuple[Equation, ...]:
        """Return the equations shown."""
        shown = (view.equation() for view in self._lines)
        return tuple(equation for equation in shown if equation is not None)

    def awaitLines(self, count: int) -> None:
        """Leave room for so many lines, which are being typeset; no box where there will be none."""
        self.setLines(())
        self.setMinimumHeight(_LINE * count + 2 * _EDGE)
        self.setVisible(count > 0)

    def setLines(self, lines: tuple[Equation, ...], waiting: str = "") -> None:
        """Show typeset lines, or a remark where there are none; no box where there is neither."""
        self.setMinimumHeight(0)
        while len(self._lines) > len(lines):
            view = self._lines.pop()
            view.hide()
            self._column.removeWidget(view)
            view.deleteLater()
        while len(self._lines) < len(lines):
            view = EquationView(self)
            self._column.addWidget(view)
            view.show()
            self._lines.append(view)
        for view, line in zip(self._lines, lines, strict=True):
            view.setEquation(line)
        self._waiting.setText(waiting)
        self._waiting.setVisible(not lines)
        self.setVisible(bool(lines or waiting))
        self.setAccessibleName(", ".join(line.text for line in lines) or waiting)


class Details(QScrollArea):
    """Shows one optimizer.

    Signals
    -------
    conventionChosen(str)
        A person chose another convention.
    """

    conventionChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name, self.credit = self._label("title"), self._label("muted")
        self.name.setFont(text_font(17, QFont.Weight.DemiBold))
        self.name.setWordWrap(False)
        self.credit.setFont(text_font(12))
        self.intuition, self.not_for = self._label("title"), self._label("muted")
        self.refusal, self.parity = self._label("error"), self._label("good")
        self.defaults = self._label("muted")
        self.defaults.setFont(mono_font(12))
        self.defaults.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.box = EquationBox()
        self.convention_label = self._label("muted")
        self.segments: Segments | None = None
        self._conventions: tuple[ConventionEntry, ...] = ()
        self._contents = QWidget()
        self._lay_out()
        self.setWidget(self._contents)

    def show_entry(self, entry: OptimizerEntry, convention: str) -> None:
        """Show an optimizer in one of its conventions; the equations follow with `show_lines`."""
        self.name.setText(entry.name)
        self.credit.setText(entry.credit)
        self.credit.setToolTip(entry.reference)
        self.intuition.setText(entry.intuition)
        self.not_for.setText(self.tr("Not for: {what}").format(what=_lowered(entry.not_for)) if entry.not_for else "")
        self.refusal.setText(f"\N{WARNING SIGN} {entry.refusal}" if entry.refusal else "")
        chosen = next(each for each in entry.conventions if each.key == convention)
        self.defaults.setText(chosen.defaults)
        self.parity.setText(f"\N{CHECK MARK} {chosen.parity}" if chosen.parity else "")
        for label in (self.not_for, self.refusal, self.defaults, self.parity):
            label.setVisible(bool(label.text()))
        self.box.awaitLines(chosen.lines)
        self._offer(entry.conventions, convention)
        named = len(entry.conventions) > 1 or chosen.name != entry.family
        self.convention_label.setVisible(named)
        if self.segments is not None:
            self.segments.setVisible(named)
        self.verticalScrollBar().setValue(0)

    def show_lines(self, lines: tuple[Equation, ...], waiting: str = "") -> None:
        """Show the typeset equations, or a remark where there are none."""
        self.box.setLines(lines, waiting)

    def show_none(self) -> None:
        """Show nothing."""
        self._contents.hide()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.convention_label.setText(self.tr("convention"))
        self.convention_label.setToolTip(self.tr(
            "Whose arithmetic and defaults: libraries differ in where epsilon stands and what accumulators begin with"
        ))

    def _offer(self, conventions: tuple[ConventionEntry, ...], chosen: str) -> None:
        self._contents.show()
        if conventions != self._conventions or self.segments is None:
            self._conventions = conventions
            if self.segments is not None:
                self.segments.hide()
                self._choice.removeWidget(self.segments)
                self.segments.deleteLater()
            self.segments = Segments(tuple(each.key for each in conventions), self._contents)
            if len(conventions) == 1:
                self.segments.button(conventions[0].key).setProperty("place", "only")
            for each in conventions:
                self.segments.say(each.key, each.name, self.tr("Arithmetic and defaults of {name}").format(
                    name=each.name))
            self.segments.chosen.connect(self.conventionChosen)
            self._choice.addWidget(self.segments, 1)
            self.segments.show()
        self.segments.setCurrent(chosen)

    def _label(self, role: str) -> QLabel:
        label = QLabel()
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(self.name, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.credit, 1, Qt.AlignmentFlag.AlignBaseline)
        self.credit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choice = QHBoxLayout()
        self._choice.setSpacing(8)
        self.convention_label.setWordWrap(False)
        self.convention_label.setMinimumWidth(96)
        self._choice.addWidget(self.convention_label)
        column = QVBoxLayout(self._contents)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(_GAP)
        column.addLayout(head)
        for widget in (self.intuition, self.not_for, self.refusal, self.box):
            column.addWidget(widget)
        column.addLayout(self._choice)
        for widget in (self.defaults, self.parity):
            column.addWidget(widget)
        column.addStretch(1)


def _lowered(sentence: str) -> str:
    """Return a sentence as it stands after a colon; what is written in capitals stays so."""
    return sentence[:1].lower() + sentence[1:] if not sentence[1:2].isupper() else sentence
