"""Experiments as files: there and back, and one sentence for everything that is wrong."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.descent import Change
from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition
from gdstudio.engine.stopping import Stopping
from gdstudio.experiment.build import advance_with_changes, descent_of
from gdstudio.experiment.document import MAXIMUM_SEED, Experiment, Problem, Run
from gdstudio.experiment.file import MAXIMUM_BYTES, from_json, open_experiment, save_experiment, to_json
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from pathlib import Path

FINITE = st.floats(allow_nan=False, allow_infinity=False)
RATES = st.floats(0.0, 1e300)
RUNS = st.builds(
    Run,
    optimizer=st.just("adam"),
    hyperparameters=st.dictionaries(st.just("learning_rate"), RATES),
    slot=st.integers(0, 9),
    visible=st.booleans(),
    changes=st.lists(st.builds(Change, st.integers(0, 900), st.just("beta1"), st.floats(0.0, 0.99)), max_size=3).map(
        lambda changes: tuple(sorted(changes, key=lambda change: change.iteration))
    ),
)
EXPERIMENTS = st.builds(
    Experiment,
    problem=st.just(Problem(text="(a-b)^2 + c")),
    start=st.tuples(FINITE, FINITE, FINITE),
    runs=st.lists(RUNS, max_size=4).map(tuple),
    stopping=st.builds(
        Stopping,
        iterations=st.integers(0, 10**5),
        tolerance=st.floats(0.0, 1e300),
        patience=st.none() | st.integers(1, 10**6),
    ),
    seed=st.integers(0, MAXIMUM_SEED),
    shown=st.sampled_from([(0, 1), (2, 0), (1, 2)]),
    scale=st.sampled_from([None, "linear", "log"]),
)


def content(**changed: Any) -> dict[str, Any]:
    """Return the greeting as plain data with some fields set, or left out where set to None."""
    whole: dict[str, Any] = json.loads(to_json(greeting())) | changed
    return {name: value for name, value in whole.items() if value is not None}


def reread(**changed: Any) -> Experiment:
    return from_json(json.dumps(content(**changed)).encode())


@given(EXPERIMENTS)
def test_what_is_written_reads_back_the_same(experiment: Experiment) -> None:
    assert from_json(to_json(experiment)) == experiment


def test_the_file_is_strict_json_with_its_format_and_version(tmp_path: Path) -> None:
    place = tmp_path / "valley.json"
    save_experiment(greeting(), place)
    written = json.loads(place.read_text(encoding="utf-8"))
    assert (written["format"], written["version"]) == ("gdstudio-experiment", 1)
    assert written["problem"]["key"] == "rosenbrock"
    assert written["runs"][0]["hyperparameters"] == {"learning_rate": 0.02}
    assert open_experiment(place) == greeting()
    assert [path.name for path in tmp_path.iterdir()] == ["valley.json"]


def test_fields_that_are_missing_have_their_defaults_where_there_are_any() -> None:
    small = {"format": "gdstudio-experiment", "version": 1, "problem": {"key": "bowl"}, "start": [1, 2], "runs": [{}]}
    experiment = from_json(json.dumps(small).encode())
    assert experiment == Experiment(problem=Problem(key="bowl"), start=(1.0, 2.0), runs=(Run(),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "cannot be read as JSON"),
        (b"\x00\xff\xfe", "cannot be read as JSON"),
        (b"{", "cannot be read as JSON"),
        (b'{"format": "gdstudio-experiment", "version": 1, "seed": NaN}', "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[]", "not an object"),
        (b"3", "not an object"),
        (b"{}", "its field format is not gdstudio-experiment"),
        (b'{"format": "other", "version": 1}', "its field format is not"),
        (b'{"format": "gdstudio-experiment"}', "version must be a whole number"),
        (b'{"format": "gdstudio-experiment", "version": true}', "version must be a whole number"),
        (b'{"format": "gdstudio-experiment", "version": 4}', "newer program"),
        (b" " * (MAXIMUM_BYTES + 1), "larger than"),
    ],
)
def test_what_is_no_experiment_is_said(text: bytes, message: str) -> None:
    with pytest.raises(StudioError, match=message):
        from_json(text)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"colour": "red"}, "unknown field colour"),
        ({"problem": {"key": "bowl", "kye": 1}}, r"unknown field problem\.kye"),
        ({"runs": [{}, {"optimiser": "gd"}]}, r"unknown field runs\[1\]\.optimiser"),
        ({"runs": [{"changes": [{"when": 1}]}]}, r"unknown field runs\[0\]\.changes\.when"),
        ({"stopping": {"patient": 1}}, r"unknown field stopping\.patient"),
        ({"problem": None}, "missing required field `problem`"),
        ({"seed": "7"}, "Expected `int`, got `str`"),
        ({"seed": 10**30}, "seed must lie between 0 and"),
        ({"seed": -1}, "seed must lie between 0 and"),
        ({"runs": {"optimizer": "gd"}}, "got `object`"),
        ({"runs": [3]}, "does not fit"),
        ({"problem": {"key": "bowl", "text": "x"}}, "not key and text"),
        ({"problem": {"key": "rosenbrok"}}, "try rosenbrock"),
        ({"problem": {"text": "import os"}}, "os"),
        ({"start": [1.0]}, "The start has 1 number"),
        ({"start": [1.0, 1e999]}, "JSON"),
        ({"stopping": {"iterations": -1}}, "iterations must lie between"),
        ({"stopping": {"iterations": 10**9}}, "iterations must lie between"),
        ({"stopping": {"stop_at_sign_change": True}}, "one variable"),
        ({"runs": [{"optimizer": "adm"}]}, "try adam"),
        ({"runs": [{"hyperparameters": {"beta1": 1.5}}]}, r"beta1 must lie in \[0, 1\)"),
        ({"runs": [{"hyperparameters": {"rho": 0.5}}]}, "no hyperparameter called rho"),
        ({"runs": [{"batch": 4}]}, "no data"),
        ({"runs": [{"accumulate": 10**8 + 1}]}, "accumulate must lie between 1 and 100000000"),
        ({"runs": [{"accumulate": 0}]}, "accumulate must lie between 1 and"),
        ({"runs": [{"convention": "kears"}]}, "no convention called kears; try keras"),
        ({"runs": [{"optimizer": "lion", "convention": "pytorch"}]}, "lion has no convention called pytorch"),
        ({"runs": [{"additions": [{"key": "cosin"}]}]}, "Nothing called cosin can be put .* try cosine"),
        ({"runs": [{"additions": [{"key": "step"}, {"key": "cosine"}]}]}, "two schedules, step and cosine"),
        ({"runs": [{"additions": [{"key": "sam"}, {"key": "sam"}]}]}, "sam is there twice"),
        ({"runs": [{"additions": [{"key": "formula", "text": "q*t"}]}]}, "q means nothing in it"),
        ({"runs": [{"additions": [{"key": "multistep", "text": "99"}]}]}, "1 to 20 milestones"),
        ({"runs": [{"additions": [{"kye": "sam"}]}]}, r"unknown field runs\[0\]\.additions\.kye"),
        ({"runs": [{"additions": [{"key": "step"}], "hyperparameters": {"schedule_size": 0}}]}, "schedule_size must"),
        ({"runs": [{"optimizer": "bfgs", "additions": [{"key": "sam"}]}]}, "searches its own step"),
        ({"runs": [{"optimizer": "Mine", "equations": "theta = theta -"}]}, "ends where a number"),
        ({"runs": [{"optimizer": "", "equations": "theta = theta - learning_rate*g"}]}, "A name has 1 to 60"),
        ({"runs": [{"optimizer": "M" * 61, "equations": "theta = theta - learning_rate*g"}]}, "A name has 1 to 60"),
        ({"runs": [{"equations": 3}]}, "does not fit"),
        ({"runs": [{"slot": -1}]}, "slot"),
        ({"runs": [{}] * 51}, "at most 50 runs"),
        ({"runs": [{"changes": [{"iteration": -1, "name": "beta1", "value": 0.1}]}]}, "order"),
        ({"runs": [{"changes": [{"iteration": 1, "name": "rho", "value": 0.1}]}]}, "no hyperparameter called rho"),
        ({"runs": [{"changes": [{"iteration": 1, "name": "beta1", "value": 7}]}]}, r"beta1 must lie in"),
        ({"shown": [0, 2]}, "variables shown"),
        ({"shown": [1, 1]}, "variables shown"),
        ({"shown": [0]}, "does not fit"),
        ({"scale": "cubic"}, "does not fit"),
    ],
)
def test_what_does_not_fit_is_said(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(StudioError, match=message) as caught:
        reread(**changed)
    assert len(str(caught.value)) < 1_000


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
), st.sampled_from(sorted(content())))
def test_no_value_of_any_field_ends_in_anything_but_a_sentence(value: Any, field: str) -> None:
    try:
        reread(**{field: value})
    except StudioError as error:
        assert str(error)


_AROUND = Experiment(
    problem=Problem(key="rosenbrock"),
    start=(-1.2, 1.0),
    runs=(
        Run(
            optimizer="rmsprop", convention="keras", additions=(Addition("multistep", "3"), Addition("lookahead")),
            hyperparameters={"schedule_milestone3": 200.0, "lookahead_k": 3.0, "weight_decay": 0.1},
            changes=(Change(5, "lookahead_alpha", 0.2), Change(9, "weight_decay", 0.0)),
        ),
        Run(
            optimizer="Mine", equations="v = keep*v + g\ntheta = theta - learning_rate*v",
            hyperparameters={"keep": 0.5},
        ),
    ),
)


def test_what_is_around_an_optimizer_reads_back_the_same_and_runs_the_same() -> None:
    written = to_json(_AROUND)
    assert json.loads(written)["version"] == 2
    read = from_json(written)
    assert read == _AROUND
    for index in range(2):
        ends = []
        for experiment in (_AROUND, read):
            descent = descent_of(experiment, index)
            advance_with_changes(descent, experiment.runs[index], 300)
            ends.append(descent.theta.tolist())
        assert ends[0] == ends[1]


def test_what_the_first_version_could_hold_is_written_as_it_was() -> None:
    written = json.loads(to_json(greeting()))
    assert written["version"] == 1
    assert set(written["runs"][0]) == {"optimizer", "hyperparameters", "batch", "slot", "visible", "changes"}


def test_a_file_of_the_first_version_opens() -> None:
    whole = json.loads(to_json(greeting()))
    assert whole["version"] == 1
    assert from_json(json.dumps(whole).encode()) == greeting()
    assert from_json(json.dumps(whole | {"version": 2}).encode()) == greeting()


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    place = tmp_path / "marked.json"
    place.write_bytes(b"\xef\xbb\xbf" + to_json(greeting()))
    assert open_experiment(place) == greeting()
    with pytest.raises(StudioError, match="cannot be read as JSON"):
        from_json(b"\xef\xbb\xbf\xef\xbb\xbf{}")


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be read: No such file"):
        open_experiment(tmp_path / "none.json")
    with pytest.raises(StudioError, match="cannot be read"):
        open_experiment(tmp_path)
    with pytest.raises(StudioError, match="cannot be read"):
        open_experiment("nul\0.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(StudioError, match=r"pipe\.json is not a file"):
        open_experiment(tmp_path / "pipe.json")


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    place = tmp_path / "huge.json"
    with place.open("wb") as file:
        file.truncate(100 * 1024**2)
    with pytest.raises(StudioError, match="larger than"):
        open_experiment(place)


def test_saving_where_nothing_can_be_saved_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot be written: No such file"):
        save_experiment(greeting(), tmp_path / "none" / "x.json")
