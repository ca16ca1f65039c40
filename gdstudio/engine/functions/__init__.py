"""The table of problems, by family; a problem is added as one row in one of the modules of this package.

Every view, test and export reads the table: a row needs a text, where to look, where to start, known minima
and for each optimizer a learning rate with which the first run visibly descends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.problems import ProblemRow

#: Key to row, in the order of menus: easy ones first within each family, and the families likewise.
PROBLEMS: Mapping[str, ProblemRow] = Table("gdstudio.engine.functions", {
    "valleys": "parabola bowl booth matyas sum_squares three_variables ravine rosenbrock rosenbrock_10 beale",
    "wells": "double_well forrester two_minima himmelblau three_hump_camel six_hump_camel mccormick styblinski_tang "
             "branin goldstein_price",
    "saddles": "saddle monkey_saddle plateau easom",
    "ripples": "griewank levy rastrigin ackley schwefel eggholder",
    "data": "line_fit",
})
