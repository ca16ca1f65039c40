"""Many starts at once against one start at a time, by machine code and by NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.engine.descent import Descent
from gdstudio.engine.errors import StudioError
from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.many_starts import Ends, ManyStarts
from gdstudio.engine.objective import Objective, objective
from gdstudio.engine.optimizers import EQUATIONS
from gdstudio.engine.recipe import Recipe, composition
from tests.data.tables import columns_of
from tests.engine.agreement import UNSTOPPED, assert_close, assert_same_bits, is_exact, rule_is_exact

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS = 30
# Exact, and with a vector function, and in more variables than two, and with data.
_GOALS = ("rosenbrock", "rastrigin", "rosenbrock_10", "line_fit")


def _goal(problem: str) -> tuple[Objective, NDArray[np.float64]]:
    """Return a problem and starts around its own: more than a vector, and no whole number of vectors."""
    row = PROBLEMS[problem]
    numbers = {parameter.key: parameter.default for parameter in row.parameters}
    goal = objective(row.text, numbers, columns_of(row.dataset) if row.dataset else None)
    return goal, np.array(row.start) + np.random.default_rng(1).normal(size=(19, goal.dimension)) * 0.1


def _ends(
    goal: Objective, recipe: Recipe, starts: NDArray[np.float64], machine: bool = True, steps: int = _STEPS
) -> Ends:
    made = composition(recipe)
    numbers = [parameter.default for parameter in made.parameters]
    work = ManyStarts(goal, made.rule, numbers, starts, steps, machine)
    for span in work.spans(1):
        work.descend(span)
    return work.ends


@pytest.mark.parametrize("problem", _GOALS)
@pytest.mark.parametrize("optimizer", EQUATIONS)
def test_every_start_descends_as_alone(optimizer: str, problem: str) -> None:
    goal, starts = _goal(problem)
    exact = is_exact(goal.program.formula.graph, goal.program.outputs)
    # Where the gradient differs in its last bits, a few steps differ little; chaos has no time to grow.
    steps = _STEPS if exact else 3
    ends = _ends(goal, Recipe(optimizer), starts, steps=steps)
    by_numpy = _ends(goal, Recipe(optimizer), starts, machine=False, steps=steps)
    compared = 0
    for index in range(0, len(starts), 3):
        alone = Descent(goal, optimizer, starts[index], stopping=UNSTOPPED, machine=True)
        if alone.advance(steps) < steps:
            continue
        compared += 1
        if exact and rule_is_exact(alone.rule):
            assert_same_bits(ends.theta[index], alone.theta)
            assert_same_bits(ends.loss[index:index + 1], alone.trajectory.loss[-1:])
            assert_same_bits(ends.gradient_norm[index:index + 1], alone.trajectory.gradient_norm[-1:])
            assert_same_bits(by_numpy.theta[index], alone.theta)
        elif optimizer != "barzilai_borwein":
            assert_close(ends.theta[index], alone.theta, 1e-6)
            assert_close(by_numpy.theta[index], alone.theta, 1e-6)
        assert ends.diverged[index] == (alone.outcome == "diverged")
    assert compared or ends.diverged.any()


@pytest.mark.parametrize(
    "equations",
    [
        "v = 0.9*v + g\nwhere_to = where(norm(g) > 1, g/norm(g), g)\ntheta = theta - learning_rate*(where_to + 0.01*v)",
        "k = k + 1\nr = r + dot(g, g)\ntheta = theta - learning_rate*g/(k*sqrt(mean(g*g) + r))",
        "theta = theta - 0.01*learning_rate*gradient(theta - 0.001*learning_rate*g)/(1 + loss)",
    ],
)
def test_own_equations_with_numbers_of_each_start(equations: str) -> None:
    goal, starts = _goal("rosenbrock")
    recipe = Recipe("own", equations=equations)
    ends = _ends(goal, recipe, starts)
    for index, start in enumerate(starts):
        alone = Descent(goal, recipe, start, stopping=UNSTOPPED, machine=True)
        assert alone.advance(_STEPS) == _STEPS
        assert_same_bits(ends.theta[index], alone.theta)


def test_the_division_into_spans_changes_nothing() -> None:
    goal, _ = _goal("ackley")
    starts = np.random.default_rng(2).uniform(-3.0, 3.0, (1500, 2))
    rule = composition(Recipe("adam")).rule
    numbers = [parameter.default for parameter in composition(Recipe("adam")).parameters]
    whole, parts = (ManyStarts(goal, rule, numbers, starts, _STEPS) for _ in range(2))
    whole.descend(whole.spans(1 << 20)[0])
    spans = parts.spans(1)
    assert len(spans) > 1
    assert sum(parts.descend(span) for span in reversed(spans)) == len(starts)
    assert_same_bits(whole.ends.theta, parts.ends.theta)
    assert_same_bits(whole.ends.loss, parts.ends.loss)


def test_divergence_is_told_start_by_start() -> None:
    goal = objective("x^4 + y^2")
    made = composition(Recipe("gd"))
    work = ManyStarts(goal, made.rule, [0.1], [[1e-3, 0.5], [30.0, 0.5], [np.inf, 0.0]], 60)
    work.descend(work.spans(64)[0])
    ends = work.ends
    assert ends.diverged.tolist() == [False, True, True]
    assert ends.complete


@pytest.mark.parametrize("machine", [True, False])
def test_a_cancelled_call_stays_where_it_is(machine: bool) -> None:
    goal, starts = _goal("rosenbrock")
    made = composition(Recipe("gd"))
    work = ManyStarts(goal, made.rule, [1e-3], starts, 1_000_000_000, machine)
    work.cancel()
    for span in work.spans(1 << 20):
        work.descend(span)
    assert not work.ends.complete
    assert_same_bits(work.ends.theta, starts)


def test_what_does_not_fit_is_refused() -> None:
    goal, starts = _goal("rosenbrock")
    with pytest.raises(StudioError, match="rows of 2 numbers"):
        ManyStarts(goal, composition(Recipe("gd")).rule, [0.1], starts[:, :1], 1)
    with pytest.raises(StudioError, match="searches"):
        ManyStarts(goal, composition(Recipe("bfgs")).rule, [0.1], starts, 1)
