"""Marks text for translation where Qt may not be imported, and lets a sentence agree with a number.

The tables of the engine hold names and sentences that people read. The window translates them when it
shows them; the extraction tool finds them by the name of this function.
"""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return `text` unchanged; `context` groups it for translators."""
    del context
    return text


class Count(int):
    """A number of things, which a template names in the form that agrees with it.

    ``{iterations:# iteration|# iterations}`` holds the form for one thing and that for all other numbers, with
    ``#`` where the number stands, as in ICU's messages. A translator puts the forms of another language there.
    """

    def __format__(self, specification: str) -> str:
        """Return the form that agrees, or the number as an int is written where there are no two forms."""
        one, bar, other = specification.partition("|")
        if not bar:
            return super().__format__(specification)
        return (one if self == 1 else other).replace("#", str(int(self)))
