"""Marks text for translation where Qt may not be imported.

The tables of the engine hold names and sentences that people read. The window translates them when it
shows them; the extraction tool finds them by the name of this function.
"""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return `text` unchanged; `context` groups it for translators."""
    del context
    return text
