"""Who listens to long work hears how far it is, and ends it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.data.progress import Cancelled, Progress, go_on, heard_by, listener
from gdstudio.experiment.data_file import file_source
from gdstudio.experiment.document import Data, Problem
from gdstudio.experiment.suited import is_ready, make_ready

if TYPE_CHECKING:
    from pathlib import Path


def _problem(path: Path) -> Problem:
    numbers = np.arange(60_000.0).reshape(-1, 3)
    path.write_text("a,b,c\n" + "\n".join(",".join(map(repr, row)) for row in numbers.tolist()), encoding="utf-8")
    return Problem(model="linear", data=Data(source=file_source(path), standardize=True, held_out=0.2))


def test_each_step_of_making_data_ready_can_be_the_last(tmp_path: Path) -> None:
    problem = _problem(tmp_path / "data.csv")
    heard: list[float] = []

    def note(share: float) -> bool:
        heard.append(share)
        return len(heard) < most

    most = 1
    while not is_ready(problem):
        heard.clear()
        try:
            with heard_by(note):
                make_ready(problem)
        except Cancelled:
            assert len(heard) == most
        most += 1
    assert most > 10
    assert heard[-1] == 1.0


def test_only_the_thread_that_works_is_heard() -> None:
    progress = Progress()
    progress.wanted = False
    elsewhere: list[object] = []
    with heard_by(progress):
        thread = threading.Thread(target=lambda: elsewhere.append(listener()))
        thread.start()
        thread.join()
        with pytest.raises(Cancelled):
            go_on()
    assert elsewhere == [None]
    go_on()
