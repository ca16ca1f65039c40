"""Writes `gdstudio/engine/schedule_parity.py`: how close the schedules come to the oracle file of `make_schedules`.

Call it after `make_schedules`, where the program's own packages are: ``python tests/oracles/make_schedule_parity.py``.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from gdstudio.engine.additions import SCHEDULES
from tests.engine.scheduled import cases, worst_error

_TABLE = Path(__file__).parents[2] / "gdstudio" / "engine" / "schedule_parity.py"
_HEAD = '''"""How close the schedules come to PyTorch's: written by ``tests/oracles/make_schedule_parity.py``."""

from gdstudio.engine.optimizers.row import Parity

SCHEDULE_PARITIES: dict[str, Parity] = {
'''


def main() -> None:
    """Write the table: for each schedule its oracle, the oracle's version and the worst relative error."""
    worst: dict[str, float] = {}
    version = ""
    for case in cases():
        worst[case.key] = max(worst.get(case.key, 0.0), worst_error(case))
        version = case.version.partition("+")[0]
    rows = []
    for key, found in worst.items():
        # Rounded up to one digit: the last bits differ from machine to machine.
        digits = 10.0 ** math.floor(math.log10(found)) if found else 1.0
        error = float(f"{math.ceil(found / digits) * digits:.0e}")
        rows.append(f'    "{key}": Parity("{SCHEDULES[key].oracle}", "torch {version}", {error!r}),\n')
    _TABLE.write_text(_HEAD + "".join(rows) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
