"""What the relief hides from one camera, found out cell by cell where somebody asks.

Paths of several runs, frame after frame of a drag, lie over the same cells, so nearly all answers are there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.camera import Camera
    from gdstudio.scene.relief import Relief

# Cells along each side of the floor: one is some four pixels wide in a large window.
_CELLS = 160
_UNKNOWN, _SEEN, _HIDDEN = 0, 1, 2


class Occlusion:
    """The parts of a relief that a camera sees.

    Parameters
    ----------
    relief : Relief
        What may stand in the way of itself.
    camera : Camera
        Where it is looked at from.
    """

    def __init__(self, relief: Relief, camera: Camera) -> None:
        self.camera = camera
        self._relief = relief
        self._states = np.full(_CELLS * _CELLS, _UNKNOWN, dtype=np.int8)

    def hides(self, feet: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the relief hides itself over finite points (n, 2) of the floor, (n,)."""
        places = np.clip(((feet + 1) * (_CELLS / 2)).astype(np.intp), 0, _CELLS - 1)
        cells = places[:, 1] * _CELLS + places[:, 0]
        unknown = cells[self._states[cells] == _UNKNOWN]
        if len(unknown):
            self._find(np.unique(unknown))
        return np.asarray(self._states[cells] == _HIDDEN)

    def _find(self, cells: NDArray[np.intp]) -> None:
        rows, columns = np.divmod(cells, _CELLS)
        across, down = (columns + 0.5) * (2 / _CELLS) - 1, (rows + 0.5) * (2 / _CELLS) - 1
        heights = self._relief.lift(across, down)
        # a hole in the relief hides nothing
        whole = np.isfinite(heights)
        points = np.stack([across, down, heights], axis=1)[whole]
        found = np.full(len(cells), _SEEN, dtype=np.int8)
        found[whole] += self._relief.hidden(points, self.camera)
        # at once, as another thread may be asking too
        self._states[cells] = found
