"""The step of a trust region: the conditions that make it the minimum of its model, and the way it leaves saddles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.engine.descent import Descent
from gdstudio.engine.methods.trust_region import boundary_step
from gdstudio.engine.objective import objective
from gdstudio.engine.stopping import Stopping

_NUMBER = st.floats(-10.0, 10.0).map(lambda value: round(value, 3))


@settings(max_examples=200, deadline=None)
@given(pairs=st.lists(st.tuples(_NUMBER, _NUMBER), min_size=1, max_size=6), radius=st.floats(1e-3, 1e3))
def test_the_step_minimises_its_model(pairs: list[tuple[float, float]], radius: float) -> None:
    values = np.sort([value for value, _ in pairs])
    slopes = np.array([slope for _, slope in pairs])
    with np.errstate(all="ignore"):
        step = boundary_step(values, slopes, radius)
    length = float(np.linalg.norm(step))
    assert length <= radius * (1 + 1e-9)

    def model(point: np.ndarray) -> float:
        return float(slopes @ point + 0.5 * values @ point**2)

    reached = model(step)
    slack = 1e-8 * (1.0 + abs(reached) + radius)
    random = np.random.default_rng(0)
    rivals = random.normal(size=(300, len(values)))
    rivals *= (radius * random.random(300) ** 0.3 / np.linalg.norm(rivals, axis=1))[:, None]
    near = step + 1e-3 * radius * random.normal(size=(300, len(values)))
    near *= np.minimum(1.0, radius / np.linalg.norm(near, axis=1))[:, None]
    assert all(model(point) >= reached - slack for point in (*rivals, *near))
    if values[0] < 0.0 and slopes.any():
        assert length == pytest.approx(radius, rel=1e-6)


def test_it_leaves_a_saddle_in_which_it_begins() -> None:
    descent = Descent(
        objective("x^2 + y^4 - y^2"), "trust_newton", (0.0, 0.0), None, Stopping(iterations=50, tolerance=0.0)
    )
    descent.advance(50)
    assert descent.theta == pytest.approx([0.0, np.sqrt(0.5)], abs=1e-8)


def test_the_radius_follows_the_model_and_never_exceeds_its_bound() -> None:
    descent = Descent(
        objective("(1-x)^2 + 100*(y-x^2)^2"), "trust_newton", (-1.2, 1.0), {"radius": 0.1, "radius_max": 0.3}
    )
    descent.advance(1000)
    radius = descent.trajectory.column("radius")
    assert np.isnan(radius[0]) and radius[1] == 0.1
    assert radius[1:].max() <= 0.3 and radius[1:].max() > 0.1
    steps = np.linalg.norm(np.diff(descent.trajectory.theta, axis=0), axis=1)
    assert np.all(steps <= radius[1:] * (1 + 1e-9))
    assert steps == pytest.approx(descent.trajectory.learning_rate[1:])
    assert descent.outcome == "converged"


def test_a_new_radius_begins_anew() -> None:
    descent = Descent(objective("(1-x)^2 + 100*(y-x^2)^2"), "trust_newton", (-1.2, 1.0))
    descent.advance(3)
    descent.change("radius", 0.01)
    descent.advance(1)
    assert descent.trajectory.column("radius")[-1] == 0.01


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_the_step_is_that_of_a_model_of_any_size(size: float) -> None:
    values, slopes = np.array([-1.0, 2.0]), np.array([0.5, 3.0])
    wanted = boundary_step(values, slopes, 0.7)
    assert boundary_step(size * values, size * slopes, 0.7) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "start", "radius"),
    [
        ("1e307*(x + y)^2", (-3.0, -1.0), 1.0), ("abs(x)*1e300 + y", (-3.0, 0.0), 1.0),
        ("cos(x)*1e300*cos(y)", (0.0, 1.0), 1.0), ("floor(x)*1e10 + y", (1e154, 1e-308), 1e-300),
        ("8e307*(x + y)^2", (1e-5, 0.0), 1.0),
    ],
)
def test_slopes_and_radii_at_the_ends_of_the_numbers_end_the_run_without_an_error(
    text: str, start: tuple[float, float], radius: float
) -> None:
    descent = Descent(objective(text), "trust_newton", start, {"radius": radius}, Stopping(iterations=30))
    descent.advance(30)
    assert descent.outcome is not None
