"""What is in a file of columns that a person is about to open: its faults, and what would be made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.data.reading import preview
from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.data.reading import CellProblem, CellProblems, RawTable
    from gdstudio.experiment.document import Source

PREVIEW_ROWS = 50


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found in a file, or in its first rows.

    Attributes
    ----------
    raw : RawTable
        What was read.
    whole : bool
        Whether that is all of it.
    target : str
        The column to be predicted.
    features : tuple of str
        Those to predict it from.
    labels : frozenset of str
        The columns of text.
    problems : tuple of CellProblems
        For each column the cells that are no numbers.
    classes : int
        How many labels the target has; 0 where it is a number.
    faulty : int
        Rows in which a cell that is needed cannot be used.
    first : CellProblem or None
        The first such cell.
    """

    raw: RawTable
    whole: bool
    target: str
    features: tuple[str, ...]
    labels: frozenset[str]
    problems: tuple[CellProblems, ...]
    classes: int
    faulty: int
    first: CellProblem | None


def first_rows(source: Source) -> tuple[RawTable, StudioError | None]:
    """Return the first rows of a file, and what is wrong with them if they can be shown all the same.

    Raises
    ------
    StudioError
        Where nothing can be shown.
    """
    assert source.file is not None
    try:
        return preview(source.file, source.format, PREVIEW_ROWS, mend=source.mend), None
    except StudioError as error:
        if source.mend != "refuse":
            raise
        return preview(source.file, source.format, PREVIEW_ROWS, mend="fill"), error


def findings(raw: RawTable, target: str | None, left_out: Sequence[str], *, whole: bool) -> Findings:
    """Look through what was read.

    Parameters
    ----------
    raw : RawTable
        The file, or its first rows.
    target : str or None
        The column to be predicted; the last where there is none of that name.
    left_out : sequence of str
        Columns that are not to be features; those of text never are.
    whole : bool
        Whether `raw` is all of the file.
    """
    goal = target if target in raw.names else raw.names[-1]
    labels = frozenset(name for name, kind in zip(raw.names, raw.kinds, strict=True) if kind == "text")
    no_features = {goal, *left_out, *labels}
    features = tuple(name for name in raw.names if name not in no_features)
    problems = tuple(raw.problems(name) for name in raw.names)
    classes, codes = raw.codes(goal) if goal in labels else ((), raw.numbers(goal))
    unusable = np.isnan(codes)
    for name in features:
        if problems[raw.place(name)].count:
            unusable = unusable | np.isnan(raw.numbers(name))
    return Findings(
        raw, whole, goal, features, labels, problems, len(classes), int(np.count_nonzero(unusable)),
        _first(raw, (*features, goal), goal if goal in labels else None, problems),
    )


def _first(
    raw: RawTable, used: Sequence[str], labelled: str | None, problems: Sequence[CellProblems]
) -> CellProblem | None:
    """Return the first cell of some columns that cannot be used; a label may be any text."""
    found = [
        cell for name in used for cell in problems[raw.place(name)].first
        if name != labelled or cell.why == "missing"
    ]
    return min(found, key=lambda cell: cell.row, default=None)
