"""Reads the files that `make_parity` wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Oracle:
    """What a library made of a case, and the versions of the packages that it was made with."""

    values: NDArray[Any]
    versions: dict[str, str]


def oracles(*, single: bool = False) -> dict[tuple[str, str, int], Oracle]:
    """Return the oracle of each case, by optimizer, convention and number; `single`: those in float32."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("single_*.npz" if single else "parity_*.npz")):
        with np.load(file) as arrays:
            versions = json.loads(str(arrays["versions"]))
            for name in arrays.files:
                if name != "versions":
                    optimizer, convention, number = name.split()
                    found[optimizer, convention, int(number)] = Oracle(arrays[name], versions)
    return found
