"""Many starts on all cores: the threads change nothing, progress is told, and a call can be ended."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.analysis.many_starts import descend_many
from gdstudio.engine.errors import StudioError
from gdstudio.engine.objective import objective
from gdstudio.engine.recipe import Addition, Recipe
from tests.engine.agreement import assert_same_bits

_GOAL = objective("(x^2 - 1)^2 + y^2")


def test_the_threads_change_nothing() -> None:
    starts = np.random.default_rng(4).uniform(-2.0, 2.0, (5000, 2))
    alone, together = (
        descend_many(_GOAL, "adam", starts, {"learning_rate": 0.05}, 300, threads=threads) for threads in (1, 3)
    )
    assert_same_bits(alone.theta, together.theta)
    # Two basins, divided by x = 0.
    assert np.allclose(np.abs(alone.theta[:, 0]), 1.0, atol=0.05)
    far = np.abs(starts[:, 0]) > 0.2
    assert np.array_equal(np.sign(alone.theta[far, 0]), np.sign(starts[far, 0]))
    assert not alone.diverged.any()


def test_progress_reaches_all_starts() -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return True

    ends = descend_many(_GOAL, "gd", np.ones((5001, 2)), iterations=1, threads=2, progress=progress)
    assert ends.complete
    assert told[-1] == (5001, 5001)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_call_can_be_ended() -> None:
    ends = descend_many(_GOAL, "gd", np.ones((9000, 2)), iterations=5, threads=1, progress=lambda done, total: False)
    assert not ends.complete
    assert np.isfinite(ends.theta).all()


def test_what_stands_around_an_optimizer_is_done() -> None:
    recipe = Recipe("gd", additions=(Addition("clip_norm"),))
    ends = descend_many(_GOAL, recipe, [[30.0, 0.0]], {"learning_rate": 1.0, "clip_norm": 0.5}, 10)
    assert np.isclose(ends.theta[0, 0], 25.0, rtol=1e-4)


def test_an_unknown_hyperparameter_is_refused() -> None:
    with pytest.raises(StudioError, match="no hyperparameter called speed"):
        descend_many(_GOAL, "gd", [[1.0, 1.0]], {"speed": 1.0}, 1)
