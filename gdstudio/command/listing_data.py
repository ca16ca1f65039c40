"""The tables of models, penalties and data sets for ``gdstudio list``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdstudio.command.listing import Listed
    from gdstudio.engine.models.row import ModelRow

_EXAMPLE_FEATURES, _EXAMPLE_TARGET, _EXAMPLE_CLASSES = ("x",), "y", ("0", "1")


def models() -> Listed:
    """Return the models: each with its losses, and its text for one feature x and a target y."""
    from gdstudio.engine.models import MODELS

    rows = [_model(row) for row in MODELS.values()]
    columns: list[tuple[str, ...]] = [("KEY", "NAME", "LOSSES", "LOSS OF ONE SAMPLE")]
    columns += [(row["key"], row["name"], ", ".join(row["losses"]), row["text"] or "") for row in rows]
    return rows, columns


def _model(row: ModelRow) -> dict[str, Any]:
    from gdstudio.command.listing import number
    from gdstudio.engine.models.losses import LOSSES

    example = row.build(_EXAMPLE_FEATURES, _EXAMPLE_TARGET, _EXAMPLE_CLASSES if row.task != "regression" else ())
    return {
        "key": row.key,
        "name": row.name,
        "task": row.task,
        "remark": row.remark,
        "text": example.text,
        "parameters": list(example.start),
        "start": {name: value for name, value in example.start.items() if value != 0.0},
        "losses": list(row.losses),
        "loss_texts": {key: LOSSES[key].text for key in row.losses},
        "options": [number(parameter) for parameter in row.options],
        "most_features": row.most_features,
        "reference": row.reference,
        "references": [row.reference, *(LOSSES[key].reference for key in row.losses)],
    }


def penalties() -> Listed:
    """Return the penalties that weights can be given."""
    from gdstudio.command.listing import number
    from gdstudio.engine.models.penalties import PENALTIES, WEIGHT

    rows: list[dict[str, Any]] = [
        {
            "key": row.key,
            "name": row.name,
            "text": row.text_over((WEIGHT,), {parameter.key: parameter.key for parameter in row.parameters}),
            "hyperparameters": [number(parameter) for parameter in row.parameters],
            "reference": row.reference,
        }
        for row in PENALTIES.values()
    ]
    columns: list[tuple[str, ...]] = [("KEY", "NAME", "PER WEIGHT w")]
    columns += [(row["key"], row["name"], row["text"]) for row in rows]
    return rows, columns


def datasets() -> Listed:
    """Return the data sets that are made or shipped."""
    from gdstudio.command.listing import number
    from gdstudio.data.datasets import DATASETS

    rows: list[dict[str, Any]] = [
        {
            "key": row.key,
            "name": row.name,
            "task": row.task,
            "columns": list(row.columns),
            "target": row.target,
            "parameters": [number(parameter) for parameter in row.parameters],
            "reference": row.reference,
        }
        for row in DATASETS.values()
    ]
    columns: list[tuple[str, ...]] = [("KEY", "NAME", "TASK", "COLUMNS")]
    columns += [(row["key"], row["name"], row["task"], _few(row["columns"])) for row in rows]
    return rows, columns


def _few(names: list[str]) -> str:
    return ", ".join(names if len(names) <= _MOST_NAMES else [*names[:_MOST_NAMES - 2], "...", names[-1]])


_MOST_NAMES = 8
