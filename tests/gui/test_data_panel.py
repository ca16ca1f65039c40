"""A loss over data in the panel, by mouse and keys: data, models, losses, penalties, columns, batches, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gdstudio.experiment.build import variables_of
from gdstudio.experiment.sampled import sampled
from gdstudio.views.panel.data_model import NONE, OWN
from tests.gui.data_hands import data_of, open_data, section_of, take

if TYPE_CHECKING:
    from gdstudio.views.panel.sliders import ScaleSlider
    from tests.gui.conftest import Bench

Key = Qt.Key


def _places(slider: ScaleSlider) -> list[QPointF]:
    middle = slider.height() / 2
    return [QPointF(x, middle) for x in np.linspace(slider.width() / 2, slider.width() - 8, 7)]


def test_the_tab_begins_with_the_listed_problem(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    section = section_of(bench)
    assert bench.experiment.problem.key == "line_fit"
    assert section.isVisible()
    assert section.source.current() == "noisy_line"
    assert section.formula.field.text() == "(w*x + b - y)^2"
    assert section.model.currentData() == OWN
    assert section.counts.text() == "64"


def test_a_model_is_chosen_and_undone(bench: Bench) -> None:
    section = open_data(bench)
    assert bench.experiment.problem.model == "linear"
    assert section.formula.field.isReadOnly()
    take(section.model, "polynomial")
    bench.until(lambda: bench.experiment.problem.model == "polynomial")
    bench.settled()
    bench.enter(section.numbers.row("degree").field, "3")
    bench.until(lambda: len(bench.experiment.start) == 4)
    bench.settled()
    bench.action("actionUndo").trigger()
    bench.settled()
    assert variables_of(bench.experiment.problem) == ("b", "w_x_1", "w_x_2")
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment.problem.model == "linear"
    assert section.model.currentData() == "linear"


def test_a_loss_with_its_number(bench: Bench) -> None:
    section = open_data(bench)
    take(section.loss, "huber")
    bench.until(lambda: bench.experiment.problem.loss == "huber")
    bench.settled()
    bench.enter(section.numbers.row("delta").field, "0.25")
    bench.until(lambda: bench.experiment.problem.parameters == {"delta": 0.25})
    bench.settled()


def test_a_typed_loss_is_read_key_by_key(bench: Bench) -> None:
    section = open_data(bench)
    take(section.model, OWN)
    bench.until(lambda: bench.experiment.problem.model is None)
    bench.settled()
    field = section.formula.field
    before = bench.experiment
    field.setFocus()
    field.selectAll()
    for letter in "(k*x - y)^2 + sni(k)":
        QTest.keyClicks(field, letter)
    assert field.text() == "(k*x - y)^2 + sni(k)"
    bench.until(lambda: section.formula.error.isVisible() and not bench.busy)
    assert "sni" in section.formula.error.text()
    assert field.text() == "(k*x - y)^2 + sni(k)"
    assert section.formula.mark.column() == 14
    for _ in " + sni(k)":
        QTest.keyClick(field, Key.Key_Backspace)
    bench.until(lambda: bench.experiment.problem.text == "(k*x - y)^2")
    bench.settled()
    assert field.text() == "(k*x - y)^2"
    assert not section.formula.error.isVisible()
    assert variables_of(bench.experiment.problem) == ("k",)
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment == before


def test_undo_takes_back_text_that_cannot_be_read_first(bench: Bench) -> None:
    bench.click(bench.window.panel.problem.tabs.button("data"))
    bench.settled()
    field = section_of(bench).formula.field
    field.setFocus()
    field.setCursorPosition(len(field.text()))
    QTest.keyClicks(field, " +")
    bench.until(lambda: section_of(bench).formula.error.isVisible() and not bench.busy)
    QTest.keyClick(field, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "(w*x + b - y)^2"
    assert not section_of(bench).formula.error.isVisible()
    assert bench.experiment.problem.key == "line_fit"


def test_a_slider_of_a_penalty_is_one_step_of_undo(bench: Bench) -> None:
    section = open_data(bench)
    take(section.penalty, "ridge")
    bench.until(lambda: bench.experiment.problem.penalty == "ridge")
    bench.settled()
    before = bench.experiment
    slider = section.numbers.row("strength").slider
    for _ in bench.drag(slider, _places(slider)):
        bench.qtbot.wait(15)
    bench.until(lambda: not bench.busy)
    bench.settled()
    wanted = section.numbers.row("strength").slider.value_at(slider.value())
    assert bench.experiment.problem.parameters["strength"] == wanted
    for _ in bench.drag(slider, _places(slider)[::-1]):
        pass
    bench.settled()
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment.problem.parameters["strength"] == wanted
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment == before


def test_a_lasso_is_taken_by_proximal_steps_to_its_minimum(bench: Bench) -> None:
    section = open_data(bench)
    additions = bench.window.panel.additions
    chevron = additions.chevron()
    assert chevron is not None
    bench.window.panel.ensureWidgetVisible(chevron)
    bench.click(chevron)
    assert "addition_proximal" not in {row.box.objectName() for row in additions.rows}
    take(section.penalty, "lasso")
    bench.until(lambda: bench.experiment.problem.penalty == "lasso")
    bench.settled()
    bench.enter(section.numbers.row("strength").field, "6")
    bench.settled()
    box = additions.row("proximal").box
    bench.window.panel.ensureWidgetVisible(box)
    bench.click(box)
    bench.settled()
    assert [each.key for each in bench.experiment.runs[0].additions] == ["proximal"]
    path = bench.snapshot.runs[0].trajectory
    assert path.theta[-1, 1] == 0.0
    assert path.gradient_norm[-1] <= bench.experiment.stopping.tolerance
    goal = sampled(bench.experiment.problem).objective
    np.testing.assert_allclose(path.loss[-1], goal.losses(path.theta[-1]), rtol=1e-13)
    take(section.penalty, "ridge")
    bench.until(lambda: bench.experiment.problem.penalty == "ridge")
    bench.settled()
    assert bench.experiment.runs[0].additions == ()
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment.problem.penalty == "lasso"
    assert additions.row("proximal").box.isChecked()


def test_a_penalty_of_ones_own(bench: Bench) -> None:
    section = open_data(bench)
    take(section.penalty, OWN)
    assert section.own_penalty.isVisible()
    assert section.own_penalty.field.hasFocus()
    QTest.keyClicks(section.own_penalty.field, "0.5*w_x^2 + x")
    bench.until(lambda: section.own_penalty.error.isVisible() and not bench.busy)
    assert "column" in section.own_penalty.error.text()
    for _ in " + x":
        QTest.keyClick(section.own_penalty.field, Key.Key_Backspace)
    bench.until(lambda: bench.experiment.problem.penalty == "0.5*w_x^2")
    bench.settled()
    take(section.penalty, NONE)
    bench.until(lambda: bench.experiment.problem.penalty is None)
    bench.settled()
    assert not section.own_penalty.isVisible()


def test_features_and_target_by_mouse_and_keys(bench: Bench) -> None:
    section = open_data(bench, "iris")
    assert bench.experiment.problem.model == "softmax"
    bench.click(section.chips.features["sepal_width"])
    bench.click(section.chips.features["sepal_length"])
    bench.until(lambda: data_of(bench).features == ("petal_length", "petal_width"))
    bench.settled()
    assert not section.chips.features["sepal_width"].isChecked()
    section.chips.target.setFocus()
    bench.press(Key.Key_Space)
    assert section.chips.popup is not None
    names = section.chips.popup.list
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Return):
        QTest.keyClick(names, key)
    bench.until(lambda: data_of(bench).target == "petal_length")
    bench.settled()
    assert bench.experiment.problem.model == "linear"
    assert "petal_length" in section.chips.target.text()
    assert not section.chips.features["species"].isEnabled()


def test_the_last_feature_stays(bench: Bench) -> None:
    section = open_data(bench)
    before = bench.experiment
    bench.click(section.chips.features["x"])
    bench.until(lambda: "at least one feature" in bench.status)
    assert section.chips.features["x"].isChecked()
    assert bench.experiment == before


def test_what_cannot_be_is_refused_and_shown_as_it_was(bench: Bench) -> None:
    section = open_data(bench, "badly_scaled")
    take(section.model, "sine")
    bench.until(lambda: "one feature" in bench.status)
    assert section.model.currentData() == "linear"


def test_many_columns_are_chosen_in_a_list(bench: Bench) -> None:
    section = open_data(bench, "diabetes")
    chips = section.chips
    bench.click(chips.many)
    assert chips.popup is not None
    bench.click(chips.popup.none)
    for name in ("s5", "bmi"):
        chips.popup.item(name).setCheckState(Qt.CheckState.Checked)
    bench.press(Key.Key_Return)
    bench.until(lambda: data_of(bench).features == ("bmi", "s5"))
    bench.settled()
    assert "2 of 10" in chips.many.text()


def test_samples_are_held_out_and_standardised(bench: Bench) -> None:
    section = open_data(bench, "badly_scaled")
    bench.click(section.standardize)
    bench.enter(section.held_out, "25")
    bench.until(lambda: data_of(bench).held_out == 0.25 and data_of(bench).standardize)
    bench.settled()
    assert section.counts.text() == "150, 50 held out"
    first = sampled(bench.experiment.problem).samples.held_out
    bench.enter(section.split_seed, "5")
    bench.until(lambda: data_of(bench).split_seed == 5)
    bench.settled()
    assert not np.array_equal(first, sampled(bench.experiment.problem).samples.held_out)
    for _ in range(3):
        bench.action("actionUndo").trigger()
        bench.settled()
    assert section.counts.text() == "200"
    assert not section.standardize.isChecked()


def test_the_numbers_of_a_rule_are_slid(bench: Bench) -> None:
    section = open_data(bench)
    bench.click(section.chevron)
    slider = section.source_numbers.row("noise").slider
    bench.move(slider, _places(slider))
    bench.until(lambda: data_of(bench).source.numbers.get("noise") == slider.value_at(slider.value()))
    bench.settled()
    bench.enter(section.source_numbers.row("samples").field, "10")
    bench.until(lambda: section.counts.text() == "10")
    bench.settled()


@pytest.mark.parametrize(("what", "value"), [("order", "replacement"), ("order", "shuffled_once")])
def test_how_batches_are_drawn(bench: Bench, what: str, value: str) -> None:
    open_data(bench)
    row = bench.card().batch
    assert not row.order.isVisible()
    bench.click(row.kinds.button("mini"))
    bench.settled()
    take(row.order, value)
    bench.click(row.drop_last)
    bench.enter(row.accumulate.row("accumulate").field, "3")
    bench.settled()
    run = bench.experiment.runs[0]
    assert (getattr(run, what), run.drop_last, run.accumulate) == (value, True, 3)
    # 64 samples in batches of 16, three of which make a step
    assert bench.snapshot.runs[0].iterations_per_epoch == 2
    stopping = bench.window.panel.stopping
    bench.enter(stopping.epochs, "10")
    bench.settled()
    assert bench.experiment.stopping.iterations == 20
    assert stopping.iterations.text() == "20"


def test_data_and_formula_give_way_to_one_another(bench: Bench) -> None:
    open_data(bench)
    tabs = bench.window.panel.problem.tabs
    bench.click(tabs.button("formula"))
    bench.settled()
    assert bench.experiment.problem.data is None
    assert bench.formula.isVisible()
    bench.action("actionUndo").trigger()
    bench.settled()
    assert tabs.current() == "data"
    assert bench.experiment.problem.model == "linear"
