"""The right side of the optimizer picker: what an optimizer is, its equations, its convention and how exact it is."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gdstudio.views.equation import Equation, EquationView
from gdstudio.views.segments import Segments
from gdstudio.views.style import mono_font, text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.views.picker_model import ConventionEntry, OptimizerEntry

_GAP, _EDGE, _LINE = 10, 11, 26
# Between the name of an optimizer and whose it is, side by side or one below the other.
_BESIDE, _BELOW = 9, 3
_SIDE, _TOP = 20, 16
# An equation may be drawn so much smaller than it is before it is scrolled.
_LEAST_SCALE = 0.8
# Between two characters of a word no line may end, nor within a DOI or arXiv number.
_INSIDE, _JOINER = re.compile(r"(?<=\S)(?=\S)"), "\N{WORD JOINER}"
_BEFORE_NUMBER, _UNBROKEN = re.compile(r"(?<=doi|Xiv) "), "\N{NO-BREAK SPACE}"


class _Words(QLabel):
    """A line of words between typeset ones; it breaks between words only, and not inside a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "muted")
        self.setFont(text_font(12))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setEquation(self, line: Equation) -> None:
        """Show a line."""
        self.setText(_INSIDE.sub(_JOINER, line.text))
        self.setAccessibleName(line.text)


