"""The page of optimizers and schedules: what is kept is what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

from gdstudio.command.reference import reference
from gdstudio.engine.additions import ADDITIONS
from gdstudio.engine.optimizers import OPTIMIZERS

_PAGE = Path(__file__).parents[2] / "docs" / "optimizers.md"


def test_the_page_that_is_kept_is_up_to_date() -> None:
    kept = _PAGE.read_text(encoding="utf-8")
    assert kept == reference(), "python -m gdstudio.command.reference > docs/optimizers.md"


def test_every_row_has_its_section_with_its_equations() -> None:
    page = reference()
    assert re.findall(r"^### .* \(`(\w+)`\)$", page, re.MULTILINE) == [*OPTIMIZERS, *ADDITIONS]
    for row in OPTIMIZERS.values():
        for variant in row.variants:
            assert variant.equations in page


def test_a_table_has_as_many_cells_in_every_line() -> None:
    for table in re.findall(r"(?:^\|.*\|\n)+", reference(), re.MULTILINE):
        assert len({re.sub(r"\\\|", "", line).count("|") for line in table.splitlines()}) == 1
