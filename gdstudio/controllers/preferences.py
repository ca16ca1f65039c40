"""What the program remembers of a person's choices between starts: theme, speed, size and place of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject

from gdstudio.controllers.files import settings

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio

_THEME, _SPEED, _GEOMETRY = "view/theme", "transport/speed", "window/geometry"
_THEMES = ("system", "dark", "light")


class Preferences(QObject):
    """Puts back what was chosen before, and keeps what is chosen now when the window closes."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        studio.window.closing.connect(self.keep)

    def put_back(self) -> None:
        """Set window and player as they were; what cannot be read is left as it is."""
        kept, window = settings(), self._studio.window
        theme = kept.value(_THEME)
        if theme in _THEMES:
            window.setThemeChoice(theme)
        try:
            speed = float(str(kept.value(_SPEED, "")))
        except ValueError:
            speed = 0.0
        if speed > 0.0:
            window.transport.setSpeed(speed)
            self._studio.player.set_speed(speed)
        geometry = kept.value(_GEOMETRY)
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)

    def keep(self) -> None:
        """Write down how things are."""
        kept, window = settings(), self._studio.window
        kept.setValue(_THEME, window.themeChoice())
        kept.setValue(_SPEED, repr(window.transport.speed()))
        kept.setValue(_GEOMETRY, window.saveGeometry())
