"""The command line as a whole process."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.bench.measure import Figure, at_most, given, interleaved

if TYPE_CHECKING:
    from tests.bench.__main__ import Settings

_REPEATS = 15


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""

    def process(*arguments: str) -> None:
        subprocess.run([settings.python, *arguments], check=True, stdout=subprocess.DEVNULL)

    numpy, ours, bare = interleaved(
        _REPEATS,
        lambda: process("-c", "import numpy"),
        lambda: process("-m", "gdstudio", "run", "--problem", "rosenbrock"),
        lambda: process("-c", "pass"),
    )
    return [
        given("python -c pass", bare * 1e3, "ms"),
        given("python -c 'import numpy'", numpy * 1e3, "ms"),
        given("gdstudio run --problem rosenbrock", ours * 1e3, "ms"),
        at_most("gdstudio run, whole process / python -c 'import numpy'", ours / numpy, 2.0, "x"),
    ]
