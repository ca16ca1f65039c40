"""From the experiment to what the parameter panel shows: every text translated, every number resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.experiment.build import batching_of, data_of, hyperparameters_of, recipe_of, samples_of, variables_of
from gdstudio.views.panel.model import (
    BatchModel,
    CardModel,
    Choice,
    PanelModel,
    ParameterValue,
    ProblemKind,
    ProblemModel,
    StartModel,
    StoppingModel,
)

if TYPE_CHECKING:
    from gdstudio.experiment.document import Experiment, Problem, Run
    from gdstudio.views.equation import Equation
    from gdstudio.views.panel.model import Mistake

translate = QCoreApplication.translate

# Where people type a text that is read as they type.
Typed = Literal["formula", "loss", "penalty"]


@dataclass(frozen=True)
class Typing:
    """What stands in a field instead of what the document has: text not yet read, or not readable.

    It is a formula that is no loss over data, or of such a loss that of one sample, or the penalty.
    """

    text: str
    mistake: Mistake | None = None
    where: Typed = "formula"


@cache
def _rows(data: bool) -> tuple[str, ...]:
    return tuple(key for key, row in PROBLEMS.items() if (row.dataset is not None) == data)


def first_problem(*, data: bool) -> str:
    """Return the key of the first problem with or without data."""
    return _rows(data)[0]


def kind_of(problem: Problem) -> ProblemKind:
    """Return which tab a problem belongs to."""
    if data_of(problem) is not None:
        return "data"
    return "formula" if problem.key is None else "function"


def run_title(run: Run) -> str:
    """Return the translated name of a run's optimizer."""
    return run.optimizer if run.equations is not None else translate("Optimizers", OPTIMIZERS[run.optimizer].name)


def panel_model(
    experiment: Experiment, typing: Typing | None, equation: Equation | None, expanded: frozenset[int],
    verdicts: tuple[str, ...] = (), refusals: tuple[str, ...] = (),
) -> PanelModel:
    """Return what the panel shows.

    Parameters
    ----------
    experiment : Experiment
        The document.
    typing : Typing or None
        What is being typed as a formula; None where the document's own problem is shown.
    equation : Equation or None
        The typeset gradient of the document's formula.
    expanded : frozenset of int
        Indices of the cards that are unfolded.
    verdicts : tuple of str
        What each run has reached, where that is known.
    refusals : tuple of str
        Why each run does not run at all; empty where it does.
    """
    samples, names = samples_of(experiment.problem), variables_of(experiment.problem)
    stopping = experiment.stopping
    return PanelModel(
        problem=_problem(experiment, typing, equation, names),
        start=StartModel(names, experiment.start, experiment.shown),
        cards=tuple(
            replace(
                _card(experiment, run, index in expanded, samples),
                verdict=_at(verdicts, index), refusal=_at(refusals, index),
            )
            for index, run in enumerate(experiment.runs)
        ),
        stopping=StoppingModel(
            iterations=stopping.iterations,
            tolerance=stopping.tolerance,
            patience=stopping.patience,
            stop_at_sign_change=stopping.stop_at_sign_change if len(names) == 1 else None,
            epoch=_epoch(experiment, samples),
        ),
        seed=experiment.seed if samples is not None or _random(experiment) else None,
        functions=_functions(),
    )


def _epoch(experiment: Experiment, samples: int | None) -> int | None:
    """Return how many iterations an epoch of the first run has, None where there is no data, no run, or no batch."""
    if samples is None or not experiment.runs:
        return None
    # a batch of more samples than there are, which its run refuses, is dropped as the last short one
    return batching_of(experiment.runs[0]).iterations_per_epoch(samples) or None


def _random(experiment: Experiment) -> bool:
    """Whether there is chance in a run besides the order of the samples."""
    return any(addition.key == "noise" for run in experiment.runs for addition in recipe_of(run).additions)


def _functions() -> tuple[Choice, ...]:
    return tuple(Choice(key, translate("Problems", PROBLEMS[key].name)) for key in _rows(data=False))


def _problem(
    experiment: Experiment, typing: Typing | None, equation: Equation | None, names: tuple[str, ...]
) -> ProblemModel:
    problem = experiment.problem
    if typing is not None and typing.where == "formula":
        shown = names if kind_of(problem) == "formula" and typing.mistake is None else ()
        return ProblemModel(kind="formula", chosen=None, text=typing.text, mistake=typing.mistake, variables=shown)
    if data_of(problem) is not None:
        # loaded where it is wanted: most problems have no data
        from gdstudio.controllers.data_panel import data_model

        return ProblemModel(kind="data", chosen=problem.key, text="", data=data_model(problem, typing))
    if problem.key is None:
        return ProblemModel(
            kind="formula", chosen=None, text=problem.text or "", equation=equation, variables=names
        )
    row = PROBLEMS[problem.key]
    return ProblemModel(
        kind="function",
        chosen=problem.key,
        text=row.text,
        parameters=tuple(
            ParameterValue(parameter, problem.parameters.get(parameter.key, parameter.default))
            for parameter in row.parameters
        ),
        remark=translate("Problems", row.remark),
        variables=names,
    )


def _at(texts: tuple[str, ...], index: int) -> str:
    return texts[index] if index < len(texts) else ""


def _card(experiment: Experiment, run: Run, expanded: bool, samples: int | None) -> CardModel:
    values = hyperparameters_of(experiment.problem, run) | {change.name: change.value for change in run.changes}
    return CardModel(
        title=run_title(run),
        slot=run.slot,
        parameters=tuple(
            ParameterValue(parameter, values[parameter.key])
            for parameter in composition(Recipe(run.optimizer, run.convention, run.equations)).parameters
        ),
        visible=run.visible,
        expanded=expanded,
        batch=None if samples is None else BatchModel(
            run.batch, samples, run.order, run.drop_last, run.accumulate),
    )
