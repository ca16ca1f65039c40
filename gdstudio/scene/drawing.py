"""What every drawing has in common, so that views and exporters need not know which one they hold.

A drawing is prepared once for its content, size and theme. Its `ground` stays the same while a run plays and
may be kept as a pixmap; `live` is what the cursor moves. Both together are the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.scene.theme import Theme


class Drawing(Protocol):
    """A prepared picture of one view."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in logical pixels."""

    @property
    def theme(self) -> Theme:
        """The colours it is drawn with."""

    def ground(self, painter: QPainter) -> None:
        """Paint everything that does not move with the cursor."""

    def live(self, painter: QPainter, cursor: int) -> None:
        """Paint what moves with the cursor, over the ground."""

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture at the content's own cursor."""
