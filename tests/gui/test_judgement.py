"""What a run reached is said in words once it has ended, and its bracket or look-ahead is seen on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.analysis.reasons import REASONS
from gdstudio.analysis.verdicts import VERDICTS
from gdstudio.controllers.judgement import NAMES, NAMES_AT_REST
from gdstudio.controllers.playback import PlayState
from gdstudio.experiment import editing
from gdstudio.experiment.build import hyperparameters_of, objective_of
from gdstudio.scene.search_marks import bracket_at

if TYPE_CHECKING:
    from tests.gui.conftest import Bench


def _finish(bench: Bench) -> None:
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)


def test_every_verdict_has_a_name() -> None:
    assert set(NAMES) == set(VERDICTS)
    assert set(NAMES_AT_REST) < set(REASONS)


def test_a_run_at_rest_is_not_said_to_descend(bench: Bench) -> None:
    bench.set_formula("(x-3)^2")
    for index in (3, 2, 1):
        bench.window.panel.runRemoved.emit(index)
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "gd"))
    bench.enter(bench.row().field, "0")
    bench.settled()
    _finish(bench)
    bench.until(lambda: "At rest" in bench.status)
    assert "It no longer moves: the learning rate is 0 at the end" in bench.status
    assert bench.card().verdict.text().startswith("At rest")


def test_a_minimum_is_named_in_the_status_bar_and_on_the_card(bench: Bench) -> None:
    bench.choose("Bowl")
    bench.limit(5000)
    bench.settled()
    _finish(bench)
    bench.until(lambda: "Minimum" in bench.status)
    assert "known minimum 1 of 1" in bench.status
    assert bench.card().verdict.isVisible()
    assert bench.card().verdict.text().startswith("Minimum")
    bench.action("actionRestart").trigger()
    bench.until(lambda: not bench.card().verdict.isVisible())
    assert "Minimum" not in bench.status


def test_a_rate_too_large_is_said_to_diverge_with_the_largest_stable_one(bench: Bench) -> None:
    bench.set_formula("5*x^2")
    for index in (3, 2, 1):
        bench.window.panel.runRemoved.emit(index)
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "gd"))
    bench.enter(bench.row().field, "0.3")
    bench.settled()
    _finish(bench)
    bench.until(lambda: "Diverging" in bench.status)
    assert "0.2" in bench.status


def test_what_matters_comes_first_and_the_verdicts_on_all_runs_can_be_read(bench: Bench) -> None:
    state = bench.window.status.state
    _finish(bench)
    bench.until(lambda: "·" in bench.status)
    name, rest = bench.status.split(": ", 1)
    assert rest.split(" · ")[0] in NAMES.values()
    assert "Reached the limit" in rest.split(" · ")[1]
    popup = state.open()
    assert popup is not None
    lines = popup.label.text().split("\n\n")
    assert [line.split(": ", 1)[0] for line in lines] == [run.label for run in bench.contour.content().runs]
    assert lines[0] == bench.status
    assert lines[0].startswith(name)
    popup.close()
    for index in (3, 2, 1):
        bench.click(bench.card(index).eye)
    bench.settled()
    # of one run alone no name is needed
    bench.until(lambda: bench.status.startswith(rest.split(" · ")[0]))


def test_a_change_after_the_end_takes_the_verdict_back(bench: Bench) -> None:
    _finish(bench)
    bench.until(lambda: bench.card().verdict.isVisible())
    bench.enter(bench.row().field, "0.01")
    bench.settled()
    assert not bench.card().verdict.isVisible()


def test_the_bracket_of_a_sign_search_is_drawn_and_narrows(bench: Bench) -> None:
    bench.choose("parabola")
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "sign_search"))
    for index in (3, 2, 1):
        bench.window.panel.runRemoved.emit(index)
    bench.enter(bench.row().field, "0.5")
    bench.settled()
    path = bench.curve.content().runs[0]
    brackets = [bracket_at(path, row) for row in range(len(path))]
    assert brackets[0] is None
    first = next(row for row, ends in enumerate(brackets) if ends is not None)
    widths = [ends[1] - ends[0] for ends in brackets[first:] if ends is not None]
    assert len(widths) == len(brackets) - first
    assert all(ends[0] <= 0.0 <= ends[1] for ends in brackets[first:] if ends is not None)
    assert widths[-1] < 1e-3 * widths[0]
    for row in range(first + 1):
        drawing = bench.curve.drawing()
        assert drawing is not None
        assert ("…" in drawing.legend_rows(row)[0].value) == (row == first)
    before = bench.curve.grab().toImage()
    while bench.position < first:
        bench.action("actionStep").trigger()
    assert bench.curve.grab().toImage() != before


def test_the_point_that_nesterov_looks_ahead_to_is_where_its_gradient_is_taken(bench: Bench) -> None:
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "nesterov_lookahead"))
    bench.settled()
    path = bench.contour.content().runs[0]
    assert path.ahead is not None
    goal = objective_of(bench.experiment.problem)
    numbers = hyperparameters_of(bench.experiment.problem, bench.experiment.runs[0])
    for row in (0, 3, 50):
        _, gradient = goal.loss_and_gradient(path.ahead[row])
        step = path.ahead[row] - path.points[row] - numbers["learning_rate"] * gradient
        np.testing.assert_allclose(path.points[row + 1], path.points[row] + step, rtol=1e-9, atol=1e-12)
    for run in bench.contour.content().runs[1:]:
        assert run.ahead is None
    for _ in range(6):
        bench.action("actionStep").trigger()
    with_point = bench.contour.grab().toImage()
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "momentum"))
    bench.settled()
    assert bench.contour.grab().toImage() != with_point
