"""Writes `gdstudio/engine/optimizers/parity.py`: how close the table comes to its oracles.

Call it after `make_parity`, `make_keras_on_torch`, `make_matrix_parity` and `make_scipy`, where the program's own
packages are: ``python tests/oracles/make_parity_table.py``.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from gdstudio.engine.optimizers import OPTIMIZERS
from tests.engine import closed_forms, minimizers
from tests.engine.matrix_parity import matrix_errors, matrix_oracles, matrix_single_error, matrix_versions
from tests.engine.parity import errors, single_error
from tests.oracles.matrix_cases import MATRIX_CASES, MATRIX_ODD
from tests.oracles.parity_cases import PROBLEMS
from tests.oracles.parity_files import errors_on_torch, oracles
from tests.oracles.parity_settings import CASES, CLOSED_ONLY

_TABLE = Path(__file__).parents[2] / "gdstudio" / "engine" / "optimizers" / "parity.py"

_HEAD = '''"""How close the table comes to the libraries: written by ``tests/oracles/make_parity_table.py``."""

from gdstudio.engine.optimizers.row import Parity

# By optimizer and convention.
PARITIES: dict[tuple[str, str], Parity] = {
'''


def _rounded_up(error: float) -> float:
    """Return an error with two digits: the last bits differ from machine to machine."""
    digits = 10.0 ** (math.floor(math.log10(error)) - 1) if error else 1.0
    return float(f"{math.ceil(error / digits) * digits:.1e}")


def _row(optimizer: str, convention: str, version: str, worst: float, more: str = "") -> str:
    oracle = OPTIMIZERS[optimizer].variant(convention).oracle
    error = f"{_rounded_up(worst)!r}{more}"
    return f'    ("{optimizer}", "{convention}"): Parity(\n        "{oracle}", "{version}", {error}\n    ),\n'


def _backend(convention: str, versions: dict[str, str]) -> str:
    """Return what stands in a row about what computed behind Keras; empty for other libraries."""
    if convention != "keras":
        return ""
    return "".join(f', backend="{package} {version}"' for package, version in versions.items() if package != "keras")


def _others(key: str) -> str:
    """Return the row of an optimizer that is held against minima, roots or closed forms; empty for the rest."""
    if key in closed_forms.CLOSED_FORMS:
        worst = max(closed_forms.path_error(key, problem) for problem in PROBLEMS)
        return _row(key, "author", closed_forms.VERSION, worst, ', compared="steps"')
    if key == "sign_search":
        worst = max(minimizers.root_errors().values())
        return _row(key, "author", minimizers.VERSION, worst, ', compared="places"')
    if key in minimizers.OURS and key not in CLOSED_ONLY:
        worst = max(minimizers.loss_error(*pair) for pair in minimizers.same_minima(key))
        return _row(key, "author", minimizers.VERSION, worst, ', compared="minima"')
    return ""


def _matrix_row(optimizer: str, convention: str) -> str:
    """Return the row of an optimizer of matrices."""
    known = matrix_oracles()
    numbers = [(number, settings) for *key, number, settings in MATRIX_CASES if key == [optimizer, convention]]
    worst = max(
        error for number, settings in numbers for error, _ in matrix_errors(
            optimizer, convention, settings, known[f"{optimizer} {convention} {number} double"]
        ).values()
    )
    single = max(
        matrix_single_error(optimizer, convention, settings, known[f"{optimizer} {convention} {number} single"])
        for number, settings in numbers
    )
    coming = max(float(known[f"{optimizer} {convention} {number} as_it_comes"]) for number, _ in numbers)
    package = OPTIMIZERS[optimizer].variant(convention).oracle.split(".")[0]
    version = f"{package} {matrix_versions(convention)[package]}"
    more = f", {_rounded_up(single)!r},\n        as_it_comes={_rounded_up(coming)!r}"
    more += _backend(convention, matrix_versions(convention))
    elsewhere = [error for key, error in errors_on_torch().items() if key[:2] == (optimizer, convention)]
    more += f", on_torch={_rounded_up(max(elsewhere))!r}" if elsewhere else ""
    return _row(optimizer, convention, version, worst, more)


def main() -> None:
    """Write the table: for each optimizer and convention its oracle, the oracle's version and the worst error."""
    worst: dict[tuple[str, str], float] = {}
    single: dict[tuple[str, str], float] = {}
    versions: dict[tuple[str, str], dict[str, str]] = {}
    coming: dict[tuple[str, str], float] = {}
    on_torch: dict[tuple[str, str], float] = {}
    known, known_single, known_on_torch = oracles(), oracles(single=True), errors_on_torch()
    for optimizer, convention, number, settings in CASES:
        oracle = known[optimizer, convention, number]
        found = max(error for error, _ in errors(optimizer, convention, settings, oracle.values).values())
        key = (optimizer, convention)
        worst[key] = max(worst.get(key, 0.0), found)
        if optimizer not in CLOSED_ONLY:
            found = single_error(optimizer, convention, settings, known_single[optimizer, convention, number].values)
            single[key] = max(single.get(key, 0.0), found)
        versions.setdefault(key, oracle.versions)
        if oracle.as_it_comes is not None:
            coming[key] = max(coming.get(key, 0.0), oracle.as_it_comes)
        if (*key, number) in known_on_torch:
            on_torch[key] = max(on_torch.get(key, 0.0), known_on_torch[*key, number])
    rows = []
    for (optimizer, convention), found in worst.items():
        package = OPTIMIZERS[optimizer].variant(convention).oracle.split(".")[0].replace("_", "-")
        version = f"{package} {versions[optimizer, convention][package]}"
        key = (optimizer, convention)
        more = f", {_rounded_up(single[key])!r}" if key in single else ', compared="steps"'
        more += f",\n        as_it_comes={_rounded_up(coming[key])!r}" if key in coming else ""
        more += _backend(convention, versions[key])
        more += f", on_torch={_rounded_up(on_torch[key])!r}" if key in on_torch else ""
        rows.append(_row(optimizer, convention, version, found, more))
    rows += [_matrix_row(*key) for key in MATRIX_ODD]
    rows += [_others(key) for key in OPTIMIZERS]
    _TABLE.write_text(_HEAD + "".join(rows) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
