"""The table of what can be put around an optimizer, in the order in which it is done.

First the learning rate of the step (a schedule, then warm-up), then the gradient: taken at the old point or where
SAM takes it, with the slope that the proximal step met, with noise, clipped by value, clipped by norm, with coupled
weight decay; then decoupled decay of the parameters, the optimizer's own equations, the proximal step, and what a
wrapper does with their result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.table import Selection, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.additions_row import AdditionRow

ADDITIONS: Mapping[str, AdditionRow] = Table("gdstudio.engine", {
    "schedules": "constant step multistep exponential inverse_time polynomial cosine cosine_restarts one_cycle plateau "
                 "formula",
    "around": "warmup sam proximal noise clip_value clip_norm weight_decay lookahead",
})
SCHEDULES: Mapping[str, AdditionRow] = Selection(ADDITIONS, lambda row: row.kind == "schedule")
