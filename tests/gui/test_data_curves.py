"""The curves of a loss over data: of batches, of all training samples, of those held out; over iterations or epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gui.data_hands import line_of_two_runs

if TYPE_CHECKING:
    from collections.abc import Callable

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
