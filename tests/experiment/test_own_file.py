"""A user's own optimizer in a file: read with its name, or one sentence why not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

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
        ("theta = theta - a*", "In .*ball.txt: "),
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


def test_a_mistake_names_the_file(tmp_path: Path) -> None:
    place = _written(tmp_path, "theta = theta - learning_rate * * g")
    with pytest.raises(FormulaError) as caught:
        gdstudio.run("bowl", optimizer=f"file:{place}")
    assert str(caught.value).startswith(f"In {place}: ")
    assert caught.value.text == "theta = theta - learning_rate * * g"


def test_a_path_that_is_missing_is_asked_for() -> None:
    with pytest.raises(StudioError, match="file: is followed by its path"):
        gdstudio.run("bowl", optimizer="file:")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(StudioError, match="it is no file on a disk"):
        own_optimizer_in(str(pipe))


@pytest.mark.parametrize("given", [{"noise": 0.1}, {"warmup": 10}, {"clip_norm": 1.0}, {"clip_value": 1.0}])
def test_a_number_called_as_an_addition_is_no_addition(tmp_path: Path, given: dict[str, Any]) -> None:
    (name,) = given
    place = _written(tmp_path, f"{name}: 0.5\ntheta = theta - learning_rate * {name} * g")
    with pytest.raises(StudioError, match=f"ball has {name} in its own equations, so {name} cannot be put around it"):
        gdstudio.run("bowl", optimizer=f"file:{place}", **given)
    assert gdstudio.run("bowl", optimizer=f"file:{place}", iterations=5).iterations == 5


def test_a_number_of_the_problem_and_of_the_optimizer_is_set_in_neither(tmp_path: Path) -> None:
    place = _written(tmp_path, "angle: 0.5\ntheta = theta - learning_rate * angle * g")
    with pytest.raises(StudioError, match="The problem and ball both have a number called angle"):
        gdstudio.run("bowl", optimizer=f"file:{place}", angle=30.0)
    assert gdstudio.run("parabola", optimizer=f"file:{place}", angle=0.1).hyperparameters["angle"] == 0.1


@pytest.mark.parametrize("name", ["none.txt", ".", "nul\0.txt"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(StudioError, match="cannot be read"):
        own_optimizer_in(str(tmp_path / name) if "\0" not in name else name)


def test_it_has_no_convention(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="has no convention: leave out keras"):
        gdstudio.run("bowl", optimizer=f"file:{_written(tmp_path, _HEAVY_BALL)}", convention="keras")
