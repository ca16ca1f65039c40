"""What the documents say is tried: every example runs and prints what is shown, every name and link leads somewhere."""

from __future__ import annotations

import doctest
import re
import shlex
import struct
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from gdstudio.cli import COMMANDS, main
from gdstudio.command.arguments import CommandParser, add_run_options
from gdstudio.engine.additions import SCHEDULES
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.language.operations import FUNCTIONS
from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.views.actions import WindowActions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).parent.parent
_AT_THE_ROOT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
DOCUMENTS = [*(ROOT / name for name in _AT_THE_ROOT), *sorted((ROOT / "docs").glob("*.md"))]
REFERENCE = ROOT / "docs" / "command-line.md"
README = ROOT / "README.md"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _blocks(path: Path, language: str) -> list[str]:
    """Return the blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", _text(path), re.DOTALL | re.MULTILINE)


def _prose(path: Path) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```$", "", _text(path), flags=re.DOTALL | re.MULTILINE)


class Example(NamedTuple):
    """A command of a document, and the lines shown below it."""

    document: str
    line: str
    shown: str

    @property
    def tokens(self) -> list[str]:
        """What follows ``gdstudio``."""
        return shlex.split(self.line)[1:]


def _examples() -> Iterator[Example]:
    for path in DOCUMENTS:
        for block in _blocks(path, "console"):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                line, _, shown = part.partition("\n")
                yield Example(_name(path), line, shown)


EXAMPLES = list(_examples())


def _matches(shown: str, printed: str) -> bool:
    """Whether `printed` is what is shown, where a line of three dots stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?:.*\n)*".join(parts), printed) is not None


def test_there_are_examples_of_every_command_that_works_anywhere() -> None:
    assert {example.tokens[0] for example in EXAMPLES} >= {"list", "run", "render"}
    assert any(example.document == "README.md" for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.document}-{example.line}"[:100])
def test_an_example_prints_what_is_shown(
    example: Example, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert example.line.startswith("gdstudio ")
    monkeypatch.chdir(tmp_path)
    code = main(example.tokens)
    printed = capsys.readouterr()
    wrong = example.shown.startswith("gdstudio: ")
    assert code == (2 if wrong else 0), printed.err
    assert _matches(example.shown, printed.err if wrong else printed.out), printed
    tokens = example.tokens
    if "--out" in tokens:
        assert Path(tokens[tokens.index("--out") + 1]).stat().st_size > 100


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if _blocks(path, "pycon")], ids=_name)
def test_the_python_in_a_document_does_what_is_shown(path: Path) -> None:
    for block in _blocks(path, "pycon"):
        example = doctest.DocTestParser().get_doctest(block, {}, path.name, None, None)
        assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_link_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", _prose(path))
    for link in links:
        assert link.startswith("https://") or (path.parent / link).exists(), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_file_that_is_named_exists(path: Path) -> None:
    # Names stand from the root or from the package; those that a person makes are in examples, not in prose.
    for name in re.findall(r"`([\w./-]+(?:\.py|\.toml|\.md|/))`", _prose(path)):
        if name == "out/":
            continue
        families = ROOT / "gdstudio" / "engine" / "functions"
        assert any((place / name).exists() for place in (ROOT, ROOT / "gdstudio", families)), name


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_command_that_is_named_exists(path: Path) -> None:
    for word in re.findall(r"`gdstudio (\w+)[^`]*`", _prose(path)):
        assert word in COMMANDS, word


def test_readme_names_the_two_commands() -> None:
    targets = re.findall(r"^(\w+):", _text(ROOT / "Makefile"), re.MULTILINE)
    for target in ("run", "test"):
        assert target in targets
        assert re.search(rf"^    make {target}\b", _text(README), re.MULTILINE)


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_target_that_is_named_stands_in_the_makefile(path: Path) -> None:
    targets = set(re.findall(r"^(\w+):", _text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^ +|`)make (\w+)", _text(path), re.MULTILINE)) <= targets


def test_the_options_of_a_run_are_all_described() -> None:
    parser = CommandParser("run", "")
    add_run_options(parser)
    known = set(re.findall(r"--[a-z-]+", parser.format_help())) - {"--help"}
    described = set(re.findall(r"^\| `(--[a-z-]+)", _text(REFERENCE), re.MULTILINE))
    assert described == known


def test_the_functions_of_the_language_are_all_named() -> None:
    listed = re.search(r"The functions are `([^`]+)`", _text(REFERENCE))
    assert listed is not None
    assert set(listed[1].split()) == set(FUNCTIONS)


def test_keys_in_examples_stand_in_the_tables() -> None:
    text = "".join(_text(path) for path in DOCUMENTS if path.name != "CONTRIBUTING.md")
    assert set(re.findall(r"--optimizer (\w+)", text)) - {"KEY", "file"} <= set(OPTIMIZERS)
    assert set(re.findall(r"--schedule \"?(\w+)", text)) - {"KEY"} <= set(SCHEDULES)
    keys = set(re.findall(r"--problem (\w+)", text)) - {"KEY", "rosenbrok"}
    assert keys <= set(PROBLEMS)


def _keys(text: str) -> frozenset[str]:
    return frozenset(QKeySequence(key.strip()).toString() for key in text.split(","))


def test_the_keys_in_readme_are_those_of_the_window(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = WindowActions(window)
    actions.fillMenuBar(QMenuBar(window))
    actions.retranslate()
    _, _, table = _text(README).partition("| Keys | What they do |\n| --- | --- |\n")
    rows = re.findall(r"^\| (\S.*?) \| .* \|$", table.partition("\n\n")[0], re.MULTILINE)
    offered = {_keys(keys) for name, keys in actions.shortcuts() if name != "Step back"}
    assert {_keys(keys) for keys in rows} == offered


def test_pictures_are_pictures_of_the_size_of_a_page() -> None:
    pictures = sorted((ROOT / "docs").glob("*.png"))
    assert pictures
    for path in pictures:
        head = path.read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", head[16:])
        assert width <= 1600 and height <= 1000
        assert path.stat().st_size < 400_000