class EquationBox(QFrame):
    """Typeset lines, one below the other, in a box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "box")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, _EDGE, 14, _EDGE)
        self._column.setSpacing(7)
        self._lines: list[EquationView | _Words] = []
        self._shown: tuple[Equation, ...] = ()
        self.hide()

    def lines(self) -> tuple[Equation, ...]:
        """Return the equations shown."""
        return self._shown

    def awaitLines(self, count: int) -> None:
        """Leave room for so many lines, which are being typeset; no box where there will be none."""
        self.setLines(())
        self.setMinimumHeight(_LINE * count + 2 * _EDGE)
        self.setVisible(count > 0)

    def setLines(self, lines: tuple[Equation, ...]) -> None:
        """Show typeset lines and lines of words, each as high as it is; no box where there are none."""
        self.setMinimumHeight(0)
        self._shown = lines
        kinds = [EquationView if line.svg else _Words for line in lines]
        kept = sum(1 for _ in takewhile(lambda pair: type(pair[0]) is pair[1], zip(self._lines, kinds, strict=False)))
        while len(self._lines) > kept:
            view = self._lines.pop()
            view.hide()
            self._column.removeWidget(view)
            view.deleteLater()
        for kind in kinds[kept:]:
            view = kind(self)
            self._column.addWidget(view)
            view.show()
            self._lines.append(view)
        for view, line in zip(self._lines, lines, strict=True):
            view.setEquation(line)
            if isinstance(view, EquationView):
                # one that is longer than the room there is scrolls, and is not cut off
                view.setMinimumWidth(round(_LEAST_SCALE * view.sizeHint().width()))
        self.setVisible(bool(lines))
        self.setAccessibleName(", ".join(line.text for line in lines))


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
        self.verticalScrollBar().rangeChanged.connect(self._offer_keyboard)
        self._offer_keyboard()
        self.name, self.credit = self._label("title"), self._label("muted")
        self.name.setFont(text_font(17, QFont.Weight.DemiBold))
        self.name.setWordWrap(False)
        self.credit.setFont(text_font(12))
        self.intuition, self.not_for, self.note = self._label("title"), self._label("muted"), self._label("muted")
        self.refusal, self.parity = self._label("error"), self._label("good")
        self.defaults = self._label("muted")
        self.defaults.setFont(mono_font(12))
        self.defaults.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.box = EquationBox()
        self.convention_label = self._label("muted")
        self.segments: Segments | None = None
        self._conventions: tuple[ConventionEntry, ...] = ()
        self.nothing = self._label("muted")
        self.nothing.setParent(self.viewport())
        self.nothing.hide()
        self._contents = QWidget()
        self._lay_out()
        self.setWidget(self._contents)

    def show_entry(self, entry: OptimizerEntry, convention: str) -> None:
        """Show an optimizer in one of its conventions; the equations follow with `show_lines`."""
        self.name.setText(entry.name)
        self.credit.setText(_INSIDE.sub(_JOINER, _BEFORE_NUMBER.sub(_UNBROKEN, entry.credit)))
        self.credit.setAccessibleName(entry.credit)
        self._arrange_head()
        self.credit.setToolTip(entry.reference)
        self.intuition.setText(entry.intuition)
        self.not_for.setText(self.tr("Not for: {what}").format(what=_lowered(entry.not_for)) if entry.not_for else "")
        self.note.setText(entry.note)
        self.refusal.setText(f"\N{WARNING SIGN} {entry.refusal}" if entry.refusal else "")
        chosen = next(each for each in entry.conventions if each.key == convention)
        self.defaults.setText(chosen.defaults)
        self.parity.setText(f"\N{CHECK MARK} {chosen.parity}" if chosen.parity else "")
        for label in (self.not_for, self.note, self.refusal, self.defaults, self.parity):
            label.setVisible(bool(label.text()))
        self.box.awaitLines(chosen.lines)
        self._offer(entry.conventions, convention)
        named = len(entry.conventions) > 1 or chosen.name != entry.family
        self.convention_label.setVisible(named)
        if self.segments is not None:
            self.segments.setVisible(named)
        self.verticalScrollBar().setValue(0)

    def scrolls(self) -> bool:
        """Whether there is more than can be seen at once, so that it takes the keyboard to be scrolled."""
        return self.verticalScrollBar().maximum() > 0

    def _offer_keyboard(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if self.scrolls() else Qt.FocusPolicy.NoFocus)

    def show_lines(self, lines: tuple[Equation, ...]) -> None:
        """Show the typeset equations."""
        self.box.setLines(lines)

    def show_none(self, words: str) -> None:
        """Say that nothing is found by the words that were typed."""
        self._contents.hide()
        self.nothing.setText(self.tr(
            "Nothing is found by {words}. Parts of a name, of an author, a family, a year or a library find what they "
            "are part of."
        ).format(words=words))
        self._place_nothing()
        self.nothing.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the head, and what is said instead of an optimizer, within the width."""
        super().resizeEvent(event)
        self._arrange_head()
        self._place_nothing()

    def _arrange_head(self) -> None:
        """Let whose it is stand beside the name where one line holds both, else below."""
        name, credit = (each.fontMetrics().horizontalAdvance(each.text()) for each in (self.name, self.credit))
        beside = name + _BESIDE + credit + 2 * _SIDE + 2 <= self.viewport().width()
        direction = QBoxLayout.Direction
        self._head.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._head.setSpacing(_BESIDE if beside else _BELOW)
        self._head.setAlignment(self.credit, Qt.AlignmentFlag.AlignBaseline if beside else Qt.AlignmentFlag(0))

    def _place_nothing(self) -> None:
        width = max(self.viewport().width() - 2 * _SIDE, 1)
        self.nothing.setGeometry(_SIDE, _TOP, width, self.nothing.heightForWidth(width))

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("About the optimizer"))
        self.setAccessibleDescription(self.tr("Arrow keys scroll"))
        self.convention_label.setText(self.tr("convention"))
        self.convention_label.setToolTip(self.tr(
            "Whose arithmetic and defaults: libraries differ in where epsilon stands and what accumulators begin with"
        ))

    def _offer(self, conventions: tuple[ConventionEntry, ...], chosen: str) -> None:
        self.nothing.hide()
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
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addWidget(self.name)
        self._head.addWidget(self.credit, 1)
        self.credit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choice = QHBoxLayout()
        self._choice.setSpacing(8)
        self.convention_label.setWordWrap(False)
        self.convention_label.setMinimumWidth(96)
        self._choice.addWidget(self.convention_label)
        column = QVBoxLayout(self._contents)
        column.setContentsMargins(_SIDE, _TOP, _SIDE, _TOP)
        column.setSpacing(_GAP)
        column.addLayout(self._head)
        for widget in (self.intuition, self.not_for, self.note, self.refusal, self.box):
            column.addWidget(widget)
        column.addLayout(self._choice)
        for widget in (self.defaults, self.parity):
            column.addWidget(widget)
        column.addStretch(1)


def _lowered(sentence: str) -> str:
    """Return a sentence as it stands after a colon; what is written in capitals stays so."""
    return sentence[:1].lower() + sentence[1:] if not sentence[1:2].isupper() else sentence
