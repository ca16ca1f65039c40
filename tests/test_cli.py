"""The command line: what it prints, what it refuses, and that nothing ends in a traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import gdstudio
from gdstudio import cli
from gdstudio.cli import main
from gdstudio.command import running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Return what runs a command and gives its exit code and what it wrote."""

    def run(*arguments: str) -> Said:
        code = main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def as_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gdstudio", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["run", "--help"], ["list", "-h"], ["render", "--help"]])
def test_help_is_printed_and_is_no_error(say: Callable[..., Said], arguments: list[str]) -> None:
    code, out, err = say(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith("usage: gdstudio")


def test_the_version(say: Callable[..., Said]) -> None:
    assert say("--version") == (0, f"gdstudio {gdstudio.__version__}\n", "")


def test_doctor_says_what_it_found(say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    from gdstudio.command import doctoring

    facts = {"versions": {"python": "3"}, "ready": False}
    monkeypatch.setattr(doctoring, "collect", lambda: facts)
    code, out, _ = say("doctor", "--json")
    assert (code, strict(out)) == (1, facts)
    monkeypatch.setattr(doctoring, "report", lambda found: f"{len(found)} facts")
    assert say("doctor")[:2] == (1, "2 facts\n")


ODD = st.one_of(
    st.sampled_from([
        "run", "list", "problems", "--problem", "bowl", "parabola", "line_fit", "--formula", "x^2", "--start",
        "-1,1.5", "x=1", "--optimizer", "gd", "--set", "learning_rate=0.1", "--iterations", "10", "0", "-1", "1e400",
        "nan", "--tolerance", "--patience", "--stop-at-sign-change", "--seed", "--batch", "full", "--json", "--",
        "-h", "--out", "=", "--set=", "@x",
    ]),
    st.text(max_size=12),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(command=st.sampled_from(["run", "list"]), arguments=st.lists(ODD, max_size=9))
@example(command="run", arguments=["--problem", "bowl", "--set", "learning_rate=" + "9" * 5_000])
@example(command="run", arguments=["--problem", "bowl", "--iterations", "9" * 5_000])
@example(command="run", arguments=["--problem", "\udcff"])
@example(command="run", arguments=["--formula", "x", "--start", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_no_arguments_end_in_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, arguments: list[str]
) -> None:
    arguments = [argument if argument != "--out" else "--seed" for argument in arguments]
    capsys.readouterr()
    code = main([command, *arguments])
    written = capsys.readouterr()
    assert code in (0, 2)
    assert len(written.err) <= 2_000
    assert (code == 2) == bool(written.err)
    assert "Traceback" not in written.err


# how it behaves as a process


def test_what_ends_a_run_early_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "run_experiment", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main(["run", "--problem", "bowl", "--out", str(tmp_path / "run.csv")]) == 130
    assert list(tmp_path.iterdir()) == []


def has_begun(folder: Path) -> bool:
    """Whether something stands in a file there; a trial file may come and go meanwhile."""
    try:
        return any(path.stat().st_size > 0 for path in folder.iterdir())
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_file_is_written_leaves_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    arguments = ["run", "--problem", "bowl", "--iterations", "3000000", "--tolerance", "0"]
    command = [sys.executable, "-m", "gdstudio", *arguments, "--out", str(tmp_path / "run.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not has_begun(tmp_path):
            assert process.poll() is None
            assert time.monotonic() < deadline
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert "Traceback" not in err


@pytest.mark.skipif(shutil.which("head") is None, reason="there is no head")
def test_a_reader_that_has_enough_is_no_error() -> None:
    shell = f"{sys.executable} -m gdstudio list problems --json | head -c 1"
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("[", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"], ["--version"], ["run", "--help"], ["render", "--help"], ["list", "optimizers"],
        ["list", "problems", "--json"], ["run", "--problem", "bowl"], ["run", "--problem", "bowl", "--json"],
    ],
    ids=" ".join,
)
def test_a_full_disk_behind_the_output_is_said(arguments: list[str], unbuffered: str) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gdstudio", *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60, env=environment,
        )
    said = "gdstudio: The output cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.skipif(sys.platform == "win32", reason="shells are others there")
@pytest.mark.parametrize("arguments", ["--help", "run --help", "list problems", "run --problem bowl --json"])
def test_a_closed_output_is_no_error(arguments: str) -> None:
    command = f"{sys.executable} -m gdstudio {arguments} >&-"
    for shell in (command, f"{command} 2>&-"):
        done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_terminal_without_the_letters_gets_their_numbers() -> None:
    done = as_process("list", "optimizers", "--json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert json.loads(done.stdout.replace("\\u", "\\\\u").replace("\\x", "\\\\x"))


def test_a_run_loads_no_qt_and_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys\nfrom gdstudio.cli import main\nassert main(['run', '--problem', 'rosenbrock']) == 0\n"
        "heavy = {'PySide6', 'msgspec', 'psutil', 'asyncio', 'email'} & set(sys.modules)\nassert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_process_ends_with_the_exit_code_and_all_its_output() -> None:
    done = as_process("run", "--problem", "bowl", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert strict(done.stdout)["outcome"] == "converged"
    refused = as_process("run", "--problem", "bow")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("gdstudio: There is no problem called bow; try bowl")


# the window


def test_without_a_display_the_window_is_refused(
    say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr("gdstudio.probes.display_answers", lambda: False)
    picture = str(tmp_path / "a.png")
    for arguments in ([], ["render", "--problem", "bowl", "--view", "window", "--out", picture]):
        code, _, err = say(*arguments)
        assert code == 2
        assert err.startswith("gdstudio: There is no display to open a window on; gdstudio run and gdstudio render")


def test_a_file_is_looked_at_before_a_window_opens(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "bad.json"
    place.write_text('{"format": "gdstudio-experiment", "version": 99}')
    code, _, err = say(str(place))
    assert code == 2
    assert "newer program" in err


def test_the_window_gets_the_file_and_gives_the_exit_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from gdstudio import app
    from gdstudio.experiment.file import save_experiment
    from gdstudio.experiment.greeting import greeting

    place = tmp_path / "valley.json"
    save_experiment(greeting(), place)
    opened: list[str | None] = []
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def remember(file: str | None = None) -> int:
        opened.append(file)
        return 0

    monkeypatch.setattr(app, "main", remember)
    assert main([str(place)]) == 0
    monkeypatch.setattr(sys, "argv", ["gdstudio-window"])
    assert cli.window_main() == 0
    assert opened == [str(place), None]
