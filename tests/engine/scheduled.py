"""The learning rates of a schedule as a run records them, beside those of the oracle file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.descent import Descent
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.objective import objective
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.update_rule import UpdateRule
from gdstudio.experiment.recipe_text import schedule_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FOLDER = Path(__file__).parents[1] / "oracles"


@dataclass(frozen=True)
class Case:
    """A schedule as text, the base learning rate, the library's class, and its rate in each update."""

    text: str
    base: float
    oracle: str
    rates: Floats
    losses: Floats
    # package and version
    version: str

    @property
    def key(self) -> str:
        return self.text.partition(":")[0]


def cases() -> list[Case]:
    """Return all that PyTorch and Keras were asked."""
    with np.load(_FOLDER / "torch_schedules.npz") as arrays:
        losses, version = arrays["losses"], "torch " + str(arrays["torch"]).partition("+")[0]
        found = [
            Case(
                case["schedule"], case["learning_rate"], f"torch.optim.lr_scheduler.{case['oracle']}", row, losses,
                version,
            )
            for case, row in zip(json.loads(str(arrays["cases"])), arrays["rates"], strict=True)
        ]
    with np.load(_FOLDER / "keras_schedules.npz") as arrays:
        version = str(arrays["version"])
        found += [
            Case(case["schedule"], case["learning_rate"], case["oracle"], row[~np.isnan(row)], losses, version)
            for case, row in zip(json.loads(str(arrays["cases"])), arrays["rates"], strict=True)
        ]
    return found


def recipe(text: str, **numbers: float) -> tuple[Recipe, dict[str, float]]:
    """Return plain descent with a schedule, and all hyperparameters."""
    addition, given = schedule_of(text)
    made = Recipe("gd", additions=(addition,)).reaching(tuple(numbers))
    values = {parameter.key: parameter.default for parameter in composition(made).parameters}
    return made, values | given | numbers


def recorded(text: str, base: float, count: int, machine: bool, **numbers: float) -> Floats:
    """Return the rates of `count` updates on a plane, where no step changes what the schedule sees but its loss."""
    made, values = recipe(text, learning_rate=base, **numbers)
    descent = Descent(
        objective("x"), made, (0.0,), values, Stopping(iterations=count, tolerance=0.0), machine=machine
    )
    descent.advance(count)
    assert descent.iterations == count
    return descent.trajectory.learning_rate[1:]


def rates_under(text: str, base: float, losses: Floats) -> Floats:
    """Return the rates of updates that meet the given losses."""
    made, values = recipe(text, learning_rate=base)
    rule = composition(made).rule
    assert isinstance(rule, UpdateRule)
    program = rule.program
    assert program.rate is not None
    state = np.zeros(rule.state_size(1))
    rule.initial_state(state, np.zeros(1), np.array(list(values.values())))
    memory = dict(zip(rule.scalar_state, state.tolist(), strict=True))
    found = []
    for loss in losses.tolist():
        outputs = [program.rate, *(program.next_state[name] for name in memory)]
        rate, *after = evaluate(program.graph, outputs, {**values, **memory, "loss": loss, "loss_is_new": 1.0})
        found.append(float(rate))
        memory = dict(zip(memory, map(float, after), strict=True))
    return np.array(found)


def worst_error(case: Case) -> float:
    """Return the largest relative error of a case."""
    if case.key == "plateau":
        ours = rates_under(case.text, case.base, case.losses)
    else:
        ours = recorded(case.text, case.base, len(case.rates), machine=True)
    away = np.abs(ours - case.rates)
    return float(np.max(away / np.where(case.rates == 0.0, 1.0, np.abs(case.rates))))
