"""Undo and redo, and drags that are one entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from gdstudio.experiment.greeting import greeting
from gdstudio.experiment.history import MAXIMUM_ENTRIES, History

if TYPE_CHECKING:
    from gdstudio.experiment.document import Experiment

FIRST = greeting()


def numbered(seed: int) -> Experiment:
    return replace(FIRST, seed=seed)


def test_at_first_there_is_nothing_to_undo_or_redo() -> None:
    history = History(FIRST)
    assert not history.can_undo
    assert not history.can_redo
    assert history.undo() is FIRST
    assert history.redo() is FIRST


def test_undo_and_redo_walk_along_the_entries() -> None:
    history = History(FIRST)
    history.push(numbered(1))
    history.push(numbered(2))
    assert history.undo() == numbered(1)
    assert history.undo() == FIRST
    assert not history.can_undo
    assert history.redo() == numbered(1)
    assert history.redo() == numbered(2)
    assert not history.can_redo


def test_a_new_entry_forgets_what_was_undone() -> None:
    history = History(FIRST)
    history.push(numbered(1))
    history.undo()
    history.push(numbered(2))
    assert not history.can_redo
    assert history.undo() == FIRST


def test_what_is_the_same_is_no_entry() -> None:
    history = History(FIRST)
    history.push(greeting())
    assert not history.can_undo


def test_a_drag_is_one_entry() -> None:
    history = History(FIRST)
    history.push(numbered(1))
    for seed in range(2, 50):
        history.push(numbered(seed), coalesce="seed")
    assert history.current == numbered(49)
    assert history.undo() == numbered(1)
    assert history.redo() == numbered(49)


def test_two_drags_of_one_slider_are_two_entries() -> None:
    history = History(FIRST)
    history.push(numbered(1), coalesce="seed")
    history.end_gesture()
    history.push(numbered(2), coalesce="seed")
    assert history.undo() == numbered(1)


def test_drags_of_two_sliders_are_two_entries() -> None:
    history = History(FIRST)
    history.push(numbered(1), coalesce="seed")
    history.push(numbered(2), coalesce="other")
    assert history.undo() == numbered(1)


def test_a_drag_that_begins_with_no_change_does_not_eat_the_entry_before() -> None:
    history = History(FIRST)
    history.push(numbered(1))
    history.push(numbered(1), coalesce="seed")
    history.push(numbered(2), coalesce="seed")
    assert history.undo() == numbered(1)


def test_undo_ends_a_drag() -> None:
    history = History(FIRST)
    history.push(numbered(1), coalesce="seed")
    history.undo()
    history.push(numbered(2), coalesce="seed")
    assert history.undo() == FIRST


def test_the_nearest_of_equal_entries_is_found_wherever_it_is() -> None:
    history = History(FIRST)
    for seed in (1, 2, FIRST.seed, 3, 4):
        history.push(numbered(seed))
    assert history.go_to(FIRST)
    assert history.undo() == numbered(2)
    assert not history.go_to(numbered(99))
    assert history.current == numbered(2)
    assert history.go_to(numbered(4))
    assert not history.can_redo


def test_the_length_is_bounded() -> None:
    history = History(FIRST)
    for seed in range(1, 3 * MAXIMUM_ENTRIES):
        history.push(numbered(seed))
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert steps == MAXIMUM_ENTRIES - 1
    assert history.current == numbered(2 * MAXIMUM_ENTRIES)


@given(st.lists(st.one_of(st.integers(0, 5), st.sampled_from(["undo", "redo"])), max_size=40))
def test_it_behaves_as_two_stacks(actions: list[int | str]) -> None:
    history = History(FIRST)
    behind: list[Experiment] = []
    ahead: list[Experiment] = []
    current = FIRST
    for action in actions:
        if action == "undo":
            if behind:
                ahead.append(current)
                current = behind.pop()
            assert history.undo() == current
        elif action == "redo":
            if ahead:
                behind.append(current)
                current = ahead.pop()
            assert history.redo() == current
        elif isinstance(action, int) and numbered(action) != current:
            behind.append(current)
            current, ahead = numbered(action), []
            history.push(current)
        assert (history.can_undo, history.can_redo) == (bool(behind), bool(ahead))
