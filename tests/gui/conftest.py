"""The assembled window and the hands of whoever uses it: what every test of the window shares."""

from __future__ import annotations

import itertools
import time
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QListView, QWidget

from gdstudio.app import create_window, studio_of
from gdstudio.controllers.files import settings
from gdstudio.experiment.greeting import greeting
from gdstudio.views.equation import SMALLEST_SCALE, EquationView
from gdstudio.views.picker_list import KEY
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.curve import CurveView
from gdstudio.views.plots.loss import LossView
from gdstudio.views.plots.surface import SurfaceView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.controllers.playback import PlayState
    from gdstudio.controllers.player import Player
    from gdstudio.controllers.studio import Studio
    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.worker import Snapshot
    from gdstudio.views.main_window import MainWindow
    from gdstudio.views.panel.card import Card
    from gdstudio.views.panel.parameter_row import ParameterRow
    from gdstudio.views.picker import OptimizerPicker
    from gdstudio.views.picker_details import EquationBox

with warnings.catch_warnings():
    # It asks for its fonts in a way that Python 3.11 calls old; later versions of Python do not.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ziamath  # noqa: F401 - so that no window under test is the first to import it

Kind = TypeVar("Kind", bound=QObject)
Dialog = TypeVar("Dialog", bound=QWidget)
PATIENCE = 10_000


class Bench:
    """A window on screen, its studio, and what a person does with them."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.studio: Studio = studio_of(window)

    # what there is

    def find(self, kind: type[Kind], name: str) -> Kind:
        """Return what has an object name."""
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def find_dialog(self, kind: type[Dialog]) -> Dialog:
        """Return the dialog of a kind that is open."""
        # one that has closed is there for a moment still
        (dialog,) = (each for each in self.window.findChildren(kind) if not each.isHidden())
        return dialog

    def action(self, name: str) -> QAction:
        return self.find(QAction, name)

    @property
    def surface(self) -> SurfaceView:
        return self.find(SurfaceView, "surfaceView")

    @property
    def contour(self) -> ContourView:
        return self.find(ContourView, "contourView")

    @property
    def curve(self) -> CurveView:
        return self.find(CurveView, "curveView")

    @property
    def loss(self) -> LossView:
        return self.find(LossView, "lossView")

    @property
    def plots(self) -> tuple[QWidget, ...]:
        """The views that are on screen."""
        derivative = self.find(CurveView, "derivativeView")
        views = (self.surface, self.contour, self.curve, derivative, self.loss)
        return tuple(view for view in views if view.isVisible())

    @property
    def player(self) -> Player:
        return self.studio.player

    @property
    def position(self) -> int:
        """The iteration that the timeline shows."""
        return self.window.transport.timeline.value()

    @property
    def experiment(self) -> Experiment:
        return self.studio.experiment

    @property
    def snapshot(self) -> Snapshot:
        snapshot = self.player.snapshot
        assert snapshot is not None
        return snapshot

    @property
    def status(self) -> str:
        return self.window.status.state.whole()

    @property
    def formula(self) -> QLineEdit:
        return self.window.panel.problem.field

    def card(self, index: int = 0) -> Card:
        return self.window.panel.optimizers.cards[index]

    def row(self, name: str = "learning_rate", index: int = 0) -> ParameterRow:
        return self.card(index).parameters.row(name)

    # what is waited for

    def until(self, condition: Callable[[], object], timeout: int = PATIENCE) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)

    def activate(self) -> None:
        """Give the keyboard to the window: without a window manager nobody else does after a dialog."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def settled(self) -> None:
        """Wait until what is on screen is what the experiment says."""
        self.until(lambda: self.is_settled)

    @property
    def is_settled(self) -> bool:
        player = self.player
        known = player.snapshot is not None and player.snapshot.complete and player.experiment == self.experiment
        return known and self.studio.screen.complete and not self.busy

    @property
    def busy(self) -> bool:
        """Whether a reading or an evaluation is under way."""
        return bool(self.player.waiting)

    def rests(self, state: PlayState) -> None:
        self.until(lambda: self.player.playback.state is state)

    def pictures(self) -> list[bytes]:
        """Return the pixels of all plots."""
        images = [view.grab().toImage() for view in self.plots]
        return [bytes(image.constBits()) for image in images]

    def stays_still(self, milliseconds: int = 300) -> None:
        """Look at the plots again and again for a while; no pixel may differ from the first look."""
        QCoreApplication.processEvents()
        before = self.pictures()
        end = time.perf_counter() + milliseconds / 1000
        while time.perf_counter() < end:
            self.qtbot.wait(40)
            for view, first, now in zip(self.plots, before, self.pictures(), strict=True):
                assert now == first, f"{view.objectName()} changed while paused"

    # what a person does

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in whatever takes the keyboard now: an open list, or what has the focus."""
        QTest.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget() or self.window, key, modifiers)

    def click(self, widget: QWidget, place: QPointF | None = None, button: Any = Qt.MouseButton.LeftButton) -> None:
        point = place.toPoint() if place is not None else widget.rect().center()
        QTest.mouseClick(widget, button, pos=point)

    def enter(self, field: QLineEdit, text: str) -> None:
        """Type a value in a field, over what stands there."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def replace_text(self, field: QLineEdit, text: str) -> None:
        """Paste a text over what stands in a field."""
        QApplication.clipboard().setText(text)
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def set_formula(self, text: str) -> None:
        """Type a formula and wait until its runs are there."""
        self.click(self.window.panel.problem.tabs.button("formula"))
        self.replace_text(self.formula, text)
        self.until(lambda: self.experiment.problem.text == text)
        self.settled()

    def choose(self, name: str) -> None:
        """Choose a problem of the table by a part of its name."""
        search = self.window.panel.problem.combo.search
        search.setFocus()
        search.selectAll()
        for letter in name:
            QTest.keyClicks(QApplication.activePopupWidget() or search, letter)
        self.press(Qt.Key.Key_Return)
        assert QApplication.activePopupWidget() is None
        self.settled()

    def limit(self, iterations: int) -> None:
        self.enter(self.window.panel.stopping.iterations, str(iterations))

    def drag(self, widget: QWidget, places: list[QPointF], button: Any = Qt.MouseButton.LeftButton) -> Iterator[int]:
        """Press at the first place and move over the others; give the number of each after it, let go at the end."""
        self._mouse(widget, QEvent.Type.MouseButtonPress, places[0], button, button)
        yield 0
        for number, place in enumerate(places[1:], start=1):
            self._mouse(widget, QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton, button)
            yield number
        self._mouse(widget, QEvent.Type.MouseButtonRelease, places[-1], button, Qt.MouseButton.NoButton)

    def move(self, widget: QWidget, places: list[QPointF], button: Any = Qt.MouseButton.LeftButton) -> None:
        """Drag without looking."""
        for _ in self.drag(widget, places, button):
            QCoreApplication.processEvents()

    def answer(self, dialog: QFileDialog, path: Path) -> None:
        """Type a name into a file dialog that shows its folder, and confirm."""
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        dialog.setDirectory(str(path.parent))
        files = dialog.findChild(QListView, "listView")
        assert files is not None
        self.until(lambda: files.model().rowCount(files.rootIndex()) == len(list(path.parent.iterdir())))
        self.qtbot.wait(50)
        for _ in range(50):
            # While the folder is read, names of its files are put there and proposed in a list.
            names = QApplication.activePopupWidget()
            if names is not None:
                QTest.keyClick(names, Qt.Key.Key_Escape)
            elif field.text() != path.name:
                field.setFocus()
                field.selectAll()
                QTest.keyClicks(field, path.name)
            else:
                QTest.keyClick(field, Qt.Key.Key_Return)
            self.qtbot.wait(10)
            if not shiboken6.isValid(dialog) or not dialog.isVisible():
                self.activate()
                return
        pytest.fail(f"the dialog does not take {path}")

    def wheel(self, widget: QWidget, place: QPointF, notches: int) -> None:
        event = QWheelEvent(
            place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )
        QApplication.sendEvent(widget, event)

    def _mouse(self, widget: QWidget, kind: QEvent.Type, place: QPointF, button: Any, buttons: Any) -> None:
        everywhere = QPointF(widget.mapToGlobal(place))
        event = QMouseEvent(kind, place, everywhere, button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)


