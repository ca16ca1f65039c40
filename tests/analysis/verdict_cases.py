"""Runs that were built to get each verdict by each of its tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.analysis.ending import Run
from gdstudio.engine.descent import Descent
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.penalties import read_penalty
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.problems import Minimum
from gdstudio.engine.recipe import Addition, Recipe
from gdstudio.engine.stopping import Stopping
from tests.data.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Case:
    """A run that was built to get a verdict by one test."""

    verdict: str
    test: str
    text: str
    start: Sequence[float]
    optimizer: str = "gd"
    numbers: Mapping[str, float] = field(default_factory=dict)
    iterations: int = 500
    tolerance: float = 1e-6
    minima: tuple[Minimum, ...] = ()
    domain: tuple[tuple[float, float], ...] | None = None
    additions: tuple[Addition, ...] = ()
    # of single samples, where there are data
    columns: Mapping[str, NDArray[np.float64]] | None = None
    # the strength with which the loss takes the sizes of all parameters
    lasso: str | None = None
    patience: int | None = None
    stop_at_sign_change: bool = False
    # in the place of the text
    goal: Objective | None = None


def _many_parameters(model: str, features: int) -> Objective:
    """Return a model of data with an intercept and that many weights for each of four classes, or for none."""
    names = tuple(f"x{index}" for index in range(features))
    random = np.random.Generator(np.random.Philox(1))
    columns = {name: random.standard_normal(90) for name in names} | {"kind": random.integers(0, 4, 90).astype(float)}
    labels = ("a", "b", "c", "d") if model == "softmax" else ()
    return MODELS[model].build(names, "kind", labels, penalty=read_penalty("ridge:0.1")).objective(columns)


def _very_many() -> dict[str, NDArray[np.float64]]:
    """Return more samples than a run evaluates at every iterate."""
    random = np.random.Generator(np.random.Philox(2))
    xs = random.standard_normal(3000)
    return {"x": xs, "y": 2.0 * xs + random.standard_normal(3000)}


def rated(rate: float, **more: float) -> dict[str, float]:
    return {"learning_rate": rate, **more}


_BOWL = "x^2/2 + 5*y^2"
_ROSENBROCK = "(1-x)^2 + 100*(y-x^2)^2"
CASES = {
    # thrown out
    "gd thrown out": Case("diverging", "rises_unstable", _BOWL, (1.0, 1.0), "gd", rated(0.25)),
    "gd just above": Case("diverging", "rises_unstable", "5*x^2", (1.8,), "gd", rated(0.201), 200),
    "momentum": Case("diverging", "rises_unstable", _BOWL, (1.0, 1.0), "momentum", rated(0.4)),
    "nesterov": Case("diverging", "rises_unstable", _BOWL, (1.0, 1.0), "nesterov", rated(0.15)),
    "steep walls": Case("diverging", "rises_unstable", _ROSENBROCK, (-1.2, 1.0), "gd", rated(0.01)),
    "decay lowers the limit": Case(
        "diverging", "rises_unstable_decayed", "5*x^2", (1.8,), "gd", rated(0.19, weight_decay=1.0), 200,
        additions=(Addition("weight_decay"),),
    ),
    "no theory": Case("diverging", "rises", "sqrt(1 + x^2)", (1.5,), "newton"),
    "no rate": Case(
        "diverging", "rate_undefined", _BOWL, (1.0, 1.0), "gd", rated(0.1),
        additions=(Addition("formula", "0.1/sqrt(3 - t)"),),
    ),
    "out of the domain": Case("diverging", "undefined", "log(x)", (1.0,), "gd", rated(0.5)),
    "onto a kink": Case("diverging", "undefined", "sqrt(x^2)", (1.0,), "gd", rated(0.125)),
    "saddle's way down": Case("diverging", "runs_away", "x^2 - y^2", (1.0, 0.1), "gd", rated(0.1)),
    "line search falls for ever": Case("diverging", "runs_away", "x^2 - y^2", (1.0, 0.1), "bfgs"),
    # to and fro
    "gd at the limit": Case("oscillating", "alternates_at_limit", "5*x^2", (1.8,), "gd", rated(0.2)),
    "gd in a ravine": Case("oscillating", "alternates_at_limit", "x^2/200 + 5*y^2", (1.0, 1.0), "gd", rated(0.2)),
    "gd in a curved wall": Case("oscillating", "alternates_at_limit", "x^4/4 - x^2/2", (1.5,), "gd", rated(1.2)),
    "momentum at the limit": Case(
        "oscillating", "alternates_at_limit", "5*x^2", (1.8,), "momentum", rated(0.3, momentum=0.5),
    ),
    "gd at the limit with decay": Case(
        "oscillating", "alternates_at_limit_decayed", "5*x^2", (1.8,), "gd", rated(2.0 / 11.0, weight_decay=1.0),
        additions=(Addition("weight_decay"),),
    ),
    "signs": Case("oscillating", "alternates", "x^2", (1.03,), "signsgd", rated(0.1)),
    # minima
    "known": Case("minimum", "known_minimum", "x^2", (1.0,), "gd", rated(0.1), minima=(Minimum((0.0,), 0.0),)),
    "flat and known": Case(
        "minimum", "known_minimum", "x^4", (1.0,), "gd", rated(0.1), 100_000, minima=(Minimum((0.0,), 0.0),),
    ),
    "kink and known": Case(
        "minimum", "known_minimum", "abs(x)", (1.0000001,), "gd", rated(0.125), 8, minima=(Minimum((0.0,), 0.0),),
    ),
    "onto a kink that is not known": Case("minimum", "kink", "abs(x)", (1.0,), "gd", rated(0.5)),
    "lowest slope of a kink": Case("minimum", "kink", "max(x, -2*x)", (1.0,), "bfgs"),
    "signs to a kink": Case("minimum", "kink", "abs(x - 0.3)", (1.0,), "sign_search"),
    "kink of two variables": Case("minimum", "kink", "abs(x) + 2*abs(y)", (1.0, 1.0), "bfgs"),
    "convex": Case("minimum", "convex", "", (0.0,) * 68, "lbfgs", goal=_many_parameters("softmax", 16)),
    "some at edges": Case(
        "minimum", "held", "(x - 2)^2 + (y - x/10)^2 + abs(x) + abs(y)", (1.0, 1.0), "adam", rated(0.05), 2000,
        additions=(Addition("proximal"),), lasso="1",
    ),
    "curved down along an edge": Case(
        "minimum", "held", "(x - 2)^2 - y^2/2 + abs(x) + abs(y)", (1.0, 0.3), "gd", rated(0.1),
        additions=(Addition("proximal"),), lasso="1",
    ),
    "all at edges": Case(
        "minimum", "all_held", "x^2 + x*y + y + 3*abs(x) + 3*abs(y)", (1.0, 1.0), "momentum", rated(0.05), 2000,
        additions=(Addition("proximal"),), lasso="3",
    ),
    "second of two": Case(
        "minimum", "known_minimum", "x^4 - 2*x^2", (0.5,), "bfgs",
        minima=(Minimum((-1.0,), -1.0), Minimum((1.0,), -1.0)),
    ),
    "many variables": Case("minimum", "curved_up", "", (0.0,) * 24, "lbfgs", goal=_many_parameters("softmax", 5)),
    "unknown": Case("minimum", "curved_up", _BOWL, (1.0, 1.0), "gd", rated(0.1)),
    "flat, but a minimum": Case("minimum", "curved_up", "x^4 + y^2", (0.5, 1.0), "gd", rated(0.1), 100_000),
    "very flat": Case("minimum", "curved_up_one", "1000*x^8", (0.2,), "gd", rated(0.1), 100_000, 1e-4),
    "one variable": Case("minimum", "curved_up_one", "x^2 + x", (1.0,), "gd", rated(0.1)),
    "newton to a flat minimum": Case("minimum", "curved_up_one", "x^4", (1.0,), "newton"),
    "flat and lopsided": Case("minimum", "curved_up_one", "x^4 + x^5", (0.5,), "newton", tolerance=1e-4),
    "trough": Case("minimum", "curved_up", "(x - y)^2", (1.0, 0.5), "gd", rated(0.1)),
    # stationary, but no minimum
    "saddle": Case("saddle", "both_ways", "x^2 - y^2", (1.0, 0.0), "gd", rated(0.1)),
    "newton to a saddle": Case("saddle", "both_ways", "x^2 - y^2 + x^4", (1.0, 0.5), "newton"),
    "newton to an inflection": Case("saddle", "turns_one", "x^3", (1.0,), "newton"),
    "from above": Case("saddle", "turns_one", "x^3", (1.0,), "gd", rated(0.1), 100_000),
    "from below": Case("saddle", "turns_one", "x^3", (-1.0,), "newton"),
    "inflection of degree five": Case("saddle", "turns_one", "(x - 2)^5", (3.0,), "newton"),
    "bent trough": Case("saddle", "turns", "x^3 + (y - x)^2", (1.0, 0.5), "newton"),
    "newton to a maximum": Case("maximum", "curved_down", "cos(x) + cos(y)", (0.4, -0.3), "newton"),
    "start on a top": Case("maximum", "curved_down_one", "-x^2", (0.0,), "gd", rated(0.1)),
    "plateau": Case("plateau", "straight", "1 - exp(-(x^2 + y^2)/2)", (9.0, 2.0), "gd", rated(0.1)),
    "slope of a plateau": Case("plateau", "straight", "1 - exp(-(x^2 + y^2)/2)", (4.1, 3.9), "gd", rated(0.1)),
    "between narrow wells": Case(
        "plateau", "recedes", "-exp(-40*((x - 1)^2 + y^2)) - exp(-40*((x + 1)^2 + y^2))", (0.3, 0.1), "gd", rated(1e-3),
    ),
    "tail of a narrow well": Case("plateau", "recedes", "1 - exp(-400*x^2)", (0.22,), "gd", rated(1e-4)),
    "tail of a decay": Case("plateau", "recedes", "exp(-50*x)", (0.4,), "gd", rated(1e-5)),
    "step": Case("plateau", "straight_one", "floor(x)", (0.5,), "gd", rated(0.1)),
    "valley with straight sides": Case("plateau", "straight", "abs(x) + 0*y", (0.0, 1.0), "gd", rated(0.1)),
    "straight in one variable": Case("plateau", "straight_one", "1 - exp(-x^2/2)", (9.0,), "gd", rated(0.1)),
    "monkey saddle": Case("plateau", "straight", "x^3 - 3*x*y^2", (0.0, 0.0), "gd", rated(0.1)),
    # round and round
    "over an edge": Case(
        "cycling", "returns", "(x - 2)^2 + (y - x/10)^2 + abs(x) + abs(y)", (1.0, 1.0), "gd", rated(0.1),
        lasso="1",
    ),
    "chaos": Case("cycling", "returns", "x^4/4 - x^2/2", (0.3,), "gd", rated(1.85), 1000, 0.0),
    "orbit": Case("cycling", "returns", "(x^2 + y^2)/2", (1.0, 0.0), "momentum", rated(0.5, momentum=0.9999999)),
    "single samples": Case(
        "cycling", "wanders", "(w*x + b - y)^2", (0.0, 0.0), "gd", rated(0.05), 2000, columns=columns_of("noisy_line"),
    ),
    # on the way
    "valley": Case("descending", "on_the_way", _ROSENBROCK, (-1.2, 1.0), "gd", rated(0.001)),
    "slow": Case("descending", "on_the_way", _BOWL, (1.0, 1.0), "gd", rated(0.001)),
    "slow with a known minimum": Case(
        "descending", "on_the_way", "x^2", (1.0,), "gd", rated(0.001), minima=(Minimum((0.0,), 0.0),),
    ),
    "decaying zigzag": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", rated(0.19), 60),
    "zigzag a hundredth narrower a step": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", rated(0.199), 100),
    "the same for long": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", rated(0.199), 1000),
    "zigzag a thousandth narrower a step": Case("descending", "on_the_way", "5*x^2", (1.8,), "gd", rated(0.1999), 300),
    "signs ever shorter": Case(
        "descending", "on_the_way", "x^2", (1.03,), "signsgd", rated(0.1, schedule_factor=0.99), 100,
        additions=(Addition("exponential"),),
    ),
    "decaying spiral": Case("descending", "on_the_way", "(x^2 + y^2)/2", (1.0, 0.0), "momentum", rated(0.05), 100),
    "known at the ends of epochs only": Case(
        "descending", "on_the_way_from", "(w*x - y)^2", (0.0,), "gd", rated(0.001), 600, columns=_very_many(),
    ),
    "decayed at rest": Case(
        "descending", "rests_by_decay", "(x - 3)^2", (1.0,), "gd", rated(0.1, weight_decay=0.5),
        additions=(Addition("weight_decay"),),
    ),
    "decayed apart from the gradient": Case(
        "descending", "rests_by_decay", "(x - 3)^2", (1.0,), "momentum", rated(0.05, weight_decay=1.0, decoupled=1.0),
        3000, additions=(Addition("weight_decay"),),
    ),
    "rate of nothing": Case(
        "descending", "rests_without_rate", "(x - 3)^2", (1.0,), "adam", rated(0.1, schedule_factor=0.5),
        additions=(Addition("exponential"),),
    ),
    "no rate at all": Case("descending", "rests_without_rate", "(x - 3)^2", (1.0,), "gd", rated(0.0)),
    "stalled without a rate": Case(
        "descending", "rests_without_rate", "(x - 3)^2", (1.0,), "gd", rated(0.0), patience=5,
    ),
    "steps below rounding": Case("descending", "rests", "x", (1e17,), "gd", rated(0.1)),
    "stalled": Case(
        "descending", "no_lower", "(x^2 + y^2)/2", (1.0, 0.0), "momentum", rated(0.5, momentum=0.9999999), patience=20,
    ),
    "on edges": Case(
        "descending", "no_way_down", "max(x, -2*x) + max(y, -2*y) + max(z, -2*z)", (1.0, 1.0, 1.0), "bfgs",
    ),
    "onto an inflection of the slope": Case("descending", "no_newton_step", "x^3/3 + x^2 + 5*x", (1.0,), "newton"),
    "past the minimum": Case(
        "descending", "between", "x^2", (1.0,), "gd", rated(0.6), stop_at_sign_change=True,
    ),
    "flat in very many variables": Case(
        "descending", "flat", "", (0.0,) * 66, "lbfgs", goal=_many_parameters("linear", 65),
    ),
    "no step made": Case("descending", "no_step_made", "x^2", (1.0,), "gd", rated(0.1), 0),
    "one step": Case("descending", "on_the_way", "x^2", (1.0,), "gd", rated(0.1), 1),
    "still sliding down": Case("descending", "on_the_way", "x^2 - y^2", (1.0, 0.1), "gd", rated(0.1), 40),
}


def made(case: Case) -> Run:
    goal = case.goal or objective(case.text, columns=case.columns)
    if case.lasso is not None:
        goal = replace(goal, program=replace(goal.program, lasso=case.lasso))
    descent = Descent(
        goal, Recipe(case.optimizer, additions=case.additions), case.start,
        case.numbers,
        Stopping(
            iterations=case.iterations, tolerance=case.tolerance, patience=case.patience,
            stop_at_sign_change=case.stop_at_sign_change,
        ),
        batch=None if case.columns is None else 1,
    )
    descent.advance(case.iterations)
    return Run(
        descent.objective, descent.trajectory, case.optimizer, descent.hyperparameters, descent.outcome, case.minima,
        case.domain, case.tolerance, case.numbers.get("weight_decay", 0.0),
    )
