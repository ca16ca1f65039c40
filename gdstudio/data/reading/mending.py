"""Makes the table that a descent works on from what a file has: refuses, leaves out or fills what is no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.progress import go_on
from gdstudio.data.reading.detecting import DELIMITERS
from gdstudio.data.reading.raw_table import Note
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from gdstudio.data.reading.cells import Flaw
    from gdstudio.data.reading.files import Mend
    from gdstudio.data.reading.raw_table import RawTable

_LEAST_ROWS = 2
# Columns that a message names.
_NAMED = 12


@dataclass(frozen=True, eq=False)
class FileTable(Table):
    """A table from a file.

    Parameters
    ----------
    notes : tuple of Note
        What was done to rows and cells that could not be used as they are.
    """

    notes: tuple[Note, ...] = ()


def table_of(raw: RawTable, used: Sequence[str], labels: Collection[str] = (), mend: Mend = "refuse") -> FileTable:
    """Return a table of some columns of a file.

    Parameters
    ----------
    raw : RawTable
        What was read.
    used : sequence of str
        Columns, by their names in formulas or in the file, in the order of the table.
    labels : collection of str
        Those that hold labels: they become codes 0, 1, ..., in the order of `RawTable.codes`.
    mend : {"refuse", "drop", "fill"}
        What happens to cells that cannot be used: the file is refused, their rows are left out, or a number becomes
        the mean of its column and a label the most frequent one (of several, the first).

    Raises
    ------
    StudioError
        For an unknown column, a column of text that is to be numbers, a cell that cannot be used and is not mended,
        and where fewer than two rows are left.
    """
    names = tuple(dict.fromkeys(raw.named(name) for name in used))
    labelled = {raw.named(name) for name in labels}
    classes = {}
    columns = {}
    for name in names:
        go_on()
        if name in labelled:
            classes[name], columns[name] = raw.codes(name)
        else:
            _refuse_text(raw, name)
            columns[name] = raw.numbers(name)
    kept = np.ones(raw.rows, dtype=bool)
    notes = list(raw.notes)
    if mend == "refuse":
        _refuse_first(raw, columns, classes)
    elif mend == "drop":
        kept = ~np.any([np.isnan(values) for values in columns.values()], axis=0)
        if not kept.all():
            template = QT_TRANSLATE_NOOP("Data", "{rows:# row|# rows} with cells that cannot be used left out.")
            notes.append(Note(template, rows=Count(np.count_nonzero(~kept))))
    else:
        for name in names:
            columns[name] = _filled(raw, name, columns[name], classes.get(name), notes)
    _refuse_few(raw, int(np.count_nonzero(kept)))
    if not kept.all():
        columns = {name: values[kept] for name, values in columns.items()}
    go_on()
    return _table(raw, columns, classes, tuple(notes))


def _table(
    raw: RawTable,
    columns: dict[str, NDArray[np.float64]],
    labels: dict[str, tuple[str, ...]],
    notes: tuple[Note, ...],
) -> FileTable:
    """Return the table of columns that have no NaN; of labels only those that are left are classes."""
    classes = {}
    for name, of_column in labels.items():
        present, codes = np.unique(columns[name], return_inverse=True)
        classes[name] = tuple(of_column[int(code)] for code in present)
        columns[name] = codes.astype(np.float64)
    titles = tuple(raw.titles[raw.place(name)] for name in columns)
    return FileTable(tuple(columns), titles, np.array(list(columns.values())), classes, notes)


def first_text(raw: RawTable, name: str) -> tuple[str, int]:
    """Return the first cell of a column of text that is no number, as it stands there, and its line, from 1."""
    odd = raw.odd[raw.place(name)]
    first = int(np.argmax(odd.are("text")))
    return odd.texts[odd.codes[first]], int(raw.lines[odd.rows[first]])


def refuse_without_numbers(raw: RawTable, target: str) -> None:
    """Do nothing if a file has a column of numbers besides the target.

    Raises
    ------
    StudioError
        With what is in the other columns, or, where there are none, what divides the fields.
    """
    others = [name for name in raw.names if name != target]
    if any(raw.kind(name) == "number" for name in others):
        return
    title = shown(raw.titles[raw.place(target)])
    if not others:
        mark = str(raw.format.delimiter)
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{file} has one column only, {column}, so there is nothing that a model can predict it from; "
                "its fields were divided by {delimiter} ({text} in line {line})."
            ),
            file=raw.file, column=title, text=shown(raw.head[0][0]), line=int(raw.lines[0]),
            delimiter=next((key for key, each in DELIMITERS.items() if each == mark), mark),
        )
    text, line = first_text(raw, others[0])
    more = [shown(raw.titles[raw.place(name)]) for name in others[1:]]
    raise StudioError(
        QT_TRANSLATE_NOOP(
            "Errors", "{file}: there is no column of numbers besides {target}, so nothing that a model can predict it "
            "from: {column} holds text ({text} in line {line})."
        ) if not more else QT_TRANSLATE_NOOP(
            "Errors", "{file}: there is no column of numbers besides {target}, so nothing that a model can predict it "
            "from: {column} holds text ({text} in line {line}), and so {count:does|do} {others}."
        ),
        file=raw.file, target=title, column=shown(raw.titles[raw.place(others[0])]), text=shown(text), line=line,
        count=Count(len(more)), others=", ".join(more[:_NAMED]) + (", ..." if len(more) > _NAMED else ""),
    )


def _refuse_text(raw: RawTable, name: str) -> None:
    if raw.kind(name) != "text":
        return
    text, line = first_text(raw, name)
    raise StudioError(
        QT_TRANSLATE_NOOP(
            "Errors",
            "{file}: the column {column} holds text ({text} in line {line}), not numbers; choose other columns.",
        ),
        file=raw.file, column=shown(raw.titles[raw.place(name)]), text=shown(text), line=line,
    )


def _refuse_first(raw: RawTable, columns: dict[str, NDArray[np.float64]], labels: Collection[str]) -> None:
    """Refuse the first cell that cannot be used, from line to line."""
    unusable = {name: np.isnan(values) for name, values in columns.items()}
    found = [(int(np.argmax(each)), name) for name, each in unusable.items() if each.any()]
    if not found:
        return
    row, name = min(found, key=lambda each: each[0])
    place = raw.place(name)
    odd = raw.odd[place]
    code = odd.codes[np.searchsorted(odd.rows, row)]
    raise StudioError(
        _refusal(odd.texts[code], odd.flaws[code], name in labels),
        file=raw.file, line=int(raw.lines[row]), column=shown(raw.titles[place]), text=shown(odd.texts[code]),
        example=f"1{raw.format.decimal}5",
    )


def _refusal(text: str, flaw: Flaw, is_label: bool) -> str:
    if is_label:
        return QT_TRANSLATE_NOOP(
            "Errors", "{file}: line {line} has nothing in the column {column}, which needs a label."
        )
    if not text:
        return QT_TRANSLATE_NOOP(
            "Errors", "{file}: line {line} has nothing in the column {column}, which needs a number such as {example}."
        )
    if flaw == "not_finite":
        return QT_TRANSLATE_NOOP(
            "Errors",
            "{file}: line {line} has {text} in the column {column}, which needs a finite number such as {example}.",
        )
    return QT_TRANSLATE_NOOP(
        "Errors", "{file}: line {line} has {text} in the column {column}, which needs a number such as {example}."
    )


def _refuse_few(raw: RawTable, rows: int) -> None:
    if rows < _LEAST_ROWS:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "{file} has {rows:# row|# rows} that can be used; at least {least} are needed."
            ),
            file=raw.file, rows=Count(rows), least=_LEAST_ROWS,
        )


def _filled(
    raw: RawTable,
    name: str,
    values: NDArray[np.float64],
    labels: tuple[str, ...] | None,
    notes: list[Note],
) -> NDArray[np.float64]:
    """Return a column without NaN, and add to `notes` what was done."""
    unusable = np.isnan(values)
    count = int(np.count_nonzero(unusable))
    if not count:
        return values
    column = shown(raw.titles[raw.place(name)])
    if count == len(values):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{file}: nothing in the column {column} can be used; leave the column out."),
            file=raw.file, column=column,
        )
    usable = values[~unusable]
    if labels is None:
        value = _mean(usable)
        template = QT_TRANSLATE_NOOP("Data", "{cells:# cell|# cells} of {column} filled with the mean, {value}.")
        notes.append(Note(template, cells=Count(count), column=column, value=f"{value:.6g}"))
    else:
        value = float(np.argmax(np.bincount(usable.astype(np.int64))))
        template = QT_TRANSLATE_NOOP(
            "Data", "{cells:# cell|# cells} of {column} filled with the commonest label, {value}."
        )
        notes.append(Note(template, cells=Count(count), column=column, value=shown(labels[int(value)])))
    return np.where(unusable, value, values)


def _mean(values: NDArray[np.float64]) -> float:
    """Return the mean, also of numbers whose sum is beyond the largest."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(np.mean(values))
    return mean if np.isfinite(mean) else float(np.sum(values / len(values)))
