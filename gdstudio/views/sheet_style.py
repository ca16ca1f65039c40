"""The style sheet of dialogs inside the window: what they have beyond the window's own."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

from gdstudio.views.style import mix

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette as Palette

_SHEET = Template("""
#sheet { background: transparent; }
#sheetCard { background: $panel; border: 1px solid $edge; border-radius: 10px; }
#sheetBand { border: 0; background: transparent; }
#sheet QFrame[role="box"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
#sheet QFrame[role="upright"] { background: $line; border: 0; max-width: 1px; min-width: 1px; }
#sheet QLabel[role="good"] { color: $good; }
#sheet QLabel[role="title"] { color: $text; }
#sheet QScrollArea::corner { background: transparent; border: 0; }
#sheet QScrollArea, #sheet QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
#sheet #optimizerDetails { border: 1px solid transparent; border-radius: 6px; }
#sheet #optimizerDetails:focus { border-color: $accent; }

#sheet QPushButton[role="pill"] { background: $raised; color: $muted; border: 1px solid $line;
    border-radius: 13px; padding: 0 14px; min-height: 24px; min-width: 0; }
#sheet QPushButton[role="pill"]:hover { color: $text; border-color: $edge; }
#sheet QPushButton[role="pill"]:focus { border-color: $accent; color: $text; }
#sheet QPushButton[role="pill"]:disabled { color: $faint; border-color: $line; }
#sheet QPushButton[role="go"] { background: $chosen; color: $text; border: 1px solid $accent;
    border-radius: 13px; padding: 0 14px; min-height: 24px; min-width: 0; }
#sheet QPushButton[role="go"]:hover, #sheet QPushButton[role="go"]:focus { background: $chosenmore; }
#sheet QPushButton[role="go"]:disabled { background: transparent; color: $faint; border-color: $line; }
#sheet QPushButton[role="segment"] { background: transparent; color: $muted; border: 1px solid $line;
    border-left-width: 0; border-radius: 0; padding: 0 4px; min-height: 24px; min-width: 24px; }
#sheet QPushButton[role="segment"][place="first"] { border-left-width: 1px; border-top-left-radius: 6px;
    border-bottom-left-radius: 6px; }
#sheet QPushButton[role="segment"][place="last"] { border-top-right-radius: 6px; border-bottom-right-radius: 6px; }
#sheet QPushButton[role="segment"][place="only"] { border-left-width: 1px; border-radius: 6px; }
#sheet QPushButton[role="segment"]:checked { background: $chosen; color: $text; }
#sheet QPushButton[role="segment"]:focus { border: 1px solid $accent; color: $text; }
#sheet QListView { background: transparent; border: 0; padding: 8px 8px 8px 8px; outline: 0; }
#sheet QTableView { background: $field; border: 1px solid $line; border-radius: 6px; gridline-color: $line; }
#sheet QTableView:focus { border-color: $accent; }
#sheet QPlainTextEdit { background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px;
    color: $text; selection-background-color: $accent; selection-color: $onaccent; }
#sheet QPlainTextEdit:focus { border-color: $accent; }
#sheet QPlainTextEdit[invalid="true"] { border-color: $error; }
""")


def sheet_style(palette: Palette) -> str:
    """Return the style sheet in the colours of `palette`."""
    role = QPalette.ColorRole
    panel, text, accent, line = (
        palette.color(each) for each in (role.Window, role.WindowText, role.Accent, role.Mid)
    )
    muted = palette.color(role.PlaceholderText)
    dark = text.lightness() > panel.lightness()
    return _SHEET.substitute(
        panel=panel.name(), raised=palette.color(role.Button).name(), line=line.name(), text=text.name(),
        muted=muted.name(), accent=accent.name(), error=palette.color(role.BrightText).name(),
        field=palette.color(role.Base).name(), onaccent=palette.color(role.HighlightedText).name(),
        edge=mix(line, text, 0.25).name(), faint=mix(muted, panel, 0.5).name(),
        chosen=mix(panel, accent, 0.22).name(), chosenmore=mix(panel, accent, 0.34).name(),
        good=QColor("#18b98a" if dark else "#007a58").name(),
    )
