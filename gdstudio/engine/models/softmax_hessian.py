"""The second derivatives of the mean cross-entropy of softmax regression, all of them, as a matrix.

Of one sample with the features x and the probabilities p they are (diag(p) - p p') times x x', for each pair of
classes a block of all pairs of features.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Samples whose products are added at once.
_SAMPLES_AT_ONCE = 8192


def cross_entropy_hessian(inputs: Floats, probabilities: Floats) -> Floats:
    """Return the Hessian of the mean cross-entropy by the flat vector of a matrix of weights.

    Parameters
    ----------
    inputs : ndarray, shape (samples, rows)
        The features of each sample.
    probabilities : ndarray, shape (samples, classes)
        Of each class.

    Returns
    -------
    ndarray, shape (rows * classes, rows * classes)
        Symmetric to the bit; the parameter of feature r and class c is number ``r * classes + c``.

    References
    ----------
    D. Böhning: Multinomial logistic regression algorithm, Annals of the Institute of Statistical Mathematics 44
    (1992) 197-200.
    """
    samples, rows = inputs.shape
    classes = probabilities.shape[1]
    blocks = np.zeros((rows, classes, rows, classes))
    for begin in range(0, samples, _SAMPLES_AT_ONCE):
        some = inputs[begin:begin + _SAMPLES_AT_ONCE]
        each = probabilities[begin:begin + _SAMPLES_AT_ONCE]
        for one in range(classes):
            for other in range(one, classes):
                weights = each[:, one] * ((one == other) - each[:, other])
                blocks[:, one, :, other] += (some * weights[:, None]).T @ some
    matrix: Floats = blocks.reshape(rows * classes, -1) / samples
    # Of a pair of different classes only one block is there, and of each block the halves may differ by rounding.
    for one in range(classes):
        for other in range(one, classes):
            block = matrix[one::classes, other::classes]
            even = np.triu(block) + np.triu(block, 1).T
            matrix[one::classes, other::classes] = matrix[other::classes, one::classes] = even
    return matrix
