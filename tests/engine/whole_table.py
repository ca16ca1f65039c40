"""What the test of the whole table is generated from: every variant, a problem of each class, both types of number.

A `Walk` is the same to the test whatever the type: in float64 it is a `Descent`; in float32 the fused update of a
vector goes down the same problem, for a descent itself is always in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from gdstudio.engine.descent import Descent
from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.methods.table import METHODS
from gdstudio.engine.models import MODELS
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.recipe import Recipe
from gdstudio.engine.sampling import Batching, Sampler
from gdstudio.engine.stopping import Stopping
from tests.data.tables import columns_of
from tests.engine.agreement import is_exact, rule_is_exact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gdstudio.engine.parameters import Parameter

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
    matrix : bool
        Whether it is softmax regression, of a matrix and a vector of parameters, which is no formula.
    """

    text: str
    start: tuple[float, ...]
    steepest: float
    data: bool = False
    matrix: bool = False

    @property
    def over_data(self) -> bool:
        """Whether it is over data at all."""
        return self.data or self.matrix


LANDSCAPES: dict[str, Landscape] = {
    "convex bowl": Landscape("x^2 + 2*y^2", (1.5, -1.0), 4.0),
    "ill-conditioned, rotated": Landscape("0.25*(x + y)^2 + 250*(x - y)^2", (1.1, 0.9), 1000.0),
    "ravine": Landscape("(1-x)^2 + 100*(y-x^2)^2", (-1.2, 1.0), 1500.0),
    "multimodal": Landscape("20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)", (1.3, -0.8), 400.0),
    "one variable": Landscape("x^4 - 4*x^2 + x", (2.1,), 60.0),
    "three variables": Landscape("2*a^2 + 6*b^2 + 7*c^2 + exp(a*b/4)", (1.0, 1.0, 1.0), 15.0),
    "over data": Landscape("(w*x + b - y)^2", (0.4, 0.2), 4.0, data=True),
    "matrix": Landscape("", tuple(0.3 * (-1.0) ** index for index in range(9)), 1.0, matrix=True),
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
        if not OPTIMIZERS[self.optimizer].equations or self.optimizer in ("adadelta", "prodigy"):
            return {}
        return {"learning_rate": 0.1 / LANDSCAPES[self.landscape].steepest}


def cases() -> Iterator[Case]:
    """Yield every optimizer in every convention on every class of problem, in every type that it can be run in."""
    for key, row in OPTIMIZERS.items():
        method = METHODS.get(key)
        for convention in row.conventions:
            for name, landscape in LANDSCAPES.items():
                # tested to be refused elsewhere
                unfit = method and (landscape.over_data or method.only_dimension not in (None, len(landscape.start)))
                if unfit or (row.needs_matrix and not landscape.matrix):
                    continue
                for dtype in ("float64",) if method else ("float64", "float32"):
                    yield Case(key, convention, name, dtype)


@cache
def goal_of(text: str, *, data: bool = False) -> Objective:
    """Return an objective; the same one for the same text, where there is none softmax regression."""
    if text:
        return objective(text, columns=columns_of("noisy_line") if data else None)
    random = np.random.default_rng(5)
    columns = {"u": random.random(60), "v": random.random(60), "kind": random.integers(0, 3, 60).astype(float)}
    return MODELS["softmax"].build(("u", "v"), "kind", ("a", "b", "c")).objective(columns)


class Walk(Protocol):
    """A run as the test sees it."""

    exact: bool

    def advance(self, count: int) -> None:
        """Make steps, fewer where it ends."""

    def loss(self) -> float:
        """Return the loss where it is."""

    def theta(self) -> NDArray[Any]:
        """Return where it is."""

    def numbers(self) -> NDArray[Any]:
        """Return all that its future depends on, but hyperparameters, as float64."""

    def change(self, name: str, value: float) -> None:
        """Change a hyperparameter."""

    def take(self) -> Any:
        """Return its state."""

    def put(self, state: Any) -> None:
        """Go on from a state."""

    def poison(self, value: float) -> None:
        """Make the first parameter `value`."""


def walk(case: Case, *, machine: bool, start: tuple[float, ...] | None = None, text: str | None = None) -> Walk:
    """Return a run of a case from its start, or from another on another formula, at its rate."""
    landscape = LANDSCAPES[case.landscape]
    goal = goal_of(text or landscape.text, data=landscape.data and text is None)
    made = Descent(
        goal, Recipe(case.optimizer, case.convention), start or landscape.start, case.rate(),
        Stopping(iterations=1_000_000, tolerance=0.0), seed=3, batch=_BATCH if goal.samples else None, machine=machine,
    )
    return DoubleWalk(made) if case.dtype == "float64" else SingleWalk(made, machine=machine)


class DoubleWalk:
    """A descent."""

    def __init__(self, descent: Descent) -> None:
        self.descent = descent
        program = descent.objective.program
        known = program.is_formula and is_exact(program.formula.graph, program.outputs)
        self.exact = rule_is_exact(descent.rule) and known

    def advance(self, count: int) -> None:
        """Make steps, fewer where it ends."""
        self.descent.advance(count)

    def loss(self) -> float:
        """Return the loss where it is."""
        return float(self.descent.trajectory.loss[-1])

    def theta(self) -> NDArray[Any]:
        """Return where it is."""
        return self.descent.theta

    def numbers(self) -> NDArray[Any]:
        """Return all that its future depends on."""
        return self.descent.take_state().values

    def change(self, name: str, value: float) -> None:
        """Change a hyperparameter."""
        self.descent.change(name, value)

    def take(self) -> Any:
        """Return its state."""
        return self.descent.take_state()

    def put(self, state: Any) -> None:
        """Go on from a state."""
        self.descent.put_state(state)

    def poison(self, value: float) -> None:
        """Make the first parameter `value`."""
        state = self.descent.take_state()
        state.values[0] = value
        self.descent.put_state(state)


class SingleWalk:
    """A fused update of float32 that goes down the problem of a descent, which itself never moves."""

    def __init__(self, descent: Descent, *, machine: bool) -> None:
        self._goal = descent.objective
        self._composition = descent.composition
        self._hyperparameters = descent.hyperparameters
        self._machine = machine
        self._sampler = Sampler(self._goal.samples, Batching(_BATCH), 3) if self._goal.samples else None
        self._update = self._made(descent.theta.astype(np.float32))
        self.exact = rule_is_exact(descent.rule) and descent.objective.program.is_formula

    def _made(self, theta: NDArray[Any]) -> FusedUpdate:
        rule = self._composition.rule_for(self._hyperparameters)
        return FusedUpdate(rule, self._hyperparameters, theta, self._machine, self._goal.blocks)

    def advance(self, count: int) -> None:
        """Make steps."""
        for _ in range(count):
            rows = self._sampler.batches(self._update.steps, 1)[0] if self._sampler else None

            def derivative(key: str, point: Any, rows: Any = rows) -> NDArray[np.float32]:
                at = np.broadcast_to(point, self._update.theta.shape).astype(np.float64)
                if key == "gradient":
                    return self._goal.loss_and_gradient(at, rows)[1].astype(np.float32)
                return self._goal.hessian_diagonal(at, rows).astype(np.float32)

            with np.errstate(over="ignore"):
                self._update.step(derivative("gradient", self._update.theta), derivative)

    def loss(self) -> float:
        """Return the loss where it is."""
        return self._goal.loss_and_gradient(self.theta().astype(np.float64))[0]

    def theta(self) -> NDArray[Any]:
        """Return where it is."""
        return self._update.theta.copy()

    def numbers(self) -> NDArray[Any]:
        """Return all that its future depends on."""
        return np.concatenate([array.astype(np.float64) for array in self._update.take_state()])

    def change(self, name: str, value: float) -> None:
        """Change a hyperparameter; a switch begins the state anew, as it changes the equations."""
        row = self._composition.parameter(name)
        assert row is not None
        self._hyperparameters[name] = row.check(value)
        if row.is_switch:
            self._update = self._made(self._update.theta)
        self._update.hyperparameters[:] = list(self._hyperparameters.values())

    def take(self) -> Any:
        """Return its state."""
        return dict(self._hyperparameters), self._update.take_state()

    def put(self, state: Any) -> None:
        """Go on from a state."""
        self._hyperparameters = dict(state[0])
        self._update = self._made(self._update.theta)
        self._update.put_state(state[1])

    def poison(self, value: float) -> None:
        """Make the first parameter `value`."""
        self._update.theta[0] = value


def other_value(row: Parameter) -> float:
    """Return a value of a hyperparameter that is not its default, of the same kind of size."""
    if row.is_switch:
        return 1.0 - row.default
    for value in (0.7 * row.default, row.default + 1.0, 0.3 * row.usual[0] + 0.7 * row.usual[1]):
        candidate = float(round(value)) if row.integer else value
        if candidate != row.default and row.minimum < candidate < row.maximum:
            return row.check(candidate)
    raise AssertionError(f"no other value of {row.key}")
