"""The optimizer picker: every optimizer, what it is for and how exact it is, found by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from gdstudio.views import icons
from gdstudio.views.picker_details import Details
from gdstudio.views.picker_list import EntryList
from gdstudio.views.picker_model import folded
from gdstudio.views.sheet import Sheet, SheetBody
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from gdstudio.views.equation import Equation
    from gdstudio.views.picker_model import ConventionEntry, OptimizerEntry

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class OptimizerPicker(Sheet):
    """A list with a search field, and what the current row is.

    Parameters
    ----------
    window : QWidget
        The window that it opens in.
    entries : tuple of OptimizerEntry
        In the order of their families.
    current : (str, str or None) or None
        Optimizer and convention that are chosen at first.
    changes : bool
        Whether the choice takes the place of a run's optimizer; else it is added.

    Signals
    -------
    equationsWanted(str, str)
        The equations of an optimizer in a convention are to be shown: answer with `show_lines`.
    taken(str, str)
        A person took an optimizer in a convention; the picker closes a moment later.
    copyAsked(str, str)
        Its equations are to be copied and changed; the picker closes. Empty strings ask for an empty page.
    """

    equationsWanted = Signal(str, str)
    taken = Signal(str, str)
    copyAsked = Signal(str, str)

    def __init__(
        self, window: QWidget, entries: tuple[OptimizerEntry, ...], current: tuple[str, str | None] | None = None,
        *, changes: bool = False,
    ) -> None:
        super().__init__(window, QSize(780, 760))
        self._take_entries(entries)
        self._chosen: dict[str, str] = {}
        if current is not None and current[1] is not None:
            self._chosen[current[0]] = current[1]
        self._shown: tuple[str, str] | None = None
        self._changes = changes
        self.search = QLineEdit(self.card)
        self.search.setObjectName("optimizerSearch")
        self._glass = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.count = QLabel(self.search)
        self.list = EntryList(self.card)
        self.list.setObjectName("optimizerList")
        self.details = Details(self.card)
        self.details.setObjectName("optimizerDetails")
        self.copy_button, self.cancel_button = QPushButton(self.card), QPushButton(self.card)
        self.take_button = QPushButton(self.card)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._recolour()
        self.list.setEntries(entries, current[0] if current else entries[0].key)
        self.setFocusProxy(self.search)

    def open(self) -> None:
        """Show the picker with the keyboard in the search field."""
        super().open()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def setEntries(self, entries: tuple[OptimizerEntry, ...]) -> None:
        """Say the same optimizers anew: their texts are in another language."""
        shown, self._shown = self._shown, None
        self._take_entries(entries)
        self._filter(self.search.text())
        keys = self.list.keys()
        if shown is not None and shown[0] in keys:
            self.list.setCurrent(shown[0])

    def _take_entries(self, entries: tuple[OptimizerEntry, ...]) -> None:
        self._entries = entries
        self._whole = sum(entry.counted for entry in entries)
        self._by_key = {entry.key: entry for entry in entries}

    def current(self) -> tuple[str, str] | None:
        """Return optimizer and convention shown; None where the search finds nothing."""
        return self._shown

    def show_lines(self, key: str, convention: str, lines: tuple[Equation, ...]) -> None:
        """Show the equations of an optimizer if it is still the one shown."""
        if (key, convention) == self._shown:
            self.details.show_lines(lines)

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        segments = self.details.segments
        chosen = [segments.button(segments.current())] if segments is not None and segments.current() else []
        details = [self.details] if self.details.scrolls() else []
        return [self.search, self.list, *details, *chosen, self.copy_button, self.cancel_button, self.take_button]

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the current row on Enter, close on Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys in the search field walk along the list, and letters in the list search."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = _STEPS.get(Qt.Key(event.key()))
            if watched is self.search and step is not None:
                self.list.step(step)
                return True
            if watched is self.list and self._is_typing(event):
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
                self.search.insert(event.text())
                return True
        if watched is self.search and event.type() == QEvent.Type.Resize:
            self._place_count()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _recolour(self) -> None:
        self._glass.setIcon(icons.icon("search", QApplication.palette().color(QPalette.ColorRole.PlaceholderText)))

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        title = self.tr("Change the optimizer") if self._changes else self.tr("Add an optimizer")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.search.setPlaceholderText(self.tr("name, author, family, year, library…"))
        self.search.setAccessibleName(self.tr("Search optimizers"))
        self.search.setToolTip(self.tr(
            "Parts of name, author, family, year, library or a plain word; arrow keys choose, Enter takes"
        ))
        self.list.setAccessibleName(self.tr("Optimizers"))
        self.list.setToolTip(self.tr("Arrow keys choose, Enter takes, letters search"))
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Close without a change (Escape)"))
        self.take_button.setText(self.tr("Take it") if self._changes else self.tr("Add to race"))
        self.details.retranslate()
        for button in (self.cancel_button, self.take_button):
            button.setAccessibleName(button.text())
        self._say_buttons()
        shown = self.list.keys()
        self._say_count(sum(self._by_key[key].counted for key in shown) or self._whole)

    # behaviour

    def _is_typing(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        return plain and bool(event.text()) and event.text().isprintable() and event.text() != " "

    def _filter(self, text: str) -> None:
        words = folded(text).split()
        found = tuple(entry for entry in self._entries if entry.matches(words))
        self._say_count(sum(entry.counted for entry in found))
        before = self._shown[0] if self._shown else None
        best = next((entry.key for entry in found if words and folded(entry.name).startswith(words[0])), before)
        self.list.setEntries(found, best)

    def _say_count(self, count: int) -> None:
        if count == self._whole:
            self.count.setText(self.tr("{count} optimizers").format(count=count))
        else:
            self.count.setText(self.tr("{count} of {all}").format(count=count, all=self._whole))
        self._place_count()

    def _place_count(self) -> None:
        self.count.adjustSize()
        width = self.count.width()
        self.count.move(self.search.width() - width - 10, (self.search.height() - self.count.height()) // 2)
        self.search.setTextMargins(0, 0, width + 12, 0)

    def _show(self, key: str) -> None:
        entry = self._by_key.get(key)
        if entry is None:
            self._shown = None
            self.details.show_none(self.search.text().strip())
            self._say_buttons()
            return
        convention = self._chosen.get(key) or entry.conventions[0].key
        if (key, convention) == self._shown:
            return
        self._shown = (key, convention)
        self.details.show_entry(entry, convention)
        self._say_buttons()
        self.equationsWanted.emit(key, convention)

    def _choose_convention(self, convention: str) -> None:
        if self._shown is not None:
            self._chosen[self._shown[0]] = convention
            self._show(self._shown[0])

    def _convention(self) -> ConventionEntry | None:
        if self._shown is None:
            return None
        key, chosen = self._shown
        return next(each for each in self._by_key[key].conventions if each.key == chosen)

    def _say_buttons(self) -> None:
        entry = self._by_key[self._shown[0]] if self._shown else None
        convention = self._convention()
        self.take_button.setEnabled(entry is not None and not entry.refusal)
        hint = self.tr("Let it take the place of the run's optimizer") if self._changes else self.tr(
            "Let it descend from the same start as the others")
        self.take_button.setToolTip(entry.refusal if entry is not None and entry.refusal else hint)
        written = convention is not None and convention.written
        empty = entry is None or not entry.counted
        self.copy_button.setEnabled(written or empty)
        text = self.tr("Write your own…") if empty else self.tr("Copy and change its equations…")
        self.copy_button.setText(text)
        self.copy_button.setAccessibleName(text)
        self.copy_button.setToolTip(
            self.tr("Make an optimizer of your own from these equations") if written
            else self.tr("Make an optimizer of your own from equations") if empty
            else entry.refusal if entry is not None and entry.refusal
            else self.tr("A search carries these equations out, so that a copy of them could not run")
        )

    def _take(self) -> None:
        if self._shown is not None and self.take_button.isEnabled():
            key, convention = self._shown
            if not self._by_key[key].counted:
                # it opens another sheet
                self.accept()
                self.taken.emit(key, convention)
                return
            self.take_button.setEnabled(False)
            self.stillBehind()
            self.taken.emit(key, convention)
            # both at once would take too long
            QTimer.singleShot(1, self, self.accept)

    def _copy(self) -> None:
        shown = self._shown or ("", "")
        self.accept()
        self.copyAsked.emit(*shown)

    # construction

    def _lay_out(self) -> None:
        self.count.setProperty("role", "muted")
        self.count.setFont(text_font(12))
        self.count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.list.setFixedWidth(272)
        upright = QFrame(self.card)
        upright.setProperty("role", "upright")
        body = SheetBody(self.card)
        middle = QHBoxLayout(body)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        for widget in (self.list, upright):
            middle.addWidget(widget)
        middle.addWidget(self.details, 1)
        above = QHBoxLayout()
        above.setContentsMargins(14, 9, 14, 9)
        above.addWidget(self.search)
        self.setParts(above, body, {
            "copyEquations": self.copy_button, "cancelPicker": self.cancel_button, "takeOptimizer": self.take_button,
        })

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.moved.connect(self._show)
        self.list.taken.connect(lambda _key: self._take())
        self.details.conventionChosen.connect(self._choose_convention)
        self.copy_button.clicked.connect(self._copy)
        self.cancel_button.clicked.connect(self.reject)
        self.take_button.clicked.connect(self._take)
