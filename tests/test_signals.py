"""Ctrl+C and requests of the system to end: quiet at every moment, and nothing half done is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gdstudio.signals import INTERRUPTED, on_request_to_end, unfinished

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")

# A process that gets a signal at the moment when it begins to import a module.
AT_IMPORT = """
import os, signal, sys
from gdstudio.__main__ import process

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.Signals[sent])

_, sent, module, *sys.argv[1:] = sys.argv
sys.meta_path.insert(0, Finder())
process()
"""

# A process whose window gets a signal, and which says when it has closed as a person would have closed it.
AT_WINDOW = """
import os, signal, sys
from PySide6.QtCore import QCoreApplication, QTimer
from gdstudio import app
from gdstudio.__main__ import process

create_window = app.create_window

def signalled(*arguments, **options):
    window = create_window(*arguments, **options)
    QCoreApplication.instance().aboutToQuit.connect(lambda: print("closed", flush=True))
    QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.Signals[sent]))
    return window

_, sent = sys.argv
sys.argv[1:] = []
app.create_window = signalled
process()
"""

RUN = ("run", "--problem", "bowl", "--out", "run.json")


def process(code: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, cwd=folder, env=environment
    )


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("gdstudio.cli", RUN),
        ("argparse", RUN),
        ("numpy", RUN),
        ("numpy._core.multiarray", RUN),
        ("gdstudio.engine.machine.compiler", RUN),
        ("llvmlite.binding", RUN),
        ("msgspec", RUN),
        ("msgspec", ("list", "problems", "--json")),
        ("PySide6.QtGui", ("render", "--problem", "bowl", "--view", "curves", "--out", "a.png")),
        ("gdstudio.doctor", ("doctor",)),
        ("gdstudio.app", ()),
    ],
)
@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_while_something_is_imported(
    tmp_path: Path, module: str, arguments: tuple[str, ...], sent: str, code: int
) -> None:
    done = process(AT_IMPORT, sent, module, *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_window_is_closed_as_a_person_would(tmp_path: Path, sent: str, code: int) -> None:
    done = process(AT_WINDOW, sent, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, "closed\n", "")


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        put_back = on_request_to_end(lambda number: None)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        put_back()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_was_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[int] = []
    put_back = on_request_to_end(seen.append)
    os.kill(os.getpid(), signal.SIGINT)
    put_back()
    assert seen == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is before
    assert INTERRUPTED == 128 + signal.SIGINT


def test_nothing_is_unfinished_between_two_files() -> None:
    assert unfinished == set()
