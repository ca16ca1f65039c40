"""What landscapes are asked for: how heights are shown rests while samples are edited by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject

from gdstudio.controllers.grounds import Grounds
from gdstudio.experiment import editing_data
from gdstudio.experiment.document import Data, Experiment, Problem, Run, Source
from tests.data.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdstudio.scene.landscape import Landscape

    Shows = Callable[[Experiment | None], Landscape]

XS = [-2.0, -1.0, 0.0, 1.0, 2.0]
EXACT = Experiment(
    problem=Problem(text="(w*x + b - y)^4", data=Data(source=Source(table=table(x=XS, y=[2.0 * x + 1.0 for x in XS])))),
    start=(0.0, 0.0), runs=(Run(optimizer="gd"),),
)
# The valley of a loss that does not come near zero needs no logarithms.
MOVED = editing_data.move_sample(EXACT, 2, {"y": 40.0})


@pytest.fixture
def shown() -> Iterator[Shows]:
    """Give what shows an experiment and returns the landscape that was evaluated for it; None shows all again."""
    parent = QObject()
    grounds = Grounds(parent)
    asked: list[tuple[str, Any, Callable[[], Any]]] = []
    grounds.submit = lambda *task: asked.append(task)

    def show(experiment: Experiment | None) -> Landscape:
        if experiment is None:
            grounds.look_home()
        else:
            grounds.show(experiment, ())
        while asked:
            name, token, task = asked.pop(0)
            grounds.answered(name, token, task())
        assert grounds.landscape is not None
        return grounds.landscape

    yield show


def test_the_scale_rests_while_samples_are_edited_until_all_is_to_be_seen_again(shown: Shows) -> None:
    first = shown(EXACT)
    assert first.scale == "log"
    moved = shown(MOVED)
    assert (moved.scale, moved.extent) == ("log", first.extent)
    assert shown(None).scale == "linear"
    assert shown(EXACT).scale == "linear"


def test_a_scale_that_was_chosen_is_no_longer_kept_when_it_is_taken_back(shown: Shows) -> None:
    assert shown(replace(EXACT, scale="linear")).scale == "linear"
    assert shown(EXACT).scale == "log"
    assert shown(replace(MOVED, scale="linear")).scale == "linear"
    assert shown(MOVED).scale == "linear"
