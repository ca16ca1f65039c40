"""The kernel of softmax regression against the interpreter, and against itself in other divisions."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.engine import descent as descents
from gdstudio.engine.descent import Descent
from gdstudio.engine.models import MODELS
from gdstudio.engine.models.penalties import read_penalty
from gdstudio.engine.models.softmax import SoftmaxObjective
from gdstudio.engine.models.softmax_kernel import SoftmaxDescend
from gdstudio.engine.recipe import Addition, Recipe
from gdstudio.engine.sampling import Batching
from gdstudio.engine.stopping import Stopping
from tests.engine.agreement import assert_close, assert_same_bits

_SAMPLES, _CLASSES = 90, 4
_FEATURES = ("x", "z", "v")


def _goal(penalty: str | None = None) -> SoftmaxObjective:
    random = np.random.Generator(np.random.Philox(11))
    columns = {name: random.standard_normal(_SAMPLES) for name in _FEATURES}
    columns["kind"] = random.integers(0, _CLASSES, _SAMPLES).astype(float)
    chosen = None if penalty is None else read_penalty(penalty)
    labels = [str(label) for label in range(_CLASSES)]
    goal = MODELS["softmax"].build(_FEATURES, "kind", labels, penalty=chosen).objective(columns)
    assert isinstance(goal, SoftmaxObjective)
    return goal


def _run(
    recipe: str | Recipe = "gd", batch: int | Batching | None = None, machine: bool = True, penalty: str | None = None,
    numbers: dict[str, float] | None = None, stopping: Stopping | None = None,
) -> Descent:
    goal = _goal(penalty)
    return Descent(
        goal, recipe, np.linspace(-0.5, 0.5, goal.dimension), {"learning_rate": 0.2, **(numbers or {})},
        stopping or Stopping(iterations=200, tolerance=0.0), 5, batch, machine,
    )


_BATCHES = [
    None, 1, 7, 90, Batching(32, drop_last=True), Batching(16, "replacement"), Batching(20, "sequential"),
    Batching(20, "shuffled_once"), Batching(8, accumulate=3), Batching(7, accumulate=50),
]


@pytest.fixture(params=[descents.FULL_LOSS_NUMBERS, 1], ids=["every loss", "losses at epochs"])
def _often(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descents, "FULL_LOSS_NUMBERS", request.param)


@pytest.mark.usefixtures("_often")
@pytest.mark.parametrize("penalty", [None, "elastic_net:0.01"])
@pytest.mark.parametrize("batch", _BATCHES, ids=str)
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_the_kernel_does_what_the_interpreter_does(
    optimizer: str, batch: int | Batching | None, penalty: str | None
) -> None:
    runs = [_run(optimizer, batch, machine, penalty) for machine in (True, False)]
    assert isinstance(runs[0]._kernel, SoftmaxDescend)
    for run in runs:
        run.advance(60)
    ours, wanted = (run.trajectory for run in runs)
    assert_close(ours.theta, wanted.theta, 1e-11)
    assert_close(ours.loss, wanted.loss, 1e-12)
    assert_close(ours.gradient_norm, wanted.gradient_norm, 1e-11)
    assert_close(runs[0].take_state().values, runs[1].take_state().values, 1e-11)
    if wanted.batch_loss is not None and ours.batch_loss is not None:
        assert_close(ours.batch_loss, wanted.batch_loss, 1e-12)


@pytest.mark.usefixtures("_often")
@pytest.mark.parametrize("batch", _BATCHES, ids=str)
def test_any_division_into_calls_gives_the_same_bits(batch: int | Batching | None) -> None:
    whole, parts = _run("adam", batch), _run("adam", batch)
    whole.advance(61)
    for count in (1, 2, 5, 13, 40):
        parts.advance(count)
    assert_same_bits(whole.trajectory.theta, parts.trajectory.theta)
    assert_same_bits(whole.trajectory.loss, parts.trajectory.loss)
    assert_same_bits(whole.take_state().values, parts.take_state().values)
    if whole.trajectory.batch_loss is not None and parts.trajectory.batch_loss is not None:
        assert_same_bits(whole.trajectory.batch_loss, parts.trajectory.batch_loss)


def test_a_run_goes_on_from_a_state_that_was_taken() -> None:
    run = _run("adam", 7)
    run.advance(20)
    state = run.take_state()
    run.advance(30)
    other = _run("adam", 7)
    other.put_state(state)
    other.advance(30)
    assert_same_bits(run.take_state().values, other.take_state().values)


@pytest.mark.usefixtures("_often")
@pytest.mark.parametrize("batch", [None, 7, Batching(8, accumulate=3)], ids=str)
def test_it_diverges_where_the_interpreter_does(batch: int | Batching | None) -> None:
    stopping = Stopping(iterations=2_000, tolerance=0.0)
    runs = [
        _run("momentum", batch, machine, "ridge:1", {"learning_rate": 4.0}, stopping) for machine in (True, False)
    ]
    for run in runs:
        run.advance(2_000)
    assert runs[0].outcome == runs[1].outcome == "diverged"
    assert runs[0].iterations == runs[1].iterations > 1
    assert len(runs[0].trajectory) == len(runs[1].trajectory)
    steps = [run.take_state().values[2 * run.objective.dimension + 2] for run in runs]
    assert steps[0] == steps[1] == runs[0].iterations
    again = _run("momentum", batch, True, "ridge:1", {"learning_rate": 4.0}, stopping)
    while again.outcome is None:
        again.advance(1)
    assert_same_bits(again.take_state().values, runs[0].take_state().values)


@pytest.mark.usefixtures("_often")
def test_it_converges_and_stalls_where_the_full_loss_says_so() -> None:
    near, slow = Stopping(iterations=5_000, tolerance=1e-2), Stopping(iterations=5_000, tolerance=0.0, patience=30)
    for stopping in (near, slow):
        runs = [_run("gd", 30, machine, "ridge:0.1", None, stopping) for machine in (True, False)]
        for run in runs:
            run.advance(5_000)
        assert runs[0].outcome == runs[1].outcome
        assert runs[0].outcome in ("converged", "stalled")
        assert runs[0].iterations == runs[1].iterations


@pytest.mark.parametrize(
    ("optimizer", "additions"),
    [
        ("gd", ("noise",)), ("gd", ("clip_norm",)), ("adam", ("cosine",)), ("nesterov_lookahead", ()),
        ("sophia", ()), ("lamb", ()),
    ],
)
def test_what_no_single_pass_can_do_is_interpreted(optimizer: str, additions: tuple[str, ...]) -> None:
    recipe = Recipe(optimizer, additions=tuple(Addition(key) for key in additions))
    runs = [_run(recipe, 7, machine, None, {"learning_rate": 0.01}) for machine in (True, False)]
    for run in runs:
        run.advance(30)
    assert_same_bits(runs[0].trajectory.theta, runs[1].trajectory.theta)
    assert runs[0].trajectory.loss[-1] != runs[0].trajectory.loss[0]


@pytest.mark.parametrize("machine", [True, False])
def test_a_proximal_step_leaves_the_intercepts_alone(machine: bool) -> None:
    run = _run(Recipe("gd", additions=(Addition("proximal"),)), 30, machine, "lasso:5")
    run.advance(200)
    blocks = run.objective.blocks.views(run.theta)
    np.testing.assert_array_equal(blocks["W"], 0.0)
    shares = np.bincount(_goal().right, minlength=_CLASSES) / _SAMPLES
    found = np.exp(blocks["b"]) / np.exp(blocks["b"]).sum()
    np.testing.assert_allclose(found, shares, atol=0.05)
