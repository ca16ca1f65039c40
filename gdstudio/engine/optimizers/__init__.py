"""The table of optimizers: each row is its equations, as the textbook prints them, and what to say of them.

Everything else follows from a row: the interpreter and the machine code, the panel, the command line, the
tests and the documentation. Defaults and arithmetic are those of the library that a variant names.
"""

from gdstudio.engine.optimizers import adam, adaptive, after_adam, barzilai_borwein, beyond, first_order, since_2020
from gdstudio.engine.optimizers.row import (
    CONVENTION_NAMES,
    FAMILY_NAMES,
    Convention,
    Family,
    OptimizerRow,
    Variant,
)

__all__ = [
    "CONVENTION_NAMES", "EQUATIONS", "FAMILY_NAMES", "OPTIMIZERS", "RUNNABLE", "Convention", "Family", "OptimizerRow",
    "Variant",
]

OPTIMIZERS: dict[str, OptimizerRow] = {
    row.key: row
    for module in (first_order, adaptive, adam, after_adam, since_2020, barzilai_borwein, beyond)
    for row in module.ROWS
}
# Those that can descend on a formula.
RUNNABLE: dict[str, OptimizerRow] = {key: row for key, row in OPTIMIZERS.items() if row.refusal is None}
# Those that are equations.
EQUATIONS: dict[str, OptimizerRow] = {key: row for key, row in RUNNABLE.items() if row.equations}
