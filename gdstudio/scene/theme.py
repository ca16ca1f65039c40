"""The colours and run styles of every drawing, dark and light, as plain data.

Pictures and screen share these tables, and the window's style sheet can read them, so that nothing that
belongs together drifts apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdstudio.scene.colormap import DARK_TERRAIN, LIGHT_TERRAIN, Colormap

MARKERS = ("circle", "triangle", "square", "diamond", "pentagon", "inverted_triangle", "cross")
"""Marker of each style slot; a run is told by it where colours are not."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (``"#rrggbb"``) of one scheme.

    Parameters
    ----------
    key : {"dark", "light"}
        Name in settings and on the command line.
    window, panel, raised, line, text, muted, accent, error : str
        The window's own colours.
    runs : tuple of str
        Colours of the seven style slots (Okabe and Ito, 2008; yellow darker where the ground is white).
    classes : tuple of str
        Colours of the classes of data, none of them a run's.
    casing : str
        Edge under every path, so that it reads on any terrain.
    rim : str
        Edge of balls, rings and stars.
    tangent, promise : str
        The tangent of a curve and what it promises.
    plot : str
        Ground of the flat plots.
    grid, floor : str
        Lines in plots and on the floor of the surface.
    glow : str
        Centre of the surface's ground, which fades into `window`.
    terrain : Colormap
        Colours of heights.
    """

    key: str
    window: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    error: str
    runs: tuple[str, ...]
    classes: tuple[str, ...]
    casing: str
    rim: str
    tangent: str
    promise: str
    plot: str
    grid: str
    floor: str
    glow: str
    terrain: Colormap

    @property
    def dark(self) -> bool:
        """Whether the ground is darker than the text."""
        return self.key == "dark"

    def run_colour(self, slot: int) -> str:
        """Colour of a style slot; slots beyond the table start again."""
        return self.runs[slot % len(self.runs)]

    def class_colour(self, code: int) -> str:
        """Colour of a class of data; codes beyond the table start again."""
        return self.classes[code % len(self.classes)]


DARK = Theme(
    key="dark", window="#14161b", panel="#1b1e25", raised="#20242d", line="#2b303b", text="#e6e9ef",
    muted="#9aa3b2", accent="#5aa9ff", error="#ff7b72",
    runs=("#e69f00", "#56b4e9", "#cc79a7", "#f0e442", "#009e73", "#d55e00", "#0072b2"),
    classes=(
        "#9d8cff", "#5fd0a5", "#ff8f8f", "#c9c36a", "#7fd3e6", "#d3a4e8", "#e0a878", "#a9b3c4", "#8fd16f", "#e58ac0",
    ),
    casing="#0d0f13", rim="#ffffff", tangent="#18b98a", promise="#cc79a7", plot="#14161b", grid="#262a33",
    floor="#343a46", glow="#21252e", terrain=DARK_TERRAIN,
)

LIGHT = Theme(
    key="light", window="#f6f7f9", panel="#ffffff", raised="#f0f2f6", line="#dde1e8", text="#1b1f27",
    muted="#5c6675", accent="#1f6fd6", error="#c62828",
    runs=("#e69f00", "#56b4e9", "#cc79a7", "#b8a400", "#009e73", "#d55e00", "#0072b2"),
    classes=(
        "#6a51d1", "#138a63", "#cf4b57", "#85801d", "#1b8ea8", "#9a4fb8", "#a0672c", "#5b6778", "#4f8f2b", "#b8438b",
    ),
    casing="#ffffff", rim="#ffffff", tangent="#008a64", promise="#b0568a", plot="#f6f7f9", grid="#e2e6ec",
    floor="#d3d8e0", glow="#ffffff", terrain=LIGHT_TERRAIN,
)

THEMES = {theme.key: theme for theme in (DARK, LIGHT)}


def marker_of(slot: int) -> str:
    """Marker of a style slot; slots beyond the table start again."""
    return MARKERS[slot % len(MARKERS)]
