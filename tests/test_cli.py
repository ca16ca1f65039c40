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
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import OPTIMIZERS

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


# what it says


def test_json_of_a_run_says_what_python_says(say: Callable[..., Said]) -> None:
    code, out, err = say("run", "--problem", "himmelblau", "--optimizer", "momentum", "--json")
    result = gdstudio.run("himmelblau", optimizer="momentum")
    assert (code, err) == (0, "")
    assert strict(out) == {
        "outcome": result.outcome,
        "reason": result.reason,
        "iterations": result.iterations,
        "evaluations": result.evaluations,
        "loss": result.loss,
        "gradient_norm": result.gradient_norm,
        "theta": dict(zip(("x", "y"), result.theta.tolist(), strict=True)),
    }
    assert list(strict(out)["theta"]) == ["x", "y"]


def test_all_options_reach_the_run(say: Callable[..., Said]) -> None:
    arguments = (
        "--problem line_fit --start b=-1,w=2.5 --optimizer rmsprop --set rho=0.9 --set learning_rate=0.02"
        " --iterations 37 --tolerance 0 --patience 500 --seed 4 --batch 8 --json"
    ).split()
    code, out, _ = say("run", *arguments)
    result = gdstudio.run(
        "line_fit", start={"b": -1, "w": 2.5}, optimizer="rmsprop", rho=0.9, learning_rate=0.02, iterations=37,
        tolerance=0, patience=500, seed=4, batch=8,
    )
    assert code == 0
    assert strict(out)["theta"] == dict(zip(("w", "b"), result.theta.tolist(), strict=True))
    assert strict(out)["evaluations"] == result.evaluations


def test_the_report_for_people_names_everything(say: Callable[..., Said], tmp_path: Path) -> None:
    place = tmp_path / "run.csv"
    code, out, err = say("run", "--problem", "bowl", "--set", "condition=25", "--out", str(place))
    assert (code, err) == (0, "")
    for expected in ("Tilted bowl", "Adam", "condition = 25", "learning_rate = ", "x = 3.3, y = -1.2", "loss", str(place)):
        assert expected in out
    assert place.exists()
    assert len({line.index(line[15:].strip()) for line in out.splitlines() if line.strip()}) == 1


def test_a_run_that_diverged_is_a_result_and_its_json_is_strict(say: Callable[..., Said]) -> None:
    code, out, err = say(
        "run", "--formula", "x^4", "--optimizer", "gd", "--set", "learning_rate=1e300", "--start", "9", "--json"
    )
    assert (code, err) == (0, "")
    assert strict(out)["outcome"] == "diverged"
    assert strict(out)["loss"] is None


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["--problem", "rosenbrock", "--start", "-1,1.5"], {"x": -1.0, "y": 1.5}),
        (["--problem", "rosenbrock", "--start=-1,1.5"], {"x": -1.0, "y": 1.5}),
        (["--start", "y=-2,x=-.5", "--problem", "rosenbrock"], {"x": -0.5, "y": -2.0}),
        (["--formula", "-exp(-x^2)"], {"x": 1.0}),
        (["--formula", "--x*x"], {"x": 1.0}),
        (["--problem", "bowl", "--set", "angle=-45", "--start", "-1e0, +2"], {"x": -1.0, "y": 2.0}),
        (["--seed", "0", "--batch", "full", "--problem", "line_fit", "--start", "-0,-0"], {"w": 0.0, "b": 0.0}),
    ],
)
def test_a_value_may_begin_with_a_minus(say: Callable[..., Said], arguments: list[str], start: dict[str, float]) -> None:
    code, out, err = say("run", *arguments, "--iterations", "0", "--json")
    assert (code, err) == (0, "")
    assert strict(out)["theta"] == start


def test_a_whole_number_may_be_written_as_a_float(say: Callable[..., Said]) -> None:
    code, out, _ = say("run", "--problem", "bowl", "--iterations", "1e1", "--json")
    assert (code, strict(out)["iterations"]) == (0, 10)


@pytest.mark.parametrize("ending", ["csv", "json", "npz"])
def test_the_trajectory_is_written(say: Callable[..., Said], tmp_path: Path, ending: str) -> None:
    place = tmp_path / f"-run.{ending}"
    code, _, _ = say("run", "--problem", "bowl", "--iterations", "5", "--out", str(place))
    assert code == 0
    assert place.stat().st_size > 100


