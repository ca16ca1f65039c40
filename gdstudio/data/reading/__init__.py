"""Text files of columns: how they are written is found by looking, and what is wrong with them said with its place."""

from gdstudio.data.reading.cells import MISSING
from gdstudio.data.reading.detecting import DECIMALS, DELIMITERS, detect
from gdstudio.data.reading.encodings import ENCODINGS
from gdstudio.data.reading.files import Mend, preview, read_file
from gdstudio.data.reading.mending import FileTable, first_text, refuse_without_numbers, table_of
from gdstudio.data.reading.raw_table import CellProblem, CellProblems, Note, RawTable

__all__ = [
    "DECIMALS", "DELIMITERS", "ENCODINGS", "MISSING", "CellProblem", "CellProblems", "FileTable", "Mend",
    "Note", "RawTable", "detect", "first_text", "preview", "read_file", "refuse_without_numbers", "table_of",
]  # fmt: skip
