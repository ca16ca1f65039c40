"""A run that would not fit is refused before it is begun."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from gdstudio.engine.errors import StudioError
from gdstudio.engine.recipe import Addition
from gdstudio.engine.trajectory import memory_needed
from gdstudio.experiment import memory
from gdstudio.experiment.build import own_columns
from gdstudio.experiment.document import Run

if TYPE_CHECKING:
    from pathlib import Path


def test_the_error_names_both_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: 3 * 1024**3)
    with pytest.raises(StudioError, match=r"100000000 iterations of 2 variables need 3\.7 GiB .* 3\.0 GiB"):
        memory.check_memory(10**8, 2, [0])
    memory.check_memory(10**7, 2, [0])
    with pytest.raises(StudioError, match=r"of 2 variables, times 2, need 8\.2 GiB"):
        memory.check_memory(10**8, 2, [0, 1])


def test_small_runs_ask_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_memory", lambda: pytest.fail("asked"))
    assert memory_needed(10**6, 2) < memory.UNASKED_BYTES
    memory.check_memory(10**6, 2, [0])


@pytest.mark.parametrize(
    ("run", "columns"),
    [
        (Run(), 0), (Run(hyperparameters={"warmup": 9.0}), 1), (Run(additions=(Addition("exponential"),)), 1),
        (Run(optimizer="sign_search"), 4), (Run(optimizer="trust_newton"), 3),
        (Run(hyperparameters={"amsgrad": 1.0}), 0),
    ],
)
def test_columns_that_an_optimizer_fills_itself_count(run: Run, columns: int) -> None:
    assert own_columns(run) == columns


def test_there_is_some_memory() -> None:
    assert memory.available_memory() > 1024**2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="containers are a thing of Linux")
def test_the_limit_of_a_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = (tmp_path / "limit", tmp_path / "in_use", tmp_path / "stat")
    for file, text in zip(files, ("1000000", "700000", "anon 5\ninactive_file 200000\n"), strict=True):
        file.write_text(text)
    monkeypatch.setattr(memory, "_CONTAINER_FILES", (files,))
    assert memory.available_memory() == 500_000
    files[0].write_text("max\n")
    assert memory.available_memory() > 1_000_000
