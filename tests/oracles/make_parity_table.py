"""Writes `gdstudio/engine/optimizers/parity.py`: how close the table comes to its oracles.

Call it after `make_parity` and `make_scipy`, where the program's own packages are:
``python tests/oracles/make_parity_table.py``.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from gdstudio.engine.optimizers import OPTIMIZERS
from tests.engine.minimizers import OURS, VERSION, loss_error, same_minima
from tests.engine.parity import errors
from tests.oracles.parity_cases import CASES
from tests.oracles.parity_files import oracles

_TABLE = Path(__file__).parents[2] / "gdstudio" / "engine" / "optimizers" / "parity.py"

_HEAD = '''"""How close the table comes to the libraries: written by ``tests/oracles/make_parity_table.py``."""

from gdstudio.engine.optimizers.row import Parity

# By optimizer and convention.
PARITIES: dict[tuple[str, str], Parity] = {
'''


def _row(optimizer: str, convention: str, version: str, worst: float) -> str:
    """Return a row, the error rounded up to two digits: the last bits differ from machine to machine."""
    oracle = OPTIMIZERS[optimizer].variant(convention).oracle
    digits = 10.0 ** (math.floor(math.log10(worst)) - 1) if worst else 1.0
    error = float(f"{math.ceil(worst / digits) * digits:.1e}")
    return f'    ("{optimizer}", "{convention}"): Parity(\n        "{oracle}", "{version}", {error!r}\n    ),\n'


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
        versions.setdefault(key, oracle.versions)
    rows = []
    for (optimizer, convention), found in worst.items():
        package = OPTIMIZERS[optimizer].variant(convention).oracle.split(".")[0].replace("_", "-")
        rows.append(_row(optimizer, convention, f"{package} {versions[optimizer, convention][package]}", found))
    rows += [
        _row(key, "author", VERSION, max(loss_error(*pair) for pair in same_minima(key)))
        for key in OPTIMIZERS if key in OURS
    ]
    _TABLE.write_text(_HEAD + "".join(rows) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
