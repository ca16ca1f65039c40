"""What optimizers do to whole blocks of parameters: the norm of each block, and matrices made orthogonal.

Here a block of parameters is not only so many numbers: Muon turns each matrix of a network into one whose singular
values are near 1, and leaves vectors to another rule. All of this is NumPy's: its products of matrices take nearly all
of the time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.language.norms import norm
from gdstudio.engine.language.program import BLOCK_INPUTS
from gdstudio.engine.optimizers.row import MATRIX_WANTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gdstudio.engine.blocks import Blocks

    Vector = NDArray[Any]

# As PyTorch bounds it.
_MOST_STEPS = 99


def refuse_without_matrix(blocks: Blocks, optimizer: str) -> None:
    """Do nothing if there is a matrix.

    Raises
    ------
    StudioError
        Where there is none.
    """
    if not blocks.has_matrix:
        raise StudioError(MATRIX_WANTED, optimizer=optimizer)


@lru_cache(maxsize=16)
def block_inputs(blocks: Blocks, dtype: np.dtype[Any]) -> dict[str, Vector]:
    """Return what equations may read of the blocks, see `language.program.BLOCK_INPUTS`; shape (n,), read-only."""
    shapes = [(1.0, *block.shape) if block.is_matrix else (0.0, 1.0, 1.0) for block in blocks.blocks]
    sizes = [block.size for block in blocks.blocks]
    inputs = {
        name: np.repeat(np.array(numbers, dtype=dtype), sizes)
        for name, numbers in zip(BLOCK_INPUTS, zip(*shapes, strict=True), strict=True)
    }
    for array in inputs.values():
        array.flags.writeable = False
    return inputs


def of_blocks(operation: str, vector: Vector, numbers: Sequence[float], blocks: Blocks) -> Vector:
    """Return what an operation of `language.operations` that needs blocks makes of a vector, shape (n,).

    Parameters
    ----------
    operation : str
        ``block_norm`` (for each parameter the Euclidean norm of its block) or ``newton_schulz``.
    vector : ndarray of float32 or float64, shape (n,)
        A number for each parameter.
    numbers : sequence of float
        The operands that are single numbers, see `newton_schulz`.
    blocks : Blocks
        How the parameters are divided.
    """
    found = np.zeros_like(vector)
    parts, results = blocks.views(vector), blocks.views(found)
    for block in blocks.blocks:
        if operation == "block_norm":
            results[block.name][...] = norm(parts[block.name].ravel())
        elif block.is_matrix:
            results[block.name][...] = newton_schulz(parts[block.name], *numbers)
    return found


def newton_schulz(matrix: Vector, a: float, b: float, c: float, steps: float) -> Vector:
    """Return a X + b (X X') X + c (X X')^2 X, so many times applied to X, which begins as `matrix`.

    With Muon's coefficients singular values up to 1 come near 1, the smallest ones last. The polynomial is that of the
    matrix or of its transpose, which makes no difference but for the last bits: the one with fewer rows is taken.

    Parameters
    ----------
    matrix : ndarray, shape (rows, columns)
        Of a Euclidean norm of at most 1.
    a, b, c : float
        The coefficients.
    steps : float
        How many times, from 0 to 99; others are taken as the nearest of these.

    References
    ----------
    K. Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024.
    """
    kind = matrix.dtype.type
    one, two, three = kind(a), kind(b), kind(c)
    is_tall = matrix.shape[0] > matrix.shape[1]
    wide = matrix.T if is_tall else matrix
    for _ in range(int(np.clip(np.nan_to_num(steps), 0, _MOST_STEPS))):
        gram = wide @ wide.T
        wide = one * wide + (two * gram + three * (gram @ gram)) @ wide
    return wide.T if is_tall else wide
