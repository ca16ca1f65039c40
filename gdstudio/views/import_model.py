"""What the dialog of a file of columns shows, as plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.views.panel.data_model import ColumnModel
    from gdstudio.views.panel.model import Choice

#: What of the format of a file may be corrected, in the order of the dialog.
FORMAT_FIELDS = ("encoding", "delimiter", "decimal", "header")
#: The choice of what was found by looking.
FOUND = ""


@dataclass(frozen=True, slots=True)
class ImportModel:
    """A file that a person is about to open.

    Parameters
    ----------
    columns : tuple of ColumnModel
        In the order of the file.
    targets, target : tuple of Choice, str
        The columns that may be predicted, and the one that is.
    notes : tuple of str
        For each column what is in it, and what will happen to it; may be empty.
    rows : tuple of tuple of str
        The first rows as they stand.
    formats : mapping of str to (tuple of Choice, str)
        For each of `FORMAT_FIELDS` the choices, the first of which is what was found, and the one taken.
    mend : str
        "refuse", "drop" or "fill": what happens to rows with faults.
    standardize : bool
        Whether the features will be standardised.
    summary : str
        What the file has, and what will be fitted to it.
    mistake : str
        Why it cannot be opened as it is.
    progress : float or None
        How much has been read, 0 to 1; None where nothing is under way. 1 also while the model is made.
    ready : bool
        Whether it can be opened.
    """

    columns: tuple[ColumnModel, ...] = ()
    targets: tuple[Choice, ...] = ()
    target: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    formats: Mapping[str, tuple[tuple[Choice, ...], str]] = field(default_factory=dict)
    mend: str = "refuse"
    standardize: bool = False
    summary: str = ""
    mistake: str = ""
    progress: float | None = None
    ready: bool = False
