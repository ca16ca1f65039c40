"""The language of a window that is open: what comes from tables is said anew when another is installed.

Widgets translate their own texts when they are told of a change. Names of problems and optimizers, remarks and states
are handed to them translated, so they have to be handed over once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio


class Language(QObject):
    """Follows the language.

    Parameters
    ----------
    studio : Studio
        Whose window it is; also the parent.
    """

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        studio.window.languageChanged.connect(self._follow)

    def _follow(self) -> None:
        studio = self._studio
        studio.show_panel()
        typing = studio.typing
        if typing is not None and typing.mistake is not None:
            # read once more for what is wrong with it
            data = studio.window.panel.problem.data
            read = {
                "formula": studio.edit_formula, "loss": data.formulaEdited.emit, "penalty": data.penaltyEdited.emit,
            }
            read[typing.where](typing.text)
        studio.choosing.retranslate()
        studio.importing.show()
        studio.own_optimizers.read_again()
        studio.screen.retranslate()
        studio.screen.set_cursor(studio.player)
        studio.files.document_changed()
