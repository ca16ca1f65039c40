"""The program as a process: the entry of the commands and of ``python -m gdstudio``.

What a signal does is settled before anything that takes time is imported, so that Ctrl+C is quiet from the first
moment that is ours.
"""

from __future__ import annotations

import os

from gdstudio.signals import INTERRUPTED, end_at_once, on_request_to_end


def process() -> None:
    """Do what the command line says and end the process."""
    _settle_signals()
    from gdstudio.cli import process as obey

    obey()


def window() -> int:
    """Open the window; what the desktop starts, with at most the name of a file. Return the exit code."""
    _settle_signals()
    from gdstudio.cli import window_main

    return window_main()


def _settle_signals() -> None:
    try:
        on_request_to_end(end_at_once)
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)


if __name__ == "__main__":
    process()
