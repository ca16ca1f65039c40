"""The weight decay that the libraries offer with an optimizer beyond its equations, off unless it is asked for.

What it does is a row of the table of additions, which stands around any optimizer; here is only whose library has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.engine.additions import ADDITIONS

if TYPE_CHECKING:
    from gdstudio.engine.optimizers.row import Convention, OptimizerRow, Variant
    from gdstudio.engine.parameters import Parameter

# The classes that add it to the gradient only, and those that can shrink the parameters apart from it as well. Every
# optimizer of Keras shrinks them.
_COUPLED = {"gd", "momentum", "nesterov", "asgd", "adagrad", "adadelta", "rmsprop", "adamax"}
_EITHER = {"adam", "nadam", "amsgrad", "radam", "qhm", "qhadam", "adabelief"}


def numbers_of(row: OptimizerRow, variant: Variant) -> tuple[Parameter, ...]:
    """Return all the hyperparameters that a library's class has: those of the equations, then its weight decay."""
    return (*variant.hyperparameters, *decay_offered(row, variant))


def by_convention(row: OptimizerRow) -> dict[str, dict[Convention, Parameter]]:
    """Return all hyperparameters by name, each in the conventions that have it."""
    found: dict[str, dict[Convention, Parameter]] = {}
    for variant in row.variants:
        for parameter in numbers_of(row, variant):
            found.setdefault(parameter.key, {})[variant.convention] = parameter
    return found


def decay_offered(row: OptimizerRow, variant: Variant) -> tuple[Parameter, ...]:
    """Return `weight_decay`, and `decoupled` where there is the choice, off at first.

    Empty where the library has none, or where it is part of the equations.
    """
    if variant.hyperparameter("weight_decay") is not None:
        return ()
    addition = ADDITIONS["weight_decay"]
    if variant.convention == "keras":
        assert addition.under_keras is not None
        offered = addition.under_keras.parameters
    elif row.key in _EITHER:
        offered = addition.parameters
    elif row.key in _COUPLED:
        offered = tuple(parameter for parameter in addition.parameters if not parameter.is_switch)
    else:
        offered = ()
    return tuple(replace(parameter, default=0.0) for parameter in offered)
