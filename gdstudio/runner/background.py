"""Work that belongs neither to the window's thread nor to the worker's, such as writing a large file."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable


class BackgroundTask(QThread):
    """Runs one function in a thread of its own.

    Signals
    -------
    succeeded()
        It returned.
    refused(object)
        It raised a StudioError.
    broke(str)
        It raised anything else: the traceback.
    """

    succeeded = Signal()
    refused = Signal(object)
    broke = Signal(str)

    def __init__(self, function: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._function = function

    def run(self) -> None:
        """Do the work; Qt calls it in the new thread."""
        try:
            self._function()
        except StudioError as error:
            self.refused.emit(error)
        except Exception:
            self.broke.emit(traceback.format_exc())
        else:
            self.succeeded.emit()
