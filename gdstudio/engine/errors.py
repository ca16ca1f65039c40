"""The one kind of error that people read.

Whoever types, opens or sets something wrong gets one sentence that names what, where and what would be
right. The sentence is kept as a template with its details, so that the window can show it translated
while the command line and Python show it in English.
"""

import unicodedata

_CARET_WIDTH = 70


class StudioError(ValueError):
    """Something a person asked for cannot be done, said in one sentence.

    Parameters
    ----------
    template : str
        English sentence with ``{name}`` fields, marked for translation where it is written.
    **details : object
        What the fields stand for.
    """

    def __init__(self, template: str, **details: object) -> None:
        super().__init__(template.format(**details))
        self.template = template
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the message alone: details may not survive a process boundary."""
        return (StudioError, (str(self).replace("{", "{{").replace("}", "}}"),))


class FormulaError(StudioError):
    """A formula that cannot be read, with the place where reading stopped.

    Parameters
    ----------
    template : str
        As for `StudioError`.
    text : str
        The formula as typed.
    column : int
        Index into `text`, from 0; ``len(text)`` where something is missing at the end.
    **details : object
        What the fields of the template stand for.
    """

    def __init__(self, template: str, *, text: str, column: int, **details: object) -> None:
        super().__init__(template, **details)
        self.text = text
        self.column = column

    def caret(self) -> str:
        """Return two lines: the text, and a caret under the column.

        Long text is cut to about `_CARET_WIDTH` characters around the column; what cannot be printed in
        the width of one letter stands as a replacement character, so that the caret stays in place.
        """
        column = min(max(self.column, 0), len(self.text))
        begin = max(0, min(column - _CARET_WIDTH // 2, len(self.text) - _CARET_WIDTH))
        end = begin + _CARET_WIDTH
        before = "..." if begin else ""
        after = "..." if end < len(self.text) else ""
        shown = "".join(map(_one_column, self.text[begin:end]))
        return f"{before}{shown}{after}\n{' ' * (len(before) + column - begin)}^"


def _one_column(character: str) -> str:
    """Return a character that takes one column of a terminal and changes nothing around it."""
    is_narrow = character.isprintable() and unicodedata.east_asian_width(character) not in "WF"
    turns = unicodedata.bidirectional(character) in ("R", "AL", "AN") or unicodedata.combining(character)
    return character if is_narrow and not turns else "\N{REPLACEMENT CHARACTER}"
