"""Drives the equations of the table through the cases that the oracles were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from gdstudio.engine.fused_update import FusedUpdate
from gdstudio.engine.interpreted import InterpretedDescend
from gdstudio.engine.kernels import STOP_CAUSES, Batches, Limits, Rows, StateLayout, descend_kernel
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.recipe import Recipe, composition
from gdstudio.engine.update_rule import UpdateRule
from tests.oracles.parity_cases import CHECKED, PROBLEMS, SINGLE_CHECKED, SINGLE_STEPS, STEPS, Stream, error, streams
from tests.oracles.parity_settings import CLOSED_ONLY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.blocks import Blocks
    from gdstudio.engine.kernels import Rule

    Floats = NDArray[np.float64]

_UNBOUNDED = Limits(0.0, np.inf, False, np.inf, np.inf)
_STREAMS = streams()
_SINGLE_STREAMS = streams(single=True)


def case_rule(optimizer: str, convention: str, settings: Mapping[str, float]) -> tuple[UpdateRule, Floats]:
    """Return the equations of a case and its hyperparameters, see `_rule_of`."""
    rule, hyperparameters = _rule_of(optimizer, convention, settings)
    assert isinstance(rule, UpdateRule)
    return rule, hyperparameters


def _rule_of(optimizer: str, convention: str, settings: Mapping[str, float]) -> tuple[Rule, Floats]:
    """Return the rule of a case and its hyperparameters; weight decay stands around the equations if not in them."""
    whole = composition(Recipe(optimizer, convention).reaching(settings))
    # Keras decays decoupled, whatever is said.
    known = {name: value for name, value in settings.items() if name != "decoupled" or convention != "keras"}
    numbers = {row.key: row.check(known.pop(row.key, row.default)) for row in whole.parameters}
    assert not known
    rule = whole.rule_for(numbers)
    return rule, np.array([numbers[name] for name in rule.hyperparameters])


def _rows(count: int, dimension: int, rule: Rule) -> Rows:
    own = tuple(np.empty(count) for _ in rule.columns)
    return Rows(np.empty((count, dimension)), np.empty(count), np.empty(count), own)


class _Recorded:
    """Stands for an objective: whatever the point, its derivatives are the recorded ones of this step."""

    def __init__(self, stream: Stream, blocks: Blocks | None) -> None:
        self.stream = stream
        self.blocks = blocks
        self.step = 0
        self.dimension = len(stream.start)

    def loss_and_gradient(self, theta: Floats, rows: object = None) -> tuple[float, Floats]:
        """Return the recorded gradient."""
        del theta, rows
        return 0.0, self.stream.gradients[self.step]

    def least_gradient(self, theta: Floats, gradient: Floats) -> Floats:
        """Return the gradient: nothing here has corners."""
        del theta
        return gradient

    def hessian_diagonal(self, theta: Floats, rows: object = None) -> Floats:
        """Return the recorded curvature."""
        del theta, rows
        return self.stream.curvatures[self.step]


def interpreted_open_loop(
    rule: UpdateRule, hyperparameters: Floats, stream: Stream, blocks: Blocks | None = None
) -> Floats:
    """Return the parameters after the checked numbers of steps, by the interpreter."""
    recorded = _Recorded(stream, blocks)
    layout = StateLayout(recorded.dimension, rule)
    state = layout.initial(stream.start, 0.0, stream.gradients[0], hyperparameters)
    kernel, found = InterpretedDescend(rule), []
    for step in range(STEPS):
        recorded.step = step
        state[layout.gradient] = stream.gradients[step]
        rows = _rows(1, recorded.dimension, rule)
        kernel(1, state, hyperparameters, cast("Objective", recorded), _UNBOUNDED, rows, None)
        if step + 1 in CHECKED:
            found.append(state[layout.theta].copy())
    return np.concatenate(found)


def single_open_loop(rule: UpdateRule, hyperparameters: Floats, *, machine: bool) -> NDArray[np.float32]:
    """Return the parameters in float32 after the checked numbers of steps of each stream."""
    return np.concatenate(
        [single_steps(rule, hyperparameters, stream, machine=machine) for stream in _SINGLE_STREAMS.values()]
    )


def single_steps(
    rule: UpdateRule, hyperparameters: Floats, stream: Stream, *, machine: bool = True, blocks: Blocks | None = None
) -> NDArray[np.float32]:
    """Return the parameters in float32 after the checked numbers of steps of one stream."""
    found = []
    theta = stream.start.copy()
    update = FusedUpdate(rule, dict(zip(rule.hyperparameters, hyperparameters, strict=True)), theta, machine, blocks)
    for step in range(SINGLE_STEPS):
        known = {"gradient": stream.gradients[step], "hessian_diagonal": stream.curvatures[step]}

        def elsewhere(key: str, point: Any, known: dict[str, Any] = known) -> Any:
            del point
            return known[key]

        update.step(known["gradient"], elsewhere)
        if step + 1 in SINGLE_CHECKED:
            found.append(theta.copy())
    return np.concatenate(found)


def single_error(
    optimizer: str, convention: str, settings: Mapping[str, float], oracle: NDArray[np.float32], *, machine: bool = True
) -> float:
    """Return the error of a case in float32."""
    ours = single_open_loop(*case_rule(optimizer, convention, settings), machine=machine)
    assert ours.dtype == oracle.dtype == np.float32
    return error(ours.astype(np.float64), oracle.astype(np.float64))


def _slope(stream: Stream) -> Objective:
    """Return a loss over data whose gradient at sample k is the recorded one of step k, wherever it is taken."""
    size = len(stream.start)
    text = " + ".join(f"slope{index}*x{index}" for index in range(size))
    return objective(text, columns={f"slope{index}": stream.gradients[:, index] for index in range(size)})


_SLOPES = {name: _slope(stream) for name, stream in _STREAMS.items()}


def open_loop(rule: UpdateRule, hyperparameters: Floats) -> Floats:
    """Return the parameters after the checked numbers of steps of each stream, by machine code."""
    if rule.needs_curvature:
        return np.concatenate(
            [interpreted_open_loop(rule, hyperparameters, stream) for stream in _STREAMS.values()]
        )
    found = []
    for name, stream in _STREAMS.items():
        goal = _SLOPES[name]
        layout = StateLayout(goal.dimension, rule)
        state = layout.initial(stream.start, 0.0, stream.gradients[0], hyperparameters)
        rows = _rows(STEPS, goal.dimension, rule)
        each = np.arange(STEPS + 1)
        batches = Batches(each[:-1], each, each, np.ones(STEPS, dtype=np.bool_), np.empty(STEPS))
        made, _ = descend_kernel(goal.program, rule, True, True)(
            STEPS, state, hyperparameters, goal, _UNBOUNDED, rows, batches
        )
        assert made == STEPS
        found += [rows.theta[step - 1] for step in CHECKED]
    return np.concatenate(found)


def closed_loop(rule: Rule, hyperparameters: Floats, problem: str, steps: int) -> Floats:
    """Return the parameters after `steps` steps down a problem, by machine code.

    A method that can go no farther stays where it is, as PyTorch's does.
    """
    return closed_loop_of(
        objective(PROBLEMS[problem].text), np.array(PROBLEMS[problem].start), rule, hyperparameters, steps
    )


def closed_loop_of(goal: Objective, start: Floats, rule: Rule, hyperparameters: Floats, steps: int) -> Floats:
    """Return the parameters after `steps` steps down a loss; see `closed_loop`."""
    if not steps:
        return start
    state = StateLayout(goal.dimension, rule).initial(start, *goal.loss_and_gradient(start), hyperparameters)
    rows = _rows(steps, goal.dimension, rule)
    kernel = descend_kernel(goal.program, rule, False, True)
    made, cause = kernel(steps, state, hyperparameters, goal, _UNBOUNDED, rows, None)
    assert made == steps or STOP_CAUSES[cause] in ("no_step", "converged")
    return rows.theta[made - 1]


def errors(
    optimizer: str, convention: str, settings: Mapping[str, float], oracle: Floats
) -> dict[str, tuple[float, int]]:
    """Return the error of each loop of a case, and the steps made: "open", where there is one, and each problem."""
    rule, hyperparameters = _rule_of(optimizer, convention, settings)
    found = {}
    place = 0
    if optimizer not in CLOSED_ONLY:
        assert isinstance(rule, UpdateRule)
        place = sum(len(stream.start) for stream in _STREAMS.values()) * len(CHECKED)
        found["open"] = (error(open_loop(rule, hyperparameters), oracle[:place]), STEPS)
    for name, problem in PROBLEMS.items():
        steps, end = int(oracle[place]), place + 1 + len(problem.start)
        ours = closed_loop(rule, hyperparameters, name, steps)
        found[name] = (error(ours, oracle[place + 1:end]), steps)
        place = end
    assert place == len(oracle)
    return found
