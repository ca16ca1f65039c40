"""``python -m tests.bench [SECTION...]``: one table of figures measured in one run, with their limits.

A benchmark never fails: it prints. Times of one machine mean little on another, so most figures are ratios
of two things measured in turn.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.measure import Figure

# Each is a module beside this one with ``measure(settings) -> list[Figure]``; a new section is a new line here.
SECTIONS: dict[str, str] = {
    "loop": "One run of a million iterations",
    "elementwise": "One run of each element-wise optimizer",
    "many_starts": "Many starts at once",
    "fused": "One step of a long vector of parameters",
    "softmax": "An epoch of softmax regression",
    "stochastic": "Steps with one sample each",
    "full_batch": "A gradient over a million samples",
    "formula": "A formula typed anew",
    "redraw": "A drag",
    "reading": "A file of data",
    "process": "The command line",
    "window_drag": "A drag in the window",
    "window_data": "Data in the window",
    "window_formula": "A formula typed in the window",
    "window_choice": "A problem or an optimizer chosen in the window",
    "window_flat_out": "The window while a run goes flat out",
    "window_start": "The start of the window",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a section may want to know: this Python, and those that have PyTorch, JAX and pandas, if any were named."""

    python: str
    torch: str | None
    jax: str | None = None
    pandas: str | None = None


def _print(figures: list[Figure]) -> None:
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        verdict = {True: "kept", False: "MISSED", None: ""}[figure.kept]
        print(f"  {figure.name:<{width}}  {figure.value:>12}  {figure.limit:<18} {verdict}".rstrip(), flush=True)


def main() -> None:
    """Measure the sections that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Figures with their limits.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all unless said")
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has PyTorch")
    parser.add_argument("--jax", metavar="PYTHON", help="an interpreter that has JAX and optax")
    parser.add_argument("--pandas", metavar="PYTHON", help="an interpreter that has pandas")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"there is no section called {unknown[0]}; there are {', '.join(SECTIONS)}")
    settings = Settings(sys.executable, arguments.torch, arguments.jax, arguments.pandas)
    for name in arguments.sections or SECTIONS:
        begun = time.perf_counter()
        print(f"\n{SECTIONS[name]} ({name})", flush=True)
        _print(import_module(f"tests.bench.{name}").measure(settings))
        print(f"  measured in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
