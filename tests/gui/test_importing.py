"""A file of data is opened: by dialog or dropped, read rightly or corrected, mended; nothing is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest

from gdstudio.controllers import importing
from gdstudio.experiment.sampled import sampled
from gdstudio.views.file_dialog import FileDialog
from tests.gui.data_hands import data_of, open_data, section_of, take

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.views.import_sheet import ImportSheet
    from tests.gui.conftest import Bench

Key = Qt.Key
GERMAN = "blood pressure;Größe;y\n" + "".join(f"{row},5;{row * row % 7},25;{2 * row},0\n" for row in range(20))


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding, newline="")
    return path


def _open(bench: Bench, path: Path) -> ImportSheet:
    """Open the dialog on a file and wait until it has been read."""
    bench.studio.importing.open_path(path)
    return _read(bench)


def _read(bench: Bench) -> ImportSheet:
    bench.until(lambda: not bench.busy)
    sheet = bench.studio.importing.sheet
    assert sheet is not None
    return sheet


def _opened(bench: Bench, sheet: ImportSheet) -> None:
    """Take the file and wait for its runs."""
    bench.until(sheet.take_button.isEnabled)
    bench.click(sheet.take_button)
    bench.until(lambda: bench.studio.importing.sheet is None)
    bench.settled()


def _roles(sheet: ImportSheet) -> dict[str, str]:
    table = sheet.table
    return {table.column(index)[0].title: table.column(index)[0].role for index in range(table.model().columnCount())}


def _notes(sheet: ImportSheet) -> list[str]:
    return [sheet.table.column(index)[1] for index in range(sheet.table.model().columnCount())]


def _cells(sheet: ImportSheet, row: int) -> list[str]:
    model = sheet.table.model()
    return [str(model.data(model.index(row, column))) for column in range(model.columnCount())]


def test_a_semicolon_file_with_decimal_commas(bench: Bench, tmp_path: Path) -> None:
    path = _write(tmp_path / "german.csv", GERMAN, "cp1252")
    before = bench.experiment
    sheet = _open(bench, path)
    assert sheet.formats["delimiter"].currentText() == "semicolon (found)"
    assert sheet.formats["decimal"].currentText() == "comma (found)"
    assert sheet.formats["encoding"].currentText() == "cp1252 (found)"
    assert _roles(sheet) == {"blood pressure": "feature", "Größe": "feature", "y": "target"}
    assert _cells(sheet, 3) == ["3,5", "2,25", "6,0"]
    assert "20 rows" in sheet.summary.text()
    assert bench.experiment == before
    _opened(bench, sheet)
    samples = sampled(bench.experiment.problem).samples
    assert samples.target == "y"
    assert samples.features[0] == "blood_pressure"
    assert samples.values[0, :3].tolist() == [0.5, 1.5, 2.5]
    assert section_of(bench).source.currentText() == "german.csv"
    bench.action("actionUndo").trigger()
    bench.settled()
    assert bench.experiment == before


def test_a_file_is_chosen_in_a_dialog(bench: Bench, tmp_path: Path) -> None:
    open_data(bench)
    path = _write(tmp_path / "small.csv", "x,y\n1,2\n2,3\n4,4\n")
    bench.click(section_of(bench).file)
    bench.until(lambda: bench.window.findChild(FileDialog) is not None)
    bench.answer(bench.find_dialog(FileDialog), path)
    bench.until(lambda: bench.studio.importing.sheet is not None)
    _opened(bench, _read(bench))
    assert data_of(bench).source.file == str(path)


def test_the_delimiter_is_corrected(bench: Bench, tmp_path: Path) -> None:
    # commas within the cells outnumber the bars between them
    path = _write(tmp_path / "bars.txt", "a,b,c|y\n" + "".join(f"{row},0,1|{row}\n" for row in range(9)))
    sheet = _open(bench, path)
    take(sheet.formats["delimiter"], "|")
    _read(bench)
    assert _cells(sheet, 2) == ["2,0,1", "2"]
    take(sheet.formats["delimiter"], "\t")
    _read(bench)
    assert sheet.error.isVisible()
    assert not sheet.take_button.isEnabled()
    take(sheet.formats["delimiter"], ",")
    _read(bench)
    assert len(_roles(sheet)) == 3
    take(sheet.formats["header"], "no")
    _read(bench)
    assert _cells(sheet, 0)[0] == "a"
    bench.press(Key.Key_Escape)
    assert bench.studio.importing.sheet is None


@pytest.mark.parametrize(("mend", "rows"), [("drop", 28), ("fill", 29)])
def test_a_damaged_file_is_mended(bench: Bench, tmp_path: Path, mend: str, rows: int) -> None:
    lines = [f"{row},{row % 5},{3 * row}" for row in range(30)]
    lines[6] = "6,n/a,18"
    lines[11] = "11,1,33,99"
    path = _write(tmp_path / "damaged.csv", "\n".join(["a,b,y", *lines]) + "\n")
    before = bench.experiment
    sheet = _open(bench, path)
    assert "line 13" in sheet.error.text()
    assert not sheet.take_button.isEnabled()
    assert _cells(sheet, 0) == ["0", "0", "0"]
    bench.click(sheet.take_button)
    assert bench.experiment == before
    take(sheet.mend, mend)
    _read(bench)
    assert not sheet.error.isVisible()
    assert "1 row" in sheet.summary.text()
    _opened(bench, sheet)
    assert len(sampled(bench.experiment.problem).samples.train) == rows


def test_cells_that_cannot_be_used_are_counted(bench: Bench, tmp_path: Path) -> None:
    lines = [f"{row},{row * row},{row % 3}" for row in range(10)]
    lines[2], lines[5], lines[7] = ",4,2", "5,none,2", "7,oops,1"
    sheet = _open(bench, _write(tmp_path / "gaps.csv", "\n".join(["a,b,y", *lines]) + "\n"))
    assert _notes(sheet) == ["1 missing", "1 no number, 1 missing", ""]
    assert "3 rows" in sheet.error.text()
    assert "line 4" in sheet.error.text()
    header = sheet.table.horizontalHeader()
    place = QPointF(header.sectionViewportPosition(1) + 10, 20)
    bench.click(header.viewport(), place)
    assert sheet.table.popup is not None
    bench.click(sheet.table.popup.list.viewport(), QPointF(
        sheet.table.popup.list.visualItemRect(sheet.table.popup.item("left_out")).center()))
    _read(bench)
    assert _roles(sheet) == {"a": "feature", "b": "left_out", "y": "target"}
    assert "1 row" in sheet.error.text()
    take(sheet.mend, "fill")
    _read(bench)
    _opened(bench, sheet)
    samples = sampled(bench.experiment.problem).samples
    assert samples.features == ("a",)
    assert samples.values[0, 2] == np.mean([0, 1, 3, 4, 5, 6, 7, 8, 9])


def test_text_is_left_out_or_makes_classes(bench: Bench, tmp_path: Path) -> None:
    lines = [f"{row},{'abc'[row % 3]},{row / 4}" for row in range(12)]
    sheet = _open(bench, _write(tmp_path / "kinds.csv", "\n".join(["x,kind,y", *lines]) + "\n"))
    assert _notes(sheet) == ["", "text: left out", ""]
    assert "Linear regression" in sheet.summary.text()
    take(sheet.target, "kind")
    _read(bench)
    assert _notes(sheet)[1] == "3 labels"
    assert "Softmax regression" in sheet.summary.text()
    bench.click(sheet.standardize)
    _opened(bench, sheet)
    assert bench.experiment.problem.model == "softmax"
    assert data_of(bench).standardize
    samples = sampled(bench.experiment.problem).samples
    assert (samples.features, samples.classes) == (("x", "y"), ("a", "b", "c"))


def test_the_role_of_a_column_is_chosen_by_keys(bench: Bench, tmp_path: Path) -> None:
    sheet = _open(bench, _write(tmp_path / "three.csv", "a,b,y\n1,2,3\n2,3,5\n4,4,1\n"))
    sheet.table.setFocus()
    sheet.table.setCurrentIndex(sheet.table.model().index(0, 0))
    QTest.keyClick(sheet.table, Key.Key_Return)
    popup = sheet.table.popup
    assert popup is not None
    for key in (Key.Key_Down, Key.Key_Return):
        QTest.keyClick(popup.list, key)
    _read(bench)
    assert _roles(sheet) == {"a": "target", "b": "feature", "y": "feature"}
    _opened(bench, sheet)
    assert sampled(bench.experiment.problem).samples.target == "a"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"), (b"x,y\n", "rows"), (b"x,y\n1,2\n3,\0\n", "NUL"), (b"x,y\n1,2\n3,\"4\n", "quot"),
        (b"x,x\n1,2\n3,4\n", "two columns"), (b"only\na\nb\n", "column of numbers"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(bench: Bench, tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    before = bench.experiment
    sheet = _open(bench, path)
    assert why in sheet.error.text()
    assert not sheet.take_button.isEnabled()
    bench.click(sheet.cancel_button)
    assert bench.studio.importing.sheet is None
    assert bench.experiment == before


def test_what_cannot_be_made_of_a_file_is_said_and_mended(bench: Bench, tmp_path: Path) -> None:
    before = bench.experiment
    sheet = _open(bench, _write(tmp_path / "flat.csv", "x,flat,y\n1,2,3\n2,2,5\n4,2,1\n"))
    bench.click(sheet.standardize)
    _read(bench)
    bench.click(sheet.take_button)
    bench.until(sheet.error.isVisible)
    assert "flat is 2 in every sample" in sheet.error.text()
    assert bench.experiment == before
    bench.click(sheet.standardize)
    _read(bench)
    assert not sheet.error.isVisible()
    _opened(bench, sheet)
    assert sampled(bench.experiment.problem).samples.features == ("x", "flat")


def test_a_fault_far_below_the_first_rows_is_found(bench: Bench, tmp_path: Path) -> None:
    lines = [f"{row},{2 * row}" for row in range(400)]
    lines[300] = "300"
    sheet = _open(bench, _write(tmp_path / "long.csv", "\n".join(["x,y", *lines]) + "\n"))
    assert "line 302" in sheet.error.text()
    assert len(_roles(sheet)) == 2
    take(sheet.mend, "drop")
    _read(bench)
    _opened(bench, sheet)
    assert len(sampled(bench.experiment.problem).samples.train) == 399


def test_a_file_that_is_not_there(bench: Bench, tmp_path: Path) -> None:
    sheet = _open(bench, tmp_path / "nowhere.csv")
    assert "There is no file" in sheet.error.text()


def _drop(bench: Bench, path: Path) -> bool:
    """Carry a file over the window and let it go; return whether it is taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.ignore()
    QCoreApplication.sendEvent(bench.window, enter)
    if enter.isAccepted():
        drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
        QCoreApplication.sendEvent(bench.window, drop)
    return enter.isAccepted()


