"""Schedule, warm-up, noise, clipping, decay and wrappers in the panel, and the plot of the learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.controllers.playback import PlayState
from gdstudio.engine.rates import rates
from gdstudio.experiment.build import hyperparameters_of, recipe_of
from gdstudio.experiment.run import run_experiment
from gdstudio.views.picker import OptimizerPicker

if TYPE_CHECKING:
    from gdstudio.scene.rates import RatesScene
    from gdstudio.views.panel.additions_section import AdditionsSection
    from tests.gui.conftest import Bench

Key = Qt.Key


def _section(bench: Bench) -> AdditionsSection:
    """Return the section, unfolded."""
    section = bench.window.panel.additions
    if section.folded():
        chevron = section.chevron()
        assert chevron is not None
        bench.window.panel.ensureWidgetVisible(chevron)
        bench.click(chevron)
    bench.window.panel.ensureWidgetVisible(section)
    return section


def _choose(bench: Bench, key: str) -> None:
    """Choose a schedule by keys."""
    combo = _section(bench).schedule.combo
    combo.setFocus()
    target = combo.findData(key)
    while combo.currentIndex() != target:
        bench.press(Key.Key_Down if combo.currentIndex() < target else Key.Key_Up)
    bench.settled()


def _tick(bench: Bench, key: str) -> None:
    box = _section(bench).row(key).box
    bench.window.panel.ensureWidgetVisible(box)
    bench.click(box)
    bench.settled()


def _plot(bench: Bench) -> RatesScene:
    bench.until(lambda: not bench.busy)
    return bench.window.panel.additions.schedule.plot.content()


def _keys(bench: Bench, index: int = 0) -> set[str]:
    return {addition.key for addition in recipe_of(bench.experiment.runs[index]).additions}


def test_it_is_folded_at_first_and_says_what_is_in_it(bench: Bench) -> None:
    section = bench.window.panel.additions
    assert section.folded()
    assert not section.summary.isVisible()
    _choose(bench, "cosine")
    _tick(bench, "clip_norm")
    chevron = section.chevron()
    assert chevron is not None
    bench.click(chevron)
    assert section.summary.whole() == "Cosine · Clipping by norm"


def test_a_schedule_is_chosen_drawn_and_run(bench: Bench) -> None:
    _choose(bench, "cosine")
    run = bench.experiment.runs[0]
    numbers = hyperparameters_of(bench.experiment.problem, run)
    assert numbers["schedule_iterations"] == bench.experiment.stopping.iterations
    scene = _plot(bench)
    wanted = rates(recipe_of(run), numbers, scene.last)
    assert wanted is not None
    np.testing.assert_array_equal(scene.rates, wanted)
    trajectory = bench.snapshot.runs[0].trajectory
    rows = min(len(trajectory) - 1, len(wanted))
    np.testing.assert_allclose(trajectory.learning_rate[1:rows + 1], wanted[:rows], rtol=1e-12)
    while _keys(bench):
        # each key that walked along the choices was a step
        bench.action("actionUndo").trigger()
    bench.settled()
    assert np.ptp(_plot(bench).rates) == 0.0


def test_numbers_of_a_schedule_are_dragged_and_typed(bench: Bench) -> None:
    _choose(bench, "step")
    rows = _section(bench).schedule.parameters
    bench.enter(rows.row("schedule_size").field, "50")
    bench.enter(rows.row("schedule_factor").field, "0.5")
    bench.settled()
    scene = _plot(bench)
    first = scene.rates[0]
    assert scene.at(50) == first
    assert scene.at(51) == first / 2
    assert bench.experiment.runs[0].hyperparameters["schedule_factor"] == 0.5


def test_the_plot_marks_the_iteration_shown(bench: Bench) -> None:
    _choose(bench, "exponential")
    plot = bench.window.panel.additions.schedule.plot
    _plot(bench)
    before = plot.grab().toImage()
    bench.window.centre.setFocus()
    for _ in range(40):
        bench.press(Key.Key_Period)
    assert plot.cursor_iteration == bench.position == 40
    assert plot.grab().toImage() != before


def test_a_number_changed_while_playing_acts_from_the_next_iteration(bench: Bench) -> None:
    _tick(bench, "weight_decay")
    _choose(bench, "cosine")
    bench.action("actionRun").trigger()
    bench.until(lambda: bench.position > 20)
    bench.enter(_section(bench).row("weight_decay").parameters.row("weight_decay").field, "0.5")
    bench.action("actionPause").trigger()
    (change,) = bench.experiment.runs[0].changes
    assert (change.name, change.value) == ("weight_decay", 0.5)
    assert change.iteration > 0
    bench.settled()
    bench.action("actionUndo").trigger()
    assert bench.experiment.runs[0].changes == ()


def test_everything_can_be_put_around_and_taken_away(bench: Bench) -> None:
    before = bench.experiment
    keys = ["warmup", "noise", "clip_value", "clip_norm", "weight_decay", "sam", "lookahead"]
    for key in keys:
        _tick(bench, key)
    assert _keys(bench) == set(keys)
    assert bench.window.panel.seed.isVisible(), "noise has a seed"
    result = run_experiment(bench.experiment, 0)
    np.testing.assert_array_equal(result.trajectory.theta, bench.snapshot.runs[0].theta)
    for key in keys:
        _tick(bench, key)
    assert bench.experiment == before
    assert not bench.window.panel.seed.isVisible()


def test_a_formula_is_checked_as_it_is_typed(bench: Bench) -> None:
    _choose(bench, "formula")
    field = _section(bench).schedule.field
    assert field.isVisible()
    bench.replace_text(field, "learning_rate / (1 + 0.1*t)")
    bench.settled()
    assert _plot(bench).at(10) == _plot(bench).rates[0] * 1.1 / 2.0
    kept = bench.experiment
    QTest.keyClicks(field, " + nonsense")
    assert field.property("invalid")
    assert _section(bench).schedule.error.isVisible()
    assert _section(bench).schedule.mark.column() is not None
    assert bench.experiment == kept or bench.experiment.runs[0].additions[0].text != field.text()
    for _ in " + nonsense":
        QTest.keyClick(field, Key.Key_Backspace)
    bench.settled()
    assert not field.property("invalid")
    assert bench.experiment.runs[0].additions[0].text == "learning_rate / (1 + 0.1*t)"


def test_milestones_are_counted(bench: Bench) -> None:
    _choose(bench, "multistep")
    section = _section(bench)
    bench.enter(section.schedule.milestones, "3")
    bench.settled()
    assert section.schedule.parameters.row("schedule_milestone3").isVisible()
    assert bench.experiment.runs[0].additions[0].text == "3"


def test_a_plateau_is_drawn_from_the_run_itself(bench: Bench) -> None:
    _choose(bench, "plateau")
    scene = _plot(bench)
    trajectory = bench.snapshot.runs[0].trajectory
    np.testing.assert_array_equal(scene.rates[-1], trajectory.learning_rate[-1])


def test_the_section_follows_the_card_and_its_choice_of_runs(bench: Bench) -> None:
    section = _section(bench)
    assert section.run.currentIndex() == 0
    bench.window.panel.ensureWidgetVisible(bench.card(2).header)
    bench.click(bench.card(2).header)
    assert section.run.currentIndex() == 2
    section.run.setFocus()
    bench.press(Key.Key_Up)
    assert section.run.currentIndex() == 1
    _tick(bench, "warmup")
    assert (_keys(bench, 0), _keys(bench, 1)) == (set(), {"warmup"})


def test_a_method_that_searches_its_step_says_why_nothing_fits(bench: Bench) -> None:
    bench.click(bench.window.panel.optimizers.add)
    QTest.keyClicks(bench.find_dialog(OptimizerPicker).search, "l-bfgs")
    bench.press(Key.Key_Return)
    bench.settled()
    section = _section(bench)
    assert section.refusal.isVisible()
    assert not section.schedule.isVisible()
    assert section.rows == []


def test_controls_have_names_and_stay_in_the_order_of_the_tab_key(bench: Bench) -> None:
    _choose(bench, "formula")
    section = _section(bench)
    for control in section.controls():
        if control.isVisible():
            assert control.accessibleName(), control
            parent = control.parentWidget()
            assert control.toolTip() or (parent is not None and parent.toolTip()), control.accessibleName()


def test_it_plays_on_with_noise_from_the_same_seed(bench: Bench) -> None:
    _tick(bench, "noise")
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    first = bench.snapshot.runs[0].theta.copy()
    bench.enter(bench.window.panel.seed.field, "7")
    bench.settled()
    other = bench.snapshot.runs[0].theta.copy()
    assert not np.array_equal(first, other)
    bench.enter(bench.window.panel.seed.field, "0")
    bench.settled()
    np.testing.assert_array_equal(bench.snapshot.runs[0].theta, first)
