"""A file of as many columns as are possible is shown and corrected as any other: only what is in sight is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.data.reading.files import MAXIMUM_COLUMNS
from gdstudio.data.reading.raw_table import RawTable
from gdstudio.experiment.sampled import sampled
from gdstudio.views import preview_table
from gdstudio.views.key_combo import KeyCombo
from gdstudio.views.preview_table import ONLY
from tests.gui.data_hands import take

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.conftest import Bench

# Cells that a dialog can show at once, and what a combo box and a header look at besides.
_IN_SIGHT = 4_000


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    path = tmp_path / "wide.csv"
    lines = [",".join(f"column {place}" for place in range(MAXIMUM_COLUMNS))]
    lines += [",".join(str((row * place) % 97) for place in range(MAXIMUM_COLUMNS)) for row in range(1, 40)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[object]:
    """Return a list that grows by one with every call of a method."""
    method: Callable[..., object] = getattr(owner, name)
    calls: list[object] = []

    def counting(*arguments: Any, **named: Any) -> object:
        calls.append(None)
        return method(*arguments, **named)

    monkeypatch.setattr(owner, name, counting)
    return calls


def test_only_what_is_in_sight_is_asked_for(bench: Bench, wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = _counted(monkeypatch, preview_table._Rows, "data")
    titles = _counted(monkeypatch, preview_table._Rows, "headerData")
    measured = _counted(monkeypatch, KeyCombo, "setChoices")
    looked_up = _counted(monkeypatch, RawTable, "problems")
    bench.studio.importing.open_path(wide)
    sheet = bench.studio.importing.sheet
    assert sheet is not None
    bench.until(lambda: not bench.busy)
    assert sheet.table.model().columnCount() == MAXIMUM_COLUMNS
    assert sheet.target.currentText() == f"column {MAXIMUM_COLUMNS - 1}"
    assert len(cells) + len(titles) < 2 * _IN_SIGHT
    # the first rows, and all of them, each once for the kind of every column and once for its faults
    assert len(looked_up) <= 4 * MAXIMUM_COLUMNS
    filled = len(measured)
    cells.clear()
    titles.clear()
    bar = sheet.table.horizontalScrollBar()
    for share in (0.25, 0.5, 0.75, 1.0):
        bar.setValue(int(share * bar.maximum()))
        sheet.grab()
    assert len(cells) + len(titles) < 4 * _IN_SIGHT
    assert sheet.table.columnAt(sheet.table.viewport().width() - 1) == MAXIMUM_COLUMNS - 1
    assert len(measured) == filled


def test_another_target_and_one_column_less_of_very_many(bench: Bench, wide: Path) -> None:
    bench.studio.importing.open_path(wide)
    bench.until(lambda: not bench.busy)
    sheet = bench.studio.importing.sheet
    assert sheet is not None
    take(sheet.target, "column_7")
    sheet.table.roleChosen.emit("column_9", "left_out")
    bench.until(lambda: not bench.busy)
    roles = [sheet.table.column(place)[0].role for place in range(MAXIMUM_COLUMNS)]
    assert (roles.index("target"), roles.index("left_out")) == (7, 9)
    assert roles.count("feature") == MAXIMUM_COLUMNS - 2
    assert f"{MAXIMUM_COLUMNS - 2} features" in sheet.summary.text()
    bench.click(sheet.take_button)
    bench.until(sheet.error.isVisible)
    assert "at most 256 are possible" in sheet.error.text()
    for column, role in (("column_3", ONLY), ("column_5", "feature")):
        sheet.table.roleChosen.emit(column, role)
        bench.until(lambda: not bench.busy)
    bench.click(sheet.take_button)
    bench.until(lambda: bench.studio.importing.sheet is None)
    bench.settled()
    samples = sampled(bench.experiment.problem).samples
    assert (samples.features, samples.target) == (("column_3", "column_5"), "column_7")
