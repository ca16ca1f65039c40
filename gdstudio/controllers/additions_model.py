"""From a run to what the panel's section on schedule, clipping and noise shows: every text translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.engine.additions import ADDITIONS, SCHEDULES
from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition, Recipe, composition
from gdstudio.experiment.build import PROXIMAL, has_lasso, hyperparameters_of, recipe_of
from gdstudio.views.panel.additions_model import AdditionModel, AdditionsModel, ScheduleModel
from gdstudio.views.panel.model import Choice, ParameterValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.additions_row import AdditionRow
    from gdstudio.engine.parameters import Parameter
    from gdstudio.experiment.document import Experiment
    from gdstudio.views.panel.model import Mistake

translate = QCoreApplication.translate
CONSTANT, FORMULA, MULTISTEP = "constant", "formula", "multistep"


def additions_model(
    experiment: Experiment, index: int, titles: tuple[str, ...], typing: tuple[str, Mistake | None] | None
) -> AdditionsModel:
    """Return what the section shows of a run.

    Parameters
    ----------
    experiment : Experiment
        The document.
    index : int
        Which run.
    titles : tuple of str
        What all runs are called.
    typing : (str, Mistake or None) or None
        What stands in the field of a schedule's formula, where it cannot be read.
    """
    run = experiment.runs[index]
    recipe = recipe_of(run)
    values = hyperparameters_of(experiment.problem, run) | {change.name: change.value for change in run.changes}
    numbers = {parameter.key: parameter for parameter in composition(recipe).parameters}
    present = {addition.key: addition for addition in recipe.additions}
    bare = Recipe(recipe.optimizer, recipe.convention, recipe.equations)
    own = {parameter.key for parameter in composition(bare).parameters}
    return AdditionsModel(
        run=index,
        runs=titles,
        schedule=_schedule(present, numbers, values, typing),
        schedules=tuple(Choice(key, translate("Optimizers", row.name)) for key, row in SCHEDULES.items()),
        additions=() if refusal_of(bare) else tuple(
            AdditionModel(
                key, translate("Optimizers", row.name), translate("Optimizers", row.meaning), key in present,
                _values(row.part_of(present[key].text).parameters, numbers, values) if key in present else (),
            )
            for key, row in _others().items()
            if not {each.key for each in row.parameters} & own and (key != PROXIMAL or has_lasso(experiment.problem))
        ),
        refusal=refusal_of(bare),
    )


def refusal_of(bare: Recipe) -> str:
    """Return why nothing can be put around an optimizer, translated; empty where it can."""
    try:
        composition(Recipe(bare.optimizer, bare.convention, bare.equations, (Addition("warmup"),)))
    except StudioError:
        if composition(bare).method is not None:
            return translate("Optimizers", "It searches its own step, so that nothing can be put around it.")
    return ""


def _others() -> dict[str, AdditionRow]:
    """Return all additions but schedules, what changes numbers before what wraps the whole."""
    rows = [row for row in ADDITIONS.values() if row.key not in SCHEDULES]
    return {row.key: row for row in sorted(rows, key=lambda row: row.kind == "wrapper")}


def _values(
    parameters: tuple[Parameter, ...], numbers: Mapping[str, Parameter], values: Mapping[str, float]
) -> tuple[ParameterValue, ...]:
    return tuple(ParameterValue(numbers[each.key], values[each.key]) for each in parameters if each.key in numbers)


def _schedule(
    present: Mapping[str, Addition], numbers: Mapping[str, Parameter], values: Mapping[str, float],
    typing: tuple[str, Mistake | None] | None,
) -> ScheduleModel:
    if typing is not None:
        row = SCHEDULES[FORMULA]
        return ScheduleModel(FORMULA, translate("Optimizers", row.meaning), text=typing[0], mistake=typing[1])
    addition = next((each for key, each in present.items() if key in SCHEDULES), Addition(CONSTANT))
    row = SCHEDULES[addition.key]
    parameters = row.part_of(addition.text).parameters
    return ScheduleModel(
        addition.key,
        translate("Optimizers", row.meaning),
        _values(parameters, numbers, values),
        text=addition.text if addition.key == FORMULA else None,
        milestones=sum("milestone" in each.key for each in parameters) if addition.key == MULTISTEP else None,
    )
