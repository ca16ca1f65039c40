"""``gdstudio list``: the tables of problems and optimizers, for people and for tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.command.arguments import CommandParser
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.names import candidates, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.engine.optimizers import OptimizerRow

_TEXT_WIDTH = 70


def main(tokens: Sequence[str]) -> int:
    """Print the table that `tokens` name and return the exit code."""
    parser = CommandParser("list", "List what the program knows by name.")
    parser.add_argument("table", metavar="problems|optimizers", help="which table")
    parser.add_argument("--json", action="store_true", help="print one JSON array with all that the rows hold")
    options = parser.read(tokens)
    tables = {"problems": _problems, "optimizers": _optimizers}
    if options.table not in tables:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no list of {name}; try {known}."),
            name=shown(options.table), known=candidates(options.table, tables),
        )
    rows, columns = tables[options.table]()
    print(_json(rows) if options.json else _table(columns))
    return 0


def _problems() -> tuple[list[dict[str, Any]], list[tuple[str, ...]]]:
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


def _optimizers() -> tuple[list[dict[str, Any]], list[tuple[str, ...]]]:
    from gdstudio.engine.optimizers import OPTIMIZERS

    columns: list[tuple[str, ...]] = [("KEY", "NAME", "HYPERPARAMETERS")]
    for key, row in OPTIMIZERS.items():
        defaults = ", ".join(f"{parameter.key} = {parameter.default:g}" for parameter in row.hyperparameters)
        columns.append((key, row.name, defaults))
    return [_optimizer(row) for row in OPTIMIZERS.values()], columns


def _optimizer(row: OptimizerRow) -> dict[str, Any]:
    """Return a row with the equations and hyperparameters of its first variant, and every variant's parity."""
    from dataclasses import asdict

    from gdstudio.engine.optimizers.parity import PARITIES

    found = asdict(row)
    for variant in found["variants"]:
        parity = PARITIES.get((row.key, variant["convention"]))
        variant["parity"] = None if parity is None else asdict(parity)
    first = found["variants"][0]
    return {**found, "equations": first["equations"], "hyperparameters": first["hyperparameters"]}


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
