"""Surface and contour map: new runs at once, a new landscape when its picture has been drawn in a thread of its own.

Until then a view keeps its old picture, ground and runs, unless the new runs descend on the same loss: these are never
late. So whatever is on screen belongs together, and the curves of the loss wait for no landscape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject

from gdstudio.scene.terrain import Laid
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.surface import SurfaceView

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gdstudio.scene.contour import ContourDrawing, MapScene
    from gdstudio.scene.landscape import Landscape
    from gdstudio.scene.surface import SurfaceDrawing

_SURFACE, _CONTOUR = "drawing of the surface", "drawing of the contour map"

View = TypeVar("View", SurfaceView, ContourView)


@dataclass(frozen=True, eq=False)
class _Order:
    """What is being drawn: a scene, which loss it is of, and whether the camera is placed for it."""

    scene: MapScene
    loss: object
    home: bool = False


class _Map(Generic[View]):
    """What one view shows, what it is to show, and what is on its way to it."""

    def __init__(self, view: View) -> None:
        self.view: View = view
        self._loss: object = None
        self._wanted: MapScene | None = None
        self._coming: Landscape | None = None

    def show(self, scene: MapScene, loss: object, prepared: Any) -> bool:
        """Show of a scene what can be shown at once; whether its landscape has to be drawn now."""
        self._wanted = scene
        shown = self.view.content().landscape
        if scene.landscape is shown:
            if self._coming is not shown:
                self._coming = None
            self.view.setContent(scene, prepared)
            return False
        if loss == self._loss:
            self.view.setContent(replace(scene, landscape=shown), prepared)
        asked, self._coming = self._coming, scene.landscape
        return scene.landscape is not asked

    def again(self) -> _Order:
        """Expect what is shown to be drawn anew."""
        scene = self.view.content()
        self._coming = scene.landscape
        return _Order(scene, self._loss)

    @property
    def waits(self) -> bool:
        """Whether a landscape is on its way that is wanted still."""
        return self._coming is not None

    def drawn(self, order: _Order) -> None:
        """Take note that an order was carried out and is shown, and show what has come since."""
        self._loss = order.loss
        if order.scene.landscape is self._coming:
            self._coming = None
            if self._wanted is not None and self._wanted is not order.scene:
                cursor = self.view.cursor_iteration
                # it may have moved on since
                self.view.setContent(
                    self._wanted if self._wanted.cursor == cursor else replace(self._wanted, cursor=cursor)
                )


class Maps(QObject):
    """The two views of a landscape.

    Parameters
    ----------
    surface : SurfaceView
        The landscape in space.
    contour : ContourView
        The landscape from above, or a part of it.
    parent : QObject
        Who keeps it.

    Attributes
    ----------
    submit : callable
        Takes name, token, task and desk of what is to be done in another thread; set by whoever has threads.
    camera_due : bool
        Whether the surface is to be seen from where most of it shows when its next landscape comes.
    """

    # Names under which tasks go to the desk.
    tasks = (_SURFACE, _CONTOUR)

    def __init__(self, surface: SurfaceView, contour: ContourView, parent: QObject) -> None:
        super().__init__(parent)
        self.submit: Callable[..., None] = lambda *_: None
        self.camera_due = True
        self._surface = _Map(surface)
        self._contour = _Map(contour)

    @property
    def waiting(self) -> bool:
        """Whether a landscape is still being drawn."""
        return self._surface.waits or self._contour.waits

    def show_surface(self, scene: MapScene, loss: object, prepared: SurfaceDrawing | None, *, settled: bool) -> None:
        """Show a scene in space.

        Parameters
        ----------
        scene : MapScene
            Runs on a landscape.
        loss : object
            What tells apart the losses that landscapes and runs are of.
        prepared : SurfaceDrawing or None
            A drawing of the same runs to go on from.
        settled : bool
            Whether the camera may be placed for this landscape, if it is due.
        """
        home = self.camera_due and settled
        if self._surface.show(scene, loss, prepared):
            self.submit(_SURFACE, _Order(scene, loss, home), self._surface.view.plan(scene, home=home), "drawing")
        elif home and not self._surface.waits:
            self.camera_due = False
            self._surface.view.resetCamera()
        else:
            self._make_room()

    def show_contour(self, scene: MapScene, loss: object, prepared: ContourDrawing | None) -> None:
        """Show a scene from above: parameters as in `show_surface`."""
        if self._contour.show(scene, loss, prepared):
            self.submit(_CONTOUR, _Order(scene, loss), self._contour.view.plan(scene), "drawing")

    def answered(self, name: str, order: object, result: object) -> None:
        """Show what was drawn, unless what was there before is wanted again."""
        if not isinstance(order, _Order) or not isinstance(result, Laid):
            return
        if name == _CONTOUR and self._contour.waits:
            self._contour.view.setLaid(result)
            self._contour.drawn(order)
        elif name == _SURFACE and self._surface.waits:
            home = order.home and self.camera_due
            self.camera_due = self.camera_due and not home
            self._surface.view.setLaid(result, home=home)
            self._surface.drawn(order)
            self._make_room()

    def _make_room(self) -> None:
        """Have the surface drawn again where the legend covers more of it than it leaves free."""
        if self._surface.view.needsRoom() and not self._surface.waits:
            order = self._surface.again()
            self.submit(_SURFACE, order, self._surface.view.plan(order.scene, home=False), "drawing")
