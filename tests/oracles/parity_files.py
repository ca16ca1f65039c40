"""Reads the files that `make_parity` wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


_COMING = " as_it_comes"


@dataclass(frozen=True)
class Oracle:
    """What a library made of a case, the packages' versions, and its error as it comes where it was changed."""

    values: NDArray[Any]
    versions: dict[str, str]
    as_it_comes: float | None = None


def oracles(*, single: bool = False) -> dict[tuple[str, str, int], Oracle]:
    """Return the oracle of each case, by optimizer, convention and number; `single`: those in float32."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("single_*.npz" if single else "parity_*.npz")):
        with np.load(file) as arrays:
            versions = json.loads(str(arrays["versions"]))
            for name in arrays.files:
                if name != "versions" and not name.endswith(_COMING):
                    optimizer, convention, number = name.split()
                    coming = arrays.get(name + _COMING)
                    found[optimizer, convention, int(number)] = Oracle(
                        arrays[name], versions, None if coming is None else float(coming)
                    )
    return found


def errors_on_torch() -> dict[tuple[str, str, int], float]:
    """Return how far Keras as it comes is from these with PyTorch behind it, where JAX was."""
    text = Path(__file__).with_name("keras_on_torch.json").read_text(encoding="utf-8")
    named = {tuple(name.split()): error for name, error in json.loads(text)["errors"].items()}
    return {(optimizer, convention, int(number)): error for (optimizer, convention, number), error in named.items()}
