"""From what was found in a file of columns to what its dialog shows: every text translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gdstudio.controllers.sentences import error_text
from gdstudio.data.reading import DECIMALS, DELIMITERS, ENCODINGS
from gdstudio.engine.models import MODELS
from gdstudio.engine.translatable import Count
from gdstudio.experiment.editing_data import USUAL_MODEL
from gdstudio.views.import_model import FOUND, ImportModel
from gdstudio.views.panel.data_model import ColumnModel, Role
from gdstudio.views.panel.model import Choice

if TYPE_CHECKING:
    from gdstudio.controllers.import_findings import Findings
    from gdstudio.data.reading import CellProblem, CellProblems
    from gdstudio.data.table_format import TableFormat
    from gdstudio.engine.errors import StudioError
    from gdstudio.experiment.document import Source

_SHOWN_TEXT = 24


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportView", text)


def import_model(
    source: Source, found: Findings | None, error: StudioError | None, progress: float | None, *, standardize: bool
) -> ImportModel:
    """Return what the dialog shows.

    Parameters
    ----------
    source : Source
        The file, what a person has corrected of its format, and what is to happen to its faults.
    found : Findings or None
        What was found so far.
    error : StudioError or None
        Why it cannot be read, or opened, as it is.
    progress : float or None
        How much of it has been read, while that is under way.
    standardize : bool
        Whether the features are to be standardised.
    """
    if found is None:
        return ImportModel(
            formats=_formats(source.format, source.format), mend=source.mend, standardize=standardize,
            mistake=error_text(error) if error is not None else "", progress=progress,
        )
    mistake = error_text(error) if error is not None else _mistake(source, found)
    done = progress is None and found.whole
    return ImportModel(
        columns=tuple(
            ColumnModel(name, title, _role(found, name), name in found.labels)
            for name, title in zip(found.raw.names, found.raw.titles, strict=True)
        ),
        notes=tuple(_note(found, name, each) for name, each in zip(found.raw.names, found.problems, strict=True)),
        rows=tuple(map(tuple, found.raw.preview(50))),
        formats=_formats(source.format, found.raw.format),
        mend=source.mend,
        standardize=standardize,
        summary=_summary(source, found),
        mistake=mistake,
        progress=progress,
        ready=done and not mistake,
    )


def _role(found: Findings, name: str) -> Role:
    if name == found.target:
        return "target"
    return "feature" if name in found.features else "left_out"


def _note(found: Findings, name: str, problems: CellProblems) -> str:
    """Return what is in a column, and what will happen to it."""
    if name in found.labels and name != found.target:
        return _tr("text: left out")
    parts = []
    if name in found.labels:
        parts.append(_tr("{count:# label|# labels}").format(count=Count(found.classes)))
    else:
        if problems.text:
            parts.append(_tr("{count} no number").format(count=problems.text))
        if problems.not_finite:
            parts.append(_tr("{count} not finite").format(count=problems.not_finite))
    if problems.missing:
        parts.append(_tr("{count} missing").format(count=problems.missing))
    return ", ".join(parts)


def _mistake(source: Source, found: Findings) -> str:
    """Return why the file cannot be opened as it is read."""
    if not found.features:
        return _tr("There is no column of numbers besides {target} to predict it from.").format(target=found.target)
    if not found.whole or not found.faulty or source.mend != "refuse" or found.first is None:
        return ""
    return _tr(
        "{count:# row has|# rows have} a cell that cannot be used, the first in line {line}: {column} {cell}. Leave such "
        "rows out, fill the cells, or leave the column out."
    ).format(
        count=Count(found.faulty), line=found.first.line, column=found.first.column, cell=_cell(found.first)
    )


def _cell(cell: CellProblem) -> str:
    if not cell.text:
        return _tr("has nothing there")
    text = cell.text if len(cell.text) <= _SHOWN_TEXT else f"{cell.text[:_SHOWN_TEXT - 1]}…"
    return _tr("is “{text}” there").format(text=text)


def _summary(source: Source, found: Findings) -> str:
    """Return what the file has and what will be fitted to it."""
    task = "regression" if not found.classes else "binary" if found.classes == 2 else "classes"
    model = QCoreApplication.translate("Models", MODELS[USUAL_MODEL[task]].name)
    parts = []
    if found.whole:
        parts.append(_tr("{rows:# row|# rows}.").format(rows=Count(found.raw.rows)))
    parts.append(_tr("{model}: {target} from {features:# feature|# features}.").format(
        model=model, target=found.target, features=Count(len(found.features))))
    parts += [QCoreApplication.translate("Data", note.template).format(**note.details) for note in found.raw.notes]
    if found.whole and found.faulty and source.mend == "drop":
        parts.append(_tr("{rows:# row|# rows} with faults will be left out.").format(rows=Count(found.faulty)))
    if found.whole and found.faulty and source.mend == "fill":
        parts.append(_tr("Cells of {rows:# row|# rows} will be filled.").format(rows=Count(found.faulty)))
    return " ".join(parts)


def _formats(given: TableFormat, read: TableFormat) -> dict[str, tuple[tuple[Choice, ...], str]]:
    """Return the choices of each part of the format: what was found, or one that a person knows better."""
    names = {
        "encoding": {each: each for each in ENCODINGS},
        "delimiter": {each: _delimiter(each) for each in DELIMITERS},
        "decimal": {".": _tr("point"), ",": _tr("comma")},
        "header": {"yes": _tr("names the columns"), "no": _tr("is a row")},
    }
    assert set(DECIMALS) == set(names["decimal"])
    chosen = {key: _key(getattr(given, key)) for key in names}
    found = {key: _key(getattr(read, key)) for key in names}
    return {key: (_choices(named, found[key], chosen[key]), chosen[key]) for key, named in names.items()}


def _key(value: str | bool | None) -> str:
    if value is None:
        return FOUND
    return value if isinstance(value, str) else "yes" if value else "no"


def _choices(named: dict[str, str], found: str, chosen: str) -> tuple[Choice, ...]:
    name = named.get(found, found)
    first = _tr("{name} (found)").format(name=name) if found and not chosen else _tr("find by looking")
    return (Choice(FOUND, first), *(Choice(key, each) for key, each in named.items()))


def _delimiter(mark: str) -> str:
    return {
        "\t": _tr("tab"), ";": _tr("semicolon"), "|": _tr("bar"), ",": _tr("comma"), " ": _tr("space"),
    }[mark]
