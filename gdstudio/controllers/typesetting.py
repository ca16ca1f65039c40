"""LaTeX in, drawings of equations out; done in the worker thread, as it takes some milliseconds."""

from __future__ import annotations

from functools import lru_cache

from gdstudio.engine.language.typeset import latex_of_gradient
from gdstudio.engine.objective import objective_program
from gdstudio.views.equation import Equation

EQUATION_SIZE = 15.0


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
    return equation(latex_of_gradient(objective_program(text).formula))
