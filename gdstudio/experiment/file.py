"""Experiments as small JSON files with a schema version, for people to keep, send and read."""

from __future__ import annotations

import codecs
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gdstudio.engine.descent import Change
from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition
from gdstudio.engine.stopping import Stopping
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.atomic import written_whole
from gdstudio.experiment.checking import check
from gdstudio.experiment.document import Experiment, Problem, Run
from gdstudio.experiment.names import shown, shown_file

if TYPE_CHECKING:
    import os

FORMAT = "gdstudio-experiment"
# Version 2 has conventions, a user's own equations and additions; a run without them is written as version 1 had it.
VERSION = 2
_SINCE_2: dict[str, object] = {"convention": None, "equations": None, "additions": ()}
MAXIMUM_BYTES = 1 << 20


def to_json(experiment: Experiment) -> bytes:
    """Return `experiment` as strict, indented JSON text in UTF-8, in the oldest version of the format that holds it."""
    content = msgspec.to_builtins(experiment)
    runs = [
        {name: value for name, value in run.items() if name not in _SINCE_2 or value != _SINCE_2[name]}
        for run in content["runs"]
    ]
    version = VERSION if any(name in run for run in runs for name in _SINCE_2) else 1
    whole = {"format": FORMAT, "version": version, **content, "runs": runs}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def from_json(text: bytes) -> Experiment:
    """Return the experiment that `text` describes, checked throughout.

    Raises
    ------
    StudioError
        One sentence for whatever is wrong: no JSON, another format, a newer version, a field that is unknown,
        missing or of the wrong type, a key or a number that does not fit.
    """
    content = _header_removed(_parsed(text))
    _refuse_unknown(content)
    try:
        experiment = msgspec.convert(content, Experiment)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, StudioError):
            raise error.__cause__ from error
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The experiment does not fit: {cause}."), cause=shown(str(error))
        ) from error
    check(experiment)
    return experiment


def save_experiment(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write `experiment` to a file, whole or not at all.

    Raises
    ------
    StudioError
        Where the file cannot be written.
    """
    with written_whole(path) as temporary:
        temporary.write_bytes(to_json(experiment))


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
    return from_json(text)


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


def _refuse_unknown(content: dict[str, Any]) -> None:
    """Refuse fields that would silently be ignored; values of the wrong kind are left to the conversion."""
    _refuse_strangers("", Experiment, content)
    _refuse_strangers("problem.", Problem, content.get("problem"))
    _refuse_strangers("stopping.", Stopping, content.get("stopping"))
    for index, run in enumerate(_items(content.get("runs"))):
        _refuse_strangers(f"runs[{index}].", Run, run)
        for part, kind in (("changes", Change), ("additions", Addition)):
            for item in _items(run.get(part) if isinstance(run, dict) else None):
                _refuse_strangers(f"runs[{index}].{part}.", kind, item)


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
