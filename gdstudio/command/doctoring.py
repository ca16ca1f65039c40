"""``gdstudio doctor``: what this machine has and lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.command.arguments import CommandParser
from gdstudio.doctor import collect, exit_code, report

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(tokens: Sequence[str]) -> int:
    """Print what was found and return the exit code: 0 where the program can run, else 1."""
    parser = CommandParser("doctor", "Say what this machine has of what the program needs, and how to get the rest.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.read(tokens)
    facts = collect()
    if options.json:
        import json

        print(json.dumps(facts, indent=2, allow_nan=False))
    else:
        print(report(facts))
    return exit_code(facts)
