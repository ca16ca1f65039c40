"""From what was found in a file of columns to what its dialog shows: every text translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.controllers.sentences import error_text
from gdstudio.data.reading import DECIMALS, DELIMITERS, ENCODINGS
from gdstudio.engine.models import MODELS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count
from gdstudio.experiment.editing_data import USUAL_MODEL
from gdstudio.views.import_model import FOUND, ImportModel
from gdstudio.views.panel.data_model import ColumnModel, Role
from gdstudio.views.panel.model import Choice

if TYPE_CHECKING:
    from gdstudio.controllers.import_findings import Findings
    from gdstudio.data.reading import CellProblems
    from gdstudio.data.table_format import TableFormat
    from gdstudio.engine.errors import StudioError
    from gdstudio.experiment.document import Source

translate = QCoreApplication.translate

_SHOWN_TEXT, _ROWS_SHOWN = 24, 50
_AS_FOUND = QT_TRANSLATE_NOOP("ImportView", "{name} (found)")
_LABELS = QT_TRANSLATE_NOOP("ImportView", "{count:# label|# labels}")
_NO_NUMBER = QT_TRANSLATE_NOOP("ImportView", "{count} no number")
_NOT_FINITE = QT_TRANSLATE_NOOP("ImportView", "{count} not finite")
_MISSING = QT_TRANSLATE_NOOP("ImportView", "{count} missing")
_NO_FEATURE = QT_TRANSLATE_NOOP("ImportView", "There is no column of numbers besides {target} to predict it from.")
_FAULTY = QT_TRANSLATE_NOOP(
    "ImportView",
    "{count:# row has|# rows have} a cell that cannot be used, the first in line {line}, where {column} is “{text}”. "
    "Leave such rows out, fill the cells, or leave the column out.",
)
_EMPTY = QT_TRANSLATE_NOOP(
    "ImportView",
    "{count:# row has|# rows have} a cell that cannot be used, the first in line {line}, where {column} is empty. "
    "Leave such rows out, fill the cells, or leave the column out.",
)
_ROWS = QT_TRANSLATE_NOOP("ImportView", "{rows:# row|# rows}.")
_FIT = QT_TRANSLATE_NOOP("ImportView", "{model}: {target} from {features:# feature|# features}.")
_LEFT_OUT = QT_TRANSLATE_NOOP("ImportView", "{rows:# row|# rows} with faults will be left out.")
_FILLED = QT_TRANSLATE_NOOP("ImportView", "Cells of {rows:# row|# rows} will be filled.")


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A file that was looked through, and what of that the dialog shows for each column: made in a thread.

    Attributes
    ----------
    found : Findings
        What was found.
    columns, notes, rows, targets
        As of `ImportModel`.
    """

    found: Findings
    columns: tuple[ColumnModel, ...]
    notes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    targets: tuple[Choice, ...]


def looked_through(found: Findings) -> Looked:
    """Return what the dialog shows of the columns of a file."""
    raw, features = found.raw, frozenset(found.features)
    roles: dict[str, Role] = {name: "feature" if name in features else "left_out" for name in raw.names}
    roles[found.target] = "target"
    named = tuple(zip(raw.names, raw.titles, strict=True))
    return Looked(
        found,
        columns=tuple(ColumnModel(name, title, roles[name], name in found.labels) for name, title in named),
        notes=tuple(_note(found, name, each) for name, each in zip(raw.names, found.problems, strict=True)),
        rows=tuple(map(tuple, raw.preview(_ROWS_SHOWN))),
        targets=tuple(Choice(name, title) for name, title in named),
    )