def colours_of(view: QWidget) -> int:
    """Return how many colours a view shows, looked at in every eighth pixel along both sides."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return len(np.unique(pixels[::8, ::8]))


def headings_of(picker: OptimizerPicker) -> list[str]:
    """Return the headings in the list of a picker, from top to bottom: the rows that have no key."""
    rows = picker.list.model()
    places = (rows.index(row, 0) for row in range(rows.rowCount()))
    return [place.data() for place in places if place.data(KEY) is None]


def assert_apart(bench: Bench, box: EquationBox) -> None:
    """See that every line in a box is as high as it is drawn, and lies below the one before."""
    views = [view for view in box.findChildren(QWidget) if view.isVisible()]
    assert len(views) == len(box.lines())
    bench.until(lambda: box.rect().contains(views[-1].geometry()) and all(
        after.geometry().top() > before.geometry().bottom() for before, after in itertools.pairwise(views)
    ))
    for view in views:
        if isinstance(view, EquationView):
            assert view.height() >= SMALLEST_SCALE * view.sizeHint().height() - 1


def on_contour(bench: Bench, x: float, y: float) -> QPointF:
    """Return the pixel of the contour map at values of the two variables."""
    drawing = bench.contour.drawing()
    assert drawing is not None
    return QPointF(drawing.frame.x(x), drawing.frame.y(y))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    """Give each test a person with no past; put the application's palette back after it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    palette = QApplication.palette()
    settings().clear()
    yield
    QApplication.setPalette(palette)


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    """Return what opens a window on an experiment, shown and ready; None takes up the last session."""
    opened: list[MainWindow] = []

    def opens(experiment: Experiment | None = None, *, opengl: bool = False, resumed: bool = False) -> Bench:
        window = create_window(None if resumed else experiment or greeting(), opengl=opengl)
        opened.append(window)
        with qtbot.waitExposed(window):
            window.show()
        bench = Bench(window, qtbot)
        bench.activate()
        bench.settled()
        return bench

    yield opens
    for window in opened:
        if shiboken6.isValid(window):
            studio_of(window).discard()
            window.close()
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def bench(open_window: Callable[..., Bench]) -> Bench:
    """Return a window that greets a newcomer, drawn without OpenGL."""
    return open_window()