def test_lists_are_strict_json_of_all_that_the_rows_hold(say: Callable[..., Said]) -> None:
    problems = strict(say("list", "problems", "--json")[1])
    assert [problem["key"] for problem in problems] == list(PROBLEMS)
    first = problems[0]
    assert set(first) >= {"key", "name", "text", "domain", "start", "minima", "scale", "learning_rates", "reference"}
    assert first["variables"] == ["x"]
    assert first["minima"] == [{"theta": [0.0], "loss": 0.0}]
    optimizers = strict(say("list", "optimizers", "--json")[1])
    assert [optimizer["key"] for optimizer in optimizers] == list(OPTIMIZERS)
    rate = optimizers[0]["hyperparameters"][0]
    assert (rate["key"], rate["minimum"], rate["maximum"]) == ("learning_rate", 0.0, None)
    assert optimizers[0]["equations"] == "theta = theta - learning_rate * g"


@pytest.mark.parametrize(("table", "keys"), [("problems", PROBLEMS), ("optimizers", OPTIMIZERS)])
def test_lists_for_people_have_a_line_for_each_row(say: Callable[..., Said], table: str, keys: dict[str, Any]) -> None:
    code, out, _ = say("list", table)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["KEY", *keys]


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


# what it refuses


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "either a problem by its key or a formula, not neither"),
        (["run", "--problem", "bowl", "--formula", "x"], "not both"),
        (["run", "--problem", "rosenbrok"], "no problem called rosenbrok; try rosenbrock"),
        (["run", "--problem", "bowl", "--optimizer", "admm"], "no optimizer called admm; try adam"),
        (["run", "--problem", "bowl", "--start", "1"], "The start has 1 numbers, but there are 2 variables: x, y"),
        (["run", "--problem", "bowl", "--start", "1,2,3"], "The start has 3 numbers"),
        (["run", "--problem", "bowl", "--start", ""], "start must be a number, not ''"),
        (["run", "--problem", "bowl", "--start", "x=1"], "The start lacks y"),
        (["run", "--problem", "bowl", "--start", "x=1,x=2"], "each name once"),
        (["run", "--problem", "bowl", "--start", "x=1,2"], "--start takes 1,2 or x=1,y=2"),
        (["run", "--problem", "bowl", "--start", "1,nan"], "start of y must be a finite number, not nan"),
        (["run", "--problem", "bowl", "--start", "1,1_0"], "start must be a number, not 1_0"),
        (["run", "--problem", "bowl", "--set", "beta1=1"], "beta1 must lie in [0, 1), not 1"),
        (["run", "--problem", "bowl", "--set", "beta1=nan"], "beta1 must be a finite number in [0, 1), not nan"),
        (["run", "--problem", "bowl", "--set", "condition=0"], "condition must lie in [1, 1e+06], not 0"),
        (["run", "--problem", "bowl", "--set", "beta1"], "--set takes NAME=VALUE"),
        (["run", "--problem", "bowl", "--set", "=1"], "--set takes NAME=VALUE"),
        (["run", "--problem", "bowl", "--set", "beta_1=1"], "nothing called beta_1 to set here; try beta1"),
        (["run", "--problem", "bowl", "--iterations", "1.5"], "iterations must be a whole number, not 1.5"),
        (["run", "--problem", "bowl", "--iterations", "many"], "iterations must be a number, not many"),
        (["run", "--problem", "bowl", "--iterations", "1e9"], "iterations must lie between 0 and 100000000"),
        (["run", "--problem", "bowl", "--tolerance", "-1"], "tolerance must be a finite number, 0 or above"),
        (["run", "--problem", "bowl", "--patience", "0"], "patience must lie between 1"),
        (["run", "--problem", "bowl", "--stop-at-sign-change"], "needs one variable"),
        (["run", "--problem", "bowl", "--batch", "4"], "no data"),
        (["run", "--problem", "line_fit", "--batch", "65"], "batch must lie between 1 and 64"),
        (["run", "--problem", "bowl", "--out", "run.xlsx"], "ends in .csv, .json, .npz, not to run.xlsx"),
        (["run", "--problem", "bowl", "--out", "none/run.csv"], "none/run.csv cannot be written: No such file"),
        (["run", "--problem"], "expected one argument"),
        (["run", "--problem", "--json"], "expected one argument"),
        (["run", "--problem", "bowl", "--iteration", "5"], "does not know --iteration; try --iterations"),
        (["run", "--problem", "bowl", "more"], "does not know more"),
        (["run", "--formula", "1+1"], "no variable"),
        (["list"], "gdstudio list"),
        (["list", "problem"], "no list of problem; try problems"),
        (["doctor", "--jsn"], "does not know --jsn; try --json"),
        (["rnu"], "no command and no file called rnu; try run"),
        (["--json"], "does not know --json"),
        (["a.json", "b.json"], "does not know b.json"),
        (["nul\0.json"], "no command and no file"),
        (["render", "--problem", "bowl"], "required"),
        (["render", "--problem", "bowl", "--view", "surfce", "--out", "a.png"], "no view called surfce; try surface"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.gif"], "ends with .png, .svg, .pdf, not a.gif"),
        (["render", "--problem", "bowl", "--view", "window", "--out", "a.svg"], "ends with .png, not a.svg"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--size", "9x9"], "--size takes width"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--size", "big"], "--size takes width"),
        (["render", "--problem", "bowl", "--view", "curves", "--out", "a.png", "--theme", "drak"], "try dark"),
        (["render", "--view", "curves", "--out", "a.png"], "not neither"),
    ],
)
def test_what_is_wrong_is_said_in_one_message(say: Callable[..., Said], arguments: list[str], message: str) -> None:
    code, out, err = say(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.startswith("gdstudio: ")
    assert err.count("\n") == 1
    assert len(err) <= 700


@pytest.mark.parametrize(
    ("formula", "column"),
    [("x^2 + *y", 6), ("(x+1", 4), ("x + foo(2)", 4), ("sin + x", 0), ("x\0y", 1), ("\N{CYRILLIC SMALL LETTER A}^2", 0)],
)
def test_a_formula_that_cannot_be_read_is_shown_with_a_caret(
    say: Callable[..., Said], formula: str, column: int
) -> None:
    code, out, err = say("run", "--formula", formula)
    assert (code, out) == (2, "")
    message, text, caret = err.splitlines()
    assert message.startswith("gdstudio: ")
    assert caret == " " * column + "^"
    assert text.isprintable()


HOSTILE = [
    "__import__('os').system('true')", "x.__class__", "().__class__", "9**9**9**9 + x", "x**x**x**x**x", "(" * 10_000,
    "", " ", "\0", "x" * 5_000, "-" * 999 + "x", "lambda: x", "x; import os", "x\n+1", "x if x else x", "[x]*9",
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_hostile_formulas_are_values_or_clear_errors_at_once(say: Callable[..., Said], formula: str) -> None:
    begun = time.perf_counter()
    code, _, err = say("run", "--formula", formula, "--iterations", "10")
    assert time.perf_counter() - begun < 5.0
    assert code in (0, 2)
    assert len(err) <= 2_000


ODD = st.one_of(
    st.sampled_from([
        "run", "list", "problems", "--problem", "bowl", "parabola", "line_fit", "--formula", "x^2", "--start", "-1,1.5", "x=1",
        "--optimizer", "gd", "--set", "learning_rate=0.1", "--iterations", "10", "0", "-1", "1e400", "nan", "--tolerance",
        "--patience", "--stop-at-sign-change", "--seed", "--batch", "full", "--json", "--", "-h", "--out", "=", "--set=", "@x",
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


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_file_is_written_leaves_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    arguments = ["run", "--problem", "bowl", "--iterations", "3000000", "--tolerance", "0"]
    command = [sys.executable, "-m", "gdstudio", *arguments, "--out", str(tmp_path / "run.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not any(path.stat().st_size > 0 for path in tmp_path.iterdir()):
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
def test_a_full_disk_behind_the_output_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gdstudio", "list", "optimizers"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )
    assert (done.returncode, done.stderr) == (2, "gdstudio: No space left on device\n")


def test_a_terminal_without_the_letters_gets_their_numbers() -> None:
    done = as_process("list", "optimizers", "--json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert json.loads(done.stdout.replace("\\u", "\\\\u").replace("\\x", "\\\\x"))


def test_a_run_loads_no_qt_and_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys\nfrom gdstudio.cli import main\nassert main(['run', '--problem', 'rosenbrock']) == 0\n"
        "heavy = {'PySide6', 'msgspec', 'psutil', 'asyncio', 'pyqtgraph', 'email'} & set(sys.modules)\nassert not heavy, heavy"
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


def test_without_a_display_the_window_is_refused(say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr("gdstudio.probes.display_answers", lambda: False)
    code, _, err = say()
    assert code == 2
    assert err == "gdstudio: There is no display to open a window on; gdstudio run and gdstudio render work without one.\n"


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
    monkeypatch.setattr(app, "main", lambda file=None: opened.append(file) or 0)
    assert main([str(place)]) == 0
    monkeypatch.setattr(sys, "argv", ["gdstudio-window"])
    assert cli.window_main() == 0
    assert opened == [str(place), None]
