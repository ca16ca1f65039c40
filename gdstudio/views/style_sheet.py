"""The style sheet of the window: shapes and distances once, colours from the theme."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from gdstudio.views.style import error_colour, is_dark, mix

if TYPE_CHECKING:
    from gdstudio.scene.theme import Theme

_SHEET = Template("""
QLabel { color: $text; }
QDialog { background: $panel; color: $text; }
QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 5px 6px; }
QMenuBar::item { color: $muted; padding: 5px 10px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { color: $text; background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 5px; }
QMenu::item { color: $text; padding: 6px 24px 6px 24px; border-radius: 5px; }
QMenu::item:selected { background: $chosen; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 7px; }
#applicationTitle { color: $text; padding: 0 10px 0 8px; }

QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }

#parameterPanel, #panelContents, #transportBar, #statusBar { background: $panel; border: 0; }
#statusBar { border-top: 1px solid $line; }
#statusState:focus { color: $text; background: $chosen; }
#sentencePopup { background: $raised; border: 1px solid $line; }
#transportBar { border-top: 1px solid $line; }
#plotPane, #centrePane { background: $window; }
QFrame[role="divider"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }

QLabel[role="muted"] { color: $muted; }
QLabel[role="error"] { color: $error; }

QLineEdit { background: $field; border: 1px solid $line; border-radius: 5px; padding: 0 8px;
            min-height: 26px; color: $text; selection-background-color: $accent;
            selection-color: $onaccent; }
QLineEdit:hover { border-color: $edge; }
QLineEdit:focus { border-color: $accent; }
QLineEdit:read-only { color: $muted; background: $panel; }
QLineEdit[invalid="true"] { border-color: $error; }
QLineEdit[role="value"] { background: transparent; border-color: transparent; padding: 0 2px;
                          min-height: 20px; }
QLineEdit[role="value"]:hover { border-color: $edge; }
QLineEdit[role="value"]:focus { background: $field; border-color: $accent; }
QLineEdit[role="value"][invalid="true"] { border-color: $error; }

ChevronCombo { background: $field; border: 1px solid $line; border-radius: 5px; padding: 0 0 0 8px;
            min-height: 26px; color: $text; }
ChevronCombo:hover { border-color: $edge; }
ChevronCombo:focus { border-color: $accent; }
ChevronCombo QLineEdit { border: 0; padding: 0; margin: 0; background: transparent; min-height: 24px; }
ChevronCombo::drop-down { border: 0; width: 26px; }
ChevronCombo::down-arrow { image: none; }
QAbstractItemView { background: $raised; color: $text; border: 1px solid $line; outline: 0;
                    selection-background-color: $chosen; selection-color: $text; padding: 4px; }
QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }
QAbstractItemView::item:hover, QAbstractItemView::item:selected { background: $chosen; color: $text; }

QHeaderView { background: $raised; border: 0; padding: 0; }
QHeaderView::section { background: $raised; color: $muted; border: 0; border-bottom: 1px solid $line;
    padding: 4px 8px; }

QDialog QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: 6px;
    padding: 5px 16px; min-width: 56px; }
QDialog QPushButton:hover { border-color: $edge; }
QDialog QPushButton:default, QDialog QPushButton:focus { border-color: $accent; }

QPushButton[role="segment"] { background: transparent; color: $muted; border: 1px solid $line;
    border-left-width: 0; padding: 0 4px; min-height: 24px; }
QPushButton[role="segment"][place="first"] { border-left-width: 1px; border-top-left-radius: 6px;
    border-bottom-left-radius: 6px; }
QPushButton[role="segment"][place="last"] { border-top-right-radius: 6px;
    border-bottom-right-radius: 6px; }
QPushButton[role="segment"]:hover { color: $text; }
QPushButton[role="segment"]:checked { background: $chosen; color: $text; }
QPushButton[role="segment"]:focus { border: 1px solid $accent; color: $text; }