def import_model(
    source: Source, looked: Looked | None, error: StudioError | None, progress: float | None, *, standardize: bool
) -> ImportModel:
    """Return what the dialog shows.

    Parameters
    ----------
    source : Source
        The file, what a person has corrected of its format, and what is to happen to its faults.
    looked : Looked or None
        What was found so far.
    error : StudioError or None
        Why it cannot be read, or opened, as it is.
    progress : float or None
        How much of it has been read, while that is under way.
    standardize : bool
        Whether the features are to be standardised.
    """
    if looked is None:
        return ImportModel(
            formats=_formats(source.format, source.format), mend=source.mend, standardize=standardize,
            mistake=error_text(error) if error is not None else "", progress=progress,
        )
    found = looked.found
    mistake = error_text(error) if error is not None else _mistake(source, found)
    done = progress is None and found.whole
    return ImportModel(
        columns=looked.columns,
        targets=looked.targets,
        target=found.target,
        notes=looked.notes,
        rows=looked.rows,
        formats=_formats(source.format, found.raw.format),
        mend=source.mend,
        standardize=standardize,
        summary=_summary(source, found),
        mistake=mistake,
        progress=progress,
        ready=done and not mistake,
    )


def _note(found: Findings, name: str, problems: CellProblems) -> str:
    """Return what is in a column, and what will happen to it."""
    if name in found.labels and name != found.target:
        return translate("ImportView", "text: left out")
    parts = []
    if name in found.labels:
        parts.append(_say(_LABELS, count=Count(found.classes)))
    else:
        counted = ((_NO_NUMBER, problems.text), (_NOT_FINITE, problems.not_finite))
        parts += [_say(template, count=count) for template, count in counted if count]
    if problems.missing:
        parts.append(_say(_MISSING, count=problems.missing))
    return ", ".join(parts)


def _mistake(source: Source, found: Findings) -> str:
    """Return why the file cannot be opened as it is read."""
    if not found.features:
        return _say(_NO_FEATURE, target=found.target)
    first = found.first
    if not found.whole or not found.faulty or source.mend != "refuse" or first is None:
        return ""
    template = _FAULTY if first.text else _EMPTY
    text = first.text if len(first.text) <= _SHOWN_TEXT else f"{first.text[:_SHOWN_TEXT - 1]}…"
    return _say(template, count=Count(found.faulty), line=first.line, column=first.column, text=text)


def _summary(source: Source, found: Findings) -> str:
    """Return what the file has and what will be fitted to it."""
    task = "regression" if not found.classes else "binary" if found.classes == 2 else "classes"
    model = translate("Models", MODELS[USUAL_MODEL[task]].name)
    rows, faulty = Count(found.raw.rows), Count(found.faulty)
    parts = [_say(_ROWS, rows=rows)] if found.whole else []
    parts.append(_say(_FIT, model=model, target=found.target, features=Count(len(found.features))))
    parts += [translate("Data", note.template).format(**note.details) for note in found.raw.notes]
    if found.whole and faulty and source.mend != "refuse":
        parts.append(_say(_LEFT_OUT if source.mend == "drop" else _FILLED, rows=faulty))
    return " ".join(parts)


def _formats(given: TableFormat, read: TableFormat) -> dict[str, tuple[tuple[Choice, ...], str]]:
    """Return the choices of each part of the format: what was found, or one that a person knows better."""
    names = {
        "encoding": {each: each for each in ENCODINGS},
        "delimiter": {mark: translate("Data", name) for name, mark in DELIMITERS.items()},
        "decimal": {mark: translate("Data", name) for name, mark in DECIMALS.items()},
        "header": {"yes": translate("ImportView", "names the columns"), "no": translate("ImportView", "is a row")},
    }
    chosen = {key: _key(getattr(given, key)) for key in names}
    found = {key: _key(getattr(read, key)) for key in names}
    return {key: (_choices(named, found[key], chosen[key]), chosen[key]) for key, named in names.items()}


def _key(value: str | bool | None) -> str:
    if value is None:
        return FOUND
    return value if isinstance(value, str) else "yes" if value else "no"


def _choices(named: dict[str, str], found: str, chosen: str) -> tuple[Choice, ...]:
    first = translate("ImportView", "find by looking")
    if found and not chosen:
        first = _say(_AS_FOUND, name=named.get(found, found))
    return (Choice(FOUND, first), *(Choice(key, each) for key, each in named.items()))


def _say(template: str, **details: object) -> str:
    return translate("ImportView", template).format(**details)
