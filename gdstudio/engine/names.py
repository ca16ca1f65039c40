"""Says which name a person may have meant, and shows in a message what was typed without letting it do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN_CHARACTERS = 60
_SHOWN_OF_FILE = 200


def shown(value: object) -> str:
    """Return `value` as a message shows it: on one line, printable, at most 60 characters."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception:  # whatever a stranger's object does when it is asked what it is
        text = f"a {type(value).__name__}"
    return _printable(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS - 3] + "...") or "''"


def shown_file(path: object) -> str:
    """Return a file's name as a message shows it: of a long one the end, which tells files apart."""
    text = str(path)
    return _printable(text if len(text) <= _SHOWN_OF_FILE else "..." + text[3 - _SHOWN_OF_FILE:]) or "''"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in text)


def candidates(name: str, known: Iterable[str]) -> str:
    """Return the known names that look like `name`, or all of them where none does, as text for a message."""
    from gdstudio.engine.language.tokens import near_matches

    names = list(known)
    return near_matches(name, names) or ", ".join(names)


def unknown(template: str, name: str, known: Iterable[str], **details: object) -> StudioError:
    """Return the error for a name that is not among `known`; `template` has the fields name and known."""
    return StudioError(template, name=shown(name), known=candidates(name, known), **details)
