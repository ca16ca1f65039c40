"""What may be chosen for a loss over data: the columns there are, the models that suit the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.engine.models import MODELS
from gdstudio.experiment import editing_data
from gdstudio.experiment.build import text_of, variables_of
from gdstudio.experiment.document import Data, Problem, Source
from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.offers import SourceColumn, columns_of, suitable_models
from gdstudio.experiment.sampled import sampled

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.experiment.document import Experiment

REGRESSION = tuple(key for key, row in MODELS.items() if row.task == "regression")


def _on(key: str, target: str | None = None) -> Experiment:
    experiment = editing_data.choose_data(greeting(), Source(key=key))
    return experiment if target is None else editing_data.set_target(experiment, target)


@pytest.mark.parametrize(
    ("key", "target", "models"),
    [
        ("noisy_line", None, REGRESSION), ("moons", None, ("logistic", "softmax")), ("iris", None, ("softmax",)),
        ("iris", "petal_length", REGRESSION), ("digits", None, ("softmax",)),
        ("diabetes", "sex", (*REGRESSION, "logistic", "softmax")),
    ],
)
def test_models_suit_the_target(key: str, target: str | None, models: tuple[str, ...]) -> None:
    experiment = _on(key, target)
    assert suitable_models(experiment.problem) == models
    assert experiment.problem.model in models


def test_what_a_typed_loss_reads_decides_nothing() -> None:
    typed = editing_data.set_loss_text(_on("noisy_line"), "(k*x - y)^2")
    assert suitable_models(typed.problem) == REGRESSION


def test_columns_of_a_file_are_all_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("blood pressure;name;y\n1;anna;2.5\n3;bert;5\n4;carl;6\n", encoding="utf-8")
    data = Data(source=Source(file=str(path)))
    expected = (
        SourceColumn("blood_pressure", "blood pressure", False), SourceColumn("name", "name", True),
        SourceColumn("y", "y", False),
    )
    assert columns_of(data) == expected
    problem = Problem(model="linear", data=data)
    assert sampled(problem).samples.features == ("blood_pressure",)
    assert suitable_models(problem) == REGRESSION


def test_a_file_with_labels_is_opened_for_a_classifier(tmp_path: Path) -> None:
    path = tmp_path / "kinds.csv"
    path.write_text("x,kind,z\n1,a,3\n2,b,1\n3,a,0\n4,b,2\n", encoding="utf-8")
    opened = editing_data.choose_data(greeting(), Source(file=str(path)), "kind", ["z", "x"], True)
    assert opened.problem.model == "logistic"
    assert opened.problem.data is not None
    assert opened.problem.data.standardize
    assert sampled(opened.problem).samples.features == ("z", "x")
    assert suitable_models(opened.problem) == ("logistic", "softmax")


def test_a_model_becomes_a_text_that_means_the_same() -> None:
    huber = editing_data.choose_loss(_on("noisy_line"), "huber")
    huber = editing_data.set_number_over_data(huber, "delta", 0.5)
    ridge = editing_data.set_penalty(huber, "ridge")
    typed = editing_data.choose_model(ridge, None)
    assert typed.problem.penalty == "ridge"
    assert "strength" not in text_of(typed.problem)
    assert variables_of(typed.problem) == variables_of(ridge.problem)
    theta = [0.3, -0.7]
    before, after = (sampled(each.problem).objective.loss_and_gradient(theta)[0] for each in (ridge, typed))
    assert after == pytest.approx(before, rel=1e-12)


def test_a_feature_more_or_less_keeps_the_order_of_the_data() -> None:
    fewer = editing_data.set_feature(_on("diabetes"), "age", False)
    assert sampled(fewer.problem).samples.features[:2] == ("sex", "bmi")
    again = editing_data.set_feature(fewer, "age", True)
    assert sampled(again.problem).samples.features[:2] == ("age", "sex")


def test_a_target_of_labels_does_not_become_a_feature() -> None:
    chosen = editing_data.set_features(_on("iris"), ("petal_length", "petal_width"))
    changed = editing_data.set_target(chosen, "petal_length")
    assert sampled(changed.problem).samples.features == ("petal_width",)
    assert changed.problem.model == "linear"


def test_a_target_of_numbers_takes_the_place_of_the_new_one() -> None:
    chosen = editing_data.set_features(_on("correlated"), ("x1",))
    assert sampled(editing_data.set_target(chosen, "x1").problem).samples.features == ("y",)


def test_the_last_feature_cannot_go() -> None:
    with pytest.raises(StudioError, match="at least one feature"):
        editing_data.set_feature(_on("noisy_line"), "x", False)
