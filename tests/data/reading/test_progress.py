"""Large files: how far reading is, that it can be stopped, and what was read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.data.progress import Cancelled
from gdstudio.data.reading import read_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    numbers = np.arange(400_000.0).reshape(-1, 4)
    path.write_text("a;b;c;d\n" + "\n".join(";".join(map(repr, row)) for row in numbers.tolist()), encoding="utf-8")
    return path


def test_progress_goes_up_to_one(large: Path) -> None:
    shares: list[float] = []

    def note(share: float) -> bool:
        shares.append(share)
        return True

    table = read_file(large, progress=note)
    assert len(shares) > 5
    assert shares == sorted(shares)
    assert 0.0 < shares[0] < 0.5
    assert shares[-1] == 1.0
    np.testing.assert_array_equal(table.values, np.arange(400_000.0).reshape(-1, 4).T)
    assert table.lines.tolist() == list(range(2, 100_002))


def test_reading_stops_when_it_is_told_to(large: Path) -> None:
    asked: list[float] = []

    def stop(share: float) -> bool:
        asked.append(share)
        return len(asked) < 3

    with pytest.raises(Cancelled, match=r"^Reading .*large\.csv was cancelled\.$"):
        read_file(large, progress=stop)
    assert len(asked) == 3


def test_the_digest_is_that_of_the_bytes(large: Path) -> None:
    assert read_file(large).digest == hashlib.sha256(large.read_bytes()).hexdigest()


def test_what_was_read_cannot_be_changed(large: Path) -> None:
    table = read_file(large)
    with pytest.raises(ValueError, match="read-only"):
        table.numbers("a")[0] = 1.0
