"""Tables whose rows lie in several modules, each loaded when one of its rows is asked for.

A command that needs one optimizer of forty need not read about the others; who goes through all of a table loads
it all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """A row that knows its key."""

    @property
    def key(self) -> str:
        """The name by which it is asked for."""


Row = TypeVar("Row", bound=Keyed)


class Table(Mapping[str, Row], Generic[Row]):
    """Rows by their keys.

    Parameters
    ----------
    package : str
        Where the modules lie.
    contents : mapping of str to str
        For each module, in the order of the table, the keys of its ``ROWS`` with spaces between them.
    """

    def __init__(self, package: str, contents: Mapping[str, str]) -> None:
        self._package = package
        self._modules = {key: module for module, keys in contents.items() for key in keys.split()}
        self._rows: dict[str, Row] = {}

    def __getitem__(self, key: str) -> Row:
        """Return a row; KeyError where there is none."""
        if key not in self._rows:
            self._load(self._modules[key])
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is a row, without loading it."""
        return key in self._modules

    def __iter__(self) -> Iterator[str]:
        """Go through all keys in order, without loading any row."""
        return iter(self._modules)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._modules)

    def _load(self, module: str) -> None:
        rows: dict[str, Row] = {row.key: row for row in import_module(f"{self._package}.{module}").ROWS}
        promised = [key for key, place in self._modules.items() if place == module]
        if list(rows) != promised:
            raise LookupError(f"the rows of {module} are {' '.join(rows)}, but its table says {' '.join(promised)}")
        self._rows |= rows


class Selection(Mapping[str, Row], Generic[Row]):
    """Those rows of a table that fit, looked for at the first question."""

    def __init__(self, table: Mapping[str, Row], fits: Callable[[Row], object]) -> None:
        self._table = table
        self._fits = fits

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {key: row for key, row in self._table.items() if self._fits(row)}

    def __getitem__(self, key: str) -> Row:
        """Return a row that fits; KeyError for any other."""
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        """Go through the keys of all that fit, in the order of the table."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many fit."""
        return len(self._rows)
