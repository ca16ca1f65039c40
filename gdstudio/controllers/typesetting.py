"""LaTeX in, drawings of equations out; done in the worker thread, as it takes some milliseconds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from gdstudio.engine.language.typeset import latex_of_gradient
from gdstudio.engine.objective import objective
from gdstudio.views.equation import Equation

if TYPE_CHECKING:
    from collections.abc import Callable

EQUATION_SIZE = 15.0
_PAUSE_MS = 200


@lru_cache(maxsize=64)
def equation(latex: str) -> Equation:
    """Return the drawing of a LaTeX equation in one colour."""
    # Imported late: its fonts take 100 ms, in the worker thread.
    import ziamath

    # QtSvg draws paths, not the symbols of SVG 2.
    ziamath.config.svg2 = False
    return Equation(ziamath.Latex(latex, size=EQUATION_SIZE).svg().encode(), latex)


def gradient_equation(text: str) -> Equation:
    """Return the typeset gradient of the formula `text`, which has been read before."""
    return equation(latex_of_gradient(objective(text).program.formula))


class Typesetter(QObject):
    """Has the gradient of the newest formula typeset once nobody has typed for a moment.

    Typesetting is all Python, which keeps every other thread waiting, and nobody reads an equation while typing.

    Signals
    -------
    typeset()
        The gradient that was asked for last is there.
    """

    typeset = Signal()

    def __init__(self, submit: Callable[[str, Any, Callable[[], Any], Any], None], parent: QObject) -> None:
        super().__init__(parent)
        self._submit = submit
        self._wanted: str | None = None
        # None where it could not be typeset.
        self._known: dict[str, Equation | None] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._begin)

    def gradient(self, text: str | None) -> Equation | None:
        """Return the typeset gradient of a formula that can be read, if it is there; else it is wanted from now on."""
        self._wanted = text
        if text is not None and text not in self._known:
            self._pause.start()
        return self._known.get(text) if text is not None else None

    def answered(self, text: str, result: object) -> None:
        """Take in what was typeset."""
        self._known = {text: result if isinstance(result, Equation) else None}
        if text == self._wanted:
            self.typeset.emit()

    def _begin(self) -> None:
        text = self._wanted
        if text is not None and text not in self._known:
            self._submit("equation", text, lambda: gradient_equation(text), "typesetting")
