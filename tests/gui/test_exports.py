"""What leaves the window: pictures of each view in each format, the whole window, trajectories."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget

from gdstudio.experiment.file import from_json
from gdstudio.experiment.run import run_experiment
from gdstudio.views.export_dialog import ExportDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.conftest import Bench

Key, Modifier = Qt.Key, Qt.KeyboardModifier
VIEWS = {"surface": "surfaceView", "contour": "contourView", "curves": "lossView"}
TOO_SMALL = 2_000


def _written(bench: Bench) -> None:
    bench.until(lambda: not bench.studio.exports.busy)


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(np.int16)


def test_every_view_in_every_format(bench: Bench, tmp_path: Path) -> None:
    for _ in range(5):
        bench.press(Key.Key_Period)
    for view in VIEWS:
        for ending in ("png", "svg", "pdf"):
            bench.studio.exports.export_picture(tmp_path / f"{view}.{ending}", view)
    _written(bench)
    for view, name in VIEWS.items():
        size = bench.find(QWidget, name).size()
        image = QImage(str(tmp_path / f"{view}.png"))
        assert image.size() == size
        svg = (tmp_path / f"{view}.svg").read_text()
        assert "<image" not in svg
        assert f'width="{size.width()}" height="{size.height()}"' in svg
        assert len(svg) > TOO_SMALL
        pdf = (tmp_path / f"{view}.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert len(pdf) > TOO_SMALL
    assert "Wrote" in bench.status


@pytest.mark.parametrize("view", ["surface", "contour"])
def test_a_picture_looks_like_the_screen(bench: Bench, tmp_path: Path, view: str) -> None:
    bench.studio.exports.export_picture(tmp_path / "view.png", view)
    _written(bench)
    screen = _pixels(bench.find(QWidget, VIEWS[view]).grab().toImage())
    file = _pixels(QImage(str(tmp_path / "view.png")))
    assert np.mean(np.abs(screen - file).max(axis=2) > 40) < 0.03


def test_the_window_at_every_scale(bench: Bench, tmp_path: Path) -> None:
    size = bench.window.size()
    for scale in (1, 2, 3, 4):
        bench.studio.exports.export_picture(tmp_path / f"{scale}.png", "window", scale)
        _written(bench)
        image = QImage(str(tmp_path / f"{scale}.png"))
        assert image.size() == QSize(size.width() * scale, size.height() * scale)
    screen = _pixels(bench.window.grab().toImage())
    # The status bar says meanwhile what was written.
    once = _pixels(QImage(str(tmp_path / "1.png")))
    above = bench.window.status.mapTo(bench.window, QPoint(0, 0)).y()
    assert np.array_equal(screen[:above], once[:above])
    double = _pixels(QImage(str(tmp_path / "2.png")))[::2, ::2]
    assert np.mean(np.abs(screen - double).max(axis=2) > 60) < 0.1


@pytest.mark.parametrize("scale", [2, 4])
def test_a_view_enlarged(bench: Bench, tmp_path: Path, scale: int) -> None:
    bench.studio.exports.export_picture(tmp_path / "large.png", "contour", scale)
    _written(bench)
    assert QImage(str(tmp_path / "large.png")).size() == bench.contour.size() * scale


def test_curves_of_one_variable(bench: Bench, tmp_path: Path) -> None:
    bench.choose("parabola")
    for view in VIEWS:
        bench.studio.exports.export_picture(tmp_path / f"{view}.svg", view)
    _written(bench)
    for view in VIEWS:
        assert len((tmp_path / f"{view}.svg").read_text()) > TOO_SMALL


def test_the_trajectory_is_the_engines_to_the_bit(bench: Bench, tmp_path: Path) -> None:
    for index, ending in ((0, "csv"), (1, "json"), (2, "npz")):
        bench.studio.exports.export_trajectory(tmp_path / f"run.{ending}", index)
    _written(bench)
    expected = [run_experiment(bench.experiment, index).trajectory for index in range(3)]
    with (tmp_path / "run.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == expected[0].column_names
    assert rows[1][3] == ""
    assert np.array_equal([[float(cell) for cell in row[4:6]] for row in rows[1:]], expected[0].theta)
    assert [float(row[1]) for row in rows[1:]] == expected[0].loss.tolist()
    document = json.loads((tmp_path / "run.json").read_text())
    assert document["columns"]["x"] == expected[1].theta[:, 0].tolist()
    assert from_json(json.dumps(document["experiment"]).encode()).runs == bench.experiment.runs[1:2]
    with np.load(tmp_path / "run.npz") as archive:
        assert np.array_equal(archive["loss"], expected[2].loss)
        assert np.array_equal(archive["gradient_norm"], expected[2].gradient_norm)
        assert np.array_equal(archive["y"], expected[2].theta[:, 1])


def test_a_trajectory_with_live_changes(bench: Bench, tmp_path: Path) -> None:
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 5)
    bench.enter(bench.row().field, "0.2")
    bench.settled()
    bench.studio.exports.export_trajectory(tmp_path / "run.csv", 0)
    _written(bench)
    with (tmp_path / "run.csv").open(newline="") as file:
        rates = [float(row[3]) for row in list(csv.reader(file))[2:]]
    (change,) = bench.experiment.runs[0].changes
    assert rates[change.iteration - 1:change.iteration + 1] == [0.02, 0.2]
    assert len(rates) == 800


def test_a_failure_is_said_and_loses_nothing(bench: Bench, tmp_path: Path) -> None:
    old = tmp_path / "old.gif"
    old.write_text("precious")
    bench.studio.exports.export_picture(old, "contour")
    _written(bench)
    bench.until(lambda: ".png" in bench.status)
    assert old.read_text() == "precious"
    nowhere = tmp_path / "nowhere"
    tries: list[Callable[[], None]] = [
        lambda: bench.studio.exports.export_picture(nowhere / "a.png", "window"),
        lambda: bench.studio.exports.export_picture(nowhere / "a.svg", "surface"),
        lambda: bench.studio.exports.export_trajectory(nowhere / "a.csv"),
    ]
    for export in tries:
        bench.window.status.showMessage("-")
        export()
        _written(bench)
        bench.until(lambda: "nowhere" in bench.status and "Writing" not in bench.status)
    assert not nowhere.exists()


def test_before_there_is_any_run_a_sentence_says_so(bench: Bench, tmp_path: Path) -> None:
    for card in list(bench.window.panel.optimizers.cards):
        card.removeAsked.emit()
    while bench.experiment.runs:
        bench.card().removeAsked.emit()
    bench.settled()
    bench.studio.exports.export_trajectory(tmp_path / "none.csv")
    assert "no run" in bench.status
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(("key", "modifiers", "name", "choices"), [
    (Key.Key_E, Modifier.ControlModifier, "picture.png", {"choice_view": 3, "choice_scale": 1}),
    (Key.Key_E, Modifier.ControlModifier | Modifier.ShiftModifier, "table", {"choice_run": 2}),
])
def test_asked_for_by_keys(
    bench: Bench, tmp_path: Path, key: Qt.Key, modifiers: Qt.KeyboardModifier, name: str, choices: dict[str, int]
) -> None:
    QTest.keyClick(bench.window, key, modifiers)
    bench.until(lambda: bench.window.findChild(ExportDialog) is not None)
    dialog = bench.find_dialog(ExportDialog)
    bench.until(dialog.isVisible)
    for choice, index in choices.items():
        box = dialog.findChild(QComboBox, choice)
        assert box is not None
        box.setFocus()
        for _ in range(index):
            QTest.keyClick(box, Key.Key_Down)
        assert box.currentIndex() == index
    bench.answer(dialog, tmp_path / name)
    _written(bench)
    if name == "table":
        lines = (tmp_path / "table.csv").read_text().splitlines()
        assert len(lines) == 802
        assert lines[-1].split(",")[1] == repr(float(bench.snapshot.runs[2].loss[-1]))
    else:
        assert QImage(str(tmp_path / name)).size() == bench.window.size() * 2
