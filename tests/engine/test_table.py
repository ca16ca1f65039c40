"""Tables load a module of rows when one of its rows is asked for, and say what they hold without it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS, OptimizerRow
from gdstudio.engine.table import Selection, Table


@pytest.mark.parametrize("table", [OPTIMIZERS, PROBLEMS, ADDITIONS], ids=["optimizers", "problems", "additions"])
def test_a_table_holds_the_rows_that_it_lists(table: Table[OptimizerRow]) -> None:
    assert [row.key for row in table.values()] == list(table)
    assert len(table) == len(set(table))
    assert "nothing" not in table
    with pytest.raises(KeyError):
        table["nothing"]


def test_a_module_whose_rows_are_not_those_promised_is_found_out() -> None:
    table: Table[OptimizerRow] = Table("gdstudio.engine.optimizers", {"adam": "adam", "beyond": "bfgs newton"})
    with pytest.raises(LookupError, match="but its table says bfgs newton"):
        table["bfgs"]


def test_a_selection_is_what_fits_in_the_order_of_the_table() -> None:
    old = Selection(OPTIMIZERS, lambda row: row.year < 1980)
    assert [row.year for row in old.values()] == [row.year for row in OPTIMIZERS.values() if row.year < 1980]
    assert len(old) < len(OPTIMIZERS)
    assert "adam" not in old


def test_a_run_loads_the_rows_that_it_needs_and_no_others() -> None:
    code = (
        "import sys, gdstudio; gdstudio.run('rosenbrock', iterations=3);"
        "print(*sorted(name for name in sys.modules if name.startswith('gdstudio.engine.')))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(process.stdout.split())
    assert {"gdstudio.engine.optimizers.adam", "gdstudio.engine.functions.valleys"} <= loaded
    needless = {"optimizers.since_2020", "functions.wells", "schedules", "around", "own_optimizer", "methods.table"}
    assert not {f"gdstudio.engine.{name}" for name in needless} & loaded
