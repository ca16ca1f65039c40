"""The part of a request that is about data: what is fitted to what, and how the batches are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.data.table_format import TableFormat
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import candidates, shown, unknown
from gdstudio.engine.sampling import ORDERS
from gdstudio.engine.stopping import MAXIMUM_ITERATIONS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import batching_of, samples_of
from gdstudio.experiment.data_file import file_source
from gdstudio.experiment.document import Data, Problem, Run, Source
from gdstudio.experiment.numbers import number, text_or_none, truth, whole_between, written_number

if TYPE_CHECKING:
    from gdstudio.data.table import Table

# More than any data set holds.
_MOST_SAMPLES = 10**9
_NO_DATA = QT_TRANSLATE_NOOP(
    "Errors", "{name} is about data, but there are none: name a data set or a file (--data KEY or --data FILE.csv)."
)


def problem_over_data(asked: Mapping[str, object], seed: int) -> Problem:
    """Return the loss over data that is asked for.

    Parameters
    ----------
    asked : mapping of str to object
        Some of model, loss, penalty, data, target, features, standardize and held_out, and of how a file of data is
        written, where that is not to be found by looking: header, delimiter, decimal and encoding.
    seed : int
        Of the choice of samples held out.

    Raises
    ------
    StudioError
        One sentence for the first thing that does not fit.
    """
    if "data" not in asked:
        raise StudioError(_NO_DATA, name=next(iter(asked)))
    model, loss = text_or_none("model", asked.get("model")), text_or_none("loss", asked.get("loss"))
    if model is None and loss is None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "Nothing says what to fit to the data: name a model (--model linear), or type the loss of "
                "one sample (--loss TEXT)."
            )
        )
    data = Data(
        source=_written(_source(asked), asked),
        target=text_or_none("target", asked.get("target")),
        features=_features(asked.get("features")),
        standardize=truth("standardize", asked.get("standardize", False)),
        held_out=number("held_out", asked.get("held_out", 0.0)),
        split_seed=seed,
    )
    return Problem(
        model=model, text=None if model is not None else loss, loss=loss if model is not None else None,
        penalty=text_or_none("penalty", asked.get("penalty")), data=data,
    )


def _source(asked: Mapping[str, object]) -> Source:
    """Return where the data come from: a listed set with its numbers, a file, or what Python has at hand."""
    data = asked["data"]
    if isinstance(data, Path):
        return file_source(data)
    if not isinstance(data, str):
        return Source(table=_table(data, asked))
    from gdstudio.data.datasets import DATASETS

    key, _, numbers = data.partition(":")
    if key in DATASETS:
        return Source(key=key, numbers=_numbers_of_set(key, numbers))
    if not Path(data).exists() and Path(data).name == data and "." not in data:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no data set and no file called {name}; try {known}."),
            name=shown(data), known=candidates(key, DATASETS),
        )
    return file_source(data)


def _written(source: Source, asked: Mapping[str, object]) -> Source:
    """Return the source with what is said of how its file is written."""
    given = [field.name for field in fields(TableFormat) if field.name in asked]
    if not given:
        return source
    if source.file is None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{name} says how a file of data is written, but the data are no file: leave it out."
            ),
            name=given[0],
        )
    # loaded where it is wanted: most data are not told how they are written
    from gdstudio.data.reading import DECIMALS, DELIMITERS

    delimiter = text_or_none("delimiter", asked.get("delimiter"))
    decimal = text_or_none("decimal", asked.get("decimal"))
    return replace(source, format=TableFormat(
        encoding=text_or_none("encoding", asked.get("encoding")),
        # a mark may be written as itself, a tab also as most languages of programs write it
        delimiter=delimiter if delimiter is None else {"\\t": "\t", **DELIMITERS}.get(delimiter, delimiter),
        decimal=decimal if decimal is None else DECIMALS.get(decimal, decimal),
        header=truth("header", asked["header"]) if "header" in asked else None,
    ))


def _table(data: object, asked: Mapping[str, object]) -> Table:
    """Return those columns of what Python has at hand that may be used; the others need not be without faults."""
    from gdstudio.data.foreign import column_names, table_from

    names = column_names(data)
    target, features = text_or_none("target", asked.get("target")), _features(asked.get("features"))
    if asked.get("model") is None:
        loss, penalty = (text_or_none(name, asked.get(name)) for name in ("loss", "penalty"))
        read = {*_inputs(loss), *_inputs(_typed(penalty))}
        used = [name for name in names if name in read]
        named = [*(features or ()), *([] if target is None else [target])]
        # A loss that names no column is refused with all that there are.
        return table_from(data, [*used, *named] if used else None, named)
    target = names[-1] if target is None else target
    return table_from(data, None if features is None else [*features, target], [target])


def _inputs(text: str | None) -> tuple[str, ...]:
    """Return the names in a formula, columns and parameters."""
    from gdstudio.engine.language.formula import formula

    return () if text is None else formula(text).inputs


def _typed(penalty: str | None) -> str | None:
    """Return the formula of a penalty that is no row of the table."""
    from gdstudio.engine.models.penalties import read_penalty

    return None if penalty is None else read_penalty(penalty).text or None


def _numbers_of_set(key: str, text: str) -> dict[str, float]:
    """Return the numbers behind the colon of ``moons:samples=100,noise=0.2``."""
    found: dict[str, float] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "The numbers of a data set are written {key}:NAME=VALUE, not {part}."),
                key=key, part=shown(part),
            )
        found[name] = float(written_number(name, value))
    return found


def _features(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    if not isinstance(value, Sequence) or not all(isinstance(part, str) for part in value):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "features must be names of columns, not {value}."), value=shown(value)
        )
    return tuple(value)


def batches_drawn(run: Run, asked: Mapping[str, object], problem: Problem) -> Run:
    """Return the run with its batches drawn as asked for.

    Parameters
    ----------
    run : Run
        The run.
    asked : mapping of str to object
        Some of batch, order, drop_last and accumulate.
    problem : Problem
        With or without data: that one without has no batches is said by the engine.

    Raises
    ------
    StudioError
        Where something does not fit.
    """
    order = asked.get("order", run.order)
    if order not in ORDERS:
        raise unknown(
            QT_TRANSLATE_NOOP("Errors", "There is no order of samples called {name}; try {known}."), str(order), ORDERS
        )
    return replace(
        run, batch=_batch(asked.get("batch"), problem), order=order,
        drop_last=truth("drop_last", asked.get("drop_last", False)),
        accumulate=whole_between("accumulate", asked.get("accumulate", 1), 1, MAXIMUM_ITERATIONS),
    )


def _batch(batch: object, problem: Problem) -> int | None:
    """Return the size of a batch."""
    if batch is None or (isinstance(batch, str) and batch == "full"):
        return None
    if isinstance(batch, str):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "batch must be a number of samples or full, not {value}."), value=shown(batch)
        )
    return whole_between("batch", batch, 1, samples_of(problem) or _MOST_SAMPLES)


def iterations_of_epochs(epochs: int, run: Run, problem: Problem) -> int:
    """Return how many updates a run makes in so many epochs.

    Raises
    ------
    StudioError
        Where there are no data, or the updates are too many.
    """
    samples = samples_of(problem)
    if samples is None:
        raise StudioError(_NO_DATA, name="epochs")
    return whole_between(
        "iterations", epochs * batching_of(run).iterations_per_epoch(samples), 0, MAXIMUM_ITERATIONS
    )
