"""What the test of the whole table is generated from: every variant, a problem of each class, both types of number.

A `Walk` is the same to the test whatever the type: in float64 it is a `Descent`; in float32 the fused update of a
vector goes down the same problem, for a descent itself is always in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from gdstudio.data.datasets import columns_of
from gdstudio.engine.descent import Descent
from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.methods.table import METHODS
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.optimizers import EQUATIONS, RUNNABLE
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.sampling import Sampler
from gdstudio.engine.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

_BATCH = 8


@dataclass(frozen=True)
class Landscape:
    """A problem that stands for its class.

    Attributes
    ----------
    steepest : float
        About the largest curvature near the start: a tenth of its inverse is a rate at which all go down.
    data : bool
        Whether it is a loss over data, taken in batches.
    """

    text: str
    start: tuple[float, ...]
    steepest: float
    data: bool = False


LANDSCAPES: dict[str, Landscape] = {
    "convex bowl": Landscape("x^2 + 2*y^2", (1.5, -1.0), 4.0),
    "ill-conditioned, rotated": Landscape("0.25*(x + y)^2 + 250*(x - y)^2", (1.1, 0.9), 1000.0),
    "ravine": Landscape("(1-x)^2 + 100*(y-x^2)^2", (-1.2, 1.0), 1500.0),
    "multimodal": Landscape("20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)", (1.3, -0.8), 400.0),
    "one variable": Landscape("x^4 - 4*x^2 + x", (2.1,), 60.0),
    "three variables": Landscape("2*a^2 + 6*b^2 + 7*c^2 + exp(a*b/4)", (1.0, 1.0, 1.0), 15.0),
    "over data": Landscape("(w*x + b - y)^2", (0.4, 0.2), 4.0, data=True),
    "plateau": Landscape("1 - exp(-(x^2 + y^2)/8)", (4.0, 3.0), 1.0),
    "flat": Landscape("max(x^2 + y^2 - 1, 0)", (0.3, 0.2), 1.0),
    "not smooth": Landscape("abs(x) + 2*abs(y)", (1.0, 0.7), 10.0),
}


class Case(NamedTuple):
    """One of all combinations."""

    optimizer: str
    convention: str
    landscape: str
    dtype: str

    @property
    def name(self) -> str:
        """How the test is called."""
        return "-".join(self).replace(",", "").replace(" ", "_")

    def rate(self) -> dict[str, float]:
        """Return the learning rate, where the method does not choose its steps itself."""
        if self.optimizer not in EQUATIONS or self.optimizer in ("adadelta", "prodigy"):
            return {}
        return {"learning_rate": 0.1 / LANDSCAPES[self.landscape].steepest}


def cases() -> Iterator[Case]:
    """Yield every optimizer in every convention on every class of problem, in every type that it can be run in."""
    for key, row in RUNNABLE.items():
        method = METHODS.get(key)
        for convention in row.conventions:
            for name, landscape in LANDSCAPES.items():
                # tested to be refused elsewhere
                if method and (landscape.data or method.only_dimension not in (None, len(landscape.start))):
                    continue
                for dtype in ("float64",) if method else ("float64", "float32"):
                    yield Case(key, convention, name, dtype)


@cache
def goal_of(text: str, *, data: bool = False) -> Objective:
    """Return an objective; the same one for the same text."""
    return objective(text, columns=columns_of("noisy_line") if data else None)


class Walk(Protocol):
    """A run as the test sees it."""

    exact: bool

    def advance(self, count: int) -> None:
        """Make steps, fewer where it ends."""

    def loss(self) -> float:
        """Return the loss where it is."""

    def theta(self) -> NDArray[Any]:
        """Return where it is."""

    def bits(self) -> bytes:
        """Return all that its future depends on."""

    def change(self, name: str, value: float) -> None:
        """Change a hyperparameter."""

    def take(self) -> Any:
        """Return its state."""

    def put(self, state: Any) -> None:
        """Go on from a state."""
