"""Which encoding a text is in: a mark at its beginning says it, or its bytes fit one and not another."""

from __future__ import annotations

import codecs

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

# What a person may choose from; any other codec for text that Python has is taken too.
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1")
# What else a file may be in whose beginning is in the one, but not all of it.
INSTEAD = {"utf-8": "cp1252", "cp1252": "latin-1"}
# What Python counts among its codecs for text, but no file is written in: its own source, and the names of hosts.
_NOT_OF_FILES = frozenset({"unicode-escape", "raw-unicode-escape", "idna", "punycode"})
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(head: bytes) -> str:
    """Return the encoding that the beginning of a file speaks for.

    UTF-16 without a mark is believed where most letters are ASCII: every second byte is zero and no other is.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even == 0 and 2 * odd > len(head) // 2:
        return "utf-16-le"
    if odd == 0 and 2 * even > len(head) // 2:
        return "utf-16-be"
    for encoding in INSTEAD:
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def decoder_of(encoding: str, errors: str = "strict") -> codecs.IncrementalDecoder:
    """Return what turns bytes in `encoding` into text.

    Raises
    ------
    StudioError
        Where there is no such encoding, or it is none of text.
    """
    try:
        make = codecs.getincrementaldecoder(encoding)
        is_text = isinstance(make().decode(b""), str) and codecs.lookup(encoding).name not in _NOT_OF_FILES
    except (LookupError, TypeError, ValueError):
        is_text = False
    if not is_text:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "{name} is no encoding of text; choose one such as utf-8 or cp1252."),
            name=shown(encoding),
        )
    return make(errors)
