"""Writes what PyTorch and Keras make of the cases of `matrix_cases`, where parameters are matrices and vectors.

Call it by hand, with the packages as `make_parity` says: ``python tests/oracles/make_matrix_parity.py torch`` and
``KERAS_BACKEND=jax JAX_ENABLE_X64=1 python tests/oracles/make_matrix_parity.py keras_jax``.

PyTorch makes its matrices orthogonal in bfloat16, whatever type they have, which leaves two or three digits, and Keras
takes the norm of a matrix in single precision. Here their own code runs with that one conversion left out; how far this
is from the libraries as they come stands in the file too, by the same measure.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.oracles.make_parity import MOVED, PERTURBED
from tests.oracles.matrix_cases import (
    LAYERS,
    MATRIX_CASES,
    MATRIX_HORIZONS,
    SOFTMAX,
    matrix_streams,
    parts,
    softmax_gradient,
)
from tests.oracles.parity_cases import CHECKED, SINGLE_CHECKED, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tests.oracles.matrix_cases import Shapes

    Floats = NDArray[Any]
    Settings = dict[str, float]

_MUON = {"learning_rate": "lr", "epsilon": "eps"}
_KERAS = {"beta1": "adam_beta_1", "beta2": "adam_beta_2"}
_COEFFICIENTS = {"muon_a": 3.4445, "muon_b": -4.7750, "muon_c": 2.0315}
_CONVENTIONS = {"torch": "pytorch", "keras_jax": "keras"}
_PACKAGES = {"torch": ("torch",), "keras_jax": ("keras", "jax")}


@contextmanager
def _unrounded(torch: Any) -> Iterator[None]:
    """Let a conversion to bfloat16 be a copy: what is made orthogonal is changed in place."""
    rounding = torch.Tensor.bfloat16
    torch.Tensor.bfloat16 = torch.Tensor.clone
    try:
        yield
    finally:
        torch.Tensor.bfloat16 = rounding


class _Torch:
    """Muon for the matrices, transposed as its layers have them, and AdamW for the vectors."""

    def __init__(self, start: Floats, shapes: Shapes, settings: Settings, *, as_it_comes: bool) -> None:
        self.torch: Any = import_module("torch")
        self._as_it_comes = as_it_comes
        self.kind = getattr(self.torch, start.dtype.name)
        self.torch.set_default_dtype(self.kind)
        self._shapes = shapes
        self._parameters = [self.torch.nn.Parameter(self._tensor(part)) for part in parts(start, shapes)]
        given = dict(settings)
        rate = given.get("learning_rate", 1e-3) * given.pop("adam_lr_ratio", 1.0)
        adam = {
            "lr": rate, "betas": (given.pop("beta1", 0.9), given.pop("beta2", 0.999)),
            "eps": given.pop("adam_epsilon", 1e-8), "weight_decay": given.pop("adam_weight_decay", 1e-2),
        }
        coefficients = tuple(given.pop(name, value) for name, value in _COEFFICIENTS.items())
        adjust = {0.0: "original", 1.0: "match_rms_adamw"}[given.pop("adjust_lr_fn", 0.0)]
        steps, nesterov = int(given.pop("ns_steps", 5)), bool(given.pop("nesterov", 1.0))
        muon = {_MUON.get(name, name): value for name, value in given.items()}
        optim = self.torch.optim
        matrices = [each for each in self._parameters if each.ndim == 2]
        self._optimizers = (
            optim.Muon(
                matrices, ns_coefficients=coefficients, adjust_lr_fn=adjust, ns_steps=steps, nesterov=nesterov, **muon
            ),
            optim.AdamW([each for each in self._parameters if each.ndim != 2], foreach=False, **adam),
        )

    def _tensor(self, part: Floats) -> Any:
        return self.torch.tensor(np.ascontiguousarray(part.T), dtype=self.kind)

    def step(self, gradient: Floats) -> None:
        """Make one step."""
        for parameter, part in zip(self._parameters, parts(gradient, self._shapes), strict=True):
            parameter.grad = self._tensor(part)
        for optimizer in self._optimizers:
            if self._as_it_comes:
                optimizer.step()
                continue
            with _unrounded(self.torch):
                optimizer.step()

    @property
    def theta(self) -> Floats:
        """All parameters, in our order."""
        return np.concatenate([each.detach().numpy().T.ravel() for each in self._parameters])


def _norm_of(ops: Any) -> Any:
    """Return Keras' norm in the type of what it is taken of."""
    return lambda x, axis, keepdims: ops.sqrt(ops.sum(ops.square(x), axis=axis, keepdims=keepdims))


