"""Curves of runs on batches: values that were not worked out, what accompanies them, and epochs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from gdstudio.scene.curves import CurvesDrawing, CurvesScene
from gdstudio.scene.runs import Series
from gdstudio.scene.theme import LIGHT
from tests.scene.pixels import near, painted

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = 420.0, 320.0


def sparse(every: int = 10, rows: int = 101) -> np.ndarray:
    values = np.full(rows, np.nan)
    values[::every] = 10.0 ** -np.linspace(0, 2, len(values[::every]))
    return values


def drawing(*series: Series, **others: Any) -> CurvesDrawing:
    return CurvesDrawing(replace(CurvesScene(series), **others), LIGHT, SIZE)


def test_the_curve_goes_through_the_rows_that_are_known() -> None:
    values = sparse()
    known = np.flatnonzero(np.isfinite(values))
    (lines,) = drawing(Series("run", 0, values)).curves
    assert not lines.breaks[1:].any()
    np.testing.assert_array_equal(lines.iterates, known[1:])
    frame = drawing(Series("run", 0, values)).frame
    np.testing.assert_allclose(lines.ends[:, 2], [frame.x(each) for each in known[1:]])


def test_uneven_rows_give_the_same_curve() -> None:
    values = sparse()
    known = np.flatnonzero(np.isfinite(values))
    whole = drawing(Series("run", 0, values)).curves[0]
    uneven = Series("run", 0, values[known], iterations=known.astype(float))
    few = drawing(uneven).curves[0]
    np.testing.assert_allclose(few.ends, whole.ends)
    assert [uneven.at(cursor) for cursor in (0, 9, 10, 55, 100, 1000)] == [0, 0, 1, 5, 10, 10]


def test_an_infinite_loss_breaks_the_curve() -> None:
    values = np.array([1.0, 2.0, np.inf, 1.0, 0.5])
    (lines,) = drawing(Series("run", 0, values)).curves
    assert lines.iterates.tolist() == [1, 4]


def test_the_value_read_out_is_the_last_that_was_worked_out() -> None:
    values = sparse()
    shown = drawing(Series("run", 0, values))
    assert shown.legend_rows(20)[0].value == shown.legend_rows(29)[0].value != shown.legend_rows(30)[0].value
    diverged = drawing(Series("run", 0, np.array([1.0, 50.0, np.nan])))
    assert diverged.legend_rows(2)[0].value == "–"


def test_what_accompanies_a_run_has_no_row_in_the_legend_but_is_read_out() -> None:
    loss = 10.0 ** -np.linspace(0, 2, 101)
    series = (Series("run", 0, loss), Series("batch", 0, loss, style="faint"),
              Series("held out", 0, loss * 1.2, style="dashed"))
    shown = drawing(*series)
    assert [row.label for row in shown.legend_rows(50)] == ["run"]
    assert [row.label for row in shown.read_out(50)] == ["run", "batch", "held out"]


def test_the_strong_curve_lies_over_the_faint_one_and_dashes_have_gaps() -> None:
    flat = np.full(101, 0.3)
    strong, faint = Series("run", 0, flat), Series("batch", 1, flat, style="faint")
    over = painted(drawing(strong, faint, cursor=100, scale="linear").paint, 420, 320)
    assert near(over, LIGHT.run_colour(0)).sum() > 300
    dashed = drawing(Series("held out", 0, flat, style="dashed"), cursor=100, scale="linear")
    row = painted(dashed.paint, 420, 320)[round(dashed.frame.y(0.3))]
    inside = near(row[None], LIGHT.run_colour(0), 60)[0][round(dashed.frame.left) + 4:round(dashed.frame.right) - 4]
    assert 0.3 < inside.mean() < 0.9


def test_one_easy_sample_does_not_flatten_the_rest() -> None:
    loss = np.full(200, 1.0)
    batch = np.random.default_rng(0).chisquare(1, 200)
    batch[7] = 1e-14
    shown = drawing(Series("run", 0, loss), Series("batch", 0, batch, style="faint"))
    assert shown.scale.low > 1e-4
    assert drawing(Series("run", 0, batch)).scale.low < 1e-13


def test_epochs_put_runs_with_different_batches_side_by_side() -> None:
    loss = 10.0 ** -np.linspace(0, 2, 61)
    mini, full = Series("mini", 0, loss, epoch=4.0), Series("full", 1, loss, epoch=1.0)
    iterations, epochs = drawing(mini, full), drawing(mini, full, epochs=True)
    assert iterations.frame_span == (0.0, 60.0)
    assert epochs.frame_span == (0.0, 60.0)
    assert drawing(mini, epochs=True).frame_span == (0.0, 15.0)
    assert epochs.curves[0].ends[-1, 2] == pytest.approx(epochs.frame.x(15.0))
    assert epochs.curves[1].ends[-1, 2] == pytest.approx(epochs.frame.x(60.0))
    assert epochs.read_out(15.0)[0].value == iterations.read_out(60.0)[0].value
    for cursor in (0, 30, 60):
        later = drawing(mini, full, epochs=True, cursor=cursor)
        assert near(painted(later.paint, 420, 320), LIGHT.run_colour(0)).any()


def test_less_than_an_epoch_has_ticks_too() -> None:
    shown = drawing(Series("run", 0, np.linspace(1, 0.5, 11), epoch=40.0), epochs=True)
    assert shown.frame_span == (0.0, 0.25)
    assert len(shown.x_ticks()) >= 2


def test_a_long_run_on_batches_has_a_bounded_number_of_lines() -> None:
    rows = 100_000
    batch = np.random.default_rng(0).chisquare(1, rows)
    shown = drawing(Series("run", 0, sparse(100, rows)), Series("batch", 0, batch, style="faint"))
    assert all(len(lines.ends) <= 2 * 420 + 2 for lines in shown.curves)


def test_the_mark_is_on_the_curve_between_known_values() -> None:
    series = Series("run", 0, np.array([1.0, 0.01, 0.1]), iterations=np.array([0.0, 40.0, 60.0]))
    shown = drawing(series, iterations=80)
    colour = LIGHT.run_colour(0)
    for cursor, along, height in ((0, 0, 1.0), (20, 20, 0.1), (40, 40, 0.01), (50, 50, 10**-1.5), (75, 60, 0.1)):
        pixels = near(painted(partial(shown.live, cursor=cursor), 420, 320), colour)
        x, y = shown.frame.x(along), shown.frame.y(float(shown.scale.forward(height)))
        assert pixels[round(y) - 2:round(y) + 3, round(x) - 2:round(x) + 3].any(), cursor
        assert not pixels[:, round(x) + 7:].any(), cursor
    assert shown.scale.kind == "log"
