"""The learning rate of each step as a schedule and a warm-up make it, for their plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.language.interpreter import evaluate
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.update_rule import UpdateRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_OF_THE_RATE = ("schedule", "warmup")


def rates(recipe: Recipe, hyperparameters: Mapping[str, float], count: int) -> NDArray[np.float64] | None:
    """Return the learning rates of the first steps of a recipe.

    Parameters
    ----------
    recipe : Recipe
        Its schedule and its warm-up count; the optimizer does not matter.
    hyperparameters : mapping of str to float
        All of the recipe's.
    count : int
        How many steps.

    Returns
    -------
    ndarray, shape (count,), or None
        None where the rate depends on the losses of the run, or the recipe has no learning rate.

    Raises
    ------
    StudioError
        Where an addition does not fit.
    """
    if "learning_rate" not in hyperparameters:
        return None
    additions = tuple(
        addition for addition in recipe.additions
        if addition.key in ADDITIONS and ADDITIONS[addition.key].kind in _OF_THE_RATE
    )
    rule = composition(Recipe("gd", additions=additions)).rule
    assert isinstance(rule, UpdateRule)
    program = rule.program
    graph, node = program.graph, program.rate
    if node is None:
        return np.full(count, hyperparameters["learning_rate"])
    inputs = {graph.name(below) for below in graph.reachable([node]) if graph.operation(below) == "input"}
    if inputs & {"loss", *program.state}:
        return None
    values = {name: hyperparameters[name] for name in inputs - {"t"}} | {"t": np.arange(1.0, count + 1.0)}
    (found,) = evaluate(graph, [node], values)
    return np.array(np.broadcast_to(found, (count,)))
