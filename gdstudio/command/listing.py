"""``gdstudio list``: the tables of problems, optimizers and what goes around them, for people and for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from gdstudio.command.arguments import CommandParser
from gdstudio.command.listing_data import datasets, models, penalties
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import candidates, shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.additions_row import AdditionRow
    from gdstudio.engine.optimizers import OptimizerRow, Variant
    from gdstudio.engine.parameters import Parameter

_TEXT_WIDTH = 70
# The rows for tools, and for people a line for each, behind one that names the columns.
Listed: TypeAlias = "tuple[list[dict[str, Any]], list[tuple[str, ...]]]"


def main(tokens: Sequence[str]) -> int:
    """Print the table that `tokens` name and return the exit code."""
    parser = CommandParser("list", "List what the program knows by name.")
    tables = {
        "problems": _problems, "optimizers": _optimizers, "schedules": _schedules, "additions": _additions,
        "models": models, "penalties": penalties, "datasets": datasets,
    }
    parser.add_argument("table", metavar="|".join(tables), help="which table")
    parser.add_argument("--json", action="store_true", help="print one JSON array with all that the rows hold")
    options = parser.read(tokens)
    if options.table not in tables:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no list of {name}; try {known}."),
            name=shown(options.table), known=candidates(options.table, tables),
        )
    rows, columns = tables[options.table]()
    print(_json(rows) if options.json else _table(columns))
    return 0


def _problems() -> Listed:
    from dataclasses import asdict

    from gdstudio.engine.functions import PROBLEMS
    from gdstudio.experiment.build import variables_of
    from gdstudio.experiment.document import Problem

    variables = {key: variables_of(Problem(key=key)) for key in PROBLEMS}
    rows = [
        {**asdict(row), "variables": variables[key], "learning_rates": dict(row.learning_rates)}
        for key, row in PROBLEMS.items()
    ]
    columns: list[tuple[str, ...]] = [("KEY", "NAME", "VARIABLES", "LOSS")]
    columns += [(key, row.name, ", ".join(variables[key]), _shortened(row.text)) for key, row in PROBLEMS.items()]
    return rows, columns


def _optimizers() -> Listed:
    from gdstudio.engine.optimizers import OPTIMIZERS

    columns: list[tuple[str, ...]] = [("KEY", "NAME", "HYPERPARAMETERS")]
    for key, row in OPTIMIZERS.items():
        defaults = ", ".join(f"{parameter.key} = {parameter.default:g}" for parameter in row.hyperparameters)
        columns.append((key, row.name, defaults))
    return [_optimizer(row) for row in OPTIMIZERS.values()], columns


def _optimizer(row: OptimizerRow) -> dict[str, Any]:
    """Return a row with the equations and hyperparameters of its first variant, and every variant's parity."""
    from dataclasses import asdict

    from gdstudio.engine.optimizers.decay import by_convention, numbers_of

    found = asdict(row)
    first = row.variants[0]
    for variant, content in zip(row.variants, found["variants"], strict=True):
        content["hyperparameters"] = [number(parameter) for parameter in numbers_of(row, variant)]
        content["parity"] = _parity(row, variant)
    return {
        **found,
        "references": [row.reference],
        "refusal": None if row.refusal is None else row.refusal.format(optimizer=row.name),
        "conventions": list(row.conventions),
        "equations": first.equations or first.shown_equations,
        "hyperparameters": [
            {
                **number(next(iter(having.values()))),
                "defaults": {convention: parameter.default for convention, parameter in having.items()},
            }
            for having in by_convention(row).values()
        ],
        "parity": {variant.convention: _parity(row, variant) for variant in row.variants},
    }


def number(parameter: Parameter) -> dict[str, Any]:
    """Return what is said of a number that people may set."""
    from dataclasses import asdict

    return {
        "name": parameter.key, **asdict(parameter), "switch": parameter.is_switch, "range": parameter.choice_text,
    }


def _parity(row: OptimizerRow, variant: Variant) -> dict[str, Any]:
    """Return what a variant was held against: version and errors are missing where no numbers were compared."""
    from dataclasses import asdict

    from gdstudio.engine.optimizers.parity import PARITIES

    parity = PARITIES.get((row.key, variant.convention))
    return _unmeasured(variant.oracle) if parity is None else asdict(parity)


def _unmeasured(oracle: str) -> dict[str, Any]:
    missing = ("version", "worst_error", "single_error", "compared", "as_it_comes", "backend", "on_torch")
    return {"oracle": oracle, **dict.fromkeys(missing)}


def _schedules() -> Listed:
    from gdstudio.engine.additions import SCHEDULES
    from gdstudio.experiment.recipe_text import example

    columns: list[tuple[str, ...]] = [("KEY", "NAME", "EXAMPLE")]
    columns += [(key, row.name, example(key)) for key, row in SCHEDULES.items()]
    return [_schedule(row) for row in SCHEDULES.values()], columns


def _schedule(row: AdditionRow) -> dict[str, Any]:
    """Return a row with its numbers called as they are after ``KEY:``; `key` is their name among hyperparameters."""
    from gdstudio.experiment.recipe_text import example

    return {**_around(row), "example": example(row.key)}


def _additions() -> Listed:
    from gdstudio.engine.additions import ADDITIONS, SCHEDULES
    from gdstudio.experiment.recipe_text import options_of

    rows = [row for key, row in ADDITIONS.items() if key not in SCHEDULES]
    columns: list[tuple[str, ...]] = [("KEY", "NAME", "EXAMPLE")]
    columns += [(row.key, row.name, options_of(row)) for row in rows]
    return [_addition(row) for row in rows], columns


def _addition(row: AdditionRow) -> dict[str, Any]:
    """Return a row as that of a schedule, and what it is in Keras' convention where that is something else."""
    from gdstudio.experiment.recipe_text import options_of

    keras = row.under_keras
    return {
        **_around(row),
        "kind": row.kind,
        "place": "after" if row.part.after else "before",
        "under_keras": keras and {
            "equations": keras.equations, "hyperparameters": [number(parameter) for parameter in keras.parameters],
        },
        "example": options_of(row),
    }


def _around(row: AdditionRow) -> dict[str, Any]:
    """Return what is said of all that goes around an optimizer."""
    from dataclasses import asdict

    from gdstudio.engine.schedule_parity import SCHEDULE_PARITIES
    from gdstudio.experiment.recipe_text import names_of

    parities = [asdict(parity) for parity in SCHEDULE_PARITIES.get(row.key, ())] or [_unmeasured(row.oracle)]
    return {
        "key": row.key,
        "name": row.name,
        "meaning": row.meaning,
        "equations": row.part.equations,
        "hyperparameters": [{**number(parameter), "name": name} for name, parameter in names_of(row).items()],
        "initial": dict(row.part.initial),
        "reference": row.reference,
        "references": [row.reference] if row.reference else [],
        "parity": parities[0],
        "parities": parities,
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _TEXT_WIDTH else text[:_TEXT_WIDTH - 3] + "..."


def _json(rows: list[dict[str, Any]]) -> str:
    """Return strict JSON: msgspec writes null for a number that is not finite."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode()


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
