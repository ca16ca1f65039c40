"""Drives the equations of optimizers of matrices through the cases that their oracles were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.engine.blocks import Block, Blocks
from gdstudio.engine.models import MODELS
from tests.engine.parity import case_rule, closed_loop_of, interpreted_open_loop, single_steps
from tests.oracles.matrix_cases import CLASSES, FEATURES, LAYERS, matrix_streams, softmax_data
from tests.oracles.parity_cases import error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.objective import Objective
    from tests.oracles.matrix_cases import Shapes

    Floats = NDArray[np.float64]


def blocks_of(shapes: Shapes) -> Blocks:
    """Return layers as blocks."""
    return Blocks(tuple(Block(name, shape) for name, shape in shapes.items()))


def matrix_oracles() -> dict[str, NDArray[Any]]:
    """Return what the script wrote, by optimizer, convention, number and ``double``, ``single`` or ``as_it_comes``."""
    found: dict[str, NDArray[Any]] = {}
    for file in sorted((Path(__file__).parents[1] / "oracles").glob("matrix_*.npz")):
        with np.load(file) as arrays:
            found |= {name: arrays[name] for name in arrays.files if name != "versions"}
    return found


def matrix_versions(convention: str) -> dict[str, str]:
    """Return the versions of the packages that the oracle of a convention was made with."""
    library = {"pytorch": "torch", "keras": "keras_jax"}[convention]
    with np.load(Path(__file__).parents[1] / "oracles" / f"matrix_{library}.npz") as arrays:
        return dict(json.loads(str(arrays["versions"])))


def softmax_goal() -> Objective:
    """Return the loss of the closed loop."""
    inputs, right = softmax_data()
    names = [f"x{index}" for index in range(FEATURES)]
    columns = {**dict(zip(names, inputs.T, strict=True)), "kind": right.astype(float)}
    return MODELS["softmax"].build(names, "kind", [str(label) for label in range(CLASSES)]).objective(columns)


def matrix_errors(
    optimizer: str, convention: str, settings: Mapping[str, float], oracle: Floats
) -> dict[str, tuple[float, int]]:
    """Return the error of the open loop and of that down softmax regression, with the steps that were made of it."""
    rule, hyperparameters = case_rule(optimizer, convention, settings)
    ours = np.concatenate([
        interpreted_open_loop(rule, hyperparameters, stream, blocks_of(LAYERS[name.split()[0]]))
        for name, stream in matrix_streams().items()
    ])
    steps, end = int(oracle[len(ours)]), oracle[len(ours) + 1:]
    closed = closed_loop_of(softmax_goal(), np.zeros(len(end)), rule, hyperparameters, steps)
    return {"open": (error(ours, oracle[:len(ours)]), 0), "softmax": (error(closed, end), steps)}


def matrix_single_error(
    optimizer: str, convention: str, settings: Mapping[str, float], oracle: NDArray[np.float32]
) -> float:
    """Return the error of the open loop in float32."""
    rule, hyperparameters = case_rule(optimizer, convention, settings)
    found = [
        single_steps(rule, hyperparameters, stream, blocks=blocks_of(LAYERS[name.split()[0]]))
        for name, stream in matrix_streams(single=True).items()
    ]
    ours = np.concatenate(found)
    assert ours.dtype == oracle.dtype == np.float32
    return error(ours.astype(np.float64), oracle.astype(np.float64))
