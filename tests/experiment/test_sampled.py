"""What stands behind a loss over data: samples, text, start, numbers; and that it is found once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.data.edits import Edits
from gdstudio.data.progress import heard_by
from gdstudio.data.table import Table
from gdstudio.engine.errors import StudioError
from gdstudio.experiment.build import data_of, objective_of, problem_parameters_of, start_of, variables_of
from gdstudio.experiment.data_file import file_source
from gdstudio.experiment.document import Data, Problem, Source
from gdstudio.experiment.sampled import is_loaded, raw_table, sampled, table_of

if TYPE_CHECKING:
    from pathlib import Path

LINE = Data(source=Source(key="noisy_line"))


def small(**columns: list[float]) -> Source:
    return Source(table=Table(tuple(columns), tuple(columns), np.array(list(columns.values()), dtype=np.float64)))


def test_a_model_has_its_names_and_starts_where_its_row_says() -> None:
    assert variables_of(Problem(model="linear", data=LINE)) == ("b", "w_x")
    assert start_of(Problem(model="linear", data=LINE)) == (0.0, 0.0)
    assert start_of(Problem(model="sine", data=LINE)) == (1.0, 1.0, 0.0)


def test_a_typed_loss_over_data_starts_at_zero() -> None:
    problem = Problem(text="(a*exp(-k*x) - y)^2", data=LINE)
    assert variables_of(problem) == ("a", "k")
    assert start_of(problem) == (0.0, 0.0)


def test_a_listed_problem_over_data_is_the_same_loss_as_its_text_typed() -> None:
    listed, typed = Problem(key="line_fit"), Problem(text="(w*x + b - y)^2", data=LINE)
    assert data_of(listed) == LINE
    theta = np.array([0.3, -0.7])
    assert objective_of(listed).loss_and_gradient(theta)[0] == objective_of(typed).loss_and_gradient(theta)[0]
    assert start_of(listed) != start_of(typed)


def test_equal_problems_share_their_samples_and_others_do_not() -> None:
    one = Problem(model="linear", data=Data(source=Source(key="noisy_line"), held_out=0.25))
    same = Problem(model="linear", data=Data(source=Source(key="noisy_line"), held_out=0.25))
    assert sampled(one) is sampled(same)
    assert is_loaded(same)
    assert sampled(one) is not sampled(replace(one, penalty="ridge:0.1"))


def test_training_and_held_out_samples_are_all_there_are() -> None:
    loss = sampled(Problem(model="linear", data=replace(LINE, held_out=0.25)))
    assert loss.held_out is not None
    assert (loss.objective.samples, loss.held_out.samples) == (48, 16)


def test_a_penalty_is_added_once_to_the_mean() -> None:
    plain, ridge = Problem(model="linear", data=LINE), Problem(model="linear", data=LINE, penalty="ridge:0.5")
    theta = np.array([2.0, 3.0])
    bare, whole = (objective_of(problem).loss_and_gradient(theta)[0] for problem in (plain, ridge))
    assert whole == pytest.approx(bare + 0.5 * 9.0, rel=1e-14)


def test_the_strength_of_a_penalty_is_a_number_that_compiles_nothing() -> None:
    ridge = Problem(model="linear", data=LINE, penalty="ridge:0.5")
    stronger = replace(ridge, parameters={"strength": 2.0})
    assert [(parameter.key, value) for parameter, value in problem_parameters_of(stronger)] == [("strength", 2.0)]
    assert objective_of(ridge).program is objective_of(stronger).program


@pytest.mark.parametrize(("problem", "message"), [
    (Problem(model="linaer", data=LINE), "no model called linaer; try linear"),
    (Problem(model="linear", data=Data(source=Source(key="noisy_lin"))), "noisy_lin"),
    (Problem(model="linear", loss="huberr", data=LINE), "no.* huberr; it has huber"),
    (Problem(model="linear", parameters={"degree": 2.0}, data=LINE), "degree"),
    (Problem(model="linear", penalty="ridge:-1", data=LINE), "strength must"),
    (Problem(text="(w*x - y)^2", parameters={"k": 2.0}, data=LINE), "none called k"),
    (Problem(text="(w*q - r)^2", data=LINE), "names no column of the data: use some of"),
    (Problem(text="(x - y)^2", data=LINE), "no variable"),
    (Problem(model="linear", data=replace(LINE, target="z")), "no column called z; try x, y"),
    (Problem(model="linear", data=replace(LINE, target="y", features=("y",))), "y is the target"),
])
def test_what_does_not_fit_is_said(problem: Problem, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        objective_of(problem)


def test_edits_are_in_the_samples() -> None:
    source = small(x=[0.0, 1.0, 2.0], y=[1.0, 3.0, 5.0])
    data = Data(source=source, edits=Edits().moved(1, {"y": 9.0}).with_row({"x": 4.0, "y": 4.0}).without([0]))
    loss = sampled(Problem(model="linear", data=data))
    assert loss.samples.values.tolist() == [[1.0, 2.0, 4.0], [9.0, 5.0, 4.0]]


def written(folder: Path, text: str) -> Source:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return Source(file=str(path))


def test_only_the_columns_that_are_read_need_be_without_faults(tmp_path: Path) -> None:
    source = written(tmp_path, "x,faulty,y\n1,,2\n2,oops,4\n3,7,6\n")
    with pytest.raises(StudioError, match="faulty"):
        objective_of(Problem(model="linear", data=Data(source=source)))
    problem = Problem(model="linear", data=Data(source=source, features=("x",)))
    assert objective_of(problem).samples == 3
    typed = Problem(text="(w*x - y)^2", data=Data(source=source))
    assert objective_of(typed).samples == 3


def test_a_feature_that_the_loss_does_not_read_is_read_all_the_same(tmp_path: Path) -> None:
    source = written(tmp_path, "x,faulty,y,mass (kg)\n1,,2,5\n2,oops,4,6\n3,7,6,8\n")
    for features in (("mass_kg",), ("mass (kg)",)):
        loss = sampled(Problem(text="(w*x - y)^2", data=Data(source=source, features=features)))
        assert (loss.samples.features, loss.samples.target) == (("mass_kg",), "y")
        assert loss.objective.variables == ("w",)
    with pytest.raises(StudioError, match="no column faults; try faulty"):
        sampled(Problem(text="(w*x - y)^2", data=Data(source=source, features=("faults",))))


def test_the_target_of_a_typed_loss_is_no_column_that_was_named_a_feature(tmp_path: Path) -> None:
    file = written(tmp_path, "x,y,z\n1,2,5\n2,4,6\n3,7,1\n")
    for source in (file, small(x=[1.0, 2.0, 3.0], y=[2.0, 4.0, 7.0], z=[5.0, 6.0, 1.0])):
        for text, target in (("(w*x - y)^2", "y"), ("(w*z - x)^2", "x"), ("(w*z - y)^2", "y")):
            loss = sampled(Problem(text=text, data=Data(source=source, features=("z",))))
            assert (loss.samples.features, loss.samples.target) == (("z",), target)


def test_a_loss_that_reads_no_column_is_told_which_the_file_has(tmp_path: Path) -> None:
    source = written(tmp_path, "x,faulty,y\n1,,2\n2,oops,4\n3,7,6\n")
    with pytest.raises(StudioError, match="use some of x, faulty, y"):
        objective_of(Problem(text="1", data=Data(source=source)))


def test_columns_are_known_by_their_titles_too(tmp_path: Path) -> None:
    source = written(tmp_path, "blood pressure,weight (kg)\n120,70\n130,80\n110,60\n")
    loss = sampled(Problem(model="linear", data=Data(source=source, target="weight (kg)")))
    assert loss.columns == {"blood pressure": "blood_pressure", "weight (kg)": loss.samples.target}
    assert loss.objective.variables == ("b", "w_blood_pressure")


def test_a_file_is_read_once(tmp_path: Path) -> None:
    source = written(tmp_path, "x,y\n1,2\n2,4\n3,6\n")
    assert raw_table(source) is raw_table(replace(source, digest="0"))
    assert table_of(Data(source=source)).rows == 3


@pytest.mark.parametrize("meanwhile", ["x,y\n1,2\n", "x,y\n" + "7,8\n" * 5000])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, meanwhile: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n" + "1,2\n3,4\n" * 2000, encoding="utf-8")

    def change(share: float) -> bool:
        path.write_text(meanwhile, encoding="utf-8")
        return share <= 1.0

    source = file_source(path)
    with heard_by(change), pytest.raises(StudioError, match=r"data\.csv has changed since it was opened"):
        raw_table(source)
    assert raw_table(file_source(path)).rows == meanwhile.count("\n") - 1
