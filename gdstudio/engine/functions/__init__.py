"""The table of problems, by family; a problem is added as one row in one of the modules of this package.

Every view, test and export reads the table: a row needs a text, where to look, where to start, known minima
and for each optimizer a learning rate with which the first run visibly descends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.functions import data, ripples, saddles, valleys, wells

if TYPE_CHECKING:
    from gdstudio.engine.problems import ProblemRow

_FAMILIES = (valleys.ROWS, wells.ROWS, saddles.ROWS, ripples.ROWS, data.ROWS)

#: Key to row, in the order of menus: easy ones first within each family, and the families likewise.
PROBLEMS: dict[str, ProblemRow] = {row.key: row for rows in _FAMILIES for row in rows}
