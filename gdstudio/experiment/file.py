"""Experiments as small JSON files with a schema version, for people to keep, send and read."""

from __future__ import annotations

import codecs
import hashlib
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import msgspec
import numpy as np

from gdstudio.data.edits import Edits
from gdstudio.data.table import Table
from gdstudio.data.table_format import TableFormat
from gdstudio.engine.descent import Change
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, shown_file
from gdstudio.engine.recipe import Addition
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.atomic import written_whole
from gdstudio.experiment.checking import check
from gdstudio.experiment.data_file import found_data, referring_to_data
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source

if TYPE_CHECKING:
    import os

FORMAT = "gdstudio-experiment"
# Version 2 has conventions, a user's own equations and additions; version 3 has models, data and ways to draw batches.
VERSION = 3
# In which version a field came, and what it is where it is left out: an experiment is written as the oldest has it.
_SINCE: dict[type[Any], dict[str, tuple[int, object]]] = {
    Run: {
        "convention": (2, None), "equations": (2, None), "additions": (2, ()),
        "order": (3, "shuffled"), "drop_last": (3, False), "accumulate": (3, 1),
    },
    Problem: {"model": (3, None), "loss": (3, None), "penalty": (3, None), "data": (3, None)},
}
MAXIMUM_BYTES = 4 << 20
# Numbers that an experiment keeps in itself; more are kept as the file that they came from.
MAXIMUM_NUMBERS = 100_000
# What a trajectory's source has in the place of more numbers than that.
_LEFT_OUT = "left_out"


def to_json(experiment: Experiment) -> bytes:
    """Return `experiment` as strict JSON text in UTF-8, in the oldest version of the format that holds it.

    It is indented, unless only without that it is small enough for `from_json`.

    Raises
    ------
    StudioError
        Where it has more in itself than a file of an experiment holds, or a name that cannot be written.
    """
    _refuse_much_data(experiment)
    dense = _encoded(_content(experiment))
    for text in (msgspec.json.format(dense, indent=2) + b"\n", dense):
        if len(text) <= MAXIMUM_BYTES:
            return text
    raise StudioError(
        QT_TRANSLATE_NOOP(
            "Errors", "The experiment cannot be saved: with all that was edited by hand it takes {count} bytes, and a "
            "file of an experiment has at most {most}; make these changes in the file of the data, and open that."
        ),
        count=len(dense), most=MAXIMUM_BYTES,
    )


def description(experiment: Experiment, folder: Path) -> bytes:
    """Return `experiment` as strict JSON text for a file in `folder` that holds more than it, such as a trajectory.

    It is what `to_json` returns, however long. Of more numbers than an experiment keeps in itself there are only the
    names of the columns, how many rows there are and, as ``sha256``, the hash of the numbers as little-endian float64,
    column by column. A data file is told by its path from `folder` and its hash, without that if it cannot be read.

    Raises
    ------
    StudioError
        For a name that cannot be written.
    """
    with suppress(StudioError):
        experiment = referring_to_data(experiment, folder)
    data = experiment.problem.data
    table = None if data is None else data.source.table
    if data is None or table is None or table.values.size <= MAXIMUM_NUMBERS:
        return _encoded(_content(experiment))
    # what stands in its place is not encoded: only where the data came from is exchanged
    elsewhere = replace(data, source=Source(file=""))
    content = _content(replace(experiment, problem=replace(experiment.problem, data=elsewhere)))
    content["problem"]["data"]["source"] = {_LEFT_OUT: {
        "names": table.names, "titles": table.titles, "rows": table.rows,
        "sha256": hashlib.sha256(np.ascontiguousarray(table.values, dtype="<f8").data).hexdigest(),
    }}
    return _encoded(content)


def _content(experiment: Experiment) -> dict[str, Any]:
    content = msgspec.to_builtins(experiment, enc_hook=_plain)
    versions = [1, *(
        version for kind, parts in ((Run, content["runs"]), (Problem, [content["problem"]])) for part in parts
        for version in _versions_left(kind, part)
    )]
    return {"format": FORMAT, "version": max(versions), **content}


def _encoded(content: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(content)
    except UnicodeEncodeError as error:  # as in the name of a file whose bytes are no text
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The experiment cannot be saved: {name} is not text in Unicode; rename it."),
            name=shown_file(error.object),
        ) from error


def _versions_left(kind: type[Any], part: dict[str, Any]) -> list[int]:
    """Take away the fields of `part` that say nothing, and return in which versions the others came."""
    versions = []
    for name, (version, usual) in _SINCE[kind].items():
        if part[name] == usual:
            del part[name]
        else:
            versions.append(version)
    return versions


