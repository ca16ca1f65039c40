"""Muon on softmax regression from the command line, in files and in a person's own equations."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from gdstudio.engine.optimizers import OPTIMIZERS
from gdstudio.engine.own_optimizer import own_optimizer, text_of
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.experiment.build import advance_with_changes, descent_of, start_of
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.editing import change_hyperparameter
from gdstudio.experiment.file import open_experiment, save_experiment
from tests.engine.agreement import assert_same_bits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = tuple[int, str, str]

_CONVENTIONS = OPTIMIZERS["muon"].conventions
_SOFTMAX = ("run", "--model", "softmax", "--data", "digits", "--iterations", "40")


@pytest.mark.parametrize("convention", _CONVENTIONS)
def test_it_fits_digits_and_writes_its_path(say: Callable[..., Said], tmp_path: Path, convention: str) -> None:
    out = tmp_path / "path.csv"
    code, said, err = say(
        *_SOFTMAX, "--optimizer", "muon", "--convention", convention, "--batch", "64", "--schedule",
        "cosine:iterations=40", "--warmup", "5", "--json", "--out", str(out),
    )
    assert (code, err) == (0, "")
    found = json.loads(said)
    assert found["metrics"]["train"]["accuracy"] > 0.9
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 41
    assert float(rows[-1]["W_63_9"]) == found["theta"]["W_63_9"]


def test_it_comes_back_from_a_file_with_what_was_changed_on_the_way(tmp_path: Path) -> None:
    problem = Problem(model="softmax", data=Data(source=Source(key="iris")))
    runs = (Run(optimizer="muon", convention="keras"), Run(optimizer="muon", slot=1), Run(optimizer="adam", slot=2))
    experiment = Experiment(problem=problem, start=start_of(problem), runs=runs)
    for index, (name, value) in enumerate((("rms_rate", 0.0), ("adjust_lr_fn", 1.0))):
        experiment = change_hyperparameter(experiment, index, name, value, 7)
    save_experiment(experiment, tmp_path / "race.json")
    again = open_experiment(tmp_path / "race.json")
    assert again == experiment
    for index in range(3):
        one, other = descent_of(experiment, index), descent_of(again, index)
        advance_with_changes(one, experiment.runs[index], 25)
        for count in (3, 4, 18):
            advance_with_changes(other, again.runs[index], count)
        assert_same_bits(one.trajectory.theta, other.trajectory.theta)


@pytest.mark.parametrize("convention", _CONVENTIONS)
def test_its_equations_can_be_copied_and_changed(convention: str) -> None:
    whole = composition(Recipe("muon", convention))
    text = text_of("Mine", whole.equations, whole.parameters, whole.initial)
    problem = Problem(model="softmax", data=Data(source=Source(key="iris")))
    copied = Run(optimizer="Mine", equations=text, hyperparameters={"learning_rate": 0.05})
    built_in = Run(optimizer="muon", convention=convention, hyperparameters={"learning_rate": 0.05}, slot=1)
    experiment = Experiment(problem=problem, start=start_of(problem), runs=(copied, built_in))
    assert [row.key for row in own_optimizer(text).parameters] == [row.key for row in whole.parameters]
    paths = []
    for index in range(2):
        descent = descent_of(experiment, index)
        descent.advance(30)
        paths.append(descent.trajectory.theta)
    assert_same_bits(*paths)
