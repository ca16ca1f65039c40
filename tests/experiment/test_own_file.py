"""A user's own optimizer in a file: read with its name, or one sentence why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import gdstudio
from gdstudio.engine.errors import FormulaError, StudioError
from gdstudio.experiment.own_file import own_optimizer_in

if TYPE_CHECKING:
    from pathlib import Path

_HEAVY_BALL = """\
name: Heavy ball
learning_rate: 0.002
keep: 0.8 in 0..1

v = keep * v + g
theta = theta - learning_rate * v
"""


def _written(folder: Path, content: str | bytes, name: str = "ball.txt") -> str:
    place = folder / name
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(place)


def test_it_has_the_name_that_it_says_or_that_of_the_file(tmp_path: Path) -> None:
    assert own_optimizer_in(_written(tmp_path, _HEAVY_BALL)) == ("Heavy ball", _HEAVY_BALL)
    unnamed = "theta = theta - learning_rate * g"
    assert own_optimizer_in(_written(tmp_path, unnamed, "down.eq")) == ("down", unnamed)


def test_line_ends_and_marks_of_other_systems_do_not_matter(tmp_path: Path) -> None:
    other = b"\xef\xbb\xbf" + _HEAVY_BALL.replace("\n", "\r\n").encode()
    assert own_optimizer_in(_written(tmp_path, other)) == ("Heavy ball", _HEAVY_BALL)
    assert own_optimizer_in(_written(tmp_path, _HEAVY_BALL.replace("\n", "\r"))) == ("Heavy ball", _HEAVY_BALL)


def test_tabs_are_spaces(tmp_path: Path) -> None:
    with_tabs = _HEAVY_BALL.replace(" = ", "\t=\t").replace(": ", ":\t").replace("v = ", "\tv\t= ")
    runs = [
        gdstudio.run("bowl", optimizer=f"file:{_written(tmp_path, text)}", iterations=20)
        for text in (_HEAVY_BALL, with_tabs)
    ]
    assert np.array_equal(runs[0].trajectory.theta, runs[1].trajectory.theta)
    assert runs[1].experiment.runs[0].optimizer == "Heavy ball"


def test_it_runs_as_a_built_in_of_the_same_equations(tmp_path: Path) -> None:
    place = _written(tmp_path, _HEAVY_BALL)
    own = gdstudio.run("rosenbrock", optimizer=f"file:{place}", iterations=50)
    built_in = gdstudio.run("rosenbrock", optimizer="momentum", momentum=0.8, learning_rate=0.002, iterations=50)
    assert np.array_equal(own.trajectory.theta, built_in.trajectory.theta)
    run = own.experiment.runs[0]
    assert (run.optimizer, run.equations, run.hyperparameters) == ("Heavy ball", _HEAVY_BALL, {})
    changed = gdstudio.run("rosenbrock", optimizer=f"file:{place}", keep=0.5, schedule="step:size=10", iterations=50)
    assert changed.trajectory.learning_rate[[1, 11]].tolist() == [0.002, 0.002 * 0.1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "The last line must say what theta becomes"),
        ("v = v + g", "The last line must say what theta becomes"),
        (b"\xff\xfe\x00", "no optimizer: it is not text in UTF-8"),
        ("#" * (1 << 17), "no optimizer: it is larger than 65536 bytes"),
        ("theta = theta - g", "No line reads learning_rate"),
        ("import os\ntheta = theta - learning_rate * g", "A line is a name"),
    ],
)
def test_what_is_no_optimizer_is_said(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        own_optimizer_in(_written(tmp_path, content))


def test_a_mistake_has_its_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(FormulaError) as caught:
        own_optimizer_in(_written(tmp_path, "v = g\n\ntheta = theta - learning_rate * * v"))
    assert (caught.value.details["line"], caught.value.column) == (3, 32)


@pytest.mark.parametrize("name", ["none.txt", ".", "nul\0.txt", ""])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match="cannot be read"):
        own_optimizer_in(str(tmp_path / name) if "\0" not in name else name)


def test_it_has_no_convention(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="has no convention: leave out keras"):
        gdstudio.run("bowl", optimizer=f"file:{_written(tmp_path, _HEAVY_BALL)}", convention="keras")
