"""What every test of a command asks: give the arguments, get what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

Said = tuple[int, str, str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return what runs a command and gives its exit code and what it wrote."""

    def run(*arguments: str) -> Said:
        code = main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run
