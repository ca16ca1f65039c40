"""What a row of the table of problems is; the rows themselves stand in `functions`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.parameters import Parameter


@dataclass(frozen=True, slots=True)
class Minimum:
    """A known minimum: where (`theta`, in the order of the variables) and the loss there."""

    theta: tuple[float, ...]
    loss: float


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem that the program knows by name.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    name : str
        Name that people read, marked for translation in the context ``Problems``.
    text : str
        The loss as a formula. Names that are columns of `dataset` are data, names of `parameters` are
        numbers that people may set, all others are the variables in order of first appearance.
    domain : tuple of (float, float)
        Where to look, a pair for each variable: what the views show at first.
    start : tuple of float
        Where a descent begins unless said otherwise.
    minima : tuple of Minimum
        Known minima for the default parameters (all global ones in the domain, and well-known local ones).
    scale : {"linear", "log"}
        How heights are best shown.
    learning_rates : mapping of str to float
        For each optimizer a rate with which the first run visibly descends.
    reference : str
        Where the function comes from.
    remark : str
        One plain sentence: what this problem teaches. Context ``Problems``.
    parameters : tuple of Parameter
        The problem's own numbers.
    dataset : str or None
        Key of the data set whose columns the text uses; the loss is then the mean over a batch.
    """

    key: str
    name: str
    text: str
    domain: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    minima: tuple[Minimum, ...]
    learning_rates: Mapping[str, float]
    reference: str
    remark: str
    scale: Literal["linear", "log"] = "linear"
    parameters: tuple[Parameter, ...] = field(default=())
    dataset: str | None = None
