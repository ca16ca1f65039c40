"""The objective of a row of the table of problems, for tests and for the scripts that make oracles."""

from __future__ import annotations

from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.objective import Objective, objective
from tests.data.tables import columns_of


def goal_of(problem: str) -> Objective:
    """Return it with its default numbers and its data."""
    row = PROBLEMS[problem]
    numbers = {parameter.key: parameter.default for parameter in row.parameters}
    return objective(row.text, numbers, columns_of(row.dataset) if row.dataset else None)
