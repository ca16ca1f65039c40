"""The curves of a loss over data: of batches, of all training samples, of those held out; over iterations or epochs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.engine.descent import FULL_LOSS_SAMPLES
from gdstudio.experiment.build import start_of
from gdstudio.experiment.document import Data, Problem, Source
from tests.gui.data_hands import line_of_two_runs, open_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.experiment.document import Experiment
    from tests.gui.conftest import Bench


def test_the_loss_over_epochs(open_window: Callable[..., Bench]) -> None:
    line = open_window(line_of_two_runs())
    drawing = line.loss.drawing()
    assert drawing is not None
    batch = next(one for one in drawing.drawn if one.slot == 0 and one.style == "strong")
    assert drawing.scene.unit(batch) == 1.0
    button = line.loss.epochs
    line.click(button)
    drawing = line.loss.drawing()
    assert drawing is not None
    assert drawing.scene.epochs
    # 51 samples by 16: 4 iterations; the full batch has an epoch in each
    units = {one.slot: drawing.scene.unit(one) for one in drawing.drawn}
    assert units == {0: 4.0, 1: 1.0}
    styles = {(one.slot, one.style) for one in drawing.drawn}
    assert {(0, "strong"), (0, "faint"), (0, "dashed"), (1, "strong"), (1, "dashed")} <= styles
    line.click(button)
    drawing = line.loss.drawing()
    assert drawing is not None
    assert not drawing.scene.epochs


def _line(samples: int, batches: tuple[int | None, ...]) -> Experiment:
    line = line_of_two_runs()
    source = Source(key="noisy_line", numbers={"samples": float(samples)})
    runs = tuple(replace(run, batch=batch) for run, batch in zip(line.runs, batches, strict=True))
    return replace(line, problem=replace(line.problem, data=Data(source=source)), runs=runs)


@pytest.mark.parametrize(("samples", "batches", "words"), [
    (FULL_LOSS_SAMPLES, (16, None), ("faint",)),
    (FULL_LOSS_SAMPLES + 1, (16, None), ("faint", "ends of epochs")),
    (FULL_LOSS_SAMPLES + 1, (None, None), ()),
])
def test_that_the_loss_of_all_is_known_at_epochs_only_is_said_where_it_is_true(
    open_window: Callable[..., Bench], samples: int, batches: tuple[int | None, ...], words: tuple[str, ...]
) -> None:
    bench = open_window(_line(samples, batches))
    assert np.isnan(bench.snapshot.runs[0].loss).any() == (len(words) == 2)
    remark = bench.window.curves_pane.remark
    assert remark.isVisible() == bool(words)
    assert [each for each in ("faint", "dashed", "ends of epochs") if each in remark.text()] == list(words)
    if words:
        # of a run that is hidden nothing is said, nor of another problem
        bench.click(bench.card(0).eye)
        bench.settled()
        assert not remark.isVisible()
        bench.click(bench.card(0).eye)
        bench.settled()
        assert remark.isVisible()
        bench.click(bench.window.panel.problem.tabs.button("function"))
        bench.settled()
        assert not remark.isVisible()


def test_what_is_dashed_is_said_where_samples_are_held_out(open_window: Callable[..., Bench]) -> None:
    remark = open_window(line_of_two_runs()).window.curves_pane.remark
    assert remark.isVisible()
    assert remark.text() == "strong: all samples · faint: each batch · dashed: held out"


def test_nothing_is_said_where_all_lines_are_strong(bench: Bench) -> None:
    open_data(bench)
    assert not bench.window.curves_pane.remark.isVisible()


def test_where_all_batches_are_full_it_is_said_that_there_is_no_other_loss_to_see(
    open_window: Callable[..., Bench]
) -> None:
    bench = open_window(_line(60, (None, None)))
    pane = bench.window.contour_pane
    pane.setCurrent("batch")
    assert pane.remark.isVisible()
    assert pane.remark.text().startswith(("all runs take full batches", "full batches"))


@pytest.mark.parametrize(("key", "others"), [("noisy_line", 0), ("diabetes", 9)])
def test_how_many_features_stand_at_their_means(open_window: Callable[..., Bench], key: str, others: int) -> None:
    problem = Problem(model="linear", data=Data(source=Source(key=key)))
    bench = open_window(replace(line_of_two_runs(), problem=problem, start=start_of(problem)))
    assert bench.window.data_pane.data.content().others == others


def test_of_a_loss_that_predicts_nothing_no_slice_is_said(open_window: Callable[..., Bench]) -> None:
    text = "(a*bmi*progression - c*bp)^2 + log(1 + exp(a*progression))"
    problem = Problem(text=text, data=Data(source=Source(key="diabetes")))
    bench = open_window(replace(line_of_two_runs(), problem=problem, start=start_of(problem)))
    assert bench.window.data_pane.data.content().others == 0
