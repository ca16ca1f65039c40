"""Writes `gdstudio/engine/optimizers/parity.py`: how close the table comes to the oracles of `make_parity`.

Call it after `make_parity`, where the program's own packages are: ``python tests/oracles/make_parity_table.py``.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from gdstudio.engine.optimizers import OPTIMIZERS
from tests.engine.parity import errors
from tests.oracles.parity_cases import CASES
from tests.oracles.parity_files import oracles

_TABLE = Path(__file__).parents[2] / "gdstudio" / "engine" / "optimizers" / "parity.py"

_HEAD = '''"""How close the table comes to the libraries: written by ``tests/oracles/make_parity_table.py``."""

from gdstudio.engine.optimizers.row import Parity

# By optimizer and convention.
PARITIES: dict[tuple[str, str], Parity] = {
'''


def main() -> None:
    """Write the table: for each optimizer and convention its oracle, the oracle's version and the worst error."""
    worst: dict[tuple[str, str], float] = {}
    versions: dict[tuple[str, str], dict[str, str]] = {}
    known = oracles()
    for optimizer, convention, number, settings in CASES:
        oracle = known[optimizer, convention, number]
        found = max(error for error, _ in errors(optimizer, convention, settings, oracle.values).values())
        key = (optimizer, convention)
        worst[key] = max(worst.get(key, 0.0), found)
        versions[key] = oracle.versions
    rows = []
    for (optimizer, convention), found in worst.items():
        oracle_name = OPTIMIZERS[optimizer].variant(convention).oracle
        package = oracle_name.split(".")[0].replace("_", "-")
        # Rounded up to two digits: the last bits differ from machine to machine.
        digits = 10.0 ** (math.floor(math.log10(found)) - 1) if found else 1.0
        error = float(f"{math.ceil(found / digits) * digits:.1e}")
        version = f"{package} {versions[optimizer, convention][package]}"
        rows.append(
            f'    ("{optimizer}", "{convention}"): Parity(\n        "{oracle_name}", "{version}", {error!r}\n    ),\n'
        )
    _TABLE.write_text(_HEAD + "".join(rows) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
