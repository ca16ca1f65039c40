"""The parameter panel: it shows models, says intents, and is kind to whoever types or listens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.views.panel.model import BatchModel, Mistake
from tests.views.conftest import (
    ANGLE,
    Intents,
    data_model,
    formula_model,
    function_model,
    wide_model,
)

if TYPE_CHECKING:

    from PySide6.QtWidgets import QAbstractButton

    from gdstudio.views.panel.fields import NumberField
    from gdstudio.views.panel.parameter_panel import ParameterPanel

MODELS = (function_model(), formula_model(), formula_model("5*x^", Mistake("Something is missing.", 4)),
          data_model(), wide_model(), wide_model(3))


def _click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _enter(field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_setting_models_emits_nothing(panel: ParameterPanel, intents: Intents) -> None:
    for model in (*MODELS, *reversed(MODELS), replace(function_model(), cards=())):
        panel.setModel(model)
    assert intents.said == []


def test_tabs_say_the_kind(panel: ParameterPanel, intents: Intents) -> None:
    _click(panel.problem.tabs.button("formula"))
    _click(panel.problem.tabs.button("data"))
    assert intents.said == [("problemKindChosen", "formula"), ("problemKindChosen", "data")]


def test_a_problem_is_found_by_a_part_of_its_name(panel: ParameterPanel, intents: Intents) -> None:
    combo = panel.problem.combo
    combo.setFocus()
    combo.search.selectAll()
    QTest.keyClicks(combo.search, "mmel")
    QTest.keyClick(combo.search, Qt.Key.Key_Return)
    assert intents.said == [("problemChosen", "himmelblau")]


def test_a_problem_is_chosen_from_the_list(panel: ParameterPanel, intents: Intents) -> None:
    panel.problem.combo.setFocus()
    QTest.keyClick(panel.problem.combo, Qt.Key.Key_Down)
    assert intents.said == [("problemChosen", "himmelblau")]


def test_a_name_that_is_none_brings_the_old_one_back(panel: ParameterPanel, intents: Intents) -> None:
    combo = panel.problem.combo
    combo.setFocus()
    combo.search.selectAll()
    QTest.keyClicks(combo.search, "zzz")
    panel.problem.field.setFocus()
    assert combo.currentText() == "Rosenbrock valley"
    assert intents.said == []


def test_every_keystroke_in_the_formula_is_said(panel: ParameterPanel, intents: Intents) -> None:
    panel.setModel(formula_model("x"))
    field = panel.problem.field
    field.setFocus()
    field.setCursorPosition(1)
    QTest.keyClicks(field, "^2")
    assert intents.said == [("formulaEdited", "x^"), ("formulaEdited", "x^2")]


def test_typing_in_a_row_keeps_focus_and_cursor_when_it_becomes_a_formula(
    panel: ParameterPanel, intents: Intents,
) -> None:
    panel.formulaEdited.connect(lambda text: panel.setModel(formula_model(text)))
    field = panel.problem.field
    field.setFocus()
    field.setCursorPosition(3)
    QTest.keyClicks(field, "+2")
    assert intents.said[-1] == ("formulaEdited", "(1-+2x)^2 + 100*(y-x^2)^2")
    assert field.hasFocus()
    assert field.cursorPosition() == 5
    assert not panel.problem.combo.isVisible()


def test_a_late_answer_does_not_undo_what_is_typed_meanwhile(panel: ParameterPanel) -> None:
    panel.setModel(formula_model("x"))
    field = panel.problem.field
    field.setFocus()
    field.end(False)
    QTest.keyClicks(field, "+y")
    panel.setModel(formula_model("x", Mistake("Late.", 0)))
    assert field.text() == "x+y"


def test_a_mistake_is_marked_under_its_character(panel: ParameterPanel) -> None:
    panel.setModel(formula_model("5*x^2 + sni(y)", Mistake("There is no function sni.", 8)))
    problem = panel.problem
    assert problem.error.text().endswith("There is no function sni.")
    assert problem.error.isVisible()
    assert problem.mark.isVisible()
    assert not problem.equation.isVisible()
    field = problem.field
    assert field.property("invalid") is True
    x = round(problem.mark.markX())
    assert field.cursorPositionAt(QPoint(x - 3, field.height() // 2)) == 8
    panel.setModel(formula_model("5*x^2 + sin(y)"))
    assert not problem.error.isVisible()
    assert not problem.mark.isVisible()
    assert problem.equation.isVisible()
    assert problem.variables.text() == "variable x"


def test_the_mark_stays_inside_where_the_text_is_long(panel: ParameterPanel) -> None:
    text = "x+" * 200 + "$"
    panel.setModel(formula_model(text, Mistake("What is $?", 400)))
    assert 0 < panel.problem.mark.markX() < panel.problem.mark.width()


def test_problem_parameters(panel: ParameterPanel, intents: Intents) -> None:
    _enter(panel.problem.parameters.row("angle").field, "45")
    assert intents.said == [("problemParameterChanged", "angle", 45.0, True)]


def test_a_refused_value_shows_a_sentence_and_says_nothing(panel: ParameterPanel, intents: Intents) -> None:
    row = panel.problem.parameters.row("angle")
    _enter(row.field, "999")
    assert intents.said == []
    assert row.error.isVisible()
    assert ANGLE.range_text in row.error.text()
    assert panel.model() == function_model()


def test_start(panel: ParameterPanel, intents: Intents) -> None:
    _enter(panel.start.fields[1], "-2.5")
    _click(panel.start.reset)
    assert intents.said == [("startChanged", 1, -2.5), ("startReset",)]
    assert panel.start.fields[0].text() == "-1.2000"


def test_of_very_many_variables_there_are_fields_for_those_that_are_shown(
    panel: ParameterPanel, intents: Intents,
) -> None:
    panel.setModel(wide_model(650))
    fields = panel.start.fields
    assert [field.value() for field in fields] == [0.0, 3.0]
    _enter(fields[1], "7.5")
    assert intents.said == [("startChanged", 3, 7.5)]
    model = wide_model(650)
    panel.setModel(replace(model, start=replace(model.start, shown=(3, 640))))
    assert [field.value() for field in panel.start.fields] == [3.0, 640.0]
    assert panel.start.fields[1].accessibleName() == "Start of x640"


def test_twenty_variables_fit_and_two_are_shown(panel: ParameterPanel, intents: Intents) -> None:
    panel.setModel(wide_model())
    assert len(panel.start.fields) == 20
    first, second = panel.start.shown
    assert (first.currentText(), second.currentText()) == ("x0", "x3")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_Home)
    assert intents.said == [("shownChanged", 1, 3), ("shownChanged", 3, 0)]


def test_few_variables_offer_no_choice_of_two(panel: ParameterPanel) -> None:
    assert not panel.start.shown[0].isVisible()


def test_a_button_asks_for_one_more_optimizer(panel: ParameterPanel, intents: Intents) -> None:
    _click(panel.optimizers.add)
    assert intents.said == [("optimizerAddAsked",)]


def test_card_buttons_and_menu(panel: ParameterPanel, intents: Intents) -> None:
    first, second = panel.optimizers.cards
    _click(second.header)
    _click(first.eye)
    second.header.setFocus()
    QTest.keyClick(second.header, Qt.Key.Key_Space)
    for action in first.menu.actions():
        action.trigger()
    assert intents.said == [
        ("runExpansionToggled", 1), ("runVisibilityToggled", 0), ("runExpansionToggled", 1),
        ("optimizerChangeAsked", 0), ("equationsAsked", 0), ("runDuplicated", 0),
        ("runReset", 0), ("runExpansionToggled", 0), ("runRemoved", 0),
    ]


def test_a_folded_card_sums_up_and_an_expanded_one_shows_all(panel: ParameterPanel) -> None:
    first, second = panel.optimizers.cards
    assert first.parameters.isVisible()
    assert first.header.summary() == ""
    assert not second.parameters.isVisible()
    assert second.header.summary() == "η 0.0200 · β₁ 0.90"


def test_hyperparameters_by_slider_and_by_field(panel: ParameterPanel, intents: Intents) -> None:
    row = panel.optimizers.cards[0].parameters.row("learning_rate")
    QTest.mousePress(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(10, 11))
    QTest.mouseMove(row.slider, QPoint(25, 11))
    QTest.mouseRelease(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(25, 11))
    assert [each[0:3] for each in intents.said] == [("hyperparameterChanged", 0, "learning_rate")] * 3
    assert [each[4] for each in intents.said] == [False, False, True]
    intents.said.clear()
    _enter(row.field, "5e-5")
    assert intents.said == [("hyperparameterChanged", 0, "learning_rate", 5e-5, True)]
    assert row.slider.value() == row.slider.position_of(5e-5)


def test_a_drag_goes_on_while_models_are_set(panel: ParameterPanel, intents: Intents) -> None:
    def answer(_index: int, key: str, value: float, _final: bool) -> None:
        card = function_model().cards[0]
        values = tuple(replace(each, value=value) if each.key == key else each for each in card.parameters)
        panel.setModel(replace(function_model(), cards=(replace(card, parameters=values),)))

    panel.hyperparameterChanged.connect(answer)
    row = panel.optimizers.cards[0].parameters.row("learning_rate")
    QTest.mousePress(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(10, 11))
    for x in (20, 30, 40):
        QTest.mouseMove(row.slider, QPoint(x, 11))
    QTest.mouseRelease(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(40, 11))
    assert len(intents.said) == 5
    assert panel.optimizers.cards[0].parameters.row("learning_rate") is row
    assert row.field.value() == intents.said[-1][3]


def test_batches(panel: ParameterPanel, intents: Intents) -> None:
    panel.setModel(data_model())
    batch = panel.optimizers.cards[0].batch
    assert batch.isVisible()
    _enter(batch.size_rows.row("batch_size").field, "32")
    _click(batch.kinds.button("full"))
    _click(batch.kinds.button("one"))
    _click(batch.kinds.button("mini"))
    assert intents.said == [
        ("batchChanged", 0, 32, True), ("batchChanged", 0, None, True), ("batchChanged", 0, 1, True),
        ("batchChanged", 0, 16, True),
    ]
    cards = panel.optimizers.cards
    assert cards[1].header.summary() == "full batch"


def test_a_batch_cannot_exceed_the_samples(panel: ParameterPanel, intents: Intents) -> None:
    panel.setModel(data_model())
    row = panel.optimizers.cards[0].batch.size_rows.row("batch_size")
    for wrong in ("61", "2.5", "0"):
        _enter(row.field, wrong)
        assert row.error.isVisible()
    assert intents.said == []


def test_two_samples_still_make_a_batch(panel: ParameterPanel) -> None:
    model = data_model()
    cards = (replace(model.cards[0], batch=BatchModel(2, 2)),)
    panel.setModel(replace(model, cards=cards))
    assert panel.optimizers.cards[0].batch.summary() == "batch 2"


def test_stopping(panel: ParameterPanel, intents: Intents) -> None:
    stopping = panel.stopping
    assert stopping.iterations.text() == "2\u00a0000"
    assert stopping.patience.placeholderText() == "off"
    _enter(stopping.iterations, "1e5")
    _enter(stopping.tolerance, "off")
    _enter(stopping.patience, "50")
    _enter(stopping.patience, " ")
    assert intents.said == [
        ("stoppingChanged", "iterations", 100000), ("stoppingChanged", "tolerance", 0.0),
        ("stoppingChanged", "patience", 50), ("stoppingChanged", "patience", None),
    ]


@pytest.mark.parametrize("wrong", ["0.5", "1e9", "-1", "many"])
def test_impossible_iterations_are_refused(panel: ParameterPanel, intents: Intents, wrong: str) -> None:
    _enter(panel.stopping.iterations, wrong)
    assert intents.said == []


def test_the_sign_change_is_offered_for_one_variable(panel: ParameterPanel, intents: Intents) -> None:
    assert not panel.stopping.sign_change.isVisible()
    panel.setModel(formula_model())
    assert panel.stopping.sign_change.isVisible()
    _click(panel.stopping.sign_change)
    assert intents.said == [("stoppingChanged", "stop_at_sign_change", True)]


def test_the_seed_is_offered_for_data(panel: ParameterPanel, intents: Intents) -> None:
    assert not panel.seed.isVisible()
    panel.setModel(data_model())
    _enter(panel.seed.field, "42")
    assert intents.said == [("seedChanged", 42)]


def test_a_section_folds(panel: ParameterPanel, intents: Intents) -> None:
    chevron = panel.stopping.chevron()
    assert chevron is not None
    _click(chevron)
    assert panel.stopping.folded()
    assert not panel.stopping.iterations.isVisible()
    _click(chevron)
    assert panel.stopping.iterations.isVisible()
    assert intents.said == []
