"""Has an optimizer's own lines take derivatives at the old parameters, where decay has shrunk them before.

Decoupled weight decay comes before the optimizer's step, yet after the gradient. What lines ask for themselves, a
gradient a little way ahead or the curvature, is to be seen from the same point as ``g``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.language.program import PARAMETERS
from gdstudio.engine.language.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

_DERIVATIVES = ("gradient", "hessian_diagonal")


def seen_from(old: str, equations: str) -> str:
    """Return equations whose derivatives are taken where they would be if ``theta`` were `old`.

    What the points are made of is computed twice where need be: a line above the one that gives a name to something
    made of ``theta`` gives another name to the same made of `old`.

    Parameters
    ----------
    old : str
        A name assigned above the equations, which occurs nowhere in them.
    equations : str
        One assignment a line.
    """
    twins = {PARAMETERS: old}
    assignments = _assignments(equations)
    taken = {name for target, right in assignments for name in (target.strip(), *_names(right))}
    lines: list[tuple[str, str, str]] = []
    for target, right in assignments:
        seen = _renamed(right, twins, inside=True)
        twin_right = _renamed(seen, twins, inside=False)
        name = target.strip()
        if twin_right == seen:
            twins.pop(name, None)
        else:
            twins[name] = old if name == PARAMETERS else _fresh(f"{old}_{name}", taken)
            lines.append((f"{twins[name]} ", twin_right, twins[name]))
        lines.append((target, seen, ""))
    return "\n".join(_needed(lines))


def takes_derivatives(equations: str) -> bool:
    """Whether lines take a gradient or curvature besides ``g``."""
    return any(name in _DERIVATIVES for _, right in _assignments(equations) for name in _names(right))


def _assignments(equations: str) -> list[tuple[str, str]]:
    """Return what stands left and right of the first equals sign of each line that is not empty."""
    return [(line.partition("=")[0], line.partition("=")[2]) for line in equations.split("\n") if line.strip()]


def _names(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.kind == "name"]


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _renamed(text: str, names: Mapping[str, str], *, inside: bool) -> str:
    """Return an expression with other names inside the points of its derivatives, or outside of them."""
    result, end = "", 0
    depth = within = 0
    before = ""
    for token in tokens(text):
        opens = {"(": 1, ")": -1}.get(token.text, 0)
        depth += opens
        if opens > 0 and before in _DERIVATIVES and not within:
            within = depth
        elif opens < 0 and depth < within:
            within = 0
        before = token.text
        if token.kind == "name" and token.text in names and bool(within) == inside:
            result += text[end:token.column] + names[token.text]
            end = token.column + len(token.text)
    return result + text[end:]


def _needed(lines: list[tuple[str, str, str]]) -> list[str]:
    """Return the lines without those second names that nothing below them reads."""
    read: set[str] = set()
    kept = []
    for target, right, twin in reversed(lines):
        if twin and twin not in read:
            continue
        read.discard(twin)
        read.update(_names(right))
        kept.append(f"{target}={right}")
    return kept[::-1]