QPushButton[role="link"] { background: transparent; color: $accent; border: 1px solid transparent;
    border-radius: 4px; padding: 1px 0; min-width: 0; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border-color: $accent; }
QPushButton[role="link"]:disabled { color: $faint; }
QToolButton[role="icon"] { background: transparent; border: 1px solid transparent; border-radius: 5px;
    padding: 0; }
QToolButton[role="icon"]:hover { background: $hover; }
QToolButton[role="icon"]:focus { border-color: $accent; }
QToolButton[role="icon"]::menu-indicator { image: none; }
QToolButton[role="round"] { background: transparent; border: 1px solid $line; border-radius: 16px;
    min-width: 30px; max-width: 30px; min-height: 30px; max-height: 30px; padding: 0; }
QToolButton[role="round"]:hover { background: $hover; border-color: $edge; }
QToolButton[role="round"]:pressed { background: $chosen; }
QToolButton[role="round"]:focus { border-color: $accent; }
QToolButton[role="play"] { background: $accent; border: 2px solid $accent; border-radius: 20px;
    min-width: 36px; max-width: 36px; min-height: 36px; max-height: 36px; padding: 0; }
QToolButton[role="play"]:hover { background: $accenthover; border-color: $accenthover; }
QToolButton[role="play"]:focus { border-color: $text; }
QToolButton[role="play"]:disabled { background: $line; border-color: $line; }
QToolButton[role="floating"] { background: $panel; color: $muted; border: 1px solid $line;
    border-radius: 6px; padding: 3px 9px; min-height: 18px; }
QToolButton[role="floating"][iconic="true"] { padding: 3px 3px 3px 9px; }
QToolButton[role="floating"]:hover { color: $text; border-color: $edge; }
QToolButton[role="floating"]:checked { background: $chosen; color: $text; border-color: $accent; }
QToolButton[role="floating"]:focus { border-color: $accent; }
QToolButton[role="floating"]:checked:focus { border-color: $text; }
QToolButton[role="floating"]:disabled { color: $faint; }
QToolButton[role="chip"] { background: transparent; color: $muted; border: 1px solid $line;
    border-radius: 9px; padding: 0 7px; min-height: 16px; }
QToolButton[role="chip"]:hover { color: $text; border-color: $edge; }
QToolButton[role="chip"]:checked { background: $chosen; color: $text; border-color: $accent; }
QToolButton[role="chip"]:focus { border-color: $accent; }
QToolButton[role="chip"]:checked:focus { border-color: $text; }
QLabel[role="pill"] { background: $panel; color: $muted; border: 1px solid $line; border-radius: 10px;
    padding: 2px 11px; min-height: 16px; }

QTabBar { background: transparent; border: 0; }
QTabBar::tab { background: transparent; color: $muted; border: 0; border-bottom: 2px solid transparent;
    padding: 6px 1px 5px 1px; margin-right: 17px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { background: $chosen; }

QScrollBar:vertical { background: transparent; width: 9px; margin: 2px 1px; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 1px 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: 0; width: 0; height: 0; }
""")


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme."""
    text, panel = QColor(theme.text), QColor(theme.panel)
    accent, line = QColor(theme.accent), QColor(theme.line)
    return _SHEET.substitute(
        window=QColor(theme.window).name(), panel=panel.name(), raised=QColor(theme.raised).name(),
        line=line.name(), text=text.name(), muted=QColor(theme.muted).name(), accent=accent.name(),
        error=error_colour(theme).name(),
        field=(QColor(theme.window) if is_dark(theme) else panel).name(),
        onaccent=(QColor(theme.window) if is_dark(theme) else QColor("#FFFFFF")).name(),
        hover=mix(panel, text, 0.07).name(), chosen=mix(panel, accent, 0.22).name(),
        edge=mix(line, text, 0.25).name(), faint=mix(QColor(theme.muted), panel, 0.5).name(),
        accenthover=mix(accent, text, 0.12).name(),
    )
