"""Data that are chosen fast after one another, or that are gone when the document goes back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtTest import QSignalSpy

from gdstudio.experiment.build import start_of
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from gdstudio.experiment.sampled import is_loaded
from tests.gui.data_hands import data_of, open_data, section_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.conftest import Bench

# More than are kept in memory.
OTHERS = ("iris", "diabetes", "moons", "circles", "xor", "blobs", "spirals", "correlated")


def _over(source: Source, run: Run) -> Experiment:
    problem = Problem(model="linear", data=Data(source=source))
    return Experiment(problem=problem, start=start_of(problem), runs=(run,))


def _key(bench: Bench) -> str | None:
    return data_of(bench).source.key


def test_of_data_chosen_fast_the_last_stay(bench: Bench) -> None:
    section = open_data(bench)
    for keys in (("diabetes", "noisy_line"), ("diabetes", "iris", "noisy_line", "diabetes"), OTHERS):
        for key in keys:
            section.sourceChosen.emit(key)
        bench.settled()
        assert _key(bench) == keys[-1]


def test_a_choice_that_waits_gives_way_to_the_next(bench: Bench) -> None:
    section = open_data(bench)
    for key in OTHERS:
        section.sourceChosen.emit(key)
    bench.settled()
    bench.studio.undo()
    bench.settled()
    # the first was under way, all between it and the last were not
    assert _key(bench) == OTHERS[0]


def test_data_that_are_gone_are_said_so_once_and_what_was_shown_stays(
    open_window: Callable[..., Bench], tmp_path: Path
) -> None:
    file = tmp_path / "gone.csv"
    file.write_text("x,y\n" + "".join(f"{row},{row * row % 7}\n" for row in range(30)))
    bench = open_window(_over(Source(file=str(file)), Run(optimizer="gd")))
    first = bench.experiment
    for key in OTHERS:
        section_of(bench).sourceChosen.emit(key)
        bench.settled()
    assert not is_loaded(first.problem)
    file.unlink()
    told = QSignalSpy(bench.player.answered)
    for _ in OTHERS[1:]:
        bench.studio.undo()
        bench.settled()
    assert _key(bench) == OTHERS[0]
    before = bench.experiment
    bench.studio.undo()
    bench.until(lambda: bench.experiment == before)
    bench.settled()
    assert str(file) in bench.status
    asked = told.count()
    bench.stays_still()
    assert told.count() == asked
    bench.studio.redo()
    bench.settled()
    assert _key(bench) == OTHERS[1]


def test_a_batch_of_more_samples_than_there_are_is_refused_and_can_be_mended(open_window: Callable[..., Bench]) -> None:
    bench = open_window(_over(Source(key="noisy_line"), Run(optimizer="gd", batch=500, drop_last=True)))
    assert bench.snapshot.refusal is not None
    assert "not 500" in bench.status
    assert not bench.window.panel.stopping.epochs.isVisible()
    bench.click(bench.card().batch.kinds.button("one"))
    bench.settled()
    assert bench.snapshot.refusal is None
    assert bench.window.panel.stopping.epochs.isVisible()
