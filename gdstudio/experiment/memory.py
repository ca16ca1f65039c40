"""Refuses a run that would not fit into memory before it takes the machine down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.trajectory import memory_needed
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP, Count

if TYPE_CHECKING:
    from collections.abc import Sequence

# Less than this is not worth asking the system about.
UNASKED_BYTES = 256 * 1024**2
# Where a container's limit stands, how much is in use, and details of that: the system's own figures know none of it.
_CONTAINER_FILES = (
    tuple(Path("/sys/fs/cgroup", name) for name in ("memory.max", "memory.current", "memory.stat")),
    tuple(
        Path("/sys/fs/cgroup/memory", name)
        for name in ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat")
    ),
)


def check_memory(iterations: int, dimension: int, own: Sequence[int]) -> None:
    """Do nothing if the trajectories of runs of so many iterations fit into memory.

    Parameters
    ----------
    iterations, dimension : int
        Of each run.
    own : sequence of int
        How many columns the optimizer of each run fills itself.

    Raises
    ------
    StudioError
        Where it does not, with both figures.
    """
    runs = len(own)
    needed = sum(memory_needed(iterations, dimension, columns) for columns in own)
    if needed <= UNASKED_BYTES:
        return
    available = available_memory()
    if needed > available:
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "{iterations:# iteration|# iterations} of {dimension:# variable|# variables}, times {runs}, need "
                "{needed:.1f} GiB of memory, but only {available:.1f} GiB are available; ask for fewer iterations.",
            ) if runs > 1 else QT_TRANSLATE_NOOP(
                "Errors",
                "{iterations:# iteration|# iterations} of {dimension:# variable|# variables} need {needed:.1f} GiB of "
                "memory, but only {available:.1f} GiB are available; ask for fewer iterations.",
            ),
            iterations=Count(iterations), dimension=Count(dimension), runs=runs,
            needed=needed / 1024**3, available=available / 1024**3,
        )


def available_memory() -> int:
    """Return how many bytes this process may still take without swapping."""
    import psutil

    return min([int(psutil.virtual_memory().available), *_left_in_container()])


def _left_in_container() -> list[int]:
    left = []
    for limit, in_use, details in _CONTAINER_FILES:
        try:
            used = int(in_use.read_text()) - _given_back(details.read_text())
            left.append(int(limit.read_text()) - used)
        except (OSError, ValueError):  # no such limit
            continue
    return left


def _given_back(details: str) -> int:
    """Return how many bytes in use are only copies of files, which the system gives back when asked."""
    return sum(int(line.split()[1]) for line in details.splitlines() if line.startswith("inactive_file "))
