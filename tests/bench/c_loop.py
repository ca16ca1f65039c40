"""The loop in C that our machine code is measured against, compiled where there is a compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.stopping import LOSS_BOUND, THETA_BOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

START = (-1.2, 1.0)
LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8
FLAGS = {"-O3": ("-O3",), "-O3 -march=native": ("-O3", "-march=native")}
_SOURCE = Path(__file__).with_name("adam_rosenbrock.c")
_FIRST_LOSS = 24.2


class CLimits(ctypes.Structure):
    """The limits that a loop in C tests each iterate against."""

    _fields_ = (
        ("tolerance", ctypes.c_double), ("patience", ctypes.c_double), ("theta_bound", ctypes.c_double),
        ("loss_bound", ctypes.c_double), ("stop_at_sign_change", ctypes.c_int),
    )


class CLoop:
    """Adam on Rosenbrock in C with buffers of its own.

    Parameters
    ----------
    iterations : int
        How many a call makes.
    flags : sequence of str
        For the compiler.
    """

    def __init__(self, iterations: int, flags: Sequence[str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder, "adam.so")
            command = ["cc", *flags, "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-lm"]
            subprocess.run(command, check=True, capture_output=True)
            self._function = ctypes.CDLL(str(library)).descend
        pointer, number = ctypes.c_void_p, ctypes.c_double
        self._function.restype = ctypes.c_int64
        self._function.argtypes = [ctypes.c_int64, pointer, *[number] * 4, *[pointer] * 5]
        # Ones, so that the memory is really there before the clock starts.
        self.theta, self.loss, self.norm = np.ones((iterations, 2)), np.ones(iterations), np.ones(iterations)
        self.iterations = iterations

    def __call__(self) -> None:
        """Make all iterations from the start."""
        start = np.array(START)
        limits = CLimits(0.0, np.inf, THETA_BOUND * max(map(abs, START)), LOSS_BOUND * _FIRST_LOSS, 0)
        cause = ctypes.c_int(0)
        made = self._function(
            self.iterations, start.ctypes.data, LEARNING_RATE, BETA1, BETA2, EPSILON, ctypes.addressof(limits),
            self.theta.ctypes.data, self.loss.ctypes.data, self.norm.ctypes.data, ctypes.addressof(cause),
        )
        assert (made, cause.value) == (self.iterations, 0)


def compiler() -> str | None:
    """Return where the compiler is, or None."""
    return shutil.which("cc")
