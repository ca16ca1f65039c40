"""From the table of optimizers to what the picker shows: every text translated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.engine.optimizers import CONVENTION_NAMES, FAMILY_NAMES, OPTIMIZERS
from gdstudio.engine.optimizers.parity import PARITIES
from gdstudio.engine.optimizers.row import MATRIX_WANTED
from gdstudio.engine.own_optimizer import own_optimizer
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.views.picker_model import ConventionEntry, OptimizerEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.engine.optimizers import OptimizerRow, Variant
    from gdstudio.engine.own_optimizer import OwnOptimizer
    from gdstudio.engine.parameters import Parameter

translate = QCoreApplication.translate
# Keys of rows that are in no table: a person's own have a number behind it.
OWN, NEW = "own:", "own:new"
_IDENTIFIER = re.compile(r"(arXiv|doi):(\S+?)(?=[,;:]?(?:\s|$))")


def entries(*, matrices: bool) -> tuple[OptimizerEntry, ...]:
    """Return all optimizers, by family and year; `matrices`: whether the problem has matrices of parameters."""
    families = list(FAMILY_NAMES)
    rows = sorted(OPTIMIZERS.values(), key=lambda row: (families.index(row.family), row.year))
    return tuple(_entry(row, refused=row.needs_matrix and not matrices) for row in rows)


def own_entries(texts: Sequence[str], *, matrices: bool) -> tuple[OptimizerEntry, ...]:
    """Return the rows of a person's own optimizers, of which `texts` are known and can be read, and of a new one."""
    family = translate("Optimizers", "Your own")
    rows = [
        OptimizerEntry(
            key=f"{OWN}{number}", name=own.name, family=family, year="", credit=family, reference="",
            intuition=translate("Optimizers", "Equations of your own, out of this experiment."), not_for="",
            conventions=(ConventionEntry(OWN, family, _numbers(own.parameters), lines=_lines(own.equations)),),
            refusal="" if matrices or not _needs_matrix(own) else _matrix_wanted(own.name),
        )
        for number, own in enumerate(map(own_optimizer, texts))
    ]
    new = OptimizerEntry(
        key=NEW, name=translate("Optimizers", "New optimizer…"), family=family, year="", credit="", reference="",
        intuition=translate(
            "Optimizers", "Type the equations of one step, as a textbook prints them: they are checked at every key, "
            "set in type, and raced like any other."
        ),
        not_for="", conventions=(ConventionEntry(OWN, family, ""),), counted=False,
    )
    return (*rows, new)


def _needs_matrix(own: OwnOptimizer) -> bool:
    return composition(Recipe(own.name, equations=own.text)).rule.needs_matrix


def _matrix_wanted(name: str) -> str:
    return translate("Errors", MATRIX_WANTED).format(optimizer=name)


def identifier(reference: str) -> str:
    """Return the first arXiv number or DOI of a reference, such as ``arXiv 1412.6980``; empty where it has none."""
    found = _IDENTIFIER.search(reference)
    if found is None:
        return ""
    return f"arXiv {found[2]}" if found[1] == "arXiv" else f"doi {found[2]}"


def _entry(row: OptimizerRow, *, refused: bool) -> OptimizerEntry:
    name = translate("Optimizers", row.name)
    year = str(row.year)
    where = identifier(row.reference)
    credit = f"{row.authors}, {year}"
    return OptimizerEntry(
        key=row.key,
        name=name,
        family=translate("Optimizers", FAMILY_NAMES[row.family]),
        year=year,
        credit=f"{credit} · {where}" if where else credit,
        reference=row.reference,
        intuition=translate("Optimizers", row.intuition),
        not_for=translate("Optimizers", row.not_for),
        note=translate("Optimizers", row.note) if row.note else "",
        conventions=tuple(_convention(row, variant) for variant in row.variants),
        words=translate("Optimizers", row.words) if row.words else "",
        refusal=translate("Errors", str(row.refusal)).format(optimizer=name) if refused else "",
    )


def _convention(row: OptimizerRow, variant: Variant) -> ConventionEntry:
    name = translate("Optimizers", CONVENTION_NAMES[variant.convention])
    return ConventionEntry(variant.convention, name, defaults_text(variant), _parity(row, variant),
                           _lines(variant.equations or variant.shown_equations), bool(variant.equations))


def defaults_text(variant: Variant) -> str:
    """Return the hyperparameters of a variant with their defaults, without the switches that are off."""
    shown = [
        each for each in variant.hyperparameters
        if not (each.default == 0.0 and (each.integer or each.key == "weight_decay"))
    ]
    return _numbers(shown)


def _numbers(parameters: Iterable[Parameter]) -> str:
    return "   ".join(f"{each.symbol} {each.default:g}".replace("e-0", "e-") for each in parameters)


def _lines(equations: str) -> int:
    return sum(bool(line.strip()) for line in equations.split("\n"))


def _parity(row: OptimizerRow, variant: Variant) -> str:
    found = PARITIES.get((row.key, variant.convention))
    if found is None:
        return translate("Optimizers", "held against: {oracle}").format(oracle=variant.oracle)
    version = found.version.split()[-1]
    if found.compared in ("minima", "places"):
        text = translate("Optimizers", "held against {oracle}: worst difference {error} at minima reached")
    elif found.compared == "steps":
        text = translate("Optimizers", "held against {oracle}: worst difference {error} step by step")
    elif found.worst_error == 0.0:
        text = translate("Optimizers", "held against {oracle}: no difference over 1,000 steps")
    else:
        text = translate("Optimizers", "held against {oracle}: worst difference {error} over 1,000 steps")
    if found.single_error is not None:
        of_single = translate("Optimizers", "{error32} over 100 in float32") if found.single_error else translate(
            "Optimizers", "none over 100 in float32"
        )
        text = f"{text}; {of_single}".replace("{error32}", _error(found.single_error))
    if found.as_it_comes is not None:
        coming = translate("Optimizers", "The library as it comes, in lesser precision, is {error} away.")
        text = f"{text}. {coming.replace('{error}', _error(found.as_it_comes))}"
    if found.on_torch is not None:
        elsewhere = translate("Optimizers", "Keras ran on {backend}; on PyTorch it is {error} away.")
        elsewhere = elsewhere.replace("{backend}", str(found.backend)).replace("{error}", _error(found.on_torch))
        text = f"{text.rstrip('.')}. {elsewhere}"
    # the version is the library's, not that of how it was looked at
    name, comma, manner = found.oracle.partition(", ")
    return text.format(oracle=f"{name} {version}{comma}{manner}", error=_error(found.worst_error))


def _error(error: float) -> str:
    return f"{error:.1g}".replace("e-0", "e-")
