"""Writes the small files that the tests read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.data.reading import Mend, RawTable, read_file
from gdstudio.data.table_format import TableFormat

if TYPE_CHECKING:
    from pathlib import Path

FOUND = TableFormat()


def read(folder: Path, content: str | bytes, given: TableFormat = FOUND, mend: Mend = "refuse") -> RawTable:
    """Return the table in a file ``data.csv`` of this content."""
    path = folder / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, given, mend=mend)
