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
            assert (variant.equations or variant.shown_equations) in page


def test_what_a_row_was_held_against_is_said_in_both_precisions_and_for_what_it_is() -> None:
    page = reference()
    assert re.search(r"PyTorch: Held against `torch.optim.Adam` \(torch [\d.]+\): error \S+, in float32 \S+\.\n", page)
    assert re.search(r"Held against `torch.optim.LBFGS\(.*\)` \(torch [\d.]+\): error \S+ in all steps\.\n", page)
    assert re.search(r"Held against `scipy.optimize.bisect` .*: error \S+ of the minimum reached\.\n", page)


def test_a_table_has_as_many_cells_in_every_line() -> None:
    for table in re.findall(r"(?:^\|.*\|\n)+", reference(), re.MULTILINE):
        assert len({re.sub(r"\\\|", "", line).count("|") for line in table.splitlines()}) == 1
