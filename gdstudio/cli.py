"""The command line: finds the command, runs it, and turns every error into one message.

Nothing heavy is imported before it is known to be needed: the whole of ``gdstudio run`` on a test function
takes about as long as importing NumPy twice.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from gdstudio import __version__
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.signals import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMANDS = {
    "list": "gdstudio.command.listing",
    "run": "gdstudio.command.running",
    "render": "gdstudio.command.rendering",
    "doctor": "gdstudio.command.doctoring",
}

HELP = """\
usage: gdstudio [FILE]                       open the window, with an experiment
       gdstudio list TABLE                   what the program knows by name: problems, optimizers, schedules,
                                             additions, models, penalties, datasets
       gdstudio run --problem KEY            one descent, its outcome and its trajectory
       gdstudio run --model KEY --data FILE.csv
                                             the same, of a model fitted to data
       gdstudio render --problem KEY --view surface --out FILE.png
                                             a picture of it, without a display
       gdstudio doctor                       what this machine has and lacks

Each command explains its options with --help."""

# Together with the program's name and the end of the line a message has at most 2,000.
_MOST_CHARACTERS = 1_980
_WRONG = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process where not given.

    Returns
    -------
    int
        Exit code: 0 where it was done (a run that diverged is a result), 2 where something asked for is wrong,
        130 after an interruption from the keyboard; ``doctor`` has 1 where the program cannot run.
    """
    return _guarded(_dispatch, sys.argv[1:] if arguments is None else arguments)


def process() -> None:
    """Do what the command line says as a whole process, see `__main__`.

    A command is over in the time that collecting garbage and taking the interpreter down would add a sixth to,
    so both are left out; a window ends as Qt needs it.
    """
    if sys.argv[1:2] and sys.argv[1] in COMMANDS:
        gc.disable()
        code = main()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with suppress(OSError, ValueError):
                    stream.flush()
        os._exit(code)
    sys.exit(main())


def window_main() -> int:
    """Open the window, see `__main__.window`; return the exit code."""
    return _guarded(_window, sys.argv[1:])


def _guarded(action: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    """Return the exit code of `action`, with every foreseen error said in one message."""
    _let_stdout_write_anything()
    try:
        code = _code_of(action, arguments)
        if sys.stdout is not None:
            sys.stdout.flush()  # what cannot be written is said, not lost
    except StudioError as error:
        _complain(_message(error))
        return _WRONG
    except BrokenPipeError:  # the reader has all it wanted
        _abandon_stdout()
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except MemoryError:
        _complain("There is not enough memory for this.")
        return _WRONG
    except OSError as error:
        _abandon_stdout()
        what = _shown(error.filename) or "The output cannot be written"
        _complain(f"{what}: {error.strerror or error}.")
        return _WRONG
    return code


def _code_of(action: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    try:
        return action(arguments)
    except SystemExit as end:  # after help
        return end.code if isinstance(end.code, int) else 0


def _dispatch(arguments: Sequence[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in COMMANDS:
        code: int = import_module(COMMANDS[first]).main(arguments[1:])
        return code
    if first in ("-h", "--help"):
        print(HELP)
        return 0
    if first == "--version":
        print(f"gdstudio {__version__}")
        return 0
    return _window(arguments)


def _window(arguments: Sequence[str]) -> int:
    from gdstudio.command.window import main as open_window

    return open_window(arguments, COMMANDS)


def _message(error: StudioError) -> str:
    """Return one message, with the line of equations where there are several, and a caret under the column."""
    lines = [str(error)]
    if isinstance(error, FormulaError):
        if "line" in error.details:
            lines[0] += f" (line {error.details['line']})"
        lines += error.caret().split("\n")
    return "\n".join(lines)


def _shown(file: object) -> str:
    """Return the file that an error of the system names, cut as in every message."""
    from gdstudio.engine.names import shown, shown_file

    return shown_file(file) if isinstance(file, str) else shown(file or "") * bool(file)


def _complain(message: str) -> None:
    short = message if len(message) <= _MOST_CHARACTERS else message[:_MOST_CHARACTERS - 3] + "..."
    printable = (letter if letter.isprintable() or letter == "\n" else "?" for letter in short)
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # nobody can be told
            print("gdstudio: " + "".join(printable), file=sys.stderr)


def _let_stdout_write_anything() -> None:
    """Where the terminal lacks a letter of a name, write its number rather than fail."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _abandon_stdout() -> None:
    """Send what is left in the buffer nowhere, so that the end of the process does not fail on it again."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
