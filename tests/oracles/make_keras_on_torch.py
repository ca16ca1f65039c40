"""Writes how far Keras with PyTorch behind it is from what the oracles have of it with JAX.

Call it after `make_parity` and `make_matrix_parity`, by hand, where Keras and PyTorch are:
``KERAS_BACKEND=torch python tests/oracles/make_keras_on_torch.py``.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.oracles.make_matrix_parity import open_loop
from tests.oracles.make_parity import PACKAGES, coming, library_of
from tests.oracles.matrix_cases import MATRIX_CASES
from tests.oracles.parity_cases import error
from tests.oracles.parity_settings import CASES


def main() -> None:
    """Write the error of each case that JAX was taken for, with Keras as it comes, over the recorded gradients."""
    found = {}
    with np.load(Path(__file__).with_name("parity_keras_jax.npz")) as known:
        for optimizer, convention, number, settings in CASES:
            name = f"{optimizer} {convention} {number}"
            if library_of(optimizer, convention, number) == "keras_jax":
                found[name] = coming("keras", optimizer, settings, known[name])
                print(name, found[name], flush=True)
    with np.load(Path(__file__).with_name("matrix_keras_jax.npz")) as known:
        for optimizer, convention, number, settings in MATRIX_CASES:
            name = f"{optimizer} {convention} {number}"
            if convention == "keras":
                theirs = open_loop("keras_jax", settings, single=False, as_it_comes=True)
                found[name] = error(theirs, known[f"{name} double"][:len(theirs)])
                print(name, found[name], flush=True)
    versions = {package: version(package).split("+")[0] for package in PACKAGES["keras"]}
    text = json.dumps({"versions": versions, "errors": found}, indent=1)
    Path(__file__).with_name("keras_on_torch.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
