"""Every change of the experiment can be taken back and made again, in one step each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gdstudio.experiment.run import run_experiment
from tests.gui.conftest import on_contour

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.conftest import Bench

Key = Qt.Key


def _drag_slider(bench: Bench) -> None:
    slider = bench.row().slider
    bench.move(slider, [QPointF(share * slider.width(), 11.0) for share in (0.3, 0.5, 0.6, 0.8)])


def _drag_own_parameter(bench: Bench) -> None:
    slider = bench.window.panel.problem.parameters.row("condition").slider
    bench.move(slider, [QPointF(share * slider.width(), 11.0) for share in (0.3, 0.5, 0.6, 0.8)])


def _choose_batch(bench: Bench) -> None:
    bench.click(bench.card().batch.kinds.button("one"))


def _menu(bench: Bench, index: int) -> None:
    """Choose an entry of the first card's menu by keys."""
    card = bench.card()
    bench.click(card.more)
    bench.until(card.menu.isVisible)
    card.menu.setActiveAction(card.menu.actions()[index])
    bench.press(Key.Key_Return)


def _add(bench: Bench) -> None:
    bench.click(bench.window.panel.optimizers.add)
    QTest.keyClicks(bench.find(QLineEdit, "optimizerSearch"), "nesterov mom")
    bench.press(Key.Key_Return)


def _formula(bench: Bench) -> None:
    bench.replace_text(bench.formula, "x^2 + 3*y^2")


ROSENBROCK: dict[str, Callable[[Bench], None]] = {
    "problem": lambda bench: bench.choose("Himmelblau"),
    "formula": _formula,
    "start by click": lambda bench: bench.click(bench.contour, on_contour(bench, 0.0, 1.0)),
    "start by field": lambda bench: bench.enter(bench.window.panel.start.fields[1], "0.25"),
    "slider dragged": _drag_slider,
    "rate typed": lambda bench: bench.enter(bench.row().field, "0.3"),
    "run added": _add,
    "run duplicated": lambda bench: _menu(bench, 2),
    "run removed": lambda bench: _menu(bench, -1),
    "run hidden": lambda bench: bench.click(bench.card(1).eye),
    "iterations": lambda bench: bench.limit(123),
    "tolerance": lambda bench: bench.enter(bench.window.panel.stopping.tolerance, "0.5"),
    "patience": lambda bench: bench.enter(bench.window.panel.stopping.patience, "7"),
    "scale": lambda bench: bench.action("actionLogZ").trigger(),
}
OTHERS: dict[str, tuple[str, Callable[[Bench], None]]] = {
    "own parameter dragged": ("Bowl", _drag_own_parameter),
    "batch": ("data", _choose_batch),
    "seed": ("data", lambda bench: bench.enter(bench.window.panel.seed.field, "12")),
    "sign change": ("parabola", lambda bench: bench.click(bench.window.panel.stopping.sign_change)),
    "shown": ("Three variables", lambda bench: _show_third(bench)),
}


def _show_third(bench: Bench) -> None:
    combo = bench.window.panel.start.shown[1]
    combo.setFocus()
    bench.press(Key.Key_Down)


def _there_and_back(bench: Bench, change: Callable[[Bench], None]) -> None:
    undo, redo = bench.action("actionUndo"), bench.action("actionRedo")
    while undo.isEnabled():
        undo.trigger()
    bench.settled()
    before, shown = bench.experiment, bench.window.panel.model()
    change(bench)
    bench.until(lambda: bench.experiment != before)
    bench.settled()
    after = bench.experiment
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    bench.window.centre.setFocus()
    bench.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    bench.settled()
    assert bench.experiment == before
    assert bench.window.panel.model() == shown
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)
    bench.press(Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    bench.settled()
    assert bench.experiment == after
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    for index, run in enumerate(bench.snapshot.runs):
        assert np.array_equal(run.theta, run_experiment(after, index).trajectory.theta)


@pytest.mark.parametrize("name", ROSENBROCK)
def test_one_step_back_and_forth(bench: Bench, name: str) -> None:
    _there_and_back(bench, ROSENBROCK[name])


@pytest.mark.parametrize("name", OTHERS)
def test_one_step_back_and_forth_elsewhere(bench: Bench, open_window: Callable[..., Bench], name: str) -> None:
    problem, change = OTHERS[name]
    if problem == "data":
        bench.click(bench.window.panel.problem.tabs.button("data"))
        bench.settled()
    else:
        bench.choose(problem)
    bench.studio.open(bench.experiment)
    bench.settled()
    _there_and_back(bench, change)


def test_many_steps_back_and_forth(bench: Bench) -> None:
    seen = [bench.experiment]
    for change in ROSENBROCK.values():
        change(bench)
        bench.settled()
        if bench.experiment != seen[-1]:
            seen.append(bench.experiment)
    assert len(seen) > len(ROSENBROCK) - 2
    for expected in reversed(seen[:-1]):
        bench.action("actionUndo").trigger()
        assert bench.experiment == expected
    assert not bench.action("actionUndo").isEnabled()
    for expected in seen[1:]:
        bench.action("actionRedo").trigger()
        assert bench.experiment == expected
    bench.settled()
    assert not bench.action("actionRedo").isEnabled()


def test_a_new_change_forgets_what_was_undone(bench: Bench) -> None:
    bench.limit(100)
    bench.action("actionUndo").trigger()
    bench.limit(200)
    assert not bench.action("actionRedo").isEnabled()
    bench.action("actionUndo").trigger()
    assert bench.experiment.stopping.iterations == 800


def test_two_drags_of_one_slider_are_two_steps(bench: Bench) -> None:
    first = bench.experiment
    _drag_slider(bench)
    second = bench.experiment
    slider = bench.row().slider
    bench.move(slider, [QPointF(share * slider.width(), 11.0) for share in (0.8, 0.4)])
    bench.action("actionUndo").trigger()
    assert bench.experiment == second
    bench.action("actionUndo").trigger()
    assert bench.experiment == first
