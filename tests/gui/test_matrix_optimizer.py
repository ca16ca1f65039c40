"""An optimizer of matrices in the window: taken for softmax regression, refused with the reason elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.experiment import editing
from gdstudio.experiment.document import Source
from gdstudio.experiment.editing_data import choose_data
from gdstudio.views.picker import OptimizerPicker

if TYPE_CHECKING:
    from tests.gui.conftest import Bench


def test_it_is_taken_for_softmax_regression_and_changed_while_it_runs(bench: Bench) -> None:
    bench.studio.apply(choose_data(bench.experiment, Source(key="iris")))
    bench.settled()
    bench.window.panel.optimizerAddAsked.emit()
    picker = bench.find_dialog(OptimizerPicker)
    QTest.keyClicks(picker.search, "muon")
    assert picker.take_button.isEnabled()
    assert not picker.details.refusal.isVisible()
    bench.until(lambda: bool(picker.details.box.lines()))
    bench.press(Qt.Key.Key_Return)
    bench.settled()
    assert bench.experiment.runs[-1].optimizer == "muon"
    path = bench.snapshot.runs[-1].trajectory
    assert path.loss[-1] < path.loss[0]
    last = len(bench.experiment.runs) - 1
    bench.studio.apply(editing.change_hyperparameter(bench.experiment, last, "ns_steps", 2.0, 10))
    bench.settled()
    changed = bench.snapshot.runs[-1].trajectory
    assert changed.theta[:11].tolist() == path.theta[:11].tolist()
    assert changed.theta[11].tolist() != path.theta[11].tolist()


def test_a_problem_without_a_matrix_says_why_it_does_not_run(bench: Bench) -> None:
    bench.studio.apply(choose_data(bench.experiment, Source(key="iris")))
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "muon"))
    bench.settled()
    bench.studio.apply(editing.choose_problem(bench.experiment, "bowl"))
    bench.until(lambda: "works on matrices only" in bench.status)
    bench.studio.apply(editing.change_optimizer(bench.experiment, 0, "adam"))
    bench.settled()
    assert bench.snapshot.error is None
    assert bench.snapshot.runs[0].trajectory.loss[-1] < bench.snapshot.runs[0].trajectory.loss[0]
