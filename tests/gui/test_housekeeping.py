"""The collector of the process is called when the window rests, and given back when it closes."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from gdstudio.controllers import housekeeping
from gdstudio.controllers.housekeeping import Housekeeping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.gui.conftest import Bench


class _Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def keeper(bench: Bench) -> Iterator[Housekeeping]:
    bench.settled()
    made = Housekeeping(bench.studio)
    yield made
    made.give_back()
    gc.unfreeze()


def test_nothing_is_collected_by_itself_and_everything_once_the_window_rests(
    keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not gc.isenabled()
    knot = weakref.ref(_Knot())
    for _ in range(5):
        keeper._busy()
        keeper.look()
    assert knot() is not None
    monkeypatch.setattr(housekeeping, "_REST", -1.0)
    keeper.look()
    assert knot() is None
    assert gc.get_freeze_count() > 10_000


def test_a_window_that_never_rests_is_kept_clean_too(keeper: Housekeeping, monkeypatch: pytest.MonkeyPatch) -> None:
    young, old = weakref.ref(_Knot()), _Knot()
    gc.collect(1)
    keeper._busy()
    littered: list[list[int]] = [[] for _ in range(3_000)]
    keeper.look()
    assert young() is None
    aged = weakref.ref(old)
    del old
    keeper.look()
    assert aged() is not None
    monkeypatch.setattr(housekeeping, "_LONGEST", -1.0)
    keeper.look()
    assert aged() is None
    assert len(littered) == 3_000


def test_the_collector_is_given_back_when_the_window_closes(bench: Bench) -> None:
    bench.settled()
    Housekeeping(bench.studio)
    assert not gc.isenabled()
    bench.window.close()
    assert gc.isenabled()
