"""The tab of data: it shows what there is, says what is wanted, and disturbs nobody who types or drags."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.views.panel.chips import MOST_CHIPS
from gdstudio.views.panel.data_model import OWN, ColumnModel, DataModel, TypedModel
from gdstudio.views.panel.model import BatchModel, Choice, Mistake, ParameterValue
from tests.views.conftest import RATE, Intents, data_model, function_model, line_model

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QComboBox

    from gdstudio.views.panel.data_section import DataSection
    from gdstudio.views.panel.fields import NumberField
    from gdstudio.views.panel.parameter_panel import ParameterPanel

LINEAR = replace(
    line_model(), model="linear", losses=(Choice("squared", "Mean squared error"), Choice("huber", "Huber loss")),
    loss="squared",
)


def _show(panel: ParameterPanel, model: DataModel) -> DataSection:
    whole = data_model()
    panel.setModel(replace(whole, problem=replace(whole.problem, data=model)))
    return panel.problem.data


def _click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _down(combo: QComboBox) -> None:
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)


def _enter(field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _columns(count: int, target: int) -> tuple[ColumnModel, ...]:
    return tuple(
        ColumnModel(f"c{index}", f"c{index}", "target" if index == target else "feature") for index in range(count)
    )


def test_it_takes_the_place_of_table_and_formula(panel: ParameterPanel) -> None:
    panel.setModel(data_model())
    problem = panel.problem
    assert problem.data.isVisible()
    assert not problem.combo.isVisible()
    assert not problem.field.isVisible()
    assert problem.data.source.currentText() == "Line with noise"
    assert problem.data.formula.field.text() == "(w*x + b - y)^2"
    panel.setModel(function_model())
    assert not problem.data.isVisible()
    assert problem.field.isVisible()


def test_choices_are_said(panel: ParameterPanel, intents: Intents) -> None:
    section = _show(panel, LINEAR)
    for combo in (section.source, section.loss, section.penalty, section.model):
        _down(combo)
    _click(section.file)
    _click(section.standardize)
    assert intents.said == [
        ("data.sourceChosen", "other"), ("data.lossChosen", "huber"), ("data.penaltyChosen", "ridge"),
        ("data.modelChosen", OWN), ("data.fileAsked",), ("data.standardizeToggled", True),
    ]


def test_what_was_refused_is_shown_as_it_is(panel: ParameterPanel) -> None:
    section = _show(panel, LINEAR)
    _down(section.model)
    _click(section.standardize)
    _enter(section.held_out, "99")
    _show(panel, LINEAR)
    assert section.model.currentText() == "Linear regression"
    assert not section.standardize.isChecked()
    assert section.held_out.value() == 0.0


def test_only_a_loss_of_ones_own_is_typed(panel: ParameterPanel, intents: Intents) -> None:
    section = _show(panel, LINEAR)
    assert section.formula.field.isReadOnly()
    section = _show(panel, line_model())
    field = section.formula.field
    field.setFocus()
    field.setCursorPosition(len(field.text()))
    QTest.keyClicks(field, "*2")
    assert [each for each in intents.said if each[0] == "data.formulaEdited"][-1][1] == "(w*x + b - y)^2*2"


def test_a_mistake_in_a_typed_loss_is_marked(panel: ParameterPanel) -> None:
    wrong = TypedModel("(w*x + sni(b))^2", Mistake("There is no function sni.", 7))
    section = _show(panel, replace(line_model(), formula=wrong))
    assert section.formula.error.text().endswith("There is no function sni.")
    assert section.formula.mark.column() == 7
    assert section.formula.field.accessibleDescription() == "There is no function sni."
    section = _show(panel, line_model())
    assert not section.formula.error.isVisible()


def test_a_long_formula_of_a_model_is_whole_and_can_be_followed_by_a_short_one(panel: ParameterPanel) -> None:
    text = " + ".join(f"w_{index}*c{index}" for index in range(200))
    section = _show(panel, replace(LINEAR, formula=TypedModel(text)))
    assert section.formula.field.text() == text
    section = _show(panel, line_model())
    assert section.formula.field.maxLength() == 1000


def test_a_model_that_is_no_formula_shows_none(panel: ParameterPanel) -> None:
    section = _show(panel, replace(LINEAR, formula=TypedModel("")))
    assert not section.formula.isVisible()


def test_a_penalty_of_ones_own_has_a_field(panel: ParameterPanel, intents: Intents) -> None:
    section = _show(panel, LINEAR)
    assert not section.own_penalty.isVisible()
    section = _show(panel, replace(LINEAR, penalty=OWN, own_penalty=TypedModel("")))
    assert section.own_penalty.isVisible()
    section.own_penalty.field.setFocus()
    QTest.keyClicks(section.own_penalty.field, "w")
    assert intents.said[-1] == ("data.penaltyEdited", "w")


def test_chips_say_which_columns_are_features(panel: ParameterPanel, intents: Intents) -> None:
    columns = (
        ColumnModel("x", "x", "feature"), ColumnModel("z", "z", "left_out"),
        ColumnModel("kind", "Kind", "left_out", labels=True), ColumnModel("y", "y", "target"),
    )
    section = _show(panel, replace(LINEAR, columns=columns))
    chips = section.chips
    assert [chip.isChecked() for chip in chips.features.values()] == [True, False, False]
    assert not chips.features["kind"].isEnabled()
    assert "y" in chips.target.text()
    _click(chips.features["z"])
    assert not chips.features["z"].isChecked()  # until the document says so
    _click(chips.features["x"])
    assert intents.said == [("featureToggled", "z", True), ("featureToggled", "x", False)]


def test_a_typed_loss_chooses_its_columns_itself(panel: ParameterPanel) -> None:
    section = _show(panel, line_model())
    assert not section.chips.features["x"].isEnabled()
    assert section.chips.target.isEnabled()


def test_another_target_is_chosen_from_a_list(panel: ParameterPanel, intents: Intents) -> None:
    chips = _show(panel, LINEAR).chips
    chips.target.setFocus()
    QTest.keyClick(chips.target, Qt.Key.Key_Space)
    assert chips.popup is not None
    QTest.keyClick(chips.popup.list, Qt.Key.Key_Up)
    QTest.keyClick(chips.popup.list, Qt.Key.Key_Return)
    assert intents.said == [("targetChosen", "x")]


@pytest.mark.parametrize("count", [MOST_CHIPS + 1, 65])
def test_many_columns_have_one_chip(panel: ParameterPanel, intents: Intents, count: int) -> None:
    chips = _show(panel, replace(LINEAR, columns=_columns(count, count - 1))).chips
    assert not chips.features
    assert f"{count - 1}" in chips.many.text()
    _click(chips.many)
    popup = chips.popup
    assert popup is not None
    _click(popup.none)
    popup.item("c3").setCheckState(Qt.CheckState.Checked)
    popup.item("c1").setCheckState(Qt.CheckState.Checked)
    QTest.keyClick(popup.list, Qt.Key.Key_Return)
    assert intents.said == [("featuresChosen", ("c1", "c3"))]


def test_a_list_that_is_left_by_escape_changes_nothing(panel: ParameterPanel, intents: Intents) -> None:
    chips = _show(panel, replace(LINEAR, columns=_columns(20, 0))).chips
    _click(chips.many)
    assert chips.popup is not None
    _click(chips.popup.none)
    QTest.keyClick(chips.popup.list, Qt.Key.Key_Escape)
    assert intents.said == []


def test_what_is_held_out_is_typed_in_percent(panel: ParameterPanel, intents: Intents) -> None:
    section = _show(panel, LINEAR)
    assert not section.split_seed.isVisible()
    _enter(section.held_out, "20 %")
    _enter(section.held_out, "100")
    assert section.error.isVisible()
    section = _show(panel, replace(LINEAR, held_out=0.2, split_seed=7, samples=48, aside=12))
    section.held_out.setFocus()
    section.source.setFocus()
    assert section.held_out.text() == "20 %"
    assert section.split_seed.text() == "seed 7"
    assert section.counts.text() == "48, 12 held out"
    _enter(section.split_seed, "3")
    assert intents.said == [("data.heldOutChanged", 0.2), ("data.splitSeedChanged", 3)]


@pytest.mark.parametrize(("typed", "share"), [
    ("0.2", 0.2), ("0,07", 0.07), ("0.5 %", 0.005), ("0.5%", 0.005), ("1", 0.01), ("20", 0.2), (".999", 0.999),
])
def test_what_is_held_out_may_be_typed_as_a_fraction(
    panel: ParameterPanel, intents: Intents, typed: str, share: float
) -> None:
    section = _show(panel, LINEAR)
    assert section.held_out.placeholderText() == "0 %"
    _enter(section.held_out, typed)
    assert intents.said == [("data.heldOutChanged", share)]
    assert not section.error.isVisible()


@pytest.mark.parametrize("typed", ["0 %", "0", "off"])
def test_nothing_is_held_out_by_an_empty_field(panel: ParameterPanel, intents: Intents, typed: str) -> None:
    section = _show(panel, replace(LINEAR, held_out=0.2))
    _enter(section.held_out, typed)
    assert intents.said == [("data.heldOutChanged", 0.0)]
    assert section.held_out.text() == ""


def test_numbers_are_rows(panel: ParameterPanel, intents: Intents) -> None:
    section = _show(panel, replace(LINEAR, numbers=(ParameterValue(RATE, 0.1),)))
    _enter(section.numbers.row("learning_rate").field, "0.5")
    assert intents.said == [("data.numberChanged", "learning_rate", 0.5, True)]


def test_the_numbers_of_a_rule_are_folded_away(panel: ParameterPanel, intents: Intents) -> None:
    section = _show(panel, LINEAR)
    assert not section.source_numbers.isVisible()
    _click(section.chevron)
    _enter(section.source_numbers.row("angle").field, "45")
    assert intents.said == [("data.sourceNumberChanged", "angle", 45.0, True)]
    section = _show(panel, replace(LINEAR, source_numbers=()))
    assert not section.chevron.isVisible()
    assert not section.source_numbers.isVisible()


def test_how_batches_are_drawn_is_chosen_where_they_are_not_full(panel: ParameterPanel, intents: Intents) -> None:
    panel.setModel(data_model())
    mini, full = (card.batch for card in panel.optimizers.cards)
    assert not full.order.isVisibleTo(full)
    _down(mini.order)
    _click(mini.drop_last)
    _enter(mini.accumulate.row("accumulate").field, "4")
    assert intents.said == [
        ("drawingChanged", 0, "order", "shuffled_once", True), ("drawingChanged", 0, "drop_last", True, True),
        ("drawingChanged", 0, "accumulate", 4, True),
    ]


def test_a_batch_shows_how_it_is_drawn(panel: ParameterPanel) -> None:
    model = data_model()
    batch = BatchModel(1, 60, "replacement", True, 3)
    panel.setModel(replace(model, cards=(replace(model.cards[0], batch=batch),)))
    row = panel.optimizers.cards[0].batch
    assert row.order.currentData() == "replacement"
    assert row.accumulate.row("accumulate").field.text() == "3"
    assert not row.drop_last.isVisible()  # one sample at a time leaves no short batch


def test_epochs_and_iterations_are_one_limit(panel: ParameterPanel, intents: Intents) -> None:
    panel.setModel(data_model())
    section = panel.stopping
    assert (section.iterations.text(), section.epochs.text()) == ("60", "15")
    _enter(section.epochs, "2.5")
    _enter(section.epochs, "2.6")
    assert intents.said == [("stoppingChanged", "iterations", 10)] * 2
    assert section.epochs.value() == 2.5
    panel.setModel(function_model())
    assert not section.epochs.isVisible()


def test_everything_has_a_name_and_a_tooltip(panel: ParameterPanel) -> None:
    section = _show(panel, replace(LINEAR, held_out=0.1, numbers=(ParameterValue(RATE, 0.1),)))
    for control in section.controls():
        if control.isVisible():
            assert control.accessibleName(), control
            assert control.toolTip(), control
