"""What the equation editor shows of a text, as plain frozen data: what was found in it, or why it cannot be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text: its name, its numbers with their defaults, and what it keeps between steps.

    `guessed` are names of numbers that are neither declared nor known, with their defaults: perhaps only mistyped.
    """

    name: str
    numbers: tuple[tuple[str, str], ...]
    state: tuple[str, ...]
    guessed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TextMistake:
    """Why a text cannot be read: one sentence, and the line (from 1) and column (from 0) it is about."""

    message: str
    line: int = 1
    column: int = 0
