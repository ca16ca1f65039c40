"""How the window looks: palette and fonts from a theme.

Widgets that paint themselves take their colours from the palette, so a new theme needs no word to them:
`Base` is the inside of a field, `AlternateBase` the panel, `Button` what is raised, `Mid` a line,
`PlaceholderText` muted text, `Accent` and `Highlight` the accent, `BrightText` an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QPalette

from gdstudio.scene import lettering

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gdstudio.scene.theme import Theme

TEXT_PIXELS = 13
SMALL_PIXELS = 11
MONO_PIXELS = 12


def mix(colour: QColor, other: QColor, share: float) -> QColor:
    """Return `colour` with `share` (0 to 1) of `other` in it."""
    return QColor(
        round(colour.red() + (other.red() - colour.red()) * share),
        round(colour.green() + (other.green() - colour.green()) * share),
        round(colour.blue() + (other.blue() - colour.blue()) * share),
    )


def is_dark(theme: Theme) -> bool:
    """Return whether a theme is light on dark."""
    return QColor(theme.text).lightness() > QColor(theme.window).lightness()


def error_colour(theme: Theme) -> QColor:
    """Return the colour of what is wrong, with enough contrast to be read on the panel."""
    return QColor("#FF7B72" if is_dark(theme) else "#C62828")


def palette(theme: Theme) -> QPalette:
    """Return the palette of a theme; the roles are as in the docstring of this module."""
    role = QPalette.ColorRole
    text, muted, line = QColor(theme.text), QColor(theme.muted), QColor(theme.line)
    panel, raised, accent = QColor(theme.panel), QColor(theme.raised), QColor(theme.accent)
    field = QColor(theme.window) if is_dark(theme) else panel
    colours = {
        role.Window: panel, role.WindowText: text, role.Base: field, role.AlternateBase: panel,
        role.Button: raised, role.ButtonText: text, role.Text: text, role.PlaceholderText: muted,
        role.Mid: line, role.Midlight: mix(line, text, 0.15), role.Dark: line, role.Light: raised,
        role.Highlight: accent, role.Accent: accent, role.Link: accent, role.ToolTipBase: raised,
        role.ToolTipText: text, role.BrightText: error_colour(theme),
        role.HighlightedText: QColor(theme.window) if is_dark(theme) else QColor("#FFFFFF"),
    }
    result = QPalette()
    for each, colour in colours.items():
        result.setColor(each, colour)
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, mix(muted, panel, 0.4))
    return result


def text_font(pixels: int = TEXT_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font of running text, with figures of equal width."""
    font = QFont(lettering.sans(pixels, weight.value))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def heading_font() -> QFont:
    """Return the font of a section's heading: small, bold, spaced capitals."""
    font = text_font(SMALL_PIXELS, QFont.Weight.DemiBold)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    return font


def mono_font(pixels: int = MONO_PIXELS) -> QFont:
    """Return the font of numbers and formulas, without ligatures."""
    font = QFont(lettering.mono(pixels))
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def dress_application(application: QApplication) -> None:
    """Give an application the style and the font that the windows are made for."""
    application.setStyle("Fusion")
    application.setFont(text_font())
