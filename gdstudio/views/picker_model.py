"""What the optimizer picker shows, as plain frozen data: every text translated, every number written out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConventionEntry:
    """An optimizer in one convention.

    Parameters
    ----------
    key : str
        Of the convention.
    name : str
        Whose it is.
    defaults : str
        The symbols of its hyperparameters with their defaults.
    parity : str
        What it was held against and how close it comes; empty where it was not.
    lines : int
        How many lines of equations it has.
    runs : bool
        Whether these equations are what runs; else they are there to be read and cannot be copied.
    """

    key: str
    name: str
    defaults: str
    parity: str = ""
    lines: int = 0
    runs: bool = True

    @property
    def written(self) -> bool:
        """Whether it is equations that can be copied."""
        return self.lines > 0 and self.runs


@dataclass(frozen=True, slots=True)
class OptimizerEntry:
    """A row of the picker.

    Parameters
    ----------
    key, name : str
        Its key and what people call it.
    family : str
        Heading that it stands under.
    year : str
        Of its publication; empty for a person's own.
    credit : str
        Who published it and when, with DOI or arXiv number.
    reference : str
        The whole reference, for the tooltip.
    intuition, not_for : str
        One sentence each.
    conventions : tuple of ConventionEntry
        At least one.
    refusal : str
        Why it cannot run on the problem; empty where it can.
    counted : bool
        Whether it is an optimizer, and not the row that makes a new one.
    words : str
        What else people look for it by.
    note : str
        What is otherwise here than in the libraries; empty for most.
    """

    key: str
    name: str
    family: str
    year: str
    credit: str
    reference: str
    intuition: str
    not_for: str
    conventions: tuple[ConventionEntry, ...]
    refusal: str = ""
    counted: bool = True
    words: str = ""
    note: str = ""

    def matches(self, words: list[str]) -> bool:
        """Return whether every word, folded, is somewhere in what it is called, whose it is and where it stands."""
        said = (self.name, self.credit, self.family, self.key, self.year, self.reference, self.words)
        conventions = (f"{each.name} {each.key}" for each in self.conventions)
        text = folded(" ".join((*said, *conventions)))
        return all(word in text for word in words)


def folded(text: str) -> str:
    """Return text as it is compared with what people type: in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
