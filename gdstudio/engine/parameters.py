"""What a number that people may set is: one description for panels, the command line, tests and docs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of an optimizer (hyperparameter) or of a problem (its own parameter).

    Parameters
    ----------
    key : str
        Name in equations, on the command line and in files.
    symbol : str
        How it is written in mathematics, as plain text (``"β₁"``).
    meaning : str
        One sentence, marked for translation in the context ``Parameters``.
    default : float
        Value where nothing is set.
    minimum, maximum : float
        What is allowed, ends included unless `open_minimum` or `open_maximum` says otherwise.
    usual : tuple of float
        The ends of the slider.
    logarithmic : bool
        Whether the slider is logarithmic (`usual` must be positive).
    integer : bool
        Whether only whole numbers are allowed.
    """

    key: str
    symbol: str
    meaning: str
    default: float
    minimum: float
    maximum: float
    usual: tuple[float, float]
    open_minimum: bool = False
    open_maximum: bool = False
    logarithmic: bool = False
    integer: bool = False

    @property
    def is_switch(self) -> bool:
        """Whether it is a choice of 0 or 1."""
        return self.integer and self.minimum == 0.0 and self.maximum == 1.0

    @property
    def range_text(self) -> str:
        """The allowed range in interval notation, such as ``[0, 1)``."""
        opening = "(" if self.open_minimum or math.isinf(self.minimum) else "["
        closing = ")" if self.open_maximum or math.isinf(self.maximum) else "]"
        return f"{opening}{self.minimum:g}, {self.maximum:g}{closing}"

    @property
    def choice_text(self) -> str:
        """What may be set, as lists show it: ``0 or 1`` of a switch, the range of any other."""
        return "0 or 1" if self.is_switch else self.range_text

    def check(self, value: float) -> float:
        """Return `value` as a float if it is allowed.

        Raises
        ------
        StudioError
            Where it is not finite, outside the range or not whole though it must be.
        """
        number = float(value)
        if not math.isfinite(number):
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} must be a finite number in {range}, not {value}."),
                name=self.key, range=self.range_text, value=value,
            )
        below = number < self.minimum or (self.open_minimum and number == self.minimum)
        above = number > self.maximum or (self.open_maximum and number == self.maximum)
        if below or above:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} must lie in {range}, not {value}."),
                name=self.key, range=self.range_text, value=f"{number:g}",
            )
        if self.integer and number != int(number):
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{name} must be a whole number in {range}, not {value}."),
                name=self.key, range=self.range_text, value=f"{number:g}",
            )
        return number
