"""The lesson of the first lecture: the tangent where a run stands, the step it leads to, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from gdstudio.scene.axes import dashed_pen
from gdstudio.scene.marks import draw_arrow
from gdstudio.scene.polylines import clipped, lines_between
from gdstudio.scene.remarks import Remark
from gdstudio.scene.strokes import draw_line, draw_lines, round_pen
from gdstudio.scene.ticks import number_text

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.theme import Theme

ARROW_ABOVE = 16.0
"""How far above the plot's lower edge the arrow of the step lies, in pixels."""
# A step, or the gap between what the tangent promised and what the curve gave, is drawn from so many pixels on.
_SEEN = 6.0
# A slope of so small a part of the run's first is called flat.
_FLAT = 1e-4

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Tangent:
    """The tangent at one iterate, and the step to the next.

    Parameters
    ----------
    x, loss, slope : float
        The iterate, finite.
    following, reached : float or None
        The next iterate and its loss, where there is one; they may be anything but NaN at the iterate itself.
    slot : int
        Style slot of the run.
    first : float
        The slope where the run began.
    """

    x: float
    loss: float
    slope: float
    following: float | None
    reached: float | None
    slot: int
    first: float = 0.0

    @property
    def promised(self) -> float:
        """What the tangent says that the loss is at the next iterate."""
        return self.loss if self.following is None else self.loss + self.slope * (self.following - self.x)

    def step_is_seen(self, frame: Frame) -> bool:
        """Whether the step spans enough pixels for an arrow."""
        if self.following is None or not np.isfinite(self.following):
            return False
        return abs(frame.x(self.following) - frame.x(self.x)) >= _SEEN

    def promise_is_seen(self, frame: Frame) -> bool:
        """Whether the step, and the gap between promise and curve at its end, span enough pixels to be drawn."""
        if not self.step_is_seen(frame) or self.reached is None or not np.isfinite(self.reached):
            return False
        top, bottom = self._gap(frame)
        return abs(top - bottom) >= _SEEN

    def draw(self, painter: QPainter, frame: Frame, theme: Theme) -> None:
        """Draw tangent, step and promise."""
        x0, x1, _, _ = frame.extent
        away = abs(self.following - self.x) if self.following is not None and np.isfinite(self.following) else 0.0
        reach = max(0.16 * (x1 - x0), 1.25 * min(away, x1 - x0))
        ends = np.array([
            [self.x - reach, self.loss - self.slope * reach], [self.x + reach, self.loss + self.slope * reach],
        ])
        line = lines_between(frame.pixels(ends), np.arange(2))
        line = clipped(line, frame.left - 4, frame.top - 4, frame.right + 4, frame.bottom + 4)
        draw_lines(painter, line, dashed_pen(theme.tangent, 1.8))
        if self.following is None or not self.step_is_seen(frame):
            return
        level = frame.bottom - ARROW_ABOVE
        x_from, x_to = np.clip([frame.x(self.x), frame.x(self.following)], frame.left, frame.right)
        draw_arrow(painter, float(x_from), level, float(x_to), level, theme.run_colour(self.slot))
        if self.promise_is_seen(frame):
            top, bottom = self._gap(frame)
            draw_line(painter, float(x_to), top, float(x_to), bottom, round_pen(theme.promise, 1.6))

    def remarks(self, frame: Frame, theme: Theme) -> list[Remark]:
        """Return what there is to say about it."""
        if abs(self.slope) <= (_FLAT * abs(self.first) if np.isfinite(self.first) else 0.0):
            way_down = translate("Scene", "flat")
        elif self.slope > 0:
            way_down = translate("Scene", "downhill is to the left")
        else:
            way_down = translate("Scene", "downhill is to the right")
        text = translate("Scene", "slope f′ = {slope}: {way_down}")
        found = [Remark(text.format(slope=number_text(self.slope, 3), way_down=way_down), "dashes", theme.tangent)]
        if self.following is None or self.following == self.x or not np.isfinite(self.following):
            return found
        sign = "+" if self.following > self.x else ""
        text = translate("Scene", "step {step}").format(step=sign + number_text(self.following - self.x, 3))
        found.append(Remark(text, "arrow", theme.run_colour(self.slot)))
        if self.reached is not None and self.promise_is_seen(frame):
            text = translate("Scene", "the tangent promised {promised}, the curve gives {reached}").format(
                promised=number_text(self.promised, 2, short=True), reached=number_text(self.reached, 2, short=True)
            )
            found.append(Remark(text, "line", theme.promise))
        return found

    def _gap(self, frame: Frame) -> tuple[float, float]:
        """Pixels of what the curve gave and of what the tangent promised, kept near the plot."""
        assert self.reached is not None
        heights = [frame.y(self.reached), frame.y(self.promised)]
        top, bottom = np.clip(heights, frame.top - 4, frame.bottom + 4)
        return float(top), float(bottom)
