"""Data space as a widget: points are dragged, added and erased by mouse and key, and everything else follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from gdstudio.scene.class_legend import class_at, draw_class_legend
from gdstudio.scene.data_drawing import DataDrawing
from gdstudio.scene.data_space import DataSpace
from gdstudio.scene.marks import draw_ring
from gdstudio.scene.remarks import draw_note
from gdstudio.scene.strokes import colour, round_pen
from gdstudio.scene.ticks import number_text
from gdstudio.views.plots.flat import Extent, FlatPlot

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.theme import Theme

_STEP = 0.01
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_MOST_BRUSHED = 2_000


class DataView(FlatPlot):
    """Shows a `DataSpace`.

    Signals
    -------
    pointMoved(row, x, y, final)
        The point of a row was dragged or nudged to a place; `final` when it was let go there.
    pointAdded(x, y, code)
        A point is wanted at a place: `code` is its class, None where there are none.
    pointsErased(rows)
        The points of these rows (a tuple of numbers) are to go.
    """

    pointMoved = Signal(int, float, float, bool)
    pointAdded = Signal(float, float, object)
    pointsErased = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = DataSpace()
        self._drawing: DataDrawing | None = None
        # Number of the row of the point that keys move, and the class of what is added.
        self._selected: int | None = None
        # Whether the last that was done here was done by keys, so that the chosen point is told of without a pointer.
        self._by_keys = False
        self._class = 0
        # Where the pointer took hold of the point, in data; what was shown then, and the point's own place.
        self._grip: tuple[float, float] | None = None
        self._before: tuple[Extent | None, float, float] | None = None
        self._brush: QPointF | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Data"))
        self.setToolTip(self.tr(
            "Data: drag a point, Shift-click adds one, Alt-click removes one, Ctrl-drag removes all in a rectangle; "
            "wheel to zoom, right button to pan; Page Up and Page Down choose a point, arrow keys move it, "
            "Delete removes it, Insert adds one"
        ))
        self._say()

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Choose data to see them here")

    def setContent(self, scene: DataSpace, prepared: DataDrawing | None = None) -> None:
        """Show a scene; points that have not changed, or lie in `prepared`, are not drawn again."""
        before = self._drawing
        if scene is self._scene:
            return
        self._scene = scene
        self.cursor_iteration = scene.cursor
        self._class = min(self._class, max(len(scene.classes) - 1, 0))
        usable = prepared is not None and prepared.scene is scene and prepared.extent == self._extent
        self._drawing = self._prepared(prepared if usable else before)
        same = before is not None and self._drawing is not None and self._drawing.frame == before.frame
        self._say()
        self.refresh(ground=not same)

    def content(self) -> DataSpace:
        """Return what is shown."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def drawing(self) -> DataDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if self._drawing is None or self._drawing.size != (self.width(), self.height()):
            self._drawing = self._prepared(self._drawing)
        return self._drawing

    def frame(self) -> Frame | None:
        """Return the frame of what is on screen; None where there is nothing to show."""
        drawing = self.drawing()
        return None if drawing is None else drawing.frame

    def home(self) -> Extent | None:
        """Return what is shown until a person pans or zooms."""
        return self._scene.extent if len(self._scene) else None

    def forget(self) -> None:
        """Let go of what was prepared for another part."""
        self._drawing = None

    def selected(self) -> int | None:
        """Return the number of the row of the point that keys move."""
        return self._selected

    def select(self, row: int | None) -> None:
        """Choose the point that keys move."""
        self._selected = row
        self._say()
        self.update()

    def _prepared(self, earlier: DataDrawing | None) -> DataDrawing | None:
        if not len(self._scene):
            return None
        size = (float(self.width()), float(self.height()))
        return DataDrawing(self._scene, self.theme, size, self._extent, earlier=earlier)

    def _index(self) -> int | None:
        """Return which point is selected."""
        found = self._scene.indices(np.array([-1 if self._selected is None else self._selected]))
        return int(found[0]) if len(found) else None

    def _code(self) -> int | None:
        return self._class if self._scene.codes is not None else None

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a point, add or remove one, begin a rectangle, choose a class, or begin to pan."""
        self._by_keys = False
        drawing, place = self.drawing(), event.position()
        if drawing is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        code = self._class_at(drawing, place)
        if code is not None:
            self._choose(code)
            return
        if not drawing.frame.holds(place.x(), place.y()):
            return
        index, modifiers = drawing.nearest(place.x(), place.y()), event.modifiers()
        if modifiers & _SHIFT:
            self.pointAdded.emit(*drawing.frame.data(place.x(), place.y()), self._code())
        elif modifiers & _CONTROL:
            self._brush = place
        elif modifiers & _ALT:
            if index is not None:
                self.pointsErased.emit((self._scene.number(index),))
        else:
            self._take(drawing, index, place)

    def _class_at(self, drawing: DataDrawing, place: QPointF) -> int | None:
        """Return the class whose row in the legend is under a place."""
        if not self._scene.classes:
            return None
        left, top = drawing.legend_corner
        return class_at(self._scene.classes, place.x() - left, place.y() - top)

    def _take(self, drawing: DataDrawing, index: int | None, place: QPointF) -> None:
        self.select(None if index is None else self._scene.number(index))
        if index is None:
            return
        x, y = drawing.frame.data(place.x(), place.y())
        at = float(self._scene.xs[index]), float(self._scene.ys[index])
        self._grip = x - at[0], y - at[1]
        # the axes rest while a point is dragged, wherever it goes
        self._before = self._extent, *at
        self._extent = drawing.frame.extent
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a point, pan, or tell where the pointer is."""
        super().mouseMoveEvent(event)
        if self._grip is not None:
            self._drag(event.position(), final=False)
        elif self._brush is None and self._pans_from is None:
            drawing, place = self.drawing(), event.position()
            over = drawing is not None and drawing.nearest(place.x(), place.y()) is not None
            self.setCursor(Qt.CursorShape.OpenHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of a point, or remove what is in the rectangle."""
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._drag(event.position(), final=True)
            self._let_go()
        elif event.button() == Qt.MouseButton.LeftButton and self._brush is not None:
            rows = self._brushed(event.position())
            self._brush = None
            self.update()
            if len(rows):
                self.pointsErased.emit(tuple(self._scene.number(int(index)) for index in rows))
        else:
            super().mouseReleaseEvent(event)

    def _drag(self, place: QPointF, final: bool) -> None:
        frame, index = self.frame(), self._index()
        if frame is None or index is None or self._grip is None or self._before is None or self._selected is None:
            return
        x0, x1, y0, y1 = frame.extent
        x, y = frame.data(place.x(), place.y())
        x, y = min(max(x - self._grip[0], x0), x1), min(max(y - self._grip[1], y0), y1)
        now = float(self._scene.xs[index]), float(self._scene.ys[index])
        apart = abs(frame.x(x) - frame.x(now[0])) + abs(frame.y(y) - frame.y(now[1]))
        if apart > 0.01 or (final and now != self._before[1:]):
            self.pointMoved.emit(self._selected, x, y, final)

    def _let_go(self) -> None:
        self._grip = None
        if self._before is not None:
            self._extent, self._before = self._before[0], None
            self._drawing = self._prepared(self._drawing)
            self.refresh()
        self.unsetCursor()

    def _brushed(self, place: QPointF) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        drawing = self.drawing()
        if drawing is None or self._brush is None:
            return np.empty(0, dtype=np.intp)
        part = QRectF(self._brush, place).normalized()
        return drawing.inside(part.left(), part.top(), part.right(), part.bottom())

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, move, add and remove points; a drag is given up with Escape."""
        self._by_keys = True
        key, index, frame = Qt.Key(event.key()), self._index(), self.frame()
        if frame is None:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape and self._before is not None and self._selected is not None:
            self.pointMoved.emit(self._selected, *self._before[1:], True)
            self._let_go()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._next(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in _ARROWS and index is not None and self._selected is not None:
            right, up = _ARROWS[key]
            x0, x1, y0, y1 = frame.extent
            x = float(self._scene.xs[index]) + right * _STEP * (x1 - x0)
            self.pointMoved.emit(self._selected, x, float(self._scene.ys[index]) + up * _STEP * (y1 - y0), True)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._selected is not None and index is not None:
            row = self._selected
            self._next(1)
            self.pointsErased.emit((row,))
        elif key == Qt.Key.Key_Insert:
            x0, x1, y0, y1 = frame.extent
            self.pointAdded.emit((x0 + x1) / 2, (y0 + y1) / 2, self._code())
        elif Qt.Key.Key_1 <= key < Qt.Key.Key_1 + min(len(self._scene.classes), 9):
            self._choose(key - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def _next(self, step: int) -> None:
        """Choose the next point from left to right, the first where none was chosen."""
        order, index = np.argsort(self._scene.xs, kind="stable"), self._index()
        place = 0 if index is None else (int(np.flatnonzero(order == index)[0]) + step) % len(order)
        self.select(self._scene.number(int(order[place])))

    def _choose(self, code: int) -> None:
        self._class = code
        self.update()

    # what belongs to the screen alone

    def paint_over(self, painter: QPainter) -> None:
        """Paint the chosen class, the rectangle, the chosen point and the read-out."""
        drawing, pointer = self.drawing(), self.pointer
        if drawing is None:
            return
        scene = self._scene
        if scene.classes:
            draw_class_legend(painter, *drawing.legend_corner, scene.classes, self.theme, self._class)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._brush is not None and pointer is not None:
            painter.setPen(round_pen(self.theme.accent, 1.0))
            painter.setBrush(colour(self.theme.accent, 0.14))
            painter.drawRect(QRectF(self._brush, pointer).normalized())
            for x, y in drawing.pixels[self._brushed(pointer)[:_MOST_BRUSHED]].tolist():
                draw_ring(painter, x, y, self.theme, 5.0)
            return
        index = self._index()
        over = drawing.nearest(pointer.x(), pointer.y()) if pointer is not None and self._grip is None else None
        for each in {index, over} - {None}:
            x, y = drawing.pixels[each].tolist()
            draw_ring(painter, x, y, self.theme, 7.0)
        told = index if self._grip is not None or (over is None and self._by_keys and self.hasFocus()) else over
        if told is not None:
            x, y = drawing.pixels[told].tolist()
            draw_note(painter, x, y, self._lines(drawing, told), self.theme, drawing.size)

    def reads_out(self, x: float, y: float) -> bool:
        """Whether there is a point at a pixel."""
        drawing = self.drawing()
        return drawing is not None and drawing.nearest(x, y) is not None

    def _lines(self, drawing: DataDrawing, index: int) -> list[str]:
        """Return what there is to say of a point."""
        scene = self._scene
        x, y = float(scene.xs[index]), float(scene.ys[index])
        lines = [f"{scene.names[0]} = {number_text(x)}, {scene.names[1]} = {number_text(y)}"]
        if scene.codes is not None and int(scene.codes[index]) < len(scene.classes):
            lines.append(scene.classes[int(scene.codes[index])])
        predicted = drawing.moment(self.cursor_iteration).predicted
        if predicted is not None:
            value = float(predicted[index])
            lines.append(self.tr("prediction {value}, residual {rest}").format(
                value=number_text(value), rest=number_text(y - value)))
        row = self.tr("row {number}").format(number=scene.number(index) + 1)
        held = scene.held_out is not None and bool(scene.held_out[index])
        lines.append(self.tr("{row}, held out").format(row=row) if held else row)
        return lines

    def _say(self) -> None:
        """Tell screen readers which point is chosen."""
        drawing, index = self._drawing, self._index()
        if index is None or drawing is None:
            self.setAccessibleDescription(self.tr("The data, and what each run has made of them"))
        else:
            self.setAccessibleDescription("; ".join(self._lines(drawing, index)))
