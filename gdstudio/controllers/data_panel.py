"""From a loss over data to what the panel shows of it, see `panel_model`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QCoreApplication

from gdstudio.data.datasets import DATASETS
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.losses import LOSSES
from gdstudio.engine.models.penalties import PENALTIES
from gdstudio.experiment.build import data_of, text_of
from gdstudio.experiment.offers import columns_of, suitable_models
from gdstudio.experiment.sampled import parameters_over_data, sampled
from gdstudio.views.panel.data_model import NONE, OWN, ColumnModel, DataModel, Role, TypedModel
from gdstudio.views.panel.model import Choice, ParameterValue

if TYPE_CHECKING:
    from gdstudio.controllers.panel_model import Typing
    from gdstudio.experiment.document import Problem, Source
    from gdstudio.experiment.sampled import SampledLoss

translate = QCoreApplication.translate

#: Key of the present data where they are no listed data set.
PRESENT = "present data"
# They are shown again at each move of a slider, and there may be thousands.
_shown: WeakKeyDictionary[SampledLoss, tuple[ColumnModel, ...]] = WeakKeyDictionary()


def data_model(problem: Problem, typing: Typing | None = None) -> DataModel:
    """Return what the panel shows of a loss over data.

    Parameters
    ----------
    problem : Problem
        Of the document; it has data.
    typing : Typing or None
        What is being typed as a loss or a penalty, in place of what the document has.
    """
    data = data_of(problem)
    assert data is not None
    loss = sampled(problem)
    row = None if problem.model is None else MODELS[problem.model]
    losses = () if row is None or len(row.losses) < 2 else row.losses
    return DataModel(
        sources=_sources(data.source),
        source=data.source.key or PRESENT,
        models=_models(problem),
        model=problem.model or OWN,
        formula=_typed(text_of(problem), typing, "loss"),
        losses=tuple(Choice(key, translate("Models", LOSSES[key].name)) for key in losses),
        loss=problem.loss or (losses[0] if losses else ""),
        penalties=_penalties(),
        penalty=_penalty(problem, typing),
        own_penalty=_typed(problem.penalty or "", typing, "penalty") if _penalty(problem, typing) == OWN else None,
        numbers=tuple(ParameterValue(*each) for each in parameters_over_data(problem)),
        columns=_columns(problem),
        samples=len(loss.samples.train),
        aside=len(loss.samples.held_out),
        standardize=data.standardize,
        held_out=data.held_out,
        split_seed=data.split_seed,
        source_numbers=_source_numbers(data.source),
        remark=_remark(problem),
    )


def data_name(source: Source) -> str:
    """Return what people call data: the translated name of a data set, or the name of a file."""
    if source.key is not None:
        return translate("Problems", DATASETS[source.key].name)
    if source.file is not None:
        return Path(source.file).name
    return translate("Models", "Data of the experiment")


def _sources(source: Source) -> tuple[Choice, ...]:
    listed = tuple(Choice(key, translate("Problems", row.name)) for key, row in DATASETS.items())
    return listed if source.key is not None else (Choice(PRESENT, data_name(source)), *listed)


def _models(problem: Problem) -> tuple[Choice, ...]:
    suitable = suitable_models(problem)
    if problem.model is not None and problem.model not in suitable:
        suitable = (*suitable, problem.model)
    named = tuple(Choice(key, translate("Models", MODELS[key].name)) for key in suitable)
    return (*named, Choice(OWN, translate("Models", "Loss of your own")))


def _penalties() -> tuple[Choice, ...]:
    listed = tuple(Choice(key, translate("Models", row.name)) for key, row in PENALTIES.items())
    return (Choice(NONE, translate("Models", "none")), *listed, Choice(OWN, translate("Models", "your own")))


def _penalty(problem: Problem, typing: Typing | None) -> str:
    if typing is not None and typing.where == "penalty":
        return OWN
    if problem.penalty is None:
        return NONE
    key = problem.penalty.partition(":")[0].strip()
    return key if key in PENALTIES else OWN


def _typed(text: str, typing: Typing | None, where: str) -> TypedModel:
    return TypedModel(text) if typing is None or typing.where != where else TypedModel(typing.text, typing.mistake)


def _columns(problem: Problem) -> tuple[ColumnModel, ...]:
    data = data_of(problem)
    assert data is not None
    loss = sampled(problem)
    # A typed loss reads the columns that it names.
    read = frozenset(loss.samples.features if problem.model is not None else loss.model.columns.values())

    def role(name: str) -> Role:
        if name == loss.samples.target:
            return "target"
        return "feature" if name in read else "left_out"

    if loss not in _shown:
        columns = columns_of(data)
        _shown[loss] = tuple(ColumnModel(each.name, each.title, role(each.name), each.labels) for each in columns)
    return _shown[loss]


def _source_numbers(source: Source) -> tuple[ParameterValue, ...]:
    if source.key is None:
        return ()
    return tuple(
        ParameterValue(parameter, source.numbers.get(parameter.key, parameter.default))
        for parameter in DATASETS[source.key].parameters
    )


def _remark(problem: Problem) -> str:
    if problem.key is not None:
        return translate("Problems", PROBLEMS[problem.key].remark)
    return "" if problem.model is None else translate("Models", MODELS[problem.model].remark)
