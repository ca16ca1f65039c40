"""Cuts typed text into tokens, and explains every character that has no place in a formula.

The language is plain ASCII. Look-alikes from other alphabets, typographic minus signs and control
characters are refused by their number, because a person cannot see them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.engine.errors import FormulaError
from gdstudio.engine.language.operations import CONSTANTS, FUNCTIONS
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Iterable

MAXIMUM_CHARACTERS = 1_000
_SHOWN_CHARACTERS = 24

_TOKEN = re.compile(
    r"(?P<space> +)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<symbol>\*\*|<=|>=|==|!=|[-+*/^(),<>])"
)

_TYPE_INSTEAD = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{MIDDLE DOT}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{DIVISION SIGN}": "/",
    "\N{SUPERSCRIPT TWO}": "^2",
    "\N{SUPERSCRIPT THREE}": "^3",
    "\N{SQUARE ROOT}": "sqrt(...)",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{NOT EQUAL TO}": "!=",
    "\N{NO-BREAK SPACE}": "a space",
    "\N{FULLWIDTH LEFT PARENTHESIS}": "(",
    "\N{FULLWIDTH RIGHT PARENTHESIS}": ")",
    "\N{FULLWIDTH COMMA}": ",",
    "\N{GREEK SMALL LETTER PI}": "pi",
    "\t": "a space",
    "[": "(",
    "]": ")",
    "{": "(",
    "}": ")",
    ":": "/",
    ";": ",",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: kind "number", "name", "symbol" or "end", and where it begins."""

    kind: str
    text: str
    column: int


def shortened(text: str) -> str:
    """Return `text` cut to a length that fits into a message."""
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."


def near_matches(name: str, known: Iterable[str]) -> str:
    """Return up to three known names that look like `name`, as text for a message, or nothing."""
    written = {each.lower(): each for each in sorted(known)}
    return ", ".join(written[match] for match in difflib.get_close_matches(name[:40].lower(), written, n=3))


def tokens(text: str, *, bounded: bool = True) -> list[Token]:
    """Cut `text` into tokens, ending with one of kind "end"; where not `bounded`, of any length.

    Raises
    ------
    FormulaError
        At the first character that belongs to nothing, for a malformed or infinite number, for text longer
        than `MAXIMUM_CHARACTERS`.
    """
    if bounded and len(text) > MAXIMUM_CHARACTERS:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "The formula has {length} characters; at most {bound} are possible."),
            text=text,
            column=MAXIMUM_CHARACTERS,
            length=len(text),
            bound=MAXIMUM_CHARACTERS,
        )
    found: list[Token] = []
    column = 0
    while column < len(text):
        match = _TOKEN.match(text, column)
        if match is None:
            raise _unexpected_character(text, column)
        kind = str(match.lastgroup)
        if kind == "number":
            _check_number(text, match)
        if kind != "space":
            found.append(Token(kind, match.group(), column))
        column = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _check_number(text: str, match: re.Match[str]) -> None:
    """Refuse ``1.2.3`` and ``1e999``."""
    if text[match.end() : match.end() + 1] == ".":
        points = re.match(r"[0-9.eE]+", text[match.start() :])
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "{number} has more than one decimal point."),
            text=text,
            column=match.start(),
            number=shortened(points[0] if points else "."),
        )
    if float(match.group()) == float("inf"):
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "{number} is not finite; numbers go up to about 1.8e308."),
            text=text,
            column=match.start(),
            number=shortened(match.group()),
        )


def _unexpected_character(text: str, column: int) -> FormulaError:
    """Say what the character at `column` is and what to type in its place."""
    character = text[column]
    code = f"U+{ord(character):04X}"
    if character in _TYPE_INSTEAD:
        return FormulaError(
            QT_TRANSLATE_NOOP("Errors", "The character {character} has no meaning here; type {instead}."),
            text=text,
            column=column,
            character=character if character.isascii() and character.isprintable() else code,
            instead=_TYPE_INSTEAD[character],
        )
    if character.isascii() and character.isprintable():
        return _unexpected_ascii(text, column)
    return FormulaError(
        QT_TRANSLATE_NOOP(
            "Errors", "The character {code} ({name}) is not part of a formula; use plain letters and digits."
        ),
        text=text,
        column=column,
        code=code,
        name=unicodedata.name(character, "a character that cannot be seen"),
    )


def _unexpected_ascii(text: str, column: int) -> FormulaError:
    """Explain a printable ASCII character that begins no token."""
    character = text[column]
    if character == "_":
        template = QT_TRANSLATE_NOOP("Errors", "A name begins with a letter, not with {character}.")
    elif character == "=":
        template = QT_TRANSLATE_NOOP(
            "Errors", "There is no {character} in a formula; inside where(...) compare with ==."
        )
    elif character == ".":
        template = QT_TRANSLATE_NOOP(
            "Errors", "A {character} belongs only to a number, such as 0.5; names have no attributes."
        )
    else:
        template = QT_TRANSLATE_NOOP(
            "Errors", "The character {character} is not part of a formula; it has + - * / ^ ( ) and names."
        )
    return FormulaError(template, text=text, column=column, character=character)


def check_name(text: str, column: int, name: str) -> None:
    """Refuse a name that is taken by a function or a constant."""
    if name in FUNCTIONS:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "{name} is a function: write {name}(...)."),
            text=text,
            column=column,
            name=name,
        )
    if name in CONSTANTS:
        raise FormulaError(
            QT_TRANSLATE_NOOP("Errors", "{name} is a constant and cannot be the name of something else."),
            text=text,
            column=column,
            name=name,
        )