class _Keras:
    """Muon, which gives vectors to Adam by itself."""

    def __init__(self, start: Floats, shapes: Shapes, settings: Settings, *, as_it_comes: bool) -> None:
        self.keras: Any = import_module("keras")
        self.keras.config.set_floatx(start.dtype.name)
        self._shapes = shapes
        self._variables = [self.keras.Variable(part, dtype=start.dtype.name) for part in parts(start, shapes)]
        given: dict[str, Any] = {_KERAS.get(name, name): value for name, value in settings.items()}
        given |= {name: kind(given[name]) for name, kind in (("ns_steps", int), ("nesterov", bool)) if name in given}
        ops: Any = self.keras.src.ops
        ops.norm = self.keras.ops.norm if as_it_comes else _norm_of(ops)
        if given.get("rms_rate") == 0.0:
            given["rms_rate"] = None
        self._optimizer = self.keras.optimizers.Muon(**given)
        self._optimizer.build(self._variables)

    def step(self, gradient: Floats) -> None:
        """Make one step."""
        slopes = [self.keras.ops.convert_to_tensor(part) for part in parts(gradient, self._shapes)]
        self._optimizer.apply(slopes, self._variables)

    @property
    def theta(self) -> Floats:
        """All parameters, in our order."""
        return np.concatenate([np.ravel(self.keras.ops.convert_to_numpy(each)) for each in self._variables])


def _run(library: str, start: Floats, shapes: Shapes, settings: Settings, *, as_it_comes: bool = False) -> Any:
    return (_Torch if library == "torch" else _Keras)(start, shapes, settings, as_it_comes=as_it_comes)


def open_loop(library: str, settings: Settings, *, single: bool, as_it_comes: bool = False) -> Floats:
    """Return the parameters after the checked numbers of recorded gradients, of each stream."""
    found = []
    checked = SINGLE_CHECKED if single else CHECKED
    for name, stream in matrix_streams(single=single).items():
        run = _run(library, stream.start, LAYERS[name.split()[0]], settings, as_it_comes=as_it_comes)
        for step in range(checked[-1]):
            run.step(stream.gradients[step])
            if step + 1 in checked:
                found.append(run.theta)
    return np.concatenate(found)


def _closed_loop(library: str, settings: Settings) -> Floats:
    """Return the number of steps down softmax regression that are no chaos, and the parameters after them."""
    random = np.random.default_rng(7)
    start = np.zeros(sum(int(np.prod(shape)) for shape in SOFTMAX.values()))
    run, other = (_run(library, start, SOFTMAX, settings) for _ in range(2))
    kept = np.array([0.0, *start])
    for step in range(1, MATRIX_HORIZONS[-1] + 1):
        run.step(softmax_gradient(run.theta))
        other.step(softmax_gradient(other.theta) + PERTURBED * (2.0 * random.random(len(start)) - 1.0))
        if step in MATRIX_HORIZONS:
            if not error(other.theta, run.theta) < MOVED:
                break
            kept = np.array([float(step), *run.theta])
    return kept


def main(libraries: list[str]) -> None:
    """Write a file for each of `libraries`: for each case a flat array in float64, and one in float32."""
    for library in libraries:
        found: dict[str, Any] = {}
        for optimizer, convention, number, settings in MATRIX_CASES:
            if convention != _CONVENTIONS[library]:
                continue
            name = f"{optimizer} {convention} {number}"
            found[f"{name} single"] = open_loop(library, settings, single=True)
            assert found[f"{name} single"].dtype == np.float32
            recorded, closed = open_loop(library, settings, single=False), _closed_loop(library, settings)
            found[f"{name} double"] = np.concatenate([recorded, closed])
            coming = error(open_loop(library, settings, single=False, as_it_comes=True), recorded)
            found[f"{name} as_it_comes"] = np.array(coming)
            print(name, int(closed[0]), coming, flush=True)
        versions = np.array(json.dumps({package: version(package).split("+")[0] for package in _PACKAGES[library]}))
        np.savez_compressed(Path(__file__).with_name(f"matrix_{library}.npz"), versions=versions, **found)


if __name__ == "__main__":
    main(sys.argv[1:])
