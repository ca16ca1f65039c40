"""Writes `gdstudio/engine/schedule_parity.py`: how close the schedules come to the oracle files.

Call it after `make_schedules` and `make_keras_schedules`, where the program's own packages are:
``python tests/oracles/make_schedule_parity.py``.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engine.scheduled import cases, worst_error

_TABLE = Path(__file__).parents[2] / "gdstudio" / "engine" / "schedule_parity.py"
_HEAD = '''"""How close the schedules come to their oracles: written by ``tests/oracles/make_schedule_parity.py``."""

from gdstudio.engine.optimizers.row import Parity

# By schedule; PyTorch's first.
SCHEDULE_PARITIES: dict[str, tuple[Parity, ...]] = {
'''


def main() -> None:
    """Write the table: for each schedule its oracles, their versions and the worst relative errors."""
    worst: dict[str, dict[tuple[str, str], float]] = {}
    for case in cases():
        of_schedule = worst.setdefault(case.key, {})
        oracle = (case.oracle, case.version)
        of_schedule[oracle] = max(of_schedule.get(oracle, 0.0), worst_error(case))
    rows = []
    for key, of_schedule in worst.items():
        parities = [
            f'        Parity("{oracle}", "{version}", {_rounded_up(found)!r}),\n'
            for (oracle, version), found in of_schedule.items()
        ]
        rows.append(f'    "{key}": (\n{"".join(parities)}    ),\n')
    _TABLE.write_text(_HEAD + "".join(rows) + "}\n", encoding="utf-8")


def _rounded_up(error: float) -> float:
    """Return an error with one digit: the last bits differ from machine to machine."""
    digits = 10.0 ** math.floor(math.log10(error)) if error else 1.0
    return float(f"{math.ceil(error / digits) * digits:.0e}")


if __name__ == "__main__":
    main()