def test_files_are_dropped_on_the_window(bench: Bench, tmp_path: Path) -> None:
    assert not _drop(bench, _write(tmp_path / "picture.png", ""))
    assert _drop(bench, _write(tmp_path / "data.tsv", "x\ty\n1\t2\n2\t2\n3\t5\n"))
    sheet = _read(bench)
    assert sheet.formats["delimiter"].currentText() == "tab (found)"
    assert not _drop(bench, tmp_path / "data.tsv")  # one dialog at a time
    _opened(bench, sheet)
    saved = tmp_path / "saved.json"
    bench.studio.files.save_path(saved)
    wanted = bench.experiment
    bench.action("actionUndo").trigger()
    bench.settled()
    assert _drop(bench, saved)
    bench.until(lambda: bench.experiment.problem.data is not None)
    bench.settled()
    assert sampled(bench.experiment.problem).samples.train.shape == sampled(wanted.problem).samples.train.shape


def test_a_large_file_is_read_with_progress_and_can_be_given_up(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_LOOK_MS", 1)
    numbers = np.random.default_rng(3).normal(size=(200_000, 10)).round(5)
    path = tmp_path / "large.csv"
    np.savetxt(path, numbers, delimiter=",", fmt="%.6g", header=",".join(f"c{each}" for each in range(10)), comments="")
    bench.studio.importing.open_path(path)
    unfinished = bench.studio.importing.sheet
    assert unfinished is not None
    bench.until(lambda: unfinished.table.model().rowCount() > 0)
    bench.until(lambda: unfinished.progress.value() > 0)
    assert not unfinished.take_button.isEnabled()
    bench.click(unfinished.cancel_button)
    bench.until(lambda: not bench.busy)
    assert bench.experiment.problem.data is None
    sheet = _open(bench, path)
    assert "200000 rows" in sheet.summary.text()
    _opened(bench, sheet)
    assert section_of(bench).counts.text().replace("\N{NO-BREAK SPACE}", "") == "200000"
