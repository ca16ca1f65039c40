"""How a text file holds a table: what is found by looking at it, or said by a person who knows better."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFormat:
    """Conventions of a text file; None is found by looking.

    Parameters
    ----------
    encoding : str or None
        Name of a codec, such as ``"utf-8"`` or ``"utf-16"``.
    delimiter : str or None
        What stands between fields: a comma, semicolon, tab, bar or space.
    decimal : str or None
        The decimal mark, ``"."`` or ``","``.
    header : bool or None
        Whether the first line names the columns.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