def _plain(value: object) -> object:
    """Return the numbers of a table as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise NotImplementedError


def _table_numbers(kind: type[Any], value: object) -> object:
    """Return the numbers of a table from lists of as many each."""
    if get_origin(kind) is not np.ndarray:
        raise NotImplementedError
    rows = msgspec.convert(value, list[list[float]])
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        raise ValueError("each column needs as many numbers as the others, at least two")
    return np.array(rows)


def _refuse_much_data(experiment: Experiment) -> None:
    data = experiment.problem.data
    table = None if data is None else data.source.table
    if table is not None and table.values.size > MAXIMUM_NUMBERS:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "An experiment keeps up to {most} numbers of data in itself, and these are {count}; write "
                "them to a CSV file, and open that as the data."
            ),
            most=MAXIMUM_NUMBERS, count=table.values.size,
        )


def from_json(text: bytes, folder: Path | None = None) -> Experiment:
    """Return the experiment that `text` describes, checked throughout; data files are looked for from `folder` on.

    Raises
    ------
    StudioError
        One sentence for whatever is wrong: no JSON, another format, a newer version, a field that is unknown,
        missing or of the wrong type, a key or a number that does not fit.
    """
    content = _header_removed(_parsed(text))
    _refuse_left_out(content)
    _refuse_unknown(content)
    try:
        experiment = msgspec.convert(content, Experiment, dec_hook=_table_numbers)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, StudioError):
            raise error.__cause__ from error
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The experiment does not fit: {cause}."), cause=shown(str(error))
        ) from error
    _refuse_much_data(experiment)
    if folder is not None:
        experiment = found_data(experiment, folder)
    check(experiment)
    if "shown" not in content and experiment.problem.data is not None:
        # loaded where it is wanted: most experiments have no data
        from gdstudio.experiment.suited import shown_over_data

        experiment = replace(experiment, shown=shown_over_data(experiment.problem))
    return experiment


def save_experiment(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write `experiment` to a file, whole or not at all.

    Raises
    ------
    StudioError
        Where the file cannot be written or its data have changed since they were opened, or as `to_json`.
    """
    with written_whole(path) as temporary:
        temporary.write_bytes(to_json(referring_to_data(experiment, Path(path).absolute().parent)))


def open_experiment(path: str | os.PathLike[str]) -> Experiment:
    """Return the experiment in a file.

    Raises
    ------
    StudioError
        Where the file cannot be read, or as `from_json`.
    """
    try:
        # To open a pipe that nobody writes to would take for ever.
        if Path(path).is_fifo():
            raise StudioError(QT_TRANSLATE_NOOP("Errors", "{file} is not a file."), file=shown_file(path))
        with Path(path).open("rb") as file:
            text = file.read(MAXIMUM_BYTES + 1)
    except StudioError:
        raise
    except (OSError, ValueError) as error:  # a ValueError is a NUL in the name
        cause = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file} cannot be read: {cause}."), file=shown_file(path), cause=cause
        ) from error
    return from_json(text, Path(path).absolute().parent)


def _parsed(text: bytes) -> dict[str, Any]:
    if len(text) > MAXIMUM_BYTES:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "This is no experiment: it is larger than {most} bytes."), most=MAXIMUM_BYTES
        )
    try:
        # A byte-order mark is no JSON, but some editors begin every file with one.
        content = msgspec.json.decode(text.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "This is no experiment: it cannot be read as JSON ({cause})."),
            cause=shown(str(error)),
        ) from error
    if not isinstance(content, dict):
        raise StudioError(QT_TRANSLATE_NOOP("Errors", "This is no experiment: it is JSON, but not an object."))
    return content


def _header_removed(content: dict[str, Any]) -> dict[str, Any]:
    if content.pop("format", None) != FORMAT:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "This is no experiment: its field format is not {wanted}."), wanted=FORMAT
        )
    version = content.pop("version", None)
    if type(version) is not int or version < 1:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The experiment's field version must be a whole number from 1 on, not {given}."
            ),
            given=shown(version),
        )
    if version > VERSION:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The experiment was saved by a newer program (version {given} of the format, this one "
                "reads up to {known}); update the program."
            ),
            given=shown(version), known=VERSION,
        )
    return content


def _refuse_left_out(content: dict[str, Any]) -> None:
    """Refuse an experiment taken out of a trajectory that has only the hash of its data."""
    if _part(_part(_part(content.get("problem"), "data"), "source"), _LEFT_OUT) is not None:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The data of the experiment are not in it: they were more than {most} numbers, of which a "
                "trajectory keeps the hash."
            ),
            most=MAXIMUM_NUMBERS,
        )


def _refuse_unknown(content: dict[str, Any]) -> None:
    """Refuse fields that would silently be ignored; values of the wrong kind are left to the conversion."""
    _refuse_strangers("", Experiment, content)
    _refuse_strangers("problem.", Problem, content.get("problem"))
    data = _part(content.get("problem"), "data")
    of_data: tuple[tuple[str, type[Any], Any], ...] = (
        ("", Data, data), ("source.", Source, _part(data, "source")), ("edits.", Edits, _part(data, "edits")),
        ("source.format.", TableFormat, _part(_part(data, "source"), "format")),
        ("source.table.", Table, _part(_part(data, "source"), "table")),
    )
    for place, kind, part in of_data:
        _refuse_strangers(f"problem.data.{place}", kind, part)
    _refuse_strangers("stopping.", Stopping, content.get("stopping"))
    for index, run in enumerate(_items(content.get("runs"))):
        _refuse_strangers(f"runs[{index}].", Run, run)
        for part, kind in (("changes", Change), ("additions", Addition)):
            for item in _items(run.get(part) if isinstance(run, dict) else None):
                _refuse_strangers(f"runs[{index}].{part}.", kind, item)


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _refuse_strangers(place: str, kind: type[Any], part: Any) -> None:
    known = {field.name for field in fields(kind)}
    strangers = [name for name in part if name not in known] if isinstance(part, dict) else []
    if strangers:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The experiment has an unknown field {name}; known there are {known}."),
            name=shown(place + strangers[0]), known=", ".join(sorted(known)),
        )
