"""Gradient Descent Studio: watch, steer and understand gradient descent.

`run` is what Python code uses; it is looked up at its first use, so that importing the package costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # that of typing would take longer to import than all else until a signal can be dealt with
if TYPE_CHECKING:
    from typing import Any

    from gdstudio.experiment.run import Result, run

__version__ = "0.1.0"
__all__ = ["Result", "__version__", "run"]


def __getattr__(name: str) -> Any:
    """Return `run` or `Result`, importing the engine now."""
    if name not in ("run", "Result"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gdstudio.experiment import run as module

    return getattr(module, name)
