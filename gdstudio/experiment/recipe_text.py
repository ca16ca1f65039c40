"""Reads what people write of schedules and wrappers: ``KEY:name=value,...``, a row of the table and its numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from gdstudio.engine.additions import ADDITIONS, SCHEDULES
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.engine.names import shown, unknown
from gdstudio.engine.recipe import Addition
from gdstudio.engine.schedules import PREFIX
from gdstudio.engine.table import Selection
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import PROXIMAL
from gdstudio.experiment.numbers import written_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.additions_row import AdditionRow
    from gdstudio.engine.parameters import Parameter

WRAPPERS: Mapping[str, AdditionRow] = Selection(ADDITIONS, lambda row: row.kind == "wrapper")
_MILESTONES = "milestones"


def schedule_of(text: str) -> tuple[Addition, dict[str, float]]:
    """Return the schedule that `text` describes, and those of its hyperparameters that it sets.

    Parameters
    ----------
    text : str
        ``"cosine:iterations=500,end=1e-4"``, ``"multistep:milestones=30/80"``, ``"formula:0.1/sqrt(t)"`` or a key
        alone.

    Raises
    ------
    StudioError
        One sentence for whatever does not fit.
    FormulaError
        Where the formula of a schedule cannot be read.
    """
    key, _, rest = text.partition(":")
    key = key.strip()
    if key not in SCHEDULES:
        raise unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no schedule called {name}; try {known}."), key, SCHEDULES
        )
    if key == "formula":
        return _formula(rest), {}
    given = _pairs(key, rest)
    if key == "multistep":
        return _multistep(given)
    return Addition(key), _numbers(SCHEDULES[key], given)


def wrapper_of(text: str) -> tuple[Addition, dict[str, float]]:
    """Return the wrapper that `text` describes, such as ``"lookahead:k=5,alpha=0.5"``, and what it sets.

    Raises
    ------
    StudioError
        One sentence for whatever does not fit.
    """
    key, _, rest = text.partition(":")
    key = key.strip()
    if key not in WRAPPERS:
        raise unknown(QT_TRANSLATE_NOOP("Errors", "There is no wrapper called {name}; try {known}."), key, WRAPPERS)
    return Addition(key), _numbers(WRAPPERS[key], _pairs(key, rest))


def _formula(text: str) -> Addition:
    if not text.strip():
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "A formula of t and learning_rate is missing: formula:learning_rate/sqrt(t)."),
            text=text, column=len(text),
        )
    SCHEDULES["formula"].part_of(text)
    return Addition("formula", text)


def _pairs(key: str, text: str) -> dict[str, str]:
    """Return what ``name=value,...`` says, each name once."""
    found: dict[str, str] = {}
    for part in text.split(",") if text.strip() else ():
        name, equals, value = part.partition("=")
        name = name.strip()
        if not (equals and name):
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "After {key}: stand names and values, as in {example}, not {value}."),
                key=key, example=example(key), value=shown(part),
            )
        if name in found:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "{key} says {name} twice; once is enough."), key=key, name=shown(name)
            )
        found[name] = value
    return found


def names_of(row: AdditionRow) -> dict[str, Parameter]:
    """Return the numbers of a schedule or a wrapper by the names that they have after ``KEY:``.

    The first milestone stands for all.
    """
    prefix = PREFIX if row.key in SCHEDULES else f"{row.key}_"
    named = {parameter.key.removeprefix(prefix): parameter for parameter in row.parameters}
    return {
        _MILESTONES if name == "milestone1" else name: parameter for name, parameter in named.items()
        if name == "milestone1" or not name.startswith("milestone")
    }


def _numbers(row: AdditionRow, given: Mapping[str, str]) -> dict[str, float]:
    known = names_of(row)
    numbers: dict[str, float] = {}
    for name, text in given.items():
        if not known:
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "{key} has no numbers to set."), key=row.key)
        if name not in known:
            raise unknown(
                QT_TRANSLATE_NOOP("Errors", "{key} has no number called {name}; try {known}."), name, known, key=row.key
            )
        numbers[known[name].key] = known[name].check(written_number(name, text))
    return numbers


def _multistep(given: Mapping[str, str]) -> tuple[Addition, dict[str, float]]:
    """Return the schedule of milestones, written with strokes between them."""
    row = SCHEDULES["multistep"]
    numbers = _numbers(row, {name: value for name, value in given.items() if name != _MILESTONES})
    if _MILESTONES not in given:
        return Addition("multistep"), numbers
    texts = given[_MILESTONES].split("/")
    addition = Addition("multistep", str(len(texts)))
    parameters = row.part_of(addition.text).parameters
    for parameter, text in zip(parameters, texts, strict=False):
        numbers[parameter.key] = parameter.check(written_number(_MILESTONES, text))
    milestones = [numbers[parameter.key] for parameter in parameters[:len(texts)]]
    for before, after in pairwise(milestones):
        if after < before:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "Milestones must ascend, but {after} follows {before}."),
                before=f"{before:g}", after=f"{after:g}",
            )
    return addition, numbers


def example(key: str) -> str:
    """Return how a schedule or wrapper is written with its defaults."""
    if key == "formula":
        return "formula:learning_rate/sqrt(t)"
    if key == "multistep":
        return "multistep:milestones=30/80,factor=0.1"
    pairs = ",".join(f"{name}={parameter.default:g}" for name, parameter in names_of(ADDITIONS[key]).items())
    return f"{key}:{pairs}" if pairs else key


def options_of(row: AdditionRow) -> str:
    """Return the options of the command line that put what is no schedule around an optimizer, with its defaults."""
    if row.key == PROXIMAL:
        return f"--penalty lasso:0.1 --wrap {PROXIMAL}"
    if row.kind == "wrapper":
        return f"--wrap {example(row.key)}"
    if row.kind == "decay":
        return " ".join(f"--set {parameter.key}={parameter.default:g}" for parameter in row.parameters)
    return " ".join(f"--{parameter.key.replace('_', '-')} {parameter.default:g}" for parameter in row.parameters)
