"""The table of optimizers: each row is its equations, as the textbook prints them, and what to say of them.

Everything else follows from a row: the interpreter and the machine code, the panel, the command line, the
tests and the documentation. Defaults and arithmetic are those of the library that a variant names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.optimizers.row import (
    CONVENTION_NAMES,
    FAMILY_NAMES,
    Convention,
    Family,
    OptimizerRow,
    Variant,
)
from gdstudio.engine.table import Selection, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CONVENTION_NAMES", "EQUATIONS", "FAMILY_NAMES", "OPTIMIZERS", "RUNNABLE", "Convention", "Family", "OptimizerRow",
    "Variant",
]

OPTIMIZERS: Mapping[str, OptimizerRow] = Table("gdstudio.engine.optimizers", {
    "first_order": "gd momentum momentum_ema nesterov nesterov_lookahead asgd rprop signsgd signum qhm",
    "adaptive": "adagrad adadelta rmsprop",
    "adam": "adam adamw adamax nadam nadamw amsgrad radam",
    "after_adam": "adafactor ftrl lamb yogi qhadam",
    "since_2020": "adabelief adan lion sophia prodigy schedule_free_sgd schedule_free_adamw",
    "muon": "muon",
    "barzilai_borwein": "barzilai_borwein",
    "beyond": "gd_armijo gd_wolfe cg_fr cg_pr newton trust_newton bfgs lbfgs sign_search",
})
# Those that can descend on a formula.
RUNNABLE: Mapping[str, OptimizerRow] = Selection(OPTIMIZERS, lambda row: not row.needs_matrix)
# Those that are equations.
EQUATIONS: Mapping[str, OptimizerRow] = Selection(RUNNABLE, lambda row: row.equations)
