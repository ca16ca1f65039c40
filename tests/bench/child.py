"""A script under another interpreter, which measures one thing for each line that it is sent."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType


class Child:
    """One of the scripts beside this module, kept running, so that its measurements and ours can take turns.

    Parameters
    ----------
    python : str
        The interpreter.
    script : str
        Name of the file.
    *arguments : int
        What the script is given on its command line.
    """

    def __init__(self, python: str, script: str, *arguments: int) -> None:
        path = Path(__file__).with_name(script)
        self._process = subprocess.Popen(
            [python, str(path), *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Child:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the script's input, which ends it, and wait for it."""
        self._process.communicate()

    def ask(self, line: str) -> dict[str, Any]:
        """Send a line and return the answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer
